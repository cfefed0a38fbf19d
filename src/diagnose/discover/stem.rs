//! Values that begin like no other word (`blk_`, `req-`, `attempt_`) are one ID wherever they stand.
//!
//! Texts name such a value behind many words ("block", "for", "to delete", or another value), and each of
//! these would be a place of its own with a part of the values.

use std::collections::BTreeMap;

use super::lines::{Key, Lines, Stands};
use super::shape::Class;

/// So many values begin alike before that counts as a beginning.
const VALUES: usize = 10;

impl Lines {
    /// Keys the variable parts of texts by how they begin, where that tells more than what stands before.
    pub(super) fn name_stems(&mut self) {
        let mut stems: Vec<Option<&str>> = self
            .values
            .all
            .iter()
            .zip(&self.classes)
            .map(|(value, class)| (*class == Class::Mixed).then(|| stem(value)).flatten())
            .collect();
        let mut behind = vec![false; stems.len()];
        for (key, value) in self.all.iter().flat_map(|line| &line.fields) {
            behind[*value as usize] |= matches!(self.keys.of(*key), Key::Behind(_) | Key::First(_));
        }
        let counts = loop {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for stem in stems.iter().zip(&behind).filter(|(_, behind)| **behind) {
                if let Some(stem) = stem.0 {
                    *counts.entry(stem).or_default() += 1;
                }
            }
            // What few begin with is a part of the name that happens to have no digit.
            let mut shortened = false;
            for stem in &mut stems {
                let few = stem.filter(|stem| counts.get(stem).is_some_and(|n| *n < VALUES));
                if let Some(few) = few {
                    *stem = shorter(few);
                    shortened = true;
                }
            }
            if !shortened {
                break counts;
            }
        };
        let mut keys: BTreeMap<&str, u32> = BTreeMap::new();
        for stem in counts.into_keys() {
            keys.insert(stem, self.keys.intern((Stands::Stem, stem)));
        }
        let of_value: Vec<Option<u32>> = stems
            .iter()
            .map(|stem| stem.and_then(|stem| keys.get(stem).copied()))
            .collect();
        for (key, value) in self.all.iter_mut().flat_map(|line| &mut line.fields) {
            if let Some(stem) = of_value[*value as usize]
                && matches!(self.keys.of(*key), Key::Behind(_) | Key::First(_))
            {
                *key = stem;
            }
        }
    }
}

/// A stem without its last word.
fn shorter(stem: &str) -> Option<&str> {
    let signs = ['_', '-', ':', '#'];
    let end = stem.trim_end_matches(signs).rfind(signs)? + 1;
    let letters = stem[..end].bytes().filter(u8::is_ascii_alphabetic).count();
    (letters >= 2).then_some(&stem[..end])
}

/// The words at the beginning of a value, with the sign that ends them: `blk_` of `blk_-160`.
fn stem(value: &str) -> Option<&str> {
    let mut end = 0;
    for part in value.split_inclusive(['_', '-', ':', '#']) {
        let word = part.trim_end_matches(['_', '-', ':', '#']);
        // A sign behind a sign is a minus.
        if word.len() == part.len()
            || word.is_empty()
            || !word.bytes().all(|b| b.is_ascii_alphabetic())
        {
            break;
        }
        end += part.len();
    }
    let stem = &value[..end];
    let letters = stem.bytes().filter(u8::is_ascii_alphabetic).count();
    (letters >= 2 && value[end..].bytes().any(|b| b.is_ascii_digit())).then_some(stem)
}
