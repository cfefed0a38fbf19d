//! Holds findings against the truth, and counts.

use std::collections::BTreeMap;
use std::time::Duration;

use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::domain::time::Timestamp;
use lastseen::sources::demo::script::Onset;
use lastseen::sources::demo::truth::CauseCount;

/// The natural place of what was wrong.
const TOP: usize = 3;

/// Above the rows.
pub(super) const HEAD: &str = "incident                  runs   first    top3   named   count   onset  width s  without  healthy  strewn shuffled   find ms";

/// What was counted over the seeds of one incident.
#[derive(Default)]
pub(super) struct Score {
    runs: usize,
    /// The first finding names a true culprit.
    first: usize,
    /// Every cause is named among the first three.
    top: usize,
    /// Every cause is named by a finding of its own.
    named: usize,
    /// Causes, and those of them whose findings count as many as there were, but for 2 %.
    causes: usize,
    counts: usize,
    /// Findings that name a cause, those whose onset is right, and how wide the intervals are.
    signs: usize,
    onsets: usize,
    widths: Vec<i64>,
    /// Runs without one cause, and those in which the others kept their counts and it was not named.
    removals: usize,
    unmoved: usize,
    good_days: usize,
    alarms: usize,
    strewn: usize,
    strewn_alarms: usize,
    shuffles: usize,
    shuffled_alarms: usize,
    pub(super) finding: Duration,
    /// What was wrong, in words.
    pub(super) misses: Vec<String>,
}

/// The causes of a run with what was found of them.
pub(super) struct Told<'a> {
    /// By name of the cause: each of its signs, and the place of the finding that names it.
    causes: BTreeMap<&'static str, Vec<(&'a CauseCount, Option<usize>)>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(causes: &'a [CauseCount], findings: &[Finding]) -> Self {
        let mut told: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for sign in causes {
            let place = findings.iter().position(|f| names(f, sign));
            told.entry(sign.cause).or_default().push((sign, place));
        }
        Self { causes: told }
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.causes.keys().copied().collect()
    }

    /// Where a cause is named first.
    fn place(&self, cause: &str) -> Option<usize> {
        let signs = self.causes.get(cause)?;
        signs.iter().filter_map(|(_, place)| *place).min()
    }

    /// How many messages the findings give a cause.
    fn count(&self, cause: &str, findings: &[Finding]) -> u64 {
        let signs = self.causes.get(cause).into_iter().flatten();
        let found = signs.filter_map(|(_, place)| findings.get((*place)?));
        found.map(|f| f.lost).sum()
    }
}

impl Score {
    pub(super) fn judge(&mut self, seed: u64, told: &Told<'_>, findings: &[Finding]) {
        self.runs += 1;
        let places: Vec<Option<usize>> = told.causes.keys().map(|c| told.place(c)).collect();
        self.first += usize::from(places.contains(&Some(0)));
        let top = places.iter().all(|p| p.is_some_and(|p| p < TOP));
        self.top += usize::from(top);
        let named = places.iter().all(Option::is_some);
        self.named += usize::from(named);
        if !top || !named {
            let told: Vec<String> = told.causes.keys().zip(&places).map(place).collect();
            self.misses.push(format!("seed {seed}: places {told:?}"));
            self.misses
                .extend(findings.iter().take(5).map(|f| format!("    {}", f.title)));
        }
        for (cause, signs) in &told.causes {
            self.causes += 1;
            let truth: u64 = signs.iter().map(|(sign, _)| sign.lost).sum();
            let found = told.count(cause, findings);
            if found.abs_diff(truth) * 50 <= truth {
                self.counts += 1;
            } else {
                self.misses
                    .push(format!("seed {seed}: {cause} {found} of {truth}"));
            }
            for (sign, place) in signs {
                if let Some(finding) = place.and_then(|place| findings.get(place)) {
                    self.onset(seed, sign, finding);
                }
            }
        }
    }

    fn onset(&mut self, seed: u64, sign: &CauseCount, finding: &Finding) {
        self.signs += 1;
        let told = finding.onset;
        self.widths.extend(told.map(|o| o.high.since(o.low)));
        let right = match sign.onset {
            Onset::At(time) => told.is_some_and(|o| o.low <= time && time <= o.high),
            Onset::Diffuse => told.is_none(),
        };
        self.onsets += usize::from(right);
        if !right {
            let since = |time: Timestamp| match sign.onset {
                Onset::At(truth) => time.since(truth),
                Onset::Diffuse => 0,
            };
            let told = told.map(|o| (since(o.low), since(o.at), since(o.high)));
            self.misses.push(format!(
                "seed {seed}: {} at {}: onset, from the truth in ms: {told:?}",
                sign.cause, sign.last_stage
            ));
            self.misses.push(format!("    {}", finding.title));
        }
    }

    /// The same run without one cause.
    pub(super) fn removed(
        &mut self,
        seed: u64,
        cause: &'static str,
        (full, all): (&Told<'_>, &[Finding]),
        findings: &[Finding],
    ) {
        self.removals += 1;
        let mut right = true;
        for (name, signs) in &full.causes {
            let signs = signs.iter().map(|(sign, _)| *sign);
            let now: u64 = signs
                .filter_map(|sign| findings.iter().find(|f| names(f, sign)))
                .map(|f| f.lost)
                .sum();
            let before = if *name == cause {
                0
            } else {
                full.count(name, all)
            };
            if now != before {
                right = false;
                self.misses.push(format!(
                    "seed {seed}: without {cause} {name} {now}, not {before}"
                ));
            }
        }
        self.unmoved += usize::from(right);
    }

    pub(super) fn good_day(&mut self, seed: u64, alarm: Option<&Finding>) {
        self.good_days += 1;
        if let Some(alarm) = alarm {
            self.alarms += 1;
            self.misses
                .push(format!("seed {seed}: on a good day: {}", alarm.title));
        }
    }

    /// A good day with losses that have nothing in common.
    pub(super) fn strewn(&mut self, seed: u64, alarm: Option<&Finding>) {
        self.strewn += 1;
        if let Some(alarm) = alarm {
            self.strewn_alarms += 1;
            self.misses
                .push(format!("seed {seed}: strewn: {}", alarm.title));
        }
    }

    pub(super) fn shuffled(&mut self, seed: u64, alarm: Option<&Finding>) {
        self.shuffles += 1;
        if let Some(alarm) = alarm {
            self.shuffled_alarms += 1;
            self.misses
                .push(format!("seed {seed}: shuffled: {}", alarm.title));
        }
    }

    /// All of it beside each other.
    pub(super) fn row(&self) -> String {
        let share = |part: usize, whole: usize| match whole {
            0 => "-".to_owned(),
            _ => format!("{:.1}%", part as f64 * 100.0 / whole as f64),
        };
        let mut widths = self.widths.clone();
        widths.sort_unstable();
        let width = widths.get(widths.len() / 2);
        format!(
            "{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}{:>9}{:>9}{:>8}{:>9}{:>10}",
            self.runs,
            share(self.first, self.runs),
            share(self.top, self.runs),
            share(self.named, self.runs),
            share(self.counts, self.causes),
            share(self.onsets, self.signs),
            width.map_or_else(|| "-".to_owned(), |w| format!("{:.1}", *w as f64 / 1000.0)),
            share(self.unmoved, self.removals),
            share(self.alarms, self.good_days),
            share(self.strewn_alarms, self.strewn),
            share(self.shuffled_alarms, self.shuffles),
            self.finding.as_millis() / (self.runs.max(1) as u128),
        )
    }
}

fn place((cause, place): (&&'static str, &Option<usize>)) -> String {
    let place = place.map_or_else(|| "nowhere".to_owned(), |p| (p + 1).to_string());
    format!("{cause} {place}")
}

/// How many lost messages there are.
pub(super) fn gaps(findings: &[Finding]) -> u64 {
    let gaps = findings.iter().filter(|f| f.kind == FindingKind::Gap);
    gaps.map(|f| f.lost).sum()
}

/// Whether a finding tells of this cause: its environment, its edge, and one of its properties.
fn names(finding: &Finding, cause: &CauseCount) -> bool {
    let edge = finding
        .edge
        .as_ref()
        .is_some_and(|(from, _)| **from == *cause.last_stage);
    let mut told = finding.attributes.iter();
    let property = told.any(|told| {
        let mut culprits = cause.culprit.iter();
        culprits.any(|a| a.name == told.name && same(&told.value, &a.value))
    });
    finding.env.as_deref() == Some(cause.env) && edge && property
}

/// Of a number the truth means "at least"; a threshold that was found may lie a tenth beside it.
fn same(told: &str, truth: &str) -> bool {
    let number = |text: &str| text.trim_start_matches(">= ").parse::<f64>().ok();
    match (number(told), number(truth)) {
        (Some(told), Some(truth)) => (told - truth).abs() <= truth.abs() / 10.0,
        _ => told == truth,
    }
}
