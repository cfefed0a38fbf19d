//! Whether figures rise, and how fast: one trend over one climb or several.
//!
//! Numbers in, numbers out. Rises are tested by their order alone, so that neither a spike nor the
//! shape of the curve decides.

use statrs::distribution::{ContinuousCDF, Normal};

/// A figure at a time, in whatever units.
pub type Point = (f64, f64);

/// What several climbs together say.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Trend {
    /// The statistic Z of Mann and Kendall: above zero where figures rise.
    pub z: f64,
    /// How often chance alone would rise so steadily.
    pub chance: f64,
    /// The slope of Theil and Sen: how much a figure grows in one unit of time.
    pub slope: f64,
    /// How many figures it rests on.
    pub points: usize,
}

/// The trend of some climbs, each in the order of its time; `None` where they have no two figures.
///
/// The test of Mann ("Nonparametric tests against trend", Econometrica 13, 1945) and Kendall ("Rank
/// correlation methods", 1975) with the correction for ties; several climbs are summed as the seasons of
/// Hirsch, Slack and Smith ("Techniques of trend analysis for monthly water quality data", Water
/// Resources Research 18, 1982). The slope is the median of all pairs within a climb (Sen, "Estimates of
/// the regression coefficient based on Kendall's tau", JASA 63, 1968).
#[must_use]
pub fn trend(climbs: &[&[Point]]) -> Option<Trend> {
    let (mut sum, mut variance) = (0.0, 0.0);
    let mut slopes = Vec::new();
    for climb in climbs {
        for (index, early) in climb.iter().enumerate() {
            for late in &climb[index + 1..] {
                let step = late.1 - early.1;
                sum += if step == 0.0 { 0.0 } else { step.signum() };
                if late.0 > early.0 {
                    slopes.push(step / (late.0 - early.0));
                }
            }
        }
        variance += spread(climb);
    }
    let middle = slopes.len() / 2;
    if slopes.is_empty() {
        return None;
    }
    let (_, slope, _) = slopes.select_nth_unstable_by(middle, f64::total_cmp);
    // One less for steps of two (Kendall's correction for continuity).
    let steady: f64 = if sum == 0.0 {
        0.0
    } else {
        sum - f64::signum(sum)
    };
    let z = if variance > 0.0 {
        steady / variance.sqrt()
    } else {
        0.0
    };
    Some(Trend {
        z,
        chance: Normal::standard().sf(z),
        slope: *slope,
        points: climbs.iter().map(|climb| climb.len()).sum(),
    })
}

/// The variance of the statistic if nothing rises.
fn spread(climb: &[Point]) -> f64 {
    let mut figures: Vec<f64> = climb.iter().map(|point| point.1).collect();
    figures.sort_by(f64::total_cmp);
    let of = |n: usize| {
        let n = n as f64;
        n * (n - 1.0) * 2.0f64.mul_add(n, 5.0)
    };
    let ties = figures
        .chunk_by(|a, b| a.total_cmp(b).is_eq())
        .map(|same| of(same.len()));
    (of(figures.len()) - ties.sum::<f64>()) / 18.0
}
