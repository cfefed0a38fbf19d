//! What is said about a source while it is read, as one line: a later word must not wipe out an
//! earlier one about something else.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a word is about, in the order in which they stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Topic {
    /// Who reads it.
    Caller,
    /// Only some lines are asked for.
    Narrowed,
    /// This machine's clock.
    Clock,
    /// How much of it was kept by an earlier run.
    Kept,
    /// Throttling.
    Pace,
    /// Calls without an answer.
    Silence,
}

/// The words about one source, one for each topic.
#[derive(Debug, Default)]
pub struct Notes(Mutex<BTreeMap<Topic, String>>);

impl Notes {
    /// Says something; returns all that is said now, if it is new.
    pub fn say(&self, topic: Topic, text: String) -> Option<String> {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if text.is_empty() {
            notes.remove(&topic)?;
        } else {
            let before = notes.insert(topic, text);
            if before.as_ref() == notes.get(&topic) {
                return None;
            }
        }
        let texts: Vec<&str> = notes.values().map(String::as_str).collect();
        Some(texts.join("; "))
    }
}
