//! Reads a case file from its beginning, record by record, and finds its way behind damage.
//!
//! What is broken with nothing sound behind it is the tail that a killed program or a lost power
//! left. What is broken with something sound behind it is damage. It decides nothing about what
//! either means.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;

use super::format::{FRAME, Frame, HEADER, Header, SYNC};
use super::words;

/// Bytes read at once.
const CHUNK: usize = 1 << 20;
/// The same where only headers and facts are looked at.
const SKIM: usize = 4 << 10;

/// How much is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Every byte is checked.
    Whole,
    /// The pages are passed over.
    Skim,
}

/// What stands in a file.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    /// A record, as it was written.
    Record {
        /// Where it begins.
        at: u64,
        /// Its header.
        frame: Frame,
        /// Its facts.
        meta: &'a [u8],
        /// Its data as they are stored; empty when they were passed over.
        data: &'a [u8],
    },
    /// Something broken, with sound records behind it.
    Damage(Damage),
}

/// Bytes that are not what was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damage {
    /// Where they begin.
    pub at: u64,
    /// How many there are.
    pub len: u64,
    /// The header of the record they were, where that is known.
    pub frame: Option<Frame>,
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scanned {
    /// The header.
    pub header: Header,
    /// Where the last sound record ends.
    pub end: u64,
    /// Bytes behind it.
    pub torn: u64,
}

/// Shows `each` everything in the file, in order, until it has seen enough.
///
/// # Errors
/// When the file cannot be read, or does not begin as a case file.
pub fn scan(
    file: &File,
    depth: Depth,
    mut each: impl FnMut(Item<'_>) -> ControlFlow<()>,
) -> io::Result<Scanned> {
    let len = file.metadata()?.len();
    let mut window = Window::new(file, len, depth);
    let header = Header::decode(window.get(0, HEADER)?).map_err(io::Error::other)?;
    let salt = header.salt;
    let (mut at, mut end) = (HEADER as u64, HEADER as u64);
    // Broken places that may be the tail.
    let mut broken: Vec<Damage> = Vec::new();
    while at < len {
        let frame = Frame::decode(window.get(at, FRAME)?, salt);
        let Some(frame) = frame.filter(|frame| at + frame.whole() <= len) else {
            let next = window.next_frame(at + 1, salt)?;
            broken.push(Damage {
                at,
                len: next - at,
                frame: None,
            });
            at = next;
            continue;
        };
        let passed_over = depth == Depth::Skim && frame.kind == words::PAGE;
        let body = if passed_over {
            window.get(at + FRAME as u64, frame.meta)?
        } else {
            window.get(at + FRAME as u64, frame.body())?
        };
        if !passed_over && !frame.is_sound(body, salt) {
            broken.push(Damage {
                at,
                len: frame.whole(),
                frame: Some(frame),
            });
            at += frame.whole();
            continue;
        }
        let record = Item::Record {
            at,
            frame,
            meta: &body[..frame.meta],
            data: &body[frame.meta..],
        };
        at += frame.whole();
        end = at;
        let mut seen = broken.drain(..).map(Item::Damage);
        if seen.any(|damage| each(damage).is_break()) || each(record).is_break() {
            break;
        }
    }
    Ok(Scanned {
        header,
        end,
        torn: len - end,
    })
}

/// The part of a file that is being looked at.
struct Window<'a> {
    file: &'a File,
    len: u64,
    chunk: usize,
    bytes: Vec<u8>,
    at: u64,
}

impl<'a> Window<'a> {
    fn new(file: &'a File, len: u64, depth: Depth) -> Self {
        let chunk = match depth {
            Depth::Whole => CHUNK,
            Depth::Skim => SKIM,
        };
        Self {
            file,
            len,
            chunk,
            bytes: Vec::new(),
            at: 0,
        }
    }

    /// `want` bytes at `at`; fewer at the end of the file.
    fn get(&mut self, at: u64, want: usize) -> io::Result<&[u8]> {
        let want = want.min(self.len.saturating_sub(at) as usize);
        let held = self.at..self.at + self.bytes.len() as u64;
        if at < held.start || at + want as u64 > held.end {
            let room = want
                .max(self.chunk)
                .min(self.len.saturating_sub(at) as usize);
            self.bytes.resize(room, 0);
            self.at = at;
            self.file.read_exact_at(&mut self.bytes, at)?;
        }
        let from = (at - self.at) as usize;
        Ok(&self.bytes[from..from + want])
    }

    /// Where the next header of a record stands, from `at` on; the end of the file if there is none.
    fn next_frame(&mut self, at: u64, salt: u32) -> io::Result<u64> {
        let mut at = at;
        while at + (FRAME as u64) <= self.len {
            let (chunk, len) = (self.chunk.max(FRAME), self.len);
            let bytes = self.get(at, chunk)?;
            let sound = |found: &usize| {
                let frame = Frame::decode(&bytes[*found..], salt);
                frame.is_some_and(|frame| at + *found as u64 + frame.whole() <= len)
            };
            if let Some(found) = memchr::memmem::find_iter(bytes, &SYNC).find(sound) {
                return Ok(at + found as u64);
            }
            // A header that is cut by the end of these bytes is whole in the next.
            let step = bytes.len() - (FRAME - 1);
            at += step as u64;
        }
        Ok(self.len)
    }
}
