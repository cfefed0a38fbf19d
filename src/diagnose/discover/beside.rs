//! Numbers that stand beside an ID which goes as far as they do are no IDs: an amount, a size. Two messages
//! may have the same, and would be made one.

use std::collections::{BTreeMap, BTreeSet};

use super::families::{Families, Family};
use super::lines::Lines;
use super::slots::Slot;

/// Drops the families of doubtful numbers that stand beside an ID which goes as far: an amount, a size.
pub(super) fn drop(found: &mut Families, lines: &Lines, places: &[u32]) {
    let mut doubtful = std::mem::take(&mut found.doubtful);
    if doubtful.is_empty() {
        return;
    }
    let beside = beside(found, &doubtful, lines, places);
    let crossing: Vec<usize> = found
        .all
        .iter()
        .map(|f| crossing(f, &found.slots))
        .collect();
    // What has most values names best.
    doubtful.sort_by_key(|family| std::cmp::Reverse(found.all[*family].values));
    let mut kept: BTreeSet<usize> = (0..found.all.len()).collect();
    for (at, family) in doubtful.iter().enumerate() {
        let undecided = &doubtful[at..];
        let better = kept.iter().any(|other| {
            let both = beside.get(&(*family, *other)).copied().unwrap_or(0);
            !undecided.contains(other)
                && both * 2 >= found.all[*family].lines
                && crossing[*other] * 2 >= crossing[*family]
        });
        if better {
            kept.remove(family);
        }
    }
    let number: BTreeMap<usize, usize> = kept.iter().copied().zip(0..).collect();
    found.of.retain(|_, family| match number.get(family) {
        Some(to) => {
            *family = *to;
            true
        }
        None => false,
    });
    let mut at = 0..;
    found
        .all
        .retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
}

/// In how many lines each doubtful family stands with another one.
fn beside(
    found: &Families,
    doubtful: &[usize],
    lines: &Lines,
    places: &[u32],
) -> BTreeMap<(usize, usize), usize> {
    let mut counts = BTreeMap::new();
    let mut here: Vec<usize> = Vec::new();
    for (line, place) in lines.all.iter().zip(places) {
        here.clear();
        let keys = line.fields.iter();
        here.extend(keys.filter_map(|(key, _)| found.of.get(&(*place, *key))));
        here.sort_unstable();
        here.dedup();
        for family in here.iter().filter(|family| doubtful.contains(family)) {
            for other in here.iter().filter(|other| *other != family) {
                *counts.entry((*family, *other)).or_default() += 1;
            }
        }
    }
    counts
}

/// How many values of a family are seen in more than one place.
fn crossing(family: &Family, slots: &[Slot]) -> usize {
    let mut places: BTreeMap<u32, (u32, bool)> = BTreeMap::new();
    for slot in family.slots.iter().map(|slot| &slots[*slot]) {
        for value in slot.values.keys() {
            let (first, more) = places.entry(*value).or_insert((slot.place, false));
            *more |= *first != slot.place;
        }
    }
    places.values().filter(|(_, more)| *more).count()
}
