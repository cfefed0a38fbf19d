//! When messages enter: busy and quiet hours, batches, and the evenness of arrivals.

use super::random::Random;

/// Quiet before the first message, so that no clock that is behind puts one before the window.
pub(super) const LEAD_IN_MS: i64 = 10_000;

/// How arrivals follow each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rhythm {
    /// One after the other in nearly equal steps.
    Even,
    /// As if nobody had arranged it: gaps of every length.
    Poisson,
}

/// The arrivals of one environment over the whole window.
#[derive(Clone, Debug)]
pub(super) struct Traffic {
    pub(super) rhythm: Rhythm,
    /// Nobody enters before this.
    quiet_ms: i64,
    /// One after the other: how long, and how dense beside the others.
    stretches: Vec<(i64, f64)>,
    /// Duration times density, summed.
    whole: f64,
}

impl Traffic {
    /// Stretches of time, each with its length in milliseconds and its density; none enter in a
    /// stretch of density 0.
    pub(super) fn new(rhythm: Rhythm, mut stretches: Vec<(i64, f64)>) -> Self {
        let mut quiet_ms = 0;
        if let Some((ms, density)) = stretches.first_mut()
            && *density > 0.0
        {
            quiet_ms = LEAD_IN_MS.min(*ms);
            *ms -= quiet_ms;
        }
        let whole = stretches.iter().map(|(ms, density)| *ms as f64 * density);
        Self {
            rhythm,
            quiet_ms,
            whole: whole.sum(),
            stretches,
        }
    }

    /// How many milliseconds after the beginning that part (from 0 to 1) of all has entered.
    pub(super) fn at(&self, part: f64) -> i64 {
        let mut rest = self.whole * part;
        let mut start = self.quiet_ms;
        for (ms, density) in &self.stretches {
            let here = *ms as f64 * density;
            if rest < here {
                return start + (rest / density) as i64;
            }
            rest -= here;
            start += ms;
        }
        start
    }

    /// The part (from 0 to 1) of all that enters in the stretches that `which` chooses.
    pub(super) fn part(&self, which: impl Fn(usize) -> bool) -> f64 {
        let chosen = self.stretches.iter().enumerate().filter(|(i, _)| which(*i));
        chosen
            .map(|(_, (ms, density))| *ms as f64 * density)
            .sum::<f64>()
            / self.whole
    }
}

/// Which part of all has entered, message by message: grows from 0 to 1.
#[derive(Debug)]
pub(super) struct Positions {
    count: u64,
    block: Vec<f64>,
}

/// So many arrivals are drawn and put in order together.
const BLOCK: u64 = 64;

impl Positions {
    pub(super) const fn new(count: u64) -> Self {
        Self {
            count,
            block: Vec::new(),
        }
    }

    /// In nearly equal steps.
    pub(super) fn even(&self, index: u64, jitter: f64) -> f64 {
        (index as f64 + jitter) / self.count as f64
    }

    /// The order of independent draws; must be asked one index after the other. `draws` makes the
    /// chance of one block.
    pub(super) fn poisson(&mut self, index: u64, draws: impl Fn(u64) -> Random) -> f64 {
        let first = index - index % BLOCK;
        if index == first {
            let mut random = draws(index / BLOCK);
            let size = BLOCK.min(self.count - first);
            self.block = (0..size)
                .map(|_| (first as f64 + random.unit() * size as f64) / self.count as f64)
                .collect();
            self.block.sort_unstable_by(f64::total_cmp);
        }
        self.block[(index - first) as usize]
    }
}
