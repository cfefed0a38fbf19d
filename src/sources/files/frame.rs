//! Where one event begins and ends: the one rule for reading the first time and for reading again.

use std::io;
use std::sync::Arc;

use super::calendar::Assumed;
use super::chunk::{LINE_LIMIT, TEXT_LIMIT};
use super::cli_text;
use super::document::{self, Probe};
use super::entry;
use super::envelope::{self, Body, Object};
use super::layout::Layout;
use super::pairs;
use super::sink::Sink;
use super::stamp::{Stamp, Stamps};
use super::table::{self, Row, Table};
use crate::domain::json::{self, Odd};
use crate::domain::pattern::Pattern;
use crate::sources::texts::RawEvent;

/// Bytes read at first for one event.
const FIRST: usize = 16 << 10;

/// Bytes that can be read again at any offset.
pub trait Bytes {
    /// Reads some bytes at `offset`; 0 means the end.
    ///
    /// # Errors
    /// When the place is gone or has changed.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;
}

/// How the events of one input are told apart.
#[derive(Clone, Debug, Default)]
pub struct Framing {
    /// An event of text begins where this matches; else where there is a timestamp.
    pub multiline: Option<Pattern>,
    /// What timestamps leave out.
    pub assumed: Assumed,
    /// Where a line bears its time, if it does not tell that itself.
    pub layout: Option<Layout>,
    /// The input is a table: its rows are the events.
    pub table: Option<Arc<Table>>,
    /// The input is what the AWS CLI prints with `--output text`.
    pub cli_text: bool,
    /// A tab before a line is what the AWS CLI put between two messages.
    pub tabs: bool,
}

impl Framing {
    /// Whether an event begins at a line of text, and the line's timestamp.
    pub fn begins_text(&self, line: &[u8], stamps: &mut Stamps) -> (bool, Stamp) {
        if self.cli_text {
            return (cli_text::begins(line), Stamp::None);
        }
        let stamp = match self.layout.map(|layout| stamps.said(layout.read(line))) {
            None | Some(Stamp::None) => stamps.line(line),
            Some(stamp) => stamp,
        };
        match &self.multiline {
            Some(pattern) => {
                let begins = pattern.regex().is_match(line);
                // Whoever names the start may have anything before the time.
                let stamp = match stamp {
                    Stamp::None => stamps.anywhere(line),
                    stamp => stamp,
                };
                (begins, stamp)
            }
            None => (stamp != Stamp::None, stamp),
        }
    }

    /// A line without what was put between two messages.
    pub fn untabbed<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        match line.strip_prefix(b"\t") {
            Some(rest) if self.tabs => rest,
            _ => line,
        }
    }

    /// An event without the columns around its message.
    fn without_columns(&self, mut event: RawEvent) -> RawEvent {
        if self.cli_text
            && let Some(parts) = cli_text::parts(&event.raw)
        {
            event.text = event.raw[parts.message.0..parts.message.1].to_vec();
            event.text.truncate(TEXT_LIMIT);
        }
        event
    }

    /// Whether an event begins at a line, whatever stands before it.
    pub fn begins(&self, line: &[u8], stamps: &mut Stamps, sink: &mut Sink) -> Begins {
        let line = self.untabbed(line.strip_suffix(b"\r").unwrap_or(line));
        if line.first() == Some(&b'{') {
            sink.truncate(0);
            match envelope::read(line, 0, sink, stamps) {
                Ok((object, end)) if is_end(line, end) => {
                    return match object {
                        // Behind a line of text it belongs to that.
                        Object::Within(_) | Object::Rest | Object::Other => Begins::Nothing,
                        _ => Begins::Json,
                    };
                }
                _ if self.multiline.is_none() => return Begins::Nothing,
                _ => {}
            }
        }
        match self.begins_text(line, stamps) {
            (true, _) if !line.trim_ascii().is_empty() => Begins::Text,
            _ => Begins::Nothing,
        }
    }
}

/// What begins at a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Begins {
    /// Nothing.
    Nothing,
    /// An event of one line.
    Json,
    /// An event that may go on in the lines behind it.
    Text,
}

/// Whether an object that ends at `end` is alone in its line, or before another.
pub fn is_end(line: &[u8], end: usize) -> bool {
    matches!(line.get(json::skip_space(line, end)), None | Some(b'{'))
}

/// The event that begins at `offset`.
///
/// # Errors
/// When the place is gone or has changed.
pub fn event_at(bytes: &dyn Bytes, offset: u64, framing: &Framing) -> io::Result<RawEvent> {
    let mut window = Vec::new();
    let mut want = FIRST;
    loop {
        let all = fill(bytes, offset, &mut window, want)? || window.len() >= 2 * LINE_LIMIT;
        if window.is_empty() {
            return Err(io::Error::other("there is no event at this place any more"));
        }
        let found = match (&framing.table, window[0]) {
            (Some(table), _) => row_in(&window, table, framing, all),
            (None, b'{') => object_in(&window, framing, all),
            (None, b'[') => array_in(&window, framing),
            (None, _) => None,
        };
        let text = || text_in(&window, framing, all).map(|event| framing.without_columns(event));
        if let Some(event) = found.or_else(|| framing.table.is_none().then(text).flatten()) {
            return Ok(event);
        }
        want *= 4;
    }
}

/// Fills `window` up to `want` bytes; says whether the input ends before.
fn fill(bytes: &dyn Bytes, offset: u64, window: &mut Vec<u8>, want: usize) -> io::Result<bool> {
    let mut have = window.len();
    window.resize(want, 0);
    while have < want {
        let read = bytes.read_at(offset + have as u64, &mut window[have..])?;
        if read == 0 {
            window.truncate(have);
            return Ok(true);
        }
        have += read;
    }
    Ok(false)
}

/// The object at the beginning of `window`, if it is an event and complete.
fn object_in(window: &[u8], framing: &Framing, all: bool) -> Option<RawEvent> {
    let mut sink = Sink::default();
    let mut stamps = Stamps::new(framing.assumed.clone());
    let (object, end) = match envelope::read(window, 0, &mut sink, &mut stamps) {
        Ok(read) => read,
        Err(Odd::Cut) if all => {
            sink.truncate(0);
            let object = envelope::cut(window, 0, &mut sink, &mut stamps)?;
            (object, window.len().min(LINE_LIMIT))
        }
        Err(_) => return None,
    };
    let text = match object {
        Object::Event(_, Body::Plain(start, end), _) => &window[start..end],
        Object::Event(_, Body::Unescaped(start, end), _) => &sink.text()[start..end],
        Object::Line(_) | Object::Within(_) | Object::Output(_) | Object::Rest => &window[..end],
        Object::Page(..) | Object::Other => return None,
    };
    Some(RawEvent {
        raw: window[..end].to_vec(),
        text: text[..text.len().min(TEXT_LIMIT)].to_vec(),
    })
}

/// The row at the beginning of `window`, if its end is known.
fn row_in(window: &[u8], table: &Table, framing: &Framing, all: bool) -> Option<RawEvent> {
    let end = table::row_end(window, 0, table.delimiter, all)?;
    let raw = &window[..end.end];
    let mut sink = Sink::default();
    let mut stamps = Stamps::new(framing.assumed.clone());
    let text = match table.row(raw, &mut stamps, &mut sink) {
        Row::Event(_, (from, to), _) => &sink.text()[from..to],
        Row::Header | Row::Bad => raw,
    };
    Some(RawEvent {
        raw: raw.to_vec(),
        text: text[..text.len().min(TEXT_LIMIT)].to_vec(),
    })
}

/// The entry of a stream or row of a query's result at the beginning of `window`, if it is one and complete.
fn array_in(window: &[u8], framing: &Framing) -> Option<RawEvent> {
    let mut sink = Sink::default();
    let mut stamps = Stamps::new(framing.assumed.clone());
    let entry = entry::read(window, 0, &mut stamps, &mut sink);
    let (text, end) = if let Some(entry) = entry {
        (entry.text, entry.end)
    } else {
        sink.truncate(0);
        let row = pairs::read(window, 0, &mut stamps, &mut sink)?;
        (row.text, row.end)
    };
    let text = &sink.text()[text.0..text.1];
    Some(RawEvent {
        raw: window[..end].to_vec(),
        text: text[..text.len().min(TEXT_LIMIT)].to_vec(),
    })
}

/// The event of text at the beginning of `window`, if its end is known.
fn text_in(window: &[u8], framing: &Framing, all: bool) -> Option<RawEvent> {
    let mut stamps = Stamps::new(framing.assumed.clone());
    let mut sink = Sink::default();
    let (mut at, mut end, mut from) = (0, 0, 0);
    while at < window.len() && end <= TEXT_LIMIT {
        let next = match memchr::memchr(b'\n', &window[at..]) {
            Some(len) => at + len,
            None if all => window.len(),
            None if window.len() > TEXT_LIMIT => break,
            None => return None,
        };
        let line = &window[at..next];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if at == 0 {
            if let (_, Stamp::At { text, .. }) = framing.begins_text(line, &mut stamps) {
                from = text.min(line.len());
            }
        } else if framing.begins(line, &mut stamps, &mut sink) != Begins::Nothing
            || document_at(window, at, line)
        {
            return Some(raw_text(window, from, end));
        }
        if !line.trim_ascii().is_empty() {
            end = at + line.len();
        }
        at = next + 1;
    }
    (all || end > TEXT_LIMIT || window.len() > TEXT_LIMIT).then(|| raw_text(window, from, end))
}

fn document_at(window: &[u8], at: usize, line: &[u8]) -> bool {
    document::may_begin(line) && matches!(document::probe(&window[at..]), Probe::Page { .. })
}

fn raw_text(window: &[u8], from: usize, end: usize) -> RawEvent {
    let end = if end > TEXT_LIMIT {
        window.len().min(from + TEXT_LIMIT)
    } else {
        end
    };
    RawEvent {
        raw: window[..end].to_vec(),
        text: window[from..end.min(from + TEXT_LIMIT)].to_vec(),
    }
}
