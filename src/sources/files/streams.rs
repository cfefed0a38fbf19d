//! The log streams named in a batch, each name made once and shared by all batches.

use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::sink::Sink;
use crate::domain::json::Text;

/// Names kept between batches; more of them would be a leak.
const KEPT: usize = 10_000;

struct Entry {
    name: Arc<str>,
    /// In which batch it has the index.
    batch: u32,
    index: u32,
}

/// Gives stream names their index in the batch at hand.
#[derive(Default)]
pub struct Streams {
    known: HashMap<Box<[u8]>, Entry, RandomState>,
    batch: u32,
    names: Vec<Arc<str>>,
    /// The name asked for last.
    last: Vec<u8>,
    last_index: Option<u32>,
}

impl Streams {
    /// The index of the stream that `text` spells.
    #[inline]
    pub fn of_text(&mut self, bytes: &[u8], text: Text) -> u32 {
        if text.escaped {
            let mut name = Sink::default();
            // It was read as a string before; what cannot be unescaped stays out of the name.
            let _ = name.unescape(bytes, text.start - 1);
            return self.of(name.text());
        }
        self.of(text.of(bytes))
    }

    /// The index of this stream.
    #[inline]
    pub fn of(&mut self, name: &[u8]) -> u32 {
        if let Some(index) = self.last_index
            && self.last == name
        {
            return index;
        }
        let index = self.find(name);
        self.last.clear();
        self.last.extend_from_slice(name);
        self.last_index = Some(index);
        index
    }

    fn find(&mut self, name: &[u8]) -> u32 {
        let next = self.names.len() as u32;
        if let Some(entry) = self.known.get_mut(name) {
            if entry.batch != self.batch {
                entry.batch = self.batch;
                entry.index = next;
                self.names.push(entry.name.clone());
            }
            return entry.index;
        }
        if self.known.len() >= KEPT {
            self.known.retain(|_, entry| entry.batch == self.batch);
        }
        let entry = Entry {
            name: String::from_utf8_lossy(name).into(),
            batch: self.batch,
            index: next,
        };
        self.names.push(entry.name.clone());
        self.known.insert(name.into(), entry);
        next
    }

    /// The names of the batch, which ends here.
    pub fn finish(&mut self) -> Vec<Arc<str>> {
        self.batch = self.batch.wrapping_add(1);
        self.last_index = None;
        std::mem::take(&mut self.names)
    }
}
