//! Which log events are looked at, where there are more than fit: everything of some slices of time, and
//! the first of every kind of line whenever it comes.
//!
//! The slices are the same for all sources, so that the way of a message through them stays whole; and a
//! rare kind of line, which may be the loss, is in whatever the slices are. Whoever reads may leave out
//! beforehand what would not be kept.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use foldhash::fast::FixedState;

use super::corpus::Corpus;
use super::shape::Class;
use super::words::{self, Part};
use crate::domain::event::Source;
use crate::domain::kinds::kind;
use crate::domain::slices::Slices;
use crate::domain::time::{Span, Timestamp};

/// So many lines of every kind are kept, whenever they come.
pub const RARE: u8 = 40;
/// A source with more kinds than this writes whatever comes to its mind: of further kinds few are kept.
const KINDS: usize = 500;
/// Few.
const FEW: u8 = 2;
/// So many values of rare lines are looked at, and so many of them are followed.
const CANDIDATES: usize = 2_000;
const FOLLOWED: usize = 60;
/// What more log events say is no ID of one message.
const OFTEN: usize = 30;
/// So many rare lines of one kind are followed.
const OF_A_KIND: usize = 4;
/// An ID is no shorter.
const SHORTEST: usize = 6;

/// See the module.
#[derive(Debug)]
pub struct Sampler {
    corpus: Corpus,
    /// For each event of the corpus its kind, where it is kept whatever its time.
    rare: Vec<Option<u64>>,
    seen: HashMap<(u32, u64), u8, FixedState>,
    /// Kinds of lines by source.
    kinds: Vec<usize>,
    most: usize,
    slices: Option<Arc<Slices>>,
}

impl Sampler {
    /// A sampler that keeps about so many events.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            corpus: Corpus::default(),
            rare: Vec::new(),
            seen: HashMap::default(),
            kinds: Vec::new(),
            most,
            slices: None,
        }
    }

    /// Keeps everything of these slices; of all time where there are none. What was chosen first stays.
    pub fn keep_to(&mut self, slices: impl FnOnce() -> Option<Arc<Slices>>) {
        if self.slices.is_none() {
            self.slices = slices();
        }
    }

    /// Adds a source; gives its index.
    pub fn source(&mut self, source: Arc<Source>) -> u32 {
        self.kinds.push(0);
        self.corpus.source(source)
    }

    /// Takes note of an input that gave no log event: where, and why.
    pub fn barren(&mut self, words: String) {
        self.corpus.barren.push(words);
    }

    /// Looks at a log event of a source.
    pub fn event(&mut self, source: u32, stream: u32, time: Timestamp, text: &[u8]) {
        let kind = kind(text);
        let rare = self.is_rare(source, kind);
        if !rare && !self.in_slice(time) {
            return;
        }
        self.corpus.event(source, stream, time, text);
        self.rare.push(rare.then_some(kind));
        if self.corpus.events.len() > self.most + self.most / 2 {
            self.tighten();
        }
    }

    /// What was kept, of so many log events.
    #[must_use]
    pub fn finish(mut self, of: u64) -> Corpus {
        self.corpus.of = of;
        self.corpus
    }

    fn is_rare(&mut self, source: u32, kind: u64) -> bool {
        let kinds = &mut self.kinds[source as usize];
        let seen = self.seen.entry((source, kind)).or_insert_with(|| {
            *kinds += 1;
            0
        });
        let most = if *kinds > KINDS { FEW } else { RARE };
        let rare = *seen < most;
        *seen += u8::from(rare);
        rare
    }

    fn in_slice(&self, time: Timestamp) -> bool {
        let slices = self.slices.as_ref();
        slices.is_none_or(|slices| slices.contains(time))
    }

    fn tighten(&mut self) {
        if let Some(slices) = &self.slices {
            slices.halve();
        } else {
            let times = self.corpus.events.iter().map(|event| event.time);
            let (Some(from), Some(to)) = (times.clone().min(), times.max()) else {
                return;
            };
            self.slices = Some(Arc::new(Slices::new(Span::new(from, to), 0.5)));
        }
        let events = self.corpus.events.iter().zip(&self.rare);
        let keep: Vec<bool> = events
            .map(|(event, rare)| rare.is_some() || self.in_slice(event.time))
            .collect();
        self.corpus.retain(&keep);
        let mut kept = keep.iter();
        self.rare.retain(|_| kept.next().copied().unwrap_or(false));
    }

    /// What rare lines outside the slices name: there the rest of the way of these messages was left out.
    #[must_use]
    pub fn loose_ends(&self) -> Vec<String> {
        let mut of_kind: HashMap<(u32, u64), usize> = HashMap::new();
        let mut named: Vec<(usize, String)> = Vec::new();
        let mut known = HashSet::new();
        for (event, kind) in self.corpus.events.iter().zip(&self.rare) {
            let Some(kind) = kind.filter(|_| !self.in_slice(event.time)) else {
                continue;
            };
            let key = (event.source, kind);
            let number = of_kind.entry(key).or_default();
            // What is common is in the slices.
            if self.seen.get(&key).is_none_or(|seen| *seen >= RARE) || *number == OF_A_KIND {
                continue;
            }
            *number += 1;
            let text = String::from_utf8_lossy(self.corpus.text(event));
            words::scan(&text, &mut |part| {
                let (Part::Pair(_, value) | Part::Variable(value, _) | Part::Counted(value)) = part;
                let value = value.trim_matches(['"', '{', '}']);
                let sound = Class::of(value).can_name() && value.len() >= SHORTEST;
                if sound && known.len() < CANDIDATES && known.insert(value.to_owned()) {
                    named.push((*number, value.to_owned()));
                }
            });
        }
        // First one line of every kind.
        named.sort_by_key(|(number, _)| *number);
        let mut ids: Vec<String> = named.into_iter().map(|(_, id)| id).collect();
        self.drop_common(&mut ids);
        ids.truncate(FOLLOWED);
        ids
    }

    /// Drops what many log events say: a host, a date.
    fn drop_common(&self, ids: &mut Vec<String>) {
        if ids.is_empty() {
            return;
        }
        let Ok(searcher) = AhoCorasick::new(&*ids) else {
            return ids.clear();
        };
        let mut said = vec![0_usize; ids.len()];
        for event in &self.corpus.events {
            for hit in searcher.find_iter(self.corpus.text(event)) {
                said[hit.pattern().as_usize()] += 1;
            }
        }
        let mut said = said.into_iter();
        ids.retain(|_| said.next().is_some_and(|said| said <= OFTEN));
    }

    /// Adds log events, but for those that are there already.
    pub fn add(&mut self, more: impl IntoIterator<Item = (u32, u32, Timestamp, Vec<u8>)>) {
        let hasher = FixedState::default();
        let number =
            |source: u32, time: Timestamp, text: &[u8]| hasher.hash_one((source, time, text));
        let events = self.corpus.events.iter();
        let mut known: HashSet<u64> = events
            .map(|event| number(event.source, event.time, self.corpus.text(event)))
            .collect();
        for (source, stream, time, text) in more {
            let text = Corpus::beginning(&text);
            if known.insert(number(source, time, text)) {
                self.corpus.event(source, stream, time, text);
                self.rare.push(Some(kind(text)));
            }
        }
    }
}
