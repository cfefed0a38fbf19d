//! Faults drawn from a seed, the same in every run.
//!
//! What happens to a call is a function of the seed, of what is asked, and of how often exactly
//! that was asked before; never of the order of calls, nor of time. A burst ends: after a few
//! askings a question is answered.

use std::time::Duration;

use super::call::{Call, Hash};
use super::trouble::Trouble;

/// Faults alone and mixed.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    seed: u64,
    /// Of a hundred questions so many are disturbed.
    percent: u64,
    /// At most so many times each.
    longest: u64,
    kinds: Vec<Trouble>,
}

/// Faults that a question may meet any number of times.
pub(crate) fn passing() -> Vec<Trouble> {
    vec![
        Trouble::Throttle,
        Trouble::Status(500),
        Trouble::Status(503),
        Trouble::CutBody,
        Trouble::EmptyPage,
        Trouble::PageAgain,
        Trouble::TokenAgain,
        Trouble::TokenExpired,
        Trouble::Slow(Duration::from_millis(2)),
    ]
}

impl Schedule {
    /// Of a hundred questions `percent` meet one to `longest` faults of these kinds.
    pub(crate) fn new(seed: u64, percent: u64, longest: u64, kinds: Vec<Trouble>) -> Self {
        Self {
            seed,
            percent,
            longest,
            kinds,
        }
    }

    /// What happens to this call.
    pub(crate) fn trouble(&self, call: &Call) -> Option<Trouble> {
        let draw = |salt: u64| {
            let mut hash = Hash::new(self.seed);
            hash.number(call.question() as i64)
                .number(salt as i64)
                .end()
        };
        let burst = 1 + draw(1) % self.longest.max(1);
        if self.kinds.is_empty() || draw(0) % 100 >= self.percent || call.attempt as u64 >= burst {
            return None;
        }
        let kind = draw(2 + call.attempt as u64) % self.kinds.len() as u64;
        let trouble = self.kinds[kind as usize].clone();
        // Who one is, and what there is, comes without tokens that could repeat.
        let pages = call.operation == "FilterLogEvents";
        let page_only = matches!(
            trouble,
            Trouble::PageAgain | Trouble::TokenAgain | Trouble::TokenExpired
        );
        // Nothing to spoil: neither a page nor a token came before. And who repeats itself more
        // often than this is rightly not believed any more.
        let fits = pages && call.position.is_some() && call.attempt < 2;
        (!page_only || fits).then_some(trouble)
    }
}
