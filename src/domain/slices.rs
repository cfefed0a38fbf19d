//! Slices of time: every so often a stretch of it, the same for whoever asks.
//!
//! Whoever cannot look at all log events looks at those of the slices, so that the way of a message
//! through all sources stays whole. They only ever become shorter.

use std::sync::atomic::{AtomicI64, Ordering};

use super::time::{Span, Timestamp};

/// So many slices, where each is long enough.
const MOST: i64 = 12;
/// Shorter than this, fewer slices are better: a message takes its time.
const LONG_MS: i64 = 120_000;
/// Log events stand out of order by about so much.
const DISORDER_MS: i64 = 5_000;

/// See the module.
#[derive(Debug)]
pub struct Slices {
    from: Timestamp,
    every_ms: i64,
    long_ms: AtomicI64,
}

impl Slices {
    /// Slices that hold this share of a span.
    #[must_use]
    pub fn new(span: Span, share: f64) -> Self {
        let whole = span.to.since(span.from).max(1);
        let taken = (whole as f64 * share.clamp(0.0, 1.0)) as i64;
        let every_ms = whole / (taken / LONG_MS).clamp(1, MOST) + 1;
        let long = (every_ms as f64 * share.clamp(0.0, 1.0)) as i64;
        Self {
            // The first begins in the middle of its stretch: a beginning is not like the rest.
            from: span.from.plus((every_ms - long) / 2),
            every_ms,
            long_ms: AtomicI64::new(long.max(1)),
        }
    }

    /// Whether a time lies in one.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        time.since(self.from).rem_euclid(self.every_ms) < self.long()
    }

    /// Whether anything between two times may lie in one.
    #[must_use]
    pub fn meet(&self, span: Span) -> bool {
        let from = span.from.plus(-DISORDER_MS);
        let to = span.to.plus(DISORDER_MS);
        let offset = from.since(self.from).rem_euclid(self.every_ms);
        offset < self.long() || offset.saturating_add(to.since(from)) >= self.every_ms
    }

    /// Makes each half as long.
    pub fn halve(&self) {
        let long = (self.long() / 2).max(1);
        self.long_ms.store(long, Ordering::Relaxed);
    }

    fn long(&self) -> i64 {
        self.long_ms.load(Ordering::Relaxed)
    }
}
