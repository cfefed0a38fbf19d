//! What a pipeline is: stages as a graph, and the rules that turn log events into sightings.
//!
//! Plain data, checked when the configuration is resolved; `graph` and `extract` compile it. It
//! does not know how it was written down.

use std::sync::Arc;

use super::pattern::{FieldPath, Pattern};
use super::verdict::Mark;

/// The number that stands for "no stage" where a stage's index is kept in a byte.
pub const NO_STAGE: u8 = 63;

/// A pipeline as the configuration means it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pipeline {
    /// Its name.
    pub name: Arc<str>,
    /// How a log event names a message, in order of preference.
    pub ids: Vec<Selector>,
    /// Which log events carry two IDs of one message.
    pub links: Vec<Link>,
    /// Pairs of [`Pipeline::ids`] that do not make one message where one log event carries both.
    pub apart: Vec<(usize, usize)>,
    /// What is remembered of a message to compare the lost with.
    pub attributes: Vec<Attribute>,
    /// The stages, in the order they were written. At most [`Pipeline::MAX_STAGES`].
    pub stages: Vec<Stage>,
    /// An entry so long after the last sighting of an ID begins another lifecycle, in milliseconds.
    pub reuse_after_ms: i64,
    /// An ID linked to more others than this is a hub (a tenant, a batch) and not followed.
    pub max_links: usize,
}

impl Pipeline {
    /// A set of stages is kept in 64 bits; one number stands for "no stage".
    pub const MAX_STAGES: usize = 63;
    /// A day.
    pub const DEFAULT_REUSE_AFTER_MS: i64 = 24 * 3600 * 1000;
    /// A Lambda invocation takes up to ten queue messages by default: its request ID must not merge
    /// them, while a topic with fewer subscriptions is followed.
    pub const DEFAULT_MAX_LINKS: usize = 8;
}

/// One way to find a value in a log event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Selector {
    /// A JSON field. An array gives several values.
    Field(FieldPath),
    /// A pattern with a group `id`. Every match gives a value.
    Pattern(Pattern),
    /// The same in a JSON field, at any depth, and nowhere else.
    Within(FieldPath, Pattern),
}

/// A log event that carries two IDs of one message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Only in these log groups; empty means all.
    pub from: Vec<Glob>,
    /// How to find the two.
    pub ends: LinkEnds,
}

/// How to find the two IDs of a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkEnds {
    /// A pattern with groups `a` and `b`.
    Pattern(Pattern),
    /// Two JSON fields. A string that holds a JSON object is stepped into.
    Fields(FieldPath, FieldPath),
}

/// An attribute and how to find it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// Its name: the field's last key, or the name of the pattern's group.
    pub name: Arc<str>,
    /// A JSON field, or a pattern with a group of that name.
    pub selector: Selector,
}

/// One stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// Its name, unique in the pipeline.
    pub name: Arc<str>,
    /// The stages before it, as indices into [`Pipeline::stages`]. Empty: an entry.
    pub after: Vec<usize>,
    /// Which log groups (or paths) it logs to.
    pub from: Vec<Glob>,
    /// Which log events are sightings here, and what they say.
    pub rules: Vec<(Mark, Rule)>,
    /// How long after the sighting before it a message may take to be seen here, and, in a terminal
    /// stage, to come out of it. In milliseconds; else learnt.
    pub within_ms: Option<i64>,
    /// Exists only in these environments; `None` means all.
    pub environments: Option<Vec<String>>,
    /// Messages may pass by it.
    pub optional: bool,
    /// Whatever reaches it was put aside.
    pub dead_letter: bool,
    /// Which messages go no further, though others do.
    pub ends: Vec<EarlyEnd>,
}

/// Messages that end at a stage behind which others go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarlyEnd {
    /// One of [`Pipeline::attributes`], by its name.
    pub attribute: Arc<str>,
    /// Its value in the messages that are meant.
    pub value: String,
    /// They are done; else nobody knows whether they should have gone on.
    pub sure: bool,
}

impl Stage {
    /// Whether it has a rule that gives this mark.
    #[must_use]
    pub fn has(&self, mark: Mark) -> bool {
        self.rules.iter().any(|(m, _)| *m == mark)
    }

    /// Whether it exists in this environment.
    #[must_use]
    pub fn exists_in(&self, env: &str) -> bool {
        self.environments
            .as_ref()
            .is_none_or(|list| list.iter().any(|e| e == env))
    }
}

/// A condition on a log event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    /// The text matches. A group `id` names the message; else the pipeline's `id` does.
    Pattern(Pattern),
    /// A JSON field has exactly this value.
    Equals(FieldPath, String),
    /// A JSON field's value matches. A group `id` names the message; else the pipeline's `id` does.
    Matches(FieldPath, Pattern),
}

/// A glob on log group names or paths, in which `{env}` and `{region}` stand for a source's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Glob(pub String);
