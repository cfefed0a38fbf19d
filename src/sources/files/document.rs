//! JSON that is not one object a line: pages of events as the AWS CLI prints them, subscription
//! payloads spread over lines, arrays of events.

use super::notation;
use super::page_keys::{self, Array};
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
        /// So many objects are around the array.
        around: u8,
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

/// Looks at what begins at the first byte.
pub fn probe(bytes: &[u8]) -> Probe {
    let near = &bytes[..bytes.len().min(HEAD)];
    match near.first() {
        Some(b'[') => array(near, Array { at: 0, around: 0 }, String::new()),
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
        if !own && let Some(found) = page_keys::events(key, bytes, value) {
            return Ok(array(bytes, found, stream));
        }
        if key == b"logStream" && first == Some(&b'"') {
            let text = json::string(bytes, value)?;
            stream = String::from_utf8_lossy(text.of(bytes)).into_owned();
        }
        fields.go_on(json::value(bytes, value)?);
    }
}

fn array(bytes: &[u8], Array { at, around }: Array, stream: String) -> Probe {
    match bytes.get(json::skip_space(bytes, at + 1)) {
        Some(b'{') => {}
        Some(b'[') if is_array(bytes, json::skip_space(bytes, at + 1)) => {}
        Some(b']') if around > 0 => {}
        None if bytes.len() < HEAD => return Probe::More,
        _ => return Probe::No,
    }
    Probe::Page {
        elements: at + 1,
        stream,
        around,
    }
}

/// Whether the bracket at `at` opens an array of objects; a line of text goes on otherwise.
fn is_array(bytes: &[u8], at: usize) -> bool {
    bytes.get(json::skip_space(bytes, at + 1)) == Some(&b'{')
}

/// Where a page ends whose array was closed just before `at`, with so many objects around it.
///
/// # Errors
/// When the page is cut off, or is no JSON from here on.
pub fn end_of_page(bytes: &[u8], at: usize, around: u8) -> Result<usize, Odd> {
    let mut end = at;
    for _ in 0..around {
        let mut fields = Fields::behind(end);
        end = loop {
            match fields.next(bytes)? {
                Field::End(end) => break end,
                Field::Key(_, value) => fields.go_on(json::value(bytes, value)?),
            }
        };
    }
    Ok(end)
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
