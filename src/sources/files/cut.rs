//! Cuts one input into chunks, each beginning where an event begins.
//!
//! The only part of reading that must see an input in order; it does as little as it can, so that
//! other threads decode meanwhile. Where it cuts never changes what the events are. Here is only
//! what follows what: [`super::cut_lines`] and [`super::cut_page`] know where to cut.

use std::io::{self, Read};
use std::sync::Arc;

use super::chunk::{Chunk, Kind};
use super::cut_lines::Lines;
use super::cut_page::{Page, Turn};
use super::document::Probe;
use super::find_document::{Finder, Found};
use super::frame::Framing;
use super::window::{Filled, Window};

/// Bytes of a chunk, more or less.
pub const TARGET: usize = 512 << 10;

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
    /// Among lines.
    Lines,
    /// In the array of a page.
    Page(Page),
    /// Behind a document: the rest of its last line, if that is blank.
    LineEnd,
    /// In a line whose beginning was cut off at the limit; what follows is left out.
    Skip,
}

enum Step {
    Chunk(Chunk),
    Again,
    Idle,
    End,
}

impl From<Filled> for Step {
    fn from(filled: Filled) -> Self {
        match filled {
            Filled::More => Self::Again,
            Filled::Idle => Self::Idle,
            Filled::End => Self::End,
        }
    }
}

/// Cuts one input.
pub struct Cutter {
    window: Window,
    lines: Lines,
    finder: Finder,
    state: State,
    /// The input is a table.
    rows: bool,
    /// The input ends in the middle of a document.
    broken: bool,
}

impl Cutter {
    /// A cutter for an input whose first byte has this offset.
    pub fn new(input: Box<dyn Read + Send>, framing: Arc<Framing>, base: u64) -> Self {
        Self {
            window: Window::new(input, base, TARGET),
            finder: Finder::new(&framing),
            rows: framing.table.is_some(),
            lines: Lines::new(framing),
            state: State::Lines,
            broken: false,
        }
    }

    /// Other chunks than usual; for tests.
    #[must_use]
    pub const fn with_target(mut self, target: usize) -> Self {
        self.window.set_target(target);
        self
    }

    /// The end of the input is not the last word.
    #[must_use]
    pub const fn growing(mut self) -> Self {
        self.window.grow();
        self
    }

    /// Nothing will be appended any more.
    pub const fn finish(&mut self) {
        self.window.finish();
    }

    /// A new look at an input that had nothing new.
    pub const fn look_again(&mut self) {
        self.window.look_again();
    }

    /// Uses the room of a chunk that nobody needs any more.
    pub fn reuse(&mut self, spare: Vec<u8>) {
        self.window.reuse(spare);
    }

    /// How far the input has been read.
    pub const fn file_position(&self) -> u64 {
        self.window.end()
    }

    /// Whether something was read that is not cut yet: it may go on.
    pub fn holds(&self) -> bool {
        !self.window.bytes().is_empty()
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
            let step = match &self.state {
                State::Lines => self.lines()?,
                State::Page(page) => {
                    let turn = page.go_on(&mut self.window)?;
                    self.turn(turn)
                }
                State::LineEnd => self.line_end()?,
                State::Skip => self.skip()?,
            };
            match step {
                Step::Chunk(chunk) => return Ok(Next::Chunk(chunk)),
                Step::Again => {}
                Step::Idle => return Ok(Next::Idle),
                Step::End => return Ok(Next::End),
            }
        }
    }

    /// What was read before an error; the input ends here.
    pub fn rest(&mut self) -> Option<Chunk> {
        self.window.break_off();
        match self.next_chunk() {
            Ok(Next::Chunk(chunk)) => Some(chunk),
            _ => None,
        }
    }

    fn lines(&mut self) -> io::Result<Step> {
        if self.window.bytes().is_empty() {
            return self.more();
        }
        // What looks like a document in a table is a cell.
        let found = if self.rows {
            Found::None
        } else {
            self.finder.find(&self.window)
        };
        match found {
            Found::None => {}
            Found::More => return self.more(),
            Found::At(0, document) => return Ok(self.enter(document)),
            Found::At(at, _) => {
                let chunk = self.lines.take(&mut self.window, at);
                self.lines.begin_anew();
                self.finder.behind_json();
                return Ok(Step::Chunk(chunk));
            }
        }
        if self.window.bytes().len() >= self.window.target()
            && let Some(chunk) = self.lines.cut(&mut self.window)
        {
            if chunk.cut {
                self.state = State::Skip;
            }
            return Ok(self.give(chunk));
        }
        self.more()
    }

    /// Reads more; at the end, gives what there is.
    fn more(&mut self) -> io::Result<Step> {
        let ended = self.window.ended();
        let chunk = match self.window.fill()? {
            Filled::More => return Ok(Step::Again),
            // Only now is it known that its last line is whole: a document may begin there.
            Filled::End if !ended && self.window.ended() => return Ok(Step::Again),
            Filled::Idle => self.lines.cut_idle(&mut self.window),
            Filled::End if self.window.bytes().is_empty() => return Ok(Step::End),
            Filled::End => {
                let all = self.window.bytes().len();
                Some(self.lines.take(&mut self.window, all))
            }
        };
        Ok(chunk.map_or(Step::Idle, |chunk| self.give(chunk)))
    }

    /// Gives lines.
    const fn give(&mut self, chunk: Chunk) -> Step {
        self.finder.behind_lines();
        Step::Chunk(chunk)
    }

    fn skip(&mut self) -> io::Result<Step> {
        if let Some(end) = memchr::memchr(b'\n', self.window.bytes()) {
            self.window.skip(end + 1);
            self.state = State::Lines;
            return Ok(Step::Again);
        }
        self.window.skip(self.window.bytes().len());
        Ok(self.window.fill()?.into())
    }

    fn enter(&mut self, document: Probe) -> Step {
        match document {
            Probe::Page {
                elements,
                stream,
                around,
            } => {
                self.window.skip(elements);
                self.state = State::Page(Page {
                    stream: stream.into(),
                    around,
                });
                Step::Again
            }
            Probe::Object(end) => {
                let chunk = Chunk {
                    kind: Kind::Elements("".into()),
                    ..self.window.take(end)
                };
                self.leave();
                Step::Chunk(chunk)
            }
            Probe::No | Probe::More => Step::Again,
        }
    }

    /// Follows what a page came to.
    fn turn(&mut self, turn: Turn) -> Step {
        match turn {
            Turn::Elements(chunk) => return Step::Chunk(chunk),
            Turn::Again => {}
            Turn::Idle => return Step::Idle,
            Turn::Closed => self.leave(),
            Turn::Bad(probed) => {
                self.leave();
                self.finder.behind_lines();
                self.finder.from(probed);
            }
            Turn::Broken(rest) => {
                self.broken = true;
                self.state = State::Lines;
                return rest.map_or(Step::End, Step::Chunk);
            }
        }
        Step::Again
    }

    /// Behind a document: lines, or another one.
    fn leave(&mut self) {
        self.finder.behind_json();
        self.finder.from(self.window.base());
        self.lines.begin_anew();
        self.state = State::LineEnd;
    }

    /// The rest of a document's last line is not a line of its own.
    fn line_end(&mut self) -> io::Result<Step> {
        let bytes = self.window.bytes();
        let blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\r');
        let space = bytes.iter().take_while(blank).count();
        let next = bytes.get(space).copied();
        self.window.skip(space + usize::from(next == Some(b'\n')));
        if next.is_none() {
            return Ok(self.window.fill()?.into());
        }
        self.state = State::Lines;
        Ok(Step::Again)
    }
}
