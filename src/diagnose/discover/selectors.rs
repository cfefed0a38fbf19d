//! How the configuration finds the values of an ID, wherever they stand and whatever they are called.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::again::Again;
use super::columns;
use super::contained;
use super::deep;
use super::leading;
use super::lines::Key;
use super::links::Link;
use super::rules::escape;
use super::seen::Seen;
use super::shape::Class;
use super::slots::Slot;
use crate::domain::discovery::{Confidence, FoundFamily, FoundSelector, Refused, RefusedWhat};

/// Numbers of so few digits have more of them one day.
const SHORT: usize = 4;

impl Seen<'_> {
    /// The selectors of a family, those of most lines first.
    pub(super) fn family(&self, family: usize) -> FoundFamily {
        let found = &self.families.all[family];
        let mut by_lines: Vec<usize> = found.slots.clone();
        by_lines.sort_by_key(|slot| std::cmp::Reverse(self.families.slots[*slot].lines));
        let mut selectors: Vec<FoundSelector> = Vec::new();
        let same = self.same_length(&found.slots);
        for index in by_lines {
            let slot = &self.families.slots[index];
            let place = self.placing.names[slot.place as usize].clone();
            for within in self.within(slot) {
                let example = slot.values.keys().next();
                let selector = FoundSelector {
                    text: self.selector(slot, same),
                    within,
                    places: vec![place.clone()],
                    example: example.map_or_else(String::new, |v| self.lines.values.of(*v).clone()),
                };
                match selectors.iter_mut().find(|known| known.is(&selector)) {
                    Some(known) if known.places.contains(&place) => {}
                    Some(known) => known.places.push(place.clone()),
                    None => selectors.push(selector),
                }
            }
        }
        let field = selectors.iter().find(|s| !s.text.contains("(?<"));
        let name = field.or(selectors.first()).map(FoundSelector::words);
        let (values, lines, places) = (found.values, found.lines, found.places.len());
        let others = self.other_meanings(&found.slots);
        let mut evidence =
            format!("{values} values in {lines} log events of {places} kinds of sources");
        let slots = found.slots.iter().map(|slot| &self.families.slots[*slot]);
        let columns: BTreeSet<String> = slots
            .filter_map(|slot| match self.lines.keys.of(slot.key) {
                Key::Column(key) => Some(columns::shown(key)),
                _ => None,
            })
            .collect();
        for other in columns.iter().chain(&others) {
            let _infallible = write!(evidence, "; {other}");
        }
        FoundFamily {
            name: name.unwrap_or_default(),
            selectors,
            values,
            lines,
            confidence: Confidence {
                share: match (others.is_empty(), places > 1) {
                    (false, _) => 0.65,
                    (true, true) => 0.95,
                    (true, false) => 0.8,
                },
                evidence,
            },
        }
    }

    /// Whether all values of a family are of one length, and not so short that others will be longer.
    fn same_length(&self, slots: &[usize]) -> bool {
        let values = slots
            .iter()
            .flat_map(|slot| self.families.slots[*slot].values.keys());
        let mut lengths = values.map(|value| self.lines.values.of(*value).len());
        let first = lengths.next().unwrap_or(0);
        first > SHORT && lengths.all(|length| length == first)
    }

    /// The fields whose texts name the values of a slot; `None` for what is found anywhere.
    fn within(&self, slot: &Slot) -> Vec<Option<String>> {
        if let Key::First(key) = self.lines.keys.of(slot.key) {
            return vec![leading::path(key)];
        }
        let Some(paths) = self.deep.get(&(slot.place, slot.key)) else {
            return vec![None];
        };
        let paths = paths.iter();
        let paths = paths.map(|path| path.and_then(|path| deep::path(self.lines, path)));
        paths.collect()
    }

    /// How to find the values of a slot; `same` tells that all of its family are of one length.
    fn selector(&self, slot: &Slot, same: bool) -> String {
        let pattern = || match slot.class {
            Class::Digits if !same => "\\d+".to_owned(),
            _ => slot.pattern(self.lines),
        };
        match self.lines.keys.of(slot.key) {
            // What begins like nothing else needs no words before it.
            Key::Stem(_) => format!("\\b(?<id>{})", pattern()),
            Key::Inner(_) | Key::Behind(_) if slot.form(self.lines).is_telling() => {
                format!("\\b(?<id>{})", pattern())
            }
            Key::Field(path) | Key::Template(path) => path.clone(),
            Key::Core(key) => contained::selector(key, &pattern()),
            Key::First(key) => leading::selector(key, &pattern()),
            Key::Column(key) => columns::selector(key, &pattern()),
            Key::Inner(key) => format!("{}=(?<id>{})", escape(key), pattern()),
            Key::Behind(before) => format!("{}(?<id>{})", escape(before), pattern()),
        }
    }

    /// Where a field of a family holds something else: the places, as `name in place`.
    fn other_meanings(&self, family: &[usize]) -> Vec<String> {
        let own: BTreeSet<usize> = family.iter().copied().collect();
        let keys: BTreeSet<u32> = family.iter().map(|s| self.families.slots[*s].key).collect();
        let slots = self.families.slots.iter().enumerate();
        let others = slots.filter(|(index, slot)| keys.contains(&slot.key) && !own.contains(index));
        let fields = others.filter_map(|(_, slot)| {
            let name = match self.lines.keys.of(slot.key) {
                Key::Field(path) => path.clone(),
                Key::Column(key) => columns::shown(key),
                _ => return None,
            };
            let place = &self.placing.names[slot.place as usize];
            Some(format!("{name} is something else in {place}"))
        });
        fields.collect()
    }

    /// Links that would make one message of many.
    pub(super) fn refused_links(&self, taken: &[bool], things: &[Again]) -> Vec<Refused> {
        let shown = |family: usize| self.family(family).name;
        let refused = self.links.iter().zip(taken).filter(|(_, taken)| !**taken);
        let refused = refused.map(|(link, _)| Refused {
            what: RefusedWhat::Link,
            families: vec![self.family(link.a), self.family(link.b)],
            name: format!("{} with {}", shown(link.a), shown(link.b)),
            place: link
                .places
                .iter()
                .map(|p| self.placing.names[*p as usize].clone())
                .collect::<Vec<_>>()
                .join(", "),
            why: self.why_refused(link, things),
        });
        refused.collect()
    }

    fn why_refused(&self, link: &Link, things: &[Again]) -> String {
        for (family, which) in [(link.a, "first"), (link.b, "second")] {
            if let Some(thing) = things.iter().find(|thing| thing.family == family) {
                return format!(
                    "{} of {} values of the {which} come again with other messages",
                    thing.values, self.families.all[family].values,
                );
            }
        }
        format!(
            "{:.1} of the one belong to one of the other, and {:.1} the other way round",
            link.a_per_b.max(link.b_per_a),
            link.a_per_b.min(link.b_per_a)
        )
    }
}
