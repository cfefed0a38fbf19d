//! Detector 2: what the lost of one edge have in common, each cause by itself.
//!
//! One cause, one finding: the most specific detector that recognises it gives it its kind and its
//! sentence.

use super::access::Access;
use super::condition::Condition;
use super::finding::{AttributeEvidence, Finding, FindingKind};
use super::onset::Slack;
use super::population::Population;
use super::sentence::Sentence;
use super::separate::{Separation, separate};
use super::suspicion::Suspicion;
use super::{dead_edge, sample, silent_emitter, unknown_consumer};
use crate::domain::sheet::Sheet;
use crate::domain::show::count;

/// The causes at one stage, and the lost messages that none of them explains.
#[must_use]
pub fn find(
    population: &Population<'_>,
    slack: Slack,
    access: Access<'_>,
) -> (Vec<Finding>, Vec<u32>) {
    let (separations, rest) = separate(population);
    let findings = separations.iter();
    let findings = findings.map(|separation| finding(population, separation, slack, access));
    (findings.collect(), rest)
}

/// One cause told.
pub(super) fn finding(
    population: &Population<'_>,
    separation: &Separation<'_>,
    slack: Slack,
    access: Access<'_>,
) -> Finding {
    let suspicion = Suspicion::new(population, separation);
    let (kind, title) = recognised(&suspicion);
    let sheet = population.sheet;
    let stage = &sheet.stages[population.stage];
    let (messages, lines) = sample::of(sheet, &separation.lost, access);
    let conditions = separation.conditions.iter().chain(&separation.also);
    let properties = suspicion.properties();
    Finding {
        kind,
        title: title.into(),
        env: Some(sheet.env.clone()),
        pipeline: Some(sheet.pipeline.clone()),
        edge: Some((stage.name.clone(), stage.next.clone())),
        lost: separation.table.lost_with,
        of: population.lost_count(population.lost.len() as u64),
        span: population.span(&separation.lost),
        onset: suspicion.onset(slack),
        attributes: conditions
            .map(|c| evidence(population, separation, c))
            .collect(),
        evidence: told(separation, &suspicion),
        concerned: Some(sample::chosen(sheet, &properties, &separation.lost)),
        messages,
        lines,
    }
}

/// The kind of a cause, and its sentence.
fn recognised(suspicion: &Suspicion<'_>) -> (FindingKind, String) {
    let found = |kind, title: Option<String>| title.map(|title| (kind, title));
    found(
        FindingKind::UnknownConsumer,
        unknown_consumer::named(suspicion),
    )
    .or_else(|| found(FindingKind::SilentEmitter, silent_emitter::find(suspicion)))
    .or_else(|| found(FindingKind::DeadEdge, dead_edge::find(suspicion)))
    .or_else(|| {
        found(
            FindingKind::UnknownConsumer,
            unknown_consumer::inferred(suspicion),
        )
    })
    .unwrap_or_else(|| (FindingKind::CommonCause, common(suspicion)))
}

fn common(suspicion: &Suspicion<'_>) -> String {
    let table = &suspicion.separation.table;
    let sheet = suspicion.population.sheet;
    let also = suspicion.separation.also.iter().map(|c| c.text(sheet));
    let also = match also.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        also => format!("; also: {also}"),
    };
    format!(
        "{}: {} of {} lost after {} have {}, but {} of {} that went on{}: {}{also}",
        suspicion.env(),
        count(table.lost_with),
        count(table.lost),
        suspicion.stage(),
        suspicion.properties(),
        count(table.kept_with),
        count(table.kept),
        if suspicion.separation.meanwhile {
            " meanwhile"
        } else {
            ""
        },
        suspicion.gone(),
    )
}

fn told(separation: &Separation<'_>, suspicion: &Suspicion<'_>) -> Vec<Sentence> {
    let sheet = suspicion.population.sheet;
    let mut told: Vec<Sentence> = vec![
        Sentence::statistic(weighed(separation)),
        lasted(sheet, suspicion).into(),
    ];
    told.extend(suspicion.strays());
    let also = separation.also.iter().map(|c| also_told(suspicion, c));
    told.extend(also.map(Sentence::from));
    let shared = separation.shared.iter().map(|(condition, chance)| {
        let seen = also_told(suspicion, condition);
        let share = (100.0 * chance).max(0.1);
        format!("{seen} (as many by chance in {share:.1} % of cases: alone no proof)")
    });
    told.extend(shared.map(Sentence::from));
    if separation.all_lost {
        told.push("nobody else went on meanwhile: compared with those before and after".into());
    }
    told.extend(suspicion.began.as_ref().map(|began| {
        Sentence::from(format!(
            "{} was first seen at ",
            began.condition.text(sheet)
        ))
        .clock_in_zone(began.at)
        .say(", and every one of the lost bears it")
    }));
    told
}

/// How many of all have a value that is named beside a bound.
fn also_told(suspicion: &Suspicion<'_>, condition: &Condition<'_>) -> String {
    let (population, lost) = (suspicion.population, &suspicion.separation.lost);
    let sheet = population.sheet;
    let has = |of: &[u32]| of.iter().filter(|m| condition.holds(sheet, **m)).count() as u64;
    format!(
        "{} of these {} have {} too, of all that ever went on {} of {}",
        count(population.lost_count(has(lost))),
        count(population.lost_count(lost.len() as u64)),
        condition.text(sheet),
        count(population.kept_count(has(&population.kept))),
        count(population.kept_count(population.kept.len() as u64)),
    )
}

/// How sure it is.
fn weighed(separation: &Separation<'_>) -> String {
    // Smaller than a number can be is not impossible.
    let chance = if separation.chance < f64::MIN_POSITIVE {
        "fewer than 1e-300".to_owned()
    } else {
        format!("{:.0e}", separation.chance)
    };
    format!(
        "by chance in {chance} of searches (G = {:.0}, {} properties tried, Bonferroni)",
        separation.g, separation.tried
    )
}

fn lasted(sheet: &Sheet, suspicion: &Suspicion<'_>) -> String {
    let what = suspicion
        .condition()
        .map_or_else(String::new, |c| c.text(sheet));
    match suspicion.stretch {
        None => format!("diffuse: no moment at which messages with {what} began to vanish"),
        Some(s) => {
            let of = if suspicion.of_property {
                format!("those with {what}")
            } else {
                format!("all at {}", suspicion.stage())
            };
            format!(
                "while it lasted {:.1} % of {of} were lost, {:.2} % of them before and after",
                s.inside * 100.0,
                s.outside * 100.0
            )
        }
    }
}

/// The counts on both sides, of all lost and of those that went on in the same time.
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
    let kept = &separation.kept;
    AttributeEvidence {
        name: condition.name(sheet),
        value: condition.value(sheet),
        lost_with: population.lost_count(holding(&population.lost)),
        lost: population.lost_count(population.lost.len() as u64),
        kept_with: population.kept_count(holding(kept)),
        kept: population.kept_count(kept.len() as u64),
        meanwhile: separation.meanwhile,
    }
}
