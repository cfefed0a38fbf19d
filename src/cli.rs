//! The command line: flags as typed become a run, and its outcome becomes an exit code.
//!
//! Data goes to standard output, everything else to standard error. What a run really does is
//! behind [`machine::Machine`]; nothing here knows how log events are loaded or drawn.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use clap::{CommandFactory, Parser};

use check::CheckOptions;
use complain::Complaint;
use exit::{ExitStatus, written};
use flags::{CheckFlags, Command, Common, DemoFlags, Flags, HuntFlags};
use machine::{Machine, Run};
use progress::Progress;
use streams::Streams;
use surroundings::Surroundings;

use crate::config::file::File;
use crate::config::plan::Plan;
use crate::config::{asked, lookup, resolve, zone};
use crate::domain::mask::Mask;
use crate::domain::verdict::Verdict;
use crate::load::answers::Answers;
use crate::report::veil::Veil;
use crate::theme::depth::Depth;

pub mod case_flags;
pub mod cases;
pub mod check;
pub mod complain;
pub mod demo;
pub mod exit;
pub mod export;
pub mod flags;
pub mod format;
pub mod hunt;
pub mod init;
pub mod keys;
pub mod learn;
pub mod learning;
pub mod live_tail;
pub mod log_file;
pub mod look;
pub mod machine;
pub mod process;
pub mod progress;
pub mod reopen;
pub mod streams;
pub mod surroundings;
pub mod unconfigured;
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
    if !flags.common.share {
        return told(&flags, around, machine, streams);
    }
    // Also what is said before a configuration adds patterns of its own.
    match Mask::new(around.terminal.secret, Vec::new()) {
        Ok(mask) => {
            let (mut out, mut err) = (Veil::new(streams.out, &mask), Veil::new(streams.err, &mask));
            let mut veiled = Streams {
                out: &mut out,
                err: &mut err,
            };
            told(&flags, around, machine, &mut veiled)
        }
        Err(error) => {
            complain::say("error", &error.to_string(), "", streams.err);
            ExitStatus::Error
        }
    }
}

fn told(
    flags: &Flags,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> ExitStatus {
    let outcome = dispatch(flags, around, machine, streams);
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
            let mut run = planned(&flags.common, &flags.sources, around, machine, streams)?;
            if flags.live_tail && around.stdout_terminal {
                live_tail::agree(&mut run.plan, flags.yes, around, machine, streams)?;
            }
            open(&run, around, machine, streams)
        }
        Some(_) if flags.live_tail => Err(Complaint::new(
            "--live-tail is for the dashboard",
            "leave the command out: lastseen --follow --live-tail",
        )),
        Some(_) if !flags.sources.is_empty() => Err(Complaint::new(
            "a SOURCE before the command",
            "write the sources after it: lastseen check SOURCE",
        )),
        Some(Command::Check(check)) => {
            let run = planned(&flags.common, &check.sources, around, machine, streams)?;
            check::possible(&run.plan)?;
            load_and_check(&run, check, around, machine, streams)
        }
        Some(Command::Export(export)) => {
            export::possible(export, flags.common.share)?;
            let run = planned(&flags.common, &export.sources, around, machine, streams)?;
            check::possible(&run.plan)?;
            let answers = load(&run, around, machine, streams)?;
            veiled(&run, streams, |streams| {
                export::export(&*answers, export, (&run, &around.folder), streams)
            })
        }
        Some(Command::Hunt(hunt)) => run_hunt(flags, hunt, around, machine, streams),
        Some(Command::Demo(demo)) => run_demo(flags, demo, around, machine, streams),
        Some(Command::Case(case)) => {
            let zone = match &flags.common.tz {
                Some(name) => zone::parse(name)
                    .map_err(|(message, help)| Complaint::new(format!("--tz: {message}"), help))?,
                None => around.local,
            };
            cases::run(&case.command, zone, around, machine, streams)
        }
        Some(Command::Init(init)) if init.policy => {
            init::policy::run(init, &flags.common, around, streams)
        }
        Some(Command::Init(init)) if !init.sources.is_empty() => {
            let common = Common {
                config: None,
                ..flags.common.clone()
            };
            let nothing = File::empty(&around.folder);
            let run = resolved(&nothing, &common, &init.sources, around, streams)?;
            let wanted = (init, &flags.common);
            unconfigured::init(run, wanted, around, machine, streams)
        }
        Some(Command::Init(init)) => init::run(init, &flags.common, around, machine, streams),
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

fn run_hunt(
    flags: &Flags,
    hunt: &HuntFlags,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    let common = &flags.common;
    let file = lookup::load(common.config.as_deref(), &around.folder)?;
    let as_configured = hunt::common(common);
    let around_it = hunt::surroundings(common, around);
    let mut run = resolved(&file, &as_configured, &hunt.sources, &around_it, streams)?;
    hunt::anywhere(&mut run.plan, common, around);
    something_to_read(&run.plan)?;
    hunt::possible(hunt, &run.plan)?;
    veiled(&run, streams, |streams| {
        hunt::hunt(&run, (hunt, common), around, machine, streams)
    })
}

fn planned(
    common: &Common,
    sources: &[String],
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<Run, Complaint> {
    let saved = unconfigured::saved(common, around);
    if let Some(case) = reopen::chosen(sources, around)? {
        learn::nothing_to_save(
            saved.as_deref(),
            "a case has the configuration it was read with",
        )?;
        return reopen::run(&case, common, around, streams);
    }
    let file = lookup::load(common.config.as_deref(), &around.folder)?;
    let run = resolved(&file, common, sources, around, streams)?;
    something_to_read(&run.plan)?;
    if !learn::is_wanted(&run.plan) {
        learn::nothing_to_save(saved.as_deref(), &learn::why_not(&file, &run.plan))?;
        return Ok(run);
    }
    let resolve =
        |file: &File, streams: &mut Streams<'_>| resolved(file, common, sources, around, streams);
    let typed = (common, sources);
    unconfigured::learnt(run, &file, typed, (around, machine), &resolve, streams)
}

fn something_to_read(plan: &Plan) -> Result<(), Complaint> {
    if plan.environments.is_empty() && plan.files.is_empty() && plan.stdin.is_none() {
        return Err(Complaint::new(
            "nothing to read: no SOURCE is given, and no [[environment]] or [[files]] is configured",
            "give a file, a folder, a glob, `-` or a log group pattern; or try `lastseen demo`",
        ));
    }
    Ok(())
}

fn resolved(
    file: &File,
    common: &Common,
    sources: &[String],
    around: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Run, Complaint> {
    let overrides = flags::overrides(common, sources, around);
    let existing = RefCell::new(Vec::new());
    let exists = |path: &Path| {
        let exists = around.folder.join(path).exists();
        if exists {
            existing.borrow_mut().push(path.to_owned());
        }
        exists
    };
    let mut resolved = resolve::resolve(file, &overrides, &exists)?;
    if !resolved.plan.environments.is_empty() {
        let question = asked::question(file, &overrides, &existing.borrow(), &resolved);
        resolved.plan.case = reopen::write(common, around, question);
    }
    for warning in &resolved.warnings {
        complain::warning(warning, streams.err);
    }
    Ok(Run {
        config: file.text().map(|(name, _)| name.to_owned()),
        plan: resolved.plan,
        zone: resolved.zone,
        learnt: None,
        profiles: Vec::new(),
        local: around.local,
        incident: None,
        plain: common.plain,
        share: look::share(common, &file.look, around)?,
        look: look::look(common, &file.look, around)?,
        colour: look::depth(common, around)? != Depth::Mono,
        keys: keys::of(file, streams)?,
        session: !common.keeping.fresh,
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
    if around.stdout_terminal && !run.plain {
        run.look.as_ref().map_err(Clone::clone)?;
        return machine.dashboard(run);
    }
    let run = &Run {
        plain: true,
        ..run.clone()
    };
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
    let answers = load(run, around, machine, streams)?;
    let options = CheckOptions {
        json: flags.json,
        verdict: flags.verdict.as_deref().and_then(Verdict::from_word),
        zone: run.zone,
        colour: run.colour && around.stdout_terminal && !run.plain,
        evidence: run.plain,
        guess: learn::guess(run.learnt.as_ref()),
        mask: run.masked().map(|mask| &**mask),
    };
    Ok(veiled(run, streams, |streams| {
        check::check(&*answers, options, streams.out, streams.err)
    }))
}

/// Lets `write` write, masked where the run is shared.
fn veiled<T>(run: &Run, streams: &mut Streams<'_>, write: impl FnOnce(&mut Streams<'_>) -> T) -> T {
    let Some(mask) = run.masked() else {
        return write(streams);
    };
    let (mut out, mut err) = (Veil::new(streams.out, mask), Veil::new(streams.err, mask));
    write(&mut Streams {
        out: &mut out,
        err: &mut err,
    })
}

/// Loads everything, and shows how far it is.
fn load(
    run: &Run,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<Arc<dyn Answers>, Complaint> {
    let mut progress = Progress::new(around.stderr_terminal && !run.plain);
    let answers = machine.load(run, &mut |answers| progress.show(answers, streams.err))?;
    progress.end(&*answers, streams.err);
    Ok(answers)
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
        let lost = machine.write_demo(&request, &around.folder.join(folder))?;
        demo::say_written(folder, streams.out);
        demo::say_too_few(&request, lost, streams.err);
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
