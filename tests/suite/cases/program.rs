//! The real program with its own home, and the cases it keeps there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::alone::alone;

/// How a run ended and what it said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// `lastseen ARGS` in `folder`, which is its home, too.
pub(crate) fn lastseen(folder: &Path, vars: &[(&str, &str)], args: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command.args(args).current_dir(folder);
    let output = alone(&mut command, folder, vars).output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The folder of cases of a home.
pub(crate) fn cases(home: &Path) -> PathBuf {
    home.join(".local/state/lastseen/cases")
}

/// The cases of a home, by name.
pub(crate) fn kept(home: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(cases(home)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
