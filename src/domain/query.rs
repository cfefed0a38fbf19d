//! Questions about one message: its row in a list, and everything about it.
//!
//! Reads what the last survey left.

use std::sync::Arc;

use super::graph::bit;
use super::ledger::Ledger;
use super::lifecycle::{Fact, Fold, Outcome, uses};
use super::pipeline::NO_STAGE;
use super::scope::Scope;
use super::view::{
    AttributeValue, LifecycleView, MessageHandle, MessageRow, SightingView, StepView,
};
use super::why;

impl Ledger {
    pub(super) fn scope_of(&self, node: u32) -> &Scope {
        &self.scopes[usize::from(self.identities.scope(node))]
    }

    pub(super) fn outcome(&self, handle: MessageHandle) -> Option<&Outcome> {
        let earlier = self.earlier.get(&handle.node).map_or(&[][..], |e| e);
        match earlier.get(handle.generation as usize) {
            Some(earlier) => Some(&earlier.outcome),
            None if (handle.node as usize) < self.outcomes.len() => {
                Some(&self.outcomes[handle.node])
            }
            None => None,
        }
    }

    /// The sightings of one use of an ID.
    pub(super) fn facts_of(&self, handle: MessageHandle) -> Vec<Fact> {
        let (mut facts, mut bounds) = (Vec::new(), Vec::new());
        self.facts(handle.node, &mut facts);
        let scope = self.scope_of(handle.node);
        let reuse_after_ms = self.pipelines[scope.pipeline].reuse_after_ms;
        uses(&scope.graph, &mut facts, reuse_after_ms, &mut bounds);
        let bounds = bounds.get(handle.generation as usize).or(bounds.last());
        let mut facts = bounds.map_or_else(Vec::new, |(from, to)| facts[*from..*to].to_vec());
        let text = |fact: &Fact| self.rows.text(fact.row);
        facts.sort_by_key(|f| (f.time, depth(scope, f.stage), f.mark, text(f), f.clock));
        facts.dedup_by_key(|f| (f.time, f.stage, f.mark, text(f)));
        facts
    }

    /// The ID a message entered with, else the one it was first seen by.
    pub(super) fn id_of(&self, handle: MessageHandle) -> String {
        let facts = self.facts_of(handle);
        self.identities.text(self.first_id(handle, &facts))
    }

    fn first_id(&self, handle: MessageHandle, facts: &[Fact]) -> u32 {
        let entries = self.scope_of(handle.node).graph.entries;
        let entered = |f: &&Fact| f.stage < NO_STAGE && entries & bit(usize::from(f.stage)) != 0;
        let first = facts.iter().find(entered).or(facts.first());
        first.map_or(handle.node, |fact| fact.id)
    }

    pub(super) fn row(&self, handle: MessageHandle) -> Option<MessageRow> {
        let facts = self.facts_of(handle);
        self.row_of(handle, &facts)
    }

    fn row_of(&self, handle: MessageHandle, facts: &[Fact]) -> Option<MessageRow> {
        let outcome = self.outcome(handle)?;
        let scope = self.scope_of(handle.node);
        let pipeline = &self.pipelines[scope.pipeline];
        let id = self.identities.text(self.first_id(handle, facts));
        let mut ids: Vec<String> = self
            .identities
            .members(handle.node)
            .map(|i| self.identities.text(i))
            .collect();
        ids.sort_by(|a, b| (*a != id, a).cmp(&(*b != id, b)));
        let mut fold = Fold::default();
        fold.run(&scope.graph, facts);
        let progress = (0..scope.graph.nodes.len()).map(|stage| {
            let seen = outcome.seen & bit(stage) != 0;
            u8::from(seen) + u8::from(seen && fold.passed(&scope.graph, stage))
        });
        let source = facts
            .last()
            .and_then(|f| self.register.source(self.sets.source(f.set)));
        let last_stage = pipeline.stages.get(usize::from(outcome.last_stage));
        Some(MessageRow {
            handle,
            id,
            ids,
            pipeline: Arc::clone(&pipeline.name),
            env: Arc::clone(&scope.env),
            verdict: outcome.verdict,
            flags: outcome.flags,
            last_stage: last_stage.map_or_else(|| "".into(), |s| Arc::clone(&s.name)),
            first_seen: outcome.first,
            last_seen: outcome.last,
            last_source: source.map_or_else(|| "".into(), |s| Arc::clone(&s.name)),
            progress: progress.collect(),
            attributes: self.attributes(scope, facts),
        })
    }

    /// Least and greatest value of every attribute that some sighting bore.
    fn attributes(&self, scope: &Scope, facts: &[Fact]) -> Vec<(Arc<str>, AttributeValue)> {
        let attributes = &self.pipelines[scope.pipeline].attributes;
        // Several selectors may find the same attribute: formats differ from stage to stage.
        let mut bounds: Vec<(&Arc<str>, &[u8], &[u8])> = Vec::new();
        for fact in facts {
            for (index, value) in self.sets.values(fact.set) {
                let Some(name) = attributes.get(index).map(|a| &a.name) else {
                    continue;
                };
                match bounds.iter_mut().find(|(known, _, _)| *known == name) {
                    Some((_, low, high)) => (*low, *high) = ((*low).min(value), (*high).max(value)),
                    None => bounds.push((name, value, value)),
                }
            }
        }
        let place = |name: &Arc<str>| attributes.iter().position(|a| a.name == *name);
        bounds.sort_by_key(|(name, _, _)| place(name));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let values = bounds.into_iter().map(|(name, low, high)| {
            let value = if low == high {
                AttributeValue::One(text(low))
            } else {
                AttributeValue::Mixed(text(low), text(high))
            };
            (Arc::clone(name), value)
        });
        values.collect()
    }

    /// Everything about one message.
    #[must_use]
    pub fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView> {
        let facts = self.facts_of(handle);
        let row = self.row_of(handle, &facts)?;
        let outcome = self.outcome(handle)?;
        let scope = self.scope_of(handle.node);
        let mut fold = Fold::default();
        fold.run(&scope.graph, &facts);
        let steps = self.steps(scope, outcome, &fold);
        let why = why::sentence(self, handle.node, outcome);
        let sightings = facts
            .iter()
            .filter_map(|fact| self.sighting(fact))
            .collect();
        Some(LifecycleView {
            row,
            steps,
            sightings,
            why,
        })
    }

    fn steps(&self, scope: &Scope, outcome: &Outcome, fold: &Fold) -> Vec<StepView> {
        let missing = why::missing(&scope.graph, outcome);
        let stages = self.pipelines[scope.pipeline].stages.iter().enumerate();
        stages
            .filter(|(index, _)| scope.graph.nodes[*index].exists)
            .map(|(index, stage)| {
                let seen = fold.visits[index].seen;
                StepView {
                    stage: Arc::clone(&stage.name),
                    first: seen.any().then_some(seen.first),
                    last: seen.any().then_some(seen.last),
                    missing: missing & bit(index) != 0,
                    passed: fold.passed(&scope.graph, index),
                }
            })
            .collect()
    }

    fn sighting(&self, fact: &Fact) -> Option<SightingView> {
        let source = self.sets.source(fact.set);
        Some(SightingView {
            time: fact.time,
            stage: (fact.stage < NO_STAGE).then_some(usize::from(fact.stage)),
            mark: fact.mark,
            source,
            source_name: Arc::clone(&self.register.source(source)?.name),
            stream: Arc::clone(self.sets.stream_name(fact.set)),
            raw: self.rows.text(fact.row)?,
            id: self.identities.text(fact.id),
        })
    }
}

fn depth(scope: &Scope, stage: u8) -> usize {
    let node = scope.graph.nodes.get(usize::from(stage));
    node.map_or(0, |node| 1 + node.depth)
}
