//! The command line: flags as typed become a run, and its outcome becomes an exit code.
//!
//! Data goes to standard output, everything else to standard error. What a run really does is
//! behind [`machine::Machine`]; nothing here knows how log events are loaded or drawn.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap::{CommandFactory, Parser};

use check::CheckOptions;
use complain::Complaint;
use exit::ExitStatus;
use flags::{CheckFlags, Command, Common, DemoFlags, Flags};
use machine::{Machine, Run};
use progress::Progress;
use streams::Streams;
use surroundings::Surroundings;

use crate::config::file::File;
use crate::config::{lookup, resolve};
use crate::domain::verdict::Verdict;

pub mod check;
pub mod complain;
pub mod demo;
pub mod exit;
pub mod flags;
pub mod log_file;
pub mod machine;
pub mod process;
pub mod progress;
pub mod streams;
pub mod surroundings;
pub mod words;

/// Does what `args` (the program's name first) say.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> ExitStatus {
    let flags = match Flags::try_parse_from(args) {
        Ok(flags) => flags,
        Err(error) => return complain::usage(&error, streams),
    };
    let outcome = dispatch(&flags, around, machine, streams);
    outcome.unwrap_or_else(|complaint| {
        complaint.write(streams.err);
        ExitStatus::Error
    })
}

fn dispatch(
    flags: &Flags,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    match &flags.command {
        None => {
            let run = planned(&flags.common, &flags.sources, around, streams)?;
            open(&run, around, machine, streams)
        }
        Some(_) if !flags.sources.is_empty() => Err(Complaint::new(
            "a SOURCE before the command",
            "write the sources after it: lastseen check SOURCE",
        )),
        Some(Command::Check(check)) => {
            let run = planned(&flags.common, &check.sources, around, streams)?;
            check::possible(&run.plan)?;
            load_and_check(&run, check, around, machine, streams)
        }
        Some(Command::Demo(demo)) => run_demo(flags, demo, around, machine, streams),
        Some(Command::Completions { shell }) => {
            let mut bytes = Vec::new();
            clap_complete::generate(*shell, &mut Flags::command(), "lastseen", &mut bytes);
            Ok(written(streams.out.write_all(&bytes)))
        }
        Some(Command::Man) => {
            let page = clap_mangen::Man::new(Flags::command());
            Ok(written(page.render(&mut &mut *streams.out)))
        }
    }
}

/// A reader that went away has had what it wanted.
fn written(result: io::Result<()>) -> ExitStatus {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitStatus::Error,
        _ => ExitStatus::NothingLost,
    }
}

fn planned(
    common: &Common,
    sources: &[String],
    around: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Run, Complaint> {
    let file = lookup::load(common.config.as_deref(), &around.folder)?;
    let run = resolved(&file, common, sources, around, streams)?;
    let plan = &run.plan;
    if plan.environments.is_empty() && plan.files.is_empty() && plan.stdin.is_none() {
        return Err(Complaint::new(
            "nothing to read: no SOURCE is given, and no [[environment]] or [[files]] is configured",
            "give a file, a folder, a glob, `-` or a log group pattern; or try `lastseen demo`",
        ));
    }
    Ok(run)
}

fn resolved(
    file: &File,
    common: &Common,
    sources: &[String],
    around: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Run, Complaint> {
    let overrides = flags::overrides(common, sources, around);
    let exists = |path: &Path| around.folder.join(path).exists();
    let resolved = resolve::resolve(file, &overrides, &exists)?;
    for warning in &resolved.warnings {
        complain::warning(warning, streams.err);
    }
    Ok(Run {
        plan: resolved.plan,
        zone: resolved.zone,
        incident: None,
        theme: common.theme.clone(),
        colour: around.colour(common.no_color),
        log_file: common.log_file.clone(),
    })
}

/// The dashboard. Where standard output is no terminal nobody would see it: then the same answer as
/// text, so that a pipe never gets a terminal's control codes.
fn open(
    run: &Run,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    check::has_pipeline(&run.plan)?;
    if around.stdout_terminal {
        return machine.dashboard(run);
    }
    check::possible(&run.plan)?;
    let text = CheckFlags {
        sources: Vec::new(),
        json: false,
        verdict: None,
    };
    load_and_check(run, &text, around, machine, streams)
}

fn load_and_check(
    run: &Run,
    flags: &CheckFlags,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    let mut progress = Progress::new(around.stderr_terminal);
    let answers = machine.load(run, &mut |overview| progress.show(overview, streams.err));
    progress.clear(streams.err);
    let options = CheckOptions {
        json: flags.json,
        verdict: flags.verdict.as_deref().and_then(Verdict::from_word),
        zone: run.zone,
        colour: run.colour && around.stdout_terminal,
    };
    Ok(check::check(&*answers?, options, streams.out, streams.err))
}

fn run_demo(
    flags: &Flags,
    demo: &DemoFlags,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    if demo.list {
        demo::say_incidents(streams.out);
        return Ok(ExitStatus::NothingLost);
    }
    let request = demo::request(demo)?;
    if let Some(folder) = &demo.write {
        machine.write_demo(&request, &around.folder.join(folder))?;
        demo::say_written(folder, streams.out);
        return Ok(ExitStatus::NothingLost);
    }
    let file = demo::configuration(&request, machine, &around.folder);
    let mut run = resolved(&file, &flags.common, &[], around, streams)?;
    run.incident = Some(request);
    if demo.check || demo.json {
        let check = CheckFlags {
            sources: Vec::new(),
            json: demo.json,
            verdict: None,
        };
        return load_and_check(&run, &check, around, machine, streams);
    }
    open(&run, around, machine, streams)
}
