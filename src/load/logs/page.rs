//! One page of the log: walks from a cut both ways, reads texts, keeps what the filter keeps.
//!
//! A page is as much as can be looked at in a moment, counted in lines and bytes: then it says where to
//! go on. So a search over millions of lines is many questions; whoever asks can show how far it is, and
//! ask something else instead at any time.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use crate::domain::event::TextRef;
use crate::domain::log::view::{LogPage, LogQuery, LogRow};
use crate::domain::log::{LogEvent, LogKey};
use crate::domain::signals;
use crate::domain::view::MessageHandle;
use crate::sources::texts::RawEvent;

/// Lines looked at for one side of a page.
const LINES: usize = 1 << 13;
/// Bytes of text read for one side of a page.
const BYTES: usize = 8 << 20;
/// Lines read at once: the fewer, the longer they are.
const AT_ONCE: usize = 512;
/// Bytes of a line that a row bears.
const SHOWN: usize = 4 << 10;

/// What a page is made from.
pub trait Shelf {
    /// Log events from a cut on, or before it, the nearest first.
    fn walk(&self, cut: LogKey, backward: bool, most: usize) -> Vec<LogEvent>;
    /// How many there are before a cut, and in all.
    fn counts(&self, cut: LogKey) -> (u64, u64);
    /// The name of a stream.
    fn stream(&self, number: u32) -> Arc<str>;
    /// The texts.
    fn read(&self, references: &[TextRef]) -> Vec<io::Result<RawEvent>>;
    /// The message that a line names.
    fn names(&self, event: &LogEvent, text: &[u8]) -> Option<MessageHandle>;
}

/// The answer to a question.
pub fn page(query: &LogQuery, shelf: &dyn Shelf) -> LogPage {
    let mut up = Side::new(query, shelf, true);
    let mut down = Side::new(query, shelf, false);
    up.go(query.before);
    down.go(query.after);
    let before = up.rows.len();
    let mut rows = up.rows;
    rows.reverse();
    rows.append(&mut down.rows);
    let first = rows.first().map_or(query.cut, |row| row.key);
    let (position, total) = shelf.counts(first);
    LogPage {
        rows,
        before,
        up: up.next,
        down: down.next,
        position,
        total,
        unread: up.unread + down.unread,
        looked: up.looked + down.looked,
        places: down.places,
    }
}

/// A line with its text.
type Read = (LogEvent, io::Result<RawEvent>);

/// One direction from the cut.
struct Side<'a> {
    query: &'a LogQuery,
    shelf: &'a dyn Shelf,
    backward: bool,
    rows: Vec<LogRow>,
    /// Lines of which it is not known yet whether a match follows soon.
    undecided: VecDeque<Read>,
    /// So many more lines stand near the last match.
    near: usize,
    /// Everything up to here has been decided; `None` at the end.
    next: Option<LogKey>,
    unread: u64,
    looked: u64,
    places: Vec<LogKey>,
}

impl<'a> Side<'a> {
    fn new(query: &'a LogQuery, shelf: &'a dyn Shelf, backward: bool) -> Self {
        Self {
            query,
            shelf,
            backward,
            rows: Vec::new(),
            undecided: VecDeque::new(),
            near: 0,
            next: Some(query.cut),
            unread: 0,
            looked: 0,
            places: Vec::new(),
        }
    }

    fn go(&mut self, most: usize) {
        if most == 0 {
            return;
        }
        let plain = self.query.filter.is_empty() && self.query.find.is_none();
        self.near = self.match_behind();
        let (mut lines, mut bytes) = (LINES, BYTES);
        let mut at_once = if plain { most.min(AT_ONCE) } else { 64 };
        let mut cut = self.query.cut;
        loop {
            let read = self.read(cut, self.backward, at_once);
            let (count, mut size) = (read.len(), 0);
            for (event, text) in read {
                cut = self.edge(event.key);
                self.looked += 1;
                size += text.as_ref().map_or(0, |text| text.text.len());
                self.take(event, text);
                if self.rows.len() >= most {
                    return;
                }
            }
            if count < at_once {
                self.next = None;
                let unread = self.undecided.iter().filter(|(_, text)| text.is_err());
                self.unread += unread.count() as u64;
                return;
            }
            lines = lines.saturating_sub(count);
            bytes = bytes.saturating_sub(size);
            if lines == 0 || bytes == 0 {
                return;
            }
            at_once = ((1 << 20) / (size / count).max(1)).clamp(16, AT_ONCE);
        }
    }

    fn read(&self, cut: LogKey, backward: bool, most: usize) -> Vec<Read> {
        let events = self.shelf.walk(cut, backward, most);
        let references: Vec<TextRef> = events.iter().map(|event| event.key.raw).collect();
        let texts = self.shelf.read(&references);
        events.into_iter().zip(texts).collect()
    }

    /// For how many lines a match on the other side of the cut still counts as near.
    fn match_behind(&self) -> usize {
        let context = self.query.context;
        if self.query.filter.is_empty() || context == 0 {
            return 0;
        }
        let read = self.read(self.query.cut, !self.backward, context);
        let matching = |(_, text): &Read| text.as_ref().is_ok_and(|text| self.keeps(&text.text));
        let at = read.iter().position(matching);
        at.map_or(0, |at| context - at)
    }

    /// The cut on the far side of a line.
    fn edge(&self, key: LogKey) -> LogKey {
        if self.backward { key } else { key.behind() }
    }

    fn keeps(&self, text: &[u8]) -> bool {
        let filter = &self.query.filter;
        filter
            .iter()
            .all(|term| term.needle.takes(text) != term.out)
    }

    fn take(&mut self, event: LogEvent, text: io::Result<RawEvent>) {
        let filtered = !self.query.filter.is_empty();
        let kept = match &text {
            Ok(text) => self.keeps(&text.text),
            // What cannot be read is shown where all is, and counted where it cannot be judged.
            Err(_) => !filtered,
        };
        if kept {
            for (event, text) in std::mem::take(&mut self.undecided) {
                self.emit(&event, &text, true);
            }
            self.emit(&event, &text, false);
            self.near = self.query.context;
        } else if self.near > 0 {
            self.near -= 1;
            self.emit(&event, &text, true);
        } else {
            self.undecided.push_back((event, text));
            if self.undecided.len() > self.query.context
                && let Some((event, text)) = self.undecided.pop_front()
            {
                self.unread += u64::from(text.is_err());
                self.next = Some(self.edge(event.key));
            }
        }
    }

    fn emit(&mut self, event: &LogEvent, text: &io::Result<RawEvent>, context: bool) {
        self.next = Some(self.edge(event.key));
        let found = match (&self.query.find, text) {
            (Some(needle), Ok(text)) => needle.takes(&text.text),
            (Some(_), Err(_)) => false,
            (None, _) => true,
        };
        if !found {
            return;
        }
        if self.query.places {
            return self.places.push(event.key);
        }
        let words = text.as_ref().map_or(&[][..], |text| &text.text);
        self.rows.push(LogRow {
            key: event.key,
            stream: self.shelf.stream(event.stream),
            more: words.len().saturating_sub(SHOWN),
            severity: signals::stated(words),
            names: self.shelf.names(event, words),
            text: match text {
                Ok(text) => Ok(text.text[..text.text.len().min(SHOWN)].to_vec()),
                Err(error) => Err(error.to_string()),
            },
            context,
        });
    }
}
