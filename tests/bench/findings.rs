//! How often the findings are right: every built-in incident over many seeds with names, hosts, sizes
//! and onsets drawn by lot, held against its truth, every system on good days, and labels shuffled.
//!
//! `cargo bench --bench speed -- findings 40` takes 40 seeds an incident; names of incidents behind
//! it take only those. `... find 1M` measures how long all findings take. It prints shares and
//! times, and what was missed on standard error, and decides nothing.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::diagnose;
use lastseen::diagnose::access::Access;
use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::domain::signals::view::Signals;
use lastseen::domain::time::Timestamp;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Incident, LISTED, Options, incident};
use lastseen::sources::demo::variant::Variant;

use score::{Score, Told};

mod score;
mod shuffle;

/// The first argument that asks for the shares.
pub(crate) const NAME: &str = "findings";
/// The first argument that asks for the times.
pub(crate) const TIMES: &str = "find";

/// How many messages show what goes wrong in each incident.
fn messages(name: &str) -> u64 {
    match name {
        "two-environments" => 3_000,
        "ack-before-work" => 60_000,
        "silent-skip" => 4_000,
        "forgotten-subscription" => 12_000,
        _ => 8_000,
    }
}

/// Findings that a good day must not have, nor labels that mean nothing.
const CAUSES: [FindingKind; 4] = [
    FindingKind::CommonCause,
    FindingKind::UnknownConsumer,
    FindingKind::SilentEmitter,
    FindingKind::DeadEdge,
];

/// The labels of each run are shuffled so often.
const SHUFFLES: u64 = 5;
/// So large a share of the messages of a good day is lost at every stage, each drawn by lot.
const STREWN: [f64; 3] = [0.003, 0.02, 0.15];

/// Prints the shares, of these incidents or of all.
///
/// # Errors
/// Those of standard output, and of threads that cannot be started.
pub(crate) fn report(seeds: u64, names: &[String]) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", score::HEAD)?;
    for listed in &LISTED {
        if names.is_empty() || names.iter().any(|name| name == listed.name) {
            let score = score(listed.name, seeds)?;
            writeln!(out, "{:<24}{}", listed.name, score.row())?;
            for miss in &score.misses {
                writeln!(io::stderr().lock(), "  {} {miss}", listed.name)?;
            }
            out.flush()?;
        }
    }
    Ok(true)
}

fn score(name: &str, seeds: u64) -> io::Result<Score> {
    let mut score = Score::default();
    for seed in 1..=seeds {
        let options = |variant, without: &[&'static str]| Options {
            seed,
            messages: messages(name),
            variant,
            vary: true,
            without: without.to_vec(),
            ..Options::default()
        };
        let Some(told) = incident(name, &options(Variant::Usual, &[])) else {
            continue;
        };
        let truth = told.truth();
        let run = run(told)?;
        let began = Instant::now();
        let all = run.findings();
        score.finding += began.elapsed();
        let told = Told::new(&truth.causes, &all);
        score.judge(seed, &told, &all);
        for removed in told.names() {
            if let Some(fewer) = incident(name, &options(Variant::Usual, &[removed])) {
                let findings = self::run(fewer)?.findings();
                score.removed(seed, removed, (&told, &all), &findings);
            }
        }
        if let Some(healthy) = incident(name, &options(Variant::Healthy, &[])) {
            let healthy = self::run(healthy)?;
            let signals = healthy.signals();
            score.good_day(seed, alarm(&healthy.findings()));
            for (share, number) in STREWN.into_iter().zip(0..) {
                let findings = shuffled(&healthy, &signals, seed * SHUFFLES + number, share);
                score.strewn(seed, alarm(&findings));
            }
        }
        for shuffle in 0..SHUFFLES {
            // What the lines tell stays true whoever is said to be lost.
            let findings = shuffled(&run, &Signals::default(), seed * SHUFFLES + shuffle, 0.0);
            score.shuffled(seed, alarm(&findings));
        }
    }
    Ok(score)
}

fn alarm(findings: &[Finding]) -> Option<&Finding> {
    findings.iter().find(|f| CAUSES.contains(&f.kind))
}

/// All findings where who was lost is drawn by lot, over lines that were really written or over none.
fn shuffled(run: &Investigation, signals: &Signals, seed: u64, least: f64) -> Vec<Finding> {
    let mut sheets = run.sheets();
    for sheet in &mut sheets {
        shuffle::labels(sheet, seed, least);
    }
    let access = Access {
        messages: &|query| run.messages(query),
        lifecycle: &|handle| run.lifecycle(handle),
    };
    diagnose::findings(&run.overview(), &sheets, signals, access)
}

fn an_hour_later() -> Timestamp {
    Options::default().end.plus(3_600_000)
}

/// All of an incident, read to its end.
fn run(incident: Incident) -> io::Result<Investigation> {
    let mut file = File::parse("lastseen.toml", Path::new("."), incident.config());
    file.files.clear();
    file.environments.clear();
    let resolved = resolve(&file, &Overrides::default(), &|_| false);
    let plan = resolved
        .map_err(|error| io::Error::other(error.to_string()))?
        .plan;
    let run = Investigation::start_demo(&plan, incident, an_hour_later)?;
    run.wait(Duration::from_hours(10), |_| {});
    run.overview();
    Ok(run)
}

/// Prints how long all findings of each incident take at each size.
///
/// # Errors
/// Those of standard output, and of threads that cannot be started.
pub(crate) fn times(sizes: &[u64]) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<24}{:>12}{:>12}{:>10}{:>10}{:>10}",
        "incident", "messages", "lost", "load s", "sheets ms", "find ms"
    )?;
    for size in sizes {
        for name in ["forgotten-subscription", "ack-before-work"] {
            let options = Options {
                messages: *size,
                ..Options::default()
            };
            let Some(told) = incident(name, &options) else {
                continue;
            };
            let began = Instant::now();
            let run = run(told)?;
            let loaded = began.elapsed();
            let began = Instant::now();
            let sheets = run.sheets();
            let filled = began.elapsed();
            drop(sheets);
            let began = Instant::now();
            let findings = run.findings();
            let found = began.elapsed();
            let lost: u64 = score::gaps(&findings);
            writeln!(
                out,
                "{name:<24}{size:>12}{lost:>12}{:>10.1}{:>10}{:>10}",
                loaded.as_secs_f64(),
                filled.as_millis(),
                found.as_millis()
            )?;
            out.flush()?;
        }
    }
    Ok(true)
}
