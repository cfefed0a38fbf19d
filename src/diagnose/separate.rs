//! What the lost of one stage have in common, one cause after the other.
//!
//! Tries every value of every column against those that went on in the same time, takes what
//! separates best, sets aside everybody who has it, and asks again: so several causes at one stage
//! come apart. What one search tried is paid for (Bonferroni, 1936).

use std::collections::BTreeSet;

use super::condition::{Condition, Test, number};
use super::population::Population;
use super::statistics::Table;
use crate::domain::sheet::Column;

/// A cause is believed when chance alone would give it in fewer than one search of so many.
const SURE: f64 = 0.000_1;
/// Fewer lost messages than this have nothing in common worth telling.
const FEWEST: u64 = 3;
/// The loss rate with the property must be so many times the rate without it.
const LIFT: f64 = 2.0;
/// More causes than this at one stage are not told apart.
const MOST: usize = 4;
/// Cut points tried of a column of numbers.
const CUTS: usize = 24;
/// A column is one of numbers when it has at least so many different ones.
const NUMBERS: usize = 4;
/// Fewer messages to compare with than this: all that ever went on are taken.
const TOO_FEW: usize = 20;
/// A value that more than this part of all that ever went on have is not named beside a bound.
const MOST_OF_ALL: f64 = 2.0 / 3.0;
/// What all of the lost share is shown up to this chance, beside it.
const WEAK: f64 = 0.05;
/// So many such values are named.
const ALSO: usize = 2;
/// Properties that concern the same lost messages, but for one in so many, are one cause.
const ALIKE: f64 = 0.98;

/// One property that separates lost from kept.
#[derive(Clone, Debug)]
pub struct Separation<'a> {
    /// What separates best, then what is as good as the same.
    pub conditions: Vec<Condition<'a>>,
    /// Where that is a bound on a number: values that as good as all of these lost have, and far fewer of
    /// all that ever went on. They say more to people.
    pub also: Vec<Condition<'a>>,
    /// Values that all of these lost have too, with the chance of each alone: too weak to be told as a cause.
    pub shared: Vec<(Condition<'a>, f64)>,
    /// The lost messages that have it.
    pub lost: Vec<u32>,
    /// Both sides, in messages.
    pub table: Table,
    /// The statistic G.
    pub g: f64,
    /// The chance of it, all that was tried taken into account.
    pub chance: f64,
    /// How many properties were tried.
    pub tried: usize,
    /// Those who went on, as far as they were compared: of the same time, or of any if there are few.
    pub kept: Vec<u32>,
    /// It was of the same time.
    pub meanwhile: bool,
    /// Nobody to speak of went on in the same time.
    pub all_lost: bool,
}

/// The causes that can be told apart, and the lost messages that none of them explains.
#[must_use]
pub fn separate<'a>(population: &Population<'a>) -> (Vec<Separation<'a>>, Vec<u32>) {
    let mut found = Vec::new();
    let mut lost = population.lost.clone();
    let mut kept_all = population.kept.clone();
    while found.len() < MOST && population.lost_count(lost.len() as u64) >= FEWEST {
        let Some(span) = population.span(&lost) else {
            break;
        };
        let mut kept: Vec<u32> = kept_all.clone();
        kept.retain(|m| span.contains(population.time(*m)));
        let all_lost = kept.len() * TOO_FEW < lost.len();
        let meanwhile = kept.len() >= TOO_FEW;
        if !meanwhile {
            kept.clone_from(&kept_all);
        }
        let strongest = best(population, &lost, kept, (all_lost, meanwhile));
        // What all are lost for holds of all.
        let whole = |s: &Separation<'_>| s.lost.len() as f64 >= ALIKE * lost.len() as f64;
        let strongest = strongest.filter(|s| !all_lost || whole(s));
        let Some(separation) = strongest else {
            break;
        };
        let first = separation.conditions[0];
        lost.retain(|m| !first.holds(population.sheet, *m));
        kept_all.retain(|m| !first.holds(population.sheet, *m));
        found.push(separation);
    }
    (found, lost)
}

/// One property with its figures.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    condition: Condition<'a>,
    /// What is on the sheet: the evidence.
    seen: Table,
    g: f64,
}

fn best<'a>(
    population: &Population<'a>,
    lost: &[u32],
    kept: Vec<u32>,
    (all_lost, meanwhile): (bool, bool),
) -> Option<Separation<'a>> {
    if kept.is_empty() {
        return None;
    }
    let mut candidates = Vec::new();
    let mut tried = 0;
    for column in &population.columns {
        tried += values(population, column, lost, &kept, &mut candidates);
        tried += cuts(population, column, lost, &kept, &mut candidates);
    }
    let sheet = population.sheet;
    // What the configuration asks for says more to people than where a line stood; what was said
    // here more than what was said before.
    let rank = |c: &Candidate<'_>| {
        let away = usize::from(c.condition.column.stage != population.stage);
        let inexact = usize::from(!matches!(c.condition.test, Test::Is(_)));
        (
            c.condition.implied(sheet),
            inexact,
            away,
            c.condition.column.name,
        )
    };
    candidates.retain(|c| c.seen.lost_with >= FEWEST);
    candidates.sort_by(|a, b| b.g.total_cmp(&a.g).then_with(|| rank(a).cmp(&rank(b))));
    let lifting = || candidates.iter().filter(|c| lifts(&c.seen));
    let strongest = lifting().next()?;
    let members = holders(population, &strongest.condition, lost);
    let mut alike: Vec<&Candidate<'_>> = lifting()
        .take_while(|c| c.g >= strongest.g * ALIKE * ALIKE)
        .filter(|c| {
            c.g >= strongest.g - 1e-9 || similar(&members, &holders(population, &c.condition, lost))
        })
        .collect();
    alike.sort_by_key(|c| rank(c));
    let chosen = alike.first()?;
    let chance = (chosen.seen.chance() * tried as f64).min(1.0);
    if chance > SURE {
        return None;
    }
    let mut conditions: Vec<Condition<'a>> = Vec::new();
    for candidate in &alike {
        let name = candidate.condition.column.name;
        if conditions.iter().all(|c| c.column.name != name) {
            conditions.push(candidate.condition);
        }
    }
    let has = holders(population, &conditions[0], lost);
    let (also, shared) = readable(population, chosen, &candidates, (&has, lost, tried));
    Some(Separation {
        also,
        shared,
        lost: has.into_iter().collect(),
        table: scaled(population, &chosen.seen),
        g: chosen.g,
        chance,
        tried,
        kept,
        meanwhile,
        all_lost,
        conditions,
    })
}

/// See [`Separation::also`] and [`Separation::shared`].
fn readable<'a>(
    population: &Population<'_>,
    chosen: &Candidate<'a>,
    candidates: &[Candidate<'a>],
    (members, lost, tried): (&BTreeSet<u32>, &[u32], usize),
) -> (Vec<Condition<'a>>, Vec<(Condition<'a>, f64)>) {
    let (mut also, mut shared): (Vec<Condition<'a>>, Vec<(Condition<'a>, f64)>) =
        Default::default();
    if matches!(chosen.condition.test, Test::Is(_)) {
        return (also, shared);
    }
    let sheet = population.sheet;
    for candidate in candidates {
        let condition = candidate.condition;
        let a_value = matches!(condition.test, Test::Is(cell) if cell != 0);
        let name = condition.column.name;
        let known = |c: &Condition<'_>| c.column.name == name;
        if !a_value
            || condition.implied(sheet)
            || known(&chosen.condition)
            || also.iter().any(known)
            || shared.iter().any(|(c, _)| known(c))
        {
            continue;
        }
        let holding = members.iter().filter(|m| condition.holds(sheet, **m));
        let all = holding.count() as f64 >= ALIKE * members.len() as f64;
        if !all {
            continue;
        }
        let kept = &population.kept;
        let has = |of: &[u32]| of.iter().filter(|m| condition.holds(sheet, **m)).count() as u64;
        // Of any time: who came at the same time is often of the same batch.
        let table = Table {
            lost_with: has(lost),
            lost: lost.len() as u64,
            kept_with: has(kept),
            kept: kept.len() as u64,
        };
        let rare = table.kept_with as f64 <= MOST_OF_ALL * table.kept as f64;
        let chance = table.chance();
        if rare && lifts(&candidate.seen) && chance * tried as f64 <= SURE {
            also.push(condition);
        } else if rare && chance <= WEAK {
            shared.push((condition, chance));
        }
    }
    also.truncate(ALSO);
    // Stable: equal ones stay in the order of how well they separate.
    shared.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    shared.truncate(ALSO - also.len());
    (also, shared)
}

/// In messages, where the sheet holds a sample.
fn scaled(population: &Population<'_>, seen: &Table) -> Table {
    Table {
        lost_with: population.lost_count(seen.lost_with),
        lost: population.lost_count(seen.lost),
        kept_with: population.kept_count(seen.kept_with),
        kept: population.kept_count(seen.kept),
    }
}

fn lifts(table: &Table) -> bool {
    table.rate_with() >= LIFT * table.rate_without()
}

fn holders(population: &Population<'_>, condition: &Condition<'_>, of: &[u32]) -> BTreeSet<u32> {
    let members = of.iter().copied();
    members
        .filter(|m| condition.holds(population.sheet, *m))
        .collect()
}

fn similar(a: &BTreeSet<u32>, b: &BTreeSet<u32>) -> bool {
    let both = a.intersection(b).count() as f64;
    let either = a.union(b).count() as f64;
    either > 0.0 && both >= ALIKE * either
}

/// Tries every value of a column, and the lack of one; returns how many that were.
fn values<'a>(
    population: &Population<'a>,
    column: &'a Column,
    lost: &[u32],
    kept: &[u32],
    candidates: &mut Vec<Candidate<'a>>,
) -> usize {
    let cells = population.sheet.names[column.name].values.len() + 1;
    let (mut lost_by, mut kept_by) = (vec![0_u64; cells], vec![0_u64; cells]);
    for member in lost {
        lost_by[column.cells[*member as usize] as usize] += 1;
    }
    for member in kept {
        kept_by[column.cells[*member as usize] as usize] += 1;
    }
    let mut tried = 0;
    for (cell, lost_with) in lost_by.iter().enumerate() {
        // Nobody lost has it: it was never a question.
        if *lost_with == 0 {
            continue;
        }
        tried += 1;
        candidates.push(candidate(
            Condition {
                column,
                test: Test::Is(cell as u32),
            },
            (*lost_with, lost.len() as u64),
            (kept_by[cell], kept.len() as u64),
        ));
    }
    tried
}

fn candidate(
    condition: Condition<'_>,
    (lost_with, lost): (u64, u64),
    (kept_with, kept): (u64, u64),
) -> Candidate<'_> {
    let seen = Table {
        lost_with,
        lost,
        kept_with,
        kept,
    };
    Candidate {
        condition,
        g: seen.g(),
        seen,
    }
}

/// Tries thresholds on a column of numbers; returns how many.
fn cuts<'a>(
    population: &Population<'a>,
    column: &'a Column,
    lost: &[u32],
    kept: &[u32],
    candidates: &mut Vec<Candidate<'a>>,
) -> usize {
    let sheet = population.sheet;
    let numbers: Vec<Option<f64>> = {
        let values = &sheet.names[column.name].values;
        let one = std::iter::once(None);
        one.chain(values.iter().map(|v| number(v))).collect()
    };
    if numbers.iter().flatten().count() < NUMBERS {
        return 0;
    }
    let sorted = |members: &[u32]| {
        let found = members.iter();
        let found = found.filter_map(|m| numbers[column.cells[*m as usize] as usize]);
        let mut found: Vec<f64> = found.collect();
        found.sort_by(f64::total_cmp);
        found
    };
    let (lost_n, kept_n) = (sorted(lost), sorted(kept));
    // Mostly words: not a column of numbers.
    if lost_n.len() * 10 < lost.len() * 9 || lost_n.is_empty() {
        return 0;
    }
    let mut points: Vec<f64> = (0..CUTS)
        .map(|n| lost_n[n * (lost_n.len() - 1) / (CUTS - 1)])
        .collect();
    points.dedup();
    let whole = (lost.len() as u64, kept.len() as u64);
    for point in &points {
        let at_least = |of: &[f64]| (of.len() - of.partition_point(|n| n < point)) as u64;
        let at_most = |of: &[f64]| of.partition_point(|n| n <= point) as u64;
        for (test, lost_with, kept_with) in [
            (Test::AtLeast(*point), at_least(&lost_n), at_least(&kept_n)),
            (Test::AtMost(*point), at_most(&lost_n), at_most(&kept_n)),
        ] {
            let condition = Condition { column, test };
            candidates.push(candidate(
                condition,
                (lost_with, whole.0),
                (kept_with, whole.1),
            ));
        }
    }
    2 * points.len()
}
