//! What earlier runs kept of a log group, told again, and what is left to ask for.
//!
//! A kept piece is as good as one read now, up to its own unsettled end: what may have arrived after
//! it was asked for is asked for again, and what was kept of that time is not told twice.

use std::cmp::Reverse;
use std::io;
use std::sync::Arc;

use super::fetch::Fetch;
use super::group::Group;
use super::ids::Hasher;
use super::keep::{Keep, Kept, PageRef, Piece};
use super::lag::Lags;
use super::notes::Topic;
use super::page;
use super::walk::Walk;
use super::windows::clip;
use super::work::{Job, Task, Work};
use crate::domain::event::{Batch, SourceId};
use crate::domain::feed::FeedEvent;
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::Stopped;

/// The least that is asked for again before the time a piece was asked for.
const OVERLAP_MS: i64 = 60_000;

/// Tells everything that was kept of `group`, and queues the rest.
///
/// # Errors
/// When the feed stopped.
pub async fn tell(fetch: &Fetch, group: &Arc<Group>, work: &Work) -> Result<(), Stopped> {
    let mut kept: Vec<&Kept> = group.kept.iter().collect();
    kept.sort_by_key(|kept| Reverse(kept.piece.span.to));
    let mut replays = Vec::new();
    let mut events = 0;
    for kept in kept {
        let mut replay = Replay::new(fetch, group, kept);
        let read = replay.pages().await?;
        events += replay.events;
        match read {
            Ok(()) => replays.push(replay),
            Err(error) => {
                tracing::warn!(%error, source = group.source.0, "a kept page is not readable");
                group.may_come_again(replay.told);
            }
        }
    }
    // Twice what was measured: what is measured from now on may be longer.
    let settle = (2 * group.settle_ms()).clamp(OVERLAP_MS, Lags::LONGEST_MS);
    // Before anything is asked for: whoever asks must know what others have told of that time.
    for replay in &mut replays {
        replay.may_come_again(settle);
    }
    let mut held = Vec::new();
    for replay in replays {
        held.extend(replay.take_over(work, settle).await?);
    }
    if events > 0 {
        let note = format!("{events} log events were kept by an earlier run");
        if let Some(note) = group.notes.say(Topic::Kept, note) {
            let note = FeedEvent::Note(group.source, note);
            fetch.out.tell(note).await?;
        }
    }
    fetch.queue(group, work, &held);
    Ok(())
}

/// One kept piece, being told again.
struct Replay<'a> {
    fetch: &'a Fetch,
    group: &'a Arc<Group>,
    kept: &'a Kept,
    /// Where its chain stands.
    walk: Walk,
    events: usize,
    /// Times and hashes of the ids of what was told.
    told: Vec<(Timestamp, u64)>,
}

impl<'a> Replay<'a> {
    fn new(fetch: &'a Fetch, group: &'a Arc<Group>, kept: &'a Kept) -> Self {
        let mut walk = Walk::hashed(kept.piece.span, group.hasher.clone());
        if let Some(after) = &kept.after {
            walk.resume(after);
        }
        Self {
            fetch,
            group,
            kept,
            walk,
            events: 0,
            told: Vec::new(),
        }
    }

    fn is_done(&self) -> bool {
        self.kept.after.as_ref().is_some_and(|after| after.done)
    }

    /// Reads and tells its pages. The inner error is a page that cannot be read.
    async fn pages(&mut self) -> Result<io::Result<()>, Stopped> {
        if self.kept.after.is_some() {
            self.group.page_read(std::iter::empty());
        }
        for page in &self.kept.pages {
            let keep = Arc::clone(&self.fetch.out.keep);
            let (page, source, hasher) = (*page, self.group.source, self.group.hasher.clone());
            let read = move || Again::read(&*keep, page, source, &hasher);
            let again = match tokio::task::spawn_blocking(read).await {
                Ok(Ok(again)) => again,
                Ok(Err(error)) => return Ok(Err(error)),
                Err(_) => return Err(Stopped),
            };
            self.group.page_read(again.lags.into_iter());
            for batch in again.batches {
                self.fetch.out.tell(FeedEvent::Batch(batch)).await?;
            }
            if let Some(following) = &self.group.following {
                following.told_again(&again.ids);
            }
            self.events += again.ids.len();
            if !self.is_done() {
                self.walk.remember(&again.ids);
            }
            self.told.extend(again.ids);
        }
        Ok(Ok(()))
    }

    /// Writes down which of its events may come again when other time is asked for. Following keeps
    /// what came late with a piece of another time.
    fn may_come_again(&mut self, settle_ms: i64) {
        let Piece { span, asked_at, .. } = self.kept.piece;
        let end = asked_at.plus(-settle_ms).min(span.to);
        let mut told = std::mem::take(&mut self.told);
        told.retain(|(time, _)| *time < span.from || end < *time);
        self.group.may_come_again(told);
    }

    /// Takes over what it proves; returns the time that need not be asked for.
    async fn take_over(mut self, work: &Work, settle_ms: i64) -> Result<Option<Span>, Stopped> {
        let (group, piece) = (self.group, self.kept.piece);
        let settled = piece.asked_at.plus(-settle_ms);
        let done = self.is_done();
        let Some(held) = clip(piece.span, Timestamp::MIN, settled) else {
            return Ok(None);
        };
        if done {
            group.read(piece.span, piece.asked_at);
            if let Some(covered) = group.certain(piece.span, piece.asked_at) {
                let covered = FeedEvent::Covered(group.source, covered);
                self.fetch.out.tell(covered).await?;
            }
        } else {
            let mut piece = piece;
            if held.to < piece.span.to {
                if let Err(error) = self.fetch.out.keep.cut(group.source, piece.number, held.to) {
                    // Whoever goes on cuts it in the same place.
                    tracing::warn!(%error, "a cut cannot be kept");
                }
                self.walk.cut(held.to);
                piece.span = held;
            }
            group.asked(&[piece.span], group.asked_at);
            work.add(Task {
                group: Arc::clone(group),
                job: Job::GoOn(piece, Box::new(self.walk)),
            });
        }
        Ok(Some(held))
    }
}

/// A kept page, read again.
struct Again {
    batches: Vec<Batch>,
    lags: Vec<i64>,
    /// Times and hashes of ids, in the order of the page.
    ids: Vec<(Timestamp, u64)>,
}

impl Again {
    fn read(keep: &dyn Keep, page: PageRef, source: SourceId, hasher: &Hasher) -> io::Result<Self> {
        let raw = keep.read(page)?;
        let (mut lags, mut ids) = (Vec::new(), Vec::new());
        let place = (keep.origin(), page.base);
        let batches = page::again(&raw, source, place, |line| {
            lags.extend(
                line.ingestion_time
                    .map(|at| at.saturating_sub(line.timestamp)),
            );
            ids.push((Timestamp(line.timestamp), hasher.of(&line.event_id)));
        })?;
        Ok(Self { batches, lags, ids })
    }
}
