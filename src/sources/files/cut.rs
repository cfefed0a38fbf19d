//! Cuts one input into chunks, each beginning where an event begins.
//!
//! The only part of reading that must see an input in order; it does as little as it can, so that
//! other threads decode meanwhile. Where it cuts never changes what the events are.

use std::io::{self, Read};
use std::sync::Arc;

use super::chunk::{After, Chunk, Kind, LINE_LIMIT, TEXT_LIMIT};
use super::document::{self, HEAD, Probe, Stop};
use super::envelope::{self, Object, Sink};
use super::frame::{Begins, Framing};
use super::stamp::Stamps;
use crate::domain::json::Odd;

/// Bytes of a chunk, more or less.
pub const TARGET: usize = 512 << 10;
/// After so many looks that found nothing new, a last line without an end is taken as complete.
const PATIENCE: u32 = 20;

/// What a cutter gives.
#[derive(Debug)]
pub enum Next {
    /// A piece to decode.
    Chunk(Chunk),
    /// Nothing new for now.
    Idle,
    /// The end.
    End,
}

enum State {
    /// Lines.
    Lines,
    /// In the array of a page.
    Page { stream: Arc<str>, wrapped: bool },
    /// Behind a document: the rest of its last line, if that is blank.
    LineEnd,
    /// In a line whose beginning was cut off at the limit; what follows is left out.
    Skip,
}

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
#[derive(PartialEq, Eq)]
enum Filled {
    More,
    Idle,
    End,
}

/// Cuts one input.
pub struct Cutter {
    input: Box<dyn Read + Send>,
    framing: Arc<Framing>,
    stamps: Stamps,
    sink: Sink,
    target: usize,
    buf: Vec<u8>,
    base: u64,
    line: u64,
    state: State,
    after: After,
    /// Nothing but JSON came before: objects may be spread over lines.
    fresh: bool,
    /// No document begins before this place in `buf`.
    probed: usize,
    /// No event begins before this place in `buf`, but at 0.
    scanned: usize,
    supply: Supply,
    /// How many looks in a row found nothing new.
    idle: u32,
    /// This look has found nothing new.
    looked: bool,
    /// The input ends in the middle of a document.
    broken: bool,
}

impl Cutter {
    /// A cutter for an input whose first byte has this offset.
    pub fn new(input: Box<dyn Read + Send>, framing: Arc<Framing>, base: u64) -> Self {
        Self {
            input,
            stamps: Stamps::new(framing.assumed.clone()),
            framing,
            sink: Sink::default(),
            target: TARGET,
            buf: Vec::new(),
            base,
            line: 1,
            state: State::Lines,
            after: After::Nothing,
            fresh: true,
            probed: 0,
            scanned: 0,
            supply: Supply::Whole,
            idle: 0,
            looked: false,
            broken: false,
        }
    }

    /// Other chunks than usual; for tests.
    #[must_use]
    pub const fn with_target(mut self, target: usize) -> Self {
        self.target = target;
        self
    }

    /// The end of the input is not the last word.
    #[must_use]
    pub const fn growing(mut self) -> Self {
        self.supply = Supply::Grows;
        self
    }

    /// Nothing will be appended any more.
    pub const fn finish(&mut self) {
        self.supply = Supply::Whole;
    }

    /// A new look at an input that had nothing new.
    pub const fn look_again(&mut self) {
        self.looked = false;
    }

    /// How far the input has been read.
    pub const fn file_position(&self) -> u64 {
        self.base + self.buf.len() as u64
    }

    /// Whether the input ended in the middle of a document.
    pub const fn broken(&self) -> bool {
        self.broken
    }

    /// The next chunk.
    ///
    /// # Errors
    /// When the input cannot be read further. What was read before can still be had from
    /// [`Cutter::rest`].
    pub fn next_chunk(&mut self) -> io::Result<Next> {
        loop {
            let chunk = match &self.state {
                State::Lines => self.lines()?,
                State::Page { .. } => self.page()?,
                State::LineEnd => self.line_end()?,
                State::Skip => self.skip()?,
            };
            match chunk {
                Step::Chunk(chunk) => return Ok(Next::Chunk(chunk)),
                Step::Again => {}
                Step::Idle => return Ok(Next::Idle),
                Step::End => return Ok(Next::End),
            }
        }
    }

    /// What was read before an error; the input ends here.
    pub fn rest(&mut self) -> Option<Chunk> {
        self.input = Box::new(io::empty());
        self.supply = Supply::Whole;
        match self.next_chunk() {
            Ok(Next::Chunk(chunk)) => Some(chunk),
            _ => None,
        }
    }

    fn fill(&mut self) -> io::Result<Filled> {
        if self.supply == Supply::Ended {
            return Ok(Filled::End);
        }
        let before = self.buf.len();
        let want = self.target as u64;
        let result = self.input.by_ref().take(want).read_to_end(&mut self.buf);
        if self.buf.len() > before {
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

    /// Gives the first `len` bytes away.
    fn chunk(&mut self, len: usize, kind: Kind, cut: bool) -> Chunk {
        let mut rest = Vec::with_capacity(self.target + self.buf.len() - len);
        rest.extend_from_slice(&self.buf[len..]);
        self.buf.truncate(len);
        let bytes = std::mem::replace(&mut self.buf, rest);
        let chunk = Chunk {
            base: self.base,
            line: self.line,
            kind,
            after: self.after,
            cut,
            bytes,
        };
        self.advance(&chunk.bytes);
        self.fresh = false;
        chunk
    }

    /// Passes over the first `len` bytes.
    fn drop_front(&mut self, len: usize) {
        let gone: Vec<u8> = self.buf.drain(..len).collect();
        self.advance(&gone);
    }

    fn advance(&mut self, gone: &[u8]) {
        self.base += gone.len() as u64;
        self.line += memchr::memchr_iter(b'\n', gone).count() as u64;
        self.probed = self.probed.saturating_sub(gone.len());
        self.scanned = 0;
    }

    fn lines(&mut self) -> io::Result<Step> {
        if self.buf.is_empty() {
            return self.more();
        }
        match self.find_document() {
            Found::None => {}
            Found::More => return self.more(),
            Found::At(0, probe) => return Ok(self.enter(probe)),
            Found::At(at, _) => {
                let chunk = self.chunk(at, Kind::Lines, false);
                self.after = After::Nothing;
                self.fresh = true;
                return Ok(Step::Chunk(chunk));
            }
        }
        if self.buf.len() >= self.target
            && let Some(chunk) = self.cut_lines()
        {
            return Ok(Step::Chunk(chunk));
        }
        self.more()
    }

    /// Reads more; at the end, gives what there is.
    fn more(&mut self) -> io::Result<Step> {
        match self.fill()? {
            Filled::More => Ok(Step::Again),
            Filled::Idle => Ok(self.idle_lines()),
            Filled::End if self.buf.is_empty() => Ok(Step::End),
            Filled::End => {
                let all = self.buf.len();
                Ok(Step::Chunk(self.chunk(all, Kind::Lines, false)))
            }
        }
    }

    /// Nothing new came for a while: complete lines go out, the last event only when it has had
    /// time to go on, and a line without an end when it must be complete or has waited long.
    fn idle_lines(&mut self) -> Step {
        if self.looked {
            return Step::Idle;
        }
        self.looked = true;
        self.idle += 1;
        let complete = memchr::memrchr(b'\n', &self.buf).map_or(0, |i| i + 1);
        let len = if self.idle == 1 {
            self.last_start().unwrap_or(0)
        } else if self.idle >= PATIENCE || self.is_event(complete) {
            self.buf.len()
        } else {
            complete
        };
        if len == 0 {
            return Step::Idle;
        }
        Step::Chunk(self.chunk(len, Kind::Lines, false))
    }

    fn is_event(&mut self, at: usize) -> bool {
        let line = &self.buf[at..];
        self.framing.begins(line, &mut self.stamps, &mut self.sink) == Begins::Json
    }

    /// The last complete line, but the first, where an event begins.
    fn last_start(&mut self) -> Option<usize> {
        let last = memchr::memrchr(b'\n', &self.buf)?;
        let mut end = last;
        loop {
            let start = memchr::memrchr(b'\n', &self.buf[..end]).map_or(0, |i| i + 1);
            if start == 0 || start < self.scanned {
                self.scanned = last + 1;
                return None;
            }
            if self.begins(start, end) != Begins::Nothing {
                return Some(start);
            }
            end = start - 1;
        }
    }

    fn begins(&mut self, start: usize, end: usize) -> Begins {
        let line = &self.buf[start..end];
        self.framing.begins(line, &mut self.stamps, &mut self.sink)
    }

    fn cut_lines(&mut self) -> Option<Chunk> {
        if let Some(start) = self.last_start() {
            let chunk = self.chunk(start, Kind::Lines, false);
            self.after = After::Nothing;
            return Some(chunk);
        }
        let near = self.buf.len().min(LINE_LIMIT);
        let last = memchr::memrchr(b'\n', &self.buf[..near]);
        let first = memchr::memchr(b'\n', &self.buf[..near]);
        let begins = first.map_or(Begins::Nothing, |end| self.begins(0, end));
        match last {
            // Every line stands for itself, or belongs to an event that was cut before.
            Some(last) if begins != Begins::Text => {
                let chunk = self.chunk(last + 1, Kind::Lines, false);
                if begins == Begins::Json {
                    self.after = After::Nothing;
                }
                Some(chunk)
            }
            _ if self.buf.len() < LINE_LIMIT => None,
            Some(last) if last > 2 * TEXT_LIMIT => {
                let chunk = self.chunk(last + 1, Kind::Lines, false);
                self.after = After::CutEvent;
                Some(chunk)
            }
            _ => {
                let chunk = self.chunk(LINE_LIMIT, Kind::Lines, true);
                self.state = State::Skip;
                self.after = match chunk.bytes.first() {
                    Some(b'{') => After::Nothing,
                    _ => After::CutEvent,
                };
                Some(chunk)
            }
        }
    }

    fn skip(&mut self) -> io::Result<Step> {
        if let Some(end) = memchr::memchr(b'\n', &self.buf) {
            self.drop_front(end + 1);
            self.state = State::Lines;
            return Ok(Step::Again);
        }
        let all = self.buf.len();
        self.drop_front(all);
        Ok(match self.fill()? {
            Filled::More => Step::Again,
            Filled::Idle => Step::Idle,
            Filled::End => Step::End,
        })
    }

    fn find_document(&mut self) -> Found {
        let ended = self.supply == Supply::Ended;
        let mut at = self.probed;
        while at < self.buf.len() {
            let end = memchr::memchr(b'\n', &self.buf[at..]).map(|len| at + len);
            let line = &self.buf[at..end.unwrap_or(self.buf.len())];
            let first = at == 0 && self.fresh;
            let known = end.is_some() || ended || (at == 0 && line.len() >= LINE_LIMIT);
            if !known {
                break;
            }
            if document::may_begin(line)
                || (first && line.first() == Some(&b'['))
                || line.len() >= LINE_LIMIT
            {
                match document::probe(&self.buf[at..]) {
                    Probe::More if !ended && self.buf.len() - at < HEAD => {
                        return Found::More;
                    }
                    Probe::Object(end) if first && self.is_bare_event(end) => {
                        return Found::At(at, Probe::Object(end));
                    }
                    probe @ Probe::Page { .. } => return Found::At(at, probe),
                    _ => {}
                }
            }
            at = end.map_or(self.buf.len(), |end| end + 1);
            self.probed = at;
        }
        Found::None
    }

    /// Whether one object spread over lines is an event.
    fn is_bare_event(&mut self, end: usize) -> bool {
        if memchr::memchr(b'\n', &self.buf[..end]).is_none() {
            return false;
        }
        self.sink.truncate(0);
        let read = envelope::read(&self.buf[..end], 0, &mut self.sink, &mut self.stamps);
        matches!(read, Ok((Object::Event(..) | Object::Line(..), _)))
    }

    fn enter(&mut self, probe: Probe) -> Step {
        match probe {
            Probe::Page {
                elements,
                stream,
                wrapped,
            } => {
                self.drop_front(elements);
                self.state = State::Page {
                    stream: stream.into(),
                    wrapped,
                };
                Step::Again
            }
            Probe::Object(end) => {
                let chunk = self.chunk(end, Kind::Elements("".into()), false);
                self.leave();
                Step::Chunk(chunk)
            }
            Probe::No | Probe::More => Step::Again,
        }
    }

    /// Behind a document: lines, or another one.
    fn leave(&mut self) {
        self.probed = 0;
        self.fresh = true;
        self.after = After::Nothing;
        self.state = State::LineEnd;
    }

    /// The rest of a document's last line is not a line of its own.
    fn line_end(&mut self) -> io::Result<Step> {
        let blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\r');
        let space = self.buf.iter().take_while(blank).count();
        match self.buf.get(space) {
            None => {
                self.drop_front(space);
                return Ok(match self.fill()? {
                    Filled::More => Step::Again,
                    Filled::Idle => Step::Idle,
                    Filled::End => Step::End,
                });
            }
            Some(b'\n') => self.drop_front(space + 1),
            Some(_) => self.drop_front(space),
        }
        self.state = State::Lines;
        Ok(Step::Again)
    }

    fn page(&mut self) -> io::Result<Step> {
        let State::Page { stream, wrapped } = &self.state else {
            return Ok(Step::Again);
        };
        let (stream, wrapped) = (stream.clone(), *wrapped);
        let (good, reason) = document::whole_elements(&self.buf, self.target);
        if good > 0 {
            return Ok(Step::Chunk(self.chunk(good, Kind::Elements(stream), false)));
        }
        match reason {
            Stop::Enough => Ok(Step::Again),
            Stop::Bracket(at) => self.close_page(at + 1, wrapped),
            Stop::Cut if self.buf.len() < LINE_LIMIT => match self.fill()? {
                Filled::More => Ok(Step::Again),
                Filled::Idle => Ok(Step::Idle),
                Filled::End => {
                    self.broken = true;
                    self.state = State::Lines;
                    let all = self.buf.len();
                    let blank = self.buf.trim_ascii().is_empty();
                    Ok(if blank {
                        self.drop_front(all);
                        Step::End
                    } else {
                        Step::Chunk(self.chunk(all, Kind::Elements(stream), false))
                    })
                }
            },
            Stop::Cut | Stop::Bad => {
                self.leave();
                self.fresh = false;
                self.probed = self.buf.len();
                Ok(Step::Again)
            }
        }
    }

    fn close_page(&mut self, at: usize, wrapped: bool) -> io::Result<Step> {
        let end = if wrapped {
            document::end_of_page(&self.buf, at)
        } else {
            Ok(at)
        };
        match end {
            Ok(end) => {
                self.drop_front(end);
                self.leave();
            }
            Err(Odd::Cut) if self.buf.len() < LINE_LIMIT => match self.fill()? {
                Filled::More => {}
                Filled::Idle => return Ok(Step::Idle),
                Filled::End => {
                    self.broken = true;
                    self.buf.clear();
                    self.state = State::Lines;
                }
            },
            Err(_) => {
                self.leave();
                self.fresh = false;
            }
        }
        Ok(Step::Again)
    }
}

enum Step {
    Chunk(Chunk),
    Again,
    Idle,
    End,
}

enum Found {
    None,
    More,
    At(usize, Probe),
}
