//! What is wrong with a configuration, in the words of the person who has to repair it.
//!
//! Only the shape and the wording shared by every check. All that is wrong is collected and told
//! together, so that a file is repaired in one go.

use std::fmt;

use crate::domain::nearest::nearest;

/// A position in a configuration file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError {
    /// Where in the file; `None` for a flag.
    pub place: Option<Place>,
    /// The key (`pipeline.orders.stage[2].exit`, lists counted from 1) or the flag. May be empty.
    pub key: String,
    /// What was found and why it cannot be.
    pub message: String,
    /// Lines that show the spot: a pattern and a caret below it.
    pub snippet: Vec<String>,
    /// What to write instead.
    pub help: Option<String>,
}

impl ConfigError {
    /// Something wrong with a flag or an argument.
    #[must_use]
    pub fn of_flag(flag: &str, message: impl Into<String>) -> Self {
        Self {
            place: None,
            key: flag.to_owned(),
            message: message.into(),
            snippet: Vec::new(),
            help: None,
        }
    }

    /// The same, with what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}:{}:{}: ", place.file, place.line, place.column)?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// Everything that is wrong, in the order of the file; never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigErrors {
    /// The first of them.
    pub errors: Vec<ConfigError>,
    /// How many more there are.
    pub more: usize,
}

impl ConfigErrors {
    /// So many are told at once.
    pub const SHOWN: usize = 20;

    /// Sorts them by position (flags first) and keeps the first.
    #[must_use]
    pub fn new(mut errors: Vec<ConfigError>) -> Self {
        errors.sort_by_key(|error| error.place.as_ref().map(|p| (p.line, p.column)));
        let more = errors.len().saturating_sub(Self::SHOWN);
        errors.truncate(Self::SHOWN);
        Self { errors, more }
    }
}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self::new(vec![error])
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "error: {error}")?;
            for line in &error.snippet {
                write!(f, "\n  {line}")?;
            }
            if let Some(help) = &error.help {
                write!(f, "\nhelp: {help}")?;
            }
        }
        if self.more > 0 {
            write!(f, "\nerror: and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// `did you mean X?`, else what is allowed.
#[must_use]
pub fn suggest(word: &str, allowed: &[&str]) -> String {
    match nearest(word, allowed.iter().copied()) {
        Some(name) => format!("did you mean `{name}`? allowed: {}", allowed.join(", ")),
        None if allowed.is_empty() => "there is none".to_owned(),
        None => format!("allowed: {}", allowed.join(", ")),
    }
}
