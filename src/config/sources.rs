//! Which sources are read: those of the command line, else those of the file, with the flags applied.
//!
//! Decides names, regions and globs; opens nothing.

use std::path::Path;
use std::sync::Arc;

use super::choose::{Choice, choose};
use super::error::ConfigError;
use super::file::File;
use super::overrides::Overrides;
use super::places::{self, Environment, Files};
use super::plan::{EnvironmentPlan, FilesPlan};
use super::rule;

/// Environment of files that neither their path, the file nor a flag names.
const LOCAL: &str = "local";

/// What is to be read.
#[derive(Debug, Default)]
pub struct Read {
    /// From CloudWatch.
    pub environments: Vec<EnvironmentPlan>,
    /// From disk.
    pub files: Vec<FilesPlan>,
    /// From standard input.
    pub stdin: Option<FilesPlan>,
}

/// Chooses the sources; adds what is wrong to `errors`.
#[must_use]
pub fn read(
    file: &File,
    flags: &Overrides,
    exists: &dyn Fn(&Path) -> bool,
    errors: &mut Vec<ConfigError>,
) -> Read {
    let mut read = Read::default();
    let configured = file.files.iter().filter_map(|f| of_file(f, file, flags));
    let configured: Vec<FilesPlan> = configured.collect();
    if flags.sources.is_empty() {
        read.files = configured;
        read.environments = environments(file, flags, None, errors);
        return read;
    }
    let mut groups = Vec::new();
    for source in &flags.sources {
        match choose(source, !file.environments.is_empty(), exists) {
            Choice::Stdin => read.stdin = Some(by_hand("-", &[], flags)),
            Choice::Path(path) => {
                // A path that exists is taken as it is, whatever characters it has.
                if !exists(Path::new(&path))
                    && let Err((message, help)) = places::check_path(&path)
                {
                    errors.push(ConfigError::of_flag("SOURCE", message).help(help));
                }
                read.files.push(by_hand(&path, &configured, flags));
            }
            Choice::Groups(glob) => {
                if let Err(problem) = rule::check_glob(&glob) {
                    let error = ConfigError::of_flag("SOURCE", problem);
                    errors.push(error.help("for example \"/acme/{env}/engine*\""));
                }
                groups.push(glob);
            }
        }
    }
    if !groups.is_empty() {
        read.environments = environments(file, flags, Some(&groups), errors);
    }
    read
}

fn by_hand(path: &str, like: &[FilesPlan], flags: &Overrides) -> FilesPlan {
    FilesPlan {
        path: with_env(path, flags),
        base: flags.folder.clone(),
        env: flags.env.as_deref().unwrap_or(LOCAL).into(),
        timezone: None,
        year: None,
        dates: None,
        multiline: None,
        explicit: true,
        like: like.to_vec(),
    }
}

/// `--env` narrows a path that captures the environment to that one.
fn with_env(path: &str, flags: &Overrides) -> String {
    match &flags.env {
        Some(env) => path.replace("{env}", env),
        None => path.to_owned(),
    }
}

/// `None` where `--env` asks for another environment.
fn of_file(files: &Files, file: &File, flags: &Overrides) -> Option<FilesPlan> {
    let chosen = flags.env.as_deref();
    let own = files.env.as_deref().filter(|_| !files.captures_env());
    if let (Some(own), Some(chosen)) = (own, chosen)
        && own != chosen
    {
        return None;
    }
    Some(FilesPlan {
        path: with_env(&files.path.text, flags),
        base: file.base.clone(),
        env: chosen.or(files.env.as_deref()).unwrap_or(LOCAL).into(),
        timezone: files.timezone,
        year: files.year,
        dates: files.dates,
        multiline: files.multiline.clone(),
        explicit: false,
        like: Vec::new(),
    })
}

/// The environments chosen; `groups` replaces what they would read.
fn environments(
    file: &File,
    flags: &Overrides,
    groups: Option<&[String]>,
    errors: &mut Vec<ConfigError>,
) -> Vec<EnvironmentPlan> {
    let chosen: Vec<&Environment> = file
        .environments
        .iter()
        .filter(|e| flags.env.as_ref().is_none_or(|name| *name == e.name.text))
        .collect();
    if let Some(url) = &flags.endpoint_url
        && let Err(help) = places::check_endpoint(url)
    {
        let message = format!("`{url}` is not an address");
        errors.push(ConfigError::of_flag("--endpoint-url", message).help(help));
    }
    if chosen.len() > 1 && flags.profile.is_some() {
        let message = "would read several environments from one account";
        let error = ConfigError::of_flag("--profile", message);
        errors.push(
            error.help("choose one with --env NAME, or write `profile` in each [[environment]]"),
        );
    }
    if chosen.is_empty()
        && file.environments.is_empty()
        && let Some(groups) = groups
    {
        return unconfigured(file, flags, groups, errors)
            .into_iter()
            .collect();
    }
    let mut plans = Vec::new();
    for environment in chosen {
        let from_variables = || flags.aws_region.iter().cloned().collect();
        let regions = if !flags.regions.is_empty() {
            flags.regions.clone()
        } else if environment.regions.is_empty() {
            from_variables()
        } else {
            environment.regions.clone()
        };
        if regions.is_empty() {
            let message = format!("environment `{}` has no region", environment.name.text);
            let error = file.error_at(&environment.name, message);
            errors.push(
                error.help(
                    "add `regions = [\"eu-central-1\"]`, or set AWS_REGION, or give --region",
                ),
            );
        }
        plans.push(EnvironmentPlan {
            name: environment.name.text.as_str().into(),
            profile: flags
                .profile
                .clone()
                .or_else(|| environment.profile.clone()),
            role_arn: environment.role_arn.clone(),
            account: environment.account.clone(),
            accounts: environment.accounts.clone(),
            regions,
            endpoint_url: flags
                .endpoint_url
                .clone()
                .or_else(|| environment.endpoint_url.clone()),
            groups: groups.map_or_else(|| groups_of(file, environment), <[String]>::to_vec),
            entries: entries(file, &environment.name.text),
            narrow: if environment.narrow {
                file.pipelines.clone()
            } else {
                Vec::new()
            },
        });
    }
    plans
}

/// What the stages of all pipelines name, where the environment does not say.
fn groups_of(file: &File, environment: &Environment) -> Vec<String> {
    if let Some(groups) = &environment.groups {
        return groups.clone();
    }
    let mut groups: Vec<String> = Vec::new();
    let stages = file.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
    for stage in stages.filter(|stage| stage.exists_in(&environment.name.text)) {
        for glob in &stage.from {
            if !groups.contains(&glob.0) {
                groups.push(glob.0.clone());
            }
        }
    }
    groups
}

/// The globs of the stages by which messages come in: those without an earlier one that exists there.
fn entries(file: &File, env: &str) -> Vec<String> {
    let mut entries = Vec::new();
    for pipeline in &file.pipelines {
        let mut inner = vec![false; pipeline.stages.len()];
        // Every stage comes after its `after`, however they are written: as often as there are stages.
        for _ in 0..inner.len() {
            for (index, stage) in pipeline.stages.iter().enumerate() {
                let before = |at: &usize| inner[*at] || pipeline.stages[*at].exists_in(env);
                inner[index] = stage.after.iter().any(before);
            }
        }
        let first = pipeline.stages.iter().zip(inner);
        let first = first.filter(|(stage, inner)| !inner && stage.exists_in(env));
        entries.extend(first.flat_map(|(stage, _)| stage.from.iter().map(|glob| glob.0.clone())));
    }
    entries
}

/// Log groups asked for by hand where the file has no environment.
fn unconfigured(
    file: &File,
    flags: &Overrides,
    groups: &[String],
    errors: &mut Vec<ConfigError>,
) -> Option<EnvironmentPlan> {
    let mut regions = flags.regions.clone();
    if regions.is_empty() {
        regions.extend(flags.aws_region.clone());
    }
    if regions.is_empty() {
        let message = format!(
            "`{}` is a log group pattern, but no region is given",
            groups[0]
        );
        let error = ConfigError::of_flag("SOURCE", message);
        errors.push(error.help(
            "give --region eu-central-1, set AWS_REGION, or configure an [[environment]]; a path on disk would have to exist",
        ));
        return None;
    }
    let name: Arc<str> = flags
        .env
        .as_deref()
        .or(flags.profile.as_deref())
        .unwrap_or("aws")
        .into();
    Some(EnvironmentPlan {
        profile: flags.profile.clone(),
        regions,
        endpoint_url: flags.endpoint_url.clone(),
        groups: groups.to_vec(),
        entries: entries(file, &name),
        name,
        ..EnvironmentPlan::default()
    })
}
