//! The log events that discovery looks at, kept together in memory.
//!
//! Whoever reads the sources decides what gets in; it must be spread over the time and all kinds of
//! lines. Nothing here is interpreted.

use std::sync::Arc;

use crate::domain::event::Source;
use crate::domain::time::Timestamp;

/// One log event.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Index into [`Corpus::sources`].
    pub source: u32,
    /// Its own time.
    pub time: Timestamp,
    /// A number for its stream: events of one stream have one clock.
    pub stream: u32,
    start: usize,
    len: u32,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// Where they come from.
    pub sources: Vec<Arc<Source>>,
    /// In the order they were added.
    pub events: Vec<Event>,
    /// Log events that there are.
    pub of: u64,
    /// Of what gave none: where, and why.
    pub barren: Vec<String>,
    text: Vec<u8>,
}

impl Corpus {
    /// So much of one event is looked at, in bytes.
    const MOST: usize = 4096;

    /// Adds a source; gives its index.
    pub fn source(&mut self, source: Arc<Source>) -> u32 {
        self.sources.push(source);
        self.sources.len() as u32 - 1
    }

    /// Adds a log event of a source.
    pub fn event(&mut self, source: u32, stream: u32, time: Timestamp, text: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(Self::beginning(text));
        self.events.push(Event {
            source,
            time,
            stream,
            start,
            len: (self.text.len() - start) as u32,
        });
    }

    /// So much of a text as is looked at.
    #[must_use]
    pub fn beginning(text: &[u8]) -> &[u8] {
        &text[..text.len().min(Self::MOST)]
    }

    /// Its text, or the beginning of it.
    #[must_use]
    pub fn text(&self, event: &Event) -> &[u8] {
        &self.text[event.start..event.start + event.len as usize]
    }

    /// The same, with the clocks of some sources set back by so many milliseconds.
    #[must_use]
    pub(super) fn moved(&self, ahead: &[(usize, i64)]) -> Self {
        let mut moved = self.clone();
        for event in &mut moved.events {
            let of = |(source, _): &&(usize, i64)| *source == event.source as usize;
            if let Some((_, ms)) = ahead.iter().find(of) {
                event.time = event.time.plus(-ms);
            }
        }
        moved
    }

    /// Bytes of all texts.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Forgets the events that are not kept, and their texts.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        let mut text = Vec::with_capacity(self.text.len() / 2);
        let mut kept = Vec::with_capacity(self.events.len() / 2);
        for (event, keep) in self.events.iter().zip(keep) {
            if *keep {
                let start = text.len();
                text.extend_from_slice(self.text(event));
                kept.push(Event { start, ..*event });
            }
        }
        self.events = kept;
        self.text = text;
    }
}
