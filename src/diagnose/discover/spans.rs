//! The steps of a trace have names of their own, and those of the steps around them: they would pass for
//! messages that go from step to step. Where the trace is named too, it is what travels.

use std::collections::BTreeSet;

use super::lines::{Key, Lines};
use super::slots::Slot;

/// Whether a field names a step of a trace, or the step before it.
pub(super) fn is_step(key: &Key) -> bool {
    const STEPS: [&str; 3] = ["spanid", "parentid", "parentspan"];
    let name = ending(key);
    STEPS.iter().any(|step| name.ends_with(step))
}

/// The places where a field names the whole trace, of some groups of slots that are one ID each.
pub(super) fn traced<'a>(
    slots: &[Slot],
    families: impl Iterator<Item = &'a Vec<usize>>,
    lines: &Lines,
) -> BTreeSet<u32> {
    let whole = |family: &&Vec<usize>| {
        let mut keys = family.iter().map(|slot| lines.keys.of(slots[*slot].key));
        keys.any(|key| ending(key).ends_with("traceid"))
    };
    let slots = families.filter(whole).flatten().map(|slot| &slots[*slot]);
    slots.map(|slot| slot.place).collect()
}

/// The last two words of a field, in small letters and nothing else.
fn ending(key: &Key) -> String {
    let (Key::Field(path) | Key::Inner(path)) = key else {
        return String::new();
    };
    let from = path.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at);
    let letters = path[from..].chars().filter(char::is_ascii_alphanumeric);
    letters.flat_map(char::to_lowercase).collect()
}
