//! Whether the events of one input came in the order of their times, so that the newest of them
//! says how far it was read.
//!
//! Chunks are decoded side by side and told of in any order. It knows nothing of their text.

use std::collections::BTreeMap;

use crate::domain::time::{Span, Timestamp};

/// The times of the chunks of one input.
#[derive(Default)]
pub struct Order {
    /// Every chunk up to this number has been looked at.
    seen: u64,
    newest: Option<Timestamp>,
    unordered: bool,
    /// Chunks, by number, that came before one with a lower number.
    waiting: BTreeMap<u64, Option<Span>>,
}

impl Order {
    /// Takes note of a chunk: its number, counted from 1, and its times, in order within it or not.
    pub fn add(&mut self, number: u64, span: Option<Span>, ordered: bool) {
        self.unordered |= !ordered;
        self.waiting.insert(number, span);
        while let Some(span) = self.waiting.remove(&(self.seen + 1)) {
            self.seen += 1;
            if let Some(span) = span {
                self.unordered |= self.newest.is_some_and(|newest| span.from < newest);
                self.newest = self.newest.max(Some(span.to));
            }
        }
    }

    /// Up to when nothing is missing from an input that broke off behind these chunks: before the
    /// newest time, which others may share. `None` if the order of the events does not tell.
    pub fn complete_to(&self) -> Option<Timestamp> {
        let newest = self.newest.filter(|_| !self.unordered)?;
        Some(Timestamp(newest.0.saturating_sub(1)))
    }
}
