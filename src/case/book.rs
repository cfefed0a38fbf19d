//! Files that changes of a timeline are written into: a case that no run writes, or one of their own.
//!
//! A file is opened, locked, read on, appended to and closed for every change: several programs may
//! look at one case, and each may write into it. One of their own has the format of a case, too, and
//! holds nothing but such changes.

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::append;
use super::contents::Contents;
use super::folder;
use super::format::{HEADER, Header};
use super::note;
use super::scan::Depth;
use crate::domain::time::Timestamp;
use crate::domain::timeline::{Change, Timeline};

/// How the names of files of their own end.
pub const EXTENSION: &str = "timeline";
/// So often a file that is held is tried again, and after so long.
const TRIES: u32 = 10;
const MOMENT: Duration = Duration::from_millis(20);

/// Where changes stand: a case that no run writes, or a file of their own.
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    /// Whether it is one of their own.
    own: bool,
    /// How long it was when it was read last.
    len: Option<u64>,
}

impl Book {
    /// The case at `path`.
    #[must_use]
    pub fn of_case(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            own: false,
            len: None,
        }
    }

    /// The file for what is called `about`, in the user's folder; `None` where there is no folder.
    #[must_use]
    pub fn own(about: &str) -> Option<Self> {
        let folder = folder::user_folder()?.with_file_name("timelines");
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let words: String = about.chars().map(plain).take(40).collect();
        let name = format!("{}-{:016x}", words.trim_matches('-'), sum(about));
        Some(Self {
            path: folder.join(name).with_extension(EXTENSION),
            own: true,
            len: None,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes in what it holds, if it changed since it was read last.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(&mut self, into: &mut Timeline) -> io::Result<bool> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            file => file?,
        };
        let len = file.metadata()?.len();
        if self.len == Some(len) || self.own && len < HEADER as u64 {
            return Ok(false);
        }
        for change in Contents::read(&file, Depth::Skim)?.notes {
            into.apply(change);
        }
        self.len = Some(len);
        Ok(true)
    }

    /// Appends changes and brings them to the disk; `held` takes them in, and what
    /// others wrote meanwhile.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] when a run writes it; else when it cannot be written. Then the
    /// file is as it was.
    pub fn append(&mut self, changes: &[Change], held: &mut Timeline) -> io::Result<()> {
        let file = self.open()?;
        let contents = Contents::read(&file, Depth::Skim)?;
        let (salt, end) = (contents.header.salt, contents.end);
        for change in contents.notes {
            held.apply(change);
        }
        if file.metadata()?.len() > end {
            // What a killed program left.
            file.set_len(end)?;
        }
        let mut bytes = Vec::new();
        for change in changes {
            bytes.extend(note::record(salt, change)?);
        }
        if let Err(error) = (&file).write_all(&bytes).and_then(|()| file.sync_data()) {
            // Half a record is no use; where it cannot be cut, the next one to write does.
            let _ = file.set_len(end);
            return Err(error);
        }
        self.len = Some(end + bytes.len() as u64);
        for change in changes {
            held.apply(change.clone());
        }
        Ok(())
    }

    /// Other programs hold a file for a moment, a run holds its case for long.
    fn open(&self) -> io::Result<File> {
        let mut opened = self.open_now();
        for _ in 0..TRIES {
            match opened {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    thread::sleep(MOMENT);
                    opened = self.open_now();
                }
                opened => return opened,
            }
        }
        opened
    }

    fn open_now(&self) -> io::Result<File> {
        if !self.own {
            return append::open(&self.path);
        }
        append::folder_of(&self.path)?;
        let header = Header {
            salt: RandomState::new().hash_one(&self.path) as u32,
            created: Timestamp(0),
        };
        match append::create(&self.path, header) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
        let file = append::open(&self.path)?;
        if file.metadata()?.len() < HEADER as u64 {
            // A program was killed between making the file and writing its header.
            file.set_len(0)?;
            (&file).write_all(&header.encode())?;
        }
        Ok(file)
    }
}

/// A sum that is the same in every version of the program (FNV-1a).
fn sum(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}
