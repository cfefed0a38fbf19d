//! When it began and when it ended: the stretch of time in which a loss rate was another.
//!
//! Messages in the order of their time are a sequence of lost and kept. The stretch is the one that
//! makes the sequence most likely if the rate is one number inside it and another outside
//! (likelihood-ratio segmentation, Siegmund, "Boundary crossing probabilities and statistical
//! applications", Ann. Stat. 14, 1986); its ends are uncertain by the profile of that likelihood.

use super::statistics::LIKELY_99;
use crate::domain::time::Timestamp;

/// One message: when, whether it was lost, and how many it stands for.
pub type Step = (Timestamp, bool, f64);

/// When something changed. The change happened after `low` and not later than `high`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    /// Most likely the first message concerned.
    pub at: Timestamp,
    /// The interval that holds the change with 99 % confidence.
    pub low: Timestamp,
    /// Its end.
    pub high: Timestamp,
}

/// A stretch of time with a loss rate of its own.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stretch {
    /// When it began; `None` where it was so from the first message on.
    pub onset: Option<Change>,
    /// When it ended; `None` where it goes on.
    pub end: Option<Change>,
    /// Loss rate inside.
    pub inside: f64,
    /// Loss rate outside.
    pub outside: f64,
}

/// By how much the interval of a change is to be widened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Slack {
    /// How far the clocks of the stage are apart.
    pub clocks_ms: i64,
    /// How long after it came to the stage a message may have been stopped: as long as those that
    /// went on took, but for one in a hundred.
    pub after_ms: i64,
}

/// More rounds do not change anything.
const ROUNDS: usize = 8;
/// That all messages before the first lost one were spared by chance is believed down to this.
const SPARED: f64 = 0.01;
/// How common a thing is at first is read from so many messages.
const SOON: usize = 20;
/// A rate is kept this far from 0 and 1, in messages.
const HALF: f64 = 0.5;

/// The stretch of a sequence in time order; `None` where the rate was the same throughout, as far as
/// can be told ("diffuse").
#[must_use]
pub fn stretch(steps: &[Step]) -> Option<Stretch> {
    let first = steps.iter().position(|s| s.1)?;
    let last = steps.iter().rposition(|s| s.1)?;
    let (mut from, mut to) = (first, last + 1);
    let mut rates = rates(steps, from, to);
    for _ in 0..ROUNDS {
        let best = best_segment(steps, rates);
        if best == (from, to) {
            break;
        }
        (from, to) = best;
        rates = self::rates(steps, from, to);
    }
    let gain = likelihood(&steps[from..to], rates.0)
        + likelihood(&steps[..from], rates.1)
        + likelihood(&steps[to..], rates.1)
        - likelihood(steps, rate(steps.iter()));
    // Two ends were chosen among all messages: the price of two parameters (Schwarz, "Estimating the
    // dimension of a model", Ann. Stat. 6, 1978), and one more for the second rate.
    let price = 1.5 * (steps.len() as f64).ln();
    if rates.0 <= rates.1 || gain <= price {
        return None;
    }
    let scores = scores(steps, rates);
    Some(Stretch {
        onset: (from > 0).then(|| begin(steps, &scores, from, to)),
        end: (to < steps.len()).then(|| finish(steps, &scores, from, to)),
        inside: counted(&steps[from..to]),
        outside: counted(steps[..from].iter().chain(&steps[to..])),
    })
}

/// The stretch from the first lost message to the last, of messages that a cause explains by itself:
/// whether so many passed before the first that chance alone would hardly have spared them. (All of
/// `lost` lie in the last share q of the sequence with the chance q to the power of their number.)
#[must_use]
pub fn set_in(steps: &[Step]) -> Option<Stretch> {
    let from = steps.iter().position(|s| s.1)?;
    let to = steps.iter().rposition(|s| s.1)? + 1;
    let lost = steps.iter().filter(|s| s.1).count();
    let share = (steps.len() - from) as f64 / steps.len() as f64;
    if share.powf(lost as f64) > SPARED {
        return None;
    }
    let rates = rates(steps, from, to);
    let scores = scores(steps, rates);
    let low = from.saturating_sub(unseen(steps[from..].iter().map(|s| s.1)));
    let onset = Change {
        at: steps[from].0,
        low: steps[low].0,
        high: steps[from].0,
    };
    Some(Stretch {
        onset: Some(onset),
        end: (to < steps.len()).then(|| finish(steps, &scores, from, to)),
        inside: counted(&steps[from..to]),
        outside: counted(steps[..from].iter().chain(&steps[to..])),
    })
}

/// How many messages may have passed since something was there and before the first that shows it: at
/// first it may have been half as common as it is among the next few.
#[must_use]
pub fn unseen(shows: impl Iterator<Item = bool>) -> usize {
    let (mut all, mut showing) = (0.0, 0.0);
    for shows in shows.take(SOON) {
        all += 1.0;
        showing += if shows { 1.0 } else { 0.0 };
    }
    let share = (showing + HALF) / (all + 2.0 * HALF) / 2.0;
    (-LIKELY_99 / (1.0 - share).ln()).ceil() as usize
}

/// The loss rate as it was counted: what is told.
fn counted<'a>(steps: impl IntoIterator<Item = &'a Step>) -> f64 {
    let (mut lost, mut all) = (0.0, 0.0);
    for (_, is_lost, weight) in steps {
        all += weight;
        lost += if *is_lost { *weight } else { 0.0 };
    }
    if all > 0.0 { lost / all } else { 0.0 }
}

fn rate<'a>(steps: impl Iterator<Item = &'a Step>) -> f64 {
    let (mut lost, mut all) = (0.0, 0.0);
    for (_, is_lost, weight) in steps {
        all += weight;
        lost += if *is_lost { *weight } else { 0.0 };
    }
    // Half a message more on each side keeps the logarithms finite (Jeffreys' prior).
    (lost + HALF) / (all + 2.0 * HALF)
}

fn rates(steps: &[Step], from: usize, to: usize) -> (f64, f64) {
    let outside = steps[..from].iter().chain(&steps[to..]);
    (rate(steps[from..to].iter()), rate(outside))
}

fn likelihood(steps: &[Step], rate: f64) -> f64 {
    let of = |(_, lost, weight): &Step| weight * if *lost { rate.ln() } else { (1.0 - rate).ln() };
    steps.iter().map(of).sum()
}

/// What each message adds to the likelihood by lying inside.
fn scores(steps: &[Step], (inside, outside): (f64, f64)) -> Vec<f64> {
    let lost = (inside / outside).ln();
    let kept = ((1.0 - inside) / (1.0 - outside)).ln();
    let score = |(_, is_lost, weight): &Step| weight * if *is_lost { lost } else { kept };
    steps.iter().map(score).collect()
}

/// The segment with the greatest sum (Kadane's algorithm; Bentley, "Programming Pearls").
fn best_segment(steps: &[Step], rates: (f64, f64)) -> (usize, usize) {
    let (mut best, mut best_sum) = ((0, steps.len()), f64::NEG_INFINITY);
    let (mut start, mut sum) = (0, 0.0);
    for (index, score) in scores(steps, rates).into_iter().enumerate() {
        if sum <= 0.0 {
            (start, sum) = (index, 0.0);
        }
        sum += score;
        if sum > best_sum {
            (best, best_sum) = ((start, index + 1), sum);
        }
    }
    best
}

/// The onset may lie before any message from which the sum is not much smaller than from the best.
fn begin(steps: &[Step], scores: &[f64], from: usize, to: usize) -> Change {
    let (mut low, mut high) = (from, from);
    let mut change = 0.0;
    for index in (0..from).rev() {
        change += scores[index];
        if change >= -LIKELY_99 {
            low = index;
        }
    }
    // Anything lost within the interval belongs to it as likely as not: it is not told as later than that.
    let first = steps[low..from].iter().position(|step| step.1);
    let at = first.map_or(from, |first| low + first);
    change = 0.0;
    for (index, score) in scores.iter().enumerate().take(to).skip(from) {
        change -= score;
        if change < -LIKELY_99 {
            break;
        }
        high = index + 1;
    }
    Change {
        at: steps[at].0,
        low: steps[low.saturating_sub(1)].0,
        high: steps[high.min(steps.len() - 1)].0,
    }
}

/// The same for the end: the first message that was spared.
fn finish(steps: &[Step], scores: &[f64], from: usize, to: usize) -> Change {
    let (mut low, mut high) = (to, to);
    let mut change = 0.0;
    for index in (from..to).rev() {
        change -= scores[index];
        if change < -LIKELY_99 {
            break;
        }
        low = index;
    }
    change = 0.0;
    for (index, score) in scores.iter().enumerate().skip(to) {
        change += score;
        if change >= -LIKELY_99 {
            high = index + 1;
        }
    }
    Change {
        at: steps[to].0,
        low: steps[low.saturating_sub(1)].0,
        high: steps[high.min(steps.len() - 1)].0,
    }
}
