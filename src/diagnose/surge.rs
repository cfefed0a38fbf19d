//! When something was said more often than at other times, beside everything else that was said.
//!
//! Counts over time in, a stretch of time out. Held against what else was counted and not against the
//! clock, so that more traffic is no surge.

use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF};

use super::onset::{Step, Stretch, stretch};
use super::statistics::{Table, share};
use crate::domain::time::{Span, Timestamp};

/// What was counted from a time on: the thing itself, and everything else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Its first millisecond.
    pub from: Timestamp,
    /// The thing itself.
    pub said: u64,
    /// Everything else.
    pub others: u64,
}

/// See the module.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Surge {
    /// When.
    pub stretch: Stretch,
    /// The cells within, from the first millisecond of the first to that of the last.
    pub span: Span,
    /// How often it was said, and everything else, within (`lost` stands for the thing itself).
    pub table: Table,
    /// How much more scattered the counts are than chance alone would have them.
    pub dispersion: f64,
    /// The likelihood ratio, less by the dispersion.
    pub g: f64,
    /// How often chance alone would do it in any stretch of this time.
    pub chance: f64,
}

/// Fewer are no surge.
const FEWEST: u64 = 5;
/// It grew by at least so much.
const GROWTH: f64 = 3.0;
/// More than one in so many is chance: its time was chosen among thousands, for having most of it.
const CHANCE: f64 = 1e-6;

/// The surge in cells of equal width in the order of their time, if there is one.
#[must_use]
pub fn surge(cells: &[Cell]) -> Option<Surge> {
    let steps: Vec<Step> = cells
        .iter()
        .flat_map(|c| {
            [
                (c.from, false, c.others as f64),
                (c.from, true, c.said as f64),
            ]
        })
        .filter(|step| step.2 > 0.0)
        .collect();
    let found = stretch(&steps)?;
    let from = found.onset.map_or(Timestamp::MIN, |change| change.at);
    let end = found.end.map_or(Timestamp::MAX, |change| change.at);
    let within = |c: &&Cell| from <= c.from && c.from < end;
    let inside = cells.iter().filter(within);
    let span = Span::new(
        inside.clone().next()?.from,
        inside.clone().next_back()?.from,
    );
    let sum = |of: fn(&Cell) -> u64| (inside.clone().map(of).sum(), cells.iter().map(of).sum());
    let (lost_with, lost) = sum(|c| c.said);
    let (kept_with, kept) = sum(|c| c.others);
    let table = Table {
        lost_with,
        lost,
        kept_with,
        kept,
    };
    if lost_with < FEWEST || !grew(&table) {
        return None;
    }
    let dispersion = dispersion(cells, &table, within);
    let g = table.g() / dispersion;
    let stretches = (cells.len() * (cells.len() + 1) / 2) as f64;
    let once = ChiSquared::new(1.0).map_or(1.0, |chi| chi.sf(g.max(0.0)) / 2.0);
    Some(Surge {
        stretch: found,
        span,
        table,
        dispersion,
        g,
        // Every stretch could have been the one: Bonferroni. A scan as in Kulldorff, "A spatial scan
        // statistic", Communications in Statistics 26, 1997.
        chance: (once * stretches).min(1.0),
    })
}

impl Surge {
    /// Whether it grew beside something else too, of which so much falls into its time and so much is
    /// there in all: by the factor, and by more than chance. Given their sum, two counts of independent
    /// events are binomial (Przyborowski and Wilenski, "Homogeneity of results in testing samples from
    /// Poisson series", Biometrika 31, 1940).
    #[must_use]
    pub fn outgrows(&self, inside: u64, all: u64) -> bool {
        let part = share(inside, all);
        let Some(less) = self.table.lost_with.checked_sub(1) else {
            return false;
        };
        let beside = Table {
            kept_with: inside,
            kept: all,
            ..self.table
        };
        // Counts that are scattered tell less: as if there were fewer of them.
        let fewer = |n: u64| (n as f64 / self.dispersion).ceil() as u64;
        let chance =
            Binomial::new(part, fewer(self.table.lost)).map_or(1.0, |drawn| drawn.sf(fewer(less)));
        grew(&beside) && chance <= CHANCE
    }
}

/// Whether it was said several times as often, beside something else, as at other times.
fn grew(table: &Table) -> bool {
    let odds = |said: u64, others: u64| (said as f64 + 0.5) / (others as f64 + 0.5);
    let outside = odds(table.lost - table.lost_with, table.kept - table.kept_with);
    odds(table.lost_with, table.kept_with) >= GROWTH * outside
}

/// Errors come in bursts. The factor by which their counts vary more than independent ones would
/// (Pearson's statistic over its degrees of freedom; McCullagh and Nelder, "Generalized Linear Models",
/// 1989, section 4.5), at least 1.
fn dispersion(cells: &[Cell], table: &Table, within: impl Fn(&&Cell) -> bool) -> f64 {
    let share = |said: u64, others: u64| said as f64 / (said + others).max(1) as f64;
    let inside = share(table.lost_with, table.kept_with);
    let outside = share(table.lost - table.lost_with, table.kept - table.kept_with);
    let mut squares = 0.0;
    let mut counted = 0_u32;
    for cell in cells {
        let rate = if within(&cell) { inside } else { outside };
        let expected = rate * (cell.said + cell.others) as f64;
        let variance = expected * (1.0 - rate);
        // Nothing was expected and nothing came; or nothing else was ever said.
        if variance > 0.0 {
            squares += (cell.said as f64 - expected).powi(2) / variance;
            counted += 1;
        }
    }
    let freedom = counted.saturating_sub(2);
    if freedom == 0 {
        return 1.0;
    }
    (squares / f64::from(freedom)).max(1.0)
}
