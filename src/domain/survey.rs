//! One look over all lifecycles: learns the allowances, gives the verdicts, counts.
//!
//! Only what was touched is folded again before; this pass reads what the folds left, so that a verdict
//! that depends on coverage or allowances changes with them. It costs some 50 ns a message.

use std::sync::Arc;

use super::graph::{Graph, StageSet, bit, stages_in};
use super::judge::{Court, Waiting, verdict};
use super::latency::{self, Basis, Histogram};
use super::ledger::Ledger;
use super::lifecycle::{Course, Outcome};
use super::register::Register;
use super::route::{Route, Routes};
use super::scope::Scope;
use super::tally::{Survey, Tally};
use super::time::{Span, Timestamp};
use super::verdict::{Flags, Verdict};

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
            for step in &routes[index].of(graph, outcome.seen).measured {
                if let Some(bucket) = passes(step.place).checked_sub(1) {
                    tally.latencies[step.edge].pass(bucket);
                }
            }
            if let (Course::Open, false, Some(horizon)) = (outcome.course, outcome.may_end, horizon)
            {
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
            let late = route.measured.iter().any(|step| {
                let bucket = passes(step.place).checked_sub(1);
                bucket.is_some_and(|b| b > latency::bucket(tally.allowances[step.edge].0))
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
        self.may_end[stage] += u64::from(outcome.may_end && outcome.verdict == Verdict::Blind);
        self.duplicates += u64::from(outcome.flags.has(Flags::DUPLICATE));
        self.late += u64::from(outcome.flags.has(Flags::LATE));
        for seen in stages_in(outcome.seen) {
            self.reached[seen] += 1;
            self.times[seen] = outcome.first;
        }
        for step in &route.measured {
            if let Some(bucket) = passes(step.place).checked_sub(1) {
                let time = self.times[step.from];
                self.pass(step.edge, time);
                if let Some(to) = step.to {
                    self.times[to] = time.plus(latency::upper(bucket));
                }
            }
        }
        for (edge, from) in &route.inferred {
            self.pass(*edge, self.times[*from]);
        }
        self.stay(stage, outcome.verdict);
        if outcome.verdict == Verdict::Lost {
            let moment = Span::new(outcome.last, outcome.last);
            let span = &mut self.lost_spans[stage];
            *span = Some(span.map_or(moment, |s| s.union(moment)));
        }
    }
}

impl Tally {
    /// A message that reached the edge's beginning at this time passed it.
    fn pass(&mut self, edge: usize, time: Timestamp) {
        self.passed[edge] += 1;
        let flow = self.flows[edge].at(time);
        flow.entered += 1;
        flow.passed += 1;
    }

    /// A message came to this stage and not out of it, unless its verdict says so.
    fn stay(&mut self, stage: usize, verdict: Verdict) {
        if !matches!(verdict, Verdict::Completed | Verdict::Unentered) {
            let flow = self.stuck_flows[stage].at(self.times[stage]);
            flow.entered += 1;
            flow.lost += u64::from(verdict == Verdict::Lost);
            flow.blind += u64::from(verdict == Verdict::Blind);
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
