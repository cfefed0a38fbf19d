//! One look over all lifecycles: learns the allowances, gives the verdicts, counts.
//!
//! Only what was touched is folded again before; this pass reads what the folds left, so that a verdict
//! that depends on coverage or allowances changes with them. It costs some 50 ns a message.

use std::collections::HashMap;
use std::sync::Arc;

use super::graph::{Edge, Graph, StageSet, bit, stages_in};
use super::judge::{Court, Waiting, verdict};
use super::latency::{self, Histogram};
use super::ledger::Ledger;
use super::lifecycle::{Course, Outcome, nearest_before};
use super::register::Register;
use super::scope::Scope;
use super::tally::{Survey, Tally};
use super::time::{Span, Timestamp};
use super::verdict::{Flags, Verdict};
use super::view::Basis;

/// Which edges a message with these stages took: measured ones with the place of their latency.
#[derive(Clone, Debug, Default)]
struct Route {
    measured: Vec<(usize, usize)>,
    inferred: Vec<usize>,
}

/// Routes by the stages seen: there are few of them.
#[derive(Default)]
struct Routes {
    known: HashMap<StageSet, usize>,
    last: Option<(StageSet, usize)>,
    all: Vec<Route>,
}

impl Routes {
    fn of(&mut self, graph: &Graph, seen: StageSet) -> &Route {
        let index = match self.last {
            Some((last, index)) if last == seen => index,
            _ => *self.known.entry(seen).or_insert_with(|| {
                self.all.push(Route::new(graph, seen));
                self.all.len() - 1
            }),
        };
        self.last = Some((seen, index));
        &self.all[index]
    }
}

impl Route {
    fn new(graph: &Graph, seen: StageSet) -> Self {
        let mut route = Self::default();
        let find = |from: usize, to: Option<usize>| {
            graph
                .edges
                .iter()
                .position(|e| e.from == from && e.to == to)
        };
        for stage in stages_in(seen).filter(|s| *s < graph.nodes.len()) {
            if let Some(before) = nearest_before(graph, seen, stage) {
                route
                    .measured
                    .extend(find(before, Some(stage)).map(|edge| (edge, stage)));
            } else {
                route.infer(graph, seen, stage);
            }
            if graph.by_exit & bit(stage) != 0 {
                route
                    .measured
                    .extend(find(stage, None).map(|edge| (edge, graph.nodes.len())));
            }
        }
        route
    }

    /// A stage was reached although none right before it was seen: the way from the furthest one seen
    /// earlier is passed, unmeasured.
    fn infer(&mut self, graph: &Graph, seen: StageSet, stage: usize) {
        let Some(mut at) = graph.furthest(graph.before(stage) & seen) else {
            return;
        };
        while at != stage {
            let leads = |e: &&Edge| {
                let to = e.to.map_or(0, |to| bit(to) | graph.nodes[to].descendants);
                e.from == at && !e.side && to & bit(stage) != 0
            };
            let Some(edge) = graph.edges.iter().find(leads) else {
                return;
            };
            let Some(index) = graph.edges.iter().position(|e| e == edge) else {
                return;
            };
            if !self.inferred.contains(&index) {
                self.inferred.push(index);
            }
            let Some(to) = edge.to else { return };
            at = to;
        }
    }
}

impl Ledger {
    pub(super) fn take_survey(&mut self, now: Timestamp) {
        let evidence = self.register.evidence(now);
        let newest = evidence.iter().filter_map(|e| e.coverage.end()).max();
        let horizon = newest.max(self.register.reads_to());
        let mut tallies: Vec<Tally> = self.scopes.iter().map(Tally::new).collect();
        let mut routes: Vec<Routes> = self.scopes.iter().map(|_| Routes::default()).collect();
        self.learn(&mut tallies, &mut routes, horizon);
        let mut courts = Vec::new();
        for (scope, tally) in self.scopes.iter().zip(&mut tallies) {
            tally.allowances = allowances(&scope.graph, &tally.latencies);
            courts.push(court(scope, &tally.allowances, &self.register));
        }
        let newest_or_least = newest.unwrap_or(Timestamp::MIN);
        self.judge(&mut tallies, &mut routes, &|outcome, scope| {
            verdict(outcome, &courts[scope], &evidence, newest_or_least)
        });
        self.survey = Survey {
            stale: false,
            version: self.survey.version + 1,
            evidence,
            horizon,
            now,
            courts,
            tallies,
            overview: Arc::default(),
        };
        self.survey.overview = Arc::new(self.draw_overview());
    }

    /// Latencies of every edge; what has not passed by `horizon` is known to have waited until then.
    fn learn(&self, tallies: &mut [Tally], routes: &mut [Routes], horizon: Option<Timestamp>) {
        let mut add = |id: u32, outcome: &Outcome, passes: &dyn Fn(usize) -> u16| {
            let index = usize::from(self.identities.scope(id));
            let graph = &self.scopes[index].graph;
            let tally = &mut tallies[index];
            for (edge, place) in &routes[index].of(graph, outcome.seen).measured {
                if let Some(bucket) = passes(*place).checked_sub(1) {
                    tally.latencies[*edge].pass(bucket);
                }
            }
            if let (Course::Open, Some(horizon)) = (outcome.course, horizon) {
                for edge in &graph.nodes[usize::from(outcome.last_stage)].out {
                    tally.latencies[*edge].wait(horizon.since(outcome.last));
                }
            }
        };
        for (id, outcome) in self.outcomes.iter().enumerate() {
            if outcome.course != Course::None {
                let first = id as u32 * self.stride as u32;
                add(id as u32, outcome, &|place| {
                    self.passes[first + place as u32]
                });
            }
        }
        for (id, uses) in &self.earlier {
            for earlier in uses {
                add(*id, &earlier.outcome, &|place| earlier.passes[place]);
            }
        }
    }

    /// Verdicts and counts.
    fn judge(
        &mut self,
        tallies: &mut [Tally],
        routes: &mut [Routes],
        verdict: &dyn Fn(&Outcome, usize) -> (Verdict, Flags),
    ) {
        let (scopes, identities, window) = (&self.scopes, &self.identities, self.window);
        let mut settle = |id: u32, outcome: &mut Outcome, passes: &dyn Fn(usize) -> u16| {
            let scope = usize::from(identities.scope(id));
            let route = routes[scope].of(&scopes[scope].graph, outcome.seen);
            let tally = &mut tallies[scope];
            let (verdict, evidence_flags) = verdict(outcome, scope);
            let late = route.measured.iter().any(|(edge, place)| {
                let bucket = passes(*place).checked_sub(1);
                bucket.is_some_and(|b| b > latency::bucket(tally.allowances[*edge].0))
            });
            let fixed = outcome.flags.0 & !(Flags::LATE.0 | Flags::TRUNCATED.0);
            outcome.flags = Flags(fixed).with(evidence_flags);
            if late {
                outcome.flags = outcome.flags.with(Flags::LATE);
            }
            outcome.verdict = verdict;
            if counts_in(window, outcome) {
                tally.count(&scopes[scope].graph, outcome, route, passes);
            }
        };
        for id in 0..self.outcomes.len() as u32 {
            let mut outcome = self.outcomes[id];
            if outcome.course != Course::None {
                let first = id * self.stride as u32;
                settle(id, &mut outcome, &|place| self.passes[first + place as u32]);
                self.outcomes[id] = outcome;
            }
        }
        for (id, uses) in &mut self.earlier {
            for earlier in uses {
                let passes = &earlier.passes;
                settle(*id, &mut earlier.outcome, &|place| passes[place]);
            }
        }
    }
}

/// Whether a lifecycle is one that the answer is about.
pub(super) fn counts_in(window: Option<Span>, outcome: &Outcome) -> bool {
    outcome.course != Course::None
        && window.is_none_or(|w| outcome.first <= w.to && outcome.last >= w.from)
}

impl Tally {
    fn count(
        &mut self,
        graph: &Graph,
        outcome: &Outcome,
        route: &Route,
        passes: &dyn Fn(usize) -> u16,
    ) {
        let stage = usize::from(outcome.last_stage);
        self.entered += u64::from(outcome.seen & graph.entries != 0);
        self.counts.0[outcome.verdict as usize] += 1;
        self.here[stage].0[outcome.verdict as usize] += 1;
        self.duplicates += u64::from(outcome.flags.has(Flags::DUPLICATE));
        self.late += u64::from(outcome.flags.has(Flags::LATE));
        for seen in stages_in(outcome.seen) {
            self.reached[seen] += 1;
        }
        for (edge, place) in &route.measured {
            self.passed[*edge] += u64::from(passes(*place) > 0);
        }
        for edge in &route.inferred {
            self.passed[*edge] += 1;
        }
        if outcome.verdict == Verdict::Lost {
            let moment = Span::new(outcome.last, outcome.last);
            let span = &mut self.lost_spans[stage];
            *span = Some(span.map_or(moment, |s| s.union(moment)));
        }
    }
}

fn allowances(graph: &Graph, latencies: &[Histogram]) -> Vec<(i64, Basis)> {
    let edges = graph.edges.iter().zip(latencies);
    edges
        .map(|(edge, latencies)| {
            edge.within_ms
                .map_or_else(|| latencies.allowance(), |ms| (ms, Basis::Configured))
        })
        .collect()
}

fn court(scope: &Scope, allowances: &[(i64, Basis)], register: &Register) -> Court {
    let graph = &scope.graph;
    let sources_of = |stages: StageSet| {
        let mut sources = Vec::new();
        let mut unwatched = false;
        for stage in stages_in(stages) {
            let existing = scope.sources[stage]
                .iter()
                .filter(|id| register.exists(**id));
            let before = sources.len();
            sources.extend(existing.map(|id| id.0 as usize));
            unwatched |= sources.len() == before;
        }
        sources.sort_unstable();
        sources.dedup();
        (sources, unwatched)
    };
    let mut waiting: Vec<Waiting> = (0..graph.nodes.len())
        .map(|stage| {
            let own = if graph.terminals & bit(stage) != 0 {
                bit(stage)
            } else {
                0
            };
            let (sources, unwatched) = sources_of(graph.nodes[stage].next | own);
            let allowance_ms = patience(graph, stage, allowances);
            Waiting {
                allowance_ms,
                sources,
                unwatched,
                lead_ms: 0,
            }
        })
        .collect();
    for _ in 0..graph.nodes.len() {
        for (edge, (allowance, _)) in graph.edges.iter().zip(allowances) {
            if let Some(to) = edge.to {
                let lead = waiting[edge.from].lead_ms.saturating_add(*allowance);
                waiting[to].lead_ms = waiting[to].lead_ms.max(lead);
            }
        }
    }
    let (entry_sources, entry_unwatched) = sources_of(graph.entries);
    Court {
        waiting,
        entry_sources,
        entries: graph.entries,
        entry_unwatched,
    }
}

/// How long a message may stay at a stage: the longest allowance of the ways on. A way to a dead-letter
/// stage that nothing is known of does not count beside others: most messages never take it.
fn patience(graph: &Graph, stage: usize, allowances: &[(i64, Basis)]) -> i64 {
    let out = &graph.nodes[stage].out;
    let aside = |edge: usize| {
        graph.edges[edge]
            .to
            .is_some_and(|to| graph.dead_letter & bit(to) != 0)
    };
    let known = |edge: usize| allowances[edge].1 != Basis::Default;
    let others = out.iter().any(|edge| !aside(*edge));
    out.iter()
        .filter(|edge| !others || !aside(**edge) || known(**edge))
        .map(|edge| allowances[*edge].0)
        .max()
        .unwrap_or(latency::DEFAULT_MS)
}
