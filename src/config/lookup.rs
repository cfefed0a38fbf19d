//! Finding and reading the configuration file: the only I/O of this layer.
//!
//! Never guesses around a file that is there but cannot be read.

use std::path::{Path, PathBuf};
use std::{fs, io};

use etcetera::{BaseStrategy, choose_base_strategy};

use super::error::{ConfigError, ConfigErrors};
use super::file::File;
use crate::domain::nearest::nearest;

/// The name looked for.
pub const NAME: &str = "lastseen.toml";

/// Reads the file that `--config` names, else `folder/lastseen.toml`, else the user's.
/// Where none of those exists, the configuration is empty.
///
/// # Errors
/// When a file is named or there but cannot be read.
pub fn load(config: Option<&Path>, folder: &Path) -> Result<File, ConfigErrors> {
    if let Some(path) = config {
        return read(path, &folder.join(path), "--config");
    }
    let here = folder.join(NAME);
    if here.exists() {
        return read(Path::new(NAME), &here, "");
    }
    match user_file().filter(|path| path.exists()) {
        Some(path) => read(&path, &path, ""),
        None => Ok(File::empty(folder)),
    }
}

/// The user's own configuration, where there is one.
///
/// # Errors
/// When it cannot be read.
pub fn user() -> Result<Option<File>, ConfigErrors> {
    let path = user_file().filter(|path| path.exists());
    path.map(|path| read(&path, &path, "")).transpose()
}

/// Where the user's own configuration would be.
#[must_use]
pub fn user_file() -> Option<PathBuf> {
    let base = choose_base_strategy().ok()?;
    Some(base.config_dir().join("lastseen").join(NAME))
}

fn read(shown: &Path, path: &Path, flag: &str) -> Result<File, ConfigErrors> {
    let name = shown.display().to_string();
    let base = path.parent().unwrap_or(Path::new("")).to_owned();
    let bytes = fs::read(path)
        .map_err(|error| unreadable(&name, path, flag, &error))
        .map_err(ConfigErrors::from)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(File::parse(&name, &base, &text)),
        Err(error) => {
            let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = memchr::memchr_iter(b'\n', sound).count();
            let message = format!("{name}: line {} is not UTF-8", line + 1);
            Err(ConfigError::of_flag(flag, message)
                .help("save it as UTF-8 text")
                .into())
        }
    }
}

fn unreadable(name: &str, path: &Path, flag: &str, error: &io::Error) -> ConfigError {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("{name} does not exist"),
        io::ErrorKind::PermissionDenied => format!("{name} may not be read"),
        io::ErrorKind::IsADirectory => format!("{name} is a folder"),
        _ => format!("{name} could not be read: {error}"),
    };
    let help = match nearest_file(path) {
        Some(found) if error.kind() == io::ErrorKind::NotFound => format!("did you mean {found}?"),
        _ => "give a TOML file that you may read".to_owned(),
    };
    ConfigError::of_flag(flag, message).help(help)
}

/// The name in the same folder that is most like the missing one.
#[must_use]
pub fn nearest_file(path: &Path) -> Option<String> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let entries = fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let word = path.file_name()?.to_str()?;
    // A link that leads nowhere has this very name.
    names.retain(|name| name != word);
    names.sort();
    let name = nearest(word, names.iter().map(String::as_str))?;
    Some(path.with_file_name(name).display().to_string())
}
