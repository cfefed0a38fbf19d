//! Why: ranked statements about many messages, each with its evidence.
//!
//! Reads the ledger's answers; does no I/O and draws nothing. A detector says what was seen, and
//! marks inference as inference.

use access::Access;
use finding::{Finding, FindingKind};
use population::Population;
use scene::Scene;
use sentence::Sentence;

use crate::domain::sheet::Sheet;
use crate::domain::signals::view::Signals;
use crate::domain::view::Overview;

pub mod access;
pub mod began_with;
pub mod blind_spot;
pub mod cause;
pub mod change;
pub mod climb;
pub mod clocks;
pub mod compare;
pub mod condition;
pub mod dead_edge;
pub mod discover;
pub mod environment_difference;
pub mod error_cluster;
mod explained;
pub mod finding;
pub mod gap;
pub mod gone_quiet;
pub mod log_span;
pub mod losses;
pub mod onset;
pub mod order_anomaly;
pub mod population;
pub mod repeat;
pub mod resource_creep;
mod sample;
pub mod scene;
pub mod sentence;
pub mod separate;
pub mod sibling;
pub mod silent_emitter;
pub mod statistics;
pub mod suggest;
pub mod surge;
pub mod suspicion;
pub mod telling;
pub mod trend;
pub mod unknown_consumer;

/// All findings, most telling first.
#[must_use]
pub fn findings(
    overview: &Overview,
    sheets: &[Sheet],
    signals: &Signals,
    access: Access<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut gaps = gap::find(overview, access);
    for sheet in sheets {
        findings.extend(of_sheet(sheet, sheets, &mut gaps, access));
    }
    findings.extend(environment_difference::find(overview));
    findings.append(&mut gaps);
    findings.extend(blind_spot::find(overview, access));
    // Stable: equal ones stay in the order of the configuration.
    findings.sort_by_key(rank);
    of_lines(&mut findings, overview, sheets, signals, access);
    findings.sort_by_key(rank);
    explained::since(&mut findings);
    match overview.window {
        Some(window) => findings.into_iter().map(|f| f.dated(window)).collect(),
        None => findings,
    }
}

/// What log lines tell that name no message, and what of it coincides with a loss.
fn of_lines(
    findings: &mut Vec<Finding>,
    overview: &Overview,
    sheets: &[Sheet],
    signals: &Signals,
    access: Access<'_>,
) {
    let scene = Scene {
        overview,
        sheets,
        signals,
        access,
    };
    error_cluster::add(findings, scene);
    gone_quiet::add(findings, scene);
    log_span::add(findings, scene);
    findings.extend(resource_creep::find(scene));
}

/// What each stage of an environment lost, why, and what went through it twice. What cannot be
/// explained is said beside its gap.
fn of_sheet(
    sheet: &Sheet,
    sheets: &[Sheet],
    gaps: &mut [Finding],
    access: Access<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in 0..sheet.stages.len() {
        let population = Population::new(sheet, stage);
        if population.lost.is_empty() {
            continue;
        }
        findings.extend(order_anomaly::find(&population, access));
        let slack = clocks::slack(&population);
        let (causes, rest) = cause::find(&population, slack, access);
        findings.extend(causes);
        let alone = population.kept.is_empty();
        let other = alone.then(|| sibling::find(&population, sheets, access));
        let other = other.flatten();
        let other = other.or_else(|| change::find(&population, &rest, slack, access));
        if other.is_none()
            && let Some(gap) = gaps.iter_mut().find(|gap| gap::is_of(gap, sheet, stage))
        {
            let rest = change::unexplained(&population, &rest);
            gap.evidence.extend(rest.into_iter().map(Sentence::from));
        }
        findings.extend(other);
    }
    findings.extend(repeat::find(sheet, access));
    findings
}

/// What was seen to explain losses comes before what is inferred of them, that before what only came with
/// them, then what only counts them, what hides messages, and what loses none; within each, the greater
/// number first.
fn rank(finding: &Finding) -> (u8, std::cmp::Reverse<u64>) {
    const HIDDEN: u8 = 4;
    let class = match finding.kind {
        FindingKind::UnknownConsumer if unknown_consumer::is_inferred(finding) => 1,
        FindingKind::ErrorCluster | FindingKind::ResourceCreep | FindingKind::SilentEmitter
            if finding.lost == 0 =>
        {
            5
        }
        FindingKind::CommonCause
        | FindingKind::UnknownConsumer
        | FindingKind::SilentEmitter
        | FindingKind::DeadEdge => 0,
        FindingKind::Onset | FindingKind::OrderAnomaly => 1,
        FindingKind::ErrorCluster | FindingKind::ResourceCreep => 2,
        FindingKind::Gap => 3,
        FindingKind::BlindSpot => HIDDEN,
        FindingKind::Repeat => 5,
        FindingKind::EnvironmentDifference => 6,
    };
    let hidden = finding.of.saturating_mul(u64::from(class == HIDDEN));
    (class, std::cmp::Reverse(finding.lost.max(hidden)))
}
