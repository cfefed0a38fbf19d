//! What the process finds around itself: variables, the folder, the zone, terminals.
//!
//! Read once at the start, so that everything after it is a function of its arguments.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use chrono_tz::Tz;

use crate::config::zone::well_known;
use crate::domain::time::Timestamp;

/// Everything of the surroundings that changes what a run does.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is found, none is a state"
)]
pub struct Surroundings {
    /// The time it is.
    pub now: Timestamp,
    /// The zone of the machine.
    pub local: Tz,
    /// The current folder.
    pub folder: PathBuf,
    /// AWS_REGION, else AWS_DEFAULT_REGION.
    pub aws_region: Option<String>,
    /// NO_COLOR is set and not empty.
    pub no_color: bool,
    /// Standard input is a terminal: somebody can be asked.
    pub stdin_terminal: bool,
    /// Standard output is a terminal.
    pub stdout_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_terminal: bool,
}

impl Surroundings {
    /// Those of this process, at `now`.
    ///
    /// # Errors
    /// When the current folder is gone.
    pub fn of_process(now: Timestamp) -> io::Result<Self> {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Ok(Self {
            now,
            local: local_zone(variable("TZ")),
            folder: env::current_dir()?,
            aws_region: variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")),
            no_color: variable("NO_COLOR").is_some(),
            stdin_terminal: io::stdin().is_terminal(),
            stdout_terminal: io::stdout().is_terminal(),
            stderr_terminal: io::stderr().is_terminal(),
        })
    }

    /// Whether colour may be used.
    #[must_use]
    pub const fn colour(&self, flag_against: bool) -> bool {
        !self.no_color && !flag_against
    }
}

/// TZ, else what `/etc/localtime` leads to, else `/etc/timezone`, else UTC.
fn local_zone(variable: Option<String>) -> Tz {
    let from_variable = || variable.map(|name| name.trim_start_matches(':').to_owned());
    let from_link = || {
        let target = fs::read_link("/etc/localtime").ok()?;
        let target = target.to_str()?.split_once("zoneinfo/")?.1.to_owned();
        Some(target)
    };
    let from_file = || fs::read_to_string("/etc/timezone").ok();
    let candidates = [from_variable(), from_link(), from_file()];
    let mut zones = candidates
        .iter()
        .flatten()
        .filter_map(|name| name.trim().parse().ok());
    zones.next().map_or(Tz::UTC, well_known)
}
