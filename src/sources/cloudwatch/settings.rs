//! The numbers behind reading CloudWatch: how patient, how fast, how much at once.
//!
//! In one place so that tests make them small. They are not configuration: a user has no reason to
//! turn them.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::tail::Tempo;
use crate::domain::time::Timestamp;

/// How calls are made.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The wait after a first failure; doubles with each that follows.
    pub backoff: Duration,
    /// The longest wait.
    pub longest_backoff: Duration,
    /// How often a call is tried that fails for another reason than throttling.
    pub attempts: u32,
    /// How often a call is tried to which no answer comes at all.
    pub silent_attempts: u32,
    /// The same where nobody is there to ask any more, but somebody was: a network that comes back.
    pub patient_attempts: u32,
    /// So many calls in a row without an answer, and a region is asked one call at a time.
    pub silent_in_a_row: u32,
    /// How long a region that does not answer is left alone.
    pub silence: Duration,
    /// How long everybody pauses who shares a limiter that was told to slow down.
    pub throttle_pause: Duration,
    /// Calls a second that no amount of throttling takes away.
    pub slowest: f64,
    /// How long one attempt may take, with its body.
    pub attempt_timeout: Duration,
    /// Calls in flight per account and region.
    pub in_flight: usize,
    /// The most events asked for in a page; the service's own limit where `None`.
    pub page_events: Option<i32>,
    /// Length of the newest piece of a log group; each older one is twice as long.
    pub newest_piece: Duration,
    /// A piece with more pages than this is shared with a worker that has nothing to do.
    pub pages_alone: u32,
    /// A piece ends after so many events, and another has its rest: their ids are kept in memory.
    pub piece_events: usize,
    /// Where profiles are read from, instead of the usual places.
    pub profiles: Option<PathBuf>,
    /// How to go on when everything was read; `None`: not at all.
    pub follow: Option<Follow>,
}

/// How log groups are followed.
#[derive(Clone, Debug)]
pub struct Follow {
    /// The time.
    pub clock: Clock,
    /// The end of what is asked for.
    pub until: Timestamp,
    /// How often a group is asked.
    pub tempo: Tempo,
    /// Between two looks for log groups that have come into being.
    pub relist: Duration,
    /// A round that takes longer is told as silence.
    pub patience: Duration,
    /// Let Live Tail say when there is something to ask for, which costs money.
    pub live_tail: bool,
}

impl Follow {
    /// Up to `until`, by this clock.
    #[must_use]
    pub const fn new(clock: Clock, until: Timestamp) -> Self {
        Self {
            clock,
            until,
            tempo: Tempo {
                shortest: Duration::from_secs(5),
                longest: Duration::from_secs(30),
            },
            relist: Duration::from_mins(2),
            patience: Duration::from_mins(1),
            live_tail: false,
        }
    }
}

/// Tells the time.
#[derive(Clone)]
pub struct Clock(pub Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(20),
            attempts: 6,
            silent_attempts: 4,
            patient_attempts: 8,
            silent_in_a_row: 3,
            silence: Duration::from_secs(30),
            throttle_pause: Duration::from_secs(2),
            slowest: 0.5,
            attempt_timeout: Duration::from_secs(30),
            in_flight: 6,
            page_events: None,
            newest_piece: Duration::from_mins(15),
            pages_alone: 5,
            piece_events: 200_000,
            profiles: None,
            follow: None,
        }
    }
}

impl Settings {
    /// The wait before attempt number `attempt` (from 1) is followed by another: exponential, with
    /// jitter between half and all of it, so that chains throttled together do not return together.
    #[must_use]
    pub fn wait(&self, attempt: u32) -> Duration {
        let full = self
            .backoff
            .saturating_mul(1_u32 << attempt.saturating_sub(1).min(16))
            .min(self.longest_backoff);
        full.mul_f64(jitter())
    }

    /// The pause after a throttled call, with jitter.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.throttle_pause.mul_f64(0.25 + jitter())
    }
}

/// Between a half and one.
fn jitter() -> f64 {
    // A fresh RandomState is the standard library's only source of chance.
    let chance = RandomState::new().hash_one(0) % 1000;
    0.5 + chance as f64 / 2000.0
}
