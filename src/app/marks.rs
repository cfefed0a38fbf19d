//! Letters that name messages and places, to come back to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::history::Spot;
use super::logspot::LogKept;
use crate::domain::log::LogKey;
use crate::domain::view::{MessageHandle, MessageRow};

/// What a letter marks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Marked {
    /// A message.
    Message(MarkedMessage),
    /// A view as it was.
    Place(Box<Spot>),
    /// A line of the log, with what was kept around it.
    Line(Box<MarkedLine>),
}

/// A marked line of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MarkedLine {
    /// Its place. Where an earlier session marked it, that of its source's first line of its time.
    pub key: LogKey,
    /// What was kept then.
    pub kept: LogKept,
    /// The beginning of its text.
    pub words: String,
}

/// A marked message. Its number within the run is not known where an earlier session marked it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MarkedMessage {
    /// Its number.
    pub handle: Option<MessageHandle>,
    /// Its ID.
    pub id: String,
    /// Its environment.
    pub env: Arc<str>,
}

impl MarkedMessage {
    /// Whether a row shows it.
    #[must_use]
    pub fn is(&self, row: &MessageRow) -> bool {
        match self.handle {
            Some(handle) => row.handle == handle,
            None => row.id == self.id && row.env == self.env,
        }
    }
}

/// The letters in use.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Marks(pub BTreeMap<char, Marked>);

impl Marks {
    /// The letter of a message.
    #[must_use]
    pub fn letter(&self, row: &MessageRow) -> Option<char> {
        let of = |marked: &Marked| matches!(marked, Marked::Message(message) if message.is(row));
        let found = self.0.iter().find(|(_, marked)| of(marked));
        found.map(|(letter, _)| *letter)
    }

    /// The letter of a line of the log.
    #[must_use]
    pub fn letter_of_line(&self, key: LogKey) -> Option<char> {
        let of = |marked: &Marked| matches!(marked, Marked::Line(line) if line.key == key);
        let found = self.0.iter().find(|(_, marked)| of(marked));
        found.map(|(letter, _)| *letter)
    }

    /// Every letter and what it marks, in words.
    pub fn list(&self) -> impl Iterator<Item = (char, &str)> {
        self.0.iter().map(|(letter, marked)| match marked {
            Marked::Message(message) => (*letter, message.id.as_str()),
            Marked::Place(spot) => (*letter, spot.place.context().title()),
            Marked::Line(line) => (*letter, line.words.as_str()),
        })
    }
}
