//! Verdicts: what can be said of a lifecycle on the evidence of what has been read.
//!
//! A pure function of outcome, graph, coverage and allowances. `lost` needs proof of absence;
//! whatever stands in the way of that proof makes a message `pending` or `blind`, never `lost`.

use super::coverage::Coverage;
use super::graph::bit;
use super::lifecycle::{Course, Outcome};
use super::time::{Span, Timestamp};
use super::verdict::{Flags, Verdict};

/// What is known of one source when verdicts are given.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What has been read completely.
    pub coverage: Coverage,
    /// Whether more may come.
    pub standing: Standing,
}

/// Whether a source's coverage may still grow, or was cut short.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Still being read.
    Loading,
    /// Read completely over what was asked for, or followed: nothing but its end is missing.
    Complete,
    /// What is missing will not come.
    Dead,
}

/// What a message waits for at one stage.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// How long it may take, in milliseconds.
    pub allowance_ms: i64,
    /// The sources that would show it, as indices.
    pub sources: Vec<usize>,
    /// Some stage it could come to has no source at all.
    pub unwatched: bool,
    /// How long it may take from an entry to this stage, in milliseconds.
    pub lead_ms: i64,
}

/// Everything a verdict rests on beside the lifecycle itself, for one pipeline in one environment.
#[derive(Clone, Debug, Default)]
pub struct Court {
    /// By stage.
    pub waiting: Vec<Waiting>,
    /// The sources of the entry stages.
    pub entry_sources: Vec<usize>,
    /// The entry stages.
    pub entries: u64,
    /// Some entry stage has no source at all.
    pub entry_unwatched: bool,
}

/// The verdict of one lifecycle, with the flag that depends on coverage.
#[must_use]
pub fn verdict(
    outcome: &Outcome,
    court: &Court,
    evidence: &[Evidence],
    newest: Timestamp,
) -> (Verdict, Flags) {
    let entered = outcome.seen & court.entries != 0;
    let watched = entered || entry_was_watched(outcome, court, evidence);
    let flags = if watched {
        Flags::default()
    } else {
        Flags::TRUNCATED
    };
    let verdict = match outcome.course {
        Course::Completed if !entered && watched => Verdict::Unentered,
        Course::Completed => Verdict::Completed,
        Course::DeadLettered => Verdict::DeadLettered,
        Course::Failed => Verdict::Failed,
        Course::None => Verdict::Pending,
        Course::Open => {
            let waiting = &court.waiting[usize::from(outcome.last_stage)];
            match open_verdict(outcome.last, waiting, evidence, newest) {
                Verdict::Lost if outcome.may_end => Verdict::Blind,
                verdict => verdict,
            }
        }
    };
    (verdict, flags)
}

fn open_verdict(
    last_seen: Timestamp,
    waiting: &Waiting,
    evidence: &[Evidence],
    newest: Timestamp,
) -> Verdict {
    let span = Span {
        from: last_seen,
        to: last_seen.plus(waiting.allowance_ms),
    };
    let (mut alive, mut blind) = (false, waiting.unwatched);
    for source in &waiting.sources {
        let Evidence { coverage, standing } = &evidence[*source];
        alive |= *standing != Standing::Dead;
        if coverage.covers(span) {
            continue;
        }
        match standing {
            Standing::Loading => return Verdict::Pending,
            Standing::Complete if reaches_past_the_end(span, coverage) => return Verdict::Pending,
            Standing::Complete | Standing::Dead => blind = true,
        }
    }
    if !alive && span.to > newest {
        Verdict::Pending
    } else if blind {
        Verdict::Blind
    } else {
        Verdict::Lost
    }
}

/// Whether nothing but the end of what was read stands between the span and its proof.
fn reaches_past_the_end(span: Span, coverage: &Coverage) -> bool {
    let end = coverage.end();
    end.is_some_and(|end| span.from > end)
        || coverage
            .around(span.from)
            .is_some_and(|s| Some(s.to) == end)
}

fn entry_was_watched(outcome: &Outcome, court: &Court, evidence: &[Evidence]) -> bool {
    let shallowest = (0..court.waiting.len())
        .filter(|stage| outcome.seen & bit(*stage) != 0)
        .map(|stage| court.waiting[stage].lead_ms)
        .min();
    let Some(lead) = shallowest else { return false };
    let span = Span {
        from: outcome.first.plus(-lead),
        to: outcome.first,
    };
    !court.entry_unwatched
        && !court.entry_sources.is_empty()
        && court
            .entry_sources
            .iter()
            .all(|s| evidence[*s].coverage.covers(span))
}
