//! The newest event that any followed input has given: up to there an input is covered that was
//! found to hold nothing more, if it was looked at after that.
//!
//! Only a number that threads share.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::time::Timestamp;

/// See the module.
#[derive(Debug)]
pub struct Newest(AtomicI64);

impl Default for Newest {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl Newest {
    /// An event of this time was passed on.
    pub fn passed_on(&self, time: Timestamp) {
        self.0.fetch_max(time.0, Ordering::SeqCst);
    }

    /// The newest so far; [`Timestamp::MIN`] before the first.
    #[must_use]
    pub fn get(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
