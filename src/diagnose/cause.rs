//! Detectors 2, 4, 5 and 6: what the lost of one edge have in common, said as specifically as it can be.
//!
//! One cause, one finding. A value that nobody else has and that never passes anything on is an
//! unknown consumer; one whose receiver fell silent is a silent emitter; a flow that was there and
//! then was not is a dead edge; everything else is a common cause.

use super::access::Access;
use super::condition::Condition;
use super::finding::{AttributeEvidence, Finding, FindingKind, Onset};
use super::onset::{self, Step, Stretch};
use super::population::Population;
use super::sample;
use super::separate::{Separation, separate};
use super::statistics::share;
use crate::domain::graph::bit;
use crate::domain::sheet::Sheet;
use crate::domain::show::{count, count_of};
use crate::domain::time::Timestamp;

/// Words in the names of attributes that tell one machine or program from its peers.
const INSTANCE: [&str; 10] = [
    "host",
    "instance",
    "pod",
    "node",
    "task",
    "worker",
    "container",
    "version",
    "stream",
    "consumer",
];
/// So many messages are a flow.
const FLOW: usize = 20;
/// A flow is dead when not more than one in so many comes through.
const DEAD: f64 = 0.005;
/// Most of a flow, where one receiver is looked for.
const MOSTLY: f64 = 0.9;

/// The causes at every stage of a sheet, and the lost messages of each stage that none explains.
#[must_use]
pub fn find(sheet: &Sheet, access: Access<'_>) -> (Vec<Finding>, Vec<Unexplained>) {
    let (mut findings, mut unexplained) = (Vec::new(), Vec::new());
    for stage in 0..sheet.stages.len() {
        let population = Population::new(sheet, stage);
        if population.lost.is_empty() {
            continue;
        }
        let (separations, rest) = separate(&population);
        for separation in &separations {
            findings.push(finding(&population, separation, access));
        }
        unexplained.push(Unexplained { stage, rest });
    }
    (findings, unexplained)
}

/// What no cause explains at one stage.
#[derive(Clone, Debug)]
pub struct Unexplained {
    /// The stage.
    pub stage: usize,
    /// The lost messages, as indices into the sheet.
    pub rest: Vec<u32>,
}

fn finding(
    population: &Population<'_>,
    separation: &Separation<'_>,
    access: Access<'_>,
) -> Finding {
    let sheet = population.sheet;
    let stage = &sheet.stages[population.stage];
    let stretch = stretch(population, &separation.conditions[0]);
    let (kind, title) = words(population, separation, stretch.as_ref());
    let (messages, lines) = sample::of(sheet, &separation.lost, access);
    Finding {
        kind,
        title,
        env: Some(sheet.env.clone()),
        pipeline: Some(sheet.pipeline.clone()),
        edge: Some((stage.name.clone(), stage.next.clone())),
        lost: separation.table.lost_with,
        of: separation.table.lost,
        span: population.span(&separation.lost),
        onset: stretch.and_then(Onset::of),
        attributes: separation
            .conditions
            .iter()
            .map(|c| evidence(population, separation, c))
            .collect(),
        evidence: vec![weighed(separation), when(stretch.as_ref())],
        messages,
        lines,
    }
}

/// How sure it is.
fn weighed(separation: &Separation<'_>) -> String {
    format!(
        "chance {:.1e} after {} tries (G = {:.1}; Bonferroni)",
        separation.chance, separation.tried, separation.g
    )
}

fn when(stretch: Option<&Stretch>) -> String {
    match stretch {
        None => "diffuse: no moment at which it began can be told".to_owned(),
        Some(s) => format!(
            "{:.1} % of these were lost while it lasted, {:.2} % before and after",
            s.inside * 100.0,
            s.outside * 100.0
        ),
    }
}

/// The loss rate over time of the messages with one property.
fn stretch(population: &Population<'_>, condition: &Condition<'_>) -> Option<Stretch> {
    onset::stretch(&steps(population, Some(condition)))
}

/// The messages of a stage, or those with one property, in the order of their time.
#[must_use]
pub fn steps(population: &Population<'_>, condition: Option<&Condition<'_>>) -> Vec<Step> {
    let sheet = population.sheet;
    let lost = population
        .lost
        .iter()
        .map(|m| (*m, true, sheet.lost_weight));
    let kept = population
        .kept
        .iter()
        .map(|m| (*m, false, sheet.kept_weight));
    let has = |m: u32| condition.is_none_or(|c| c.holds(sheet, m));
    let members = lost.chain(kept).filter(|(m, _, _)| has(*m));
    let mut steps: Vec<Step> = members
        .map(|(m, lost, weight)| (population.time(m), lost, weight))
        .collect();
    steps.sort_by_key(|(time, lost, _)| (*time, *lost));
    steps
}

fn evidence(
    population: &Population<'_>,
    separation: &Separation<'_>,
    condition: &Condition<'_>,
) -> AttributeEvidence {
    let sheet = population.sheet;
    let holding = |members: &[u32]| {
        let found = members.iter().filter(|m| condition.holds(sheet, **m));
        found.count() as u64
    };
    let kept = population.kept_in(separation.span);
    AttributeEvidence {
        name: condition.name(sheet),
        value: condition.value(sheet),
        lost_with: population.lost_count(holding(&population.lost)),
        lost: population.lost_count(population.lost.len() as u64),
        kept_with: population.kept_count(holding(&kept)),
        kept: population.kept_count(kept.len() as u64),
    }
}

/// The kind of a cause, and its sentence.
fn words(
    population: &Population<'_>,
    separation: &Separation<'_>,
    stretch: Option<&Stretch>,
) -> (FindingKind, String) {
    if let Some(title) = unknown_consumer(population, separation) {
        return (FindingKind::UnknownConsumer, title);
    }
    if let Some(title) = silent_emitter(population, separation, stretch) {
        return (FindingKind::SilentEmitter, title);
    }
    if let Some(title) = dead_edge(population, separation, stretch) {
        return (FindingKind::DeadEdge, title);
    }
    (
        FindingKind::CommonCause,
        common_cause(population, separation),
    )
}

fn places<'a>(population: &'a Population<'_>) -> (&'a str, &'a str, String) {
    let sheet = population.sheet;
    let stage = &sheet.stages[population.stage];
    let gone = if &*stage.next == "(done)" {
        "never came out".to_owned()
    } else {
        format!("never reached {}", stage.next)
    };
    (&sheet.env, &stage.name, gone)
}

/// All conditions of a cause, the strongest first.
fn properties(population: &Population<'_>, separation: &Separation<'_>) -> String {
    let mut texts = separation
        .conditions
        .iter()
        .map(|c| c.text(population.sheet));
    let first = texts.next().unwrap_or_default();
    let also: Vec<String> = texts.take(2).collect();
    if also.is_empty() {
        first
    } else {
        format!("{first} ({})", also.join(", "))
    }
}

fn common_cause(population: &Population<'_>, separation: &Separation<'_>) -> String {
    let (env, stage, gone) = places(population);
    let table = &separation.table;
    format!(
        "{env}: {} of the {} lost after {stage} have {}, but {} of {} that went on: {gone}",
        count(table.lost_with),
        count(table.lost),
        properties(population, separation),
        count(table.kept_with),
        count(table.kept),
    )
}

/// The value names one machine or program at this stage, and it never passed anything on.
fn unknown_consumer(population: &Population<'_>, separation: &Separation<'_>) -> Option<String> {
    let sheet = population.sheet;
    let is_instance = |c: &&Condition<'_>| {
        let name = c.name(sheet).to_ascii_lowercase();
        c.column.stage == population.stage && INSTANCE.iter().any(|word| name.contains(word))
    };
    let instance = separation.conditions.iter().find(is_instance)?;
    let passed_on = population.kept.iter().any(|m| instance.holds(sheet, *m));
    let column = instance.column;
    let mut others: Vec<u32> = population
        .kept
        .iter()
        .map(|m| column.cells[*m as usize])
        .collect();
    others.sort_unstable();
    others.dedup();
    if passed_on || others.is_empty() {
        return None;
    }
    let (env, stage, gone) = places(population);
    Some(format!(
        "{env}: {} at {stage} took {} and passed on none ({gone}); {} passed on {}",
        properties(population, separation),
        count_of(separation.table.lost_with, "message"),
        count_of(others.len() as u64, "other"),
        count(population.kept_count(population.kept.len() as u64)),
    ))
}

/// Those before it had one receiver at the next stage, which was seen until then and not after, while
/// others were.
fn silent_emitter(
    population: &Population<'_>,
    separation: &Separation<'_>,
    stretch: Option<&Stretch>,
) -> Option<String> {
    let onset = stretch?.onset?;
    let sheet = population.sheet;
    let condition = separation.conditions.first()?;
    let before = population.kept.iter().copied();
    let before: Vec<u32> = before.filter(|m| condition.holds(sheet, *m)).collect();
    let next = sheet
        .stages
        .iter()
        .position(|s| s.name == sheet.stages[population.stage].next)?;
    let column = sheet
        .columns
        .iter()
        .find(|c| c.stage == next && &*sheet.names[c.name].text == "stream")?;
    let cell = most_common(before.iter().map(|m| column.cells[*m as usize]))?;
    let (of_cell, all) = (
        before
            .iter()
            .filter(|m| column.cells[**m as usize] == cell)
            .count(),
        before.len(),
    );
    if all < FLOW || (of_cell as f64) < MOSTLY * all as f64 {
        return None;
    }
    let times = &sheet.stages[next].times;
    let there = |wanted: bool| {
        let cases = (0..sheet.cases.len()).filter(move |c| sheet.cases[*c].seen & bit(next) != 0);
        let chosen = cases.filter(move |c| (column.cells[*c] == cell) == wanted);
        chosen.map(|c| times[c]).max()
    };
    let (own, others) = (there(true)?, there(false)?);
    let silence = others.since(own);
    let last = population.span(&separation.lost)?.to;
    if silence < 60_000 || own > last || own.since(onset.high) > silence / 2 {
        return None;
    }
    let (env, _, gone) = places(population);
    let stream = sheet.value(column, cell).unwrap_or_default();
    Some(format!(
        "{env}: {stream} at {} fell silent while the others logged on: {} with {} {gone}",
        sheet.stages[next].name,
        count_of(separation.table.lost_with, "message"),
        properties(population, separation),
    ))
}

fn most_common(cells: impl Iterator<Item = u32>) -> Option<u32> {
    let mut cells: Vec<u32> = cells.filter(|c| *c != 0).collect();
    cells.sort_unstable();
    let runs = cells.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).map(|run| run[0])
}

/// A flow that was there, and then nothing of it came through any more.
fn dead_edge(
    population: &Population<'_>,
    separation: &Separation<'_>,
    stretch: Option<&Stretch>,
) -> Option<String> {
    let stretch = stretch?;
    let onset = stretch.onset?;
    let sheet = population.sheet;
    let condition = separation.conditions.first()?;
    let passed: Vec<Timestamp> = population
        .kept
        .iter()
        .filter(|m| condition.holds(sheet, **m))
        .map(|m| population.time(*m))
        .collect();
    let end = stretch.end.map_or(Timestamp::MAX, |end| end.low);
    let before = passed.iter().filter(|t| **t <= onset.low).count();
    let during = passed
        .iter()
        .filter(|t| **t >= onset.high && **t <= end)
        .count();
    let dead = share(during as u64, (during + separation.lost.len()) as u64) <= DEAD;
    if before < FLOW || !dead {
        return None;
    }
    let (env, stage, gone) = places(population);
    Some(format!(
        "{env}: messages with {} stopped coming through after {stage}: {} {gone}, {} had passed before",
        properties(population, separation),
        count(separation.table.lost_with),
        count(population.kept_count(before as u64)),
    ))
}
