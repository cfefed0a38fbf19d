//! Drawing by lot: with what chance, and how many each of those drawn stands for.
//!
//! Numbers only; who is drawn is decided by the ID of each message.

/// The chance out of 2^32 for about `limit` of `total`.
pub(super) fn chance(total: u64, limit: usize) -> u64 {
    const ALL: u64 = 1 << 32;
    if total <= limit as u64 {
        return ALL;
    }
    ((ALL as f64) * (limit as f64) / (total as f64)) as u64
}

/// How many each of those drawn stands for, so that together they are just as many as there are: no
/// estimate of a part is more than the whole.
pub(super) fn weight(total: u64, drawn: usize) -> f64 {
    if drawn == 0 {
        return 1.0;
    }
    total as f64 / drawn as f64
}
