//! Runs over a folder of logs: as configured, and as learnt. Shared with the benchmark.

use std::path::Path;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::learnt;
use lastseen::config::overrides::Overrides;
use lastseen::config::plan::Plan;
use lastseen::config::resolve::resolve;
use lastseen::diagnose::discover::discover;
use lastseen::domain::discovery::Discovery;
use lastseen::domain::time::Timestamp;
use lastseen::load::Investigation;
use lastseen::load::look::look;

fn plan(file: &File, folder: &Path, sources: &[&str]) -> Result<Plan, String> {
    let overrides = Overrides {
        folder: folder.to_owned(),
        sources: sources.iter().map(|s| (*s).to_owned()).collect(),
        ..Overrides::default()
    };
    let resolved = resolve(file, &overrides, &|path| folder.join(path).exists())
        .map_err(|errors| format!("{errors:?}"))?;
    match resolved.warnings.as_slice() {
        [] => Ok(resolved.plan),
        warnings => Err(format!("{warnings:?}")),
    }
}

/// What is to be read where nothing is configured.
pub(crate) fn plan_of(folder: &Path, source: &str) -> Plan {
    plan(&File::empty(folder), folder, &[source]).unwrap()
}

/// What is learnt of the logs in a folder, and the file that says so.
pub(crate) fn learn(folder: &Path, source: &str) -> (Discovery, String) {
    let looked = look(&plan_of(folder, source), later, &mut |_| {}).unwrap();
    let found = discover(&looked.corpus);
    let text = learnt::text(&found);
    (found, text)
}

/// A settled run of a configuration over the logs in a folder, or what is wrong with that.
pub(crate) fn run(folder: &Path, config: &str, sources: &[&str]) -> Result<Investigation, String> {
    let file = File::parse("lastseen.toml", folder, config);
    if !file.errors.is_empty() {
        return Err(format!("{:?}", file.errors));
    }
    let plan = plan(&file, folder, sources)?;
    let run = Investigation::start(&plan, later).unwrap();
    run.wait(Duration::from_hours(1), |_| {});
    Ok(run)
}

/// Long after everything that is read: 2027.
const fn later() -> Timestamp {
    Timestamp(1_800_000_000_000)
}
