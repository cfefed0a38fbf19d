//! Objects without a time of their own whose parts bear one: a hit of a search, what an API wraps a
//! log event in, a segment of a trace.
//!
//! Only where nothing else tells the time: what an event speaks of has times as well.

use super::object_reading::most_telling;
use super::page_keys::field;
use super::sink::Sink;
use super::stamp::{Stamp, Stamps};
use crate::domain::json::{self, Field, Fields};
use crate::domain::time::Timestamp;

/// Names behind this one may be any day that an object speaks of.
const TELLING: u8 = 8;

/// The latest of the times that the objects in an object bear: what tells of several was written
/// when the last of them had come. What holds objects in an array is no event.
pub fn latest(bytes: &[u8], at: usize, stamps: &mut Stamps) -> Option<Stamp> {
    let mut fields = Fields::new(at);
    let mut latest = None;
    while let Ok(Field::Key(_, value)) = fields.next(bytes) {
        let end = json::value(bytes, value).ok()?;
        match bytes[value] {
            b'{' => latest = latest.max(telling(bytes, value, TELLING, stamps)),
            b'[' if matches!(
                bytes.get(json::skip_space(bytes, value + 1)),
                Some(b'{' | b'[')
            ) =>
            {
                return None;
            }
            _ => {}
        }
        fields.go_on(end);
    }
    latest.map(|time| Stamp::At { time, text: 0 })
}

/// The time under the most telling name in the object at `at`.
fn telling(bytes: &[u8], at: usize, last: u8, stamps: &mut Stamps) -> Option<Timestamp> {
    let time = |value: &[u8]| match stamps.value(value) {
        Stamp::At { time, .. } => Some(time),
        Stamp::None | Stamp::Bad => None,
    };
    most_telling(bytes, at, last, time)?.0
}

/// A segment of a trace as X-Ray's API gives it, a document in a string: its time, and where it is in
/// the sink.
pub fn segment(
    bytes: &[u8],
    at: usize,
    sink: &mut Sink,
    stamps: &mut Stamps,
) -> Option<(Stamp, (usize, usize))> {
    let value = field(bytes, at, b"Document")?;
    if !bytes[value..].starts_with(b"\"{") {
        return None;
    }
    let from = sink.end();
    let time = sink.unescape(bytes, value).ok().and_then(|_| {
        let text = &sink.text()[from..];
        json::value(text, 0).ok()?;
        telling(text, 0, u8::MAX, stamps)
    });
    let Some(time) = time else {
        sink.truncate(from);
        return None;
    };
    Some((Stamp::At { time, text: 0 }, (from, sink.end())))
}
