//! Log events as sources hand them over: a buffer of text and an index into it.
//!
//! A batch is moved, never copied, from the source that read it to the extractor that reads it;
//! afterwards only references into the origin remain. Nothing here interprets the text.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::time::Timestamp;

/// Names one source within a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u32);

/// Names one place that raw text can be read from again: a file, or a spool of fetched pages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OriginId(pub u32);

/// Hands out source and origin ids; shared by every source of a run.
#[derive(Debug, Default)]
pub struct Ids {
    next_source: AtomicU32,
    next_origin: AtomicU32,
}

impl Ids {
    /// A source id not given out before.
    pub fn source(&self) -> SourceId {
        SourceId(self.next_source.fetch_add(1, Ordering::Relaxed))
    }

    /// An origin id not given out before.
    pub fn origin(&self) -> OriginId {
        OriginId(self.next_origin.fetch_add(1, Ordering::Relaxed))
    }
}

/// What sort of place a source is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceKind {
    /// A CloudWatch log group in one region of one environment.
    CloudWatch,
    /// A file on disk.
    File,
    /// Standard input.
    Stdin,
    /// The built-in incident.
    Demo,
}

impl SourceKind {
    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::CloudWatch => "cloudwatch",
            Self::File => "file",
            Self::Stdin => "stdin",
            Self::Demo => "demo",
        }
    }
}

/// One place that log events come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Unique and readable: `qa/eu-central-1//acme/qa/engine`, or a path as it was given.
    pub name: Arc<str>,
    /// The environment it belongs to.
    pub env: Arc<str>,
    /// Empty where a source has none.
    pub region: Arc<str>,
    /// The log group (captured or real). Empty where a file has none; its path then serves.
    pub group: Arc<str>,
    /// What sort of place it is.
    pub kind: SourceKind,
}

impl Source {
    /// What the globs of a stage's `from` are matched with: the group, else the path.
    #[must_use]
    pub fn place(&self) -> &str {
        if self.group.is_empty() {
            &self.name
        } else {
            &self.group
        }
    }
}

/// Where the raw text of a log event can be read again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TextRef {
    /// The file or spool.
    pub origin: OriginId,
    /// Byte offset of the event's first byte, after decompression.
    pub offset: u64,
}

/// One log event within a [`Batch`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EventRef {
    /// The event's own timestamp.
    pub time: Timestamp,
    /// Where its text begins in [`Batch::text`].
    pub start: u32,
    /// How long its text is, in bytes.
    pub len: u32,
    /// Where its raw form begins, relative to [`Batch::base`]. Below [`Batch::MAX_RAW`].
    pub raw: u32,
    /// Index into [`Batch::streams`].
    pub stream: u32,
}

/// Log events that arrived together, from one source and one origin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Who sends it.
    pub source: SourceId,
    /// Where the raw text stays.
    pub origin: OriginId,
    /// Offset in the origin that `raw` counts from.
    pub base: u64,
    /// The bytes that the events point into: the raw chunk with unescaped texts behind it, or the
    /// texts alone.
    pub text: Vec<u8>,
    /// The events, in the order of the origin.
    pub events: Vec<EventRef>,
    /// The log streams (or hosts) named in this batch; an empty name where there is none.
    pub streams: Vec<Arc<str>>,
}

impl Batch {
    /// `EventRef::raw` must stay below this: the ledger keeps it in 22 bits.
    pub const MAX_RAW: u32 = 1 << 22;

    /// The text of one event.
    #[must_use]
    pub fn text_of(&self, event: &EventRef) -> &[u8] {
        let start = event.start as usize;
        &self.text[start..start + event.len as usize]
    }
}
