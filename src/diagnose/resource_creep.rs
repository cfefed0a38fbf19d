//! Detector 11: a resource that climbed to its limit, and what came of it: messages lost just then, or a
//! process that began anew.
//!
//! A figure that climbs and falls all day without harm (a heap that is collected) is none, nor is one
//! that rose once and stands (a service that has warmed up). What has no limit is not judged.

use std::sync::Arc;

use super::climb::{Course, course};
use super::finding::{EvidenceLine, Finding, FindingKind};
use super::sample;
use super::scene::{self, Scene};
use super::sentence::Sentence;
use super::statistics::Table;
use super::suspicion::gone_to;
use crate::domain::graph::bit;
use crate::domain::sheet::{Case, Sheet};
use crate::domain::show::{count, percent};
use crate::domain::signals::view::{Activity, Series};
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::{Flags, Verdict};
use crate::domain::view::{Chosen, SourceView};

/// More than one series in so many runs that chance would show is none.
const CHANCE: f64 = 1e-3;
/// Fewer lost messages show nothing.
const FEWEST: u64 = 5;
/// So large a share of the lost must have been last seen at the limit.
const MOSTLY: f64 = 0.5;
/// A process that begins anew says so within this of its end, beside the width of a bucket.
const SOON_MS: i64 = 10 * 60_000;

/// Messages lost beside a resource, at its limit and at other times.
struct Harm<'a> {
    sheet: &'a Sheet,
    stage: usize,
    /// Those lost at the limit.
    lost: Vec<u32>,
    table: Table,
    chance: f64,
}

/// One finding for each resource that climbed to its limit and did harm, and those that only stood there
/// while messages were lost.
#[must_use]
pub fn find(scene: Scene<'_>) -> Vec<Finding> {
    let candidates: Vec<(&Series, Course)> = narrowest(&scene.signals.series)
        .filter_map(|series| Some((series, course(series)?)))
        .collect();
    let tried = candidates.len() as f64;
    let mut findings: Vec<Finding> = Vec::new();
    for (series, course) in &candidates {
        let Some(view) = scene.source(series.source) else {
            continue;
        };
        let trend = course.trend.filter(|t| t.chance * tried <= CHANCE);
        let climbed = trend.is_some() && !course.climbs.is_empty();
        let harm = harm(view, course, scene).filter(|harm| harm.chance * tried <= CHANCE);
        let begun = begun_anew(series, course, scene);
        if harm.is_some() || (climbed && (begun > 0 || course.rises)) {
            let seen = Seen {
                series,
                course,
                view,
                climbed,
                begun,
            };
            findings.push(seen.finding(harm.as_ref(), scene));
        }
    }
    one_for_each_loss(findings)
}

/// Several streams at their limit in the time of the same losses are told once, by the one that explains
/// most.
fn one_for_each_loss(mut findings: Vec<Finding>) -> Vec<Finding> {
    // Stable: equal ones stay in the order of the series.
    findings.sort_by_key(|f| std::cmp::Reverse(f.lost));
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = |k: &&mut Finding| {
            k.lost > 0 && finding.lost > 0 && k.env == finding.env && k.edge == finding.edge
        };
        match kept.iter_mut().find(same) {
            Some(first) => {
                let also = Sentence::from("also: ").then(&finding.title);
                first.evidence.push(also);
            }
            None => kept.push(finding),
        }
    }
    kept
}

/// Of each source and key every stream, or the whole source where it has but one.
fn narrowest(series: &[Series]) -> impl Iterator<Item = &Series> {
    series
        .chunk_by(|a, b| a.source == b.source && a.key == b.key)
        .flat_map(|of_key| match of_key {
            [whole, _] | [whole] => std::slice::from_ref(whole),
            [_, streams @ ..] => streams,
            [] => &[],
        })
}

/// Messages lost at the stages of a source, held against those that went on: were the lost last seen
/// just when it stood at its limit?
fn harm<'a>(view: &SourceView, course: &Course, scene: Scene<'a>) -> Option<Harm<'a>> {
    let at_limit = |time: Timestamp| {
        let at = course.near.partition_point(|near| near.from <= time);
        at > 0 && course.near[at - 1].contains(time)
    };
    let own = scene.sheets.iter().filter(|s| s.env == view.source.env);
    let mut worst: Option<Harm<'a>> = None;
    for sheet in own {
        for stage in 0..sheet.stages.len() {
            let name = format!("{}/{}", sheet.pipeline, sheet.stages[stage].name);
            if !view.stages.contains(&name) {
                continue;
            }
            let found = compare(sheet, stage, at_limit);
            if worst.as_ref().is_none_or(|w| found.chance < w.chance) {
                worst = Some(found);
            }
        }
    }
    worst.filter(|harm| {
        let table = &harm.table;
        table.lost_with >= FEWEST && table.lost_with as f64 >= MOSTLY * table.lost as f64
    })
}

fn compare(sheet: &Sheet, stage: usize, at_limit: impl Fn(Timestamp) -> bool) -> Harm<'_> {
    let is_lost =
        |case: &Case| case.verdict == Verdict::Lost && usize::from(case.last_stage) == stage;
    let times = &sheet.stages[stage].times;
    let (mut lost, mut table) = (Vec::new(), Table::default());
    for (index, case) in sheet.cases.iter().enumerate() {
        let then = at_limit(times[index]);
        if is_lost(case) {
            table.lost += 1;
            table.lost_with += u64::from(then);
            if then {
                lost.push(index as u32);
            }
        } else if case.passed & bit(stage) != 0 {
            table.kept += 1;
            table.kept_with += u64::from(then);
        }
    }
    Harm {
        sheet,
        stage,
        lost,
        table,
        chance: table.chance(),
    }
}

/// How many climbs were followed by the word of a process that begins anew, or by a silence.
fn begun_anew(series: &Series, course: &Course, scene: Scene<'_>) -> usize {
    let is_own = |a: &&Activity| a.source == series.source && a.stream == series.stream;
    let mut activities = scene.signals.sources.iter().chain(&scene.signals.streams);
    let Some(activity) = activities.find(is_own) else {
        return 0;
    };
    let room = SOON_MS.max(course.width_ms);
    let ends = course.climbs.iter().map(|climb| climb.to);
    ends.filter(|end| {
        let after = Span::new(end.plus(-course.width_ms), end.plus(room));
        activity.starts.iter().any(|start| after.contains(*start))
    })
    .count()
}

/// A resource at its limit, as it is told.
struct Seen<'a> {
    series: &'a Series,
    course: &'a Course,
    view: &'a SourceView,
    climbed: bool,
    begun: usize,
}

impl Seen<'_> {
    fn finding(&self, harm: Option<&Harm<'_>>, scene: Scene<'_>) -> Finding {
        let env = &self.view.source.env;
        let lost = |harm: &Harm<'_>| weighed(harm.sheet, harm.table.lost_with);
        let (messages, mut lines) = harm.map_or_else(Default::default, |harm| {
            sample::of(harm.sheet, &harm.lost, scene.access)
        });
        lines.insert(0, self.peak());
        let spans = self.course.climbs.iter().copied();
        let near = self.course.near.iter().copied();
        Finding {
            kind: FindingKind::ResourceCreep,
            title: Sentence::from(format!("{env}: "))
                .then(&self.told())
                .say(&harm.map_or_else(String::new, harmed)),
            env: Some(Arc::clone(env)),
            pipeline: harm.map(|harm| harm.sheet.pipeline.clone()),
            edge: harm.map(|harm| {
                let stage = &harm.sheet.stages[harm.stage];
                (stage.name.clone(), stage.next.clone())
            }),
            lost: harm.map_or(0, lost),
            of: harm.map_or(0, |harm| weighed(harm.sheet, harm.table.lost)),
            span: spans
                .reduce(Span::union)
                .or_else(|| near.reduce(Span::union)),
            onset: None,
            attributes: Vec::new(),
            evidence: self.evidence(harm),
            concerned: Some(harm.map_or_else(
                || Chosen::new("tied to no loss", Vec::new()),
                |harm| sample::chosen(harm.sheet, "lost at the limit", &harm.lost),
            )),
            messages,
            lines,
        }
    }

    /// `Heap of ip-10-3-7-16 at enricher climbed to its limit of 2048 four times, last at 00:26:02 UTC`.
    fn told(&self) -> Sentence {
        let at = scene::whereabouts(&[self.view]);
        let who = self.series.stream.as_ref();
        let who = who.map_or(at.clone(), |stream| format!("{stream} at {at}"));
        let (key, limit) = (&self.series.key, self.course.limit);
        let (_, peak, _) = self.series.peak;
        if !self.climbed {
            let first = self.course.near.first().map_or(peak, |near| near.from);
            let what = format!("{key} of {who} stood near its limit of {limit}, first at ");
            return Sentence::from(what).clock_in_zone(first);
        }
        let times = match self.course.climbs.len() {
            1 => String::new(),
            number => format!(" {number} times"),
        };
        let last = self.course.climbs.last().map_or(peak, |climb| climb.to);
        let then = match (self.course.fallen, self.begun) {
            (_, begun) if begun > 0 => {
                format!(" and a process began anew after {begun} of the climbs")
            }
            (0, _) => " and has not fallen since".to_owned(),
            _ => " and fell back each time, as when a process begins anew (inferred)".to_owned(),
        };
        let what = format!("{key} of {who} climbed to its limit of {limit}{times}, last by ");
        Sentence::from(what)
            .clock_in_zone(last)
            .say(&format!(",{then}"))
    }

    fn evidence(&self, harm: Option<&Harm<'_>>) -> Vec<Sentence> {
        let mut evidence: Vec<Sentence> = Vec::new();
        if let Some(trend) = self.course.trend.filter(|_| self.climbed) {
            evidence.push(Sentence::statistic(format!(
                "climbs{}, Z = {:.1} over {} figures (Mann-Kendall; by chance {:.0e})",
                an_hour(trend.slope * 60.0),
                trend.z,
                trend.points,
                trend.chance
            )));
        }
        let Some(harm) = harm else { return evidence };
        let Table {
            lost_with,
            lost,
            kept_with,
            kept,
        } = harm.table;
        evidence.push(Sentence::from(format!(
            "{lost_with} of {lost} lost were last seen near the limit, {kept_with} of {kept} that went on (by chance {:.0e}); that the limit is the reason is inferred",
            harm.chance
        )));
        let cases = &harm.sheet.cases;
        let twice = |case: &&Case| case.flags.has(Flags::DUPLICATE);
        let around = |case: &&Case| {
            let ends = self.course.climbs.iter();
            ends.clone().any(|climb| {
                let room = self.course.width_ms + SOON_MS;
                let near = Span::new(climb.to.plus(-room), climb.to.plus(room));
                near.contains(case.first) || near.contains(case.last)
            })
        };
        let all = cases.iter().filter(twice).count() as u64;
        let then = cases.iter().filter(twice).filter(around).count() as u64;
        if all > 0 && 2 * then > all {
            evidence.push(Sentence::from(format!(
                "{} of {} messages that went through twice did so around the ends of the climbs",
                count(then),
                count(all)
            )));
        }
        evidence
    }

    /// The line that tells the greatest figure.
    fn peak(&self) -> EvidenceLine {
        let (_, time, raw) = self.series.peak;
        EvidenceLine {
            source: Arc::clone(&self.view.source.name),
            time,
            raw,
        }
    }
}

/// `; 66 of 66 messages that never reached archive were last seen near the limit, 4.1 % of those that went on`.
fn harmed(harm: &Harm<'_>) -> String {
    let (sheet, table) = (harm.sheet, &harm.table);
    let next = &sheet.stages[harm.stage].next;
    format!(
        "; {} of {} that {} were last seen near the limit, of those that went on {}",
        count(weighed(sheet, table.lost_with)),
        count(weighed(sheet, table.lost)),
        gone_to(next),
        percent(table.kept_with, table.kept),
    )
}

/// How much it climbs in an hour, where that is a figure to speak of.
fn an_hour(slope: f64) -> String {
    match slope {
        10.0.. => format!(" by {slope:.0} an hour (Theil-Sen)"),
        0.05.. => format!(" by {slope:.1} an hour (Theil-Sen)"),
        _ => String::new(),
    }
}

/// How many lost messages so many of a sheet stand for.
fn weighed(sheet: &Sheet, lost: u64) -> u64 {
    (lost as f64 * sheet.lost_weight).round() as u64
}
