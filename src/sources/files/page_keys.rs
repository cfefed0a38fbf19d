//! Which arrays hold log events, in the pages that known programs write: CloudWatch and CloudTrail,
//! results of queries, what tracers export.
//!
//! A page is known by its form, never by a name alone: an event may bear an array of that name. It
//! reads no event.

use crate::domain::json::{self, Field, Fields};

/// An array of events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Array {
    /// Its bracket.
    pub at: usize,
    /// So many objects are around it.
    pub around: u8,
}

/// The array of events that a field at the top of an object is, or holds.
#[inline]
pub fn events(key: &[u8], bytes: &[u8], value: usize) -> Option<Array> {
    let is = match key {
        b"events" | b"logEvents" | b"Records" | b"resourceSpans" | b"resourceLogs" => {
            bytes.get(value) == Some(&b'[')
        }
        b"batches" | b"Traces" | b"results" | b"data" | b"hits" => {
            return by_form(key, bytes, value);
        }
        _ => false,
    };
    is.then_some(Array {
        at: value,
        around: 1,
    })
}

/// The same for names that other arrays bear as well.
#[cold]
fn by_form(key: &[u8], bytes: &[u8], value: usize) -> Option<Array> {
    let has = |key| first(bytes, value, key);
    let is = match key {
        // Jaeger, Datadog, Loki.
        b"data" => {
            if let Some((at, named)) = inner(bytes, value, b"result", &[b"resultType", b"stats"]) {
                return found(bytes, at, named, b"stream");
            }
            let log = has(b"attributes").and_then(|at| field(bytes, at, b"timestamp"));
            has(b"traceID").is_some() || log.is_some()
        }
        // Elasticsearch.
        b"hits" => {
            let (at, named) = inner(bytes, value, b"hits", &[b"max_score", b"total"])?;
            return found(bytes, at, named, b"_source");
        }
        // Tempo.
        b"batches" => [&b"scopeSpans"[..], b"instrumentationLibrarySpans"]
            .into_iter()
            .any(|key| has(key).is_some()),
        // X-Ray.
        b"Traces" => has(b"Segments").is_some(),
        // Logs Insights.
        _ => {
            let row = json::skip_space(bytes, value + 1);
            bytes.get(value) == Some(&b'[') && first(bytes, row, b"field").is_some()
        }
    };
    is.then_some(Array {
        at: value,
        around: 1,
    })
}

/// An array within an object within the page: of elements with this field, or without elements.
fn found(bytes: &[u8], at: usize, named: bool, key: &[u8]) -> Option<Array> {
    let empty = named && bytes.get(json::skip_space(bytes, at + 1)) == Some(&b']');
    (empty || first(bytes, at, key).is_some()).then_some(Array { at, around: 2 })
}

/// The array under this key in the object at `at`, behind nothing but `others`, and whether there
/// were some of these.
fn inner(bytes: &[u8], at: usize, wanted: &[u8], others: &[&[u8]]) -> Option<(usize, bool)> {
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut fields = Fields::new(at);
    let mut named = false;
    while let Ok(Field::Key(key, value)) = fields.next(bytes) {
        let key = key.of(bytes);
        if key == wanted {
            return (bytes.get(value) == Some(&b'[')).then_some((value, named));
        }
        if !others.contains(&key) {
            return None;
        }
        named = true;
        fields.go_on(json::value(bytes, value).ok()?);
    }
    None
}

/// A field of the first element, which is an object, of the array at `at`.
fn first(bytes: &[u8], at: usize, key: &[u8]) -> Option<usize> {
    if bytes.get(at) != Some(&b'[') {
        return None;
    }
    field(bytes, json::skip_space(bytes, at + 1), key)
}

/// Where the value of a field of the object at `at` is.
pub fn field(bytes: &[u8], at: usize, wanted: &[u8]) -> Option<usize> {
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut fields = Fields::new(at);
    while let Ok(Field::Key(key, value)) = fields.next(bytes) {
        if key.of(bytes) == wanted {
            return Some(value);
        }
        fields.go_on(json::value(bytes, value).ok()?);
    }
    None
}

/// Whether a field of an element in such an array is one itself; in one with labels, as Loki writes
/// it, so are its values.
pub fn holds_within(key: &[u8], labels: bool) -> bool {
    match key {
        b"spans"
        | b"scopeSpans"
        | b"instrumentationLibrarySpans"
        | b"scopeLogs"
        | b"logRecords"
        | b"Segments" => true,
        b"values" => labels,
        _ => false,
    }
}
