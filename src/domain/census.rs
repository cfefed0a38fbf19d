//! Fills sheets: one walk over all messages, a part at a time, so that nobody waits long for the
//! ledger.
//!
//! Reads what the last survey left.

use std::collections::HashMap;
use std::sync::Arc;

use super::foreknown;
use super::graph::{bit, stages_in};
use super::ledger::Ledger;
use super::lifecycle::{Course, Fact, Fold, Outcome};
use super::lot::{chance, weight};
use super::overview::DONE;
use super::pipeline::NO_STAGE;
use super::scope::Scope;
use super::sheet::{Case, Column, Name, Sheet, SheetStage};
use super::survey::counts_in;
use super::time::Timestamp;
use super::verdict::{Mark, Verdict};
use super::view::MessageHandle;

/// Names that every sighting has a value for, whatever the configuration says.
const IMPLIED: [&str; 3] = ["region", "source", "stream"];

/// What a set says: names, and the cells of their values.
type Said = Arc<[(u16, u32)]>;

/// A census under way.
pub struct Census {
    drafts: Vec<Draft>,
    /// By set: what it says, as (name, cell) of its scope's draft. Empty where it was not met yet.
    said: HashMap<(usize, u32), Said>,
    next: u32,
}

/// The sheet of one scope, being filled.
struct Draft {
    sheet: Sheet,
    /// By name: the cells of its values.
    known: Vec<HashMap<Box<[u8]>, u32>>,
    /// By column of what was known on coming, and case: whether it was said only afterwards.
    late: Vec<Vec<bool>>,
    /// By attribute of the pipeline: its name.
    attributes: Vec<u16>,
    /// Chances to be taken, out of 2^32.
    lost_chance: u64,
    kept_chance: u64,
    /// How many there are, lost and others.
    totals: (u64, u64),
}

impl Census {
    /// A census in which each environment gives at most about `limit` lost messages, and as many
    /// others.
    #[must_use]
    pub fn new(ledger: &Ledger, limit: usize) -> Self {
        let drafts = ledger.scopes.iter().enumerate();
        Self {
            drafts: drafts
                .map(|(i, s)| Draft::new(ledger, i, s, limit))
                .collect(),
            said: HashMap::new(),
            next: 0,
        }
    }

    /// Takes the next `count` IDs; `false` when there are no more.
    pub fn walk(&mut self, ledger: &Ledger, count: u32) -> bool {
        let end = (self.next + count).min(ledger.outcomes.len() as u32);
        let mut hands = Hands::default();
        for node in self.next..end {
            self.take(ledger, node, &mut hands);
        }
        self.next = end;
        (end as usize) < ledger.outcomes.len()
    }

    /// The sheets, one for each pipeline and environment.
    #[must_use]
    pub fn finish(self) -> Vec<Sheet> {
        self.drafts.into_iter().map(Draft::finish).collect()
    }

    fn take(&mut self, ledger: &Ledger, node: u32, hands: &mut Hands) {
        let Self { drafts, said, .. } = self;
        let outcome = ledger.outcomes[node];
        if !counts_in(ledger.window, &outcome) {
            return;
        }
        let index = usize::from(ledger.identities.scope(node));
        let Some(draft) = drafts.get_mut(index) else {
            return;
        };
        let lost = outcome.verdict == Verdict::Lost;
        let chance = if lost {
            draft.lost_chance
        } else {
            draft.kept_chance
        };
        if ledger.identities.lot(node) >= chance {
            return;
        }
        ledger.facts(node, &mut hands.facts);
        let generation = ledger.earlier.get(&node).map_or(0, |e| e.len() as u32);
        let handle = MessageHandle { node, generation };
        let scope = &ledger.scopes[index];
        let mut says = |draft: &mut Draft, set: u32| {
            let known = said.entry((index, set));
            Arc::clone(known.or_insert_with(|| draft.said(ledger, set)))
        };
        draft.add(scope, (handle, outcome), hands, &mut says);
    }
}

/// What is used again from message to message.
#[derive(Default)]
struct Hands {
    facts: Vec<Fact>,
    fold: Fold,
    /// By column: when the value there was said.
    when: Vec<Timestamp>,
    /// See [`foreknown::bounds`].
    bounds: Vec<(Timestamp, Timestamp)>,
}

impl Draft {
    fn new(ledger: &Ledger, index: usize, scope: &Scope, limit: usize) -> Self {
        let pipeline = &ledger.pipelines[scope.pipeline];
        let mut names: Vec<Name> = Vec::new();
        let name = |names: &mut Vec<Name>, text: &str, implied| {
            let known = names.iter().position(|n| &*n.text == text);
            known.unwrap_or_else(|| {
                names.push(Name {
                    text: text.into(),
                    implied,
                    values: Vec::new(),
                });
                names.len() - 1
            }) as u16
        };
        for implied in IMPLIED {
            name(&mut names, implied, true);
        }
        let attributes = pipeline.attributes.iter();
        let attributes = attributes
            .map(|a| name(&mut names, &a.name, false))
            .collect();
        let stages = pipeline.stages.iter().enumerate();
        let stages = stages.map(|(stage, spec)| SheetStage {
            name: Arc::clone(&spec.name),
            upstream: upstream(scope, stage),
            next: main_way(ledger, scope, stage),
            came: Vec::new(),
            times: Vec::new(),
        });
        let columns = [false, true].into_iter().flat_map(|entry| {
            let names = names.len();
            (0..pipeline.stages.len()).flat_map(move |stage| {
                (0..names).map(move |name| Column {
                    stage,
                    name,
                    entry,
                    cells: Vec::new(),
                })
            })
        });
        let counts = ledger.survey.tallies.get(index).map(|t| t.counts);
        let lost = counts.map_or(0, |c| c.of(Verdict::Lost));
        let others = counts.map_or(0, |c| c.total()) - lost;
        let (lost_chance, kept_chance) = (chance(lost, limit), chance(others, limit));
        Self {
            known: vec![HashMap::new(); names.len()],
            late: vec![Vec::new(); pipeline.stages.len() * names.len()],
            sheet: Sheet {
                pipeline: Arc::clone(&pipeline.name),
                env: Arc::clone(&scope.env),
                stages: stages.collect(),
                columns: columns.collect(),
                names,
                cases: Vec::new(),
                lost_weight: 1.0,
                kept_weight: 1.0,
            },
            attributes,
            lost_chance,
            kept_chance,
            totals: (lost, others),
        }
    }

    fn add(
        &mut self,
        scope: &Scope,
        (handle, outcome): (MessageHandle, Outcome),
        hands: &mut Hands,
        says: &mut dyn FnMut(&mut Self, u32) -> Said,
    ) {
        let width = self.sheet.names.len();
        hands.when.clear();
        hands.when.resize(self.sheet.columns.len(), Timestamp::MIN);
        let half = self.sheet.columns.len() / 2;
        for column in &mut self.sheet.columns {
            column.cells.push(0);
        }
        for late in &mut self.late {
            late.push(false);
        }
        hands.fold.run(&scope.graph, &hands.facts);
        foreknown::bounds(&scope.graph, &hands.fold, &mut hands.bounds);
        let facts = std::mem::take(&mut hands.facts);
        for fact in &facts {
            let stage = usize::from(fact.stage);
            if fact.stage >= NO_STAGE || stage >= self.sheet.stages.len() {
                continue;
            }
            let (came, went) = hands.bounds[stage];
            for (name, cell) in says(self, fact.set).iter() {
                let place = stage * width + usize::from(*name);
                // The newest word counts; of two at once the greater, whatever order they came in.
                if fact.time <= went {
                    self.newest(place, *cell, fact.time, hands);
                }
                if fact.time <= came {
                    self.newest(half + place, *cell, fact.time, hands);
                } else {
                    self.at_last(half + place, *cell, fact.time, hands);
                }
            }
        }
        hands.facts = facts;
        self.times(&hands.fold);
        let case = case(scope, handle, &outcome, &hands.fold, &hands.facts);
        self.sheet.cases.push(case);
    }

    fn newest(&mut self, place: usize, cell: u32, time: Timestamp, hands: &mut Hands) {
        if let Some(known) = self.sheet.columns[place].cells.last_mut() {
            let late = place
                .checked_sub(self.late.len())
                .and_then(|place| self.late[place].last_mut());
            let was_late = late.is_some_and(std::mem::take);
            if was_late || (time, cell) >= (hands.when[place], *known) {
                (*known, hands.when[place]) = (cell, time);
            }
        }
    }

    /// What each message drawn stands for.
    fn weigh(&mut self) {
        let cases = &self.sheet.cases;
        let lost = cases.iter().filter(|c| c.verdict == Verdict::Lost).count();
        self.sheet.lost_weight = weight(self.totals.0, lost);
        self.sheet.kept_weight = weight(self.totals.1, cases.len() - lost);
    }

    /// A word that was said after a message came: the first counts, and only while there is no earlier one.
    fn at_last(&mut self, place: usize, cell: u32, time: Timestamp, hands: &mut Hands) {
        let late = place.checked_sub(self.late.len());
        let late = late.and_then(|place| self.late[place].last_mut());
        if let (Some(known), Some(late)) = (self.sheet.columns[place].cells.last_mut(), late)
            && (*known == 0 || *late && (time, cell) < (hands.when[place], *known))
        {
            (*known, *late, hands.when[place]) = (cell, true, time);
        }
    }

    fn times(&mut self, fold: &Fold) {
        for (stage, visit) in self.sheet.stages.iter_mut().zip(&fold.visits) {
            let came = visit.seen.any().then_some(visit.seen.first);
            stage.came.push(came.unwrap_or(Timestamp::MIN));
            stage.times.push(visit.seen.last);
        }
    }

    /// What a set says.
    fn said(&mut self, ledger: &Ledger, set: u32) -> Said {
        let source = ledger.register.source(ledger.sets.source(set));
        let mut said = Vec::new();
        if let Some(source) = source {
            let implied = [
                &*source.region,
                &*source.name,
                &**ledger.sets.stream_name(set),
            ];
            for (name, value) in implied.into_iter().enumerate() {
                if !value.is_empty() {
                    said.push((name as u16, self.cell(name, value.as_bytes())));
                }
            }
        }
        for (attribute, value) in ledger.sets.values(set) {
            if let Some(name) = self.attributes.get(attribute).copied() {
                said.push((name, self.cell(usize::from(name), value)));
            }
        }
        said.into()
    }

    fn cell(&mut self, name: usize, value: &[u8]) -> u32 {
        if let Some(cell) = self.known[name].get(value) {
            return *cell;
        }
        let values = &mut self.sheet.names[name].values;
        values.push(String::from_utf8_lossy(value).into());
        let cell = values.len() as u32;
        self.known[name].insert(value.into(), cell);
        cell
    }

    fn finish(mut self) -> Sheet {
        self.weigh();
        let half = self.late.len();
        let columns = &mut self.sheet.columns;
        let said = |column: &Column| column.cells.iter().any(|cell| *cell != 0);
        let mut kept: Vec<bool> = columns[..half].iter().map(said).collect();
        for (column, late) in columns[half..].iter_mut().zip(&self.late) {
            foreknown::forget(column, late, &self.sheet.cases);
        }
        // Nothing known on coming is told from nothing said at all.
        kept.extend(kept.clone());
        let mut kept = kept.into_iter();
        columns.retain(|_| kept.next().unwrap_or(false));
        self.sheet
    }
}

fn upstream(scope: &Scope, stage: usize) -> u64 {
    let nodes = scope.graph.nodes.iter().enumerate();
    nodes
        .filter(|(_, node)| node.descendants & bit(stage) != 0)
        .fold(bit(stage), |set, (before, _)| set | bit(before))
}

fn main_way(ledger: &Ledger, scope: &Scope, stage: usize) -> Arc<str> {
    let out = &scope.graph.nodes[stage].out;
    let main = out
        .iter()
        .map(|edge| scope.graph.edges[*edge])
        .find(|e| !e.side);
    let to = main.and_then(|edge| edge.to);
    let stages = &ledger.pipelines[scope.pipeline].stages;
    to.map_or_else(|| DONE.into(), |to| Arc::clone(&stages[to].name))
}

fn case(
    scope: &Scope,
    handle: MessageHandle,
    outcome: &Outcome,
    fold: &Fold,
    facts: &[Fact],
) -> Case {
    let graph = &scope.graph;
    let (mut passed, mut acked, mut acked_early) = (0, 0, 0);
    for stage in stages_in(outcome.seen) {
        let visit = &fold.visits[stage];
        let ended = graph.terminals & bit(stage) != 0 && outcome.course == Course::Completed;
        if ended || fold.passed(graph, stage) {
            passed |= bit(stage);
        }
        let acks = facts
            .iter()
            .filter(|f| usize::from(f.stage) == stage && f.mark == Mark::Ack);
        if let Some(first) = acks.map(|f| f.time).min() {
            acked |= bit(stage);
            if !visit.exit.any() || first <= visit.exit.first {
                acked_early |= bit(stage);
            }
        }
    }
    let lost = outcome.verdict == Verdict::Lost;
    if lost {
        // It may have gone out of its last stage; it did not arrive.
        passed &= !bit(usize::from(outcome.last_stage));
    }
    Case {
        handle,
        verdict: outcome.verdict,
        last_stage: outcome.last_stage,
        seen: outcome.seen,
        passed,
        acked,
        acked_early,
        flags: outcome.flags,
        first: outcome.first,
        last: outcome.last,
    }
}
