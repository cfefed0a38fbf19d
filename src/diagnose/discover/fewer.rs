//! A flow that a person can read has few stages: of steps that follow each other at once, and that nobody
//! leaves between, the first stands for all.
//!
//! What the others say is a sighting without a stage: it still tells where a message was last seen.

use super::flow::{Flow, Passage};
use super::placing::Placing;
use super::ways::Merged;

/// So many stages can be read.
const READ: usize = 12;
/// Of those who come to the first of two steps, so many must come to the second, in percent.
const ALL: usize = 98;

/// The places without the steps that say least, if there are too many stages.
pub(super) fn steps(
    placing: &Placing,
    merged: &[Merged],
    flow: &Flow,
    passages: &[Passage],
) -> Option<Placing> {
    let spare = merged.len().checked_sub(READ).filter(|spare| *spare > 0)?;
    let only = |stage: usize| *merged[stage].places.first().unwrap_or(&0) as usize;
    let mut quick: Vec<(i64, usize, usize)> = (0..merged.len())
        .filter_map(|stage| {
            let from = follows(flow, stage)?;
            let told = |at: usize| merged[at].places.len() == 1 && placing.own[only(at)].is_some();
            (told(stage) && told(from)).then(|| (delay(passages, from, stage), stage, from))
        })
        .collect();
    quick.sort_unstable();
    quick.truncate(spare);
    if quick.is_empty() {
        return None;
    }
    let mut kept: Vec<usize> = (0..merged.len()).collect();
    for (_, stage, from) in quick {
        kept[stage] = from;
    }
    let mut placing = placing.clone();
    for stage in 0..kept.len() {
        let mut first = stage;
        while kept[first] != first {
            first = kept[first];
        }
        if first != stage {
            let (gone, stays) = (only(stage) as u32, only(first) as u32);
            let lines = placing.of_line.iter_mut();
            lines.filter(|at| **at == gone).for_each(|at| *at = stays);
        }
    }
    Some(placing)
}

/// The step that one follows and that leads nowhere else, where it is neither the first nor the last.
fn follows(flow: &Flow, stage: usize) -> Option<usize> {
    let mut before = flow.before[stage].iter();
    let (from, None) = (*before.next()?, before.next()) else {
        return None;
    };
    let led = |from: usize| flow.before.iter().filter(|b| b.contains(&from)).count();
    let all = flow.seen[stage] * 100 >= flow.seen[from] * ALL;
    let ends = flow.ends(stage) || flow.ends(from);
    (all && !ends && led(from) == 1 && led(stage) > 0).then_some(from)
}

/// How long it mostly takes from one stage to another.
fn delay(passages: &[Passage], from: usize, to: usize) -> i64 {
    let took = passages.iter().filter_map(|passage| {
        let at = |stage: usize| passage.stages.iter().find(|at| at.stage == stage);
        Some(at(to)?.time.since(at(from)?.time))
    });
    let mut took: Vec<i64> = took.collect();
    took.sort_unstable();
    took.get(took.len() / 2).copied().unwrap_or(0)
}
