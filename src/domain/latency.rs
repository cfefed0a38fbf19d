//! How long an edge takes: a histogram of the messages that passed, and the allowance learnt from it.
//!
//! Buckets are exact below 64 ms and at most 1/32 wide above, so a figure is at most 3.2 % too high
//! and never too low. It decides nothing about a single message.

/// The least allowance that is learnt, in milliseconds.
pub const LEAST_MS: i64 = 5_000;
/// The allowance where there are too few samples to learn from, in milliseconds.
pub const DEFAULT_MS: i64 = 300_000;
/// Fewer samples than this teach nothing.
pub const ENOUGH: u64 = 200;

const EXACT: u64 = 64;
const SUB: u64 = 32;
/// Latencies of more than 2^42 ms (139 years) share the last bucket.
const BUCKETS: usize = (EXACT + (42 - 6) * SUB) as usize;

/// Where an allowance comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Basis {
    /// Set in the configuration (`within`).
    Configured,
    /// Learnt from the messages that passed.
    Learnt,
    /// Too few messages passed to learn from.
    #[default]
    Default,
}

impl Basis {
    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Learnt => "learnt",
            Self::Default => "default",
        }
    }
}

/// The bucket of a latency; below zero counts as zero (clocks differ).
#[must_use]
pub fn bucket(ms: i64) -> u16 {
    let ms = ms.max(0) as u64;
    if ms < EXACT {
        return ms as u16;
    }
    let power = u64::from(ms.ilog2());
    let sub = (ms >> (power - 5)) & (SUB - 1);
    (EXACT + (power - 6) * SUB + sub).min(BUCKETS as u64 - 1) as u16
}

/// The largest latency of a bucket, in milliseconds.
#[must_use]
pub fn upper(bucket: u16) -> i64 {
    let bucket = u64::from(bucket);
    if bucket < EXACT {
        return bucket as i64;
    }
    let power = (bucket - EXACT) / SUB + 6;
    let sub = (bucket - EXACT) % SUB;
    (((SUB + sub + 1) << (power - 5)) - 1) as i64
}

/// Latencies of one edge: of those that passed, and ages of those that have not (yet).
#[derive(Clone, Debug)]
pub struct Histogram {
    passed: Vec<u32>,
    waiting: Vec<u32>,
    samples: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            passed: vec![0; BUCKETS],
            waiting: vec![0; BUCKETS],
            samples: 0,
        }
    }
}

impl Histogram {
    /// A message passed after so long.
    pub fn pass(&mut self, bucket: u16) {
        self.passed[usize::from(bucket)] += 1;
        self.samples += 1;
    }

    /// A message has waited so long and did not pass within what was read.
    pub fn wait(&mut self, ms: i64) {
        self.waiting[usize::from(bucket(ms))] += 1;
    }

    /// How many passed with a known latency.
    #[must_use]
    pub const fn samples(&self) -> u64 {
        self.samples
    }

    /// The latency that a share of those that passed did not exceed, in milliseconds.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<i64> {
        let wanted = ((self.samples as f64 * share).ceil() as u64).max(1);
        let mut below = 0;
        (self.samples > 0).then_some(())?;
        self.passed
            .iter()
            .position(|count| {
                below += u64::from(*count);
                below >= wanted
            })
            .map(|bucket| upper(bucket as u16))
    }

    /// The latency that a share of those that will ever pass does not exceed, in milliseconds.
    ///
    /// The product-limit estimate of Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958) over the
    /// buckets: a message that still waits when the reading ends counts as "at least so long". The lost
    /// wait for ever, so the estimate levels off below one; the share is of that level (the
    /// "cure model" reading, Maller and Zhou, Survival Analysis with Long-Term Survivors, 1996).
    #[must_use]
    pub fn censored_quantile(&self, share: f64) -> Option<i64> {
        let mut at_risk = self.samples + self.waiting.iter().map(|n| u64::from(*n)).sum::<u64>();
        let mut surviving = 1.0;
        let mut curve = Vec::new();
        for (bucket, (passed, waiting)) in self.passed.iter().zip(&self.waiting).enumerate() {
            if *passed > 0 {
                surviving *= 1.0 - f64::from(*passed) / at_risk as f64;
                curve.push((bucket, 1.0 - surviving));
            }
            at_risk -= u64::from(*passed) + u64::from(*waiting);
        }
        let level = curve.last()?.1 * share;
        curve
            .iter()
            .find(|(_, reached)| *reached >= level - f64::EPSILON * 64.0)
            .map(|(bucket, _)| upper(*bucket as u16))
    }

    /// How long a message may take, in milliseconds: twice the 99.9th percentile if there are enough samples.
    #[must_use]
    pub fn allowance(&self) -> (i64, Basis) {
        if self.samples < ENOUGH {
            return (DEFAULT_MS, Basis::Default);
        }
        let learnt = self.censored_quantile(0.999).unwrap_or(DEFAULT_MS);
        ((2 * learnt).max(LEAST_MS), Basis::Learnt)
    }
}
