//! Each thing once, under a number: asking for one that is known copies nothing.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// See the module.
#[derive(Debug)]
pub(super) struct Interned<T> {
    /// Numbers, each with its hash: growing asks for no names.
    known: HashTable<(u64, u32)>,
    hasher: FixedState,
    pub(super) all: Vec<T>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            known: HashTable::new(),
            hasher: FixedState::default(),
            all: Vec::new(),
        }
    }
}

/// What a thing can be asked for by, without having one.
pub(super) trait Named {
    /// The same for equal things.
    type Name<'a>: Hash + Copy
    where
        Self: 'a;

    /// Its name.
    fn name(&self) -> Self::Name<'_>;

    /// Whether this is its name.
    fn is(&self, name: Self::Name<'_>) -> bool;

    /// The thing of a name.
    fn of(name: Self::Name<'_>) -> Self;
}

impl<T: Named> Interned<T> {
    /// The number of the thing with this name.
    pub(super) fn intern(&mut self, name: T::Name<'_>) -> u32 {
        let hash = self.hasher.hash_one(name);
        let all = &self.all;
        let is = |(known, at): &(u64, u32)| *known == hash && all[*at as usize].is(name);
        if let Some((_, known)) = self.known.find(hash, is) {
            return *known;
        }
        let next = self.all.len() as u32;
        self.all.push(T::of(name));
        self.known
            .insert_unique(hash, (hash, next), |(hash, _)| *hash);
        next
    }

    pub(super) fn of(&self, index: u32) -> &T {
        &self.all[index as usize]
    }
}

impl Named for String {
    type Name<'a> = &'a str;

    fn name(&self) -> &str {
        self
    }

    fn is(&self, name: &str) -> bool {
        self == name
    }

    fn of(name: &str) -> Self {
        name.to_owned()
    }
}
