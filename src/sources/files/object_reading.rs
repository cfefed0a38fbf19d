//! What a whole JSON object says of its time, before anything is assumed.

use super::notation::{self, Reading};
use crate::domain::json::{self, Field, Fields};

/// The most telling time of an object that is all of `bytes`.
pub fn whole(bytes: &[u8]) -> Option<Reading> {
    if bytes.first() != Some(&b'{') {
        return None;
    }
    let (found, end) = most_telling(bytes, 0, u8::MAX, reading)?;
    found.filter(|_| bytes[end..].trim_ascii().is_empty())
}

/// What `read` makes of the time under the most telling name in the object at `at`, of those no less telling
/// than `last`, and the end of the object; `None` where it is no JSON.
pub fn most_telling<T>(
    bytes: &[u8],
    at: usize,
    last: u8,
    mut read: impl FnMut(&[u8]) -> Option<T>,
) -> Option<(Option<T>, usize)> {
    let mut fields = Fields::new(at);
    let mut found: Option<(u8, T)> = None;
    loop {
        match fields.next(bytes).ok()? {
            Field::End(end) => return Some((found.map(|(_, time)| time), end)),
            Field::Key(key, value) => {
                let end = json::value(bytes, value).ok()?;
                if let Some(rank) = notation::rank(key.of(bytes)).filter(|rank| *rank <= last)
                    && found.as_ref().is_none_or(|(known, _)| rank < *known)
                    && let Some(time) = read(unquoted(&bytes[value..end]))
                {
                    found = Some((rank, time));
                }
                fields.go_on(end);
            }
        }
    }
}

/// What a whole value says of a time.
fn reading(value: &[u8]) -> Option<Reading> {
    match notation::read(value) {
        Some((reading, end)) if value[end..].trim_ascii().is_empty() => Some(reading),
        _ => notation::epoch(value).map(Reading::of_epoch),
    }
}

/// A value without its quotes.
pub fn unquoted(value: &[u8]) -> &[u8] {
    value
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
        .unwrap_or(value)
}
