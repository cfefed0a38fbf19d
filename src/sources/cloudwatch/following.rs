//! The meeting point of reading a log group once and following it: what was passed on, and when
//! the one may begin because the other has come far enough.
//!
//! It holds the state that both touch; what is asked and told is decided in `tail` and `follow`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use tokio::sync::{Notify, watch};

use super::ids::Hasher;
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
    /// What the group is called everywhere, where told.
    pub arn: Option<String>,
    tail: Mutex<Tail>,
    hasher: Hasher,
    phase: watch::Sender<Phase>,
    /// Rung when something has happened in the group.
    pub bell: Notify,
}

impl Following {
    /// Will follow what is asked for from `from` on, once what was there at `asked_at` is read.
    #[must_use]
    pub fn new(settings: Follow, from: Timestamp, asked_at: Timestamp, hasher: Hasher) -> Self {
        let tail = Tail::new(from, asked_at, settings.until);
        Self {
            settings,
            arn: None,
            tail: Mutex::new(tail),
            hasher,
            phase: watch::Sender::new(Phase::Before),
            bell: Notify::new(),
        }
    }

    /// What is known of its end.
    pub fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody rings when something happens, or cannot any more: that is told at once.
    pub fn woken(&self, on: bool, words: &str) {
        if self.tail().woken(on, words) {
            self.bell.notify_one();
        }
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
        let trace = |(time, event): &(Timestamp, FilteredLogEvent)| Trace {
            time: *time,
            hash: self.hash(event),
            lag: event.ingestion_time().map(|at| Timestamp(at).since(*time)),
        };
        events.iter().map(trace).collect()
    }

    /// These events of an earlier run were passed on: times and hashes.
    pub fn told_again(&self, events: &[(Timestamp, u64)]) {
        let trace = |(time, hash): &(Timestamp, u64)| Trace {
            time: *time,
            hash: *hash,
            lag: None,
        };
        let traces: Vec<Trace> = events.iter().map(trace).collect();
        self.tail().passed_on(&traces);
    }

    /// Whether an event was passed on before.
    #[must_use]
    pub fn has(&self, time: Timestamp, event: &FilteredLogEvent) -> bool {
        self.tail().seen().has(time, self.hash(event))
    }

    /// Stands for its id, or for all it says where it has none.
    fn hash(&self, event: &FilteredLogEvent) -> u64 {
        match event.event_id() {
            Some(id) => self.hasher.of(id),
            None => self.hasher.of(&format!("{event:?}")),
        }
    }
}
