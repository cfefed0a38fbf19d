//! Detector 3: when the loss rate of an edge changed, where nothing else explains the losses.
//!
//! What a cause explains carries its onset with it; this tells of the rest. Where even the moment
//! cannot be told, it says that nothing separates the lost from the kept.

use super::access::Access;
use super::finding::{Finding, FindingKind, Onset};
use super::onset::{Slack, stretch};
use super::population::Population;
use super::sample;
use super::sentence::Sentence;
use super::suspicion::{gone, steps, strays};
use crate::domain::show::{count, count_of};

/// Fewer lost messages than this show no change.
const FEWEST: usize = 3;

/// The finding for the lost messages that no cause explains.
#[must_use]
pub fn find(
    population: &Population<'_>,
    rest: &[u32],
    slack: Slack,
    access: Access<'_>,
) -> Option<Finding> {
    let stretch = stretch(&steps(population, rest, &population.kept, None))?;
    let onset = Onset::of(stretch)?.widened(slack);
    if rest.len() < FEWEST {
        return None;
    }
    let sheet = population.sheet;
    let stage = &sheet.stages[population.stage];
    let (messages, lines) = sample::of(sheet, rest, access);
    let lost = population.lost_count(rest.len() as u64);
    Some(Finding {
        kind: FindingKind::Onset,
        title: Sentence::from(format!(
            "{}: {} {} after {}: {:.1} % of all for a time, {:.2} % before and after",
            sheet.env,
            count_of(lost, "message"),
            gone(population),
            stage.name,
            stretch.inside * 100.0,
            stretch.outside * 100.0
        )),
        env: Some(sheet.env.clone()),
        pipeline: Some(sheet.pipeline.clone()),
        edge: Some((stage.name.clone(), stage.next.clone())),
        lost,
        of: population.lost_count(population.lost.len() as u64),
        span: population.span(rest),
        onset: Some(onset),
        attributes: Vec::new(),
        evidence: std::iter::once(NOTHING.into())
            .chain(strays(population, rest, onset.at))
            .collect(),
        concerned: Some(sample::chosen(sheet, "unexplained", rest)),
        messages,
        lines,
    })
}

/// What there is to say of the lost messages that neither a cause nor a moment explains.
#[must_use]
pub fn unexplained(population: &Population<'_>, rest: &[u32]) -> Vec<String> {
    if rest.len() < FEWEST {
        return Vec::new();
    }
    if population.kept.is_empty() {
        return vec!["nobody went on: there is nothing to compare the lost with".to_owned()];
    }
    let lost = count(population.lost_count(rest.len() as u64));
    vec![
        format!("of {lost} lost: {NOTHING}"),
        "diffuse, no onset: the loss rate did not change".to_owned(),
    ]
}

/// Said where nothing was found.
pub const NOTHING: &str =
    "nothing that was logged of them separates the lost from those that went on";
