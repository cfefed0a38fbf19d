//! Whether what was found is a pipeline at all: nobody must be told of lost messages where there are none.
//!
//! What is not taken is not forgotten: it is told with its reason, and can be taken all the same.

use super::lines::Key;
use super::messages::Travellers;
use super::room;
use super::seen::Seen;
use super::shape::Class;

/// Of values that need not be IDs, so many must be seen to go from stage to stage.
const ENOUGH: usize = 20;
/// Fewer values than this may look like IDs by chance.
const SOME: usize = 10;
/// So many of those that go from stage to stage do so in the same order, in percent.
const ORDERED: usize = 60;
/// The same of pairs of sightings, as a share.
const AGREE: f64 = 0.8;
/// So many of all must go from stage to stage, in percent.
const THROUGH: usize = 20;

/// How messages pass what was taken for their stages.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passing {
    pub(super) stages: usize,
    pub(super) messages: usize,
    /// Messages that were seen at several stages.
    pub(super) through: usize,
    /// Those of them that passed in the order of the stages.
    pub(super) ordered: usize,
    /// The share of pairs of sightings that are in the order of their stages: what is done side by side
    /// has no order, and all else may.
    pub(super) agree: f64,
    /// All lines stand in sources of one kind.
    pub(super) alone: bool,
}

/// Why it is not taken, if it is not.
pub(super) fn doubt(seen: &Seen<'_>, travellers: &Travellers, passing: Passing) -> Option<String> {
    let Passing {
        messages, through, ..
    } = passing;
    if passing.stages < 2 {
        return Some("only one stage was found: nothing can be lost between stages".to_owned());
    }
    let sure = is_id(seen, travellers);
    if through < if sure { 2 } else { ENOUGH } {
        return Some(format!(
            "of {messages} values {through} are seen at more than one stage, too few for what does not look like an ID"
        ));
    }
    if through * 100 < messages * THROUGH && !(sure && through >= ENOUGH) {
        return Some(format!(
            "only {through} of {messages} values are seen at more than one stage"
        ));
    }
    let ordered = passing.ordered * 100 >= through * ORDERED || passing.agree >= AGREE;
    if passing.alone && !sure && !ordered {
        return Some(format!(
            "they pass the stages in no common order ({} of {through} do)",
            passing.ordered
        ));
    }
    None
}

/// Whether the values are IDs by what they look like or are called, and not only by how they are spread.
fn is_id(seen: &Seen<'_>, travellers: &Travellers) -> bool {
    let families = travellers.families.iter().map(|f| &seen.families.all[*f]);
    let mut slots = families.flat_map(|f| f.slots.iter().map(|s| &seen.families.slots[*s]));
    slots.any(|slot| {
        let field = matches!(seen.lines.keys.of(slot.key), Key::Field(_) | Key::Inner(_));
        let named = field && slot.is_named(seen.lines);
        let values = || slot.values.keys().map(|value| seen.lines.values.of(*value));
        named
            || slot.class == Class::Uuid
            || slot.class == Class::Hex && values().all(|v| v.len() >= 10)
            || slot.class == Class::Mixed
                && slot.values.len() >= SOME
                && room::is_ample(values().map(String::as_str))
    })
}
