//! One chain of pages over one piece of time: what to ask next, what is new, when it is over.
//!
//! A pure state machine, so that every way a listing can go wrong is tested without a network.
//! Only a missing token ends a chain, or an event beyond a piece that was cut. What it relies on is
//! the documented order of FilterLogEvents (ascending event time); where a page breaks that order,
//! nothing is concluded from it any more: a restart begins at the beginning, a chain that breaks
//! off proves nothing, and only a missing token ends it.

use super::ids::{Hasher, Ids};
use super::keep::After;
use crate::domain::time::{Span, Timestamp};

/// A restart that brings nothing new is repeated at most so often.
const FRUITLESS: u32 = 3;
/// So many pages of nothing but repeats are tolerated, beyond those that were read before.
const STALE: u32 = 3;

/// Empty pages are normal where little matches; so many in a row are no answer any more.
const EMPTY: u32 = 100_000;

/// One chain of pages.
#[derive(Debug)]
pub struct Walk {
    window: Span,
    /// What the present chain asks for: from later where it was begun again, to a later end where
    /// the window was cut since.
    asked: Span,
    token: Option<String>,
    /// The tokens of the present chain.
    tokens: Ids,
    /// The events of this window.
    ids: Ids,
    /// Events of this window that were read in another piece and did not come again yet.
    foreign: Ids,
    hasher: Hasher,
    newest: Option<Timestamp>,
    ordered: bool,
    /// An event beyond the window was seen.
    beyond: bool,
    /// New events since the last restart.
    fresh: usize,
    fruitless: u32,
    /// Events of the present page that came for the first time, and the others.
    page_fresh: usize,
    page_repeats: usize,
    /// Pages that brought something new, and pages in a row that brought only repeats.
    good_pages: u32,
    stale_pages: u32,
    /// Pages in a row without any event.
    empty_pages: u32,
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
        Self::hashed(window, Hasher::default())
    }

    /// The same, where ids that others have seen may be added by their hashes.
    #[must_use]
    pub fn hashed(window: Span, hasher: Hasher) -> Self {
        Self {
            window,
            asked: window,
            token: None,
            tokens: Ids::default(),
            ids: Ids::default(),
            foreign: Ids::default(),
            hasher,
            newest: None,
            ordered: true,
            beyond: false,
            fresh: 0,
            fruitless: 0,
            page_fresh: 0,
            page_repeats: 0,
            good_pages: 0,
            stale_pages: 0,
            empty_pages: 0,
        }
    }

    /// Goes on where an earlier run stood.
    pub fn resume(&mut self, after: &After) {
        self.asked.from = after.from.max(self.window.from);
        self.token.clone_from(&after.token);
    }

    /// Takes note of a page that an earlier run read in this piece, in the order it was kept.
    pub fn remember(&mut self, page: &[(Timestamp, u64)]) {
        self.good_pages += 1;
        for (time, hash) in page {
            self.ids.add(*hash);
            self.moved_to(*time);
        }
    }

    /// Takes note of an event that was read in another piece which this one overlaps.
    pub fn exclude(&mut self, hash: u64) {
        self.foreign.add(hash);
    }

    /// What this piece is responsible for.
    #[must_use]
    pub const fn window(&self) -> Span {
        self.window
    }

    /// The time to ask for, both ends included.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.asked
    }

    /// The token to ask with.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// How many events are remembered.
    #[must_use]
    pub fn events(&self) -> usize {
        self.ids.len()
    }

    /// Takes note of one event of a page, in the order of the page; `false` for one that was seen
    /// before. An event without an id never was.
    pub fn admit(&mut self, id: Option<&str>, time: Timestamp) -> bool {
        if let Some(id) = id
            && !self.ids.add(self.hasher.of(id))
        {
            self.page_repeats += 1;
            return false;
        }
        self.moved_to(time);
        self.page_fresh += 1;
        true
    }

    /// Whether an event of a page is for this piece to pass on; takes note of one that is not.
    pub fn owns(&mut self, id: Option<&str>, time: Timestamp) -> bool {
        if time > self.window.to {
            self.beyond = true;
            return false;
        }
        if time < self.window.from {
            return false;
        }
        // What comes after something beyond the end comes late.
        self.ordered &= !self.beyond;
        let Some(id) = id.filter(|_| !self.foreign.is_empty()) else {
            return true;
        };
        let hash = self.hasher.of(id);
        let foreign = self.foreign.remove(hash);
        if foreign {
            self.ids.add(hash);
            self.moved_to(time);
            self.page_fresh += 1;
        }
        !foreign
    }

    /// Ends a page, after its events were admitted.
    pub fn turn(&mut self, next: Option<String>) -> Step {
        let fresh = std::mem::take(&mut self.page_fresh);
        let repeats = std::mem::take(&mut self.page_repeats);
        self.fresh += fresh;
        self.empty_pages = if fresh + repeats > 0 {
            0
        } else {
            self.empty_pages + 1
        };
        if fresh > 0 {
            self.good_pages += 1;
            self.stale_pages = 0;
        } else if repeats > 0 {
            self.stale_pages += 1;
        }
        let Some(next) = next else { return Step::Done };
        if self.is_over() {
            return Step::Done;
        }
        if self.empty_pages > EMPTY {
            return Step::Broken("page after page came empty");
        }
        if self.stale_pages > self.good_pages + STALE {
            return Step::Broken("the same page came again and again");
        }
        if self.tokens.add(self.hasher.of(&next)) {
            self.token = Some(next);
            return Step::More;
        }
        self.again("the same page token came again")
    }

    /// The token is not accepted any more.
    pub fn expired(&mut self) -> Step {
        self.again("page tokens expire before the next page is read")
    }

    /// Begins a new chain, unless that has not helped before.
    fn again(&mut self, why: &'static str) -> Step {
        self.fruitless = if self.fresh > 0 {
            0
        } else {
            self.fruitless + 1
        };
        if self.fruitless > FRUITLESS {
            return Step::Broken(why);
        }
        self.restart();
        Step::More
    }

    /// Ends the piece earlier: another has what comes after `to`.
    pub fn cut(&mut self, to: Timestamp) {
        self.window.to = self.window.to.min(to);
        self.beyond |= self.newest.is_some_and(|newest| newest > to);
    }

    /// Whether nothing is left although there is a token: what comes is beyond the window.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.beyond && self.ordered
    }

    /// What may be given to another piece: the time after the newest event, where that is certain.
    #[must_use]
    pub fn rest(&self) -> Option<Span> {
        let newest = self.newest.filter(|_| self.ordered && !self.beyond)?;
        (newest < self.window.to).then(|| Span {
            from: newest.plus(1),
            to: self.window.to,
        })
    }

    /// What has certainly been read when the chain breaks off here: everything before the newest
    /// event, because pages come in ascending order.
    #[must_use]
    pub fn certain(&self) -> Option<Span> {
        let newest = self.newest.filter(|_| self.ordered)?;
        let to = newest.plus(-1).min(self.window.to);
        (to >= self.window.from).then_some(Span {
            from: self.window.from,
            to,
        })
    }

    /// What to keep of the chain after `step`.
    #[must_use]
    pub fn after(&self, step: Step) -> After {
        After {
            from: self.asked.from,
            token: self.token.clone(),
            done: step == Step::Done,
        }
    }

    fn moved_to(&mut self, time: Timestamp) {
        if self.newest.is_some_and(|newest| time < newest) {
            self.ordered = false;
        }
        self.newest = self.newest.max(Some(time));
    }

    /// Begins a new chain at the newest event, included: more may have happened in its millisecond.
    fn restart(&mut self) {
        self.token = None;
        self.tokens = Ids::default();
        self.fresh = 0;
        self.beyond = false;
        self.asked = self.window;
        if let Some(newest) = self.newest.filter(|_| self.ordered) {
            self.asked.from = newest.clamp(self.window.from, self.window.to);
        }
    }
}
