//! The re-drive pack: what is needed to send messages again, one JSON object a line, oldest first.
//!
//! It is a list and never sends anything. What the log does not hold of a message is said, not
//! invented: a payload is what the message's first log event bears, or nothing.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::json;
use super::material::Material;
use super::rows;
use super::strict;
use crate::domain::verdict::Flags;
use crate::domain::view::{MessageQuery, MessageRow, Sort};

/// What a pack should hold.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The field (a dotted path) of the first log event that bears the payload; else its whole text.
    pub payload: Option<String>,
    /// The attribute that messages are ordered within, as a FIFO queue's group.
    pub group_by: Option<String>,
}

/// What a pack holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Packed {
    /// Messages.
    pub messages: u64,
    /// Those of which the payload is not in the logs, or not whole.
    pub without_payload: u64,
    /// Those of which the group is not known, where one was asked for.
    pub without_group: u64,
}

/// Writes the pack: by first seen, so that the order within each group is kept.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    material: &Material<'_>,
    query: &MessageQuery,
    wanted: &Wanted,
) -> io::Result<Packed> {
    let mut packed = Packed::default();
    let query = MessageQuery {
        sort: Sort::FirstSeen,
        ..query.clone()
    };
    material.each_of(&query, &mut |row| {
        let mut value = rows::object(row);
        // The same message is the same to a queue that drops repeats, however often the pack is sent.
        value["dedupe_id"] = json!(row.id);
        if let Some(name) = &wanted.group_by {
            let group = row.attributes.iter().find(|(of, _)| **of == **name);
            packed.without_group += u64::from(group.is_none());
            value["group"] = group.map_or(Value::Null, |(_, value)| json::attribute(value));
        }
        let (payload, state) = payload(row, material, wanted);
        packed.messages += 1;
        packed.without_payload += u64::from(state != "as logged");
        value["payload"] = payload;
        value["payload_state"] = json!(state);
        strict::write(out, &value)?;
        out.write_all(b"\n")
    })?;
    Ok(packed)
}

/// What the message's first log event bears, and in which state.
fn payload(row: &MessageRow, material: &Material<'_>, wanted: &Wanted) -> (Value, String) {
    let first = material
        .ask
        .lifecycle(row.handle)
        .and_then(|view| view.sightings.first().map(|sighting| sighting.raw));
    let Some(first) = first else {
        return (Value::Null, "no log event is known".to_owned());
    };
    let bytes = match material.ask.text(first) {
        Ok(bytes) => bytes,
        Err(error) => return (Value::Null, format!("could not be read again: {error}")),
    };
    let text = String::from_utf8_lossy(&bytes);
    let whole = if row.flags.has(Flags::TRUNCATED) {
        "cut in the log"
    } else {
        "as logged"
    };
    let Some(path) = &wanted.payload else {
        return (json!(text), whole.to_owned());
    };
    let parsed: Option<Value> = serde_json::from_str(&text).ok();
    let field = parsed.and_then(|value| {
        let field = path
            .split('.')
            .try_fold(&value, |value, key| value.get(key));
        field.cloned()
    });
    match field {
        Some(field) => (field, whole.to_owned()),
        None => (
            Value::Null,
            format!("its first log event has no field {path}"),
        ),
    }
}
