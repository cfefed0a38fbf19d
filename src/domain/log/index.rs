//! The index: blocks of every source, put in order when somebody asks.
//!
//! Adding is cheap and in any order; asking sorts what came since. It holds no text, and knows no
//! message.

use std::collections::HashMap;
use std::sync::Arc;

use super::block::{self, Block, MOST, Place};
use super::walk::{self, Lane};
use super::{LogEvent, LogKey};
use crate::domain::event::{Batch, SourceId};

/// Which sources are meant.
pub type Chosen<'a> = &'a dyn Fn(SourceId) -> bool;

/// See the module.
#[derive(Debug, Default)]
pub struct LogIndex {
    /// By source.
    lanes: Vec<Lane>,
    streams: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

/// The events of one batch, ready to be added.
#[derive(Debug)]
pub struct Packed {
    source: SourceId,
    blocks: Vec<Block>,
}

impl Packed {
    /// The events of a batch; `numbers` are those of its streams. Needs no index, so that it can be done
    /// on any thread.
    #[must_use]
    pub fn new(batch: &Batch, numbers: &[u32]) -> Self {
        let mut places: Vec<Place> = batch
            .events
            .iter()
            .map(|event| {
                let stream = numbers.get(event.stream as usize).copied();
                let offset = batch.base + u64::from(event.raw);
                (event.time.0, offset, stream.unwrap_or_default())
            })
            .collect();
        if !places.is_sorted() {
            places.sort_unstable();
        }
        let mut blocks = Vec::with_capacity(places.len() / MOST + 1);
        block::pack(batch.origin, &places, &mut blocks);
        Self {
            source: batch.source,
            blocks,
        }
    }
}

impl LogIndex {
    /// The numbers of these streams.
    pub fn streams(&mut self, names: &[Arc<str>]) -> Vec<u32> {
        let number = |name: &Arc<str>| {
            if let Some(number) = self.numbers.get(name) {
                return *number;
            }
            let number = self.streams.len() as u32;
            self.streams.push(Arc::clone(name));
            self.numbers.insert(Arc::clone(name), number);
            number
        };
        names.iter().map(number).collect()
    }

    /// The name of a stream; empty where it has none.
    #[must_use]
    pub fn stream(&self, number: u32) -> Arc<str> {
        self.streams
            .get(number as usize)
            .cloned()
            .unwrap_or_default()
    }

    /// Adds the events of a batch.
    pub fn add(&mut self, packed: Packed) {
        let index = packed.source.0 as usize;
        if self.lanes.len() <= index {
            self.lanes.resize_with(index + 1, Lane::default);
        }
        self.lanes[index].add(packed.blocks);
    }

    /// At most so many of the chosen sources' events from a cut on, in order.
    pub fn after(&mut self, cut: LogKey, chosen: Chosen<'_>, most: usize) -> Vec<LogEvent> {
        walk::forward(&self.chosen(chosen), cut, most)
    }

    /// At most so many before a cut, the nearest first.
    pub fn before(&mut self, cut: LogKey, chosen: Chosen<'_>, most: usize) -> Vec<LogEvent> {
        walk::backward(&self.chosen(chosen), cut, most)
    }

    /// How many there are before a cut.
    pub fn count_before(&mut self, cut: LogKey, chosen: Chosen<'_>) -> u64 {
        let lanes = self.chosen(chosen);
        lanes.iter().map(|(id, lane)| lane.before(*id, cut)).sum()
    }

    /// How many there are.
    pub fn count(&mut self, chosen: Chosen<'_>) -> u64 {
        self.chosen(chosen).iter().map(|(_, lane)| lane.count).sum()
    }

    /// Bytes it takes, but for what the allocator adds.
    #[must_use]
    pub fn size(&self) -> usize {
        self.lanes.iter().map(Lane::size).sum()
    }

    fn chosen(&mut self, chosen: Chosen<'_>) -> Vec<(SourceId, &Lane)> {
        let mut lanes = Vec::new();
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            let id = SourceId(number as u32);
            if lane.count > 0 && chosen(id) {
                lane.settle();
                lanes.push((id, &*lane));
            }
        }
        lanes
    }
}
