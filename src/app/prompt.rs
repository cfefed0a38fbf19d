//! One line of text being typed. The cursor stays at its end: filters are short.

use super::logspot::LogSpot;
use crate::domain::log::needle::Needle;
use crate::domain::safe::is_safe;

/// What was typed so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Prompt {
    text: String,
}

impl Prompt {
    /// Longer than any ID, and enough for a note; a pasted novel is cut here.
    pub const MAX: usize = 1000;

    /// Begins with a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.into() }
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes what can be shown and drops the rest (a pasted line end, an escape sequence).
    pub fn push(&mut self, text: &str) {
        let room = Self::MAX.saturating_sub(self.text.chars().count());
        self.text
            .extend(text.chars().filter(|c| is_safe(*c)).take(room));
    }

    /// Deletes the last character.
    pub fn delete_back(&mut self) {
        self.text.pop();
    }

    /// Deletes the last word and the space behind it.
    pub fn delete_word(&mut self) {
        let kept = self.text.trim_end();
        let start = kept.rfind(char::is_whitespace);
        let end = start.map_or(0, |at| {
            at + kept[at..].chars().next().map_or(0, char::len_utf8)
        });
        self.text.truncate(end);
    }

    /// Deletes everything.
    pub fn clear(&mut self) {
        self.text.clear();
    }
}

/// A text being typed for the log: what it does shows while it is typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogTyping {
    /// What was typed so far.
    pub prompt: Prompt,
    /// What for.
    pub what: LogPrompt,
    /// Where the log stood before.
    pub before: LogSpot,
    /// What was searched for before.
    pub sought: Option<Needle>,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// What a text is typed for in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogPrompt {
    /// To search for it.
    Search,
    /// To keep the lines with it.
    Keep,
    /// To leave out the lines with it.
    Drop,
}

impl LogPrompt {
    /// The sign in front of what is typed.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Search => "/",
            Self::Keep => "&",
            Self::Drop => "!",
        }
    }
}
