//! File and flags together become the plan of a run.
//!
//! A function of its arguments: the disk is asked only whether a path exists, through a function.

use std::path::Path;

use chrono_tz::Tz;

use super::error::{ConfigError, ConfigErrors, suggest};
use super::file::File;
use super::left_out::{Asked, left_out};
use super::overrides::Overrides;
use super::plan::{CasePlan, Plan};
use super::{period, sources, zone};

/// A plan, and what was noticed on the way.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What to do.
    pub plan: Plan,
    /// The zone in which times are shown.
    pub zone: Tz,
    /// What is allowed but probably not meant.
    pub warnings: Vec<ConfigError>,
}

/// Room on both sides of a window: twice the longest configured allowance, and at least this, so
/// that one learnt or default allowance fits. In milliseconds.
const MARGIN_MS: i64 = 10 * 60_000;

/// Resolves a file (an empty one where there is none) with the flags. `exists` answers for paths
/// relative to the current folder.
///
/// # Errors
/// Everything that is wrong with either, together.
pub fn resolve(
    file: &File,
    flags: &Overrides,
    exists: &dyn Fn(&Path) -> bool,
) -> Result<Resolved, ConfigErrors> {
    let mut errors = file.errors.clone();
    let mut zone = flags.local;
    match flags.tz.as_deref().map(zone::parse) {
        Some(Ok(named)) => zone = named,
        Some(Err((message, help))) => {
            errors.push(ConfigError::of_flag("--tz", message).help(help));
        }
        None => {}
    }
    let read = sources::read(file, flags, exists, &mut errors);
    check_env(file, flags, &read, &mut errors);
    let window = match period::window(flags, zone, !read.environments.is_empty()) {
        Ok(window) => window,
        Err(mut wrong) => {
            errors.append(&mut wrong);
            None
        }
    };
    if !errors.is_empty() {
        return Err(ConfigErrors::new(errors));
    }
    let allowances = file
        .pipelines
        .iter()
        .flat_map(|p| p.stages.iter().filter_map(|s| s.within_ms));
    let margin_ms = MARGIN_MS.max(allowances.max().unwrap_or(0).saturating_mul(2));
    let plan = Plan {
        window,
        margin_ms,
        pipelines: file.pipelines.clone(),
        left_out: left_out(file, flags, read.environments.iter().map(Asked::from)),
        environments: read.environments,
        files: read.files,
        stdin: read.stdin,
        follow: flags.follow,
        live_tail: false,
        case: CasePlan::None,
        spooled: None,
    };
    Ok(Resolved {
        plan,
        zone,
        warnings: file.warnings.clone(),
    })
}

/// `--env` must name something that is there, unless files take its name.
fn check_env(file: &File, flags: &Overrides, read: &sources::Read, errors: &mut Vec<ConfigError>) {
    let Some(name) = &flags.env else { return };
    if !super::places::check_name(name) {
        let message = format!("`{name}` cannot name an environment");
        errors.push(
            ConfigError::of_flag("--env", message).help("use letters, digits, `-`, `_` and `.`"),
        );
    }
    let named_by_it = read.stdin.is_some() || !read.files.is_empty();
    let found = read.environments.iter().any(|e| *e.name == **name);
    let known = file.known_environments().unwrap_or_else(|| {
        file.environments
            .iter()
            .map(|e| e.name.text.clone())
            .collect()
    });
    if !named_by_it && !found && !known.is_empty() && file.errors.is_empty() {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = format!("unknown environment `{name}`");
        errors.push(ConfigError::of_flag("--env", message).help(suggest(name, &known)));
    }
}
