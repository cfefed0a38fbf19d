//! The signals of a whole run: what the batches gathered, in bounded tables.
//!
//! Within the bounds the order of the batches does not matter.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::activity::{OF_STREAM, Seen};
use super::capped::Capped;
use super::gather::Gathered;
use super::view::{Activity, LeftOut, Signals};
use crate::domain::buckets;
use crate::domain::event::SourceId;

/// So many streams are kept for certain.
const STREAMS: usize = 4_096;

/// See the module.
#[derive(Debug)]
pub struct Book {
    sources: BTreeMap<SourceId, Seen>,
    streams: Capped<(SourceId, Arc<str>), Seen>,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            sources: BTreeMap::new(),
            streams: Capped::new(STREAMS),
        }
    }
}

impl Book {
    /// Adds what a batch told; `names` are its streams.
    pub fn add(&mut self, source: SourceId, gathered: &Gathered, names: &[Arc<str>]) {
        let whole = self
            .sources
            .entry(source)
            .or_insert_with(|| Seen::new(buckets::MOST));
        for (seen, name) in gathered.streams.iter().zip(names) {
            whole.merge(seen);
            if !name.is_empty() && seen.events > 0 {
                let key = (source, Arc::clone(name));
                let stream = self.streams.entry(key, || Seen::new(OF_STREAM));
                stream.merge(seen);
            }
        }
    }

    /// As it is shown.
    #[must_use]
    pub fn view(&self) -> Signals {
        let sources = self.sources.iter();
        let mut streams: Vec<Activity> = self
            .streams
            .iter()
            .filter_map(|((source, name), seen)| seen.view(*source, Some(Arc::clone(name))))
            .collect();
        streams.sort_unstable_by(|a, b| (a.source, &a.stream).cmp(&(b.source, &b.stream)));
        Signals {
            sources: sources
                .filter_map(|(id, seen)| seen.view(*id, None))
                .collect(),
            streams,
            left_out: LeftOut {
                streams: self.streams.dropped(),
                ..LeftOut::default()
            },
            ..Signals::default()
        }
    }
}
