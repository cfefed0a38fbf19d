//! Numbers that stand beside an ID which goes as far as they do are no IDs: an amount, a size. Two messages
//! may have the same, and would be made one. A number that leads where the ID does not, and stands with one
//! value of it only, is the next name of the message: the number of the invoice behind that of the order.

use std::collections::{BTreeMap, BTreeSet};

use super::families::{Families, Family};
use super::lines::Lines;
use super::quick::QuickMap;
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
            let Some(beside) = beside.get(&(*family, *other)) else {
                return false;
            };
            let further = !found.all[*family]
                .places
                .is_subset(&found.all[*other].places);
            !undecided.contains(other)
                && beside.lines * 2 >= found.all[*family].lines
                && crossing[*other] * 2 >= crossing[*family]
                && !(further && beside.one)
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

/// How a doubtful family stands with another one.
struct Beside {
    lines: usize,
    /// The value of the other that each of its values stands with.
    with: QuickMap<u32, u32>,
    /// No value stands with two.
    one: bool,
}

/// How each doubtful family stands with others.
fn beside(
    found: &Families,
    doubtful: &[usize],
    lines: &Lines,
    places: &[u32],
) -> BTreeMap<(usize, usize), Beside> {
    let mut all = BTreeMap::new();
    let mut here: Vec<(usize, u32)> = Vec::new();
    for (line, place) in lines.all.iter().zip(places) {
        here.clear();
        let keys = line.fields.iter();
        here.extend(keys.filter_map(|(key, value)| {
            let family = found.of.get(&(*place, *key))?;
            Some((*family, *value))
        }));
        here.sort_unstable();
        here.dedup_by_key(|(family, _)| *family);
        for (family, value) in here.iter().filter(|(family, _)| doubtful.contains(family)) {
            for (other, partner) in here.iter().filter(|(other, _)| other != family) {
                let beside = all.entry((*family, *other)).or_insert_with(|| Beside {
                    lines: 0,
                    with: QuickMap::default(),
                    one: true,
                });
                beside.lines += 1;
                beside.one &= *beside.with.entry(*value).or_insert(*partner) == *partner;
            }
        }
    }
    all
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
