//! Saves the configuration: whole or not at all, and never in the place of a file unasked.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::app::input::Saved;

/// Saves a text; where a file is there already, only if it may be replaced.
#[must_use]
pub fn save(path: &Path, text: &str, replace: bool) -> Saved {
    // Whoever reads where it is need not know where the program was started.
    let name = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let name = name.display().to_string();
    let done = if replace {
        replaced(path, text)
    } else {
        written(path, text)
    };
    match done {
        Ok(()) => Saved::Written(name, text.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !replace => {
            Saved::Exists(name)
        }
        Err(error) => Saved::Failed(format!("{name} cannot be written: {error}")),
    }
}

/// A new file, as readable as other files are.
fn written(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let done = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    if done.is_err() {
        // Half a configuration is worse than none.
        let _gone = fs::remove_file(path);
    }
    done
}

/// What was there stays until all of the new one is written.
fn replaced(path: &Path, text: &str) -> io::Result<()> {
    // Where the path leads, so that a link stays one.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut beside = path.clone().into_os_string();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    written(&beside, text)?;
    let done = fs::rename(&beside, &path);
    if done.is_err() {
        let _gone = fs::remove_file(&beside);
    }
    done
}
