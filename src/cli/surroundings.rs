//! What the process finds around itself: variables, the folder, the zone, terminals.
//!
//! Read once at the start, so that everything after it is a function of its arguments.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use chrono_tz::Tz;

use crate::config::zone::well_known;
use crate::domain::mask::Key;
use crate::domain::time::Timestamp;
use crate::theme::load;

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
    /// What it says of the terminal.
    pub terminal: TerminalVariables,
    /// Standard input is a terminal: somebody can be asked.
    pub stdin_terminal: bool,
    /// Standard output is a terminal.
    pub stdout_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_terminal: bool,
}

/// What is found of the terminal and of how it shall look; empty where nothing says it.
#[derive(Clone, Debug, Default)]
pub struct TerminalVariables {
    /// LASTSEEN_COLOR.
    pub color: Option<String>,
    /// COLORTERM.
    pub colorterm: String,
    /// TERM.
    pub term: String,
    /// COLORFGBG.
    pub background: String,
    /// LC_ALL, else LC_CTYPE, else LANG.
    pub locale: String,
    /// The folder of the user's own themes.
    pub themes: Option<PathBuf>,
    /// The secret behind the pseudonyms of a run without a case: new each time, so that they cannot be looked up.
    pub secret: Key,
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
            terminal: TerminalVariables {
                color: variable("LASTSEEN_COLOR"),
                colorterm: variable("COLORTERM").unwrap_or_default(),
                term: variable("TERM").unwrap_or_default(),
                background: variable("COLORFGBG").unwrap_or_default(),
                locale: ["LC_ALL", "LC_CTYPE", "LANG"]
                    .into_iter()
                    .find_map(variable)
                    .unwrap_or_default(),
                themes: load::user_folder(),
                secret: secret()?,
            },
            stdin_terminal: io::stdin().is_terminal(),
            stdout_terminal: io::stdout().is_terminal(),
            stderr_terminal: io::stderr().is_terminal(),
        })
    }
}

fn secret() -> io::Result<Key> {
    let mut key = Key::default();
    getrandom::fill(&mut key).map_err(io::Error::from)?;
    Ok(key)
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
