//! One line of the log as a row: on one line, safe to show, made once and not at each frame.
//!
//! Of JSON the level and the words come first and the other fields behind, each as it stands in the text:
//! nothing is parsed and written again, a repeated key stays repeated.

use std::ops::Range;
use std::sync::Arc;

use unicode_width::UnicodeWidthChar;

use super::logtext::wrap;
use crate::domain::json::{self, Field, Fields};
use crate::domain::log::LogKey;
use crate::domain::log::view::LogRow;
use crate::domain::safe::safe_bytes;
use crate::domain::signals::view::Severity;
use crate::domain::view::MessageHandle;

/// What stands for the end of a line within an event.
const LINE_END: &[u8] = " ⏎ ".as_bytes();
/// Keys that say how grave a line is, and keys that hold its words.
const LEVELS: [&str; 4] = ["level", "severity", "lvl", "levelname"];
const WORDS: [&str; 5] = ["message", "msg", "event", "error", "text"];
/// Keys of times: they stand in front of the row already.
const TIMES: [&str; 5] = ["timestamp", "time", "ts", "@timestamp", "t"];

/// A row of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLine {
    /// Its place in the order.
    pub key: LogKey,
    /// The log stream; may be empty.
    pub stream: Arc<str>,
    /// The level it states, from a warning on.
    pub severity: Option<Severity>,
    /// It is here for its neighbour's sake.
    pub context: bool,
    /// A message that it names.
    pub names: Option<MessageHandle>,
    /// It cannot be read again; its text says why.
    pub failed: bool,
    /// Its whole text, where it is here: what is short need not be read twice.
    pub whole: Option<Vec<u8>>,
    /// As it stands in the log.
    plain: String,
    /// Made readable, where that is something else.
    readable: Option<String>,
}

impl LogLine {
    /// Prepares a row.
    #[must_use]
    pub fn new(row: LogRow) -> Self {
        let (plain, readable) = match &row.text {
            Ok(text) => {
                let more = match row.more {
                    0 => String::new(),
                    more => format!(" … {more} more bytes"),
                };
                let whole = if row.more == 0 { fields(text) } else { None };
                let whole = whole.or_else(|| behind_time(text));
                let plain = one_line(text) + &more;
                (plain, whole.map(|text| one_line(&text) + &more))
            }
            Err(why) => (
                format!("✗ cannot be read again: {}", one_line(why.as_bytes())),
                None,
            ),
        };
        Self {
            key: row.key,
            stream: row.stream,
            severity: row.severity,
            context: row.context,
            names: row.names,
            failed: row.text.is_err(),
            whole: row.text.ok().filter(|_| row.more == 0),
            plain,
            readable,
        }
    }

    /// Its text on one line, safe to show.
    #[must_use]
    pub fn text(&self, raw: bool) -> &str {
        match &self.readable {
            Some(readable) if !raw => readable,
            _ => &self.plain,
        }
    }

    /// How many rows it takes.
    #[must_use]
    pub fn rows(&self, raw: bool, wrapped: Option<usize>) -> usize {
        wrapped.map_or(1, |width| wrap(self.text(raw), width).count())
    }
}

/// A whole text on one line: readable, without the time that stands beside it already.
#[must_use]
pub fn readable(text: &[u8]) -> String {
    let fields = fields(text).or_else(|| behind_time(text));
    one_line(fields.as_deref().unwrap_or(text))
}

/// A text behind so many columns; of a wide character that is cut, a blank is left.
#[must_use]
pub fn behind(text: &str, columns: usize) -> (&str, bool) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        if used >= columns && c.width() != Some(0) {
            return (text.get(at..).unwrap_or_default(), used > columns);
        }
        used += c.width().unwrap_or(0);
    }
    ("", false)
}

/// Words that state a level from a warning on.
const GRAVE: [&str; 12] = [
    "warn",
    "warning",
    "error",
    "err",
    "severe",
    "fatal",
    "critical",
    "crit",
    "alert",
    "emergency",
    "panic",
    "exception",
];
/// A level stands so near the beginning of a line.
const NEAR: usize = 160;

/// Where the word stands that states the level of a line.
#[must_use]
pub fn level(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if start > NEAR {
            return None;
        }
        if GRAVE.iter().any(|grave| bare.eq_ignore_ascii_case(grave)) {
            return Some(start..start + bare.len());
        }
        start += word.len();
    }
    None
}

fn one_line(text: &[u8]) -> String {
    let text = text.trim_ascii_end();
    let mut out = Vec::with_capacity(text.len());
    for (number, line) in text.split(|b| *b == b'\n').enumerate() {
        if number > 0 {
            out.extend_from_slice(LINE_END);
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = if number > 0 {
            line.trim_ascii_start()
        } else {
            line
        };
        out.extend(line.iter().map(|b| if *b == b'\t' { b' ' } else { *b }));
    }
    safe_bytes(&out)
}

/// The fields of an object, the telling ones first; `None` where the text is none.
fn fields(text: &[u8]) -> Option<Vec<u8>> {
    let start = json::skip_space(text, 0);
    if text.get(start) != Some(&b'{') {
        return None;
    }
    let mut parts: [Vec<u8>; 4] = Default::default();
    let mut fields = Fields::new(start);
    while let Field::Key(key, at) = fields.next(text).ok()? {
        let end = json::value(text, at).ok()?;
        fields.go_on(end);
        let key = key.of(text);
        let is = |names: &[&str]| {
            names
                .iter()
                .any(|name| key.eq_ignore_ascii_case(name.as_bytes()))
        };
        let (part, bare) = match () {
            () if is(&LEVELS) => (0, true),
            () if is(&WORDS) => (1, true),
            () if is(&TIMES) => (3, false),
            () => (2, false),
        };
        let out = &mut parts[part];
        if !out.is_empty() {
            out.extend_from_slice(b"  ");
        }
        if !bare {
            out.extend_from_slice(key);
            out.push(b'=');
        }
        value(text, at, end, out);
    }
    let parts = parts.iter().filter(|part| !part.is_empty());
    Some(parts.cloned().collect::<Vec<_>>().join(&b"  "[..]))
}

fn behind_time(text: &[u8]) -> Option<Vec<u8>> {
    Some(text.get(time_end(text)?..)?.to_vec())
}

/// Where a time ends that a line begins with, and what stands between it and the next word: the time
/// stands in front of the row already.
fn time_end(text: &[u8]) -> Option<usize> {
    let key = [&b"ts="[..], b"time=", b"timestamp="];
    let start = key
        .iter()
        .find(|key| text.starts_with(key))
        .map_or(0, |key| key.len());
    let mut at = start;
    for form in DATE_AND_TIME {
        let byte = *text.get(at)?;
        let fits = match form {
            b'0' => byte.is_ascii_digit(),
            b'T' => byte == b'T' || byte == b' ',
            _ => byte == *form,
        };
        if !fits {
            return None;
        }
        at += 1;
    }
    let rest = text.get(at..)?;
    let zone = rest
        .iter()
        .take_while(|b| b.is_ascii_digit() || b".,:+-Z".contains(b))
        .count();
    let blank = rest
        .get(zone..)?
        .iter()
        .take_while(|b| b" \t".contains(b))
        .count();
    (blank > 0).then_some(at + zone + blank)
}

/// How a date and time of day are written, to the second.
const DATE_AND_TIME: &[u8] = b"0000-00-00T00:00:00";

/// A string without its quotes, anything else as it stands.
fn value(text: &[u8], at: usize, end: usize, out: &mut Vec<u8>) {
    let before = out.len();
    if text.get(at) == Some(&b'"')
        && let Ok(string) = json::string(text, at)
        && json::decode(text, string, out).is_ok()
    {
        return;
    }
    out.truncate(before);
    out.extend_from_slice(text.get(at..end).unwrap_or_default());
}
