//! An entry of a stream as Loki's API gives it: an array of nanoseconds since 1970 and a line.

use super::sink::Sink;
use super::stamp::{Stamp, Stamps};
use crate::domain::json;
use crate::domain::time::Timestamp;

/// An entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its time.
    pub time: Timestamp,
    /// Where its line is in the sink.
    pub text: (usize, usize),
    /// Behind its bracket.
    pub end: usize,
}

/// The entry whose bracket is at `at`; `None` if it is none.
pub fn read(bytes: &[u8], at: usize, stamps: &mut Stamps, sink: &mut Sink) -> Option<Entry> {
    let first = json::skip_space(bytes, at + 1);
    if bytes.get(first) != Some(&b'"') {
        return None;
    }
    let nanos = json::string(bytes, first).ok()?;
    let digits = nanos.of(bytes);
    if digits.len() != 19 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let Stamp::At { time, .. } = stamps.value(digits) else {
        return None;
    };
    let comma = json::skip_space(bytes, nanos.end + 1);
    let line = json::skip_space(bytes, comma + 1);
    if bytes.get(comma) != Some(&b',') || bytes.get(line) != Some(&b'"') {
        return None;
    }
    let end = json::value(bytes, at).ok()?;
    let from = sink.end();
    sink.unescape(bytes, line).ok()?;
    Some(Entry {
        time,
        text: (from, sink.end()),
        end,
    })
}
