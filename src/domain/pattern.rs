//! Patterns and field paths: the two ways a rule reads a log event.
//!
//! A pattern is a regular expression over the bytes of a text; a path names a JSON field from the
//! top. Both are checked when they are made, so that nothing can fail while log events stream by.

use std::fmt;
use std::sync::Arc;

use regex::bytes::{Regex, RegexBuilder};

/// A compiled pattern, with the text it was made of.
#[derive(Clone)]
pub struct Pattern {
    regex: Regex,
    text: Arc<str>,
}

/// Why a text is not a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatternError {
    /// Byte position in the pattern, where one is known.
    pub position: Option<usize>,
    /// What is wrong, in one line.
    pub message: String,
}

impl Pattern {
    /// The largest compiled size of one pattern, in bytes: a bound on what a hostile one can cost.
    const SIZE_LIMIT: usize = 8 << 20;

    /// Compiles `text`.
    ///
    /// # Errors
    /// Says where and why it is not a regular expression.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        if let Err(error) = regex_syntax::ParserBuilder::new()
            .utf8(false)
            .build()
            .parse(text)
        {
            return Err(PatternError::of_syntax(&error));
        }
        let regex = RegexBuilder::new(text)
            .size_limit(Self::SIZE_LIMIT)
            .build()
            .map_err(|error| PatternError {
                position: None,
                message: match error {
                    regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
                    other => other.to_string(),
                },
            })?;
        Ok(Self {
            regex,
            text: text.into(),
        })
    }

    /// Whether the pattern has a group of this name.
    #[must_use]
    pub fn has_group(&self, name: &str) -> bool {
        self.regex.capture_names().flatten().any(|n| n == name)
    }

    /// The names of its groups, in order.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.regex.capture_names().flatten()
    }

    /// The compiled form.
    #[must_use]
    pub const fn regex(&self) -> &Regex {
        &self.regex
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl PatternError {
    fn of_syntax(error: &regex_syntax::Error) -> Self {
        let (position, message) = match error {
            regex_syntax::Error::Parse(e) => (Some(e.span().start.offset), e.kind().to_string()),
            regex_syntax::Error::Translate(e) => {
                (Some(e.span().start.offset), e.kind().to_string())
            }
            other => (None, other.to_string()),
        };
        Self { position, message }
    }
}

/// A path to a JSON field from the top: `detail.order.id`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FieldPath(Vec<String>);

impl FieldPath {
    /// The path that `text` spells; its parts are separated by dots.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.split('.').map(str::to_owned).collect())
    }

    /// The keys from the top down; never empty.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// The last key: the name of what it finds.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}
