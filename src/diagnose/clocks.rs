//! How far from the truth the time of a loss may be read: the clocks of a stage may differ, and a
//! message is lost somewhat after it was seen.
//!
//! Both are measured on the messages that went on; no clock is corrected.

use super::onset::Slack;
use super::population::Population;
use crate::domain::graph::{bit, stages_in};
use crate::domain::lifecycle::SKEW_MS;

/// A clock seen on fewer messages than this is not measured.
const ENOUGH: usize = 10;
/// Clocks that are kept in time differ by so much and nobody minds.
const USUAL_MS: i64 = 1_000;

/// What those that went on from a stage tell of it.
#[must_use]
pub fn slack(population: &Population<'_>) -> Slack {
    Slack {
        clocks_ms: apart(population).clamp(USUAL_MS, SKEW_MS),
        after_ms: dwell(population),
    }
}

/// The 99th percentile of the time from a message's first sighting here to its first at the next
/// stage, or to its last here where none follows.
fn dwell(population: &Population<'_>) -> i64 {
    let sheet = population.sheet;
    let here = &sheet.stages[population.stage];
    let next = sheet.stages.iter().position(|s| s.name == here.next);
    let took = population.kept.iter().filter_map(|member| {
        let index = *member as usize;
        let left = match next {
            Some(next) if sheet.cases[index].seen & bit(next) != 0 => {
                sheet.stages[next].came[index]
            }
            Some(_) => return None,
            None => here.times[index],
        };
        Some(left.since(here.came[index]).max(0))
    });
    let mut took: Vec<i64> = took.collect();
    let at = took.len().saturating_sub(1) * 99 / 100;
    if took.is_empty() {
        return 0;
    }
    *took.select_nth_unstable(at).1
}

/// How far the clock of one log stream of the stage lies from the middle of all of them, at most:
/// the same way takes as long to each, in the middle, so what differs is the clock (or a slow host,
/// which is as uncertain).
fn apart(population: &Population<'_>) -> i64 {
    let sheet = population.sheet;
    let here = population.stage;
    let is_stream = |c: &&&crate::domain::sheet::Column| {
        c.stage == here && &*sheet.names[c.name].text == "stream"
    };
    let Some(column) = population.columns.iter().find(is_stream) else {
        return 0;
    };
    let before = stages_in(sheet.stages[here].upstream & !bit(here)).last();
    let next = sheet.stages.iter();
    let next = next.clone().position(|s| s.name == sheet.stages[here].next);
    let Some(other) = before.or(next) else {
        return 0;
    };
    let mut by_clock: Vec<(u32, i64)> = Vec::new();
    for member in &population.kept {
        let index = *member as usize;
        if sheet.cases[index].seen & bit(other) != 0 {
            let took = sheet.stages[here].came[index].since(sheet.stages[other].came[index]);
            by_clock.push((column.cells[index], took));
        }
    }
    let Some(middle) = median(by_clock.iter().map(|(_, took)| *took).collect()) else {
        return 0;
    };
    by_clock.sort_unstable();
    let clocks = by_clock.chunk_by(|a, b| a.0 == b.0);
    let clocks = clocks.filter(|clock| clock.len() >= ENOUGH);
    let medians = clocks.filter_map(|clock| median(clock.iter().map(|(_, t)| *t).collect()));
    medians.map(|m| (m - middle).abs()).max().unwrap_or(0)
}

fn median(mut values: Vec<i64>) -> Option<i64> {
    if values.is_empty() {
        return None;
    }
    let at = values.len() / 2;
    Some(*values.select_nth_unstable(at).1)
}
