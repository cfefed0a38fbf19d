//! What was read from a place that cannot be read twice: standard input, a pipe, fetched pages.
//!
//! Bytes are appended once and stay readable by offset, in compressed blocks of an unnamed file
//! that disappears with the run. Memory holds one open block and the index. It never interprets
//! the bytes beyond finding where an event ends.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::channel::Feed;
use super::files::frame::{self, Bytes, Framing};
use super::texts::{Origin, RawEvent};
use crate::domain::event::OriginId;

/// Bytes of input in one block.
const BLOCK: usize = 256 << 10;
/// Log text shrinks well at the fastest level.
const LEVEL: i32 = 1;

/// An append-only store of raw input, readable again by offset.
pub struct Spool {
    id: OriginId,
    framing: Framing,
    state: Mutex<State>,
}

struct State {
    file: File,
    /// Closed blocks, in order; they follow each other without a gap.
    blocks: Vec<Block>,
    /// End of the last block in the file.
    file_end: u64,
    /// The open block.
    tail: Vec<u8>,
    /// Offset of its first byte.
    tail_start: u64,
    /// The block read last, unpacked: events are mostly read in runs.
    unpacked: Option<(usize, Vec<u8>)>,
}

struct Block {
    start: u64,
    file_start: u64,
    packed: usize,
    len: usize,
}

impl Spool {
    /// A new, empty spool of CloudWatch-shaped lines, registered with `feed.texts`.
    ///
    /// # Errors
    /// When no temporary file can be made.
    pub fn new(feed: &Feed) -> io::Result<Arc<Self>> {
        Self::framed(feed, Framing::default())
    }

    /// The same for input whose events are framed in another way.
    ///
    /// # Errors
    /// When no temporary file can be made.
    pub fn framed(feed: &Feed, framing: Framing) -> io::Result<Arc<Self>> {
        let spool = Arc::new(Self {
            id: feed.ids.origin(),
            framing,
            state: Mutex::new(State {
                file: tempfile::tempfile()?,
                blocks: Vec::new(),
                file_end: 0,
                tail: Vec::new(),
                tail_start: 0,
                unpacked: None,
            }),
        });
        feed.texts.register(spool.id, spool.clone());
        Ok(spool)
    }

    /// What batches name as their origin.
    #[must_use]
    pub const fn id(&self) -> OriginId {
        self.id
    }

    /// Keeps `bytes`, and returns the offset of the first of them. Bytes of one call stay together;
    /// a call should hold whole lines, each with its line end.
    ///
    /// # Errors
    /// When the temporary file cannot be written (the disk is full). No offset leads to these bytes then.
    pub fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut state = self.lock();
        let offset = state.end();
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = BLOCK.saturating_sub(state.tail.len()).min(rest.len());
            state.tail.extend_from_slice(&rest[..room]);
            rest = &rest[room..];
            if state.tail.len() >= BLOCK {
                state.close_block()?;
            }
        }
        Ok(offset)
    }

    /// How many bytes it holds.
    pub fn len(&self) -> u64 {
        self.lock().end()
    }

    /// Whether nothing was appended yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn end(&self) -> u64 {
        self.tail_start + self.tail.len() as u64
    }

    fn close_block(&mut self) -> io::Result<()> {
        let packed = zstd::bulk::compress(&self.tail, LEVEL)?;
        self.file.seek(SeekFrom::Start(self.file_end))?;
        self.file.write_all(&packed)?;
        self.blocks.push(Block {
            start: self.tail_start,
            file_start: self.file_end,
            packed: packed.len(),
            len: self.tail.len(),
        });
        self.file_end += packed.len() as u64;
        self.tail_start += self.tail.len() as u64;
        self.tail.clear();
        Ok(())
    }

    fn unpack(&mut self, index: usize) -> io::Result<()> {
        if self.unpacked.as_ref().is_some_and(|(i, _)| *i == index) {
            return Ok(());
        }
        let block = &self.blocks[index];
        let mut packed = vec![0; block.packed];
        self.file.seek(SeekFrom::Start(block.file_start))?;
        self.file.read_exact(&mut packed)?;
        self.unpacked = Some((index, zstd::bulk::decompress(&packed, block.len)?));
        Ok(())
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if offset >= self.tail_start {
            let skip = (offset - self.tail_start) as usize;
            return Ok(copy(self.tail.get(skip..).unwrap_or_default(), into));
        }
        let index = self.blocks.partition_point(|block| block.start <= offset) - 1;
        self.unpack(index)?;
        let skip = (offset - self.blocks[index].start) as usize;
        let bytes = self.unpacked.as_ref().and_then(|(_, b)| b.get(skip..));
        Ok(copy(bytes.unwrap_or_default(), into))
    }
}

/// Copies as much as fits, and says how much that was.
fn copy(from: &[u8], into: &mut [u8]) -> usize {
    let len = from.len().min(into.len());
    into[..len].copy_from_slice(&from[..len]);
    len
}

impl Bytes for Spool {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.lock().read_at(offset, into)
    }
}

impl Origin for Spool {
    fn read(&self, offset: u64) -> io::Result<RawEvent> {
        frame::event_at(self, offset, &self.framing)
    }
}
