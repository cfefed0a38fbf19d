//! The kinds of record and the facts each bears, as JSON.
//!
//! Spelt out here and not derived from the types of the program, so that the format changes only on
//! purpose. A fact that is not known is passed over; a kind that is not known is kept and passed over.

use serde::{Deserialize, Serialize};

use crate::domain::event::{Source, SourceId, SourceKind};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent, Reject, RejectReason};
use crate::domain::time::{Span, Timestamp};
use crate::sources::cloudwatch::keep;

/// A run begins: what was asked ([`crate::config::question::Question`]).
pub const QUESTION: u16 = 1;
/// A source came into being, or is read again by a later run ([`Place`]).
pub const SOURCE: u16 = 2;
/// A piece of time begins to be read ([`Piece`]).
pub const PIECE: u16 = 3;
/// A piece ends earlier than it began to ([`Cut`]).
pub const CUT: u16 = 4;
/// A page ([`Page`]); its data are the lines.
pub const PAGE: u16 = 5;
/// A word of a source about itself ([`Report`]).
pub const REPORT: u16 = 6;
/// The inputs beside the cloud are known: from here on coverage can be trusted ([`Inputs`]).
pub const INPUTS: u16 = 7;
/// What follows in this run is not kept ([`Full`]).
pub const FULL: u16 = 8;
/// A run ends ([`Totals`]).
pub const END: u16 = 9;
/// Somebody pinned, wrote, changed or removed something on the timeline ([`super::note::Note`]).
pub const NOTE: u16 = 32;
/// The secret behind the pseudonyms of what is masked ([`super::secret::Secret`]).
pub const SECRET: u16 = 33;

/// A span of time, in milliseconds since 1970, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Time {
    from: i64,
    to: i64,
}

impl From<Span> for Time {
    fn from(span: Span) -> Self {
        Self {
            from: span.from.0,
            to: span.to.0,
        }
    }
}

impl From<Time> for Span {
    fn from(time: Time) -> Self {
        Self::new(Timestamp(time.from), Timestamp(time.to))
    }
}

/// What a source is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Its environment.
    pub env: String,
    /// Its region; empty where it has none.
    #[serde(default)]
    pub region: String,
    /// Its log group; empty where it has none.
    #[serde(default)]
    pub group: String,
    /// The account it was read as, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

impl Place {
    /// What is written of a source.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        Self {
            account: None,
            name: source.name.to_string(),
            env: source.env.to_string(),
            region: source.region.to_string(),
            group: source.group.to_string(),
        }
    }

    /// It, whoever read it.
    #[must_use]
    pub fn of_anybody(&self) -> Self {
        Self {
            account: None,
            ..self.clone()
        }
    }

    /// The source again.
    #[must_use]
    pub fn source(&self, kind: SourceKind) -> Source {
        Source {
            name: self.name.as_str().into(),
            env: self.env.as_str().into(),
            region: self.region.as_str().into(),
            group: self.group.as_str().into(),
            kind,
        }
    }
}

/// A piece of time of a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Piece {
    number: u32,
    #[serde(flatten)]
    time: Time,
    asked_at: i64,
}

impl From<&keep::Piece> for Piece {
    fn from(piece: &keep::Piece) -> Self {
        Self {
            number: piece.number,
            time: piece.span.into(),
            asked_at: piece.asked_at.0,
        }
    }
}

impl From<Piece> for keep::Piece {
    fn from(piece: Piece) -> Self {
        Self {
            number: piece.number,
            span: piece.time.into(),
            asked_at: Timestamp(piece.asked_at),
        }
    }
}

/// A piece ends at `to`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cut {
    /// Which.
    pub piece: u32,
    /// Its last millisecond.
    pub to: i64,
}

/// One page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    /// In which piece.
    pub piece: u32,
    /// Offset of its first byte among the bytes of all pages.
    pub base: u64,
    /// Where its chain began.
    pub from: i64,
    /// What to ask with next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Whether it was the last of its chain.
    #[serde(default)]
    pub done: bool,
}

impl Page {
    /// What is written of a page.
    #[must_use]
    pub fn of(page: &keep::Page<'_>, base: u64) -> Self {
        Self {
            piece: page.piece,
            base,
            from: page.after.from.0,
            token: page.after.token.clone(),
            done: page.after.done,
        }
    }

    /// Where its chain stands behind it.
    #[must_use]
    pub fn after(&self) -> keep::After {
        keep::After {
            from: Timestamp(self.from),
            token: self.token.clone(),
            done: self.done,
        }
    }
}

/// A word of a source about itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// This span was read completely.
    Covered(Time),
    /// Everything that is there by now was read.
    CaughtUp,
    /// Something stands between the source and a complete answer.
    Fault {
        /// `absent`, `denied`, `partial` or `failed`.
        kind: String,
        /// What happened.
        message: String,
        /// What to do about it.
        #[serde(default)]
        remedy: String,
    },
    /// What did not become a log event.
    Rejected {
        /// Why, as the program shows it.
        reason: String,
        /// How many.
        count: u64,
        /// Line of the first.
        #[serde(default)]
        line: Option<u64>,
        /// Beginning of the first.
        #[serde(default)]
        sample: String,
    },
    /// A word that changes nothing.
    Note(String),
    /// Nothing more comes.
    Ended {
        /// `whole_input`, `up_to`, `as_covered` or `nothing`.
        how: String,
        /// Up to when.
        #[serde(default)]
        to: Option<i64>,
    },
}

const FAULTS: [(FaultKind, &str); 5] = [
    (FaultKind::Absent, "absent"),
    (FaultKind::Denied, "denied"),
    (FaultKind::Partial, "partial"),
    (FaultKind::Missing, "missing"),
    (FaultKind::Failed, "failed"),
];

const REASONS: [RejectReason; 8] = [
    RejectReason::NoTimestamp,
    RejectReason::BadJson,
    RejectReason::NotAnEvent,
    RejectReason::BadTimestamp,
    RejectReason::Binary,
    RejectReason::TooLong,
    RejectReason::Repeated,
    RejectReason::Ambiguous,
];

impl Report {
    /// What is written of a report, and whose it is; `None` for what is written otherwise.
    #[must_use]
    pub fn of(event: &FeedEvent) -> Option<(SourceId, Self)> {
        Some(match event {
            FeedEvent::Covered(id, span) => (*id, Self::Covered((*span).into())),
            FeedEvent::CaughtUp(id) | FeedEvent::Followed(id, _) => (*id, Self::CaughtUp),
            FeedEvent::Fault(id, fault) => {
                let kind = FAULTS.iter().find(|(kind, _)| *kind == fault.kind)?.1;
                let report = Self::Fault {
                    kind: kind.to_owned(),
                    message: fault.message.clone(),
                    remedy: fault.remedy.clone(),
                };
                (*id, report)
            }
            FeedEvent::Rejected(id, reject) => {
                let report = Self::Rejected {
                    reason: reject.reason.text().to_owned(),
                    count: reject.count,
                    line: reject.line,
                    sample: reject.sample.clone(),
                };
                (*id, report)
            }
            FeedEvent::Note(id, note) => (*id, Self::Note(note.clone())),
            FeedEvent::Ended(id, end) => {
                let (how, to) = match end {
                    End::WholeInput => ("whole_input", None),
                    End::UpTo(to) => ("up_to", to.map(|to| to.0)),
                    End::AsCovered => ("as_covered", None),
                    End::Nothing => ("nothing", None),
                };
                let how = how.to_owned();
                (*id, Self::Ended { how, to })
            }
            FeedEvent::Opened(..) | FeedEvent::Batch(_) => return None,
        })
    }

    /// The report again; `None` where it says something this program does not know.
    #[must_use]
    pub fn event(&self, id: SourceId) -> Option<FeedEvent> {
        Some(match self {
            Self::Covered(time) => FeedEvent::Covered(id, (*time).into()),
            Self::CaughtUp => FeedEvent::CaughtUp(id),
            Self::Fault {
                kind,
                message,
                remedy,
            } => {
                let fault = Fault {
                    kind: FAULTS.iter().find(|(_, word)| word == kind)?.0,
                    message: message.clone(),
                    remedy: remedy.clone(),
                };
                FeedEvent::Fault(id, fault)
            }
            Self::Rejected {
                reason,
                count,
                line,
                sample,
            } => {
                let reject = Reject {
                    reason: REASONS.into_iter().find(|r| r.text() == reason)?,
                    count: *count,
                    line: *line,
                    sample: sample.clone(),
                };
                FeedEvent::Rejected(id, reject)
            }
            Self::Note(note) => FeedEvent::Note(id, note.clone()),
            Self::Ended { how, to } => {
                let end = match how.as_str() {
                    "whole_input" => End::WholeInput,
                    "up_to" => End::UpTo(to.map(Timestamp)),
                    "as_covered" => End::AsCovered,
                    "nothing" => End::Nothing,
                    _ => return None,
                };
                FeedEvent::Ended(id, end)
            }
        })
    }
}

/// The files and streams of a run: what it reads beside the cloud.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Inputs(pub Vec<Input>);

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Input {
    /// What it was.
    #[serde(flatten)]
    pub place: Place,
    /// How to know it again; `None` for what can be read only once.
    pub mark: Option<Mark>,
}

/// How a file is known again: it may have grown, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Its length in bytes.
    pub len: u64,
    /// A checksum of its beginning.
    pub head: u32,
}

/// Why what follows is not kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Full {
    /// A sentence.
    pub reason: String,
}

/// What a run came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Totals {
    /// When it ended, in milliseconds since 1970.
    pub ended_at: i64,
    /// Whether it read everything that it wanted, and all of it is here.
    pub finished: bool,
    /// Whether it was cancelled before it was through.
    #[serde(default)]
    pub stopped: bool,
    /// Log events.
    pub events: u64,
    /// Messages that are lost.
    pub lost: u64,
}
