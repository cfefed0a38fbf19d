//! Looking for something in a list of messages: what, and what was found.

use super::terms::Terms;
use super::time::Timestamp;

/// What is looked for in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seek {
    /// A message for which this holds.
    Match {
        /// What must hold.
        terms: Terms,
        /// Behind or before which row.
        from: usize,
        /// Which way, and how many matches on.
        step: Step,
    },
    /// The first message at or after this time: by its oldest sighting where the list is sorted by that,
    /// else by its newest.
    Time(Timestamp),
}

/// Which of the matches is meant, seen from a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// No row: they are counted anew, and the row is the number it is, if it is one of them.
    Stay,
    /// That row itself, or the next one, round the end.
    Here,
    /// So many matches on.
    Forward(usize, Round),
    /// So many matches back.
    Backward(usize, Round),
}

/// What happens at the end of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Round {
    /// It goes on at the other end.
    Yes,
    /// It stops at the last match.
    No,
}

/// What was found of a [`Seek`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sought {
    /// The row, if there is one.
    pub row: Option<usize>,
    /// How many rows there are that match.
    pub matches: usize,
    /// Which of them this is, from 1.
    pub number: usize,
}
