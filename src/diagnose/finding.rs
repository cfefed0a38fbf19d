//! A finding: one sentence with figures, and what it rests on.
//!
//! Only the shape, shared by every detector, the reports and the screen.

use std::sync::Arc;

use crate::domain::event::TextRef;
use crate::domain::time::{Span, Timestamp};

/// Which detector speaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FindingKind {
    /// Messages entered an edge and did not come out.
    Gap,
    /// Sources that are missing, denied or incomplete.
    BlindSpot,
}

impl FindingKind {
    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::BlindSpot => "blind_spot",
        }
    }
}

/// How one attribute value separates the lost from the kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributeEvidence {
    /// The attribute.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Lost messages that have it.
    pub lost_with: u64,
    /// Lost messages in all.
    pub lost: u64,
    /// Kept messages that have it.
    pub kept_with: u64,
    /// Kept messages in all.
    pub kept: u64,
}

/// One log event as evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvidenceLine {
    /// Name of its source.
    pub source: Arc<str>,
    /// Its time.
    pub time: Timestamp,
    /// Where to read it.
    pub raw: TextRef,
}

/// One ranked statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which detector speaks.
    pub kind: FindingKind,
    /// One plain sentence with figures.
    pub title: String,
    /// The environment, where it is about one.
    pub env: Option<Arc<str>>,
    /// The pipeline, where it is about one.
    pub pipeline: Option<Arc<str>>,
    /// The edge, where it is about one.
    pub edge: Option<(Arc<str>, Arc<str>)>,
    /// How many lost messages it explains.
    pub lost: u64,
    /// Of how many that were there.
    pub of: u64,
    /// First and last time a message concerned was last seen.
    pub span: Option<Span>,
    /// What separates lost from kept.
    pub attributes: Vec<AttributeEvidence>,
    /// At most 20 IDs.
    pub messages: Vec<String>,
    /// The very log lines.
    pub lines: Vec<EvidenceLine>,
}
