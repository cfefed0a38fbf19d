//! Lines that carry two IDs: which of them make one message of two names, and which would make one
//! message of many.

use std::collections::{BTreeMap, BTreeSet};

use super::families::Families;
use super::lines::{Line, Lines};
use super::quick::{QuickMap, QuickSet};
use super::records::{Names, Parts, repeated};
use super::union::Union;

/// Two IDs are of one message if each has so few of the other on average.
pub(super) const FUNCTIONAL: f64 = 1.5;
/// A value beside more than so many others is a hub.
const HUB: usize = 8;

/// Two families that stand in the same lines.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Log events that carry both.
    pub(super) lines: usize,
    /// Of the second to one of the first, on average.
    pub(super) b_per_a: f64,
    /// Of the first to one of the second.
    pub(super) a_per_b: f64,
    /// Kinds of sources that say it.
    pub(super) places: BTreeSet<u32>,
}

impl Link {
    /// Whether it joins messages one by one.
    pub(super) fn is_functional(&self) -> bool {
        self.a_per_b <= FUNCTIONAL && self.b_per_a <= FUNCTIONAL
    }
}

/// What every line names.
pub(super) fn names(lines: &Lines, places: &[u32], families: &Families) -> Vec<Names> {
    let named = lines
        .all
        .iter()
        .zip(places.iter().copied())
        .map(|(line, place)| {
            let mut names: Names = Vec::new();
            for (key, value) in &line.fields {
                if let Some(family) = families.of.get(&(place, *key))
                    && !names.contains(&(*family, *value))
                {
                    names.push((*family, *value));
                }
            }
            names
        });
    named.collect()
}

/// Whether a line lists several values of one ID: then none of them is another's name. Two that stand under
/// names of their own are the old name and the new one (`4A1B: ... queued as 7C2D`).
pub(super) fn is_list(line: &Line, place: u32, names: &Names, families: &Families) -> bool {
    if repeated(names).next().is_none() {
        return false;
    }
    let mut told: BTreeMap<u32, u32> = BTreeMap::new();
    for (key, value) in &line.fields {
        if let Some(family) = families.of.get(&(place, *key))
            && names.contains(&(*family, *value))
            && told
                .insert(*key, *value)
                .is_some_and(|other| other != *value)
        {
            return true;
        }
    }
    // What no field tells is found by one pattern.
    told.len() < names.len()
}

/// All pairs of families that stand in the same lines, and there in the same records.
pub(super) fn find(places: &[u32], names: &[Names], parts: &Parts) -> Vec<Link> {
    #[derive(Default)]
    struct Pairs {
        lines: usize,
        both: QuickSet<(u32, u32)>,
        places: BTreeSet<u32>,
    }
    let mut found: BTreeMap<(usize, usize), Pairs> = BTreeMap::new();
    let lines = names.iter().enumerate();
    let each = lines.flat_map(|(line, names)| parts.of(line, names).iter().map(move |p| (line, p)));
    for (line, names) in each {
        let place = &places[line];
        for (at, (f, a)) in names.iter().enumerate() {
            for (g, b) in &names[at + 1..] {
                if f == g {
                    continue;
                }
                let (key, pair) = if f < g {
                    ((*f, *g), (*a, *b))
                } else {
                    ((*g, *f), (*b, *a))
                };
                let pairs = found.entry(key).or_default();
                pairs.lines += 1;
                pairs.both.insert(pair);
                pairs.places.insert(*place);
            }
        }
    }
    let found = found.into_iter().map(|((a, b), pairs)| {
        let both = without_hubs(pairs.both);
        let first: QuickSet<u32> = both.iter().map(|(a, _)| *a).collect();
        let second: QuickSet<u32> = both.iter().map(|(_, b)| *b).collect();
        let all = both.len() as f64;
        Link {
            a,
            b,
            lines: pairs.lines,
            b_per_a: all / first.len() as f64,
            a_per_b: all / second.len() as f64,
            places: pairs.places,
        }
    });
    found.collect()
}

/// Pairs without the few values that stand beside a great many: a periodic task's ID beside everything
/// that it looks at. A run takes those apart too (`max_links`), so they say nothing about the others.
fn without_hubs(both: QuickSet<(u32, u32)>) -> QuickSet<(u32, u32)> {
    let count = |of: &dyn Fn(&(u32, u32)) -> u32| {
        let mut partners: QuickMap<u32, usize> = QuickMap::default();
        for pair in &both {
            *partners.entry(of(pair)).or_default() += 1;
        }
        let hubs: BTreeSet<u32> = partners
            .iter()
            .filter(|(_, n)| **n > HUB)
            .map(|(v, _)| *v)
            .collect();
        // Where they are more than a few, they are what the values are.
        if hubs.len() * 100 <= partners.len() {
            hubs
        } else {
            BTreeSet::new()
        }
    };
    let (first, second) = (count(&|pair| pair.0), count(&|pair| pair.1));
    both.into_iter()
        .filter(|(a, b)| !first.contains(a) && !second.contains(b))
        .collect()
}

/// Families that are linked one by one, as sets.
pub(super) fn components(count: usize, links: &[Link], taken: &[bool]) -> Vec<Vec<usize>> {
    let mut union = Union::new(count);
    for (link, taken) in links.iter().zip(taken) {
        if *taken {
            union.join(link.a, link.b);
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for family in 0..count {
        members.entry(union.root(family)).or_default().push(family);
    }
    members.into_values().collect()
}

/// Whether the families hang together by the links.
pub(super) fn connected(families: &BTreeSet<usize>, links: &[Link], taken: &[bool]) -> bool {
    let Some(first) = families.first() else {
        return false;
    };
    let mut reached = BTreeSet::from([*first]);
    loop {
        let before = reached.len();
        for (link, _) in links.iter().zip(taken).filter(|(_, taken)| **taken) {
            if families.contains(&link.a) && families.contains(&link.b) {
                if reached.contains(&link.a) {
                    reached.insert(link.b);
                } else if reached.contains(&link.b) {
                    reached.insert(link.a);
                }
            }
        }
        if reached.len() == before {
            return reached.len() == families.len();
        }
    }
}
