//! Letters that name messages and places, to come back to.

use std::collections::BTreeMap;

use super::history::Spot;
use crate::domain::view::MessageHandle;

/// What a letter marks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Marked {
    /// A message.
    Message(MessageHandle, String),
    /// A view as it was.
    Place(Box<Spot>),
}

/// The letters in use.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Marks(pub BTreeMap<char, Marked>);

impl Marks {
    /// The letter of a message.
    #[must_use]
    pub fn letter(&self, handle: MessageHandle) -> Option<char> {
        let of = |marked: &Marked| matches!(marked, Marked::Message(h, _) if *h == handle);
        let found = self.0.iter().find(|(_, marked)| of(marked));
        found.map(|(letter, _)| *letter)
    }

    /// Every letter and what it marks, in words.
    pub fn list(&self) -> impl Iterator<Item = (char, &str)> {
        self.0.iter().map(|(letter, marked)| match marked {
            Marked::Message(_, id) => (*letter, id.as_str()),
            Marked::Place(spot) => (*letter, spot.place.context().title()),
        })
    }
}
