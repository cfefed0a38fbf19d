//! What was known of a message when it came to a stage: a later word may be of the loss itself (another
//! attempt, an error, what is missing because the line that says it never came), and nothing that comes of a
//! loss is what the lost have in common.

use super::graph::{Graph, stages_in};
use super::lifecycle::Fold;
use super::sheet::{Case, Column};
use super::time::Timestamp;
use super::verdict::Verdict;

/// What nearly all say after they came, lost or not, is no trace of the loss.
const NEARLY_ALL: f64 = 0.95;

/// By stage: when a message came to it, and when it was seen further on.
pub(super) fn bounds(graph: &Graph, fold: &Fold, out: &mut Vec<(Timestamp, Timestamp)>) {
    out.clear();
    for (stage, visit) in fold.visits.iter().enumerate() {
        let came = if visit.enter.any() {
            visit.enter.first
        } else {
            visit.seen.first
        };
        let further = stages_in(graph.nodes[stage].descendants);
        let further = further.filter_map(|s| fold.visits.get(s));
        let went = further
            .filter(|visit| visit.seen.any())
            .map(|visit| visit.seen.first)
            .min()
            .unwrap_or(Timestamp::MAX);
        out.push((came, went.max(came)));
    }
}

/// Forgets what was said after a message came to the column's stage, unless nearly all say it there.
/// `late` tells by case whether its cell is such a word.
pub(super) fn forget(column: &mut Column, late: &[bool], cases: &[Case]) {
    let here = |case: &Case| {
        let lost = case.verdict == Verdict::Lost && usize::from(case.last_stage) == column.stage;
        let kept = case.passed & super::graph::bit(column.stage) != 0;
        (lost, kept)
    };
    let (mut lost, mut kept) = ((0_u64, 0_u64), (0_u64, 0_u64));
    for (case, cell) in cases.iter().zip(&column.cells) {
        let said = u64::from(*cell != 0);
        let (is_lost, is_kept) = here(case);
        if is_lost {
            lost = (lost.0 + said, lost.1 + 1);
        } else if is_kept {
            kept = (kept.0 + said, kept.1 + 1);
        }
    }
    let nearly_all = |(said, all): (u64, u64)| said as f64 >= NEARLY_ALL * all as f64;
    if nearly_all(lost) && nearly_all(kept) {
        return;
    }
    for (cell, late) in column.cells.iter_mut().zip(late) {
        if *late {
            *cell = 0;
        }
    }
}
