//! A log record of OpenTelemetry whose body is a list of keys and values: each becomes a field
//! under its key, so that it can be named like any other.
//!
//! Everything else of the record stays as it stands.

use super::page_keys::field;
use super::sink::Sink;
use crate::domain::json::{self, Field, Fields};

/// How telling the names of OpenTelemetry's times are, among all in [`super::notation`].
pub const RANK: u8 = 16;

/// Values hold values no deeper than this.
const DEPTH: u32 = 32;

/// Adds the record at `at` to the sink, with fields for the keys of its body; says where it is there.
#[cold]
pub fn with_keys(bytes: &[u8], at: usize, sink: &mut Sink) -> Option<(usize, usize)> {
    let body = field(bytes, at, b"body")?;
    field(bytes, body, b"kvlistValue")?;
    let end = json::value(bytes, at).ok()?;
    let from = sink.end();
    sink.add(&bytes[at..body]);
    let Some(behind) = value(bytes, body, sink, DEPTH) else {
        sink.truncate(from);
        return None;
    };
    sink.add(&bytes[behind..end]);
    Some((from, sink.end()))
}

/// Adds the value that the object at `at` describes; gives the end of the object.
fn value(bytes: &[u8], at: usize, sink: &mut Sink, depth: u32) -> Option<usize> {
    let depth = depth.checked_sub(1)?;
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut fields = Fields::new(at);
    let (kind, inner) = match fields.next(bytes).ok()? {
        Field::Key(kind, inner) => (kind.of(bytes), inner),
        Field::End(end) => {
            sink.add(b"null");
            return Some(end);
        }
    };
    let end = json::value(bytes, inner).ok()?;
    match kind {
        b"kvlistValue" => list(bytes, inner, (b"{", b"}"), sink, |at, sink| {
            let key = field(bytes, at, b"key").filter(|key| bytes[*key] == b'"')?;
            sink.add(&bytes[key..json::value(bytes, key).ok()?]);
            sink.add(b":");
            value(bytes, field(bytes, at, b"value")?, sink, depth)
        })?,
        b"arrayValue" => list(bytes, inner, (b"[", b"]"), sink, |at, sink| {
            value(bytes, at, sink, depth)
        })?,
        b"stringValue" | b"intValue" | b"doubleValue" | b"boolValue" | b"bytesValue" => {
            sink.add(&bytes[inner..end]);
        }
        _ => return None,
    }
    fields.go_on(end);
    match fields.next(bytes).ok()? {
        Field::End(end) => Some(end),
        Field::Key(..) => None,
    }
}

/// Adds what `one` adds for each of the `values` of the object at `at`.
fn list(
    bytes: &[u8],
    at: usize,
    (open, close): (&[u8], &[u8]),
    sink: &mut Sink,
    one: impl Fn(usize, &mut Sink) -> Option<usize>,
) -> Option<()> {
    sink.add(open);
    if let Some(values) = field(bytes, at, b"values") {
        if bytes.get(values) != Some(&b'[') {
            return None;
        }
        let mut at = json::skip_space(bytes, values + 1);
        let mut first = true;
        while *bytes.get(at)? != b']' {
            if !first {
                sink.add(b",");
            }
            first = false;
            one(at, sink)?;
            at = json::skip_space(bytes, json::value(bytes, at).ok()?);
            if bytes.get(at) == Some(&b',') {
                at = json::skip_space(bytes, at + 1);
            }
        }
    }
    sink.add(close);
    Some(())
}
