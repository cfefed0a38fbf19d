//! Which log events are looked at, where there are more than fit: everything of some spans of time, and
//! the first of every kind of line whenever it comes.
//!
//! The spans are the same for all sources, so that the way of a message through them stays whole; and a
//! rare kind of line, which may be the loss, is in whatever the spans are.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::corpus::Corpus;
use crate::domain::event::Source;
use crate::domain::time::Timestamp;

/// So many lines of every kind are kept, whenever they come.
const RARE: u8 = 40;
/// So many spans the time is cut into.
const SPANS: i64 = 64;
/// So much of a line tells its kind, in bytes.
const TELLING: usize = 400;

/// See the module.
#[derive(Debug)]
pub struct Sampler {
    corpus: Corpus,
    /// Whether each event of the corpus is kept whatever its time.
    rare: Vec<bool>,
    seen: HashMap<(u32, u64), u8>,
    most: usize,
    /// Length of a span, once there are too many events.
    span_ms: Option<i64>,
    /// One span of so many is kept, as a power of two.
    level: u32,
}

impl Sampler {
    /// A sampler that keeps at most about so many events.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            corpus: Corpus::default(),
            rare: Vec::new(),
            seen: HashMap::new(),
            most,
            span_ms: None,
            level: 0,
        }
    }

    /// Adds a source; gives its index.
    pub fn source(&mut self, source: Arc<Source>) -> u32 {
        self.corpus.source(source)
    }

    /// Takes note of an input that gave no log event: where, and why.
    pub fn barren(&mut self, words: String) {
        self.corpus.barren.push(words);
    }

    /// Looks at a log event of a source.
    pub fn event(&mut self, source: u32, stream: u32, time: Timestamp, text: &[u8]) {
        self.corpus.of += 1;
        let seen = self.seen.entry((source, kind(text))).or_insert(0);
        let rare = *seen < RARE;
        if rare {
            *seen += 1;
        }
        if !rare && !self.in_span(time) {
            return;
        }
        self.corpus.event(source, stream, time, text);
        self.rare.push(rare);
        if self.corpus.events.len() > self.most {
            self.tighten();
        }
    }

    /// What was kept.
    #[must_use]
    pub fn finish(self) -> Corpus {
        self.corpus
    }

    fn in_span(&self, time: Timestamp) -> bool {
        let Some(span) = self.span_ms else {
            return true;
        };
        let number = time.0.div_euclid(span);
        let hash = FixedState::default().hash_one(number);
        hash.trailing_zeros() >= self.level
    }

    fn tighten(&mut self) {
        let times = self.corpus.events.iter().map(|event| event.time);
        let (Some(from), Some(to)) = (times.clone().min(), times.max()) else {
            return;
        };
        if self.span_ms.is_none() {
            self.span_ms = Some((to.since(from) / SPANS).max(1000));
        }
        self.level += 1;
        let keep: Vec<bool> = self
            .corpus
            .events
            .iter()
            .zip(&self.rare)
            .map(|(event, rare)| *rare || self.in_span(event.time))
            .collect();
        self.corpus.retain(&keep);
        let mut kept = keep.iter();
        self.rare.retain(|_| kept.next().copied().unwrap_or(false));
    }
}

/// A number for the words of a line: two lines of one kind have the same, whatever their values are.
fn kind(text: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    let text = &text[..text.len().min(TELLING)];
    let mut start = None;
    let mut digit = false;
    for (at, byte) in text.iter().chain(b" ").enumerate() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            start.get_or_insert(at);
            digit |= byte.is_ascii_digit();
        } else if let Some(begin) = start.take() {
            let word = &text[begin..at];
            if !std::mem::take(&mut digit) && word.len() < 24 {
                hasher.write(word);
            }
        }
    }
    hasher.finish()
}
