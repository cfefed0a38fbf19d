//! Numbers behind an ordinary word (`policy 7000001`): nothing but their way through the logs tells whether
//! they name messages. They do if each is said few times, soon one after the other, and by many.

use super::slots::{ENOUGH, Slot};

/// So many of the values go on, in percent.
const GO_ON: usize = 60;
/// Numbers that meet by chance do so anywhere in the window; messages take a small part of it.
const PART: i64 = 8;

/// Whether numbers go from one slot to the other, one by one.
pub(super) fn travel(a: &Slot, b: &Slot, shared: usize, window_ms: i64) -> bool {
    let least = a.values.len().min(b.values.len());
    shared >= ENOUGH && shared * 100 >= least * GO_ON && a.gap(b) <= window_ms / PART
}

/// Whether numbers begin and end in one slot.
pub(super) fn return_to(slot: &Slot, window_ms: i64) -> bool {
    let again = slot.again();
    again.len() >= ENOUGH
        && again.len() * 100 >= slot.values.len() * GO_ON
        && again[again.len() / 2] <= window_ms / PART
}
