//! The IDs that one log event bears, and which of them stand together. What they make of each other is
//! decided elsewhere.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;

use super::id::IdKey;

/// An ID that an event names.
#[derive(Clone, Copy)]
pub(super) struct Named {
    /// Which selector found it.
    pub(super) selector: usize,
    /// Hash and key.
    pub(super) id: (u64, IdKey),
    /// Where the event lists records, the one that it stands in.
    pub(super) record: Option<usize>,
}

/// The IDs that one event names.
pub(super) struct Ids<'a> {
    pub(super) hasher: &'a RandomState,
    /// Each ID once, or once a record.
    pub(super) found: Vec<Named>,
    /// Texts of the long IDs of the whole batch.
    pub(super) arena: Vec<u8>,
}

impl<'a> Ids<'a> {
    pub(super) const fn new(hasher: &'a RandomState) -> Self {
        Self {
            hasher,
            found: Vec::new(),
            arena: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self) {
        self.found.clear();
    }

    /// Puts what one record names together. What stands outside of them is a name of all and so of none; but
    /// if the ID that comes first does, the records are but parts of what it names.
    pub(super) fn by_record(&mut self) {
        let listed = self
            .found
            .first()
            .is_some_and(|first| first.record.is_some());
        if listed {
            self.found.retain(|one| one.record.is_some());
            self.found.sort_by_key(|one| one.record);
        } else if self.found.iter().any(|one| one.record.is_some()) {
            for index in (0..self.found.len()).rev() {
                self.found[index].record = None;
                let hash = self.found[index].id.0;
                if self.found[..index].iter().any(|one| one.id.0 == hash) {
                    self.found.remove(index);
                }
            }
        }
    }

    pub(super) fn add(
        &mut self,
        scope: u16,
        selector: usize,
        (text, record): (&[u8], Option<usize>),
    ) {
        let Some(key) = IdKey::new(text, &mut self.arena) else {
            return;
        };
        let identity = key.identity(&self.arena);
        let same = |one: &Named| {
            let known = one.id.1;
            one.record == record
                && known.kind == key.kind
                && known.identity(&self.arena) == identity
        };
        if !self.found.iter().any(same) {
            let hash = self.hasher.hash_one((scope, key.kind as u8, identity));
            self.found.push(Named {
                selector,
                id: (hash, key),
                record,
            });
        }
    }
}
