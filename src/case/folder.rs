//! The user's folder of cases: how a case is named, and what lies there.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use etcetera::{BaseStrategy, choose_base_strategy};

use super::contents::Contents;
use super::format::MAGIC;
use super::scan::Depth;
use crate::config::question::Question;
use crate::config::zone;
use crate::domain::time::Timestamp;

/// How the names of cases end.
pub const EXTENSION: &str = "case";
/// All cases together may take so many bytes before it is worth a word.
pub const MUCH: u64 = 20_000_000_000;
/// A name lists so many environments.
const NAMED: usize = 3;

/// Where cases are kept; `None` where the user has no such folder.
#[must_use]
pub fn user_folder() -> Option<PathBuf> {
    let base = choose_base_strategy().ok()?;
    let state = base.state_dir().unwrap_or_else(|| base.data_dir());
    Some(state.join("lastseen").join("cases"))
}

/// `2026-11-22-0214-qa-prod`: when it was asked, and what about. A number tells apart those that
/// would be called the same.
#[must_use]
pub fn name(question: &Question, number: u32) -> String {
    let zone = zone::parse(&question.zone).unwrap_or(chrono_tz::Tz::UTC);
    let asked_at = Timestamp(question.asked_at).to_utc().unwrap_or_default();
    let mut name = asked_at
        .with_timezone(&zone)
        .format("%Y-%m-%d-%H%M")
        .to_string();
    for reach in question.reach.iter().take(NAMED) {
        let plain = |c: char| {
            if c.is_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        };
        name.push('-');
        name.extend(reach.env.chars().map(plain).take(40));
    }
    if question.reach.len() > NAMED {
        name.push_str("-and-more");
    }
    if number > 1 {
        name.push('-');
        name.push_str(&number.to_string());
    }
    name
}

/// Whether a case file is at `path`, however damaged.
#[must_use]
pub fn is_case(path: &Path) -> bool {
    let mut begin = [0; MAGIC.len()];
    let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let read = |file: File| io::Read::read_exact(&mut &file, &mut begin);
    is_file && File::open(path).and_then(read).is_ok() && begin == MAGIC
}

/// Whether a program adds to the case at `path` right now.
#[must_use]
pub fn is_being_written(path: &Path) -> bool {
    let locked = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    File::open(path).is_ok_and(locked)
}

/// One case of the folder.
#[derive(Debug)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
    /// How large it is.
    pub size: u64,
    /// When it was written to last.
    pub written: Timestamp,
}

impl Entry {
    /// What it holds, without a look at the pages.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn skim(&self) -> io::Result<Contents> {
        skim(&self.path)
    }
}

/// What a case holds, without a look at the pages.
///
/// # Errors
/// When it cannot be read, or is none.
pub fn skim(path: &Path) -> io::Result<Contents> {
    Contents::read(&File::open(path)?, Depth::Skim)
}

/// The cases of a folder, those written last first. None where there is no folder.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(folder: &Path) -> io::Result<Vec<Entry>> {
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut entries: Vec<Entry> = found
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == EXTENSION))
        .filter_map(|path| {
            let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
            let written = metadata.modified().ok()?;
            let written = written.duration_since(SystemTime::UNIX_EPOCH).ok()?;
            Some(Entry {
                name: path.file_stem()?.to_string_lossy().into_owned(),
                size: metadata.len(),
                written: Timestamp(written.as_millis() as i64),
                path,
            })
        })
        .collect();
    entries.sort_by(|a, b| (b.written, &b.name).cmp(&(a.written, &a.name)));
    Ok(entries)
}
