//! Gathers the signals of one batch while its events are read.
//!
//! Runs for every log line on every core: one pass over the text, and nothing is allocated for a line
//! that tells nothing.

use super::activity::Seen;
use super::trouble::Troubles;
use crate::domain::buckets;
use crate::domain::event::{EventRef, OriginId, TextRef};

/// What the lines of one batch tell.
#[derive(Debug)]
pub struct Gathered {
    origin: OriginId,
    base: u64,
    /// By stream of the batch.
    pub(super) streams: Vec<Seen>,
    pub(super) troubles: Troubles,
}

impl Gathered {
    /// Nothing yet of a batch with so many streams, whose places count from `base`.
    #[must_use]
    pub fn new(origin: OriginId, base: u64, streams: usize) -> Self {
        Self {
            origin,
            base,
            streams: vec![Seen::new(buckets::MOST); streams],
            troubles: Troubles::default(),
        }
    }

    /// Takes note of one event; `named` says whether it names a message.
    pub fn see(&mut self, event: &EventRef, text: &[u8], named: bool) {
        if let Some(stream) = self.streams.get_mut(event.stream as usize) {
            stream.event(event.time);
        }
        let place = TextRef {
            origin: self.origin,
            offset: self.base + u64::from(event.raw),
        };
        self.troubles.see(text, event.time, place, named);
    }
}
