//! Slots that hold the same values are one ID under several names, and each is told whether it names
//! one message or many.

use std::collections::{BTreeMap, BTreeSet};

use super::columns;
use super::leading;
use super::lines::{Key, Lines};
use super::numbers;
use super::shape::Class;
use super::slots::{self, Slot, Unfit};
use super::spans;
use super::union::Union;
use crate::domain::discovery::{Refused, RefusedWhat};

/// Numbers of different columns are joined by so many of them, in percent.
const ALL: usize = 90;

/// One ID.
#[derive(Debug)]
pub(super) struct Family {
    /// Indices of its slots.
    pub(super) slots: Vec<usize>,
    /// Kinds of sources where it stands.
    pub(super) places: BTreeSet<u32>,
    pub(super) values: usize,
    pub(super) lines: usize,
}

/// What all values of a corpus came to.
#[derive(Debug, Default)]
pub(super) struct Families {
    pub(super) slots: Vec<Slot>,
    pub(super) all: Vec<Family>,
    /// Family of a slot, by place and key.
    pub(super) of: BTreeMap<(u32, u32), usize>,
    pub(super) refused: Vec<Refused>,
    /// Families of numbers that nothing but their way makes IDs.
    pub(super) doubtful: Vec<usize>,
}

/// Joins the slots by what they share. `kinds` names the places.
pub(super) fn find(all: &Lines, places: &[u32], kinds: &[String]) -> Families {
    let slots = slots::slots(all, places);
    let window = window(all);
    let mut refused = Vec::new();
    let mut fit = Vec::new();
    for (index, slot) in slots.iter().enumerate() {
        match slot.unfit(all, window) {
            None => fit.push(index),
            Some(Unfit::Nothing) => {}
            Some(Unfit::Hub(why)) => refuse(&mut refused, slot, all, kinds, why),
        }
    }
    let mut union = Union::new(slots.len());
    for (a, b, shared) in slots::shared(&slots, &fit) {
        if joins(&slots[a], &slots[b], shared, all, window) {
            union.join(a, b);
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in fit {
        members.entry(union.root(index)).or_default().push(index);
    }
    let mut found = Families {
        slots,
        refused,
        ..Families::default()
    };
    let mut doubtful = Vec::new();
    let traced = spans::traced(&found.slots, members.values(), all);
    for slots in members.into_values() {
        let step = slots.iter().find(|slot| {
            let slot = &found.slots[**slot];
            spans::is_step(all.keys.of(slot.key)) && traced.contains(&slot.place)
        });
        if let Some(step) = step {
            let why = "a span is one step of a trace, which has a name of its own".to_owned();
            refuse(&mut found.refused, &found.slots[*step], all, kinds, why);
            continue;
        }
        let values: BTreeSet<u32> = slots
            .iter()
            .flat_map(|s| found.slots[*s].values.keys().copied())
            .collect();
        let lines: usize = slots.iter().map(|s| found.slots[*s].lines).sum();
        // Said once and never again: it joins nothing.
        if values.len() < 2 || lines * 10 < values.len() * 11 {
            continue;
        }
        if slots.iter().all(|slot| is_number(&found.slots[*slot], all)) {
            // Several slots were joined for the way of their values already.
            if slots.len() == 1 && !numbers::return_to(&found.slots[slots[0]], window) {
                continue;
            }
            doubtful.push(found.all.len());
        }
        for slot in &slots {
            let slot = &found.slots[*slot];
            found.of.insert((slot.place, slot.key), found.all.len());
        }
        found.all.push(Family {
            places: slots.iter().map(|s| found.slots[*s].place).collect(),
            slots,
            values: values.len(),
            lines,
        });
    }
    found.doubtful = doubtful;
    found
}

/// Whether nothing but the way of its values can make them IDs.
fn is_number(slot: &Slot, lines: &Lines) -> bool {
    slot.class == Class::Digits && !slot.is_id_like(lines)
}

/// Notes what is not taken; what has one name in several places once.
fn refuse(refused: &mut Vec<Refused>, slot: &Slot, lines: &Lines, kinds: &[String], why: String) {
    let key = lines.keys.of(slot.key);
    // Numbers among words are hardly ever meant as names.
    if matches!(key, Key::Behind(_) | Key::First(_) | Key::Template(_)) {
        return;
    }
    let (name, place) = (shown(key), &kinds[slot.place as usize]);
    match refused.iter_mut().find(|known| known.name == name) {
        Some(known) => known.place = format!("{}, {place}", known.place),
        None => refused.push(Refused {
            what: RefusedWhat::Hub,
            name,
            place: place.clone(),
            why,
            families: Vec::new(),
        }),
    }
}

/// From the first event to the last, in milliseconds.
pub(super) fn window(lines: &Lines) -> i64 {
    let times = lines.all.iter().map(|line| line.time);
    match (times.clone().min(), times.max()) {
        (Some(from), Some(to)) => to.since(from),
        _ => 0,
    }
}

/// Whether two slots hold one ID.
fn joins(a: &Slot, b: &Slot, shared: usize, lines: &Lines, window: i64) -> bool {
    let least = a.values.len().min(b.values.len());
    let enough = |share: f64| shared as f64 >= share * least as f64;
    if a.class == Class::Digits || b.class == Class::Digits {
        // Short numbers meet by chance.
        let same = a.key == b.key;
        let (first, second) = (is_number(a, lines), is_number(b, lines));
        if a.class != b.class {
            return false;
        }
        // The numbers of the lines of two logs go along with each other and name nothing.
        if first && second && a.counts(lines) && b.counts(lines) {
            return false;
        }
        if first || second {
            let columns = || {
                let column = |slot: &Slot| matches!(lines.keys.of(slot.key), Key::Column(_));
                column(a) && column(b) && shared * 100 >= least * ALL
            };
            return (same || first != second || columns()) && numbers::travel(a, b, shared, window);
        }
        return shared >= 3 && enough(if same { 0.3 } else { 0.7 });
    }
    shared >= least.min(3) && enough(0.1)
}

/// A key as people read it.
pub(super) fn shown(key: &Key) -> String {
    match key {
        Key::Field(path) | Key::Template(path) => path.clone(),
        Key::Inner(key) => format!("{key}="),
        Key::Behind(text) => format!("\"{}…\"", text.trim()),
        Key::First(key) => leading::selector(key, "…"),
        Key::Column(key) => columns::shown(key),
        Key::Stem(stem) | Key::Core(stem) => format!("{stem}…"),
    }
}
