//! Gathers the signals of one batch while its events are read.
//!
//! Runs for every log line on every core: one pass over the text, and nothing is allocated for a line
//! that tells nothing.

use super::activity::Seen;
use crate::domain::buckets;
use crate::domain::event::{Batch, EventRef};

/// What the lines of one batch tell.
#[derive(Debug, Default)]
pub struct Gathered {
    /// By stream of the batch.
    pub(super) streams: Vec<Seen>,
}

impl Gathered {
    /// Nothing yet of a batch.
    #[must_use]
    pub fn new(batch: &Batch) -> Self {
        Self {
            streams: vec![Seen::new(buckets::MOST); batch.streams.len()],
        }
    }

    /// Takes note of one event; `named` says whether it names a message.
    pub fn see(&mut self, event: &EventRef, _text: &[u8], _named: bool) {
        if let Some(stream) = self.streams.get_mut(event.stream as usize) {
            stream.event(event.time);
        }
    }
}
