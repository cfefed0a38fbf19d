//! How often the findings are right: every built-in incident over many seeds with names, hosts, sizes
//! and onsets drawn by lot, held against its truth, and every system on good days.
//!
//! `cargo bench --bench speed -- findings 40` takes 40 seeds an incident. It prints shares, and
//! decides nothing.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::domain::time::Timestamp;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Incident, Options, incident};
use lastseen::sources::demo::script::Onset;
use lastseen::sources::demo::truth::CauseCount;
use lastseen::sources::demo::variant::Variant;

/// The first argument that asks for this.
pub(crate) const NAME: &str = "findings";

/// Each incident, and how many messages show what goes wrong in it.
const INCIDENTS: [(&str, u64); 5] = [
    ("two-environments", 3_000),
    ("ack-before-work", 60_000),
    ("silent-skip", 4_000),
    ("forgotten-subscription", 12_000),
    ("batch-other-region", 8_000),
];

/// Findings that a good day must not have.
const CAUSES: [FindingKind; 4] = [
    FindingKind::CommonCause,
    FindingKind::UnknownConsumer,
    FindingKind::SilentEmitter,
    FindingKind::DeadEdge,
];

/// What was counted over the seeds of one incident.
#[derive(Default)]
struct Score {
    runs: usize,
    /// The first finding names a true culprit.
    first: usize,
    /// Every true culprit is named among the first findings, one more than there are causes at most.
    named: usize,
    /// Causes that are named, and those of them whose onset lies in the interval.
    causes: usize,
    onsets: usize,
    /// Causes whose count is within 2 %.
    counts: usize,
    /// Good days with a finding that names a cause.
    alarms: usize,
    finding: Duration,
}

/// Prints the shares.
///
/// # Errors
/// Those of standard output, and of threads that cannot be started.
pub(crate) fn report(seeds: u64) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<24}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>10}",
        "incident", "runs", "first", "named", "onset", "count", "alarms", "find ms"
    )?;
    for (name, messages) in INCIDENTS {
        let score = score(name, messages, seeds)?;
        let share = |part: usize, whole: usize| match whole {
            0 => "-".to_owned(),
            _ => format!("{:.1}%", part as f64 * 100.0 / whole as f64),
        };
        writeln!(
            out,
            "{name:<24}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>10}",
            score.runs,
            share(score.first, score.runs),
            share(score.named, score.runs),
            share(score.onsets, score.causes),
            share(score.counts, score.causes),
            share(score.alarms, score.runs),
            score.finding.as_millis() / (score.runs.max(1) as u128),
        )?;
        out.flush()?;
    }
    Ok(true)
}

fn score(name: &str, messages: u64, seeds: u64) -> io::Result<Score> {
    let mut score = Score::default();
    for seed in 1..=seeds {
        let options = |variant| Options {
            seed,
            messages,
            variant,
            vary: true,
            ..Options::default()
        };
        let Some(told) = incident(name, &options(Variant::Usual)) else {
            continue;
        };
        let causes = told.truth().causes;
        let (findings, took) = findings(told)?;
        score.runs += 1;
        score.finding += took;
        score.judge(&causes, &findings);
        if let Some(healthy) = incident(name, &options(Variant::Healthy)) {
            let (findings, _) = self::findings(healthy)?;
            let alarm = findings.iter().any(|f| CAUSES.contains(&f.kind));
            score.alarms += usize::from(alarm);
        }
    }
    Ok(score)
}

impl Score {
    fn judge(&mut self, causes: &[CauseCount], findings: &[Finding]) {
        let culprits: Vec<&CauseCount> = causes.iter().filter(|c| !c.culprit.is_empty()).collect();
        let within = culprits.len() + 2;
        let of = |cause: &CauseCount| findings.iter().take(within).find(|f| names(f, cause));
        let first = findings.first();
        let right = first.is_some_and(|f| culprits.iter().any(|cause| names(f, cause)));
        self.first += usize::from(right);
        self.named += usize::from(culprits.iter().all(|cause| of(cause).is_some()));
        for cause in culprits {
            let Some(found) = of(cause) else { continue };
            self.causes += 1;
            let told = found.onset;
            self.onsets += usize::from(match cause.onset {
                Onset::At(time) => told.is_some_and(|o| o.low <= time && time <= o.high),
                Onset::Diffuse => told.is_none(),
            });
            let (lost, truth) = (found.lost as f64, cause.lost as f64);
            self.counts += usize::from((lost - truth).abs() <= 0.02 * truth);
        }
    }
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

fn an_hour_later() -> Timestamp {
    Options::default().end.plus(3_600_000)
}

fn findings(incident: Incident) -> io::Result<(Vec<Finding>, Duration)> {
    let mut file = File::parse("lastseen.toml", Path::new("."), incident.config());
    file.files.clear();
    file.environments.clear();
    let resolved = resolve(&file, &Overrides::default(), &|_| false);
    let plan = resolved
        .map_err(|error| io::Error::other(error.to_string()))?
        .plan;
    let run = Investigation::start_demo(&plan, incident, an_hour_later)?;
    run.wait(Duration::from_hours(1), |_| {});
    run.overview();
    let began = Instant::now();
    let findings = run.findings().to_vec();
    Ok((findings, began.elapsed()))
}
