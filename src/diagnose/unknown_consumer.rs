//! Detector 6: taken by somebody outside the fleet, or by nobody whose log can be seen.
//!
//! The second is inferred, and says so.

use super::condition::Condition;
use super::finding::Finding;
use super::suspicion::Suspicion;
use crate::domain::overview::DONE;
use crate::domain::show::{count, count_of};

/// Words in the names of attributes that tell one machine from its peers.
const INSTANCE: [&str; 9] = [
    "host",
    "instance",
    "pod",
    "node",
    "task",
    "worker",
    "container",
    "stream",
    "consumer",
];
/// A consumer on the side takes some of what is there. Fewer than this is no consumer...
const SOME: f64 = 0.01;
/// ...and more than this is no other one.
const MOST: f64 = 0.95;
/// So many messages that passed in the same time tell that the known consumers were at work.
const AT_WORK: usize = 20;

/// Whether an attribute of this name tells one machine from its peers.
#[must_use]
pub fn names_an_instance(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    INSTANCE.iter().any(|word| name.contains(word))
}

/// The value names one machine or program at this stage, and it never passed anything on.
#[must_use]
pub fn named(suspicion: &Suspicion<'_>) -> Option<String> {
    let (population, sheet) = (suspicion.population, suspicion.population.sheet);
    let is_instance = |c: &&Condition<'_>| {
        let name = c.name(sheet);
        let program = name.to_ascii_lowercase().contains("version");
        c.column.stage == population.stage && (program || names_an_instance(&name))
    };
    let instance = suspicion.separation.conditions.iter().find(is_instance)?;
    if population.kept.iter().any(|m| instance.holds(sheet, *m)) {
        return None;
    }
    let cells = population
        .kept
        .iter()
        .map(|m| instance.column.cells[*m as usize]);
    let mut others: Vec<u32> = cells.filter(|cell| *cell != 0).collect();
    others.sort_unstable();
    others.dedup();
    (!others.is_empty()).then(|| {
        format!(
            "{}: {} at {} took {} and passed on none ({}); {} passed on {}",
            suspicion.env(),
            suspicion.properties(),
            suspicion.stage(),
            count_of(suspicion.separation.table.lost_with, "message"),
            suspicion.gone(),
            count_of(others.len() as u64, "other"),
            count(population.kept_count(population.kept.len() as u64)),
        )
    })
}

/// Whether nobody was seen to take them: others that were at the same place went on.
#[must_use]
pub fn is_inferred(finding: &Finding) -> bool {
    let strongest = finding.attributes.first();
    strongest.is_some_and(|property| property.kept_with > 0)
}

/// Only a place separates them, and only for a while, while the known consumers took the rest.
#[must_use]
pub fn inferred(suspicion: &Suspicion<'_>) -> Option<String> {
    let (population, sheet) = (suspicion.population, suspicion.population.sheet);
    let condition = suspicion.condition()?;
    let place = condition.implied(sheet);
    let stretch = suspicion.stretch.filter(|s| s.onset.is_some())?;
    let next = &sheet.stages[population.stage].next;
    if !place || &**next == DONE || !(SOME..=MOST).contains(&stretch.inside) {
        return None;
    }
    let span = suspicion.population.span(&suspicion.separation.lost)?;
    let passed = population.kept_in(span);
    let passed = passed
        .iter()
        .filter(|m| condition.holds(sheet, **m))
        .count();
    (passed >= AT_WORK).then(|| {
        format!(
            "{}: {} with {} vanish after {} while {next} takes {} others there: taken by a consumer \
             whose log is not loaded, or never handed out (inferred)",
            suspicion.env(),
            count_of(suspicion.separation.table.lost_with, "message"),
            condition.text(sheet),
            suspicion.stage(),
            count(population.kept_count(passed as u64)),
        )
    })
}
