//! What sources say: the one vocabulary between reading and correlating.
//!
//! Lives in the domain so that sources and the application never meet. A source reports what it
//! read, what it could not read, and which span it has read completely; it never concludes.

use std::sync::Arc;

use super::event::{Batch, Source, SourceId};
use super::time::{Span, Timestamp};

/// So many characters of an example are shown in a sentence.
const SHOWN: usize = 80;

/// One report of a source.
#[derive(Debug)]
pub enum FeedEvent {
    /// The source exists and is about to be read. Sent before anything else that names it.
    Opened(SourceId, Arc<Source>),
    /// Log events.
    Batch(Batch),
    /// Input that could not become a log event.
    Rejected(SourceId, Reject),
    /// This span of the source has now been read completely.
    Covered(SourceId, Span),
    /// Everything that is there by now has been read, and there is no event in it; more may come.
    CaughtUp(SourceId),
    /// The source is being followed, and what it held when that began has been read.
    /// This is no evidence of absence; [`FeedEvent::Covered`] is.
    Followed(SourceId, Pulse),
    /// Something that stands between the source and a complete answer. The source may go on.
    Fault(SourceId, Fault),
    /// A word for the user that changes nothing ("throttled, slowing down").
    Note(SourceId, String),
    /// Nothing more will come.
    Ended(SourceId, End),
}

/// How following a source goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pulse {
    /// When it last answered.
    pub asked: Timestamp,
    /// Up to here it has been read but for what arrives later than most.
    pub reads_to: Timestamp,
    /// Since when it has not answered, if it does not.
    pub silent_since: Option<Timestamp>,
    /// How often it is asked and how late its events arrive, or why there is no answer.
    pub words: String,
}

/// How a source ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// A file or stream read to its end: it covers the whole span of the input.
    WholeInput,
    /// Read up to this time and no further (a truncated archive, a cancelled load).
    UpTo(Option<Timestamp>),
    /// What was read has been told by [`FeedEvent::Covered`].
    AsCovered,
    /// Nothing could be read.
    Nothing,
}

/// Input that was not turned into a log event: counted, with one example to open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reject {
    /// Why.
    pub reason: RejectReason,
    /// How many since the last report.
    pub count: u64,
    /// Line number of the first of them, from 1, where lines are counted.
    pub line: Option<u64>,
    /// The beginning of the first of them, at most 200 bytes.
    pub sample: String,
}

impl Reject {
    /// Where it is in the source of this name, why it is no log event, and how it begins.
    #[must_use]
    pub fn words(&self, name: &str) -> String {
        let line = self
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let sample: String = self.sample.chars().take(SHOWN).collect();
        format!("{name}{line}: {}: `{sample}`", self.reason.text())
    }
}

/// Why input did not become a log event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RejectReason {
    /// No timestamp could be read, and no event before it to belong to.
    NoTimestamp,
    /// A line that should be a JSON object and is not.
    BadJson,
    /// A JSON object without the fields of a log event.
    NotAnEvent,
    /// A timestamp outside the years 1970 to 9999.
    BadTimestamp,
    /// Bytes that are not text.
    Binary,
    /// A single event larger than the limit; its beginning was kept.
    TooLong,
    /// The same event again (by event id).
    Repeated,
    /// A mapped key stands twice in it, so that it says two things at once.
    Ambiguous,
}

impl RejectReason {
    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::NoTimestamp => "no timestamp",
            Self::BadJson => "not valid JSON",
            Self::NotAnEvent => "not a log event",
            Self::BadTimestamp => "timestamp out of range",
            Self::Binary => "binary data",
            Self::TooLong => "cut at the size limit",
            Self::Repeated => "repeated",
            Self::Ambiguous => "ambiguous: a mapped key stands twice",
        }
    }

    /// What can be read instead, where that is not plain.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::NoTimestamp => {
                "A log event is known by its date and time: 2024-05-16 09:26:05, May 16 09:26:05, \
                 16/May/2024:09:26:05, 16.05.2024 09:26, or seconds or milliseconds since 1970, at \
                 the same place in every line; in JSON a field such as timestamp, time or ts; in \
                 CSV a column under a header. Log it with both, or convert it."
            }
            Self::NotAnEvent => {
                "A JSON object needs a time at its top: a field such as timestamp, time, ts or \
                 @timestamp, in RFC 3339 or counted from 1970."
            }
            Self::BadJson => "Convert it to one JSON object a line, or to lines of text.",
            Self::BadTimestamp => {
                "If the order of its dates is the reason, set `dates` in [[files]]."
            }
            Self::Binary => "Leave it out, or convert it to text.",
            Self::TooLong | Self::Repeated | Self::Ambiguous => "",
        }
    }
}

/// What stands between a source and a complete answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What it does to the source.
    pub kind: FaultKind,
    /// One sentence: what happened.
    pub message: String,
    /// One sentence: what to do about it. May be empty.
    pub remedy: String,
}

/// What a fault does to a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// It does not exist (a pattern that matched nothing, a missing file given by pattern).
    Absent,
    /// It exists, but may not be read.
    Denied,
    /// Part of it was read, part was not.
    Partial,
    /// It was not given, though there must be something of the kind.
    Missing,
    /// It could not be read: an input error, and `check` ends with 2.
    Failed,
}
