//! In which order messages pass the places, where they begin, and where they may end.
//!
//! Order is put to the vote, pair by pair. Where the clocks of two places are too far apart to tell, it is
//! told by who is missing (of those that are seen at one only, most were on their way to the other), and
//! by how long it takes: delays have a long tail, and it points onward whatever the clocks say. Where
//! messages end is taken from the environments and times where most went on: that many die at a place makes it no exit.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::time::Timestamp;

/// A way that so few of those who come to a stage take is an accident, in percent...
const SELDOM: usize = 2;
/// ...unless so many of those who go on from where it begins take it, in percent.
const MOSTLY: usize = 30;
/// Where so many of those who were somewhere come right after it, all have to, in percent.
const ALL: usize = 90;

/// So many that go on are nearly all.
const NEARLY: f64 = 0.9;

/// One message as it passed: stages with the time of the first sighting at each.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    /// Index of its environment.
    pub(super) env: usize,
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
    /// In the order of time, later of the flow.
    pub(super) stages: Vec<At>,
}

/// The first sighting at a stage.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) stage: usize,
    pub(super) time: Timestamp,
    /// The log that said it.
    pub(super) stream: u32,
    /// Whose clock told the time.
    pub(super) clock: u32,
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
    /// By stage: the share of messages that end there, where they do so at all times alike.
    pub(super) steady: Vec<Option<f64>>,
    /// By stage: share of pairs of sightings that agree with its place in the order.
    pub(super) agree: Vec<f64>,
}

impl Flow {
    /// Whether messages may end here although some go on.
    pub(super) fn ends(&self, stage: usize) -> bool {
        self.onward[stage] < 0.5 || self.steady.get(stage).copied().flatten().is_some()
    }

    /// The stages behind one where most end: messages may pass by them.
    pub(super) fn beyond(&self) -> BTreeSet<usize> {
        let mut beyond = BTreeSet::new();
        for stage in &self.order {
            let before = &self.before[*stage];
            if !before.is_empty() && before.iter().all(|b| self.ends(*b) || beyond.contains(b)) {
                beyond.insert(*stage);
            }
        }
        beyond
    }

    /// Where messages that never go on are known by themselves (`aside`, by stage), and nearly all others do
    /// go on, those have to.
    pub(super) fn leave_aside(&mut self, passages: &[Passage], aside: &[BTreeSet<usize>]) {
        for (stage, aside) in aside.iter().enumerate().filter(|(_, a)| !a.is_empty()) {
            let (mut came, mut on) = (0usize, 0usize);
            let others = passages.iter().enumerate();
            for (_, passage) in others.filter(|(index, _)| !aside.contains(index)) {
                if let Some(at) = passage.stages.iter().position(|at| at.stage == stage) {
                    came += 1;
                    on += usize::from(at + 1 < passage.stages.len());
                }
            }
            let share = on as f64 / came.max(1) as f64;
            if share >= NEARLY {
                self.onward[stage] = self.onward[stage].max(share);
            }
        }
    }

    /// Leaves out the ways from where most end to where others have to come: they are somebody's way round
    /// (a notice of what bounced, delivered like a message), and would be missed of all who end.
    pub(super) fn part_ends(&mut self) {
        let beyond = self.beyond();
        let ends: Vec<bool> = (0..self.before.len())
            .map(|stage| self.ends(stage) || beyond.contains(&stage))
            .collect();
        for (stage, before) in self.before.iter_mut().enumerate() {
            if !beyond.contains(&stage) && before.iter().any(|b| !ends[*b]) {
                before.retain(|b| !ends[*b]);
            }
        }
    }

    /// The flow of all messages through `count` stages, in a window that ends then.
    pub(super) fn of(
        passages: &mut [Passage],
        count: usize,
        window: (Timestamp, Timestamp),
    ) -> Self {
        let votes = votes(passages, count);
        let order = order(passages, &votes, count);
        let mut rank = vec![0; count];
        for (at, stage) in order.iter().enumerate() {
            rank[*stage] = at;
        }
        for passage in passages.iter_mut() {
            passage.stages.sort_by_key(|at| rank[at.stage]);
        }
        let mut flow = Self {
            agree: agreement(&votes, &rank),
            order,
            ..Self::default()
        };
        flow.seen = vec![0; count];
        for at in passages.iter().flat_map(|p| &p.stages) {
            flow.seen[at.stage] += 1;
        }
        flow.before = before(passages, &flow.seen, count);
        flow.onward = onward(passages, count, window);
        flow
    }
}

/// How often each stage was seen before each other, by stage and other, as far as clocks can tell; else
/// all the votes go to whom the other signs speak for.
fn votes(passages: &[Passage], count: usize) -> Vec<Vec<usize>> {
    let mut votes = vec![vec![0; count]; count];
    let mut both = vec![vec![0; count]; count];
    let mut seen = vec![0; count];
    for passage in passages {
        for (at, a) in passage.stages.iter().enumerate() {
            seen[a.stage] += 1;
            for (behind, b) in passage.stages.iter().enumerate() {
                // What one log says at one moment stands in its order.
                let next = a.time == b.time && a.stream == b.stream && at < behind;
                votes[a.stage][b.stage] += usize::from(a.time < b.time || next);
                both[a.stage][b.stage] += 1;
            }
        }
    }
    for a in 0..count {
        for b in a + 1..count {
            let (with, against) = (votes[a][b], votes[b][a]);
            let (only_a, only_b) = (seen[a] - both[a][b], seen[b] - both[a][b]);
            // Nine of ten are no matter of clocks.
            if with.max(against) >= 9 * with.min(against) || with + against == 0 {
                continue;
            }
            let told = only_a.max(only_b) >= 10 && only_a.max(only_b) >= 4 * only_b.min(only_a);
            let first = if told {
                Some(only_a > only_b)
            } else {
                tail(passages, a, b)
            };
            if let Some(first) = first {
                let most = with.max(against);
                (votes[a][b], votes[b][a]) = if first { (most, 0) } else { (0, most) };
            }
        }
    }
    votes
}

/// Whether the long tail of the delays between two stages points from the first to the second; by pairs
/// of clocks, since each pair has its own error.
fn tail(passages: &[Passage], a: usize, b: usize) -> Option<bool> {
    let mut delays: BTreeMap<(u32, u32), Vec<i64>> = BTreeMap::new();
    for passage in passages {
        let at = |stage: usize| passage.stages.iter().find(|at| at.stage == stage);
        if let (Some(a), Some(b)) = (at(a), at(b)) {
            delays
                .entry((a.clock, b.clock))
                .or_default()
                .push(b.time.since(a.time));
        }
    }
    let (mut onward, mut backward) = (0, 0);
    for delays in delays.values_mut().filter(|delays| delays.len() >= 20) {
        delays.sort_unstable();
        let quantile = |share: usize| delays[(delays.len() - 1) * share / 100];
        let (early, late) = (quantile(50) - quantile(5), quantile(95) - quantile(50));
        if late * 4 > early * 5 {
            onward += delays.len();
        } else if early * 4 > late * 5 {
            backward += delays.len();
        }
    }
    (onward.max(backward) >= 3 * onward.min(backward).max(10)).then_some(onward > backward)
}

/// Takes again and again the stage that fewest of the remaining come before.
fn order(passages: &[Passage], votes: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut delay = vec![(0i128, 0i128); count];
    for passage in passages {
        for at in &passage.stages {
            delay[at.stage].0 += i128::from(at.time.since(passage.first));
            delay[at.stage].1 += 1;
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
        let Some(next) = left
            .iter()
            .copied()
            .min_by_key(|s| (behind(*s), mean(*s), *s))
        else {
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
            with += if rank[stage] < rank[other] {
                before
            } else {
                after
            };
        }
        if all == 0 {
            0.5
        } else {
            with as f64 / all as f64
        }
    };
    (0..votes.len()).map(of).collect()
}

/// The stages right before each, those left out that hardly anybody comes from.
fn before(passages: &[Passage], seen: &[usize], count: usize) -> Vec<BTreeSet<usize>> {
    let mut edges: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut begun = vec![0; count];
    for passage in passages {
        if let Some(first) = passage.stages.first() {
            begun[first.stage] += 1;
        }
        for pair in passage.stages.windows(2) {
            *edges.entry((pair[0].stage, pair[1].stage)).or_default() += 1;
        }
    }
    let mut left = vec![0; count];
    for ((from, _), n) in &edges {
        left[*from] += n;
    }
    let mut before = vec![BTreeSet::new(); count];
    for stage in 0..count {
        let mut into: Vec<(usize, usize)> = edges
            .iter()
            .filter(|((_, to), _)| *to == stage)
            .map(|((from, _), n)| (*n, *from))
            .collect();
        into.sort_unstable_by(|a, b| b.cmp(a));
        // Most begin here: what is seen before is an accident. A rare stage may only look so: the first
        // lines of its messages were not looked at.
        if begun[stage] * 2 > seen[stage] && (seen[stage] * 20 > passages.len() || into.is_empty())
        {
            // But where all who come somewhere go on to here, they have to: others began before the log does.
            let all = |from: usize, n: usize| {
                seen[from] * 20 > passages.len() && n * 100 >= seen[from] * ALL
            };
            let must = into.iter().filter(|(n, from)| all(*from, *n));
            before[stage] = must.map(|(_, from)| *from).collect();
            continue;
        }
        let total: usize = into.iter().map(|(n, _)| n).sum();
        for (at, (n, from)) in into.iter().enumerate() {
            if at == 0 || n * 100 >= total * SELDOM || n * 100 >= left[*from] * MOSTLY {
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
        for (at, here) in passage.stages.iter().enumerate() {
            let goes_on = usize::from(at + 1 < passage.stages.len());
            for cell in [
                cells.entry((here.stage, passage.env, part)).or_default(),
                &mut all[here.stage],
            ] {
                cell.0 += goes_on;
                cell.1 += 1;
            }
        }
    }
    let mut best: Vec<f64> = all
        .iter()
        .map(|(on, n)| *on as f64 / (*n).max(1) as f64)
        .collect();
    for ((stage, ..), (on, n)) in &cells {
        if *n >= 10.max(all[*stage].1 / 200) {
            best[*stage] = best[*stage].max(*on as f64 / *n as f64);
        }
    }
    best
}
