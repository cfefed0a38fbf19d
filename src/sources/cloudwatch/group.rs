//! One log group while it is read: what is left to do, what was read, and what that proves.
//!
//! Coverage is claimed for completed pieces only, never beyond what the group still retains, and
//! never closer to the present than its measured lag. No calls are made here.

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::{Class, Failure};
use super::keep::Kept;
use super::lag::Lags;
use super::windows::{clip, split};
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
    /// How often its calls were throttled.
    pub throttled: AtomicU64,
    /// Everything that is asked for; `None` when all of it lies in the future.
    pub span: Option<Span>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// What earlier runs kept of it.
    pub kept: Vec<Kept>,
    retained_from: Timestamp,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    left: usize,
    /// The number of the next piece.
    pieces: u32,
    lags: Lags,
    /// Spans read completely.
    read: Vec<Span>,
    failures: Vec<(Span, Failure)>,
    any_page: bool,
    /// No further piece needs to be tried.
    given_up: bool,
}

/// What is said of a group when nothing is left to do.
#[derive(Debug)]
pub struct Outcome {
    /// Coverage that could not be claimed before the lag was known.
    pub covered: Vec<Span>,
    /// The first thing that went wrong, and the time from the first to the last piece it left out.
    pub failure: Option<(Failure, Span)>,
    /// Whether any page was read.
    pub any_page: bool,
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
        let retained_from = retention.map_or(Timestamp::MIN, |days| {
            asked_at.plus(-DAY_MS.saturating_mul(i64::from(days)))
        });
        Self {
            source,
            name,
            arn: None,
            throttled: AtomicU64::new(0),
            span,
            asked_at,
            progress: Mutex::new(Progress {
                pieces: kept.iter().map(|k| k.piece.number + 1).max().unwrap_or(0),
                ..Progress::default()
            }),
            kept,
            retained_from,
        }
    }

    /// The same group of another account.
    #[must_use]
    pub fn with_arn(self, arn: Option<String>) -> Self {
        Self { arn, ..self }
    }

    /// What names it beyond doubt.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.arn.as_deref().unwrap_or(&self.name)
    }

    /// The pieces to read, newest first. Called once.
    #[must_use]
    pub fn windows(&self) -> Vec<Span> {
        let windows = self.span.map(split).unwrap_or_default();
        self.lock().left = windows.len();
        windows
    }

    /// A number for a piece.
    #[must_use]
    pub fn next_piece(&self) -> u32 {
        let mut progress = self.lock();
        progress.pieces += 1;
        progress.pieces - 1
    }

    /// The part of what is asked for that is older than what the group keeps.
    #[must_use]
    pub fn unretained(&self) -> Option<Span> {
        let span = self.span?;
        clip(span, span.from, self.retained_from.plus(-1))
    }

    /// Whether reading on is of no use.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.lock().given_up
    }

    /// Counts the lags of the events of one page.
    pub fn page_read(&self, lags: impl Iterator<Item = i64>) {
        let mut progress = self.lock();
        progress.any_page = true;
        lags.for_each(|lag| progress.lags.add(lag));
    }

    /// This span was read completely; returns what of it is covered whatever the lag will be.
    pub fn read(&self, span: Span) -> Option<Span> {
        self.lock().read.push(span);
        clip(span, self.retained_from, self.settled())
    }

    /// This piece was not read to its end.
    pub fn failed(&self, window: Span, failure: Failure) {
        let mut progress = self.lock();
        progress.given_up |= failure.class.is_final();
        progress.failures.push((window, failure));
    }

    /// One piece less to do; the outcome when it was the last.
    pub fn piece_done(&self) -> Option<Outcome> {
        let mut progress = self.lock();
        progress.left = progress.left.saturating_sub(1);
        (progress.left == 0).then(|| self.outcome(&progress))
    }

    fn outcome(&self, progress: &Progress) -> Outcome {
        let from = self.retained_from.max(self.settled().plus(1));
        let to = self.asked_at.plus(-progress.lags.settle_ms());
        let read = progress.read.iter();
        let covered = read.filter_map(|span| clip(*span, from, to)).collect();
        let left_out = progress.failures.iter().map(|(window, _)| *window);
        // What ends a group says more than a hiccup before it.
        let worst = progress
            .failures
            .iter()
            .find(|(_, failure)| failure.class.is_final() || failure.class == Class::Throttled)
            .or(progress.failures.first());
        Outcome {
            covered,
            failure: worst
                .map(|(_, failure)| failure.clone())
                .zip(left_out.reduce(Span::union)),
            any_page: progress.any_page,
        }
    }

    /// Up to here a group is complete even at the longest lag that is reckoned with.
    fn settled(&self) -> Timestamp {
        self.asked_at.plus(-Lags::LONGEST_MS)
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
