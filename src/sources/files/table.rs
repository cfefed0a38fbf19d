//! Tables with a header, as CSV: every row is a log event, its cells are fields named by the header.
//!
//! Where a row ends is told by its quotes, never by what a cell says: a cell cannot forge a row.
//! What the columns mean was learnt before ([`super::learn_table`]).

use super::chunk::TEXT_LIMIT;
use super::layout::Notation;
use super::numeric;
use super::sink::Sink;
use super::stamp::{Stamp, Stamps};

/// What the columns of a table are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Between cells.
    pub delimiter: u8,
    /// The header, as it stands: it may come again where files were joined.
    pub header: Vec<u8>,
    /// The names of the columns, each once.
    pub names: Vec<String>,
    /// The column that tells the time.
    pub time: usize,
    /// How it is written.
    pub notation: Notation,
    /// In an export of log events: the column that is the whole text.
    pub message: Option<usize>,
    /// There, too: the log stream.
    pub stream: Option<usize>,
}

/// Where a row is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RowEnd {
    /// Behind its last byte.
    pub end: usize,
    /// Where the next one begins.
    pub next: usize,
    /// Its quotes are closed.
    pub sound: bool,
}

/// A cell of a row, without its quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    start: usize,
    end: usize,
    quoted: bool,
}

impl Cell {
    /// As it stands: doubled quotes stay doubled.
    pub fn of(self, row: &[u8]) -> &[u8] {
        &row[self.start..self.end]
    }
}

/// What a row is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Row {
    /// The header, again.
    Header,
    /// A log event: its time, where its text is in the sink, and the cell with its stream.
    Event(Stamp, (usize, usize), Option<Cell>),
    /// Other cells than the header has names.
    Bad,
}

/// The end of the row at `at`; `None` if it takes more bytes to tell, and `all` are not there.
pub fn row_end(bytes: &[u8], at: usize, delimiter: u8, all: bool) -> Option<RowEnd> {
    let mut from = at;
    loop {
        let close = match quoted(bytes, from, all) {
            Quoted::Closed(close) => close,
            Quoted::Open => return first_line(bytes, at, all),
            Quoted::More => return None,
        };
        let stop = memchr::memchr2(delimiter, b'\n', &bytes[close..]).map(|len| close + len);
        let behind_quote = close > from;
        match stop {
            Some(stop) if behind_quote && !is_line_end(&bytes[close..stop]) => {
                return first_line(bytes, at, all);
            }
            Some(stop) if bytes[stop] == b'\n' => return Some(sound(bytes, stop, stop + 1)),
            Some(stop) => from = stop + 1,
            None if !all => return None,
            None if behind_quote && !is_line_end(&bytes[close..]) => {
                return first_line(bytes, at, all);
            }
            None => return Some(sound(bytes, bytes.len(), bytes.len())),
        }
    }
}

fn sound(bytes: &[u8], end: usize, next: usize) -> RowEnd {
    let end = end - usize::from(bytes[..end].ends_with(b"\r"));
    RowEnd {
        end,
        next,
        sound: true,
    }
}

fn is_line_end(bytes: &[u8]) -> bool {
    matches!(bytes, [] | [b'\r'])
}

/// The part of a cell in quotes.
enum Quoted {
    /// It ends here, behind its quote; where the cell begins, if it has none.
    Closed(usize),
    /// It is not closed.
    Open,
    /// It takes more bytes to tell.
    More,
}

/// Looks at the cell at `at`.
fn quoted(bytes: &[u8], at: usize, all: bool) -> Quoted {
    if bytes.get(at) != Some(&b'"') {
        return Quoted::Closed(at);
    }
    let mut from = at + 1;
    loop {
        let limit = bytes.len().min(at + TEXT_LIMIT);
        let near = bytes.get(from..limit).unwrap_or_default();
        match memchr::memchr(b'"', near).map(|len| from + len) {
            Some(quote) if bytes.get(quote + 1) == Some(&b'"') => from = quote + 2,
            Some(quote) => return Quoted::Closed(quote + 1),
            None if all || bytes.len() >= at + TEXT_LIMIT => return Quoted::Open,
            None => return Quoted::More,
        }
    }
}

/// A row whose quotes are wrong is its first line.
fn first_line(bytes: &[u8], at: usize, all: bool) -> Option<RowEnd> {
    let line = memchr::memchr(b'\n', &bytes[at..]).map(|len| at + len);
    let (end, next) = match line {
        Some(end) => (end, end + 1),
        None if all => (bytes.len(), bytes.len()),
        None => return None,
    };
    Some(RowEnd {
        end,
        next,
        sound: false,
    })
}

/// The cells of a sound row.
pub fn cells(row: &[u8], delimiter: u8) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let close = match quoted(row, at, true) {
            Quoted::Closed(close) => close,
            Quoted::Open | Quoted::More => at,
        };
        let stop = memchr::memchr(delimiter, &row[close..]).map_or(row.len(), |len| close + len);
        cells.push(if close > at + 1 {
            Cell {
                start: at + 1,
                end: close - 1,
                quoted: true,
            }
        } else {
            Cell {
                start: at,
                end: stop,
                quoted: false,
            }
        });
        if stop == row.len() {
            return cells;
        }
        at = stop + 1;
    }
}

/// The time that a cell is.
pub fn time(cell: &[u8], notation: Notation, stamps: &mut Stamps) -> Stamp {
    let cell = cell.trim_ascii();
    match notation {
        Notation::Known | Notation::Epoch(_) => stamps.value(cell),
        Notation::Numbers(..) => match numeric::read(cell) {
            Some((_, end)) if end == cell.len() => stamps.said(notation.read(cell)),
            _ => Stamp::None,
        },
        // A cell is no rest of a line.
        Notation::Object => Stamp::None,
    }
}

impl Table {
    /// What a sound row is; its text goes into the sink.
    pub fn row(&self, row: &[u8], stamps: &mut Stamps, sink: &mut Sink) -> Row {
        if row == self.header {
            return Row::Header;
        }
        let cells = cells(row, self.delimiter);
        if cells.len() != self.names.len() {
            return Row::Bad;
        }
        let stamp = time(cells[self.time].of(row), self.notation, stamps);
        let from = sink.end();
        match self.message {
            Some(message) => add(row, cells[message], sink, false),
            None => self.add_object(row, &cells, sink),
        }
        let stream = self.stream.map(|stream| cells[stream]);
        Row::Event(stamp, (from, sink.end()), stream)
    }

    /// A row as a JSON object.
    fn add_object(&self, row: &[u8], cells: &[Cell], sink: &mut Sink) {
        for (number, (name, cell)) in self.names.iter().zip(cells).enumerate() {
            sink.add(if number == 0 { b"{\"" } else { b",\"" });
            add_escaped(name.as_bytes(), sink);
            sink.add(b"\":\"");
            add(row, *cell, sink, true);
            sink.add(b"\"");
        }
        sink.add(b"}");
    }
}

/// Adds what a cell says, as it is or as it stands in a JSON string.
fn add(row: &[u8], cell: Cell, sink: &mut Sink, escaped: bool) {
    let text = cell.of(row);
    let mut parts = text.split_inclusive(|byte| cell.quoted && *byte == b'"');
    while let Some(part) = parts.next() {
        if escaped {
            add_escaped(part, sink);
        } else {
            sink.add(part);
        }
        // The quote behind a quote only doubles it.
        if cell.quoted && part.ends_with(b"\"") {
            parts.next();
        }
    }
}

fn add_escaped(text: &[u8], sink: &mut Sink) {
    let mut from = 0;
    for (at, byte) in text.iter().enumerate() {
        if *byte >= 0x20 && !matches!(byte, b'"' | b'\\') {
            continue;
        }
        sink.add(&text[from..at]);
        match byte {
            b'"' => sink.add(b"\\\""),
            b'\\' => sink.add(b"\\\\"),
            b'\n' => sink.add(b"\\n"),
            b'\t' => sink.add(b"\\t"),
            b'\r' => sink.add(b"\\r"),
            other => sink.add(format!("\\u{other:04x}").as_bytes()),
        }
        from = at + 1;
    }
    sink.add(&text[from..]);
}
