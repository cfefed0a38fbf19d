//! Without a configuration: a first look at the sources says what the system is, and what it found
//! becomes the configuration of the run. What was assumed is told, and how to keep and correct it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use super::complain::{Complaint, say};
use super::flags::{self, Common};
use super::init::{self, Remedies};
use super::learning::Learning;
use super::machine::{Machine, Run};
use super::progress::Progress;
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::app::learnt::Basis;
use crate::config::file::File;
use crate::config::learnt;
use crate::config::plan::Plan;
use crate::config::resolve;
use crate::diagnose::discover;
use crate::domain::discovery::{Discovery, Doubtful, FoundPipeline, FoundSelector};
use crate::domain::feed::RejectReason;
use crate::domain::safe::safe;
use crate::domain::show::{bytes, count, count_of};
use crate::domain::verdict::Mark;
use crate::load::again::Planner;
use crate::report::text::Guess;

mod private;

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

/// What was learnt for a run, to be corrected; it is saved where it was saved before, else beside what was
/// configured.
#[must_use]
pub fn learning(
    learnt: Learnt,
    saved: Option<PathBuf>,
    run: &Plan,
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
        // The case of log groups is being written: no other run may go on with it.
        at_once: run.environments.is_empty(),
    };
    let (at_once, spooled) = (basis.at_once, run.spooled.clone());
    let planner = move |text: &str| {
        let file = File::parse(NAME, &base, text);
        let exists = |path: &Path| folder.join(path).exists();
        let resolved = resolve::resolve(&file, &flags, &exists);
        let mut plan = resolved.map_err(|errors| errors.to_string())?.plan;
        plan.spool(spooled.clone());
        Ok(plan)
    };
    Learning {
        basis,
        planner: at_once.then(|| Arc::new(planner) as Planner),
    }
}

/// How much of an answer rests on what was learnt, if anything.
#[must_use]
pub fn guess(learning: Option<&Learning>) -> Guess {
    let Some(learning) = learning else {
        return Guess::None;
    };
    let mut pipelines = learning.basis.found.pipelines.iter();
    if pipelines.any(|pipeline| pipeline.confidence.is_low()) {
        Guess::Unsure
    } else {
        Guess::Sure
    }
}

/// Whether a plan leaves open what a message is, and reads what can be looked at first.
#[must_use]
pub fn is_wanted(plan: &Plan) -> bool {
    let groups = !plan.environments.is_empty();
    let files = !plan.files.is_empty() || plan.stdin.is_some();
    let endless = plan.stdin.is_some() && plan.follow;
    plan.pipelines.is_empty() && (groups || files) && !endless
}

/// What can be done where `--save-config` cannot be followed.
pub const REMEDIES: Remedies = Remedies {
    there: "name another file by --save-config FILE, or move that one away",
    failed: "name another file by --save-config FILE",
};

/// Whether there is something to save where nothing is learnt.
///
/// # Errors
/// When it is asked for.
pub fn nothing_to_save(path: Option<&Path>, why: &str) -> Result<(), Complaint> {
    if path.is_none() {
        return Ok(());
    }
    Err(Complaint::new(
        format!("--save-config has nothing to save: {why}"),
        "leave --save-config out, or name a configuration without a pipeline by --config FILE",
    ))
}

/// Why nothing is learnt.
#[must_use]
pub fn why_not(file: &File, plan: &Plan) -> String {
    match file.text() {
        Some((name, _)) if !plan.pipelines.is_empty() => {
            format!("the pipeline is configured in {name}")
        }
        _ => "what is followed on standard input has no end to learn from".to_owned(),
    }
}

/// Puts standard input into a file, if the plan reads it: it is read once to learn, and once to judge.
///
/// # Errors
/// When that fails.
pub fn spool(
    plan: &Plan,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<Option<Arc<TempPath>>, Complaint> {
    if plan.stdin.is_none() {
        return Ok(None);
    }
    let mut progress = Progress::new(around.stderr_terminal);
    let spooled = machine.spool(&mut |read| {
        let line = format!("reading standard input to its end: {}", bytes(read));
        progress.line(&line, streams.err);
    });
    progress.clear(streams.err);
    spooled.map(|path| Some(Arc::new(path))).map_err(|error| {
        Complaint::new(
            format!("standard input cannot be kept to be read twice: {error}"),
            "make room in the folder for temporary files, or name another by TMPDIR",
        )
    })
}

/// Looks at the sources of a run, whose configuration is `file`.
///
/// # Errors
/// When nothing is found by which messages could be followed.
pub fn learn(
    run: &Run,
    file: &File,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<Learnt, Complaint> {
    let mut progress = Progress::new(around.stderr_terminal);
    let looked = machine.look(&run.plan, &mut |passed| {
        let line = format!("learning from the logs: {}", count_of(passed, "log event"));
        progress.line(&line, streams.err);
    });
    progress.clear(streams.err);
    let looked = looked.map_err(|error| {
        let message = format!("the logs cannot be looked at: {error}");
        Complaint::new(
            message,
            "free some threads, or name the case file by --case FILE",
        )
    })?;
    let mut discovery = discover::discover(&looked.corpus);
    // What was not to be read is the likelier reason.
    let fault = looked.faults.first();
    let fault = fault.filter(|_| discovery.pipelines.is_empty());
    if discovery.pipelines.is_empty() && discovery.doubtful.is_empty() {
        if let Some(fault) = fault {
            return Err(Complaint::new(&fault.message, &fault.remedy));
        }
        let unread = discovery.looked_at == 0 && !looked.corpus.barren.is_empty();
        let help = if unread {
            RejectReason::NoTimestamp.remedy()
        } else {
            super::check::EXAMPLE
        };
        return Err(nothing(&discovery, help));
    }
    let fault = fault.map(|fault| fault.message.clone());
    discovery.missing.extend(fault);
    if !file.files.is_empty() {
        discovery.paths.clear();
    }
    if let Some(mask) = run.masked() {
        private::rename(&mut discovery, mask);
    }
    let (own, base) = match file.text() {
        Some((_, text)) if !text.is_empty() => (text.to_owned(), file.base.as_path()),
        // The file says alone how the logs are read, and which.
        _ => (
            learnt::environments(&run.plan.environments),
            around.folder.as_path(),
        ),
    };
    let text = learnt::after(&own, &discovery);
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
        "`lastseen init --print` with the same sources shows what was looked at, ready to be corrected and taken",
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

/// Tells what was assumed; to readers without the patterns, which a mask may not see through.
pub fn tell(found: &Discovery, saved: Option<&Path>, shared: bool, err: &mut dyn Write) {
    let (looked, of) = (count(found.looked_at), count_of(found.of, "log event"));
    say(
        "note",
        &format!("no pipeline is configured; learnt from {looked} of {of}:"),
        "",
        err,
    );
    for pipeline in &found.pipelines {
        for line in of_pipeline(pipeline, shared) {
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

fn of_pipeline(found: &FoundPipeline, shared: bool) -> Vec<String> {
    let mut lines = vec![format!(
        "{} ({} confidence)",
        found.name,
        found.confidence.word()
    )];
    for family in &found.families {
        let names: Vec<String> = family
            .selectors
            .iter()
            .map(FoundSelector::words)
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
    if shared {
        // What it rests on may name what is masked.
        let left_out = found.stages.iter().filter(|stage| stage.optional);
        lines.extend(left_out.map(|stage| format!("  may be left out: {}", stage.name)));
        return lines;
    }
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
