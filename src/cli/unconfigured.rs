//! A run whose configuration is learnt first, and `lastseen init` with what was learnt.
//!
//! What cannot be written is said before anything is read.

use std::path::PathBuf;

use super::complain::Complaint;
use super::exit::{ExitStatus, written};
use super::flags::{Common, InitFlags};
use super::init;
use super::learn;
use super::machine::{Machine, Run};
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::config::file::File;
use crate::config::plan::CasePlan;

/// Makes a run of a configuration and of what was typed.
pub type Resolving<'a> = dyn Fn(&File, &mut Streams<'_>) -> Result<Run, Complaint> + 'a;

/// Where `--save-config` goes.
#[must_use]
pub fn saved(common: &Common, around: &Surroundings) -> Option<PathBuf> {
    let path = common.save_config.as_deref();
    path.map(|path| around.folder.join(path))
}

/// The run by what is learnt from the sources of `run`, whose own configuration is `file`.
///
/// # Errors
/// When nothing is learnt, or what was learnt cannot be saved.
pub fn learnt(
    mut run: Run,
    file: &File,
    (common, sources): (&Common, &[String]),
    (around, machine): (&Surroundings, &dyn Machine),
    resolve: &Resolving<'_>,
    streams: &mut Streams<'_>,
) -> Result<Run, Complaint> {
    let saved = saved(common, around);
    if let Some(path) = &saved {
        init::not_shared(common, "--save-config")?;
        if path.exists() {
            return Err(init::exists(path, learn::REMEDIES));
        }
    }
    let spooled = learn::spool(&run.plan, around, machine, streams)?;
    run.plan.spool(spooled.clone());
    let learnt = learn::learn(&run, file, around, machine, streams)?;
    learn::sure(&learnt)?;
    if let Some(path) = &saved {
        init::put(path, &learnt.text, false, learn::REMEDIES)?;
    }
    let shared = common.share;
    learn::tell(&learnt.discovery, saved.as_deref(), shared, streams.err);
    let mut run = resolve(&learnt.file, streams)?;
    run.plan.spool(spooled);
    if let CasePlan::Write(case) = &mut run.plan.case {
        // What the look has fetched is fresh.
        case.fresh = false;
    }
    let typed = (common, sources, around);
    run.learnt = Some(learn::learning(learnt, saved, &run.plan, typed));
    Ok(run)
}

/// `lastseen init SOURCE`: what the logs of a run without a configuration tell becomes the file.
///
/// # Errors
/// When nothing is learnt, or the file is there already or cannot be written.
pub fn init(
    mut run: Run,
    (flags, common): (&InitFlags, &Common),
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    if !learn::is_wanted(&run.plan) {
        return Err(Complaint::new(
            "a configuration cannot be learnt from what has no end",
            "leave --follow out",
        ));
    }
    init::not_shared(common, "init")?;
    let path = init::path(common, around);
    if !flags.print && !flags.force && path.exists() {
        return Err(init::exists(&path, init::OF_INIT));
    }
    let spooled = learn::spool(&run.plan, around, machine, streams)?;
    run.plan.spool(spooled);
    let nothing = File::empty(&around.folder);
    let learnt = learn::learn(&run, &nothing, around, machine, streams)?;
    if flags.print {
        learn::tell(&learnt.discovery, None, false, streams.err);
        return Ok(written(streams.out.write_all(learnt.text.as_bytes())));
    }
    init::put(&path, &learnt.text, flags.force, init::OF_INIT)?;
    learn::tell(&learnt.discovery, Some(&path), false, streams.err);
    Ok(ExitStatus::NothingLost)
}
