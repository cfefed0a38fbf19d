//! A filter made ready to be put to every message of a ledger: what a combination of attributes says
//! is found out once a combination, not once a message.
//!
//! It decides nothing that `terms` does not say; it is only quick about it. The dearest question, which
//! sightings a message has, comes last and is asked only where the answer hangs on it.

use super::ledger::Ledger;
use super::lifecycle::Outcome;
use super::pipeline::Pipeline;
use super::scope::Scope;
use super::terms::{Term, Terms, Test, Value};
use super::view::MessageHandle;

/// See the module.
pub(super) struct Sieve<'a> {
    terms: &'a [Term],
    /// The terms about IDs, by their bit.
    ids: Vec<(u32, &'a Value)>,
    /// Terms that sightings or IDs decide: those of which one must say so, and those of which none may.
    wanted: u32,
    refused: u32,
    /// By pipeline, then by set: the terms that hold there.
    said: Vec<Vec<u32>>,
    /// By pipeline: the terms that hold in any set at all.
    anywhere: Vec<u32>,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(ledger: &Ledger, terms: &'a Terms) -> Self {
        let terms = &terms.0[..terms.0.len().min(Terms::MOST)];
        let mut sieve = Self {
            terms,
            ids: Vec::new(),
            wanted: 0,
            refused: 0,
            said: Vec::new(),
            anywhere: Vec::new(),
        };
        let mut of_sightings = Vec::new();
        for (number, term) in terms.iter().enumerate() {
            let bit = 1 << number;
            match &term.test {
                Test::Any(value) => {
                    sieve.ids.push((bit, value));
                    of_sightings.push((bit, &term.test));
                }
                Test::Id(value) => sieve.ids.push((bit, value)),
                Test::Attribute(..) | Test::Source(_) | Test::Stream(_) | Test::Region(_) => {
                    of_sightings.push((bit, &term.test));
                }
                _ => continue,
            }
            if term.not {
                sieve.refused |= bit;
            } else {
                sieve.wanted |= bit;
            }
        }
        for pipeline in &ledger.pipelines {
            let said = if of_sightings.is_empty() {
                Vec::new()
            } else {
                let sets = 0..ledger.sets.len() as u32;
                sets.map(|set| said(ledger, pipeline, set, &of_sightings))
                    .collect()
            };
            sieve
                .anywhere
                .push(said.iter().fold(0, |all, one| all | one));
            sieve.said.push(said);
        }
        sieve
    }

    /// Whether all terms hold for a message. `text` is room to work in.
    pub(super) fn takes(
        &self,
        ledger: &Ledger,
        handle: MessageHandle,
        outcome: &Outcome,
        text: &mut String,
    ) -> bool {
        let scope = ledger.scope_of(handle.node);
        let plain = |term: &Term| {
            plain(ledger, scope, outcome, &term.test).is_none_or(|holds| holds != term.not)
        };
        if !self.terms.iter().all(plain) {
            return false;
        }
        let mut holds = 0;
        if !self.ids.is_empty() {
            for id in ledger.identities.members(handle.node) {
                text.clear();
                ledger.identities.push_text(id, text);
                for (bit, value) in &self.ids {
                    if holds & bit == 0 && value.takes(text.as_bytes()) {
                        holds |= bit;
                    }
                }
            }
        }
        let anywhere = self.anywhere[scope.pipeline];
        let open = self.wanted & !holds;
        if holds & self.refused != 0 || open & !anywhere != 0 {
            return false;
        }
        if open == 0 && self.refused & anywhere == 0 {
            return true;
        }
        let said = &self.said[scope.pipeline];
        let mut enough = |set: u32| {
            holds |= said[set as usize];
            holds & self.refused != 0
        };
        if ledger.earlier.contains_key(&handle.node) {
            // The sightings of one use of an ID only.
            let facts = ledger.facts_of(handle);
            let _refused = facts.iter().any(|fact| enough(fact.set));
        } else {
            let mut rows = ledger
                .identities
                .members(handle.node)
                .flat_map(|id| ledger.rows.chain(ledger.identities.head(id)));
            let _refused = rows.any(|(_, row)| enough(row.set()));
        }
        holds & self.refused == 0 && holds & self.wanted == self.wanted
    }
}

/// What the outcome alone decides; `None` for a term that it does not.
fn plain(ledger: &Ledger, scope: &Scope, outcome: &Outcome, test: &Test) -> Option<bool> {
    let pipeline = &ledger.pipelines[scope.pipeline];
    Some(match test {
        Test::Verdict(verdict) => outcome.verdict == *verdict,
        Test::Flag(flag) => outcome.flags.has(*flag),
        Test::Stage(name) => {
            let stage = pipeline.stages.get(usize::from(outcome.last_stage));
            stage.is_some_and(|stage| stage.name == *name)
        }
        Test::Env(name) => scope.env == *name,
        Test::Pipeline(name) => pipeline.name == *name,
        Test::Seen(seen) => seen.takes(outcome.first, outcome.last),
        Test::Any(_)
        | Test::Id(_)
        | Test::Attribute(..)
        | Test::Source(_)
        | Test::Stream(_)
        | Test::Region(_) => return None,
    })
}

/// The terms that hold for a combination of source, stream and attributes.
fn said(ledger: &Ledger, pipeline: &Pipeline, set: u32, terms: &[(u32, &Test)]) -> u32 {
    let named = || {
        let values = ledger.sets.values(set);
        values.filter_map(|(index, value)| Some((&pipeline.attributes.get(index)?.name, value)))
    };
    let source = ledger.register.source(ledger.sets.source(set));
    let holds = |test: &Test| match test {
        Test::Any(value) => named().any(|(_, said)| value.takes(said)),
        Test::Attribute(name, value) => named().any(|(n, said)| n == name && value.takes(said)),
        Test::Stream(value) => value.takes(ledger.sets.stream_name(set).as_bytes()),
        Test::Source(value) => source.is_some_and(|source| value.takes(source.name.as_bytes())),
        Test::Region(value) => source.is_some_and(|source| value.takes(source.region.as_bytes())),
        _ => false,
    };
    let bits = terms.iter().filter(|(_, test)| holds(test));
    bits.fold(0, |all, (bit, _)| all | bit)
}
