//! What is left to read in one region, the most telling first; workers take from it and may add.
//!
//! First what was kept (it costs no call), then the newest time of every group before older times of
//! any, and of the same time what comes in before what follows from it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::group::Group;
use super::keep::Piece;
use super::walk::Walk;
use crate::domain::time::{Span, Timestamp};

/// One thing to do.
#[derive(Debug)]
pub struct Task {
    /// For whom.
    pub group: Arc<Group>,
    /// What.
    pub job: Job,
}

/// See [`Task`].
#[derive(Debug)]
pub enum Job {
    /// Tell what earlier runs kept.
    Replay,
    /// Read a piece.
    Read(Span),
    /// Read the rest of a piece that an earlier run began.
    GoOn(Piece, Box<Walk>),
}

impl Job {
    /// The time it is about.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Replay => None,
            Self::Read(span) => Some(*span),
            Self::GoOn(_, walk) => Some(walk.window()),
        }
    }

    fn newest(&self) -> Timestamp {
        self.span().map_or(Timestamp::MAX, |span| span.to)
    }
}

struct Entry {
    rank: (Timestamp, bool, Reverse<u64>),
    task: Task,
}

/// See the module.
#[derive(Default)]
pub struct Work {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    waiting: BinaryHeap<Entry>,
    added: u64,
    /// Workers with a task.
    busy: usize,
    /// Workers without one.
    idle: usize,
}

impl Work {
    /// Adds a task.
    pub fn add(&self, task: Task) {
        task.group.to_do(1);
        let mut state = self.lock();
        state.added += 1;
        let rank = (task.job.newest(), task.group.entry, Reverse(state.added));
        state.waiting.push(Entry { rank, task });
        drop(state);
        self.changed.notify_waiters();
    }

    /// Waits for the next task; `None` when nothing is left and nobody can add to it any more.
    pub async fn next(&self) -> Option<Task> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let _idle = {
                let mut state = self.lock();
                if let Some(entry) = state.waiting.pop() {
                    state.busy += 1;
                    return Some(entry.task);
                }
                if state.busy == 0 {
                    return None;
                }
                state.idle += 1;
                Idle(self)
            };
            changed.await;
        }
    }

    /// Ends the task that [`Work::next`] gave when it is dropped: also when whoever does it panics, or
    /// the others would wait for ever for what it might add.
    #[must_use]
    pub fn until_done(self: &Arc<Self>) -> Busy {
        Busy(Arc::clone(self))
    }

    /// Whether more could be done at once.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let state = self.lock();
        state.idle > state.waiting.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One task under way.
pub struct Busy(Arc<Work>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.lock().busy -= 1;
        self.0.changed.notify_waiters();
    }
}

/// Counts a worker as idle while it waits.
struct Idle<'a>(&'a Work);

impl Drop for Idle<'_> {
    fn drop(&mut self) {
        self.0.lock().idle -= 1;
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank.cmp(&other.rank)
    }
}
