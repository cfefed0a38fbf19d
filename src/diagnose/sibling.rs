//! Detector 2 where nobody went on: what all of the lost share, and what those that went on in another
//! environment do not.
//!
//! Environments differ in many ways that matter to nobody, so this says what differs and leaves open
//! whether it is the cause.

use std::collections::HashMap;
use std::sync::Arc;

use super::access::Access;
use super::cause;
use super::finding::{Finding, FindingKind};
use super::onset::Slack;
use super::population::Population;
use super::sentence::Sentence;
use super::separate::separate;
use super::unknown_consumer::names_an_instance;
use crate::domain::graph::bit;
use crate::domain::sheet::{Case, Column, Sheet};
use crate::domain::show::count_of;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;

/// So many that went on show how it should be.
const ENOUGH: usize = 20;
/// More are not needed.
const MOST: usize = 5_000;
/// A cause of all losses holds of so large a share of them.
const ALL: f64 = 0.98;

/// What tells the lost of a stage from those that went on from it in the sibling where most did.
#[must_use]
pub fn find(population: &Population<'_>, sheets: &[Sheet], access: Access<'_>) -> Option<Finding> {
    let here = population.sheet;
    let siblings = sheets
        .iter()
        .filter(|s| s.pipeline == here.pipeline && s.env != here.env);
    let went_on = |sheet: &&Sheet| passed(sheet, population.stage).count();
    let sibling = siblings.max_by_key(went_on)?;
    if went_on(&sibling) < ENOUGH {
        return None;
    }
    let beside = beside(population, sibling);
    let both = Population::new(&beside, population.stage);
    let (separations, _) = separate(&both);
    let separation = separations.first()?;
    if (separation.lost.len() as f64) < ALL * both.lost.len() as f64 {
        return None;
    }
    let mut finding = cause::finding(&both, separation, Slack::default(), access);
    finding.onset = None;
    finding.title = Sentence::from(format!(
        "{}: all {} lost after {} have {}; of those that went on in {} hardly any has",
        here.env,
        count_of(finding.lost, "message"),
        here.stages[population.stage].name,
        separation.conditions.first()?.text(&beside),
        sibling.env,
    ));
    finding.kind = FindingKind::CommonCause;
    finding.evidence.truncate(1);
    finding.evidence.push(Sentence::from(format!(
        "nobody went on in {}: compared with {}, which may differ from it in other ways (inferred)",
        here.env, sibling.env
    )));
    Some(finding)
}

fn passed(sheet: &Sheet, stage: usize) -> impl Iterator<Item = usize> + '_ {
    let cases = sheet.cases.iter().enumerate();
    let passed = cases.filter(move |(_, case)| case.passed & bit(stage) != 0);
    passed.map(|(index, _)| index)
}

/// The lost of one environment and those that went on in the other, on one sheet: what they said of
/// themselves, and not which machine it was that wrote it.
fn beside(population: &Population<'_>, sibling: &Sheet) -> Sheet {
    let here = population.sheet;
    let kept: Vec<usize> = passed(sibling, population.stage).take(MOST).collect();
    let mut sheet = Sheet {
        names: here.names.clone(),
        cases: Vec::new(),
        columns: Vec::new(),
        stages: here.stages.clone(),
        pipeline: Arc::clone(&here.pipeline),
        env: Arc::clone(&here.env),
        lost_weight: here.lost_weight,
        kept_weight: 1.0,
    };
    let lost = population.lost.iter();
    sheet.cases.extend(lost.map(|m| here.cases[*m as usize]));
    sheet.cases.extend(kept.iter().map(|k| Case {
        verdict: Verdict::Completed,
        ..sibling.cases[*k]
    }));
    for (own, other) in sheet.stages.iter_mut().zip(&sibling.stages) {
        let both = |own: &[Timestamp], other: &[Timestamp]| -> Vec<Timestamp> {
            let lost = population.lost.iter().map(|m| own[*m as usize]);
            lost.chain(kept.iter().map(|k| other[*k])).collect()
        };
        own.came = both(&own.came, &other.came);
        own.times = both(&own.times, &other.times);
    }
    for column in &population.columns {
        let name = &here.names[column.name];
        if !name.implied && !names_an_instance(&name.text) {
            let cells = cells(population, column, (sibling, &kept), &mut sheet);
            sheet.columns.push(Column { cells, ..**column });
        }
    }
    sheet
}

/// A column with the cells of both; what only the sibling says is added to the names.
fn cells(
    population: &Population<'_>,
    column: &Column,
    (sibling, kept): (&Sheet, &[usize]),
    sheet: &mut Sheet,
) -> Vec<u32> {
    let lost = population.lost.iter();
    let mut cells: Vec<u32> = lost.map(|m| column.cells[*m as usize]).collect();
    let name = &mut sheet.names[column.name];
    let (text, values) = (Arc::clone(&name.text), &mut name.values);
    let places = values.iter().cloned().zip(1..);
    let mut known: HashMap<Box<str>, u32> = places.collect();
    let mut others = sibling.columns.iter();
    let other = others.find(|c| {
        (c.stage, c.entry) == (column.stage, column.entry) && sibling.names[c.name].text == text
    });
    for index in kept {
        let said = other.and_then(|other| sibling.value(other, other.cells[*index]));
        cells.push(said.map_or(0, |value| {
            *known.entry(value.into()).or_insert_with(|| {
                values.push(value.into());
                values.len() as u32
            })
        }));
    }
    cells
}
