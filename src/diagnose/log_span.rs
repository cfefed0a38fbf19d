//! Detector 5, seen from the log as a whole: most of the lost were on their way to a stage before the
//! first, or after the last line that its whole log has.
//!
//! A file covers the time of all that was read with it, so that such messages are lost. Whether their
//! stage did not run, or only that part of its log was not read, nobody can see: both are said.

use std::sync::Arc;

use super::finding::{Finding, FindingKind};
use super::population::Population;
use super::sample;
use super::scene::Scene;
use super::sentence::Sentence;
use super::statistics::Table;
use super::suspicion::gone;
use crate::domain::sheet::Sheet;
use crate::domain::show::count;
use crate::domain::time::{Span, Timestamp};

/// Fewer lost messages tell nothing.
const FEWEST: usize = 5;
/// So large a share of the lost of a stage it must explain.
const MOSTLY: f64 = 0.5;
/// Lost so many times as often as while the log was written.
const TIMES: f64 = 2.0;
/// More than one in so many is chance.
const CHANCE: f64 = 1e-4;
/// A shorter time without a line is none.
const SILENCE_MS: i64 = 60_000;

/// At which end of it a log is silent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Before,
    After,
}

/// The messages that came while the next stage logged nothing.
struct Silent {
    end: End,
    /// The first line of its log, or the last.
    word: Timestamp,
    /// Lost messages of that time.
    lost: Vec<u32>,
    /// They, and those that went on.
    table: Table,
}

/// Adds a finding for each stage whose log begins too late, or ends too early, for most of the lost
/// messages that were to come to it.
pub fn add(findings: &mut Vec<Finding>, scene: Scene<'_>) {
    for sheet in scene.sheets {
        for stage in 0..sheet.stages.len() {
            let Some(log) = log_of(scene, sheet, stage) else {
                continue;
            };
            let population = Population::new(sheet, stage);
            let silent = [(End::Before, log.from), (End::After, log.to)];
            let silent = silent.map(|(end, word)| silent_at(&population, end, word));
            for silent in silent.into_iter().flatten() {
                if silent.end == End::Before || !is_told(findings, sheet, stage) {
                    findings.push(finding(&population, &silent, scene));
                }
            }
        }
    }
}

/// From the first to the last line of all sources of the stage after this one.
fn log_of(scene: Scene<'_>, sheet: &Sheet, stage: usize) -> Option<Span> {
    let mut pipelines = scene.overview.pipelines.iter();
    let pipeline = pipelines.find(|p| p.name == sheet.pipeline)?;
    let env = pipeline.environments.iter().find(|e| e.name == sheet.env)?;
    let next = &sheet.stages[stage].next;
    let view = env.stages.iter().find(|s| s.name == *next)?;
    let seen = view.sources.iter().filter_map(|id| scene.source(*id)?.seen);
    seen.reduce(Span::union)
}

fn silent_at(population: &Population<'_>, end: End, word: Timestamp) -> Option<Silent> {
    let then = |member: &u32| match end {
        End::Before => population.time(*member) < word,
        End::After => population.came(*member) > word,
    };
    let of = |members: &[u32]| members.iter().copied().filter(then).collect::<Vec<u32>>();
    let (lost, kept) = (of(&population.lost), of(&population.kept));
    let time = population.span(&lost)?;
    let silence = match end {
        End::Before => word.since(time.from),
        End::After => time.to.since(word),
    };
    let enough = lost.len() >= FEWEST && lost.len() as f64 >= MOSTLY * population.lost.len() as f64;
    let table = Table {
        lost_with: lost.len() as u64,
        lost: population.lost.len() as u64,
        kept_with: kept.len() as u64,
        kept: population.kept.len() as u64,
    };
    let oftener = table.rate_with() >= TIMES * table.rate_without() && table.chance() <= CHANCE;
    (enough && silence >= SILENCE_MS && oftener).then_some(Silent {
        end,
        word,
        lost,
        table,
    })
}

/// Whether a finding says already that somebody fell silent there, or that the flow stopped.
fn is_told(findings: &[Finding], sheet: &Sheet, stage: usize) -> bool {
    findings.iter().any(|finding| {
        let from = finding.edge.as_ref().map(|(from, _)| from);
        matches!(
            finding.kind,
            FindingKind::SilentEmitter | FindingKind::DeadEdge
        ) && finding.env.as_ref() == Some(&sheet.env)
            && finding.pipeline.as_ref() == Some(&sheet.pipeline)
            && from == Some(&sheet.stages[stage].name)
    })
}

fn finding(population: &Population<'_>, silent: &Silent, scene: Scene<'_>) -> Finding {
    let (sheet, stage) = (population.sheet, population.stage);
    let from = &sheet.stages[stage];
    let lost = population.lost_count(silent.lost.len() as u64);
    let of = population.lost_count(population.lost.len() as u64);
    let (when, seen, inferred) = match silent.end {
        End::Before => (
            "before",
            "last seen before that",
            "either it did not run until then, or the earlier part of its log is not here",
        ),
        End::After => (
            "after",
            "seen after that",
            "either it stopped, or the rest of its log is not here",
        ),
    };
    let (messages, lines) = sample::of(sheet, &silent.lost, scene.access);
    Finding {
        kind: FindingKind::SilentEmitter,
        title: Sentence::from(format!(
            "{}: nothing is logged by {} {when} ",
            sheet.env, from.next
        ))
        .clock_in_zone(silent.word)
        .say(&format!(
            ": {} of {} lost after {} were {seen} and {}: {inferred}",
            count(lost),
            count(of),
            from.name,
            gone(population),
        )),
        env: Some(Arc::clone(&sheet.env)),
        pipeline: Some(Arc::clone(&sheet.pipeline)),
        edge: Some((Arc::clone(&from.name), Arc::clone(&from.next))),
        lost,
        of,
        span: population.span(&silent.lost),
        onset: None,
        attributes: Vec::new(),
        evidence: vec![silent.rates(population).into()],
        concerned: Some(sample::chosen(sheet, when, &silent.lost).at(vec![silent.word])),
        messages,
        lines,
    }
}

impl Silent {
    fn rates(&self, population: &Population<'_>) -> String {
        let side = |lost: u64, kept: u64| {
            let lost = population.lost_count(lost);
            format!(
                "{} of {}",
                count(lost),
                count(lost + population.kept_count(kept))
            )
        };
        let table = self.table;
        format!(
            "lost meanwhile: {}; while it logged: {} (inferred: the silence is the reason)",
            side(table.lost_with, table.kept_with),
            side(table.lost - table.lost_with, table.kept - table.kept_with),
        )
    }
}
