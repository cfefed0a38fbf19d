//! Which log events were passed on already: polls overlap, and nothing may be counted twice.
//!
//! Identities are held by minute, of the span that is asked for again and again and of some time
//! before, so that memory stays flat however long the following goes on.

use std::collections::BTreeMap;

use super::ids::Ids;
use crate::domain::time::Timestamp;

const MINUTE_MS: i64 = 60_000;
/// Beyond the span that is needed, no more identities than this are held: some 2 MB.
const MOST: usize = 100_000;

/// The events of some span that were passed on, by the hashes of their ids.
#[derive(Debug)]
pub struct Seen {
    /// Everything passed on from this time on is held.
    since: Timestamp,
    minutes: BTreeMap<i64, Ids>,
}

impl Seen {
    /// Will be told of everything that is passed on from `since` on.
    #[must_use]
    pub const fn from(since: Timestamp) -> Self {
        Self {
            since,
            minutes: BTreeMap::new(),
        }
    }

    /// What was passed on from this time on is known.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// Whether it was passed on.
    #[must_use]
    pub fn has(&self, time: Timestamp, hash: u64) -> bool {
        let minute = self.minutes.get(&minute(time));
        minute.is_some_and(|ids| ids.has(hash))
    }

    /// It was passed on.
    pub fn add(&mut self, time: Timestamp, hash: u64) {
        if time >= self.since {
            self.minutes.entry(minute(time)).or_default().add(hash);
        }
    }

    /// Forgets what is older than `oldest`, and what goes beyond the bound of memory; but nothing of
    /// `needed` or later.
    pub fn shrink(&mut self, oldest: Timestamp, needed: Timestamp) {
        let mut held = self.len();
        while let Some((first, ids)) = self.minutes.first_key_value() {
            let end = Timestamp((first + 1) * MINUTE_MS);
            if end > needed || (end > oldest && held <= MOST) {
                break;
            }
            held -= ids.len();
            self.since = self.since.max(end);
            self.minutes.pop_first();
        }
        self.since = self.since.max(oldest.min(needed));
    }

    /// How many identities are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.minutes.values().map(Ids::len).sum()
    }

    /// Whether none is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.minutes.is_empty()
    }
}

const fn minute(time: Timestamp) -> i64 {
    time.0.div_euclid(MINUTE_MS)
}
