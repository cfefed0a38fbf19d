//! Runs the real program, with credentials of its own, and reads its answer.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::alone::alone;
use super::emulator::SECRET;

/// Good credentials in the environment.
pub(crate) const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIATEST"),
    ("AWS_SECRET_ACCESS_KEY", SECRET),
];

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) answer: Value,
    /// Standard error.
    pub(crate) err: String,
}

/// `lastseen check --json` in `folder`, which holds a `lastseen.toml`.
pub(crate) fn check(folder: &Path, vars: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command
        .args(["check", "--json"])
        .args(args)
        .current_dir(folder);
    let output = alone(&mut command, folder, vars).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(!(out.clone() + &err).contains(SECRET), "a secret was shown");
    let answer = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
    Ran {
        code: output.status.code().unwrap(),
        answer,
        err,
    }
}

impl Ran {
    /// One environment of the only pipeline.
    pub(crate) fn environment(&self, name: &str) -> &Value {
        let environments = &self.answer["pipelines"][0]["environments"];
        let mut all = environments.as_array().unwrap().iter();
        all.find(|e| e["name"] == name)
            .unwrap_or_else(|| panic!("no environment {name} in {}", self.answer))
    }

    /// The state of the source of this name.
    pub(crate) fn state(&self, name: &str) -> &str {
        let mut all = self.answer["sources"].as_array().unwrap().iter();
        all.find(|s| s["name"] == name).map_or_else(
            || panic!("no source {name} in {}", self.answer),
            |s| s["state"].as_str().unwrap(),
        )
    }

    /// The first IDs of the lost messages, in the order of the answer.
    pub(crate) fn lost(&self) -> Vec<&str> {
        let lost = self.answer["lost"].as_array().unwrap();
        lost.iter().map(|m| m["id"].as_str().unwrap()).collect()
    }
}
