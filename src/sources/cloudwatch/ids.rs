//! Which log events were seen before, by their ids: 8 bytes an event.
//!
//! Hashes stand for ids; the chance that two of a million differing ids collide is 1 in 10^7.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use foldhash::fast::RandomState as Quick;

/// Makes hashes of ids that mean the same wherever a clone of it is used.
#[derive(Clone, Debug, Default)]
pub struct Hasher(RandomState);

impl Hasher {
    /// What stands for `id`.
    #[must_use]
    pub fn of(&self, id: &str) -> u64 {
        self.0.hash_one(id)
    }
}

/// A set of hashes.
#[derive(Debug, Default)]
pub struct Ids(HashSet<u64, Quick>);

impl Ids {
    /// Adds one; `false` if it was there.
    pub fn add(&mut self, hash: u64) -> bool {
        self.0.insert(hash)
    }

    /// Whether it is there.
    #[must_use]
    pub fn has(&self, hash: u64) -> bool {
        self.0.contains(&hash)
    }

    /// Takes one out; `false` if it was not there.
    pub fn remove(&mut self, hash: u64) -> bool {
        self.0.remove(&hash)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
