//! A finding: one sentence with figures, and what it rests on.
//!
//! Only the shape, shared by every detector, the reports and the screen.

use std::sync::Arc;

use super::onset::Stretch;
use crate::domain::event::TextRef;
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;
use crate::domain::view::{Chosen, MessageQuery};

/// Which detector speaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FindingKind {
    /// What the lost have in common.
    CommonCause,
    /// Taken by somebody outside the fleet, or by nobody that can be seen.
    UnknownConsumer,
    /// Somebody used to log and stopped.
    SilentEmitter,
    /// A flow that was there, and then was not.
    DeadEdge,
    /// Acknowledged before the work was done.
    OrderAnomaly,
    /// The loss rate of an edge changed, and nothing else explains it.
    Onset,
    /// Messages went through twice.
    Repeat,
    /// The same edge loses messages in one environment and not in another.
    EnvironmentDifference,
    /// Messages entered an edge and did not come out.
    Gap,
    /// Sources that are missing, denied or incomplete.
    BlindSpot,
}

impl FindingKind {
    /// Whether it says why messages were lost, and not only that or what could not be seen.
    #[must_use]
    pub const fn is_cause(self) -> bool {
        !matches!(self, Self::Gap | Self::BlindSpot)
    }

    /// The verdict of the messages it is about.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::BlindSpot => Verdict::Blind,
            _ => Verdict::Lost,
        }
    }

    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::UnknownConsumer => "unknown_consumer",
            Self::SilentEmitter => "silent_emitter",
            Self::DeadEdge => "dead_edge",
            Self::OrderAnomaly => "order_anomaly",
            Self::Onset => "onset",
            Self::Repeat => "repeat",
            Self::EnvironmentDifference => "environment_difference",
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

/// When it began.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Onset {
    /// The first message concerned.
    pub at: Timestamp,
    /// It began after this.
    pub low: Timestamp,
    /// And not later than this.
    pub high: Timestamp,
    /// The first message spared again.
    pub until: Option<Timestamp>,
}

impl Onset {
    /// The beginning of a stretch, if it has one.
    #[must_use]
    pub fn of(stretch: Stretch) -> Option<Self> {
        let onset = stretch.onset?;
        Some(Self {
            at: onset.at,
            low: onset.low,
            high: onset.high,
            until: stretch.end.map(|end| end.at),
        })
    }
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
    /// When it began; `None` where no moment can be told.
    pub onset: Option<Onset>,
    /// What separates lost from kept.
    pub attributes: Vec<AttributeEvidence>,
    /// More sentences: the statistic, what coincides, what is inferred.
    pub evidence: Vec<String>,
    /// The messages it is about, where they are not simply those of its edge.
    pub concerned: Option<Chosen>,
    /// At most 20 IDs.
    pub messages: Vec<String>,
    /// The very log lines.
    pub lines: Vec<EvidenceLine>,
}

impl Finding {
    /// Asks for the messages that it is about.
    #[must_use]
    pub fn query(&self) -> MessageQuery {
        MessageQuery {
            verdicts: vec![self.kind.verdict()],
            pipeline: self.pipeline.clone(),
            env: self.env.clone(),
            last_stage: self.edge.as_ref().map(|(from, _)| Arc::clone(from)),
            among: self.concerned.clone(),
            ..MessageQuery::default()
        }
    }
}
