//! One chain of pages over one piece of time: what to ask next, what is new, when it is over.
//!
//! A pure state machine, so that every way a listing can go wrong is tested without a network.
//! Only a missing token ends a chain. What it relies on is the documented order of
//! FilterLogEvents (ascending event time); where a page breaks that order, nothing is concluded
//! from it any more: a restart begins at the beginning, and a chain that breaks off proves nothing.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::keep::After;
use crate::domain::time::{Span, Timestamp};

/// A restart that brings nothing new is repeated at most so often.
const FRUITLESS: u32 = 3;
/// So many pages of nothing but repeats are tolerated, beyond those that were read before.
const STALE: u32 = 3;

/// One chain of pages.
#[derive(Debug)]
pub struct Walk {
    window: Span,
    /// Where the present chain began.
    from: Timestamp,
    token: Option<String>,
    /// Hashes of the tokens of the present chain.
    tokens: HashSet<u64>,
    /// Hashes of the event ids of this window: 8 bytes an event; a chance of 1 in 10^7 that two of
    /// a million differing ids collide.
    ids: HashSet<u64>,
    hasher: RandomState,
    newest: Option<Timestamp>,
    ordered: bool,
    /// New events since the last restart.
    fresh: usize,
    fruitless: u32,
    repeated_before: bool,
    /// New and repeated events of the present page.
    page_fresh: usize,
    page_repeats: usize,
    /// Pages that brought something new, and pages in a row that brought only repeats.
    good_pages: u32,
    stale_pages: u32,
}

/// What follows a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Ask again.
    More,
    /// Everything was read.
    Done,
    /// It cannot be read to its end; says why.
    Broken(&'static str),
}

impl Walk {
    /// A chain over `window`.
    #[must_use]
    pub fn new(window: Span) -> Self {
        Self {
            window,
            from: window.from,
            token: None,
            tokens: HashSet::new(),
            ids: HashSet::new(),
            hasher: RandomState::new(),
            newest: None,
            ordered: true,
            fresh: 0,
            fruitless: 0,
            repeated_before: false,
            page_fresh: 0,
            page_repeats: 0,
            good_pages: 0,
            stale_pages: 0,
        }
    }

    /// The time to ask for, both ends included.
    #[must_use]
    pub fn span(&self) -> Span {
        Span {
            from: self.from,
            to: self.window.to,
        }
    }

    /// The token to ask with.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Takes note of one event of a page, in the order of the page; `false` for a repeat.
    /// An event without an id is never a repeat.
    pub fn admit(&mut self, id: Option<&str>, time: Timestamp) -> bool {
        if let Some(id) = id
            && !self.ids.insert(self.hasher.hash_one(id))
        {
            self.page_repeats += 1;
            return false;
        }
        if self.newest.is_some_and(|newest| time < newest) {
            self.ordered = false;
        }
        self.newest = self.newest.max(Some(time));
        self.page_fresh += 1;
        true
    }

    /// Ends a page, after its events were admitted.
    pub fn turn(&mut self, next: Option<String>) -> Step {
        let fresh = std::mem::take(&mut self.page_fresh);
        let repeats = std::mem::take(&mut self.page_repeats);
        self.fresh += fresh;
        if fresh > 0 {
            self.good_pages += 1;
            self.stale_pages = 0;
        } else if repeats > 0 {
            self.stale_pages += 1;
        }
        let Some(next) = next else { return Step::Done };
        if self.stale_pages > self.good_pages + STALE {
            return Step::Broken("the same page came again and again");
        }
        if self.tokens.insert(self.hasher.hash_one(&next)) {
            self.token = Some(next);
            return Step::More;
        }
        if std::mem::replace(&mut self.repeated_before, true) {
            return Step::Broken("the same page token came again");
        }
        self.restart();
        Step::More
    }

    /// The token is not accepted any more.
    pub fn expired(&mut self) -> Step {
        self.fruitless = if self.fresh > 0 {
            0
        } else {
            self.fruitless + 1
        };
        if self.fruitless > FRUITLESS {
            return Step::Broken("page tokens expire before the next page is read");
        }
        self.restart();
        Step::More
    }

    /// What has certainly been read when the chain breaks off here: everything before the newest
    /// event, because pages come in ascending order.
    #[must_use]
    pub fn certain(&self) -> Option<Span> {
        let newest = self.newest.filter(|_| self.ordered)?;
        (newest > self.window.from).then(|| Span {
            from: self.window.from,
            to: newest.plus(-1),
        })
    }

    /// What to keep of the chain after `step`.
    #[must_use]
    pub fn after(&self, step: Step) -> After {
        After {
            from: self.from,
            token: self.token.clone(),
            done: step == Step::Done,
        }
    }

    /// Begins a new chain at the newest event, included: more may have happened in its millisecond.
    fn restart(&mut self) {
        self.token = None;
        self.tokens.clear();
        self.fresh = 0;
        self.from = match self.newest {
            Some(newest) if self.ordered => newest.max(self.window.from),
            _ => self.window.from,
        };
    }
}
