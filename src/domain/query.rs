//! Questions about messages: which ones, in which order, and everything about one of them.
//!
//! Reads what the last survey left. A list is sorted by keys alone and only the rows asked for are
//! made; the order of the last question is kept for the next page of it.

use std::sync::Arc;

use super::graph::bit;
use super::ledger::Ledger;
use super::lifecycle::{Fact, Fold, Outcome, uses};
use super::pipeline::NO_STAGE;
use super::scope::Scope;
use super::survey::counts_in;
use super::time::Timestamp;
use super::view::{
    AttributeValue, LifecycleView, MessageHandle, MessagePage, MessageQuery, MessageRow,
    SightingView, Sort, StepView,
};
use super::why;

/// The order of one question, to be reused for its next page.
#[derive(Debug, Default)]
pub struct Listing {
    version: u64,
    query: Option<MessageQuery>,
    handles: Vec<MessageHandle>,
}

/// What a list is sorted by; the ID breaks ties.
type Key = (u64, Timestamp);

impl Ledger {
    /// The part of the answer that the question asks for. `listing` carries the order from page to page.
    #[must_use]
    pub fn messages(&self, query: &MessageQuery, listing: &mut Listing) -> MessagePage {
        let whole = MessageQuery {
            around: None,
            offset: 0,
            limit: 0,
            ..query.clone()
        };
        if listing.version != self.survey.version || listing.query.as_ref() != Some(&whole) {
            listing.handles = self.sorted(&whole);
            listing.version = self.survey.version;
            listing.query = Some(whole);
        }
        let around = query
            .around
            .and_then(|wanted| listing.handles.iter().position(|handle| *handle == wanted));
        let offset = around.map_or(query.offset, |at| at.saturating_sub(query.limit / 2));
        let page = listing.handles.iter().skip(offset).take(query.limit);
        MessagePage {
            total: listing.handles.len(),
            offset,
            rows: page.filter_map(|handle| self.row(*handle)).collect(),
        }
    }

    fn sorted(&self, query: &MessageQuery) -> Vec<MessageHandle> {
        let wanted = Wanted::new(self, query);
        let mut keyed: Vec<(Key, MessageHandle)> = Vec::new();
        let mut facts = Vec::new();
        self.each(|handle, outcome| {
            if wanted.takes(self, handle, outcome, &mut facts) {
                keyed.push((self.key(query.sort, handle, outcome), handle));
            }
        });
        let named = |handle: MessageHandle| (self.id_of(handle), handle.generation);
        if query.sort == Sort::Id {
            keyed.sort_by_cached_key(|(_, handle)| named(*handle));
        } else {
            keyed.sort_unstable_by(|(ka, a), (kb, b)| {
                ka.cmp(kb).then_with(|| named(*a).cmp(&named(*b)))
            });
        }
        if query.descending {
            keyed.reverse();
        }
        keyed.into_iter().map(|(_, handle)| handle).collect()
    }

    fn key(&self, sort: Sort, handle: MessageHandle, outcome: &Outcome) -> Key {
        match sort {
            Sort::Verdict => (outcome.verdict as u64, outcome.last),
            Sort::LastSeen => (0, outcome.last),
            Sort::FirstSeen => (0, outcome.first),
            Sort::Id => (0, Timestamp(0)),
            Sort::LastStage => {
                let scope = self.scope_of(handle.node);
                let depth = scope.graph.nodes[usize::from(outcome.last_stage)].depth;
                (
                    (depth as u64) << 8 | u64::from(outcome.last_stage),
                    outcome.last,
                )
            }
        }
    }

    fn each(&self, mut see: impl FnMut(MessageHandle, &Outcome)) {
        for (node, outcome) in self.outcomes.iter().enumerate() {
            if counts_in(self.window, outcome) {
                let node = node as u32;
                let generation = self.earlier.get(&node).map_or(0, |e| e.len() as u32);
                see(MessageHandle { node, generation }, outcome);
            }
        }
        for (node, earlier) in &self.earlier {
            for (generation, one) in earlier.iter().enumerate() {
                if counts_in(self.window, &one.outcome) {
                    see(
                        MessageHandle {
                            node: *node,
                            generation: generation as u32,
                        },
                        &one.outcome,
                    );
                }
            }
        }
    }

    pub(super) fn scope_of(&self, node: u32) -> &Scope {
        &self.scopes[usize::from(self.identities.scope(node))]
    }

    fn outcome(&self, handle: MessageHandle) -> Option<&Outcome> {
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
    fn facts_of(&self, handle: MessageHandle) -> Vec<Fact> {
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
    fn id_of(&self, handle: MessageHandle) -> String {
        let facts = self.facts_of(handle);
        self.identities.text(self.first_id(handle, &facts))
    }

    fn first_id(&self, handle: MessageHandle, facts: &[Fact]) -> u32 {
        let entries = self.scope_of(handle.node).graph.entries;
        let entered = |f: &&Fact| f.stage < NO_STAGE && entries & bit(usize::from(f.stage)) != 0;
        let first = facts.iter().find(entered).or(facts.first());
        first.map_or(handle.node, |fact| fact.id)
    }

    fn row(&self, handle: MessageHandle) -> Option<MessageRow> {
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

/// A question made ready to be put to every message.
struct Wanted<'a> {
    query: &'a MessageQuery,
    text: Vec<u8>,
    /// Which combinations of attributes contain the text.
    sets: Vec<bool>,
    any_set: bool,
}

impl<'a> Wanted<'a> {
    fn new(ledger: &Ledger, query: &'a MessageQuery) -> Self {
        let text = query.text.to_ascii_lowercase().into_bytes();
        let sets: Vec<bool> = if text.is_empty() {
            Vec::new()
        } else {
            (0..ledger.sets.len() as u32)
                .map(|set| {
                    ledger
                        .sets
                        .values(set)
                        .any(|(_, value)| contains(value, &text))
                })
                .collect()
        };
        let any_set = sets.contains(&true);
        Self {
            query,
            text,
            sets,
            any_set,
        }
    }

    fn takes(
        &self,
        ledger: &Ledger,
        handle: MessageHandle,
        outcome: &Outcome,
        facts: &mut Vec<Fact>,
    ) -> bool {
        let query = self.query;
        if !query.verdicts.is_empty() && !query.verdicts.contains(&outcome.verdict) {
            return false;
        }
        let scope = ledger.scope_of(handle.node);
        let pipeline = &ledger.pipelines[scope.pipeline];
        if query.env.as_ref().is_some_and(|env| *env != scope.env)
            || query
                .pipeline
                .as_ref()
                .is_some_and(|name| *name != pipeline.name)
        {
            return false;
        }
        if let Some(wanted) = &query.last_stage {
            let stage = pipeline.stages.get(usize::from(outcome.last_stage));
            if stage.is_none_or(|s| s.name != *wanted) {
                return false;
            }
        }
        query.among.as_ref().is_none_or(|among| among.has(handle))
            && (self.text.is_empty() || self.mentions(ledger, handle, facts))
    }

    fn mentions(&self, ledger: &Ledger, handle: MessageHandle, facts: &mut Vec<Fact>) -> bool {
        let id = |id: u32| contains(ledger.identities.text(id).as_bytes(), &self.text);
        if ledger.identities.members(handle.node).any(id) {
            return true;
        }
        if !self.any_set {
            return false;
        }
        ledger.facts(handle.node, facts);
        facts.iter().any(|fact| self.sets[fact.set as usize])
    }
}

fn depth(scope: &Scope, stage: u8) -> usize {
    let node = scope.graph.nodes.get(usize::from(stage));
    node.map_or(0, |node| 1 + node.depth)
}

/// Whether `text` contains the lower-case `wanted`, ignoring ASCII case.
fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len())
        .any(|w| w.eq_ignore_ascii_case(wanted))
}
