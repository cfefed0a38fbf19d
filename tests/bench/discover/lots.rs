//! Draws by lot that depend on a seed and on what is drawn, and on nothing else.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;

/// A seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lots(pub(crate) u64);

impl Lots {
    /// A number for a thing.
    pub(crate) fn number(self, what: impl Hash) -> u64 {
        let hash = FixedState::with_seed(self.0).hash_one(what);
        // Spread: seeds that follow each other are much alike.
        let mut x = hash.wrapping_add(self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// One of several things.
    pub(crate) fn one_of<T: Copy>(self, what: impl Hash, among: &[T]) -> T {
        among[(self.number(what) % among.len() as u64) as usize]
    }
}
