//! How the configuration finds the values of an ID, wherever they stand and whatever they are called.

use std::collections::BTreeSet;

use regex::Regex;

use super::Seen;
use super::lines::Key;
use super::rules::escape;
use super::slots::Slot;
use crate::domain::discovery::{Confidence, FoundFamily, FoundSelector};

impl Seen<'_> {
    /// The selectors of a family, those of most lines first.
    pub(super) fn family(&self, family: usize) -> FoundFamily {
        let found = &self.families.all[family];
        let mut by_lines: Vec<usize> = found.slots.clone();
        by_lines.sort_by_key(|slot| std::cmp::Reverse(self.families.slots[*slot].lines));
        let mut selectors: Vec<FoundSelector> = Vec::new();
        for index in by_lines {
            let slot = &self.families.slots[index];
            let text = self.selector(slot, found.slots.as_slice());
            let place = self.placing.names[slot.place as usize].clone();
            let known = selectors.iter_mut().find(|known| known.text == text);
            if let Some(known) = known {
                if !known.places.contains(&place) {
                    known.places.push(place);
                }
                continue;
            }
            let example = slot.values.keys().next();
            selectors.push(FoundSelector {
                text,
                places: vec![place],
                example: example.map_or_else(String::new, |v| self.lines.values.of(*v).clone()),
            });
        }
        let field = selectors.iter().find(|s| !s.text.contains("(?<"));
        let name = field.or(selectors.first()).map(|s| s.text.clone());
        let (values, lines, places) = (found.values, found.lines, found.places.len());
        FoundFamily {
            name: name.unwrap_or_default(),
            selectors,
            values,
            lines,
            confidence: Confidence {
                share: if places > 1 { 0.95 } else { 0.8 },
                evidence: format!(
                    "{values} values in {lines} log events of {places} kinds of sources"
                ),
            },
        }
    }

    fn selector(&self, slot: &Slot, family: &[usize]) -> String {
        let pattern = || slot.pattern(self.lines);
        match self.lines.keys.of(slot.key) {
            // What begins like nothing else needs no words before it.
            Key::Inner(_) | Key::Behind(_) if slot.form(self.lines).is_telling() => {
                format!("\\b(?<id>{})", pattern())
            }
            Key::Field(path) if self.means_two_things(slot, family) => {
                let last = escape(path.rsplit('.').next().unwrap_or_default());
                format!("\\b{last}(?:\"\\s*:\\s*\"?|=\"?)(?<id>{})\\b", pattern())
            }
            Key::Field(path) | Key::Template(path) => path.clone(),
            Key::Inner(key) => format!("{}=(?<id>{})", escape(key), pattern()),
            Key::Behind(before) => format!("{}(?<id>{})", escape(before), pattern()),
        }
    }

    /// Whether a field of this name holds something else in other places, and looks can tell the two.
    fn means_two_things(&self, slot: &Slot, family: &[usize]) -> bool {
        let own: BTreeSet<usize> = family.iter().copied().collect();
        let other = |(index, other): &(usize, &Slot)| other.key == slot.key && !own.contains(index);
        let slots = self.families.slots.iter().enumerate();
        let others: Vec<&Slot> = slots.filter(other).map(|(_, other)| other).collect();
        let Ok(shape) = Regex::new(&format!("^(?:{})$", slot.pattern(self.lines))) else {
            return false;
        };
        let fits = |other: &&Slot| {
            let mut values = other.values.keys().take(50);
            values.any(|value| shape.is_match(self.lines.values.of(*value)))
        };
        !others.is_empty() && !others.iter().any(fits)
    }
}
