//! Pages read again by the offset that batches and sightings name.
//!
//! The bytes of all pages follow each other at offsets of their own, wherever their records lie:
//! in the case, or in the unnamed file that takes what a case cannot. Every read is checked.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use super::format::{self, FRAME, Frame};
use crate::sources::files::frame::{self, Bytes, Framing};
use crate::sources::texts::{Origin, RawEvent};

/// Where one page lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    /// Offset of its first byte among the bytes of all pages.
    pub start: u64,
    /// Which piece of its source it belongs to.
    pub piece: u32,
    /// Where its record begins in its file.
    pub at: u64,
    /// The header of its record.
    pub frame: Frame,
    /// It lies in the unnamed file.
    pub spilt: bool,
}

impl Block {
    /// The offset behind its last byte.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.start + self.frame.full as u64
    }
}

/// Every page of a case.
pub struct Pages {
    salt: u32,
    case: File,
    spill: OnceLock<File>,
    /// In the order of their offsets.
    blocks: RwLock<Vec<Block>>,
    /// The page read last: events are mostly read in runs.
    last: Mutex<Option<(u64, Arc<Vec<u8>>)>>,
}

impl Pages {
    /// The pages of `case` whose blocks are known; more may follow.
    #[must_use]
    pub fn new(case: File, salt: u32, blocks: Vec<Block>) -> Self {
        Self {
            salt,
            case,
            spill: OnceLock::new(),
            blocks: RwLock::new(blocks),
            last: Mutex::default(),
        }
    }

    /// Another page, behind all others.
    pub fn push(&self, block: Block) {
        let mut blocks = self.blocks.write().unwrap_or_else(PoisonError::into_inner);
        blocks.push(block);
    }

    /// Where spilt pages lie.
    pub fn spill_to(&self, file: File) {
        // It is set once, by the one writer.
        let _ = self.spill.set(file);
    }

    /// The bytes of a page.
    ///
    /// # Errors
    /// When the file is gone or damaged there.
    pub fn load(&self, block: &Block) -> io::Result<Vec<u8>> {
        let file = match self.spill.get() {
            Some(spill) if block.spilt => spill,
            _ => &self.case,
        };
        let mut body = vec![0; block.frame.body()];
        file.read_exact_at(&mut body, block.at + FRAME as u64)?;
        if !block.frame.is_sound(&body, self.salt) {
            return Err(io::Error::other("the case file is damaged at this page"));
        }
        body.drain(..block.frame.meta);
        format::unpack(body, block.frame.full, block.frame.packed)
    }

    /// The page that has the byte at `offset`.
    fn around(&self, offset: u64) -> io::Result<Option<(u64, Arc<Vec<u8>>)>> {
        let block = {
            let blocks = self.blocks.read().unwrap_or_else(PoisonError::into_inner);
            let index = blocks.partition_point(|block| block.end() <= offset);
            blocks.get(index).copied()
        };
        let Some(block) = block else { return Ok(None) };
        if offset < block.start {
            return Err(io::Error::other("the case file is damaged at this page"));
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((start, bytes)) = &*last
            && *start == block.start
        {
            return Ok(Some((*start, Arc::clone(bytes))));
        }
        let bytes = Arc::new(self.load(&block)?);
        *last = Some((block.start, Arc::clone(&bytes)));
        Ok(Some((block.start, bytes)))
    }
}

impl Bytes for Pages {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let Some((start, bytes)) = self.around(offset)? else {
            return Ok(0);
        };
        One(&bytes).read_at(offset - start, into)
    }
}

impl Origin for Pages {
    fn read(&self, offset: u64) -> io::Result<RawEvent> {
        let Some((start, bytes)) = self.around(offset)? else {
            return Err(io::Error::other("there is no event at this place any more"));
        };
        // A page holds whole lines, so that the next one need not be unpacked to find an end.
        frame::event_at(&One(&bytes), offset - start, &Framing::default())
    }
}

/// The bytes of one page.
struct One<'a>(&'a [u8]);

impl Bytes for One<'_> {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let len = rest.len().min(into.len());
        into[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }
}
