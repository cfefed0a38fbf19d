//! Appending to a case file so that a kill leaves at most a torn tail, and nothing fills a disk.
//!
//! One record is one write. Whoever appends holds the lock of the file; a second program only reads.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::format::Header;
use crate::domain::show::bytes;

/// How often what was written is brought to the disk: a lost power may cost so much of a run.
const SYNC: Duration = Duration::from_secs(1);
/// How much may be written before the free space is looked at again.
const LOOK_AGAIN: u64 = 16_000_000;

/// How much a case may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Bytes of the file.
    pub most: u64,
    /// Bytes that stay free on its disk.
    pub free: u64,
}

impl Room {
    /// What a case may take where nobody says.
    pub const MOST: u64 = 4_000_000_000;
    /// What is left to others.
    const FREE: u64 = 256_000_000;

    /// So many bytes, as long as the disk has room for others.
    #[must_use]
    pub const fn of(most: u64) -> Self {
        Self {
            most,
            free: Self::FREE,
        }
    }
}

/// Makes the folder of `path` if it is not there, for the user alone.
///
/// # Errors
/// When it cannot be made.
pub fn folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)
        }
        _ => Ok(()),
    }
}

/// Makes a file that is not there yet, for the user alone, and locks it.
///
/// # Errors
/// When it is there, or cannot be made.
pub fn create(path: &Path, header: Header) -> io::Result<File> {
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    lock(&file)?;
    file.write_all(&header.encode())?;
    // The file's name must outlive a lost power, too; where it cannot be made to, it mostly does.
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(file)
}

/// Opens a file to append to it, and locks it.
///
/// # Errors
/// [`io::ErrorKind::WouldBlock`] when another program appends to it.
pub fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).append(true).open(path)?;
    lock(&file)?;
    Ok(file)
}

fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The end of a case file.
#[derive(Debug)]
pub struct Tail {
    file: File,
    len: u64,
    room: Room,
    /// Where the free space was looked at last.
    looked: Option<u64>,
}

impl Tail {
    /// `file` ends at `end`; what stands behind is cut.
    ///
    /// # Errors
    /// When it cannot be cut.
    pub fn new(file: File, end: u64, room: Room) -> io::Result<Self> {
        if file.metadata()?.len() > end {
            file.set_len(end)?;
        }
        Ok(Self {
            file,
            len: end,
            room,
            looked: None,
        })
    }

    /// Appends one record; gives its place.
    ///
    /// # Errors
    /// A sentence that says why there is no room. The file is as it was.
    pub fn append(&mut self, record: &[u8]) -> Result<u64, String> {
        self.has_room(record.len() as u64)?;
        self.append_last(record)
    }

    /// The same without asking for room: for the little that ends a case.
    ///
    /// # Errors
    /// A sentence that says why it cannot be written. The file is as it was.
    pub fn append_last(&mut self, record: &[u8]) -> Result<u64, String> {
        if let Err(error) = self.file.write_all(record) {
            // Half a record would hide those behind it from nobody, but it is no use either.
            let _ = self.file.set_len(self.len);
            return Err(format!("the case cannot be written: {error}"));
        }
        let at = self.len;
        self.len += record.len() as u64;
        Ok(at)
    }

    fn has_room(&mut self, more: u64) -> Result<(), String> {
        if self.len + more > self.room.most {
            let limit = bytes(self.room.most);
            return Err(format!(
                "the case has reached its limit of {limit} (--case-limit)"
            ));
        }
        if self
            .looked
            .is_none_or(|at| self.len + more > at + LOOK_AGAIN)
        {
            self.looked = Some(self.len);
            let disk = rustix::fs::fstatvfs(&self.file).map_err(|error| error.to_string())?;
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            if free < self.room.free.saturating_add(more + LOOK_AGAIN) {
                let free = bytes(free);
                return Err(format!("only {free} are free where the case is written"));
            }
        }
        Ok(())
    }
}

/// Brings a file to the disk, now and then.
#[derive(Debug)]
pub struct Syncer {
    file: File,
    last: Mutex<Instant>,
}

impl Syncer {
    /// Of this file.
    #[must_use]
    pub fn new(file: File) -> Self {
        Self {
            file,
            last: Mutex::new(Instant::now()),
        }
    }

    /// Does so if it was not done lately and nobody is about it.
    pub fn now_and_then(&self) {
        let Ok(mut last) = self.last.try_lock() else {
            return;
        };
        if last.elapsed() >= SYNC {
            if let Err(error) = self.file.sync_data() {
                tracing::warn!(%error, "the case cannot be brought to the disk");
            }
            *last = Instant::now();
        }
    }

    /// Does so.
    pub fn at_the_end(&self) {
        if let Err(error) = self.file.sync_all() {
            tracing::warn!(%error, "the case cannot be brought to the disk");
        }
    }
}
