//! Log events that a case holds twice, because a time was asked for twice: told once.
//!
//! Only sources whose pieces overlap are looked at; elsewhere no event can be there twice.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::domain::event::EventRef;

/// The events of overlapping pieces that were told.
pub struct Repeats {
    concerned: HashSet<u32>,
    hasher: RandomState,
    told: Mutex<HashSet<u64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    #[serde(borrow)]
    event_id: Cow<'a, str>,
}

impl Repeats {
    /// Among the sources of these numbers.
    #[must_use]
    pub fn new(concerned: HashSet<u32>) -> Self {
        Self {
            concerned,
            hasher: RandomState::new(),
            told: Mutex::default(),
        }
    }

    /// Whether this source may repeat itself.
    #[must_use]
    pub fn concern(&self, source: u32) -> bool {
        self.concerned.contains(&source)
    }

    /// Removes the events that were told; `line` gives the bytes from the beginning of one on.
    pub fn remove<'a>(
        &self,
        source: u32,
        events: &mut Vec<EventRef>,
        line: impl Fn(u32) -> &'a [u8],
    ) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        events.retain(|event| {
            let bytes = line(event.raw);
            let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
            match serde_json::from_slice::<Line<'_>>(&bytes[..end]) {
                // An event without an id is never a repeat.
                Ok(line) if !line.event_id.is_empty() => {
                    told.insert(self.hasher.hash_one((source, &line.event_id)))
                }
                _ => true,
            }
        });
    }
}
