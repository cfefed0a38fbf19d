//! Reads the log groups of one region: a few workers take pieces of time, the most telling first.
//!
//! What was kept is told first, then every piece is walked page by page (`chain`), and what was read
//! completely is told as covered. Whoever cancels keeps what was read.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::chain::Chain;
use super::ending;
use super::fetch::Fetch;
use super::group::Group;
use super::keep::Piece;
use super::notes::Topic;
use super::replay;
use super::walk::Walk;
use super::work::{Job, Task, Work};
use crate::domain::feed::{End, FeedEvent};
use crate::sources::channel::Stopped;

/// How often is looked whether the run was cancelled.
const STOP_POLL: Duration = Duration::from_millis(20);

/// Reads `groups` completely, or until the feed stops.
pub async fn read(fetch: Arc<Fetch>, groups: Vec<Arc<Group>>) {
    let work = Arc::new(Work::default());
    for group in &groups {
        if take_up(&fetch, group, &work).await.is_err() {
            return;
        }
    }
    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    for _ in 0..fetch.calls.settings.in_flight {
        let worker = Worker {
            fetch: Arc::clone(&fetch),
            work: Arc::clone(&work),
            stop: stopped.clone(),
        };
        workers.spawn(worker.run());
    }
    let mut finish = std::pin::pin!(async { while workers.join_next().await.is_some() {} });
    while !fetch.out.is_stopped() {
        tokio::select! {
            () = &mut finish => return,
            () = tokio::time::sleep(STOP_POLL) => {}
        }
    }
    let _ = stop.send(true);
    finish.await;
    ending::cut_short(&fetch.out, &groups).await;
}

/// Queues what there is to do for a group.
async fn take_up(fetch: &Fetch, group: &Arc<Group>, work: &Work) -> Result<(), Stopped> {
    let clock = fetch.skew.note();
    if let Some(note) = clock.and_then(|note| group.notes.say(Topic::Clock, note)) {
        let note = FeedEvent::Note(group.source, note);
        fetch.out.tell(note).await?;
    }
    if !group.kept.is_empty() {
        work.add(Task {
            group: Arc::clone(group),
            job: Job::Replay,
        });
    } else if group.span.is_some() {
        fetch.queue(group, work, &[]);
    } else {
        // All of it lies in the future: nothing to read, nothing to claim.
        ending::over(&fetch.out, group, End::AsCovered).await?;
    }
    Ok(())
}

struct Worker {
    fetch: Arc<Fetch>,
    work: Arc<Work>,
    stop: watch::Receiver<bool>,
}

impl Worker {
    async fn run(mut self) {
        loop {
            let task = tokio::select! {
                biased;
                () = stopped(&mut self.stop) => return,
                task = self.work.next() => task,
            };
            let Some(task) = task else { return };
            let _busy = self.work.until_done();
            if self.task(&task.group, task.job).await.is_err() {
                return;
            }
        }
    }

    async fn task(&mut self, group: &Arc<Group>, job: Job) -> Result<(), Stopped> {
        match job {
            Job::Replay => tokio::select! {
                biased;
                () = stopped(&mut self.stop) => return Err(Stopped),
                told = replay::tell(&self.fetch, group, &self.work) => told?,
            },
            Job::Read(span) if group.is_given_up() => group.skipped(span),
            Job::GoOn(_, walk) if group.is_given_up() => group.skipped(walk.window()),
            Job::Read(span) => match self.fetch.begin(group, span) {
                Ok((piece, walk)) => self.piece(group, piece, walk).await?,
                Err(failure) => group.failed(span, failure),
            },
            Job::GoOn(piece, walk) => self.piece(group, piece, *walk).await?,
        }
        match group.done() {
            Some(outcome) => ending::tell(&self.fetch, group, outcome).await,
            None => Ok(()),
        }
    }

    /// Reads one piece of one group and tells what of it was read.
    async fn piece(&mut self, group: &Arc<Group>, piece: Piece, walk: Walk) -> Result<(), Stopped> {
        let mut chain = Chain::new(&self.fetch, &self.work, group, piece, walk);
        let read = tokio::select! {
            biased;
            () = stopped(&mut self.stop) => Err(Stopped),
            read = chain.read() => read,
        };
        let (failure, stopped) = match read {
            Ok(failure) => (failure, false),
            Err(Stopped) => (None, true),
        };
        match chain.close(failure) {
            _ if stopped => Err(Stopped),
            Some(span) => {
                let covered = FeedEvent::Covered(group.source, span);
                self.fetch.out.tell(covered).await
            }
            None => Ok(()),
        }
    }
}

/// Waits until the run is cancelled.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // Without anybody who could cancel, the run is over anyway.
    let _ = stop.wait_for(|stop| *stop).await;
}
