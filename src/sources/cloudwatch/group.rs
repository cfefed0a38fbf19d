//! One log group while it is read: what is left to do, what was read, and what that proves.
//!
//! Coverage is claimed for what was read to its end only, never beyond what the group still retained
//! when it was asked, and never closer to that moment than its measured lag. No calls are made here.

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::{Class, Failure};
use super::following::{Following, Phase};
use super::ids::Hasher;
use super::keep::Kept;
use super::lag::Lags;
use super::notes::Notes;
use super::settings::Follow;
use super::windows::clip;
use crate::domain::coverage::Coverage;
use crate::domain::event::SourceId;
use crate::domain::time::{Span, Timestamp};

const DAY_MS: i64 = 24 * 3600 * 1000;

/// A log group of one region, being read.
#[derive(Debug)]
pub struct Group {
    /// Its id within the run.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// What it is asked for by where it is another account's: its ARN.
    pub arn: Option<String>,
    /// It feeds an entry stage: what is read first says most.
    pub entry: bool,
    /// What is asked for of its lines; everything where `None`.
    pub filter: Option<String>,
    /// How often its calls were throttled.
    pub throttled: AtomicU64,
    /// What is said of it.
    pub notes: Notes,
    /// Everything that is asked for; `None` when all of it lies in the future.
    pub span: Option<Span>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// What earlier runs kept of it.
    pub kept: Vec<Kept>,
    /// Makes the hashes of its event ids.
    pub hasher: Hasher,
    /// How it is followed, if it is.
    pub following: Option<Following>,
    retention_ms: Option<i64>,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    left: usize,
    /// The number of the next piece.
    pieces: u32,
    lags: Lags,
    /// Spans read completely, and when they were asked for.
    read: Vec<(Span, Timestamp)>,
    /// Spans that were left out, and why.
    failures: Vec<(Span, Failure)>,
    any_page: bool,
    /// No further piece needs to be tried, and why.
    given_up: Option<Failure>,
    /// What is asked for and may be gone already.
    unretained: Option<Span>,
    /// Events of earlier runs that may come again: by time, with the hashes of their ids.
    seen: Vec<(Timestamp, u64)>,
}

/// What is said of a group when nothing is left to do.
#[derive(Debug)]
pub struct Outcome {
    /// Everything that is covered.
    pub covered: Vec<Span>,
    /// The first thing that went wrong, and the time from the first to the last piece it left out.
    pub failure: Option<(Failure, Span)>,
    /// Whether any page was read.
    pub any_page: bool,
    /// What of it the group may not have kept.
    pub unretained: Option<Span>,
}

impl Group {
    /// A group of which `span` is wanted at `asked_at`, and which keeps events for `retention` days.
    #[must_use]
    pub fn new(
        source: SourceId,
        name: String,
        span: Option<Span>,
        asked_at: Timestamp,
        retention: Option<i32>,
        kept: Vec<Kept>,
    ) -> Self {
        Self {
            source,
            name,
            arn: None,
            entry: false,
            filter: None,
            throttled: AtomicU64::new(0),
            notes: Notes::default(),
            span,
            asked_at,
            progress: Mutex::new(Progress {
                pieces: kept.iter().map(|k| k.piece.number + 1).max().unwrap_or(0),
                ..Progress::default()
            }),
            kept,
            hasher: Hasher::default(),
            following: None,
            retention_ms: retention.map(|days| DAY_MS.saturating_mul(i64::from(days))),
        }
    }

    /// The same group, in another account if it has an ARN.
    #[must_use]
    pub fn of_account(self, arn: Option<String>) -> Self {
        Self { arn, ..self }
    }

    /// What names it beyond doubt.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.arn.as_deref().unwrap_or(&self.name)
    }

    /// The same group, feeding an entry stage or not.
    #[must_use]
    pub fn feeding_entry(self, entry: bool) -> Self {
        Self { entry, ..self }
    }

    /// The same group, of which only some lines are asked for.
    #[must_use]
    pub fn narrowed(self, filter: Option<String>) -> Self {
        Self { filter, ..self }
    }

    /// The same group, to be followed, where what is asked for begins at `from`, and the service's
    /// clock said `asked_at` when it was.
    #[must_use]
    pub fn followed(
        mut self,
        settings: Follow,
        (from, asked_at): (Timestamp, Timestamp),
        arn: Option<String>,
    ) -> Self {
        let hasher = self.hasher.clone();
        let mut following = Following::new(settings, from, asked_at, hasher);
        following.arn = arn;
        self.following = Some(following);
        self
    }

    /// So much more is to be done.
    pub fn to_do(&self, tasks: usize) {
        self.lock().left += tasks;
    }

    /// These pieces are asked for by this run.
    pub fn asked(&self, pieces: &[Span], asked_at: Timestamp) {
        let before = self.retained_from(asked_at).plus(-1);
        let old = pieces.iter().filter_map(|p| clip(*p, p.from, before));
        let mut progress = self.lock();
        progress.unretained = old.chain(progress.unretained).reduce(Span::union);
    }

    /// The part of `span` that the group still keeps in this run: what an earlier run left to be read
    /// may have gone meanwhile.
    #[must_use]
    pub fn still_kept(&self, span: Span) -> Option<Span> {
        clip(span, self.retained_from(self.asked_at), span.to)
    }

    /// A number for a piece.
    #[must_use]
    pub fn next_piece(&self) -> u32 {
        let mut progress = self.lock();
        progress.pieces += 1;
        progress.pieces - 1
    }

    /// Whether reading on is of no use.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.lock().given_up.is_some()
    }

    /// Counts the lags of the events of one page.
    pub fn page_read(&self, lags: impl Iterator<Item = i64>) {
        let mut progress = self.lock();
        progress.any_page = true;
        lags.for_each(|lag| progress.lags.add(lag));
    }

    /// Events of an earlier run that may come again.
    pub fn may_come_again(&self, mut events: Vec<(Timestamp, u64)>) {
        let mut progress = self.lock();
        progress.seen.append(&mut events);
        progress.seen.sort_unstable();
    }

    /// The ids of those within `span`, as hashes.
    #[must_use]
    pub fn seen(&self, span: Span) -> Vec<u64> {
        let progress = self.lock();
        let from = progress.seen.partition_point(|(time, _)| *time < span.from);
        let within = progress.seen[from..].iter();
        let within = within.take_while(|(time, _)| *time <= span.to);
        within.map(|(_, hash)| *hash).collect()
    }

    /// The part of `span` that is covered if it was read completely, asked for at `asked_at`,
    /// whatever the lag will be.
    #[must_use]
    pub fn certain(&self, span: Span, asked_at: Timestamp) -> Option<Span> {
        let to = asked_at.plus(-Lags::LONGEST_MS);
        clip(span, self.retained_from(asked_at), to)
    }

    /// This span was read completely, asked for at `asked_at`.
    pub fn read(&self, span: Span, asked_at: Timestamp) {
        let mut progress = self.lock();
        progress.read.push((span, asked_at));
        if let (Some(following), Some(all)) = (&self.following, self.span) {
            let mut read = Coverage::default();
            progress.read.iter().for_each(|(span, _)| read.add(*span));
            let from = all.to.plus(-Lags::LONGEST_MS).max(all.from);
            if read.covers(Span { from, to: all.to }) {
                following.reached(Phase::Newest);
            }
        }
    }

    /// This span was not read, and nor will be what follows from its failure.
    pub fn failed(&self, window: Span, failure: Failure) {
        let mut progress = self.lock();
        if failure.class.is_final() || failure.is_silence() {
            progress.given_up.get_or_insert_with(|| failure.clone());
        }
        progress.failures.push((window, failure));
    }

    /// This span is not tried, for the reason that another one failed.
    pub fn skipped(&self, window: Span) {
        let mut progress = self.lock();
        if let Some(failure) = progress.given_up.clone() {
            progress.failures.push((window, failure));
        }
    }

    /// How long before it is asked the group is trusted to be complete, as measured so far.
    #[must_use]
    pub fn settle_ms(&self) -> i64 {
        self.lock().lags.settle_ms()
    }

    /// One thing less to do; the outcome when it was the last.
    pub fn done(&self) -> Option<Outcome> {
        let mut progress = self.lock();
        progress.left = progress.left.saturating_sub(1);
        (progress.left == 0).then(|| {
            progress.seen = Vec::new();
            self.outcome(&progress)
        })
    }

    /// What is covered, where something is left to do.
    #[must_use]
    pub fn unfinished(&self) -> Option<Vec<Span>> {
        let progress = self.lock();
        (progress.left > 0).then(|| self.covered(&progress))
    }

    fn outcome(&self, progress: &Progress) -> Outcome {
        let left_out = progress.failures.iter().map(|(window, _)| *window);
        // What ends a group says more than a hiccup before it.
        let worst = progress
            .failures
            .iter()
            .find(|(_, failure)| failure.class.is_final() || failure.class == Class::Throttled)
            .or(progress.failures.first());
        Outcome {
            covered: self.covered(progress),
            failure: worst
                .map(|(_, failure)| failure.clone())
                .zip(left_out.reduce(Span::union)),
            any_page: progress.any_page,
            unretained: progress.unretained,
        }
    }

    fn covered(&self, progress: &Progress) -> Vec<Span> {
        // Where it is followed, the newest part is covered when nothing can arrive there any more.
        let settle = match self.following {
            Some(_) => Lags::LONGEST_MS,
            None => progress.lags.settle_ms(),
        };
        let read = progress.read.iter().filter_map(|(span, asked_at)| {
            let to = asked_at.plus(-settle);
            clip(*span, self.retained_from(*asked_at), to)
        });
        read.collect()
    }

    /// What is older than this may be gone when it is asked for.
    fn retained_from(&self, asked_at: Timestamp) -> Timestamp {
        self.retention_ms
            .map_or(Timestamp::MIN, |ms| asked_at.plus(-ms))
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
