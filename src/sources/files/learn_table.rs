//! Learns whether a file is a table with a header, and which of its columns is the time.
//!
//! Rows must have as many cells as the header has names, and one column must be a time in nearly all
//! of them; else it is no table, and read as lines.

use super::calendar::Assumed;
use super::layout::{self, Notation};
use super::notation;
use super::numeric::{self, Numbers};
use super::settle;
use super::stamp::{Stamp, Stamps};
use super::table::{self, Cell, Table};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The name of a column is no sentence.
const NAME: usize = 80;
/// Columns of an export of log events.
const EXPORT: [&str; 14] = [
    "timestamp",
    "@timestamp",
    "message",
    "@message",
    "ingestionTime",
    "@ingestionTime",
    "logStreamName",
    "logStream",
    "@logStream",
    "@log",
    "logGroup",
    "@ptr",
    "eventId",
    "@entity",
];

/// What was learnt: the table, and what is not certain about it.
pub type Learnt = (Table, Option<String>);

/// Looks at the beginning of a file, and at lines from the rest of it.
pub fn learn(head: &[u8], whole: bool, rest: &[&[u8]], assumed: &Assumed) -> Option<Learnt> {
    let end = memchr::memchr(b'\n', head)?;
    let header = head[..end].strip_suffix(b"\r").unwrap_or(&head[..end]);
    if matches!(header.first(), None | Some(b'{' | b'[' | b'#' | b' ')) {
        return None;
    }
    DELIMITERS.iter().find_map(|delimiter| {
        let names = names(header, *delimiter)?;
        let sample = Sample::new(head, end + 1, whole, rest, (*delimiter, names.len()))?;
        let (time, notation, note) = sample.time(&names, assumed)?;
        let column = |known: &[&str]| names.iter().position(|n| known.contains(&n.as_str()));
        let export = names.iter().all(|name| EXPORT.contains(&name.as_str()));
        let table = Table {
            delimiter: *delimiter,
            header: header.to_vec(),
            time,
            notation,
            message: column(&["message", "@message"]).filter(|_| export),
            stream: column(&["logStreamName", "logStream", "@logStream"]).filter(|_| export),
            names,
        };
        Some((table, note))
    })
}

/// The names of the columns, if these can be names.
fn names(header: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let cells = table::cells(header, delimiter);
    let mut names: Vec<String> = Vec::new();
    for (number, cell) in cells.iter().enumerate() {
        let name = String::from_utf8_lossy(cell.of(header)).trim().to_owned();
        let is_name = name.chars().any(char::is_alphabetic)
            && name.len() <= NAME
            && !name.chars().any(char::is_control)
            && notation::read(name.as_bytes()).is_none()
            && numeric::read(name.as_bytes()).is_none();
        // Programs leave the number of the row without a name.
        let name = match (number, name.is_empty()) {
            (0, true) => "row".to_owned(),
            _ if !is_name => return None,
            _ => name,
        };
        let again = names.iter().filter(|known| **known == name).count();
        names.push(match again {
            0 => name,
            _ => format!("{name}_{}", number + 1),
        });
    }
    (names.len() > 1).then_some(names)
}

/// Rows from all over the file.
struct Sample<'a> {
    rows: Vec<(&'a [u8], Vec<Cell>)>,
}

impl<'a> Sample<'a> {
    /// `None` if these are no rows of so many cells.
    fn new(
        head: &'a [u8],
        from: usize,
        whole: bool,
        rest: &[&'a [u8]],
        (delimiter, width): (u8, usize),
    ) -> Option<Self> {
        let mut rows = Vec::new();
        let (mut at, mut odd) = (from, 0);
        while at < head.len()
            && let Some(end) = table::row_end(head, at, delimiter, whole)
        {
            let row = &head[at..end.end];
            let cells = table::cells(row, delimiter);
            if end.sound && cells.len() == width {
                rows.push((row, cells));
            } else if !row.trim_ascii().is_empty() {
                odd += 1;
            }
            at = end.next;
        }
        if rows.is_empty() || odd * 10 > rows.len() {
            return None;
        }
        let rest = rest
            .iter()
            .map(|line| (*line, table::cells(line, delimiter)));
        rows.extend(rest.filter(|(_, cells)| cells.len() == width));
        Some(Self { rows })
    }

    fn column(&self, index: usize) -> Vec<&'a [u8]> {
        let cell = |(row, cells): &(&'a [u8], Vec<Cell>)| cells[index].of(row).trim_ascii();
        self.rows
            .iter()
            .map(cell)
            .filter(|c| !c.is_empty())
            .collect()
    }

    /// The column that is the time: of several the one that is named like it most.
    fn time(
        &self,
        names: &[String],
        assumed: &Assumed,
    ) -> Option<(usize, Notation, Option<String>)> {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by_key(|index| likeness(&names[*index]));
        let mut found = order.iter().filter_map(|index| {
            let (notation, doubt) = self.notation(*index, &names[*index], assumed)?;
            Some((*index, notation, doubt))
        });
        let (index, notation, doubt) = found.next()?;
        let several = found.next().map(|(other, ..)| {
            let (name, other) = (&names[index], &names[other]);
            format!("of its columns `{name}` was taken as the time, not `{other}`")
        });
        let notes: Vec<String> = several.into_iter().chain(doubt).collect();
        let note = (!notes.is_empty()).then(|| notes.join("; "));
        Some((index, notation, note))
    }

    /// How a column is written, if it is a time in nearly all rows.
    fn notation(
        &self,
        index: usize,
        name: &str,
        assumed: &Assumed,
    ) -> Option<(Notation, Option<String>)> {
        let cells = self.column(index);
        let enough = |hits: usize| hits > 0 && hits * 20 >= self.rows.len() * 19;
        let mut stamps = Stamps::new(assumed.clone());
        let mut is_time = |cell: &&&[u8]| {
            let time = table::time(cell, Notation::Known, &mut stamps);
            let number = cell.iter().all(|b| b.is_ascii_digit() || *b == b'.');
            let packed = number && layout::epoch_digits(cell).is_none();
            matches!(time, Stamp::At { .. }) && !packed && (!number || likeness(name) < OTHER)
        };
        if enough(cells.iter().filter(|cell| is_time(cell)).count()) {
            return Some((Notation::Known, None));
        }
        let numbers: Vec<Numbers> = cells
            .iter()
            .filter_map(|cell| numeric::read(cell).filter(|(_, end)| *end == cell.len()))
            .map(|(numbers, _)| numbers)
            .collect();
        let shape = numbers.first()?.shape;
        let alike: Vec<Numbers> = numbers.into_iter().filter(|n| n.shape == shape).collect();
        if !enough(alike.len()) {
            return None;
        }
        let (order, doubt) = settle::order(&alike, shape, assumed)?;
        let note = doubt.map(|doubt| settle::words(order, doubt));
        Some((Notation::Numbers(shape, order), note))
    }
}

/// How much a column that is named like anything is like a time.
const OTHER: u8 = 100;

/// How little the name of a column is like that of a time.
fn likeness(name: &str) -> u8 {
    let lower = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match notation::rank(name.as_bytes()) {
        Some(rank) => rank,
        None if has(&["ingestion"]) => OTHER - 1,
        None if has(&["timestamp"]) && !has(&["start"]) => 20,
        None if has(&["timestamp"]) => 21,
        None if has(&["time"]) => 22,
        None if has(&["date", "_at", "when", "start", "end", "created"]) => 23,
        None => OTHER,
    }
}
