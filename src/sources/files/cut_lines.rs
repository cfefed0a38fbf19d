//! Where lines can be cut: before one that begins an event, or within what exceeds every limit.
//!
//! It does not see documents of several lines, and reads nothing on its own.

use std::sync::Arc;

use super::chunk::{After, Chunk, LINE_LIMIT, TEXT_LIMIT};
use super::frame::{Begins, Framing};
use super::sink::Sink;
use super::stamp::Stamps;
use super::table;
use super::window::Window;

/// After so many looks that found nothing new, a last line without an end is taken as complete.
const PATIENCE: u32 = 20;

/// Cuts lines.
pub struct Lines {
    framing: Arc<Framing>,
    stamps: Stamps,
    sink: Sink,
    /// What stands before the window.
    after: After,
    /// In a window with this base no event begins before this place, but at 0.
    scanned: (u64, usize),
}

impl Lines {
    /// For an input with this framing.
    pub fn new(framing: Arc<Framing>) -> Self {
        Self {
            stamps: Stamps::new(framing.assumed.clone()),
            framing,
            sink: Sink::default(),
            after: After::Nothing,
            scanned: (0, 0),
        }
    }

    /// What comes next belongs to no line before it.
    pub const fn begin_anew(&mut self) {
        self.after = After::Nothing;
    }

    /// Gives the first `len` bytes away.
    pub fn take(&mut self, window: &mut Window, len: usize) -> Chunk {
        Chunk {
            after: self.after,
            ..window.take(len)
        }
    }

    /// A chunk of a window that is full; `None` if it takes more to find its end. Where it says
    /// `cut`, the rest of its last line is to be passed over.
    pub fn cut(&mut self, window: &mut Window) -> Option<Chunk> {
        if self.framing.table.is_some() {
            let end = self.last_row_end(window)?;
            return Some(self.take(window, end));
        }
        if let Some(start) = self.last_start(window) {
            let chunk = self.take(window, start);
            self.after = After::Nothing;
            return Some(chunk);
        }
        let near = &window.bytes()[..window.bytes().len().min(LINE_LIMIT)];
        let last = memchr::memrchr(b'\n', near);
        let first = memchr::memchr(b'\n', near);
        let begins = first.map_or(Begins::Nothing, |end| self.begins(&near[..end]));
        match last {
            // Every line stands for itself, or belongs to an event that was cut before.
            Some(last) if begins != Begins::Text => {
                let chunk = self.take(window, last + 1);
                if begins == Begins::Json {
                    self.after = After::Nothing;
                }
                Some(chunk)
            }
            _ if window.bytes().len() < LINE_LIMIT => None,
            Some(last) if last > 2 * TEXT_LIMIT => {
                let chunk = self.take(window, last + 1);
                self.after = After::CutEvent;
                Some(chunk)
            }
            _ => {
                let mut chunk = self.take(window, LINE_LIMIT);
                chunk.cut = true;
                self.after = match chunk.bytes.first() {
                    Some(b'{') => After::Nothing,
                    _ => After::CutEvent,
                };
                Some(chunk)
            }
        }
    }

    /// Nothing new came for a while: complete lines go out, the last event only when it has had
    /// time to go on, and a line without an end when it must be complete or has waited long.
    pub fn cut_idle(&mut self, window: &mut Window) -> Option<Chunk> {
        let idle = window.count_idle()?;
        let complete = memchr::memrchr(b'\n', window.bytes()).map_or(0, |i| i + 1);
        let rows = self.framing.table.is_some();
        let len = if rows && idle < PATIENCE {
            self.last_row_end(window).unwrap_or(0)
        } else if idle == 1 {
            self.last_start(window).unwrap_or(0)
        } else if idle >= PATIENCE || self.begins(&window.bytes()[complete..]) == Begins::Json {
            window.bytes().len()
        } else {
            complete
        };
        (len > 0).then(|| self.take(window, len))
    }

    /// The end of the last row of a table that is complete.
    fn last_row_end(&mut self, window: &Window) -> Option<usize> {
        let table = self.framing.table.as_ref()?;
        let mut at = match self.scanned {
            (base, place) if base == window.base() => place,
            _ => 0,
        };
        while let Some(row) = table::row_end(window.bytes(), at, table.delimiter, false) {
            at = row.next;
        }
        self.scanned = (window.base(), at);
        (at > 0).then_some(at)
    }

    /// The last complete line, but the first, where an event begins.
    fn last_start(&mut self, window: &Window) -> Option<usize> {
        let bytes = window.bytes();
        let scanned = match self.scanned {
            (base, place) if base == window.base() => place,
            _ => 0,
        };
        let last = memchr::memrchr(b'\n', bytes)?;
        let mut end = last;
        loop {
            let start = memchr::memrchr(b'\n', &bytes[..end]).map_or(0, |i| i + 1);
            if start == 0 || start < scanned {
                self.scanned = (window.base(), last + 1);
                return None;
            }
            if self.begins(&bytes[start..end]) != Begins::Nothing {
                return Some(start);
            }
            end = start - 1;
        }
    }

    fn begins(&mut self, line: &[u8]) -> Begins {
        self.framing.begins(line, &mut self.stamps, &mut self.sink)
    }
}
