//! Where an object of a service's own bears its time, in whichever way that is written.

use super::notation;
use super::object_reading::unquoted;
use super::stamp::{Stamp, Stamps};
use crate::domain::json::{self, Field, Fields};

/// The first field named like a time that is one: the most telling was not.
#[cold]
pub fn any_time(bytes: &[u8], at: usize, stamps: &mut Stamps) -> Option<Stamp> {
    let mut fields = Fields::new(at);
    while let Ok(Field::Key(key, value)) = fields.next(bytes) {
        let end = json::value(bytes, value).ok()?;
        if notation::rank(key.of(bytes)).is_some() {
            let stamp = stamps.value(unquoted(&bytes[value..end]));
            if stamp != Stamp::None {
                return Some(stamp);
            }
        }
        fields.go_on(end);
    }
    None
}

/// Fields that hold what a program wrote to its output, as whoever collects it names them.
const OUTPUTS: [&[u8]; 4] = [b"log", b"message", b"msg", b"MESSAGE"];

/// The time with which the text in such a field begins; `Stamp::None` where there is a text without one.
#[cold]
pub fn output_time(bytes: &[u8], at: usize, stamps: &mut Stamps) -> Option<Stamp> {
    let mut fields = Fields::new(at);
    while let Ok(Field::Key(key, value)) = fields.next(bytes) {
        let end = json::value(bytes, value).ok()?;
        if OUTPUTS.contains(&key.of(bytes)) && bytes[value] == b'"' {
            return Some(stamps.line(unquoted(&bytes[value..end])));
        }
        fields.go_on(end);
    }
    None
}

/// Where the time in a value is: the value itself, or within an object that MongoDB writes around it.
#[inline]
pub fn time_in(bytes: &[u8], value: usize, end: usize) -> Option<(usize, usize)> {
    match bytes.get(value) {
        Some(b'[') => None,
        Some(b'{') => {
            wrapped(bytes, value, b"$date").and_then(|(start, end)| match bytes.get(start) {
                Some(b'{') => wrapped(bytes, start, b"$numberLong"),
                _ => Some((start, end)),
            })
        }
        _ => Some((value, end)),
    }
}

/// The value of the first field, if it has this name.
#[cold]
fn wrapped(bytes: &[u8], at: usize, name: &[u8]) -> Option<(usize, usize)> {
    match Fields::new(at).next(bytes) {
        Ok(Field::Key(key, value)) if key.of(bytes) == name => {
            Some((value, json::value(bytes, value).ok()?))
        }
        _ => None,
    }
}
