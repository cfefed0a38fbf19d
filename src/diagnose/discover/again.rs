//! IDs of things that are worked on again: an invoice, an account. Where every time has an ID of its own,
//! such a name would make one message of several that have nothing to do with each other, and one that was
//! lost would be hidden behind one that came through.
//!
//! Who tries again comes soon, or after a set time, or where the first try got to; a thing comes again
//! whenever somebody likes, and where all begin.

use std::collections::{BTreeMap, BTreeSet};

use super::links;
use super::messages::{Search, Unit};
use super::quick::QuickMap;
use crate::domain::time::Timestamp;

/// Fewer that come again may be anything.
const ENOUGH: usize = 5;
/// So few of all do no harm, in a thousand.
const FEW: usize = 5;
/// So many lines may have no other ID, in percent.
const ALONE: usize = 2;
/// So many begin where all begin, in percent.
const BEGIN: usize = 90;
/// The middle gap is at least this part of the whole time.
const PART: i64 = 10;
/// The longer gaps are so many times as long as the shorter ones.
const UNEVEN: i64 = 2;

/// An ID of a thing that is worked on again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Again {
    pub(super) family: usize,
    /// Values that come again.
    pub(super) values: usize,
}

/// When and where a message was first seen.
type Began = (Timestamp, u32);

/// Takes the IDs of such things for no names of messages.
pub(super) fn set_apart(search: &mut Search<'_>, places: &[u32]) -> Vec<Again> {
    let mut things = Vec::new();
    while let Some(again) = search.again(places) {
        for (pair, taken) in search.pairs.iter().zip(&mut search.taken) {
            *taken &= pair.a != again.family && pair.b != again.family;
        }
        things.push(again);
    }
    things
}

impl Search<'_> {
    /// The first such ID that is taken for the name of a message.
    fn again(&self, places: &[u32]) -> Option<Again> {
        let components = links::components(self.families.all.len(), self.pairs, &self.taken);
        components.into_iter().find_map(|members| {
            let chosen: BTreeSet<usize> = members.into_iter().collect();
            chosen.iter().find_map(|family| {
                let mut others = chosen.clone();
                others.remove(family);
                if others.is_empty() || !self.is_spare(*family, &chosen, &others) {
                    return None;
                }
                let values = self.coming_again(*family, &others, places)?;
                Some(Again {
                    family: *family,
                    values,
                })
            })
        })
    }

    /// Whether the other IDs of a message lead as far as all of them together.
    fn is_spare(&self, family: usize, chosen: &BTreeSet<usize>, others: &BTreeSet<usize>) -> bool {
        let alone = || {
            let named = self.borne.iter().filter(|names| {
                let mut own = names.iter().filter(|(f, _)| chosen.contains(f));
                own.next().is_some_and(|(f, _)| *f == family) && own.all(|(f, _)| *f == family)
            });
            named.count()
        };
        self.places(others) == self.places(chosen)
            && links::connected(others, self.pairs, &self.taken)
            && alone() * 100 <= self.families.all[family].lines * ALONE
    }

    /// How many values of an ID name several messages by the other IDs, each begun for itself; `None` where
    /// that may be one message that is tried again.
    fn coming_again(
        &self,
        family: usize,
        others: &BTreeSet<usize>,
        places: &[u32],
    ) -> Option<usize> {
        let (nodes, mut union) = self.join(others);
        let mut began: QuickMap<usize, Began> = QuickMap::default();
        let mut of_value: QuickMap<u32, BTreeSet<usize>> = QuickMap::default();
        for Unit { line, names, .. } in &self.units {
            let (line, place) = (&self.lines.all[*line], &places[*line]);
            let nodes = names.iter().filter_map(|name| nodes.get(name));
            let roots: Vec<usize> = nodes.map(|node| union.root(*node)).collect();
            for root in &roots {
                let first = began.entry(*root).or_insert((line.time, *place));
                *first = (*first).min((line.time, *place));
            }
            for (_, value) in names.iter().filter(|(f, _)| *f == family) {
                of_value.entry(*value).or_default().extend(&roots);
            }
        }
        let values = of_value.len();
        of_value.retain(|_, roots| roots.len() > 1);
        let again = of_value.len();
        if again < ENOUGH || again * 1000 < values * FEW {
            return None;
        }
        let (entry, window) = (entry(&began)?, window(&began)?);
        let (mut gaps, mut at_entry) = (Vec::new(), 0);
        for roots in of_value.values() {
            let mut lives: Vec<Began> = roots.iter().map(|root| began[root]).collect();
            lives.sort_unstable();
            for pair in lives.windows(2) {
                gaps.push(pair[1].0.since(pair[0].0));
                at_entry += usize::from(pair[1].1 == entry);
            }
        }
        gaps.sort_unstable();
        let quarter = |n: usize| gaps[(gaps.len() - 1) * n / 4];
        let by_chance = quarter(2) >= window / PART && quarter(3) >= quarter(1) * UNEVEN;
        (by_chance && at_entry * 100 >= gaps.len() * BEGIN).then_some(again)
    }
}

/// Where most messages begin.
fn entry(began: &QuickMap<usize, Began>) -> Option<u32> {
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    for (_, place) in began.values() {
        *places.entry(*place).or_default() += 1;
    }
    let most = places.into_iter().max_by_key(|(_, messages)| *messages)?;
    Some(most.0)
}

/// From the first message to the last, in milliseconds.
fn window(began: &QuickMap<usize, Began>) -> Option<i64> {
    let times = || began.values().map(|(time, _)| *time);
    Some(times().max()?.since(times().min()?))
}
