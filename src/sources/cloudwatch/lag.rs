//! How late the events of a source arrive: the end of what can be called covered.
//!
//! An event of the last seconds may not be there yet when it is asked for. The lag is measured
//! (ingestion time minus event time) per source, in whole seconds, in constant memory.

/// No source is taken to be quicker than this.
const SHORTEST_MS: i64 = 5_000;
/// While fewer events than this were seen, [`UNMEASURED_MS`] is the least.
const ENOUGH: u64 = 100;
/// What is assumed of a source that says little.
const UNMEASURED_MS: i64 = 60_000;

/// The lags of one source.
#[derive(Clone, Debug)]
pub struct Lags {
    /// How many events arrived within `index` seconds; the last entry counts all later ones.
    seconds: Vec<u64>,
    total: u64,
}

impl Default for Lags {
    fn default() -> Self {
        Self::up_to(Self::LONGEST_MS)
    }
}

impl Lags {
    /// Half an hour: some agents ship that rarely. Events written hours later (an agent that was down,
    /// an import) say nothing about how late the next one will be, and would leave the whole window
    /// uncovered.
    pub const LONGEST_MS: i64 = 30 * 60_000;

    /// None measured yet; longer ones than `longest_ms` will count as that.
    #[must_use]
    pub fn up_to(longest_ms: i64) -> Self {
        Self {
            seconds: vec![0; (longest_ms / 1000) as usize + 1],
            total: 0,
        }
    }

    /// Where much was measured, half of it is forgotten, so that what is measured next weighs more.
    pub fn fade(&mut self) {
        if self.total < 100 * ENOUGH {
            return;
        }
        for count in &mut self.seconds {
            *count /= 2;
        }
        self.total = self.seconds.iter().sum();
    }

    /// Counts one event that became readable `lag_ms` after it happened.
    pub fn add(&mut self, lag_ms: i64) {
        let last = self.seconds.len() - 1;
        let second = lag_ms.max(0).saturating_add(999) / 1000;
        self.seconds[usize::try_from(second).unwrap_or(last).min(last)] += 1;
        self.total += 1;
    }

    /// How long before the present a source is trusted to be complete, in milliseconds: the 99.9th
    /// percentile of what was measured, within the bounds above.
    #[must_use]
    pub fn settle_ms(&self) -> i64 {
        let least = if self.total < ENOUGH {
            UNMEASURED_MS
        } else {
            SHORTEST_MS
        };
        let rank = self.total - self.total / 1000;
        let mut below = 0;
        let measured = self
            .seconds
            .iter()
            .position(|count| {
                below += count;
                below >= rank
            })
            .unwrap_or(0);
        (measured as i64 * 1000).max(least)
    }
}
