//! How a measured resource went: where it climbed, where it stood at its limit, where it fell.
//!
//! Figures over time in, stretches out. It judges nothing.

use super::trend::{Point, Trend, trend};
use crate::domain::signals::view::Series;
use crate::domain::time::{Span, Timestamp};

/// Near its limit is what reaches so large a share of it.
const NEAR: f64 = 0.9;
/// A climb is at least so large a share of the limit.
const RISE: f64 = 0.2;
/// What falls to less than this share began anew.
const ANEW: f64 = 0.6;
/// Fewer figures are no climb.
const FEWEST: usize = 3;

/// See the module.
#[derive(Clone, Debug)]
pub struct Course {
    /// The limit.
    pub limit: f64,
    /// Climbs that ended near it, from the first figure to the end of the last one's bucket.
    pub climbs: Vec<Span>,
    /// Those of them after which the figures fell back.
    pub fallen: usize,
    /// Their trend together, by the minute.
    pub trend: Option<Trend>,
    /// Whether there is but one, over most of the time, and it still rises at the end.
    pub rises: bool,
    /// When it stood near its limit: each such figure holds until the next.
    pub near: Vec<Span>,
    /// How wide these are.
    pub width_ms: i64,
}

/// How a series went that came near its limit; `None` if it did not, or tells no limit.
#[must_use]
pub fn course(series: &Series) -> Option<Course> {
    let limit = series.limit?.value();
    if limit <= 0.0 || series.peak.0.value() < NEAR * limit {
        return None;
    }
    let figures: Vec<(Timestamp, f64)> = series
        .over_time
        .iter()
        .map(|(time, range)| (time, range.high.value()))
        .collect();
    let width_ms = series.over_time.width_ms();
    let parts: Vec<&[(Timestamp, f64)]> = figures
        .chunk_by(|before, after| after.1 >= before.1 * ANEW)
        .collect();
    let last = parts.len().saturating_sub(1);
    let (mut climbs, mut points, mut fallen) = (Vec::new(), Vec::new(), 0);
    let mut rises = false;
    for (number, part) in parts.iter().enumerate() {
        let Some(climb) = climb(part, limit) else {
            continue;
        };
        climbs.push(Span::new(
            climb[0].0,
            climb[climb.len() - 1].0.plus(width_ms),
        ));
        fallen += usize::from(number < last);
        let most = 2 * climb.len() >= figures.len();
        rises = number == last && climbs.len() == 1 && most && still_rises(part);
        points.push(by_minute(climb));
    }
    let all: Vec<&[Point]> = points.iter().map(Vec::as_slice).collect();
    Some(Course {
        limit,
        climbs,
        fallen,
        trend: trend(&all),
        rises,
        near: near(&figures, limit, width_ms),
        width_ms,
    })
}

fn near(figures: &[(Timestamp, f64)], limit: f64, width_ms: i64) -> Vec<Span> {
    let mut near = Vec::new();
    for (index, (time, high)) in figures.iter().enumerate() {
        if *high >= NEAR * limit {
            // What a message does last it does before it is missed: one bucket more.
            let least = time.plus(2 * width_ms);
            let next = figures.get(index + 1).map_or(least, |next| next.0);
            near.push(Span::new(*time, next.max(least)));
        }
    }
    near
}

/// From the lowest figure to the highest one behind it, if that is a climb to the limit.
fn climb(part: &[(Timestamp, f64)], limit: f64) -> Option<&[(Timestamp, f64)]> {
    let top = (0..part.len()).max_by(|a, b| part[*a].1.total_cmp(&part[*b].1))?;
    let bottom = (0..=top).min_by(|a, b| part[*a].1.total_cmp(&part[*b].1))?;
    let climb = &part[bottom..=top];
    let rise = part[top].1 - part[bottom].1;
    let steep = part[top].1 >= NEAR * limit && rise >= RISE * limit;
    (steep && climb.len() >= FEWEST).then_some(climb)
}

/// Whether the second half of the figures rises too: what has warmed up and stands is no climb.
fn still_rises(part: &[(Timestamp, f64)]) -> bool {
    const CHANCE: f64 = 0.01;
    let half = by_minute(&part[part.len() / 2..]);
    trend(&[&half]).is_some_and(|trend| trend.chance <= CHANCE)
}

fn by_minute(figures: &[(Timestamp, f64)]) -> Vec<Point> {
    let start = figures.first().map_or(Timestamp::MIN, |figure| figure.0);
    figures
        .iter()
        .map(|(time, high)| (time.since(start) as f64 / 60_000.0, *high))
        .collect()
}
