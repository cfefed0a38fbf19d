//! Questions about the log and their answers, as plain data.

use std::sync::Arc;

use super::LogKey;
use super::needle::{LogTerm, Needle};
use crate::domain::event::SourceId;
use crate::domain::signals::view::Severity;
use crate::domain::view::MessageHandle;

/// Whose lines are meant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum LogScope {
    /// Everybody's.
    #[default]
    All,
    /// Those of one environment.
    Env(Arc<str>),
    /// Those of one source.
    Source(SourceId),
}

/// Which lines are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogQuery {
    /// From here, both ways.
    pub cut: LogKey,
    /// So many before it.
    pub before: usize,
    /// So many behind it.
    pub after: usize,
    /// Whose.
    pub scope: LogScope,
    /// Only lines for which all of this holds.
    pub filter: Arc<[LogTerm]>,
    /// And so many before and behind each of them.
    pub context: usize,
    /// Of all these only lines with this.
    pub find: Option<Needle>,
    /// Only their places are wanted, however many there are.
    pub places: bool,
}

/// One line of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogRow {
    /// Its place in the order.
    pub key: LogKey,
    /// The log stream; may be empty.
    pub stream: Arc<str>,
    /// The beginning of its text, or why it cannot be read again.
    pub text: Result<Vec<u8>, String>,
    /// How many bytes of it are left out here.
    pub more: usize,
    /// The level it states, from a warning on.
    pub severity: Option<Severity>,
    /// It is here for its neighbour's sake.
    pub context: bool,
    /// A message that it names.
    pub names: Option<MessageHandle>,
}

/// A part of the answer to a [`LogQuery`]: as much as could be looked at in a moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LogPage {
    /// The lines before and behind the cut, in order.
    pub rows: Vec<LogRow>,
    /// How many of them stand before it.
    pub before: usize,
    /// Where to go on towards the beginning; `None` where it is reached.
    pub up: Option<LogKey>,
    /// Where to go on towards the end; `None` where it is reached.
    pub down: Option<LogKey>,
    /// How many log events stand before the first of `rows` (before the cut, if there are none), whatever
    /// the filter says.
    pub position: u64,
    /// How many there are, whatever the filter says.
    pub total: u64,
    /// How many lines were left out because the filter cannot judge them: they cannot be read again.
    pub unread: u64,
    /// How many lines were looked at for this part.
    pub looked: u64,
    /// The places of the lines, where only those are wanted.
    pub places: Vec<LogKey>,
}
