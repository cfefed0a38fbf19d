//! Child processes with an environment of their own, which a test must not change for itself.
//!
//! Nothing of Amazon's is inherited, so that no test ever calls the real service.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Marks the child, and names the folder it may use.
const FOLDER: &str = "LASTSEEN_TEST_FOLDER";

/// An empty folder of this name under `target/`.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Gives `command` the environment of a machine on which nothing of Amazon's is set up but `vars`,
/// with `folder` as its home.
pub(crate) fn alone<'a>(
    command: &'a mut Command,
    folder: &Path,
    vars: &[(&str, &str)],
) -> &'a mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .env("HOME", folder)
        .env_remove("XDG_STATE_HOME")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(vars.iter().copied())
}

/// In the child: its folder. Else runs the test of this full name once more in a child with `vars`,
/// and checks that it passed.
pub(crate) fn child(test: &str, vars: &[(&str, &str)]) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(folder.into());
    }
    let folder = folder(&test.replace("::", "-"));
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    let output = alone(&mut command, &folder, vars)
        .env(FOLDER, &folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    None
}
