//! The meeting point of reading a log group once and following it: what was passed on, and when
//! the one may begin because the other has come far enough.
//!
//! It holds the state that both touch; what is asked and told is decided in `tail` and `follow`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use tokio::sync::{Notify, watch};

use super::settings::Follow;
use super::tail::{Tail, Trace};
use crate::domain::time::Timestamp;

/// How far the reading before has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// Not far enough.
    Before,
    /// The newest part was read: following may begin.
    Newest,
    /// All that was asked for was read, or given up.
    Whole,
    /// Nothing can be read of this group.
    Never,
}

/// A log group that is going to be followed.
#[derive(Debug)]
pub struct Following {
    /// How.
    pub settings: Follow,
    tail: Mutex<Tail>,
    phase: watch::Sender<Phase>,
    /// Rung when something has happened in the group.
    pub bell: Notify,
}

impl Following {
    /// Will follow what is asked for from `from` on, once what was there at `asked_at` is read.
    #[must_use]
    pub fn new(settings: Follow, from: Timestamp, asked_at: Timestamp) -> Self {
        let tail = Tail::new(from, asked_at, settings.until);
        Self {
            settings,
            tail: Mutex::new(tail),
            phase: watch::Sender::new(Phase::Before),
            bell: Notify::new(),
        }
    }

    /// What is known of its end.
    pub fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reading has come so far.
    pub fn reached(&self, phase: Phase) {
        self.phase.send_if_modified(|now| {
            let further = phase > *now;
            *now = phase.max(*now);
            further
        });
    }

    /// How far reading has come.
    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Waits until following may begin; `false` if it never may.
    pub async fn begins(&self) -> bool {
        let mut phase = self.phase.subscribe();
        // The sender lives as long as this does.
        let begun = phase.wait_for(|phase| *phase > Phase::Before).await;
        begun.is_ok_and(|phase| *phase != Phase::Never)
    }

    /// What will be known of these events once they are passed on.
    #[must_use]
    pub fn traces(&self, events: &[(Timestamp, FilteredLogEvent)]) -> Vec<Trace> {
        let tail = self.tail();
        let trace = |(time, event): &(Timestamp, FilteredLogEvent)| Trace {
            time: *time,
            key: tail.seen().key(*time, event),
            lag: event.ingestion_time().map(|at| Timestamp(at).since(*time)),
        };
        events.iter().map(trace).collect()
    }

    /// Whether an event was passed on before.
    #[must_use]
    pub fn has(&self, time: Timestamp, event: &FilteredLogEvent) -> bool {
        let tail = self.tail();
        tail.seen().has(time, tail.seen().key(time, event))
    }
}
