//! Filters letter by letter: words, quotes, patterns, and where something is wrong with them.

use super::pattern::Pattern;
use super::terms::{Compare, Terms};
use super::time::Timestamp;

/// Reads a point in time: else what was found, and what to write instead.
pub type Times<'a> = &'a dyn Fn(&str) -> Result<Timestamp, (String, String)>;

/// Why a text is no filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TermsError {
    /// Where, in characters from 0.
    pub at: usize,
    /// What was found.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Where the term begins that is wrong.
    pub begin: usize,
    /// The terms before it.
    pub before: Terms,
}

/// The characters of a filter, and how far they have been read.
pub(super) struct Scanner {
    chars: Vec<char>,
    pub(super) at: usize,
}

/// A word as it was typed: without its quotes, and whether it had any.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) quoted: bool,
}

impl Scanner {
    pub(super) fn new(text: &str) -> Self {
        Self {
            chars: text.chars().collect(),
            at: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn take(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        self.at += usize::from(there);
        there
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    pub(super) fn error(
        &self,
        at: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> TermsError {
        TermsError {
            at: at.min(self.chars.len()),
            message: message.into(),
            help: help.into(),
            begin: 0,
            before: Terms::default(),
        }
    }

    /// The name of a field in front of a sign, if there is one here.
    pub(super) fn name(&self) -> Option<String> {
        let rest = self.chars.get(self.at..)?;
        let end = rest
            .iter()
            .position(|c| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-')))?;
        let sign = matches!(rest[end], '=' | ':' | '<' | '>')
            || (rest[end] == '!' && rest.get(end + 1) == Some(&'='));
        (end > 0 && sign).then(|| rest[..end].iter().collect())
    }

    /// Up to the next space outside of quotes.
    pub(super) fn word(&mut self) -> Result<Word, TermsError> {
        let mut word = Word {
            text: String::new(),
            quoted: false,
        };
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
            self.at += 1;
            if c != '"' {
                word.text.push(c);
                continue;
            }
            let opened = self.at;
            word.quoted = true;
            loop {
                match self.peek() {
                    Some('"') => break,
                    Some('\\') if matches!(self.chars.get(self.at + 1), Some('"' | '\\')) => {
                        self.at += 1;
                    }
                    Some(_) => {}
                    None => {
                        return Err(self.error(
                            opened - 1,
                            "this quote is not closed",
                            "end it with \"",
                        ));
                    }
                }
                word.text.extend(self.peek());
                self.at += 1;
            }
            self.at += 1;
        }
        Ok(word)
    }

    /// A pattern between slashes, the first of which is already taken.
    pub(super) fn between_slashes(&mut self) -> Result<Pattern, TermsError> {
        let start = self.at;
        let mut text = String::new();
        loop {
            match self.peek() {
                None => {
                    let help = "end it with /, or put quotes around a text that begins with one";
                    return Err(self.error(start - 1, "this pattern is not closed", help));
                }
                Some('/') => break,
                Some('\\') if self.chars.get(self.at + 1) == Some(&'/') => self.at += 1,
                Some(_) => {}
            }
            text.extend(self.peek());
            self.at += 1;
        }
        self.at += 1;
        if self.peek().is_some_and(|c| !c.is_whitespace()) {
            let help = "leave a space behind it, or put quotes around a text that begins with /";
            return Err(self.error(self.at, "something follows the closing /", help));
        }
        self.pattern(start, &text)
    }

    pub(super) fn pattern(&self, start: usize, text: &str) -> Result<Pattern, TermsError> {
        if text.is_empty() {
            return Err(self.error(start, "an empty pattern", "write for example /timed? out/"));
        }
        Pattern::new(text).map_err(|error| {
            let before = error.position.and_then(|at| text.get(..at));
            let at = start + before.map_or(0, |before| before.chars().count());
            let message = format!("not a regular expression: {}", error.message);
            self.error(at, message, "a \\ before a sign takes it as it is")
        })
    }
}

/// What stands between a name and its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Colon,
    Equal,
    Unequal,
    Number(Compare),
}

/// Takes the sign that stands here.
pub(super) fn sign(scanner: &mut Scanner) -> Sign {
    let first = scanner.peek();
    scanner.at += 1;
    match first {
        Some(':') => Sign::Colon,
        Some('!') => {
            scanner.at += 1;
            Sign::Unequal
        }
        Some('<') if scanner.take('=') => Sign::Number(Compare::AtMost),
        Some('<') => Sign::Number(Compare::Less),
        Some('>') if scanner.take('=') => Sign::Number(Compare::AtLeast),
        Some('>') => Sign::Number(Compare::More),
        _ => Sign::Equal,
    }
}
