//! What of an input has been read and not been cut yet.
//!
//! Reads on, counts offsets and lines, and gives pieces away from the front. It does not know what
//! the bytes mean.

use std::io::{self, Read};

use super::chunk::{After, Chunk, Kind};

/// What can be expected of the input.
#[derive(PartialEq, Eq)]
enum Supply {
    /// Its end is the end.
    Whole,
    /// More may be appended after its end.
    Grows,
    /// It has ended.
    Ended,
}

/// What reading more gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filled {
    /// More bytes.
    More,
    /// Nothing new for now.
    Idle,
    /// The end.
    End,
}

/// The part of an input at hand.
pub struct Window {
    input: Box<dyn Read + Send>,
    supply: Supply,
    target: usize,
    bytes: Vec<u8>,
    /// Room for other bytes.
    spare: Vec<u8>,
    base: u64,
    line: u64,
    /// How many looks in a row found nothing new.
    idle: u32,
    /// This look has found nothing new.
    looked: bool,
}

impl Window {
    /// A window on an input whose first byte has this offset, of about `target` bytes.
    pub const fn new(input: Box<dyn Read + Send>, base: u64, target: usize) -> Self {
        Self {
            input,
            supply: Supply::Whole,
            target,
            bytes: Vec::new(),
            spare: Vec::new(),
            base,
            line: 1,
            idle: 0,
            looked: false,
        }
    }

    /// Another size from here on.
    pub const fn set_target(&mut self, target: usize) {
        self.target = target;
    }

    /// Bytes of a piece, more or less.
    pub const fn target(&self) -> usize {
        self.target
    }

    /// The end of the input is not the last word.
    pub const fn grow(&mut self) {
        self.supply = Supply::Grows;
    }

    /// Nothing will be appended any more.
    pub const fn finish(&mut self) {
        self.supply = Supply::Whole;
    }

    /// The input ends with what has been read.
    pub fn break_off(&mut self) {
        self.input = Box::new(io::empty());
        self.supply = Supply::Whole;
    }

    /// Whether the end of the input has been read.
    pub fn ended(&self) -> bool {
        self.supply == Supply::Ended
    }

    /// What is at hand.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Offset of the first byte at hand.
    pub const fn base(&self) -> u64 {
        self.base
    }

    /// Offset behind the last byte at hand.
    pub const fn end(&self) -> u64 {
        self.base + self.bytes.len() as u64
    }

    /// Reads more.
    ///
    /// # Errors
    /// When the input cannot be read further.
    pub fn fill(&mut self) -> io::Result<Filled> {
        if self.ended() {
            return Ok(Filled::End);
        }
        let before = self.bytes.len();
        let want = self.target as u64;
        let result = self.input.by_ref().take(want).read_to_end(&mut self.bytes);
        if self.bytes.len() > before {
            self.idle = 0;
        }
        match result {
            Ok(0) if self.supply == Supply::Grows => Ok(Filled::Idle),
            Ok(0) => {
                self.supply = Supply::Ended;
                Ok(Filled::End)
            }
            Ok(_) => Ok(Filled::More),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Filled::Idle),
            Err(error) => Err(error),
        }
    }

    /// Gives the first `len` bytes away, as lines behind nothing.
    pub fn take(&mut self, len: usize) -> Chunk {
        let mut rest = std::mem::take(&mut self.spare);
        rest.clear();
        rest.reserve(self.target + self.bytes.len() - len);
        rest.extend_from_slice(&self.bytes[len..]);
        self.bytes.truncate(len);
        let chunk = Chunk {
            bytes: std::mem::replace(&mut self.bytes, rest),
            base: self.base,
            line: self.line,
            kind: Kind::Lines,
            after: After::Nothing,
            cut: false,
        };
        self.advance(&chunk.bytes);
        chunk
    }

    /// Uses the room of bytes that nobody needs any more.
    pub fn reuse(&mut self, spare: Vec<u8>) {
        if spare.capacity() > self.spare.capacity() {
            self.spare = spare;
        }
    }

    /// Passes over the first `len` bytes.
    pub fn skip(&mut self, len: usize) {
        let gone: Vec<u8> = self.bytes.drain(..len).collect();
        self.advance(&gone);
    }

    fn advance(&mut self, gone: &[u8]) {
        self.base += gone.len() as u64;
        self.line += memchr::memchr_iter(b'\n', gone).count() as u64;
    }

    /// A new look at an input that had nothing new.
    pub const fn look_again(&mut self) {
        self.looked = false;
    }

    /// Counts a look that found nothing new: how many in a row it makes, or `None` if this look
    /// is counted already.
    pub const fn count_idle(&mut self) -> Option<u32> {
        if self.looked {
            return None;
        }
        self.looked = true;
        self.idle += 1;
        Some(self.idle)
    }
}
