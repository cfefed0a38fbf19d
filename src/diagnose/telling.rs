//! Which measurements changed when a finding began, and when processes were started meanwhile.
//!
//! That two things changed at once is shown side by side; nothing here says that one caused the other.

use std::cmp::Ordering;
use std::sync::Arc;

use super::finding::{Finding, Onset};
use crate::domain::buckets::Buckets;
use crate::domain::event::SourceId;
use crate::domain::signals::view::{Activity, Amount, Range, Series, Signals};
use crate::domain::time::Timestamp;
use crate::domain::view::Overview;

/// More than this are not looked at by anybody.
const MOST: usize = 4;
/// Of those that did not change, so many.
const QUIET: usize = 2;
/// From this score on something changed, or came to its limit.
const CHANGED: f64 = 2.0;
/// Fewer buckets with a measurement make no line.
const FEWEST: usize = 4;
/// A difference of means counts in units of the usual deviation, and of this share of the mean.
const NOISE: f64 = 0.05;

/// About what measurements are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The sources of the environment concerned.
    sources: Vec<SourceId>,
    /// Those of the edge concerned.
    near: Vec<SourceId>,
    /// When it began.
    onset: Option<Onset>,
}

impl Wanted {
    /// What belongs to a finding.
    #[must_use]
    pub fn of(finding: &Finding, overview: &Overview) -> Self {
        let here = |env: &Arc<str>| finding.env.as_ref().is_none_or(|wanted| wanted == env);
        let sources = overview.sources.iter().filter(|s| here(&s.source.env));
        let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
        let stages = environments
            .filter(|e| here(&e.name))
            .flat_map(|e| &e.stages);
        let ends = finding.edge.as_ref();
        let near = stages.filter(|s| ends.is_some_and(|(a, b)| s.name == *a || s.name == *b));
        Self {
            sources: sources.map(|s| s.id).collect(),
            near: near.flat_map(|s| s.sources.iter().copied()).collect(),
            onset: finding.onset,
        }
    }
}

/// A series of measurements, ready to be drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// What is measured.
    pub key: Arc<str>,
    /// Where.
    pub source: Arc<str>,
    /// In which region; may be empty.
    pub region: Arc<str>,
    /// The stream; `None` stands for the whole source.
    pub stream: Option<Arc<str>>,
    /// The greatest limit that was told with it.
    pub limit: Option<Amount>,
    /// The measurements over time.
    pub over_time: Buckets<Range>,
}

/// See the module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Telling {
    /// The most telling series first.
    pub series: Vec<Told>,
    /// When processes said that they start, in order.
    pub starts: Vec<Timestamp>,
}

/// The series that changed most around the onset; without one, those that came nearest to their limit.
#[must_use]
pub fn telling(signals: &Signals, wanted: &Wanted, overview: &Overview) -> Telling {
    let mine = signals.series.iter();
    let mine = mine.filter(|s| wanted.sources.contains(&s.source));
    let mut scored: Vec<(f64, &Series)> = mine
        .filter(|s| s.over_time.len() >= FEWEST)
        .map(|s| (score(s, wanted), s))
        .filter(|(score, _)| *score > 0.0)
        .collect();
    scored.sort_by(|(a, x), (b, y)| {
        let name = |s: &Series| (s.source, s.key.clone(), s.stream.clone());
        b.total_cmp(a).then_with(|| name(x).cmp(&name(y)))
    });
    let mut chosen: Vec<&Series> = Vec::new();
    for (score, series) in scored {
        // A source and its streams measure the same; what did not change is told once of each kind.
        let same =
            |s: &&Series| s.key == series.key && (s.source == series.source || score < CHANGED);
        let room = if score < CHANGED { QUIET } else { MOST };
        if chosen.len() < room && !chosen.iter().any(same) {
            chosen.push(series);
        }
    }
    let place = |id: SourceId| {
        let source = overview.sources.iter().find(|s| s.id == id);
        source.map_or_else(
            || ("".into(), "".into()),
            |s| (s.source.name.clone(), s.source.region.clone()),
        )
    };
    Telling {
        series: chosen
            .into_iter()
            .map(|s| {
                let (source, region) = place(s.source);
                Told {
                    key: Arc::clone(&s.key),
                    source,
                    region,
                    stream: s.stream.clone(),
                    limit: s.limit,
                    over_time: s.over_time.clone(),
                }
            })
            .collect(),
        starts: starts(signals, wanted),
    }
}

/// Starts of the edge's own processes; where they tell of none, of all of the environment.
fn starts(signals: &Signals, wanted: &Wanted) -> Vec<Timestamp> {
    let of = |sources: &[SourceId]| -> Vec<Timestamp> {
        let whole = signals.sources.iter().chain(&signals.streams);
        let mine = whole.filter(|a: &&Activity| sources.contains(&a.source));
        let mut starts: Vec<_> = mine.flat_map(|a| a.starts.iter().copied()).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    };
    let near = of(&wanted.near);
    if near.is_empty() {
        of(&wanted.sources)
    } else {
        near
    }
}

/// How telling a series is; 0 where it never changes.
fn score(series: &Series, wanted: &Wanted) -> f64 {
    let buckets: Vec<(Timestamp, f64)> = series
        .over_time
        .iter()
        .map(|(start, range)| (start, range.high.value()))
        .collect();
    let values = || buckets.iter().map(|(_, value)| *value);
    let (low, high) = values().fold((f64::MAX, f64::MIN), |(low, high), v| {
        (low.min(v), high.max(v))
    });
    if low.total_cmp(&high) != Ordering::Less {
        return 0.0;
    }
    let width = series.over_time.width_ms();
    let full = series.limit.map_or(0.0, |l| high / l.value().max(0.001));
    let changed = wanted.onset.map_or(0.0, |onset| {
        let end = onset.until.unwrap_or(Timestamp::MAX);
        let before = buckets.iter().filter(|(t, _)| t.plus(width) <= onset.low);
        let after = buckets
            .iter()
            .filter(|(t, _)| *t >= onset.high.plus(-width) && *t < end);
        change(
            &before.map(|(_, v)| *v).collect::<Vec<_>>(),
            &after.map(|(_, v)| *v).collect::<Vec<_>>(),
        )
    });
    let near = if wanted.near.contains(&series.source) {
        2.0
    } else {
        1.0
    };
    (changed + full.min(1.0) + 0.01) * near
}

/// How far two means lie apart, in units of the usual deviation: Cohen's d (Cohen, "Statistical Power
/// Analysis for the Behavioral Sciences", 1988), its unit never less than a share of the mean.
fn change(before: &[f64], after: &[f64]) -> f64 {
    if before.is_empty() || after.is_empty() {
        return 0.0;
    }
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let (a, b) = (mean(before), mean(after));
    let spread = |list: &[f64], mean: f64| {
        list.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / list.len() as f64
    };
    let unit = f64::midpoint(spread(before, a), spread(after, b)).sqrt();
    (b - a).abs() / (unit + NOISE * a.abs().max(b.abs()) + f64::MIN_POSITIVE)
}
