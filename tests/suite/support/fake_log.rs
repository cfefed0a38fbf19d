//! A log in memory: the real index and the real pages over made-up texts, which may go away.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use lastseen::domain::event::{Batch, EventRef, SourceId, TextRef};
use lastseen::domain::log::index::{LogIndex, Packed};
use lastseen::domain::log::view::{LogPage, LogQuery, LogScope};
use lastseen::domain::log::{LogEvent, LogKey};
use lastseen::domain::time::Timestamp;
use lastseen::domain::view::MessageHandle;
use lastseen::load::logs::page::{self, Shelf};
use lastseen::sources::texts::RawEvent;

/// See the module.
#[derive(Default)]
pub(crate) struct FakeLog {
    index: Mutex<LogIndex>,
    texts: HashMap<TextRef, RawEvent>,
    names: HashMap<TextRef, MessageHandle>,
    envs: HashMap<SourceId, Arc<str>>,
}

impl FakeLog {
    /// A source of an environment.
    pub(crate) fn source(&mut self, id: SourceId, env: &Arc<str>) {
        self.envs.insert(id, Arc::clone(env));
    }

    /// One more log event.
    pub(crate) fn push(
        &mut self,
        key: LogKey,
        stream: &str,
        text: Option<RawEvent>,
        names: Option<MessageHandle>,
    ) {
        let batch = batch(key.source, key.raw, &[key.time], stream);
        let mut index = self.index.lock().unwrap();
        let numbers = index.streams(&batch.streams);
        index.add(Packed::new(&batch, &numbers));
        self.texts.extend(text.map(|text| (key.raw, text)));
        self.names.extend(names.map(|handle| (key.raw, handle)));
    }

    /// The text of one event is gone.
    pub(crate) fn lose(&mut self, at: TextRef) {
        self.texts.remove(&at);
    }

    /// What the log holds of a text.
    pub(crate) fn text(&self, at: TextRef) -> io::Result<RawEvent> {
        let gone = || io::Error::other("the place this was read from is gone");
        self.texts.get(&at).cloned().ok_or_else(gone)
    }

    pub(crate) fn page(&self, query: &LogQuery) -> LogPage {
        page::page(query, &Asked(self, &query.scope))
    }
}

/// A batch of one source whose events begin at these times, one byte after the other.
pub(crate) fn batch(source: SourceId, at: TextRef, times: &[Timestamp], stream: &str) -> Batch {
    let event = |(raw, time): (usize, &Timestamp)| EventRef {
        time: *time,
        start: 0,
        len: 0,
        raw: raw as u32,
        stream: 0,
    };
    Batch {
        source,
        origin: at.origin,
        base: at.offset,
        text: Vec::new(),
        events: times.iter().enumerate().map(event).collect(),
        streams: vec![stream.into()],
    }
}

struct Asked<'a>(&'a FakeLog, &'a LogScope);

impl Asked<'_> {
    fn wants(&self, id: SourceId) -> bool {
        match self.1 {
            LogScope::All => true,
            LogScope::Source(one) => *one == id,
            LogScope::Env(env) => self.0.envs.get(&id) == Some(env),
        }
    }
}

impl Shelf for Asked<'_> {
    fn walk(&self, cut: LogKey, backward: bool, most: usize) -> Vec<LogEvent> {
        let mut index = self.0.index.lock().unwrap();
        if backward {
            index.before(cut, &|id| self.wants(id), most)
        } else {
            index.after(cut, &|id| self.wants(id), most)
        }
    }

    fn counts(&self, cut: LogKey) -> (u64, u64) {
        let mut index = self.0.index.lock().unwrap();
        let before = index.count_before(cut, &|id| self.wants(id));
        (before, index.count(&|id| self.wants(id)))
    }

    fn stream(&self, number: u32) -> Arc<str> {
        self.0.index.lock().unwrap().stream(number)
    }

    fn read(&self, references: &[TextRef]) -> Vec<io::Result<RawEvent>> {
        references.iter().map(|at| self.0.text(*at)).collect()
    }

    fn names(&self, event: &LogEvent, _: &[u8]) -> Option<MessageHandle> {
        self.0.names.get(&event.key.raw).copied()
    }
}
