//! The file of a session: read at the start, written at the end, whole or not at all, for the user alone.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};

use crate::app::kept::{SCHEMA, Session};

/// More than this was not written by us.
const MOST: u64 = 1 << 20;

/// Where the session of what is looked at is kept.
#[derive(Clone, Debug)]
pub struct SessionFile {
    path: PathBuf,
    about: String,
}

impl SessionFile {
    /// The one in the user's folder; `None` where there is no such folder.
    #[must_use]
    pub fn of_user(about: &str) -> Option<Self> {
        let base = choose_base_strategy().ok()?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        Some(Self::in_folder(
            &state.join("lastseen").join("sessions"),
            about,
        ))
    }

    /// The one in this folder.
    #[must_use]
    pub fn in_folder(folder: &Path, about: &str) -> Self {
        let number = crc32fast::hash(about.as_bytes());
        Self {
            path: folder.join(format!("{number:08x}.json")),
            about: about.to_owned(),
        }
    }

    /// What is looked at.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// What was kept, if anything was.
    ///
    /// # Errors
    /// Why it is left out: a broken file is no reason not to begin.
    pub fn read(&self) -> Result<Option<Session>, String> {
        let left_out = |why: String| {
            format!(
                "the last session is left out: {} {why}",
                self.path.display()
            )
        };
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(found) if found.len() > MOST => return Err(left_out("is too large".into())),
            _ => {}
        }
        let text = fs::read_to_string(&self.path)
            .map_err(|error| left_out(format!("cannot be read: {error}")))?;
        let session: Session = serde_json::from_str(&text)
            .map_err(|error| left_out(format!("is damaged: {error}")))?;
        if session.schema != SCHEMA {
            return Err(left_out("was written by another version".into()));
        }
        // Two questions may share a number.
        Ok((session.about == self.about).then_some(session))
    }

    /// Keeps a session.
    ///
    /// # Errors
    /// When it cannot be written; the one before is whole then.
    pub fn write(&self, session: &Session) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // A temporary file is readable for its owner alone, and so it stays.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec_pretty(session)?)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }
}
