//! Why: ranked statements about many messages, each with its evidence.
//!
//! Reads the ledger's answers; does no I/O and draws nothing. A detector says what was seen, and
//! marks inference as inference.

use access::Access;
use finding::{Finding, FindingKind};
use population::Population;

use crate::domain::sheet::Sheet;
use crate::domain::view::Overview;

pub mod access;
pub mod blind_spot;
pub mod cause;
pub mod change;
pub mod condition;
pub mod dead_edge;
pub mod discover;
pub mod environment_difference;
pub mod finding;
pub mod gap;
pub mod onset;
pub mod order_anomaly;
pub mod population;
pub mod repeat;
mod sample;
pub mod separate;
pub mod silent_emitter;
pub mod statistics;
pub mod suggest;
pub mod suspicion;
pub mod unknown_consumer;

/// All findings, most telling first.
#[must_use]
pub fn findings(overview: &Overview, sheets: &[Sheet], access: Access<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for sheet in sheets {
        findings.extend(of_sheet(sheet, access));
    }
    findings.extend(environment_difference::find(overview));
    findings.extend(gap::find(overview, access));
    findings.extend(blind_spot::find(overview, access));
    // Stable: equal ones stay in the order of the configuration.
    findings.sort_by_key(rank);
    findings
}

/// What each stage of an environment lost, why, and what went through it twice.
fn of_sheet(sheet: &Sheet, access: Access<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in 0..sheet.stages.len() {
        let population = Population::new(sheet, stage);
        if population.lost.is_empty() {
            continue;
        }
        let (causes, rest) = cause::find(&population, access);
        findings.extend(causes);
        findings.extend(order_anomaly::find(&population, access));
        findings.extend(change::find(&population, &rest, access));
    }
    findings.extend(repeat::find(sheet, access));
    findings
}

/// What explains losses comes before what only counts them, and both before what hides messages or
/// loses none; within each, the greater number first.
fn rank(finding: &Finding) -> (u8, std::cmp::Reverse<u64>) {
    let class = match finding.kind {
        FindingKind::CommonCause
        | FindingKind::UnknownConsumer
        | FindingKind::SilentEmitter
        | FindingKind::DeadEdge => 0,
        FindingKind::Onset | FindingKind::OrderAnomaly => 1,
        FindingKind::Gap => 2,
        FindingKind::BlindSpot => 3,
        FindingKind::Repeat => 4,
        FindingKind::EnvironmentDifference => 5,
    };
    (
        class,
        std::cmp::Reverse(
            finding
                .lost
                .max(finding.of.saturating_mul(u64::from(class == 3))),
        ),
    )
}
