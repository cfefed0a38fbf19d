//! The answer: plain data, complete in itself, for findings and charts.
//!
//! Everything is bounded; what did not fit is counted in [`LeftOut`], never passed over in silence.
//! Texts come from logs: show them through `domain::safe`.

use std::sync::Arc;

use crate::domain::buckets::{Buckets, Cell};
use crate::domain::event::{SourceId, TextRef};
use crate::domain::time::Timestamp;

/// What all log lines told, as of the last batch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signals {
    /// Of every source, by its id.
    pub sources: Vec<Activity>,
    /// Of every stream, by source and name. A source without streams has none here.
    pub streams: Vec<Activity>,
    /// Troubles reported, most lines first.
    pub templates: Vec<Template>,
    /// Resources measured: by source, key, and stream; the whole source (no stream) first.
    pub series: Vec<Series>,
    /// What the tables had no room for.
    pub left_out: LeftOut,
}

/// Who wrote, when and how much.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Activity {
    /// The source.
    pub source: SourceId,
    /// The stream; `None` stands for the whole source.
    pub stream: Option<Arc<str>>,
    /// Log events.
    pub events: u64,
    /// The earliest.
    pub first: Timestamp,
    /// The latest.
    pub last: Timestamp,
    /// Log events over time.
    pub over_time: Buckets<u64>,
    /// The latest of them, to be read again.
    pub last_line: Option<TextRef>,
    /// How often a process started here. Lines of one stream within half a minute of each other tell of
    /// one start, among the first 64.
    pub started: u64,
    /// When: the earliest of these times, at most 64.
    pub starts: Vec<Timestamp>,
}

/// How grave a line says it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Severity {
    /// It states no level, or one below, and yet reads like trouble.
    #[default]
    Unstated,
    /// A warning.
    Warning,
    /// An error.
    Error,
    /// The end of something.
    Fatal,
}

/// Lines of trouble that differ only in their variable parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    /// The text, its variable parts as `<*>`, at most 200 bytes.
    pub text: Arc<str>,
    /// The gravest level that such a line stated.
    pub severity: Severity,
    /// Where, by source id.
    pub places: Vec<TemplatePlace>,
}

/// A template in one source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TemplatePlace {
    /// The source.
    pub source: SourceId,
    /// Lines.
    pub count: u64,
    /// Those that named a message.
    pub named: u64,
    /// The earliest.
    pub first: Timestamp,
    /// The latest.
    pub last: Timestamp,
    /// Lines over time.
    pub over_time: Buckets<u64>,
    /// The earliest line, to be read again.
    pub example: TextRef,
}

impl Template {
    /// Lines in all sources.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.places.iter().map(|p| p.count).sum()
    }

    /// Those of them that named a message.
    #[must_use]
    pub fn named(&self) -> u64 {
        self.places.iter().map(|p| p.named).sum()
    }

    /// Where it was seen first.
    #[must_use]
    pub fn earliest(&self) -> Option<&TemplatePlace> {
        self.places
            .iter()
            .min_by_key(|p| (p.first, p.source, p.example))
    }
}

/// Numbers that tell of one resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    /// The source.
    pub source: SourceId,
    /// The stream; `None` stands for the whole source.
    pub stream: Option<Arc<str>>,
    /// What is measured, as the log names it; of Lambda's reports `max_memory_used_mb`, `duration_ms` and
    /// `init_duration_ms`. Where the log gives a unit, bytes are told in MB and times in milliseconds.
    pub key: Arc<str>,
    /// The greatest limit that was told with it (`inflight=64/64`, `Memory Size: 256 MB`).
    pub limit: Option<Amount>,
    /// How many measurements.
    pub count: u64,
    /// The earliest.
    pub first: Timestamp,
    /// The latest.
    pub last: Timestamp,
    /// The measurements over time.
    pub over_time: Buckets<Range>,
    /// The greatest: how much, when first, and the line, to be read again.
    pub peak: (Amount, Timestamp, TextRef),
}

impl Series {
    /// Where the figures fall back to less than this share of what they were in the bucket before, as
    /// they do when a process starts anew: the first millisecond, what it was, what it became.
    #[must_use]
    pub fn falls(&self, share: f64) -> Vec<(Timestamp, Amount, Amount)> {
        let high = |(start, range): (Timestamp, &Range)| (start, range.high);
        let (before, after) = (self.over_time.iter(), self.over_time.iter().skip(1));
        before
            .map(high)
            .zip(after.map(high))
            .filter(|((_, before), (_, after))| after.value() < before.value() * share)
            .map(|((_, before), (start, after))| (start, before, after))
            .collect()
    }
}

/// A measured number, in thousandths, so that sums do not depend on their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Amount(pub i64);

impl Amount {
    /// As a number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Some measurements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The least.
    pub low: Amount,
    /// The greatest.
    pub high: Amount,
    /// All together, in thousandths.
    pub sum: i128,
    /// How many.
    pub count: u64,
}

impl Default for Range {
    fn default() -> Self {
        Self {
            low: Amount(i64::MAX),
            high: Amount(i64::MIN),
            sum: 0,
            count: 0,
        }
    }
}

impl Range {
    /// Their mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.sum as f64 / 1000.0 / self.count.max(1) as f64
    }
}

impl Cell for Range {
    fn absorb(&mut self, other: &Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.sum += other.sum;
        self.count += other.count;
    }
}

/// What the tables had no room for. What is rarest goes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LeftOut {
    /// Streams; their log events are in their source's figures.
    pub streams: Dropped,
    /// Templates of trouble, and their lines.
    pub templates: Dropped,
    /// Series, and their measurements.
    pub series: Dropped,
}

/// Entries that a table had no room for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Dropped {
    /// How many; one that came again counts again.
    pub entries: u64,
    /// What they stood for: log events, lines or measurements.
    pub lines: u64,
}
