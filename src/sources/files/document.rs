//! JSON that is not one object a line: pages of events as the AWS CLI prints them, subscription
//! payloads spread over lines, arrays of events.

use super::notation;
use crate::domain::json::{self, Field, Fields, Odd};

/// The beginning of a document is looked at this far.
pub const HEAD: usize = 256 << 10;

/// What begins at a brace or bracket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Probe {
    /// A page: its elements begin here, and are of this stream.
    Page {
        /// Behind the bracket of the array.
        elements: usize,
        /// Empty where the page names none.
        stream: String,
        /// The page is an object around the array.
        wrapped: bool,
    },
    /// One object that ends here and holds no array of events.
    Object(usize),
    /// No JSON.
    No,
    /// More bytes are needed to tell.
    More,
}

/// Whether a document of several lines may begin with this one: an object is not closed in it.
#[inline]
pub fn may_begin(line: &[u8]) -> bool {
    if line.first() != Some(&b'{') {
        return false;
    }
    line.last() != Some(&b'}') && line.trim_ascii_end().last() != Some(&b'}')
}

/// Whether a field at the top of an object is an array of events, or of what holds them: pages as
/// CloudWatch and CloudTrail write them, results of queries, and what tracers export.
pub fn holds_events(key: &[u8], bytes: &[u8], value: usize) -> bool {
    let begins = |tokens: &[&[u8]]| {
        let mut at = value;
        tokens.iter().all(|token| {
            at = json::skip_space(bytes, at);
            let is = bytes[at.min(bytes.len())..].starts_with(token);
            at += token.len();
            is
        })
    };
    match key {
        b"events" | b"logEvents" | b"Records" | b"resourceSpans" | b"resourceLogs" => {
            begins(&[b"["])
        }
        b"data" => begins(&[b"[", b"{", b"\"traceID\""]),
        b"results" => begins(&[b"[", b"[", b"{", b"\"field\""]),
        _ => false,
    }
}

/// Whether a field of an element in such an array is one itself.
pub fn holds_within(key: &[u8]) -> bool {
    matches!(key, b"spans" | b"scopeSpans" | b"scopeLogs" | b"logRecords")
}

/// Looks at what begins at the first byte.
pub fn probe(bytes: &[u8]) -> Probe {
    let near = &bytes[..bytes.len().min(HEAD)];
    match near.first() {
        Some(b'[') => array(near, 0, String::new(), false),
        Some(b'{') => match object(near) {
            Ok(found) => found,
            Err(Odd::Cut) if near.len() < HEAD => Probe::More,
            Err(_) => Probe::No,
        },
        _ => Probe::No,
    }
}

fn object(bytes: &[u8]) -> Result<Probe, Odd> {
    let mut stream = String::new();
    let mut fields = Fields::new(0);
    // An event may bear an array of that name: only what is no event itself is a page of them.
    let mut own = false;
    loop {
        let (key, value) = match fields.next(bytes)? {
            Field::End(end) => return Ok(Probe::Object(end)),
            Field::Key(key, value) => (key.of(bytes), value),
        };
        let first = bytes.get(value);
        own |= match key {
            b"timestamp" => true,
            b"message" => first == Some(&b'"'),
            _ => notation::rank(key).is_some() && !matches!(first, Some(b'{' | b'[')),
        };
        if !own && holds_events(key, bytes, value) {
            return Ok(array(bytes, value, stream, true));
        }
        if key == b"logStream" && first == Some(&b'"') {
            let text = json::string(bytes, value)?;
            stream = String::from_utf8_lossy(text.of(bytes)).into_owned();
        }
        fields.go_on(json::value(bytes, value)?);
    }
}

fn array(bytes: &[u8], at: usize, stream: String, wrapped: bool) -> Probe {
    match bytes.get(json::skip_space(bytes, at + 1)) {
        Some(b'{') => {}
        Some(b'[') if is_array(bytes, json::skip_space(bytes, at + 1)) => {}
        Some(b']') if wrapped => {}
        None if bytes.len() < HEAD => return Probe::More,
        _ => return Probe::No,
    }
    Probe::Page {
        elements: at + 1,
        stream,
        wrapped,
    }
}

/// Whether the bracket at `at` opens an array of objects; a line of text goes on otherwise.
fn is_array(bytes: &[u8], at: usize) -> bool {
    bytes.get(json::skip_space(bytes, at + 1)) == Some(&b'{')
}

/// Where a page ends whose array was closed just before `at`.
///
/// # Errors
/// When the page is cut off, or is no JSON from here on.
pub fn end_of_page(bytes: &[u8], at: usize) -> Result<usize, Odd> {
    let mut fields = Fields::behind(at);
    loop {
        match fields.next(bytes)? {
            Field::End(end) => return Ok(end),
            Field::Key(_, value) => fields.go_on(json::value(bytes, value)?),
        }
    }
}

/// Why no further element was taken.
pub enum Stop {
    /// There are enough.
    Enough,
    /// The array is closed by the bracket here.
    Bracket(usize),
    /// The bytes end.
    Cut,
    /// This is no array of objects.
    Bad,
}

/// How far the bytes are whole elements, up to about `target`.
pub fn whole_elements(bytes: &[u8], target: usize) -> (usize, Stop) {
    let (mut at, mut good) = (0, 0);
    loop {
        at = json::skip_space(bytes, at);
        match bytes.get(at) {
            None => return (good, Stop::Cut),
            Some(b',') => at += 1,
            Some(b']') => return (good, Stop::Bracket(at)),
            Some(b'{' | b'[') => match json::value(bytes, at) {
                Ok(end) => {
                    at = end;
                    good = end;
                    if good >= target {
                        return (good, Stop::Enough);
                    }
                }
                Err(Odd::Cut) => return (good, Stop::Cut),
                Err(Odd::Bad) => return (good, Stop::Bad),
            },
            Some(_) => return (good, Stop::Bad),
        }
    }
}
