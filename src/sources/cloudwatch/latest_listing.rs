//! When the log groups of an environment were last listed: while that is not repeated, a group may
//! have come into being that nobody asks.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::time::Timestamp;

/// See the module.
#[derive(Debug)]
pub struct LatestListing(AtomicI64);

impl LatestListing {
    /// At this time.
    #[must_use]
    pub const fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// Every region has been listed again; it was begun at this time.
    pub fn again(&self, at: Timestamp) {
        self.0.fetch_max(at.0, Ordering::Relaxed);
    }

    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}
