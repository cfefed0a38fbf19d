//! A SOURCE that is a case file: the run that is asked again is the case's own, and reads no cloud.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::complain::{self, Complaint};
use super::flags::Common;
use super::keys;
use super::look;
use super::machine::Run;
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::case::append::Room;
use crate::case::folder;
use crate::config::file::File;
use crate::config::left_out::{Asked, left_out};
use crate::config::look::Look;
use crate::config::plan::{CasePlan, EnvironmentPlan, WriteCase};
use crate::config::question::Question;
use crate::config::{lookup, resolve};
use crate::theme::depth::Depth;

/// The case file among `sources`, if there is one.
///
/// # Errors
/// When something else is given beside it.
pub fn chosen(sources: &[String], around: &Surroundings) -> Result<Option<PathBuf>, Complaint> {
    let found = sources.iter().find_map(|source| {
        let path = around.folder.join(source);
        let named = || Some(folder::user_folder()?.join(source));
        let elsewhere = path.extension().is_some_and(|e| e == folder::EXTENSION) && !path.exists();
        let path = if elsewhere { named()? } else { path };
        folder::is_case(&path).then_some(path)
    });
    if found.is_some() && sources.len() > 1 {
        let message = "a case is opened alone: it knows what it was made with";
        return Err(Complaint::new(message, "give the case only"));
    }
    Ok(found)
}

/// The run that shows the case at `path`.
///
/// # Errors
/// When it cannot be read, or its configuration cannot be used.
pub fn run(
    path: &Path,
    common: &Common,
    around: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Run, Complaint> {
    refuse_others(common)?;
    let shown = path.display();
    let contents = folder::skim(path).map_err(|error| {
        Complaint::new(
            format!("{shown} cannot be opened: {error}"),
            "copy it again",
        )
    })?;
    let question = contents.question.unwrap_or_default();
    let file = rules(path, &question, common, around)?;
    let mut flags = question.flags();
    flags.tz.clone_from(&common.tz);
    flags.local = around.local;
    flags.since.clone_from(&common.since);
    flags.from.clone_from(&common.from);
    flags.to.clone_from(&common.to);
    let known = |path: &Path| {
        question
            .existing
            .iter()
            .any(|known| Path::new(known) == path)
    };
    let mut resolved = resolve::resolve(&file, &flags, &known)?;
    let warnings = resolved.warnings.iter();
    warnings.for_each(|warning| complain::warning(warning, streams.err));
    let plan = &mut resolved.plan;
    if common.since.is_none() && common.from.is_none() && common.to.is_none() {
        plan.window = question.window();
    }
    // Other rules may name what was never read.
    plan.left_out = left_out(&file, &flags, held(&plan.environments, &question));
    let asked_with = plan.environments.iter();
    let asked_with =
        asked_with.filter_map(|env| Some((Arc::clone(&env.name), env.profile.clone()?)));
    let profiles = asked_with.collect();
    plan.environments.clear();
    plan.stdin = None;
    plan.case = CasePlan::Reopen(path.to_owned());
    let keys = keys::of(&file, streams)?;
    Ok(Run {
        learnt: None,
        config: file.text().map(|(name, _)| name.to_owned()),
        plan: resolved.plan,
        zone: resolved.zone,
        profiles,
        local: around.local,
        incident: None,
        plain: common.plain,
        share: look::share(common, &mine(common, around), around)?,
        look: look::look(common, &mine(common, around), around)?,
        colour: look::depth(common, around)? != Depth::Mono,
        keys,
        session: !common.keeping.fresh,
        log_file: common.log_file.clone(),
    })
}

/// The configuration that the case is read by: its own, or another that is named.
fn rules(
    path: &Path,
    question: &Question,
    common: &Common,
    around: &Surroundings,
) -> Result<File, Complaint> {
    let shown = path.display();
    Ok(match &common.config {
        Some(_) if question.is_narrow() => {
            let message = format!("{shown} holds only the lines that its own rules could read");
            return Err(Complaint::new(message, "leave out --config"));
        }
        Some(config) => lookup::load(Some(config), &around.folder)?,
        None if question.configured && question.config.is_none() => {
            let message = format!("{shown} does not hold its configuration");
            return Err(Complaint::new(message, "give it by --config FILE"));
        }
        None if question.program.is_empty() => {
            let message = format!("{shown} does not hold what was asked any more");
            return Err(Complaint::new(
                message,
                "give a configuration by --config FILE",
            ));
        }
        None => question.file(),
    })
}

/// How whoever opens the case likes it to look, which the case does not know.
fn mine(common: &Common, around: &Surroundings) -> Look {
    let file = lookup::load(common.config.as_deref(), &around.folder);
    file.map(|file| file.look).unwrap_or_default()
}

/// What the case holds of these environments.
fn held<'a>(
    environments: &'a [EnvironmentPlan],
    question: &'a Question,
) -> impl Iterator<Item = Asked<'a>> {
    environments.iter().map(|plan| {
        let reach = question.reach.iter().find(|r| *r.env == *plan.name);
        Asked {
            env: &plan.name,
            regions: reach.map_or(&[], |reach| &reach.regions),
            groups: reach.map_or(&[], |reach| &reach.groups),
        }
    })
}

/// Flags that would ask something else.
fn refuse_others(common: &Common) -> Result<(), Complaint> {
    let given = [
        ("--env", common.env.is_some()),
        ("--region", !common.region.is_empty()),
        ("--profile", common.profile.is_some()),
        ("--endpoint-url", common.endpoint_url.is_some()),
        ("--follow", common.follow),
        ("--case", common.keeping.case.is_some()),
        ("--fresh", common.keeping.fresh),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((flag, _)) => Err(Complaint::new(
            format!("{flag}: a case is opened as it was asked, and reads nothing anew"),
            "leave it out",
        )),
        None => Ok(()),
    }
}

/// Where the pages of a run stay that asks this of the cloud.
#[must_use]
pub fn write(common: &Common, around: &Surroundings, question: Question) -> CasePlan {
    let flags = &common.keeping;
    if flags.no_case {
        return CasePlan::None;
    }
    CasePlan::Write(Box::new(WriteCase {
        file: flags.case.as_ref().map(|file| around.folder.join(file)),
        fresh: flags.fresh,
        limit: flags.case_limit.unwrap_or(Room::MOST),
        question,
    }))
}
