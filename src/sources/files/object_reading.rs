//! What a whole JSON object says of its time, before anything is assumed.

use super::notation::{self, Reading};
use crate::domain::json::{self, Field, Fields};

/// The most telling time of an object that is all of `bytes`.
pub fn whole(bytes: &[u8]) -> Option<Reading> {
    if bytes.first() != Some(&b'{') {
        return None;
    }
    let mut fields = Fields::new(0);
    let mut found: Option<(u8, Reading)> = None;
    loop {
        match fields.next(bytes).ok()? {
            Field::End(end) if bytes[end..].trim_ascii().is_empty() => {
                return found.map(|(_, reading)| reading);
            }
            Field::End(_) => return None,
            Field::Key(key, value) => {
                let end = json::value(bytes, value).ok()?;
                if let Some(rank) = notation::rank(key.of(bytes))
                    && found.is_none_or(|(known, _)| rank < known)
                    && let Some(reading) = reading(unquoted(&bytes[value..end]))
                {
                    found = Some((rank, reading));
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
