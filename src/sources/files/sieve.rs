//! For somebody who only looks around: which lines are worth decoding.
//!
//! Either the first lines of every kind and whatever lies in some slices of time, or the lines that
//! mention one of some IDs. It only leaves out whole lines, and where it does not know it leaves out none.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use foldhash::fast::FixedState;

use super::chunk::{Chunk, Kind};
use super::decode::Decoder;
use super::discover::Task;
use super::edges::{self, Edges};
use super::frame::Framing;
use super::table::{self, Table};
use crate::domain::event::OriginId;
use crate::domain::kinds::kind_in_file;
use crate::domain::slices::Slices;
use crate::domain::time::Span;

/// More kinds of lines in one input are no kinds.
const KINDS: usize = 50_000;
/// So much of each end of a chunk tells its time, in bytes.
const END: usize = 4 << 10;

/// See the module.
#[derive(Debug)]
pub struct Sieve {
    passing: Passing,
    /// Lines that were left out.
    left_out: AtomicU64,
    slices: OnceLock<Option<Arc<Slices>>>,
}

#[derive(Debug)]
enum Passing {
    /// So many lines of each kind, and slices of time of about so many log events, where there are more
    /// than `most`.
    Kinds {
        of_each: u8,
        most: usize,
        sliced: usize,
    },
    /// Lines that mention one of some IDs.
    Mentions(Box<AhoCorasick>),
}

impl Sieve {
    /// Everything where there are about `most` log events; else so many lines of each kind, and slices of
    /// time with about `sliced` log events.
    #[must_use]
    pub fn of_kinds(of_each: u8, most: usize, sliced: usize) -> Arc<Self> {
        Self::new(Passing::Kinds {
            of_each,
            most,
            sliced,
        })
    }

    /// Every line that mentions one of these IDs; `None` where they are too many.
    #[must_use]
    pub fn of_mentions(ids: &[String]) -> Option<Arc<Self>> {
        let searcher = AhoCorasick::new(ids).ok()?;
        Some(Self::new(Passing::Mentions(Box::new(searcher))))
    }

    fn new(passing: Passing) -> Arc<Self> {
        Arc::new(Self {
            passing,
            left_out: AtomicU64::new(0),
            slices: OnceLock::new(),
        })
    }

    /// Lines that were left out.
    pub fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }

    /// The slices of time; `None` where everything passes. Known before the first line is read.
    pub fn slices(&self) -> Option<Arc<Slices>> {
        self.slices.get().cloned().flatten()
    }

    /// Looks at the ends of all inputs, to know how much there is.
    pub(super) fn survey(&self, tasks: &[Task]) {
        let Passing::Kinds { most, sliced, .. } = self.passing else {
            return;
        };
        let all = Edges::of(tasks);
        let share = |of: usize| of as f64 / all.events.max(1.0);
        let slices = all.span.filter(|_| share(most) < 0.8);
        let _only_once = self
            .slices
            .set(slices.map(|span| Arc::new(Slices::new(span, share(sliced)))));
    }

    /// What one thread keeps in mind of one input.
    pub(super) fn strainer(self: &Arc<Self>, task: &Task, framing: &Arc<Framing>) -> Strainer {
        Strainer {
            sieve: self.clone(),
            kinds: HashMap::default(),
            clock: Decoder::new(task.id, OriginId(0), framing.clone()),
            table: framing.table.clone(),
        }
    }
}

/// One thread at one input.
pub(super) struct Strainer {
    sieve: Arc<Sieve>,
    kinds: HashMap<u64, u8, FixedState>,
    /// Tells times.
    clock: Decoder,
    /// Its rows are what is left out, not its lines.
    table: Option<Arc<Table>>,
}

impl Strainer {
    /// The chunk without the lines that are left out.
    pub(super) fn strain(&mut self, mut chunk: Chunk) -> Chunk {
        if chunk.kind != Kind::Lines {
            return chunk;
        }
        let sieve = self.sieve.clone();
        match &sieve.passing {
            Passing::Mentions(ids) if self.table.is_none() => {
                keep_mentions(ids, &mut chunk.bytes);
            }
            Passing::Mentions(ids) => self.keep(&mut chunk, &mut |_, row| ids.is_match(row)),
            Passing::Kinds { of_each, .. } => {
                let Some(slices) = sieve.slices() else {
                    return chunk;
                };
                if self.span(&chunk).is_none_or(|span| slices.meet(span)) {
                    return chunk;
                }
                self.keep(&mut chunk, &mut |strainer, line| {
                    strainer.is_news(line, *of_each)
                });
            }
        }
        chunk
    }

    fn is_news(&mut self, line: &[u8], of_each: u8) -> bool {
        let (known, kind) = (self.kinds.len(), kind_in_file(line));
        if known >= KINDS && !self.kinds.contains_key(&kind) {
            return false;
        }
        let seen = self.kinds.entry(kind).or_insert(0);
        let news = *seen < of_each;
        *seen += u8::from(news);
        news
    }

    fn keep(&mut self, chunk: &mut Chunk, wanted: &mut dyn FnMut(&mut Self, &[u8]) -> bool) {
        let (mut at, mut kept, mut left_out) = (0, 0, 0);
        while at < chunk.bytes.len() {
            let end = self.end(&chunk.bytes, at);
            if wanted(self, &chunk.bytes[at..end]) {
                chunk.bytes.copy_within(at..end, kept);
                kept += end - at;
            } else {
                left_out += 1;
            }
            at = end;
        }
        chunk.bytes.truncate(kept);
        self.sieve.left_out.fetch_add(left_out, Ordering::Relaxed);
    }

    /// Where the line or row that begins at `at` ends.
    fn end(&self, bytes: &[u8], at: usize) -> usize {
        let end = match &self.table {
            Some(table) => table::row_end(bytes, at, table.delimiter, true).map(|row| row.next),
            None => memchr::memchr(b'\n', &bytes[at..]).map(|i| at + i + 1),
        };
        end.unwrap_or(bytes.len())
    }

    /// The time of a chunk, by the lines at both ends.
    fn span(&mut self, chunk: &Chunk) -> Option<Span> {
        let bytes = &chunk.bytes;
        let first = edges::whole_lines(&bytes[..bytes.len().min(END)], true);
        let last = edges::whole_lines(&bytes[bytes.len().saturating_sub(END)..], false);
        let first = edges::decode(&mut self.clock, first).span?;
        let last = edges::decode(&mut self.clock, last).span?;
        Some(first.union(last))
    }
}

/// Leaves the lines that mention an ID.
fn keep_mentions(ids: &AhoCorasick, bytes: &mut Vec<u8>) {
    let (mut at, mut kept) = (0, 0);
    while let Some(hit) = ids.find(&bytes[at..]) {
        let (start, end) = (at + hit.start(), at + hit.end());
        let begin = memchr::memrchr(b'\n', &bytes[at..start]).map_or(at, |i| at + i + 1);
        let end = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |i| end + i + 1);
        bytes.copy_within(begin..end, kept);
        kept += end - begin;
        at = end;
    }
    bytes.truncate(kept);
}
