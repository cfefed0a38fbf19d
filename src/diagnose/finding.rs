//! A finding: one sentence with figures, and what it rests on.
//!
//! Only the shape, shared by every detector, the reports and the screen.

use std::sync::Arc;

use super::onset::{Slack, Stretch};
use super::sentence::Sentence;
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
    /// Troubles that are new, or were told more often for a time.
    ErrorCluster,
    /// Something rose to its limit.
    ResourceCreep,
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
            Self::ErrorCluster => "error_cluster",
            Self::ResourceCreep => "resource_creep",
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
    /// Those kept are only those that went on in the same time.
    pub meanwhile: bool,
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

    /// The same where times can be read only so exactly.
    #[must_use]
    pub fn widened(self, slack: Slack) -> Self {
        Self {
            low: self.low.plus(-slack.clocks_ms),
            high: self.high.plus(slack.clocks_ms + slack.after_ms),
            ..self
        }
    }
}

/// One ranked statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which detector speaks.
    pub kind: FindingKind,
    /// One plain sentence with figures.
    pub title: Sentence,
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
    pub evidence: Vec<Sentence>,
    /// The messages it is about, where they are not simply those of its edge.
    pub concerned: Option<Chosen>,
    /// At most 20 IDs.
    pub messages: Vec<String>,
    /// The very log lines.
    pub lines: Vec<EvidenceLine>,
}

impl Finding {
    /// The same, its sentences with their words and times written so; see [`Sentence::written`].
    #[must_use]
    pub fn written(
        &self,
        words: impl Fn(&str) -> String,
        time: impl Fn(Timestamp, &str) -> String,
    ) -> Self {
        let write = |said: &Sentence| said.written(&words, &time);
        Self {
            title: write(&self.title),
            evidence: self.evidence.iter().map(write).collect(),
            ..self.clone()
        }
    }

    /// The same about a window; see [`Sentence::dated`].
    #[must_use]
    pub fn dated(self, window: Span) -> Self {
        Self {
            title: self.title.dated(window),
            evidence: self
                .evidence
                .iter()
                .map(|said| said.dated(window))
                .collect(),
            ..self
        }
    }

    /// Asks for the messages that it is about.
    #[must_use]
    pub fn query(&self) -> MessageQuery {
        // Those that are blind, or were done twice, are not lost.
        let verdict =
            (self.lost > 0 || self.kind == FindingKind::BlindSpot).then(|| self.kind.verdict());
        MessageQuery {
            verdicts: verdict.into_iter().collect(),
            pipeline: self.pipeline.clone(),
            env: self.env.clone(),
            last_stage: self.edge.as_ref().map(|(from, _)| Arc::clone(from)),
            among: self.concerned.clone(),
            ..MessageQuery::default()
        }
    }

    /// Where the same statement stands among newer ones: figures, ranks and even the detector that
    /// recognises a cause may have changed since.
    #[must_use]
    pub fn again(&self, newer: &[Self]) -> Option<usize> {
        let alike = newer.iter().map(|other| self.likeness(other)).enumerate();
        let best = alike.max_by_key(|(place, likeness)| (*likeness, std::cmp::Reverse(*place)));
        best.filter(|(_, likeness)| *likeness > 0)
            .map(|(place, _)| place)
    }

    /// How surely both say the same; 0 where they do not.
    fn likeness(&self, other: &Self) -> u8 {
        let place = (&self.env, &self.pipeline, &self.edge);
        let causes = self.kind.is_cause() && other.kind.is_cause();
        if place != (&other.env, &other.pipeline, &other.edge)
            || !(self.kind == other.kind || causes)
        {
            return 0;
        }
        match (self.attributes.first(), other.attributes.first()) {
            (Some(a), Some(b)) if a.name == b.name && a.value == b.value => {
                let named = |f: &Self| -> Vec<(String, String)> {
                    let all = f.attributes.iter();
                    all.map(|a| (a.name.clone(), a.value.clone())).collect()
                };
                3 + u8::from(named(self) == named(other)) + u8::from(self.kind == other.kind)
            }
            // A threshold moves while more is read.
            (Some(a), Some(b)) if a.name == b.name && a.is_bound() && b.is_bound() => 2,
            (None, None) if self.kind == other.kind => {
                u8::from(words(&self.title) == words(&other.title))
            }
            _ => 0,
        }
    }
}

impl AttributeEvidence {
    /// `kind=order.refunded`, `heap >= 2039`.
    #[must_use]
    pub fn text(&self) -> String {
        let sign = if self.is_bound() { " " } else { "=" };
        format!("{}{sign}{}", self.name, self.value)
    }

    /// Whether it is a bound on a number, and not one value.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.value.starts_with(">= ") || self.value.starts_with("<= ")
    }
}

/// What a sentence says without its figures.
fn words(title: &str) -> Vec<&str> {
    let figure = |word: &&str| word.bytes().all(|b| !b.is_ascii_alphabetic());
    title.split(' ').filter(|word| !figure(word)).collect()
}
