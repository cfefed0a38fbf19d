//! Combinations of stream and attribute values, each kept once.
//!
//! Most log events of a host or stream share theirs, so a sighting needs only a number. A batch has a
//! table of its own, merged into the ledger's when the batch is applied.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::event::SourceId;
use super::rows::MAX_SETS;

/// So many numbers are set apart for combinations that are kept without their attributes.
const BARE: u32 = 1 << 16;
/// Longer values are cut, in bytes.
const MAX_VALUE: usize = 120;

/// Combinations met in one batch.
#[derive(Clone, Debug, Default)]
pub struct SetTable {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    index: HashTable<u32>,
    open: Entry,
    /// The combination given last.
    last: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    stream: u32,
    start: u32,
    end: u32,
    hash: u64,
}

impl SetTable {
    /// Begins a combination.
    pub fn begin(&mut self, stream: u32) {
        let start = self.bytes.len() as u32;
        self.open = Entry {
            stream,
            start,
            end: start,
            hash: 0,
        };
    }

    /// Adds the value of an attribute to it, in the order of the attributes.
    pub fn add(&mut self, attribute: usize, value: &[u8]) {
        let value = &value[..value.len().min(MAX_VALUE)];
        self.bytes.push(attribute as u8);
        self.bytes.push(value.len() as u8);
        self.bytes.extend_from_slice(value);
    }

    /// Ends it, and gives its number.
    pub fn finish(&mut self, hasher: &RandomState) -> u32 {
        let mut entry = self.open;
        entry.end = self.bytes.len() as u32;
        let (bytes, entries) = (&self.bytes, &self.entries);
        let content = |e: &Entry| &bytes[e.start as usize..e.end as usize];
        // Neighbours often come from the same place: no need to look further.
        let last = entries.get(self.last as usize);
        if last.is_some_and(|e| e.stream == entry.stream && content(e) == content(&entry)) {
            self.bytes.truncate(entry.start as usize);
            return self.last;
        }
        entry.hash = hasher.hash_one((entry.stream, content(&entry)));
        let same = |index: &u32| {
            let other = &entries[*index as usize];
            other.stream == entry.stream && content(other) == content(&entry)
        };
        if let Some(found) = self.index.find(entry.hash, same) {
            self.last = *found;
            self.bytes.truncate(entry.start as usize);
            return self.last;
        }
        let number = entries.len() as u32;
        self.last = number;
        self.entries.push(entry);
        let entries = &self.entries;
        self.index
            .insert_unique(entry.hash, number, |i| entries[*i as usize].hash);
        number
    }

    /// Every combination by number: its stream, and its values as attribute and bytes.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Values<'_>)> {
        self.entries.iter().map(|entry| {
            let values = Values(&self.bytes[entry.start as usize..entry.end as usize]);
            (entry.stream, values)
        })
    }
}

/// The values of one combination.
#[derive(Clone, Debug)]
pub struct Values<'a>(pub &'a [u8]);

impl<'a> Iterator for Values<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.0.split_at_checked(2)?;
        let (value, rest) = rest.split_at_checked(usize::from(head[1]))?;
        self.0 = rest;
        Some((usize::from(head[0]), value))
    }
}

/// Every combination of source, stream and attributes of a run.
#[derive(Clone, Debug)]
pub struct Sets {
    bytes: Vec<u8>,
    entries: Vec<GlobalEntry>,
    index: HashTable<u32>,
    streams: Vec<Arc<str>>,
    stream_index: HashTable<u32>,
    /// So many combinations have a number of their own.
    room: u32,
}

impl Default for Sets {
    fn default() -> Self {
        Self::new(MAX_SETS - BARE)
    }
}

#[derive(Clone, Copy, Debug)]
struct GlobalEntry {
    source: SourceId,
    stream: u32,
    start: u64,
    len: u32,
    hash: u64,
}

impl Sets {
    /// No combination yet, and room for so many; later ones are kept without their attributes.
    #[must_use]
    pub fn new(room: u32) -> Self {
        Self {
            bytes: Vec::new(),
            entries: Vec::new(),
            index: HashTable::new(),
            streams: Vec::new(),
            stream_index: HashTable::new(),
            room: room.min(MAX_SETS - BARE),
        }
    }

    /// The number of every combination of `table`, whose streams are `streams`, and whether it had to
    /// be kept without its attributes.
    pub fn merge(
        &mut self,
        source: SourceId,
        table: &SetTable,
        streams: &[Arc<str>],
        hasher: &RandomState,
    ) -> Vec<(u32, bool)> {
        let streams: Vec<u32> = streams.iter().map(|s| self.stream(s, hasher)).collect();
        table
            .iter()
            .map(|(stream, values)| {
                let stream = streams.get(stream as usize).copied().unwrap_or_default();
                match self.set(source, stream, values.0, hasher) {
                    Some(number) => (number, false),
                    // No number is left at all: the last one stands for whatever else comes.
                    None => (
                        self.set(source, stream, &[], hasher)
                            .unwrap_or(MAX_SETS - 1),
                        true,
                    ),
                }
            })
            .collect()
    }

    /// The number of a combination. Without attributes, it gets one while there is any.
    fn set(
        &mut self,
        source: SourceId,
        stream: u32,
        values: &[u8],
        hasher: &RandomState,
    ) -> Option<u32> {
        let hash = hasher.hash_one((source, stream, values));
        let (bytes, entries) = (&self.bytes, &self.entries);
        let same = |index: &u32| {
            let e = &entries[*index as usize];
            e.source == source && e.stream == stream && content(bytes, e) == values
        };
        if let Some(found) = self.index.find(hash, same) {
            return Some(*found);
        }
        let number = self.entries.len() as u32;
        let room = if values.is_empty() {
            MAX_SETS
        } else {
            self.room
        };
        if number >= room {
            return None;
        }
        let start = self.bytes.len() as u64;
        self.bytes.extend_from_slice(values);
        self.entries.push(GlobalEntry {
            source,
            stream,
            start,
            len: values.len() as u32,
            hash,
        });
        let entries = &self.entries;
        self.index
            .insert_unique(hash, number, |i| entries[*i as usize].hash);
        Some(number)
    }

    fn stream(&mut self, name: &Arc<str>, hasher: &RandomState) -> u32 {
        let hash = hasher.hash_one(name);
        let streams = &self.streams;
        if let Some(found) = self
            .stream_index
            .find(hash, |i| streams[*i as usize] == *name)
        {
            return *found;
        }
        let number = self.streams.len() as u32;
        self.streams.push(Arc::clone(name));
        let streams = &self.streams;
        self.stream_index
            .insert_unique(hash, number, |i| hasher.hash_one(&streams[*i as usize]));
        number
    }

    /// How many combinations there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Which source a combination belongs to.
    #[must_use]
    pub fn source(&self, set: u32) -> SourceId {
        self.entries[set as usize].source
    }

    /// Number of the stream of a combination: equal within one source means the same clock.
    #[must_use]
    pub fn stream_number(&self, set: u32) -> u32 {
        self.entries[set as usize].stream
    }

    /// Name of the stream of a combination.
    #[must_use]
    pub fn stream_name(&self, set: u32) -> &Arc<str> {
        &self.streams[self.entries[set as usize].stream as usize]
    }

    /// The attribute values of a combination.
    #[must_use]
    pub fn values(&self, set: u32) -> Values<'_> {
        Values(content(&self.bytes, &self.entries[set as usize]))
    }
}

fn content<'a>(bytes: &'a [u8], entry: &GlobalEntry) -> &'a [u8] {
    &bytes[entry.start as usize..entry.start as usize + entry.len as usize]
}
