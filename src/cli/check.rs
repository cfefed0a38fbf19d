//! `lastseen check`: the settled answer as a summary or JSON, and as an exit code.

use std::io::{self, Write};

use chrono_tz::Tz;

use super::complain::{Complaint, say};
use super::exit::ExitStatus;
use crate::config::plan::Plan;
use crate::diagnose::finding::Finding;
use crate::domain::event::SourceKind;
use crate::domain::feed::{Fault, FaultKind, Reject, RejectReason};
use crate::domain::mask::Mask;
use crate::domain::show::{count, count_of};
use crate::domain::timeline::Timeline;
use crate::domain::verdict::Verdict;
use crate::domain::view::{Overview, SourceState, SourceView};
use crate::load::answers::Answers;
use crate::report::material::Material;
use crate::report::text::{Guess, TextOptions};
use crate::report::{json, text};
use crate::runtime::asking::Asked;

/// What is wanted of a check.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions<'a> {
    /// JSON instead of words.
    pub json: bool,
    /// List the messages of this verdict too.
    pub verdict: Option<Verdict>,
    /// The zone of all times in words.
    pub zone: Tz,
    /// Whether words may be coloured.
    pub colour: bool,
    /// Tell what every finding rests on.
    pub evidence: bool,
    /// How much rests on what was learnt.
    pub guess: Guess,
    /// What masks log text before any of it is quoted.
    pub mask: Option<&'a Mask>,
}

/// So many messages are listed in words: the whole answer should fit on one screen.
const LISTED: usize = 3;

/// So many doubts about files are told one by one.
const DOUBTS: usize = 3;

/// A configuration that would work, for someone who has none.
pub const EXAMPLE: &str = r#"write a lastseen.toml, at the least:
  [pipeline.orders]
  id = ["messageId"]
  [[pipeline.orders.stage]]
  name  = "queue"
  from  = ["*queue*"]
  enter = 'received'
  [[pipeline.orders.stage]]
  name  = "engine"
  from  = ["*engine*"]
  enter = 'picked up'
  exit  = 'done'
or see it at work: lastseen demo"#;

/// Whether a check of this plan can ever answer.
///
/// # Errors
/// When the plan has no pipeline, or no end.
pub fn possible(plan: &Plan) -> Result<(), Complaint> {
    has_pipeline(plan)?;
    if plan.follow {
        let message = "--follow goes on for ever, and a check needs an end";
        return Err(Complaint::new(
            message,
            "leave it out, or open the dashboard: lastseen --follow",
        ));
    }
    Ok(())
}

/// Whether there is anything to look for.
///
/// # Errors
/// When the plan has no pipeline.
pub fn has_pipeline(plan: &Plan) -> Result<(), Complaint> {
    if !plan.pipelines.is_empty() {
        return Ok(());
    }
    let message =
        "no pipeline is configured, so nothing says what a message is or where it should go";
    Err(Complaint::new(message, EXAMPLE))
}

/// Writes the answer of a settled load.
pub fn check(
    answers: &dyn Answers,
    options: CheckOptions<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitStatus {
    let overview = answers.overview();
    let findings = answers.findings();
    complain_of_sources(&overview, options.json, err);
    match write(answers, &overview, &findings, options, out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("the answer could not be written: {error}");
            say("error", &message, "", err);
            ExitStatus::Error
        }
        // A reader that went away has had what it wanted.
        _ => match status(&overview) {
            ExitStatus::NothingLost if options.guess == Guess::Unsure => ExitStatus::CannotTell,
            status => status,
        },
    }
}

fn write(
    answers: &dyn Answers,
    overview: &Overview,
    findings: &[Finding],
    options: CheckOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let material = Material {
        overview,
        findings,
        timeline: &Timeline::default(),
        ask: &Asked(answers, options.mask),
    };
    if options.json {
        json::write(out, &material, options.verdict)?;
    } else {
        let how = TextOptions {
            zone: options.zone,
            colour: options.colour,
            limit: LISTED,
            evidence: options.evidence,
            guess: options.guess,
        };
        text::write(out, &material, options.verdict, how)?;
    }
    out.flush()
}

/// What the answer means for a script: an error before a loss, a loss before a doubt.
#[must_use]
pub fn status(overview: &Overview) -> ExitStatus {
    let totals = overview.totals();
    if overview.sources.iter().any(failed) {
        ExitStatus::Error
    } else if totals.of(Verdict::Lost) > 0 {
        ExitStatus::Lost
    } else if totals.of(Verdict::Blind) > 0 || totals.total() == 0 || !entries_seen(overview) {
        ExitStatus::CannotTell
    } else {
        ExitStatus::NothingLost
    }
}

fn failed(source: &SourceView) -> bool {
    let fault = source.faults.iter().any(|fault| is_error(source, fault));
    fault || source.state == SourceState::Failed || too_long(source).is_some()
}

/// An input that breaks off is broken; a log group that was read in part is only a doubt.
fn is_error(source: &SourceView, fault: &Fault) -> bool {
    let input = source.source.kind != SourceKind::CloudWatch;
    fault.kind == FaultKind::Failed || (input && fault.kind == FaultKind::Partial)
}

/// A line over the size limit is damage: what stood behind the limit was not read.
fn too_long(source: &SourceView) -> Option<&Reject> {
    let mut rejects = source.rejects.iter();
    rejects.find(|reject| reject.reason == RejectReason::TooLong)
}

/// Whether every entry was read completely. Where one was not, messages may have come in of which
/// nothing is known, not even that they are missing.
fn entries_seen(overview: &Overview) -> bool {
    let complete = |id| {
        let source = overview.sources.iter().find(|source| source.id == id);
        source.is_some_and(|source| source.state == SourceState::Complete)
    };
    overview
        .pipelines
        .iter()
        .flat_map(|pipeline| &pipeline.environments)
        .filter(|env| env.stages.iter().any(|stage| !stage.sources.is_empty()))
        .flat_map(|env| &env.stages)
        .filter(|stage| stage.entry && !stage.optional)
        .all(|stage| !stage.sources.is_empty() && stage.sources.iter().all(|id| complete(*id)))
}

/// Sources that failed are errors; other gaps are told here only where the answer itself is for a
/// program.
pub(super) fn complain_of_sources(overview: &Overview, json: bool, err: &mut dyn Write) {
    // One missing login stands between many sources and their logs: it is told once.
    let mut told: Vec<&Fault> = Vec::new();
    for source in &overview.sources {
        let name = &*source.source.name;
        for fault in &source.faults {
            if told.contains(&fault) {
                continue;
            }
            told.push(fault);
            let word = match fault.kind {
                _ if is_error(source, fault) => "error",
                _ if json => "warning",
                _ => continue,
            };
            let message = if fault.message.contains(name) {
                fault.message.clone()
            } else {
                format!("{name}: {}", fault.message)
            };
            say(word, &message, &fault.remedy, err);
        }
        if let Some(reject) = too_long(source) {
            let line = reject
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            let what = count_of(reject.count, "log event");
            let message =
                format!("{name}{line}: {what} over the size limit; the rest of it was not read");
            say(
                "error",
                &message,
                "Check that the file has line ends where it should.",
                err,
            );
        }
        if json {
            set_aside(source, err);
        }
    }
    doubts(overview, err);
}

/// What stays in doubt about how files were read.
fn doubts(overview: &Overview, err: &mut dyn Write) {
    let is_file = |source: &&SourceView| {
        matches!(source.source.kind, SourceKind::File | SourceKind::Stdin)
            && !source.note.is_empty()
    };
    let noted: Vec<&SourceView> = overview.sources.iter().filter(is_file).collect();
    for source in noted.iter().take(DOUBTS) {
        let name = &*source.source.name;
        let message = if source.note.contains(name) {
            source.note.clone()
        } else {
            format!("{name}: {}", source.note)
        };
        say("note", &message, "", err);
    }
    if noted.len() > DOUBTS {
        let more = count_of((noted.len() - DOUBTS) as u64, "more file");
        say(
            "note",
            &format!("there is such a doubt about {more}"),
            "",
            err,
        );
    }
}

/// What the summary lists under "Set aside", for the reader of JSON.
fn set_aside(source: &SourceView, err: &mut dyn Write) {
    let name = &*source.source.name;
    for reject in &source.rejects {
        let told = [RejectReason::TooLong, RejectReason::Binary].contains(&reject.reason);
        if told {
            continue;
        }
        let line = reject
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let (number, why) = (count(reject.count), reject.reason.text());
        let message = format!("{name}{line}: {number} x {why}");
        say("warning", &message, "", err);
    }
}
