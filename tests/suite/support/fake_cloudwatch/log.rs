//! Everything that was asked, and what became of it.

use std::collections::{BTreeMap, HashSet};

use super::call::Call;
use super::trouble::Trouble;

/// One call and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) call: Call,
    pub(crate) trouble: Option<Trouble>,
    /// Whether the answer was an answer, and not an error or part of one.
    pub(crate) answered: bool,
    /// Events, or things listed, in it.
    pub(crate) events: usize,
    /// From which place among all events of the group, or all things listed, up to which.
    pub(crate) page: (usize, usize),
    /// Whether all of it was handed to the connection.
    pub(crate) delivered: bool,
}

impl Entry {
    pub(super) fn new(call: Call) -> Self {
        Self {
            call,
            trouble: None,
            answered: false,
            events: 0,
            page: (0, 0),
            delivered: false,
        }
    }

    /// Whether it disturbed the caller, who may have to ask again.
    pub(crate) fn is_fault(&self) -> bool {
        self.trouble.as_ref().is_some_and(|t| !t.is_delay())
    }

    /// Whether a page that a caller can keep was delivered.
    pub(crate) fn is_page(&self) -> bool {
        self.answered && self.delivered
    }
}

/// The calls of one operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) calls: usize,
    /// Calls that something went wrong with.
    pub(crate) faults: usize,
    /// Pages delivered completely.
    pub(crate) pages: usize,
    /// Of those, pages that had been delivered before.
    pub(crate) again: usize,
    /// Events, or things listed, delivered.
    pub(crate) events: usize,
}

/// A summary by operation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Calls(BTreeMap<String, Tally>);

impl Calls {
    pub(crate) fn of(log: &[Entry]) -> Self {
        let mut calls = Self::default();
        let mut delivered = HashSet::new();
        for entry in log {
            let tally = calls.0.entry(entry.call.operation.clone()).or_default();
            tally.calls += 1;
            tally.faults += usize::from(entry.is_fault());
            if entry.is_page() {
                tally.pages += 1;
                tally.events += entry.events;
                let again = !delivered.insert((entry.call.question(), entry.page));
                tally.again += usize::from(again);
            }
        }
        calls
    }

    /// Those of one operation.
    pub(crate) fn operation(&self, name: &str) -> Tally {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Those of all operations.
    pub(crate) fn all(&self) -> Tally {
        self.0.values().fold(Tally::default(), |sum, tally| Tally {
            calls: sum.calls + tally.calls,
            faults: sum.faults + tally.faults,
            pages: sum.pages + tally.pages,
            again: sum.again + tally.again,
            events: sum.events + tally.events,
        })
    }
}
