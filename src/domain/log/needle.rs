//! What is looked for in a log: a text, a pattern, or trouble.

use std::ops::Range;

use regex::bytes::Regex;

use crate::domain::pattern::{Pattern, PatternError};
use crate::domain::signals;
use crate::domain::signals::view::Severity;

/// One thing to look for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Needle {
    /// What was typed, and what it means.
    Text(String, Pattern),
    /// An error, as the line states it.
    Error,
}

/// One condition of a filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogTerm {
    /// Lines with it are left out; else only lines with it are kept.
    pub out: bool,
    /// What is looked for.
    pub needle: Needle,
}

impl Needle {
    /// What `typed` means: `/a pattern/`, or a text of which case does not matter.
    ///
    /// # Errors
    /// When it is a pattern and not a right one.
    pub fn parse(typed: &str) -> Result<Self, PatternError> {
        let pattern = match typed.strip_prefix('/').and_then(|p| p.strip_suffix('/')) {
            Some(pattern) if !pattern.is_empty() => Pattern::new(pattern)?,
            _ => Pattern::new(&format!("(?i){}", regex::escape(typed)))?,
        };
        Ok(Self::Text(typed.to_owned(), pattern))
    }

    /// Whether a line has it.
    #[must_use]
    pub fn takes(&self, line: &[u8]) -> bool {
        match self {
            Self::Text(_, pattern) => pattern.regex().is_match(line),
            Self::Error => signals::stated(line).is_some_and(|s| s >= Severity::Error),
        }
    }

    /// Where it stands in a text.
    pub fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let regex: Option<&Regex> = match self {
            Self::Text(_, pattern) => Some(pattern.regex()),
            Self::Error => None,
        };
        let found = regex.into_iter().flat_map(|r| r.find_iter(text.as_bytes()));
        found.map(|m| m.range()).filter(|range| {
            // A pattern over bytes may end within a character.
            !range.is_empty()
                && text.is_char_boundary(range.start)
                && text.is_char_boundary(range.end)
        })
    }

    /// As it is shown.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(typed, _) => typed,
            Self::Error => "error",
        }
    }
}
