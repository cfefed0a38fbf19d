//! What the file says is to be read and a run does not ask for: where messages may have gone unseen.
//!
//! Compares patterns as text and never asks whether groups exist. Where it is not sure that what is
//! asked for holds a pattern, the pattern is left out: that makes messages blind, and never lost.

use globset::GlobBuilder;

use super::file::File;
use super::overrides::Overrides;
use super::places::Environment;
use super::plan::{EnvironmentPlan, LeftOut};
use crate::domain::pipeline::Stage;

/// What a run asks of an environment, or a case holds of it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its name.
    pub env: &'a str,
    /// The regions.
    pub regions: &'a [String],
    /// Globs on log group names.
    pub groups: &'a [String],
}

impl<'a> From<&'a EnvironmentPlan> for Asked<'a> {
    fn from(plan: &'a EnvironmentPlan) -> Self {
        Self {
            env: &plan.name,
            regions: &plan.regions,
            groups: &plan.groups,
        }
    }
}

/// The globs of stages that are not asked for, by environment and region, each once.
#[must_use]
pub fn left_out<'a>(
    file: &File,
    flags: &Overrides,
    asked: impl IntoIterator<Item = Asked<'a>>,
) -> Vec<LeftOut> {
    let mut all: Vec<LeftOut> = Vec::new();
    for asked in asked {
        let mut named = file.environments.iter();
        let Some(environment) = named.find(|e| e.name.text == asked.env) else {
            continue;
        };
        let mut regions: Vec<&str> = environment.regions.iter().map(String::as_str).collect();
        if regions.is_empty() {
            regions = asked.regions.iter().map(String::as_str).collect();
        }
        if regions.is_empty() {
            // A case that read nothing of it: no region can be named.
            regions.push("");
        }
        for region in regions {
            for glob in globs(file, flags, asked, region) {
                let Some((why, remedy)) = reason(environment, flags, asked, region, glob) else {
                    continue;
                };
                let one = LeftOut {
                    env: asked.env.into(),
                    region: region.to_owned(),
                    glob: glob.to_owned(),
                    why,
                    remedy: remedy.to_owned(),
                };
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
    }
    all
}

/// The globs of the stages there. Sources of the command line say which stages are meant: one that
/// they cannot serve has no source, and is blind as it is.
fn globs<'a>(file: &'a File, flags: &Overrides, asked: Asked<'_>, region: &str) -> Vec<&'a str> {
    let meant = |stage: &&Stage| {
        let meets = |glob: &str| {
            let glob = expand(glob, asked.env, region);
            let mut groups = asked.groups.iter();
            groups.any(|group| may_meet(&expand(group, asked.env, region), &glob))
        };
        flags.sources.is_empty() || stage.from.iter().any(|glob| meets(&glob.0))
    };
    let stages = file.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
    stages
        .filter(|stage| stage.exists_in(asked.env))
        .filter(meant)
        .flat_map(|stage| stage.from.iter().map(|glob| glob.0.as_str()))
        .collect()
}

/// Why a glob is not asked for and what to do about it; `None` where it is.
fn reason(
    environment: &Environment,
    flags: &Overrides,
    asked: Asked<'_>,
    region: &str,
    glob: &str,
) -> Option<(String, &'static str)> {
    const AGAIN: &str = "Ask again with this configuration: a case holds what it was made with.";
    let covered = |groups: &[String]| {
        let glob = expand(glob, asked.env, region);
        let mut groups = groups.iter();
        groups.any(|group| covers(&expand(group, asked.env, region), &glob))
    };
    if !asked.regions.iter().any(|name| name == region) {
        let given = &flags.regions;
        if given.is_empty() || given.iter().any(|name| name == region) {
            let what = if region.is_empty() { asked.env } else { region };
            return Some((format!("this case was made without {what}"), AGAIN));
        }
        let given = given.join(" --region ");
        let why = format!("--region {given} leaves out {region}");
        return Some((why, "Leave --region out."));
    }
    if covered(asked.groups) {
        return None;
    }
    let own = environment.groups.as_deref();
    Some(if !flags.sources.is_empty() {
        let why = format!("the sources of the command line leave out {glob}");
        (why, "Leave them out, or name it too.")
    } else if own.is_some_and(|groups| !covered(groups)) {
        let why = format!("`groups` of environment {} leaves out {glob}", asked.env);
        (why, "Add it to `groups`, or leave `groups` out.")
    } else {
        (format!("this case was made without {glob}"), AGAIN)
    })
}

fn expand(glob: &str, env: &str, region: &str) -> String {
    glob.replace("{env}", env).replace("{region}", region)
}

/// What is special to globs.
const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// Whether every group that `glob` means is certainly one that `asked` means.
fn covers(asked: &str, glob: &str) -> bool {
    if asked == glob {
        return true;
    }
    if let Some(beginning) = asked.strip_suffix('*')
        && !beginning.contains(SPECIAL)
    {
        return beginning_of(glob).starts_with(beginning);
    }
    !glob.contains(SPECIAL)
        && GlobBuilder::new(asked)
            .build()
            .is_ok_and(|asked| asked.compile_matcher().is_match(glob))
}

/// Whether some group could be meant by both.
fn may_meet(a: &str, b: &str) -> bool {
    let (begin, start) = (beginning_of(a), beginning_of(b));
    let (end, stop) = (end_of(a), end_of(b));
    (begin.starts_with(start) || start.starts_with(begin))
        && (end.ends_with(stop) || stop.ends_with(end))
}

fn beginning_of(glob: &str) -> &str {
    glob.split(SPECIAL).next().unwrap_or(glob)
}

fn end_of(glob: &str) -> &str {
    glob.rsplit(SPECIAL).next().unwrap_or(glob)
}
