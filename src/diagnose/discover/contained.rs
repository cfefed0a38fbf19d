//! Names that stand within other names, but for the word they begin with: `task_17_0042` within
//! `attempt_17_0042_0`. Who tries a thing names the try by that thing.
//!
//! What both have in common becomes a key of its own, which lines of either have. Only where nearly all of
//! the longer names hold a shorter one, each its own: the parts of a whole are not the whole.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Key, Lines, Stands};
use super::links::FUNCTIONAL;

/// Fewer values may meet by chance.
const ENOUGH: usize = 20;
/// So many of the longer names hold a shorter one, in percent.
const HOLD: usize = 90;

/// The longer and the shorter stem, as keys, and by value what both have in common.
struct Pair {
    longer: u32,
    shorter: u32,
    core: BTreeMap<u32, String>,
}

impl Lines {
    /// Gives what names have in common a key of its own.
    pub(super) fn name_cores(&mut self) {
        for pair in self.pairs() {
            let stem = |key| match self.keys.of(key) {
                Key::Stem(stem) => stem.clone(),
                _ => String::new(),
            };
            let text = format!("{}|{}", stem(pair.shorter), stem(pair.longer));
            let key = self.keys.intern((Stands::Core, &text));
            let core = pair.core.iter();
            let core: BTreeMap<u32, u32> = core.map(|(v, core)| (*v, self.value(core))).collect();
            for line in &mut self.all {
                let (mut more, mut below) = (Vec::new(), Vec::new());
                for (stem, value) in &mut line.fields {
                    let Some(core) = core.get(value) else {
                        continue;
                    };
                    let path = line.deep.iter().find(|(known, _)| known == value);
                    below.extend(path.map(|(_, path)| (*core, *path)));
                    if *stem == pair.shorter {
                        (*stem, *value) = (key, *core);
                    } else {
                        more.push((key, *core));
                    }
                }
                line.fields.extend(more);
                line.deep.extend(below);
            }
        }
    }

    /// The stems of which one holds the other; each stands in one pair at most.
    fn pairs(&self) -> Vec<Pair> {
        let mut stems: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (key, value) in self.all.iter().flat_map(|line| &line.fields) {
            if matches!(self.keys.of(*key), Key::Stem(_)) {
                stems.entry(*key).or_default().insert(*value);
            }
        }
        stems.retain(|_, values| values.len() >= ENOUGH);
        let mut taken: BTreeSet<u32> = BTreeSet::new();
        let mut pairs = Vec::new();
        for longer in stems.keys() {
            for shorter in stems.keys() {
                if longer == shorter || taken.contains(longer) || taken.contains(shorter) {
                    continue;
                }
                let stems = [(*longer, &stems[longer]), (*shorter, &stems[shorter])];
                if let Some(pair) = self.pair(stems) {
                    taken.extend([*longer, *shorter]);
                    pairs.push(pair);
                }
            }
        }
        pairs
    }

    fn pair(&self, [longer, shorter]: [(u32, &BTreeSet<u32>); 2]) -> Option<Pair> {
        let rest = |key: u32, value: u32| {
            let Key::Stem(stem) = self.keys.of(key) else {
                return None;
            };
            self.values.of(value).strip_prefix(stem.as_str())
        };
        let known = shorter.1.iter();
        let known: BTreeMap<&str, u32> = known
            .filter_map(|value| Some((rest(shorter.0, *value)?, *value)))
            .collect();
        let mut core: BTreeMap<u32, String> = BTreeMap::new();
        let mut held: BTreeSet<&str> = BTreeSet::new();
        for value in longer.1 {
            let text = rest(longer.0, *value)?;
            let ends = text
                .match_indices(['_', '-', '.'])
                .map(|(at, _)| &text[..at]);
            if let Some(found) = ends.rev().find(|part| known.contains_key(part)) {
                core.insert(*value, found.to_owned());
                held.insert(found);
            }
        }
        let most = core.len() * 100 >= longer.1.len() * HOLD;
        let own = core.len() as f64 <= FUNCTIONAL * held.len() as f64;
        // Else nobody could tell where it ends.
        let first = known.keys().next()?;
        let same = known.keys().all(|part| part.len() == first.len());
        let digits = || {
            known
                .keys()
                .all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        };
        if !most || !own || held.len() < ENOUGH || !same && !digits() {
            return None;
        }
        core.extend(
            known
                .iter()
                .map(|(part, value)| (*value, (*part).to_owned())),
        );
        Some(Pair {
            longer: longer.0,
            shorter: shorter.0,
            core,
        })
    }
}

/// How what both have in common is found, which looks like `values`.
pub(super) fn selector(key: &str, values: &str) -> String {
    format!("\\b(?:{key})(?<id>{values})")
}
