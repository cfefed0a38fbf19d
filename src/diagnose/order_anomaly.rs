//! Detector 9: acknowledged before the work was done.
//!
//! A stage that tells its sender "I have it" and hands over afterwards loses whatever it holds when it
//! cannot hand over. The order is seen in those that came through; that the lost had been
//! acknowledged too is what makes it a finding.

use super::access::Access;
use super::finding::{Finding, FindingKind};
use super::population::Population;
use super::sample;
use super::sentence::Sentence;
use super::statistics::share;
use super::suspicion::gone;
use crate::domain::graph::bit;
use crate::domain::show::{count, percent};

/// So many messages show an order.
const ENOUGH: usize = 20;
/// It is the rule when so large a share shows it.
const RULE: f64 = 0.95;
/// So many of the lost must have been acknowledged.
const MOSTLY: f64 = 0.9;

/// The finding of one stage, if it acknowledges early and its lost were acknowledged.
#[must_use]
pub fn find(population: &Population<'_>, access: Access<'_>) -> Option<Finding> {
    let (sheet, here) = (population.sheet, bit(population.stage));
    let early = |members: &[u32]| {
        let found = members.iter().map(|m| &sheet.cases[*m as usize]);
        let acked = found.clone().filter(|c| c.acked & here != 0).count();
        (acked, found.filter(|c| c.acked_early & here != 0).count())
    };
    let (kept_acked, kept_early) = early(&population.kept);
    let (lost_acked, _) = early(&population.lost);
    let rule = share(kept_early as u64, kept_acked as u64);
    let lost = share(lost_acked as u64, population.lost.len() as u64);
    if kept_acked < ENOUGH || rule < RULE || lost < MOSTLY || lost_acked == 0 {
        return None;
    }
    let stage = &sheet.stages[population.stage];
    let (messages, lines) = sample::of(sheet, &population.lost, access);
    let concerned = population.lost_count(lost_acked as u64);
    let all = population.lost_count(population.lost.len() as u64);
    Some(Finding {
        kind: FindingKind::OrderAnomaly,
        title: Sentence::from(format!(
            "{}: {} acknowledges before its work is done ({} of the {} it acknowledged and passed on); {} of {} lost had been acknowledged and {}",
            sheet.env,
            stage.name,
            percent(kept_early as u64, kept_acked as u64),
            count(population.kept_count(kept_acked as u64)),
            count(concerned),
            count(all),
            gone(population),
        )),
        env: Some(sheet.env.clone()),
        pipeline: Some(sheet.pipeline.clone()),
        edge: Some((stage.name.clone(), stage.next.clone())),
        lost: concerned,
        of: all,
        span: population.span(&population.lost),
        onset: None,
        attributes: Vec::new(),
        concerned: None,
        evidence: vec![
            "what is acknowledged is not delivered again: whatever is lost after that is lost for good".into(),
        ],
        messages,
        lines,
    })
}
