//! Without a configuration: a first look at the sources says what the system is, and what it found
//! becomes the configuration of the run. What was assumed is told, and how to keep and correct it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::complain::{Complaint, say};
use super::flags::{self, Common};
use super::init;
use super::learning::Learning;
use super::machine::Machine;
use super::progress::Progress;
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::app::learnt::Basis;
use crate::config::file::File;
use crate::config::learnt;
use crate::config::plan::Plan;
use crate::config::resolve;
use crate::diagnose::discover;
use crate::domain::discovery::{Discovery, Doubtful, FoundPipeline};
use crate::domain::feed::RejectReason;
use crate::domain::safe::safe;
use crate::domain::show::{count, count_of};
use crate::domain::verdict::Mark;

/// What the text is called in errors.
const NAME: &str = "what was learnt";

/// What was found, and the file that says so.
pub struct Learnt {
    /// What was found.
    pub discovery: Discovery,
    /// What was configured before.
    pub own: String,
    /// As it would stand in a file.
    pub text: String,
    /// The same, read.
    pub file: File,
}

/// What was learnt, to be corrected; it is saved where it was saved before, else beside what was
/// configured.
#[must_use]
pub fn learning(
    learnt: Learnt,
    saved: Option<PathBuf>,
    (common, sources, around): (&Common, &[String], &Surroundings),
) -> Learning {
    let flags = flags::overrides(common, sources, around);
    let (base, folder) = (learnt.file.base, around.folder.clone());
    let stands = saved.is_some();
    let target = saved.unwrap_or_else(|| base.join(init::FILE));
    let basis = Basis {
        found: Arc::new(learnt.discovery),
        own: learnt.own,
        base: base.clone(),
        target,
        saved: stands,
    };
    let planner = move |text: &str| {
        let file = File::parse(NAME, &base, text);
        let exists = |path: &Path| folder.join(path).exists();
        let resolved = resolve::resolve(&file, &flags, &exists);
        resolved
            .map(|resolved| resolved.plan)
            .map_err(|errors| errors.to_string())
    };
    Learning {
        basis,
        planner: Arc::new(planner),
    }
}

/// Whether a plan leaves open what a message is, and reads what can be looked at first.
#[must_use]
pub fn is_wanted(plan: &Plan) -> bool {
    plan.pipelines.is_empty()
        && plan.environments.is_empty()
        && plan.stdin.is_none()
        && !plan.files.is_empty()
}

/// Looks at the sources of a plan, whose configuration is `file`.
///
/// # Errors
/// When nothing is found by which messages could be followed.
pub fn learn(
    plan: &Plan,
    file: &File,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<Learnt, Complaint> {
    let mut progress = Progress::new(around.stderr_terminal);
    let corpus = machine.look(plan, &mut |passed| {
        let line = format!("learning from the logs: {}", count_of(passed, "log event"));
        progress.line(&line, streams.err);
    });
    progress.clear(streams.err);
    let mut discovery = discover::discover(&corpus);
    if discovery.pipelines.is_empty() && discovery.doubtful.is_empty() {
        let unread = discovery.looked_at == 0 && !corpus.barren.is_empty();
        let help = if unread {
            RejectReason::NoTimestamp.remedy()
        } else {
            super::check::EXAMPLE
        };
        return Err(nothing(&discovery, help));
    }
    if !file.files.is_empty() {
        discovery.paths.clear();
    }
    let own = file.text().map_or("", |(_, text)| text).to_owned();
    let text = learnt::after(&own, &discovery);
    let base = if own.is_empty() {
        around.folder.as_path()
    } else {
        file.base.as_path()
    };
    let file = File::parse(NAME, base, &text);
    Ok(Learnt {
        discovery,
        own,
        text,
        file,
    })
}

/// Whether there is anything to go by.
///
/// # Errors
/// When nothing is sure enough: says what was found and how to take it all the same.
pub fn sure(learnt: &Learnt) -> Result<(), Complaint> {
    if !learnt.discovery.pipelines.is_empty() {
        return Ok(());
    }
    Err(nothing(
        &learnt.discovery,
        "`lastseen init --print` with the same files shows what was looked at, ready to be corrected and taken",
    ))
}

fn nothing(discovery: &Discovery, help: &str) -> Complaint {
    let mut reasons = discovery.missing.clone();
    reasons.extend(discovery.doubtful.iter().map(not_taken));
    let reasons = safe(&reasons.join("; ")).into_owned();
    let message = format!("no pipeline is configured, and none could be learnt: {reasons}");
    Complaint::new(message, help)
}

fn not_taken(doubtful: &Doubtful) -> String {
    format!("{} was not taken: {}", doubtful.pipeline.name, doubtful.why)
}

/// Tells what was assumed.
pub fn tell(found: &Discovery, saved: Option<&Path>, err: &mut dyn Write) {
    let (looked, of) = (count(found.looked_at), count_of(found.of, "log event"));
    say(
        "note",
        &format!("no pipeline is configured; learnt from {looked} of {of}:"),
        "",
        err,
    );
    for pipeline in &found.pipelines {
        for line in of_pipeline(pipeline) {
            let _gone = writeln!(err, "  {}", safe(&line));
        }
    }
    for doubtful in &found.doubtful {
        let _gone = writeln!(err, "  {}", safe(&not_taken(doubtful)));
    }
    for missing in &found.missing {
        let _gone = writeln!(err, "  missing: {}", safe(missing));
    }
    let kept = match saved {
        Some(path) => format!("written to {}: correct it there", path.display()),
        None => "keep and correct it: --save-config lastseen.toml".to_owned(),
    };
    let _gone = writeln!(err, "  {}", safe(&kept));
}

fn of_pipeline(found: &FoundPipeline) -> Vec<String> {
    let mut lines = vec![format!(
        "{} ({} confidence)",
        found.name,
        found.confidence.word()
    )];
    for family in &found.families {
        let names: Vec<&str> = family
            .selectors
            .iter()
            .map(|s| s.text.as_str())
            .take(4)
            .collect();
        lines.push(format!(
            "  ID     {} ({} confidence)",
            names.join(", "),
            family.confidence.word()
        ));
    }
    let names: Vec<&str> = found.stages.iter().map(|s| s.name.as_str()).collect();
    lines.push(format!("  stages {}", names.join(" -> ")));
    for stage in &found.stages {
        let exits = stage.rules.iter().filter(|rule| rule.mark == Mark::Exit);
        let exits: Vec<String> = exits.map(|rule| rule.condition.words()).collect();
        if !exits.is_empty() {
            lines.push(format!("  out    {}: {}", stage.name, exits.join(" or ")));
        }
        for rule in stage.rules.iter().filter(|rule| rule.mark == Mark::Skip) {
            let (words, why) = (rule.condition.words(), &rule.confidence.evidence);
            lines.push(format!("  done   {}: {words}: {why}", stage.name));
        }
        let why = &stage.confidence.evidence;
        if stage.messages == 0 {
            lines.push(format!("  not seen: {why}"));
        } else if stage.optional {
            lines.push(format!("  may be left out: {}: {why}", stage.name));
        } else if stage.confidence.is_low() {
            lines.push(format!("  look at {}: {why}", stage.name));
        }
    }
    lines
}
