//! A look under way: the sample so far, and what its sources are called.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::diagnose::discover::sampler::Sampler;
use crate::domain::event::{Batch, EventRef, Source};
use crate::domain::feed::Fault;

/// See the module.
pub(super) struct Looker {
    pub(super) sampler: Sampler,
    /// About so many log events are looked at closely.
    pub(super) most: usize,
    /// By name of the source.
    pub(super) places: HashMap<Arc<str>, u32>,
    /// Log events that have passed.
    pub(super) passed: u64,
    pub(super) faults: Vec<Fault>,
}

impl Looker {
    pub(super) fn new(most: usize) -> Self {
        Self {
            sampler: Sampler::new(most),
            most,
            places: HashMap::new(),
            passed: 0,
            faults: Vec::new(),
        }
    }

    pub(super) fn source(&mut self, source: &Arc<Source>) {
        let number = self.sampler.source(Arc::clone(source));
        self.places.insert(Arc::clone(&source.name), number);
    }

    pub(super) fn batch(&mut self, source: &Source, batch: &Batch) {
        let number = self.places.get(&source.name).copied().unwrap_or(0);
        for (stream, event) in events(number, batch) {
            let text = batch.text_of(event);
            self.sampler.event(number, stream, event.time, text);
        }
        self.passed += batch.events.len() as u64;
    }
}

/// The events of a batch, each with a number for its stream.
pub(super) fn events(source: u32, batch: &Batch) -> impl Iterator<Item = (u32, &EventRef)> {
    let hasher = FixedState::default();
    let streams = batch.streams.iter();
    let streams: Vec<u32> = streams
        .map(|stream| hasher.hash_one((source, stream)) as u32)
        .collect();
    batch.events.iter().map(move |event| {
        let stream = streams.get(event.stream as usize).copied();
        (stream.unwrap_or(source), event)
    })
}
