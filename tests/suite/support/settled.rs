//! A run of the files of a folder, settled.

use std::path::Path;
use std::time::Duration;

use lastseen::config::lookup;
use lastseen::config::overrides::Overrides;
use lastseen::config::plan::Plan;
use lastseen::config::resolve::resolve;
use lastseen::load::Investigation;

use super::emulator::now;

/// Reads what the folder's `lastseen.toml` names.
pub(crate) fn settled(folder: &Path) -> (Plan, Investigation) {
    let file = lookup::load(None, folder).unwrap();
    let overrides = Overrides {
        folder: folder.to_owned(),
        ..Overrides::default()
    };
    let plan = resolve(&file, &overrides, &|_: &Path| false).unwrap().plan;
    let run = Investigation::start(&plan, now).unwrap();
    run.wait(Duration::from_secs(1), |_| {});
    (plan, run)
}
