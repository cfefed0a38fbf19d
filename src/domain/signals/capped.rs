//! A table that cannot grow without bound: beyond twice its size the rarest entries go, and are counted.
//!
//! As long as nothing goes, the order of arrival does not matter; beyond that, what is frequent stays
//! (as in the lossy counting of Manku and Motwani, VLDB 2002).

use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;

use foldhash::quality::RandomState;

use super::view::Dropped;

/// What an entry stands for.
pub(super) trait Weigh {
    /// How many lines.
    fn weight(&self) -> u64;
}

/// See the module.
#[derive(Debug)]
pub(super) struct Capped<K, V> {
    map: HashMap<K, V, RandomState>,
    most: usize,
    dropped: Dropped,
}

impl<K: Hash + Ord + Clone, V: Weigh> Capped<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            map: HashMap::default(),
            most,
            dropped: Dropped::default(),
        }
    }

    /// The entry of a key, if there is one.
    pub(super) fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.map.get_mut(key)
    }

    /// The entry of a key, made if there is none.
    pub(super) fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if self.map.len() >= 2 * self.most && !self.map.contains_key(&key) {
            self.prune();
        }
        self.map.entry(key).or_insert_with(make)
    }

    /// Keeps the heaviest entries; of equal ones, those that sort first.
    fn prune(&mut self) {
        let mut ranks: Vec<(Reverse<u64>, K)> = self
            .map
            .iter()
            .map(|(key, value)| (Reverse(value.weight()), key.clone()))
            .collect();
        if ranks.len() <= self.most {
            return;
        }
        let (_, first_out, out) = ranks.select_nth_unstable(self.most);
        for (Reverse(weight), key) in std::iter::once(&*first_out).chain(&*out) {
            self.dropped.entries += 1;
            self.dropped.lines += weight;
            self.map.remove(key);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.map.iter()
    }

    /// Something had no room elsewhere already.
    pub(super) const fn drop_more(&mut self, dropped: Dropped) {
        self.dropped.entries += dropped.entries;
        self.dropped.lines += dropped.lines;
    }

    pub(super) const fn dropped(&self) -> Dropped {
        self.dropped
    }
}
