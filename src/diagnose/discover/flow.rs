//! In which order messages pass the places, where they begin, and where they may end.
//!
//! Order is put to the vote, pair by pair, so that skewed clocks do not decide it. Where messages end is
//! taken from the environments and times where most went on: that many die at a place makes it no exit.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::time::Timestamp;

/// A way that so few of those who come to a stage take is an accident, in percent.
const SELDOM: usize = 2;

/// One message as it passed: stages with the time of the first sighting at each.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    /// Index of its environment.
    pub(super) env: usize,
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
    /// In the order of the stages' numbers, later of the flow.
    pub(super) stages: Vec<(usize, Timestamp)>,
}

/// The order of things.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    /// Stages in the order they are passed.
    pub(super) order: Vec<usize>,
    /// By stage: those before it.
    pub(super) before: Vec<BTreeSet<usize>>,
    /// By stage: messages seen there.
    pub(super) seen: Vec<usize>,
    /// By stage: the best share of messages that went on, of any environment and time.
    pub(super) onward: Vec<f64>,
    /// By stage: share of pairs of sightings that agree with its place in the order.
    pub(super) agree: Vec<f64>,
}

impl Flow {
    /// Whether messages may end here although some go on.
    pub(super) fn ends(&self, stage: usize) -> bool {
        self.onward[stage] < 0.5
    }

    /// The flow of all messages through `count` stages, in a window that ends then.
    pub(super) fn of(passages: &mut [Passage], count: usize, window: (Timestamp, Timestamp)) -> Self {
        let votes = votes(passages, count);
        let order = order(passages, &votes, count);
        let mut rank = vec![0; count];
        for (at, stage) in order.iter().enumerate() {
            rank[*stage] = at;
        }
        for passage in passages.iter_mut() {
            passage.stages.sort_by_key(|(stage, _)| rank[*stage]);
        }
        let mut flow = Self {
            agree: agreement(&votes, &rank),
            order,
            ..Self::default()
        };
        flow.seen = vec![0; count];
        for (stage, _) in passages.iter().flat_map(|p| &p.stages) {
            flow.seen[*stage] += 1;
        }
        flow.before = before(passages, &flow.seen, count);
        flow.onward = onward(passages, count, window);
        flow
    }
}

/// How often each stage was seen before each other, by stage and other.
fn votes(passages: &[Passage], count: usize) -> Vec<Vec<usize>> {
    let mut votes = vec![vec![0; count]; count];
    for passage in passages {
        for (a, first) in &passage.stages {
            for (b, second) in &passage.stages {
                if first < second {
                    votes[*a][*b] += 1;
                }
            }
        }
    }
    votes
}

/// Takes again and again the stage that fewest of the remaining come before.
fn order(passages: &[Passage], votes: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut delay = vec![(0i128, 0i128); count];
    for passage in passages {
        for (stage, time) in &passage.stages {
            delay[*stage].0 += i128::from(time.since(passage.first));
            delay[*stage].1 += 1;
        }
    }
    let mean = |stage: usize| delay[stage].0 / delay[stage].1.max(1);
    let mut left: BTreeSet<usize> = (0..count).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let behind = |stage: usize| {
            let losses = left.iter().filter(|other| **other != stage).map(|other| {
                let (won, lost) = (votes[stage][*other], votes[*other][stage]);
                if lost > won {
                    (lost - won) * 1000 / (lost + won)
                } else {
                    0
                }
            });
            losses.sum::<usize>()
        };
        let Some(next) = left.iter().copied().min_by_key(|s| (behind(*s), mean(*s), *s)) else {
            break;
        };
        left.remove(&next);
        order.push(next);
    }
    order
}

fn agreement(votes: &[Vec<usize>], rank: &[usize]) -> Vec<f64> {
    let of = |stage: usize| {
        let (mut with, mut all) = (0, 0);
        for other in 0..votes.len() {
            let (before, after) = (votes[stage][other], votes[other][stage]);
            all += before + after;
            with += if rank[stage] < rank[other] { before } else { after };
        }
        if all == 0 { 0.5 } else { with as f64 / all as f64 }
    };
    (0..votes.len()).map(of).collect()
}

/// The stages right before each, those left out that hardly anybody comes from.
fn before(passages: &[Passage], seen: &[usize], count: usize) -> Vec<BTreeSet<usize>> {
    let mut edges: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut begun = vec![0; count];
    for passage in passages {
        if let Some((first, _)) = passage.stages.first() {
            begun[*first] += 1;
        }
        for pair in passage.stages.windows(2) {
            *edges.entry((pair[0].0, pair[1].0)).or_default() += 1;
        }
    }
    let mut before = vec![BTreeSet::new(); count];
    for stage in 0..count {
        let mut into: Vec<(usize, usize)> = edges.iter().filter(|((_, to), _)| *to == stage).map(|((from, _), n)| (*n, *from)).collect();
        into.sort_unstable_by(|a, b| b.cmp(a));
        // Most begin here: what is seen before is an accident.
        if begun[stage] * 2 > seen[stage] {
            continue;
        }
        let total: usize = into.iter().map(|(n, _)| n).sum();
        for (at, (n, from)) in into.iter().enumerate() {
            if at == 0 || n * 100 >= total * SELDOM {
                before[stage].insert(*from);
            }
        }
    }
    before
}

/// The share of messages that went on from each stage, where and when it was best.
fn onward(passages: &[Passage], count: usize, (from, to): (Timestamp, Timestamp)) -> Vec<f64> {
    const PARTS: i64 = 8;
    let length = to.since(from).max(1);
    let mut cells: BTreeMap<(usize, usize, i64), (usize, usize)> = BTreeMap::new();
    let mut all = vec![(0usize, 0usize); count];
    for passage in passages {
        // What begins near the end may just not be over.
        if to.since(passage.first) * 20 < length && passages.len() > 50 {
            continue;
        }
        let part = passage.first.since(from) * PARTS / (length + 1);
        for (at, (stage, _)) in passage.stages.iter().enumerate() {
            let goes_on = usize::from(at + 1 < passage.stages.len());
            for cell in [cells.entry((*stage, passage.env, part)).or_default(), &mut all[*stage]] {
                cell.0 += goes_on;
                cell.1 += 1;
            }
        }
    }
    let mut best: Vec<f64> = all.iter().map(|(on, n)| *on as f64 / (*n).max(1) as f64).collect();
    for ((stage, ..), (on, n)) in &cells {
        if *n >= 10.max(all[*stage].1 / 200) {
            best[*stage] = best[*stage].max(*on as f64 / *n as f64);
        }
    }
    best
}
