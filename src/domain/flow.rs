//! How many messages went which way, in one span of time: what the chart of an edge is made of.
//!
//! A message counts at the time at which it reached the stage that the edge leaves, also where it was
//! lost, so that what entered in a span and what became of it can be compared. That time is the message's
//! oldest sighting plus the time that each step took, known within 3.2 %. A step that seems to go back in
//! time (clocks differ) counts as none, and so does one that was not measured: the stage before was
//! not seen.

use super::buckets::Cell;

/// Messages that reached one stage in one span of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Flow {
    /// All of them.
    pub entered: u64,
    /// Those that passed the edge.
    pub passed: u64,
    /// Those that were lost on it.
    pub lost: u64,
    /// Those that are blind.
    pub blind: u64,
}

impl Cell for Flow {
    fn absorb(&mut self, other: &Self) {
        self.entered += other.entered;
        self.passed += other.passed;
        self.lost += other.lost;
        self.blind += other.blind;
    }
}
