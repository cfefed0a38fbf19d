//! Reads a log event again from the file it came from, and notices when the file is not the same
//! any more.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::frame::{self, Bytes, Framing};
use super::input;
use crate::sources::texts::{Origin, RawEvent, again};

/// Bytes at the beginning by which a rewritten file is told from one that grew.
const MARK: usize = 256;
/// Bytes kept behind the reading place of a compressed file.
const BEHIND: usize = 8 << 20;

/// Tells one file from another under the same name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Identity(u64, u64);

impl Identity {
    /// The identity of a file.
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(metadata.dev(), metadata.ino())
    }

    /// Other systems have none that the standard library knows.
    #[cfg(not(unix))]
    pub fn of(_: &Metadata) -> Self {
        Self::default()
    }
}

/// A file that events were read from.
pub struct FileOrigin {
    path: PathBuf,
    framing: Arc<Framing>,
    identity: Identity,
    /// The file was at least so long.
    len: AtomicU64,
    mark: Vec<u8>,
    seekable: bool,
    /// The file itself, where another may take its name.
    kept: Option<Mutex<File>>,
    unpacked: Mutex<Option<Unpacked>>,
}

/// The decompressed text around the place read last.
struct Unpacked {
    reader: Box<dyn Read + Send>,
    start: u64,
    bytes: Vec<u8>,
}

impl FileOrigin {
    /// The origin of a file just opened.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(path: PathBuf, file: &mut File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let mark = beginning(file, MARK)?;
        Ok(Self {
            path,
            framing: Arc::default(),
            identity: Identity::of(&metadata),
            len: AtomicU64::new(metadata.len()),
            mark,
            seekable: true,
            kept: None,
            unpacked: Mutex::new(None),
        })
    }

    /// How its events are told apart.
    #[must_use]
    pub fn framed(mut self, framing: Arc<Framing>) -> Self {
        self.framing = framing;
        self
    }

    /// Offsets are not those of the file.
    #[must_use]
    pub const fn packed(mut self) -> Self {
        self.seekable = false;
        self
    }

    /// Which file it was.
    pub const fn identity(&self) -> Identity {
        self.identity
    }

    /// The file has been read up to here.
    pub fn read_to(&self, len: u64) {
        self.len.fetch_max(len, Ordering::Relaxed);
    }

    /// Keeps the file readable when another takes its name.
    ///
    /// # Errors
    /// When it cannot be opened once more.
    pub fn keep(mut self) -> io::Result<Self> {
        self.kept = Some(Mutex::new(File::open(&self.path)?));
        Ok(self)
    }

    /// The file, to be read forwards.
    fn ahead(&self) -> io::Result<Ahead> {
        let mut file = match &self.kept {
            Some(kept) => kept
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .try_clone()?,
            None => File::open(&self.path)?,
        };
        self.check(&mut file)?;
        Ok(Ahead {
            file: Plain(Mutex::new(file)),
            window: Mutex::default(),
        })
    }

    /// Whether the file is still the one that was read.
    fn check(&self, file: &mut File) -> io::Result<()> {
        let metadata = file.metadata()?;
        let changed = |how: &str| {
            let path = self.path.display();
            io::Error::other(format!("{path} {how} since it was read; load it again"))
        };
        if Identity::of(&metadata) != self.identity {
            return Err(changed("was replaced"));
        }
        if metadata.len() < self.len.load(Ordering::Relaxed) {
            return Err(changed("has shrunk"));
        }
        if beginning(file, self.mark.len())? != self.mark {
            return Err(changed("was rewritten"));
        }
        Ok(())
    }
}

/// The first bytes of a file, which is then at its beginning again.
fn beginning(file: &mut File, len: usize) -> io::Result<Vec<u8>> {
    let mut mark = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(len as u64).read_to_end(&mut mark)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(mark)
}

impl Origin for FileOrigin {
    fn read(&self, offset: u64) -> io::Result<RawEvent> {
        if let Some(kept) = &self.kept {
            let mut file = kept.lock().unwrap_or_else(PoisonError::into_inner);
            self.check(&mut file)?;
            let file = Plain(Mutex::new(file.try_clone()?));
            return frame::event_at(&file, offset, &self.framing);
        }
        let mut file = File::open(&self.path)?;
        self.check(&mut file)?;
        if self.seekable {
            return frame::event_at(&Plain(Mutex::new(file)), offset, &self.framing);
        }
        let mut unpacked = self.unpacked.lock().unwrap_or_else(PoisonError::into_inner);
        if unpacked.as_ref().is_none_or(|u| offset < u.start) {
            let input = input::open(Box::new(file), input::HEAD)?;
            *unpacked = Some(Unpacked {
                reader: input.reader,
                start: input.base,
                bytes: Vec::new(),
            });
        }
        let Some(window) = unpacked.take() else {
            return Err(io::Error::other("cannot be unpacked"));
        };
        let window = Mutex::new(window);
        let event = frame::event_at(&Packed(&window), offset, &self.framing);
        *unpacked = window.into_inner().ok();
        event
    }

    fn read_all(&self, offsets: &[u64]) -> Vec<io::Result<RawEvent>> {
        if !self.seekable {
            return offsets.iter().map(|offset| self.read(*offset)).collect();
        }
        match self.ahead() {
            Ok(bytes) => offsets
                .iter()
                .map(|offset| frame::event_at(&bytes, *offset, &self.framing))
                .collect(),
            Err(error) => offsets.iter().map(|_| Err(again(&error))).collect(),
        }
    }
}

struct Plain(Mutex<File>);

impl Bytes for Plain {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read(into)
    }
}

/// Bytes read at once by whoever reads many events.
const AHEAD: usize = 256 << 10;

/// A file of which more is read than was asked for: the next event is near.
struct Ahead {
    file: Plain,
    /// What was read last, and where it begins.
    window: Mutex<(u64, Vec<u8>)>,
}

impl Bytes for Ahead {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if into.len() >= AHEAD {
            return self.file.read_at(offset, into);
        }
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, bytes) = &mut *window;
        let end = *start + bytes.len() as u64;
        if offset < *start || offset + into.len() as u64 > end {
            bytes.resize(AHEAD, 0);
            *start = offset;
            let read = self.file.read_at(offset, bytes);
            bytes.truncate(*read.as_ref().unwrap_or(&0));
            read?;
        }
        let ready = &bytes[(offset - *start) as usize..];
        let len = ready.len().min(into.len());
        into[..len].copy_from_slice(&ready[..len]);
        Ok(len)
    }
}

struct Packed<'a>(&'a Mutex<Unpacked>);

impl Bytes for Packed<'_> {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .read_at(offset, into)
    }
}

impl Unpacked {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        while self.start + self.bytes.len() as u64 <= offset {
            if self.bytes.len() > 2 * BEHIND {
                let gone = self.bytes.len() - BEHIND;
                self.bytes.drain(..gone);
                self.start += gone as u64;
            }
            let had = self.bytes.len();
            let more = self.reader.by_ref().take(256 << 10);
            // What stands before a broken place can still be read.
            let result = { more }.read_to_end(&mut self.bytes);
            if self.bytes.len() == had {
                return result.or(Ok(0));
            }
        }
        let skip = (offset - self.start) as usize;
        let ready = &self.bytes[skip..];
        let len = ready.len().min(into.len());
        into[..len].copy_from_slice(&ready[..len]);
        Ok(len)
    }
}
