//! Detector 4: a flow from stage to stage that existed and then did not.

use super::statistics::share;
use super::suspicion::Suspicion;
use crate::domain::show::count;
use crate::domain::time::Timestamp;

/// So many messages are a flow.
const FLOW: usize = 20;
/// A flow is dead when not more than one in two hundred comes through.
const DEAD: f64 = 0.005;

/// Messages with the property passed before, and as good as none while it lasted.
#[must_use]
pub fn find(suspicion: &Suspicion<'_>) -> Option<String> {
    let stretch = suspicion.stretch?;
    let onset = stretch.onset?;
    let (population, sheet) = (suspicion.population, suspicion.population.sheet);
    let condition = suspicion.condition()?;
    let passed = population
        .kept
        .iter()
        .filter(|m| condition.holds(sheet, **m));
    let passed: Vec<Timestamp> = passed.map(|m| population.came(*m)).collect();
    let end = stretch.end.map_or(Timestamp::MAX, |end| end.low);
    let before = passed.iter().filter(|t| **t <= onset.low).count();
    let during = passed.iter().filter(|t| **t >= onset.high && **t <= end);
    let during = during.count() as u64;
    let dead = share(during, during + suspicion.separation.lost.len() as u64) <= DEAD;
    (before >= FLOW && dead).then(|| {
        format!(
            "{}: messages with {} stopped coming through after {}: {} {}, {} had passed before",
            suspicion.env(),
            suspicion.properties(),
            suspicion.stage(),
            suspicion.lost(),
            suspicion.gone(),
            count(population.kept_count(before as u64)),
        )
    })
}
