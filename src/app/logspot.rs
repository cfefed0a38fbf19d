//! Which lines the log keeps, and where it stood, as plain data.

use crate::domain::log::LogKey;
use crate::domain::log::needle::LogTerm;
use crate::domain::log::view::LogScope;

/// Which lines are kept.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LogKept {
    /// Whose.
    pub scope: LogScope,
    /// Those for which all of this holds.
    pub filter: Vec<LogTerm>,
    /// And so many around each of them.
    pub context: usize,
}

/// Where the log stood.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LogSpot {
    /// What it kept.
    pub kept: LogKept,
    /// The selected line.
    pub at: Option<LogKey>,
    /// The row of the screen where it stood.
    pub row: usize,
    /// The end was followed.
    pub follow: bool,
}
