//! How long messages were seen to take: what is learnt must leave them at least that long.

use std::collections::BTreeMap;

use super::flow::{Flow, Passage};
use crate::domain::latency::{DEFAULT_MS, ENOUGH};

/// By stage: how long a message may take to come there, where the run could not learn it by itself and
/// the default is too short. What was seen is cut off by the end of the logs, so it is doubled.
pub(super) fn within(passages: &[Passage], flow: &Flow) -> Vec<Option<i64>> {
    let mut took: BTreeMap<(usize, usize), (u64, i64)> = BTreeMap::new();
    for passage in passages {
        for (index, at) in passage.stages.iter().enumerate() {
            let mut earlier = passage.stages[..index].iter().rev();
            let Some(from) = earlier.find(|from| flow.before[at.stage].contains(&from.stage))
            else {
                continue;
            };
            let edge = took.entry((at.stage, from.stage)).or_default();
            edge.0 += 1;
            edge.1 = edge.1.max(at.time.since(from.time));
        }
    }
    let stages = 0..flow.before.len();
    let within = stages.map(|stage| {
        let edges = || {
            took.range((stage, 0)..=(stage, usize::MAX))
                .map(|(_, edge)| *edge)
        };
        let unlearnt = edges().any(|(n, longest)| n < ENOUGH && 2 * longest > DEFAULT_MS);
        let longest = edges().map(|(_, longest)| longest).max()?;
        unlearnt.then(|| rounded(2 * longest))
    });
    within.collect()
}

/// Up to a whole minute.
const fn rounded(ms: i64) -> i64 {
    (ms / 60_000 + 1) * 60_000
}
