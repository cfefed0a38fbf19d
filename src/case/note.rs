//! Changes of a timeline as records.
//!
//! Spelt out here and not derived from the types of the program, as in `words`: a fact that is not
//! known is passed over, and so is a kind of entry that only a newer program makes.

use std::io;

use serde::{Deserialize, Serialize};

use super::format::{self, Packed};
use super::words;
use crate::domain::time::Timestamp;
use crate::domain::timeline::{Change, Entry, EntryId, Kind, Reference, Stamp};

/// More of one text than this is not written: it is quoted here, the pages hold all of it.
const LONGEST: usize = 64 << 10;

/// A change as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    id: String,
    at: i64,
    by: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Facts>,
}

/// An entry as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Facts {
    time: i64,
    kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    env: String,
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ids: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pipeline: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    edge: Option<(String, String)>,
    #[serde(skip_serializing_if = "String::is_empty")]
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<i64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    line: String,
}

impl From<&Change> for Note {
    fn from(change: &Change) -> Self {
        Self {
            id: change.id.to_string(),
            at: change.stamp.at,
            by: change.stamp.writer,
            entry: change.entry.as_ref().map(Facts::from),
        }
    }
}

impl From<&Entry> for Facts {
    fn from(entry: &Entry) -> Self {
        let reference = &entry.reference;
        Self {
            time: entry.time.0,
            kind: entry.kind.word().to_owned(),
            env: entry.env.clone(),
            text: cut(&entry.text),
            ids: reference.ids.clone(),
            pipeline: reference.pipeline.clone(),
            edge: reference.edge.clone(),
            source: reference.source.clone(),
            pinned: reference.at.map(|at| at.0),
            line: cut(&reference.line),
        }
    }
}

impl Note {
    /// The change again; `None` where it says something this program does not know.
    #[must_use]
    pub fn change(self) -> Option<Change> {
        let id = EntryId::parse(&self.id)?;
        let entry = match self.entry {
            None => None,
            Some(facts) => Some(facts.entry(id)?),
        };
        let stamp = Stamp {
            at: self.at,
            writer: self.by,
        };
        Some(Change { id, stamp, entry })
    }
}

impl Facts {
    fn entry(self, id: EntryId) -> Option<Entry> {
        Some(Entry {
            id,
            time: Timestamp(self.time),
            kind: Kind::from_word(&self.kind)?,
            env: self.env,
            text: self.text,
            reference: Reference {
                ids: self.ids,
                pipeline: self.pipeline,
                edge: self.edge,
                source: self.source,
                raw: None,
                at: self.pinned.map(Timestamp),
                line: self.line,
            },
        })
    }
}

fn cut(text: &str) -> String {
    text.get(..text.floor_char_boundary(LONGEST))
        .unwrap_or_default()
        .to_owned()
}

/// The record of a change.
///
/// # Errors
/// When it is larger than a record can be.
pub fn record(salt: u32, change: &Change) -> io::Result<Vec<u8>> {
    let meta = serde_json::to_vec(&Note::from(change))?;
    format::record(salt, words::NOTE, None, &meta, &Packed::none())
}
