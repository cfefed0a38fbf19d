//! What came up when the losses began: a version, a name that every lost message bears and that
//! nobody bore before.
//!
//! Where a change is rolled out machine by machine, the first lost message comes some time after it;
//! the first message that bears its name comes sooner. It is told as what coincides, not as a cause.

use super::condition::{Condition, Test};
use super::onset::unseen;
use super::population::Population;
use crate::domain::time::Timestamp;

/// So many messages came before it, and as many with the property were spared: else it may have been there
/// all along.
const BEFORE: usize = 20;
/// As large a share of the lost bears it.
const ALL: f64 = 0.98;

/// Something that came up with the losses.
pub struct Began<'a> {
    /// What every lost message bears.
    pub condition: Condition<'a>,
    /// The first message that bore it came to the stage then.
    pub at: Timestamp,
    /// And it was there not sooner than this.
    pub low: Timestamp,
}

/// The latest thing that came up before the first of these lost messages, and without which none of
/// those with the same property was lost, and none with it kept.
#[must_use]
pub fn find<'a>(
    population: &Population<'a>,
    property: &Condition<'a>,
    lost: &[u32],
) -> Option<Began<'a>> {
    let sheet = population.sheet;
    let came = |m: &u32| population.came(*m);
    let first_lost = lost.iter().map(came).min()?;
    // What nobody ever survived needs nothing that came up with it.
    let kept = population.kept.iter();
    let before = kept.filter(|m| came(m) < first_lost && property.holds(sheet, **m));
    if before.count() < BEFORE {
        return None;
    }
    let mut order: Vec<u32> = population
        .lost
        .iter()
        .chain(&population.kept)
        .copied()
        .collect();
    order.sort_by_key(|m| (population.came(*m), *m));
    let columns = population.columns.iter();
    let columns =
        columns.filter(|c| !sheet.names[c.name].implied && c.name != property.column.name);
    let found = columns.filter_map(|column| {
        let column = *column;
        let cell = column.cells[*lost.first()? as usize];
        let bear = lost.iter().filter(|m| column.cells[**m as usize] == cell);
        if cell == 0 || (bear.count() as f64) < ALL * lost.len() as f64 {
            return None;
        }
        let bears = |m: &u32| column.cells[*m as usize] == cell;
        let index = order.iter().position(bears)?;
        let at = population.came(order[index]);
        let spared = population
            .kept
            .iter()
            .filter(|m| bears(m) && came(m) < first_lost);
        let spared = spared.filter(|m| property.holds(sheet, **m)).count();
        if index < BEFORE || at > first_lost || spared > 0 {
            return None;
        }
        let unseen = unseen(order[index..].iter().map(bears));
        let test = Test::Is(cell);
        Some(Began {
            condition: Condition { column, test },
            at,
            low: population.came(order[index.saturating_sub(unseen)]),
        })
    });
    found.max_by_key(|began| began.at)
}
