//! What following knows of one log group: what to ask for next, what the answer proves, how often.
//!
//! Pure: time is an argument, and no calls are made. What is guaranteed:
//!
//! - Everything is asked for again until it is as old as the **overlap** (ten minutes, or as late as
//!   all but one in a thousand of its log events arrive, at most half an hour). Only then it is
//!   covered, so that nothing that arrives within the overlap can turn a `lost` into anything else.
//! - What arrives even later is found by a look back over the last hour (or the last 100,000 log
//!   events) every ten minutes. It was called absent until then.
//! - Where the overlap takes more than a page, only its newest part is asked for most times.

use std::time::Duration;

use super::lag::Lags;
use super::seen::Seen;
use crate::domain::feed::Pulse;
use crate::domain::show::duration;
use crate::domain::time::{Span, Timestamp};

/// The overlap is never shorter. "Logs can take five to ten minutes to show", says Amazon of Lambda.
pub const OVERLAP_MS: i64 = 10 * 60_000;
/// And never longer.
pub const LONGEST_OVERLAP_MS: i64 = Lags::LONGEST_MS;
/// The newest part that is asked for every time.
const REACH_MS: i64 = 60_000;
/// For each page that the overlap takes, it is asked for so much less often.
const PER_PAGE_MS: i64 = 10_000;
/// So much settled time is left for the pieces of rounds that settle nothing.
const SPARE_MS: i64 = 1_000;
/// How often it is looked back.
const LOOK_BACK_EVERY_MS: i64 = 10 * 60_000;
/// So far is looked back.
pub const LOOK_BACK_MS: i64 = 60 * 60_000;
/// After so many answers without anything new, a group is asked half as often.
const PATIENCE: u32 = 3;

/// How often a group is asked.
#[derive(Clone, Copy, Debug)]
pub struct Tempo {
    /// Between two polls of a group where something happens.
    pub shortest: Duration,
    /// Where nothing does.
    pub longest: Duration,
}

/// One question and what it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round {
    /// What to ask for.
    pub span: Span,
    /// When.
    pub asked: Timestamp,
    /// Why.
    pub aim: Aim,
}

/// What a question is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Aim {
    /// The newest events.
    Newest,
    /// Everything that may still arrive.
    Overlap,
    /// What nobody expects any more.
    LookBack,
}

/// What stays known of an event that was passed on.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// When it happened.
    pub time: Timestamp,
    /// Stands for what tells it from others.
    pub hash: u64,
    /// How much later it could be read, in milliseconds.
    pub lag: Option<i64>,
}

/// See the module.
#[derive(Debug)]
pub struct Tail {
    until: Timestamp,
    /// Up to here everything has been asked for the last time but for looking back.
    floor: Timestamp,
    /// Up to here it was told.
    claimed: Timestamp,
    /// The newest time that was asked for.
    polled: Timestamp,
    /// When it was asked last, and how long after the time before, in milliseconds.
    asked: Option<Timestamp>,
    gap_ms: i64,
    /// Everything up to here belongs to a piece that was kept.
    kept_to: Timestamp,
    /// When the whole overlap was asked for, and how many pages it took.
    overlap_asked: Option<(Timestamp, u32)>,
    looked_back: Timestamp,
    /// Answers in a row without anything new.
    quiet: u32,
    failing: Option<(Timestamp, String)>,
    /// Somebody rings when something happens; what is to be said of that.
    woken: Option<(bool, String)>,
    lags: Lags,
    seen: Seen,
}

impl Tail {
    /// Goes on behind what was asked for at `asked_at`, not earlier than `from`, up to `until`.
    #[must_use]
    pub fn new(from: Timestamp, asked_at: Timestamp, until: Timestamp) -> Self {
        let floor = asked_at.plus(-LONGEST_OVERLAP_MS).max(from.plus(-1));
        Self {
            until,
            floor,
            claimed: floor,
            polled: asked_at.max(floor),
            asked: None,
            gap_ms: 0,
            kept_to: asked_at.max(floor),
            overlap_asked: None,
            looked_back: asked_at,
            quiet: 0,
            failing: None,
            woken: None,
            lags: Lags::up_to(LONGEST_OVERLAP_MS),
            seen: Seen::from(asked_at.plus(-LOOK_BACK_MS).max(from)),
        }
    }

    /// What to ask for now; `None` where all of it lies in the future, or is over.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<Round> {
        let to = now.min(self.until);
        let whole = self.overlap_asked.is_none_or(|(asked, pages)| {
            pages <= 1 || now > self.until || now.since(asked) >= i64::from(pages) * PER_PAGE_MS
        });
        let (aim, from) = if whole {
            (Aim::Overlap, self.floor.plus(1))
        } else {
            let from = self.polled.plus(-REACH_MS);
            (Aim::Newest, from.max(self.floor.plus(1)))
        };
        (from <= to).then_some(Round {
            span: Span { from, to },
            asked: now,
            aim,
        })
    }

    /// Where to look back now, if it is time to.
    #[must_use]
    pub fn look_back(&mut self, now: Timestamp) -> Option<Round> {
        if now.since(self.looked_back) < LOOK_BACK_EVERY_MS {
            return None;
        }
        self.looked_back = now;
        self.lags.fade();
        let from = self.seen.since();
        (from <= self.floor).then_some(Round {
            span: Span {
                from,
                to: self.floor,
            },
            asked: now,
            aim: Aim::LookBack,
        })
    }

    /// Every page of a round was read and passed on: so many, with so many new events.
    pub fn read(&mut self, round: Round, pages: u32, fresh: usize) {
        self.failing = None;
        if round.aim == Aim::LookBack {
            return;
        }
        self.quiet = if fresh > 0 { 0 } else { self.quiet + 1 };
        let before = self.asked.replace(round.asked).unwrap_or(round.asked);
        self.gap_ms = round.asked.since(before);
        self.polled = self.polled.max(round.span.to);
        if round.aim == Aim::Overlap {
            self.overlap_asked = Some((round.asked, pages));
            self.floor = self.floor.max(self.settled(round));
        }
        let oldest = round.asked.plus(-LOOK_BACK_MS);
        self.seen.shrink(oldest, self.floor.plus(1));
    }

    /// A round was not answered.
    pub fn failed(&mut self, now: Timestamp, why: String) {
        let since = self.failing.take().map_or(now, |(since, _)| since);
        self.failing = Some((since, why));
    }

    /// Somebody rings when something happens, or cannot any more; whether that is new.
    pub fn woken(&mut self, on: bool, words: &str) -> bool {
        if self.woken.as_ref().is_some_and(|(_, known)| known == words) {
            return false;
        }
        self.woken = Some((on, words.to_owned()));
        true
    }

    /// What has become covered, if the log groups that there are were listed at `listed`: a group
    /// that nobody knows of proves nothing, so neither do the others.
    pub fn claim(&mut self, listed: Timestamp) -> Option<Span> {
        let to = self.floor.min(listed);
        let from = self.claimed.plus(1);
        self.claimed = self.claimed.max(to);
        (from <= to).then_some(Span { from, to })
    }

    /// Up to here everything has been read but for what arrives later than most.
    #[must_use]
    pub fn reads_to(&self) -> Timestamp {
        let settle = self.lags.settle_ms();
        let asked = match self.overlap_asked {
            Some((asked, _)) if settle > REACH_MS => asked.min(self.polled),
            _ => self.polled,
        };
        asked.plus(-settle).max(self.floor)
    }

    /// Whether everything was read up to the end that was asked for.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.claimed >= self.until
    }

    /// What was passed on.
    #[must_use]
    pub const fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Events were passed on.
    pub fn passed_on(&mut self, traces: &[Trace]) {
        for trace in traces {
            self.seen.add(trace.time, trace.hash);
            if let Some(lag) = trace.lag {
                self.lags.add(lag);
            }
        }
    }

    /// The piece that the new events of a round are kept in: time that needs not be asked for again
    /// because of it, a millisecond at least, and no other piece's. Its events may be of any time.
    #[must_use]
    pub fn piece(&self, round: Round) -> Span {
        let from = self.kept_to.plus(1);
        let to = match round.aim {
            Aim::Overlap => self.settled(round).plus(-SPARE_MS),
            Aim::Newest | Aim::LookBack => from,
        };
        Span {
            from,
            to: to.max(from),
        }
    }

    /// Everything up to `to` belongs to a piece now.
    pub fn kept(&mut self, to: Timestamp) {
        self.kept_to = self.kept_to.max(to);
    }

    /// Up to here nothing is left to come when a round is over that asked for the whole overlap.
    fn settled(&self, round: Round) -> Timestamp {
        let settled = round.asked.plus(-self.overlap_ms());
        settled.min(round.span.to)
    }

    /// How long to wait before the next round.
    #[must_use]
    pub fn interval(&self, tempo: Tempo, entry: bool) -> Duration {
        if self.failing.is_some() {
            return tempo.longest;
        }
        let longest = match self.woken {
            Some((true, _)) => tempo.longest * 2,
            _ if entry => tempo.shortest * 2,
            _ => tempo.longest,
        };
        let times = 1_u32 << (self.quiet / PATIENCE).min(16);
        tempo.shortest.saturating_mul(times).min(longest)
    }

    /// How it goes, when it is asked every `interval`.
    #[must_use]
    pub fn pulse(&self, interval: Duration) -> Pulse {
        // Where many share the calls of a region, nobody is asked as often as is wanted.
        let interval_ms = interval.as_millis() as i64;
        let every_ms = match self.gap_ms {
            gap if gap > 2 * interval_ms => gap / 1000 * 1000,
            _ => interval_ms,
        };
        let every = duration(every_ms);
        let late = duration(self.lags.settle_ms());
        let mut words = match &self.failing {
            Some((_, why)) => format!("{why}; asked again every {every}"),
            None => format!("asked every {every}; log events arrive up to {late} late"),
        };
        if let Some((_, tail)) = &self.woken {
            words = format!("{words}; {tail}");
        }
        Pulse {
            asked: self.polled,
            reads_to: self.reads_to(),
            silent_since: self.failing.as_ref().map(|(since, _)| *since),
            words,
        }
    }

    fn overlap_ms(&self) -> i64 {
        self.lags.settle_ms().max(OVERLAP_MS)
    }
}
