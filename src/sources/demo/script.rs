//! What an incident is made of: where it happens, how each message travels, what goes wrong.
//!
//! An incident writes a script; merging, cutting at the end, late delivery and the truth are the
//! same for all and live elsewhere.

use serde::{Serialize, Serializer};

use super::random::Random;
use super::traffic::Traffic;
use super::trip::{Causes, Pen, Trip};
use super::variant::Variant;
use super::world::World;
use crate::domain::time::{Span, Timestamp};

/// What an incident is to be made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) seed: u64,
    /// How many messages are asked for.
    pub(super) messages: u64,
    pub(super) span: Span,
    pub(super) variant: Variant,
    /// Draw names, hosts, versions, rates, sizes and onset.
    pub(super) vary: bool,
}

const PURPOSE_TERMS: u64 = 0x400;

impl Terms {
    /// The chance by which an incident is varied.
    pub(super) const fn random(&self) -> Random {
        Random::new(self.seed, PURPOSE_TERMS, 0)
    }

    /// The span from `from` to `to` minutes after the beginning.
    pub(super) fn minutes(&self, from: i64, to: i64) -> Span {
        Span::new(self.minute(from), self.minute(to))
    }

    /// So many minutes after the beginning.
    pub(super) const fn minute(&self, minute: i64) -> Timestamp {
        self.span.from.plus(minute * 60_000)
    }
}

/// What is fixed before the first message enters.
pub(super) struct Setting {
    /// Where it happens.
    pub(super) world: World,
    /// By environment.
    pub(super) traffic: Vec<Traffic>,
    /// The configuration that reads its logs.
    pub(super) config: String,
    /// What goes wrong; a trip names its cause by its place in this list.
    pub(super) causes: Vec<Cause>,
}

/// The course of one incident.
pub(super) trait Script: Send + Sync {
    /// What is fixed.
    fn setting(&self) -> &Setting;
    /// The way of one message from where it enters, by true time and without regard to the end.
    fn travel(&self, trip: &mut Trip<'_>);
    /// Something that concerns no message; `None` from machines that keep quiet.
    fn hum(&self, pen: &Pen<'_>, random: &mut Random) -> Option<String>;
    /// Whether a machine still writes anything at that time while these causes are at work.
    fn speaks(&self, node: usize, time: Timestamp, active: Causes) -> bool;
}

/// One thing that goes wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// A short name: `kms-decrypt`.
    pub name: &'static str,
    /// The environment it happens in.
    pub env: &'static str,
    /// One sentence for people.
    pub title: String,
    /// What a good finding would say of it, by the stage that the lost were last seen at.
    pub signs: Vec<Sign>,
}

/// What can be known of the messages that one cause stopped after one stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sign {
    /// The last stage that saw them.
    pub last_stage: &'static str,
    /// What they have in common; empty where nothing that is logged tells them apart.
    pub culprit: Vec<Attribute>,
    /// Since when.
    pub onset: Onset,
}

/// An attribute with the value that the lost have in common; where it is a number, at least that.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Attribute {
    /// As the configuration names it.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// When messages began to be lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Onset {
    /// At this time.
    At(Timestamp),
    /// All along: there was no such time.
    Diffuse,
}

impl Serialize for Onset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(time) => serializer.serialize_i64(time.0),
            Self::Diffuse => serializer.serialize_str("diffuse"),
        }
    }
}

impl Sign {
    pub(super) fn new(
        last_stage: &'static str,
        culprit: &[(&'static str, &str)],
        onset: Onset,
    ) -> Self {
        let attribute = |(name, value): &(&'static str, &str)| Attribute {
            name,
            value: (*value).to_owned(),
        };
        Self {
            last_stage,
            culprit: culprit.iter().map(attribute).collect(),
            onset,
        }
    }
}
