//! The log of a run: the index that the workers feed, and pages of it with their texts.
//!
//! The index is locked to walk it, never while a text is read.

pub mod page;

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex};

use super::lock::lock;
use crate::domain::event::{Batch, EventRef, SourceId, TextRef};
use crate::domain::extract::Extractor;
use crate::domain::ledger::Ledger;
use crate::domain::log::index::{LogIndex, Packed};
use crate::domain::log::view::{LogPage, LogQuery, LogScope};
use crate::domain::log::{LogEvent, LogKey};
use crate::domain::view::MessageHandle;
use crate::sources::texts::{RawEvent, Texts};
use page::Shelf;

/// See the module.
#[derive(Default)]
pub(super) struct Logs {
    index: Mutex<LogIndex>,
    /// To see which message a line names.
    extractors: Mutex<HashMap<SourceId, Extractor>>,
}

impl Logs {
    /// Takes note of every event of a batch.
    pub(super) fn add(&self, batch: &Batch) {
        let numbers = lock(&self.index).streams(&batch.streams);
        let packed = Packed::new(batch, &numbers);
        lock(&self.index).add(packed);
    }

    /// The answer to a question.
    pub(super) fn page(&self, query: &LogQuery, ledger: &Mutex<Ledger>, texts: &Texts) -> LogPage {
        let wanted = match &query.scope {
            LogScope::All => Wanted::All,
            LogScope::Source(id) => Wanted::One(*id),
            LogScope::Env(env) => Wanted::These(lock(ledger).sources_of(env).collect()),
        };
        let desk = Desk {
            logs: self,
            ledger,
            texts,
            wanted,
        };
        page::page(query, &desk)
    }
}

enum Wanted {
    All,
    One(SourceId),
    These(HashSet<SourceId>),
}

/// One question's view of a run.
struct Desk<'a> {
    logs: &'a Logs,
    ledger: &'a Mutex<Ledger>,
    texts: &'a Texts,
    wanted: Wanted,
}

impl Desk<'_> {
    fn wants(&self, id: SourceId) -> bool {
        match &self.wanted {
            Wanted::All => true,
            Wanted::One(one) => *one == id,
            Wanted::These(these) => these.contains(&id),
        }
    }
}

impl Shelf for Desk<'_> {
    fn walk(&self, cut: LogKey, backward: bool, most: usize) -> Vec<LogEvent> {
        let mut index = lock(&self.logs.index);
        let chosen = |id| self.wants(id);
        if backward {
            index.before(cut, &chosen, most)
        } else {
            index.after(cut, &chosen, most)
        }
    }

    fn counts(&self, cut: LogKey) -> (u64, u64) {
        let mut index = lock(&self.logs.index);
        let chosen = |id| self.wants(id);
        (index.count_before(cut, &chosen), index.count(&chosen))
    }

    fn stream(&self, number: u32) -> Arc<str> {
        lock(&self.logs.index).stream(number)
    }

    fn read(&self, references: &[TextRef]) -> Vec<io::Result<RawEvent>> {
        self.texts.read_all(references)
    }

    fn names(&self, event: &LogEvent, text: &[u8]) -> Option<MessageHandle> {
        let key = event.key;
        let batch = Batch {
            source: key.source,
            origin: key.raw.origin,
            base: key.raw.offset,
            text: text.to_vec(),
            events: vec![EventRef {
                time: key.time,
                start: 0,
                len: text.len() as u32,
                raw: 0,
                stream: 0,
            }],
            streams: vec![self.stream(event.stream)],
        };
        let extracted = {
            let mut extractors = lock(&self.logs.extractors);
            let new = || lock(self.ledger).extractor(key.source);
            extractors
                .entry(key.source)
                .or_insert_with(new)
                .extract(&batch)
        };
        lock(self.ledger).named(&extracted, key.raw)
    }
}
