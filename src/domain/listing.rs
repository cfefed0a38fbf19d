//! Questions about many messages: which ones, in which order, and where among them something stands.
//!
//! Reads what the last survey left. A list is sorted by keys alone and only the rows asked for are
//! made; the order of the last question is kept for the next page of it. Whoever asks may give up
//! meanwhile.

use std::sync::Arc;

use super::ledger::Ledger;
use super::lifecycle::Outcome;
use super::seek::{Round, Seek, Sought, Step};
use super::sieve::Sieve;
use super::survey::counts_in;
use super::terms::Terms;
use super::time::Timestamp;
use super::view::{MessageHandle, MessagePage, MessageQuery, Sort};

/// The order of one question, to be reused for its next page.
#[derive(Debug, Default)]
pub struct Listing {
    version: u64,
    query: Option<MessageQuery>,
    handles: Vec<MessageHandle>,
    /// What was looked for in it, and the rows that match.
    matches: Option<(Terms, Vec<usize>)>,
}

/// What a list is sorted by; the ID breaks ties.
type Key = (u64, Timestamp);

/// Messages that are looked at before it is asked again whether the answer is still wanted.
const SHARE: usize = 1 << 12;

impl Ledger {
    /// The part of the answer that the question asks for. `listing` carries the order from page to page.
    #[must_use]
    pub fn messages(&self, query: &MessageQuery, listing: &mut Listing) -> MessagePage {
        self.messages_unless(query, listing, &|| false)
            .unwrap_or_default()
    }

    /// The same; `None` where the answer is not wanted any more before there is one.
    #[must_use]
    pub fn messages_unless(
        &self,
        query: &MessageQuery,
        listing: &mut Listing,
        given_up: &dyn Fn() -> bool,
    ) -> Option<MessagePage> {
        let whole = MessageQuery {
            around: None,
            seek: None,
            offset: 0,
            limit: 0,
            ..query.clone()
        };
        if listing.version != self.survey.version || listing.query.as_ref() != Some(&whole) {
            *listing = Listing {
                handles: self.sorted(&whole, given_up)?,
                version: self.survey.version,
                query: Some(whole),
                matches: None,
            };
        }
        let sought = match &query.seek {
            Some(seek) => Some(self.seek(seek, query.sort, listing, given_up)?),
            None => None,
        };
        let around = query
            .around
            .and_then(|wanted| listing.handles.iter().position(|handle| *handle == wanted));
        let around = sought.and_then(|sought| sought.row).or(around);
        let offset = around.map_or(query.offset, |at| at.saturating_sub(query.limit / 2));
        let page = listing.handles.iter().skip(offset).take(query.limit);
        Some(MessagePage {
            total: listing.handles.len(),
            offset,
            rows: page.filter_map(|handle| self.row(*handle)).collect(),
            sought,
        })
    }

    fn seek(
        &self,
        seek: &Seek,
        sort: Sort,
        listing: &mut Listing,
        given_up: &dyn Fn() -> bool,
    ) -> Option<Sought> {
        match seek {
            Seek::Time(time) => Some(Sought {
                row: self.first_at(*time, sort, &listing.handles),
                ..Sought::default()
            }),
            Seek::Match { terms, from, step } => {
                if listing.matches.as_ref().is_none_or(|(t, _)| t != terms) {
                    let rows = self.matching(terms, &listing.handles, given_up)?;
                    listing.matches = Some((terms.clone(), rows));
                }
                let rows = listing.matches.as_ref().map_or(&[][..], |(_, rows)| rows);
                Some(next_match(rows, *from, *step))
            }
        }
    }

    /// The row of the first message at or after a time.
    fn first_at(&self, time: Timestamp, sort: Sort, handles: &[MessageHandle]) -> Option<usize> {
        let at = |handle: &MessageHandle| {
            let outcome = self.outcome(*handle)?;
            let at = if sort == Sort::FirstSeen {
                outcome.first
            } else {
                outcome.last
            };
            (at >= time).then_some(at)
        };
        let rows = handles.iter().enumerate();
        let times = rows.filter_map(|(row, handle)| Some((at(handle)?, row)));
        times.min().map(|(_, row)| row)
    }

    fn matching(
        &self,
        terms: &Terms,
        handles: &[MessageHandle],
        given_up: &dyn Fn() -> bool,
    ) -> Option<Vec<usize>> {
        let sieve = Sieve::new(self, terms);
        let mut text = String::new();
        let mut rows = Vec::new();
        for (row, handle) in handles.iter().enumerate() {
            if row.is_multiple_of(SHARE) && given_up() {
                return None;
            }
            let outcome = self.outcome(*handle);
            if outcome.is_some_and(|outcome| sieve.takes(self, *handle, outcome, &mut text)) {
                rows.push(row);
            }
        }
        Some(rows)
    }

    fn sorted(
        &self,
        query: &MessageQuery,
        given_up: &dyn Fn() -> bool,
    ) -> Option<Vec<MessageHandle>> {
        let sieve = Sieve::new(self, &query.terms);
        let mut keyed: Vec<(Key, MessageHandle)> = Vec::new();
        let mut text = String::new();
        self.each(
            &mut |handle, outcome| {
                if self.wants(query, handle, outcome)
                    && sieve.takes(self, handle, outcome, &mut text)
                {
                    keyed.push((self.key(query.sort, handle, outcome), handle));
                }
            },
            given_up,
        )?;
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
        Some(keyed.into_iter().map(|(_, handle)| handle).collect())
    }

    /// What a question asks beside its terms.
    fn wants(&self, query: &MessageQuery, handle: MessageHandle, outcome: &Outcome) -> bool {
        if !query.verdicts.is_empty() && !query.verdicts.contains(&outcome.verdict) {
            return false;
        }
        let scope = self.scope_of(handle.node);
        let pipeline = &self.pipelines[scope.pipeline];
        let is = |wanted: &Option<Arc<str>>, name: &Arc<str>| {
            wanted.as_ref().is_none_or(|wanted| wanted == name)
        };
        let stage = || pipeline.stages.get(usize::from(outcome.last_stage));
        is(&query.env, &scope.env)
            && is(&query.pipeline, &pipeline.name)
            && query
                .last_stage
                .as_ref()
                .is_none_or(|wanted| stage().is_some_and(|stage| stage.name == *wanted))
            && query.among.as_ref().is_none_or(|among| among.has(handle))
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

    /// Shows every message; `None` where that was given up.
    fn each(
        &self,
        see: &mut dyn FnMut(MessageHandle, &Outcome),
        given_up: &dyn Fn() -> bool,
    ) -> Option<()> {
        for (node, outcome) in self.outcomes.iter().enumerate() {
            if node.is_multiple_of(SHARE) && given_up() {
                return None;
            }
            if counts_in(self.window, outcome) {
                let node = node as u32;
                let generation = self.earlier.get(&node).map_or(0, |e| e.len() as u32);
                see(MessageHandle { node, generation }, outcome);
            }
        }
        for (node, earlier) in &self.earlier {
            for (generation, one) in earlier.iter().enumerate() {
                if counts_in(self.window, &one.outcome) {
                    let generation = generation as u32;
                    let node = *node;
                    see(MessageHandle { node, generation }, &one.outcome);
                }
            }
        }
        Some(())
    }
}

/// The one of the matching rows that a step leads to.
fn next_match(rows: &[usize], from: usize, step: Step) -> Sought {
    let len = rows.len();
    let before = rows.partition_point(|row| *row < from);
    let behind = rows.partition_point(|row| *row <= from);
    let at = match step {
        _ if len == 0 => None,
        Step::Stay => {
            return Sought {
                row: None,
                matches: len,
                number: if before < behind { behind } else { 0 },
            };
        }
        Step::Here => Some(before % len),
        Step::Forward(count, Round::Yes) => Some((behind + count.saturating_sub(1)) % len),
        Step::Backward(count, Round::Yes) => {
            Some((before + len - 1 - count.saturating_sub(1) % len) % len)
        }
        Step::Forward(count, Round::No) => {
            (behind < len).then(|| (behind + count.saturating_sub(1)).min(len - 1))
        }
        Step::Backward(count, Round::No) => before
            .checked_sub(1)
            .map(|at| at.saturating_sub(count.saturating_sub(1))),
    };
    Sought {
        row: at.map(|at| rows[at]),
        matches: len,
        number: at.map_or(0, |at| at + 1),
    }
}
