//! What was found out about a system from its logs alone: plain data, each part with its evidence.
//!
//! `diagnose` finds it, `config` writes it down, and the screen lets people correct it. Nothing here
//! is a verdict: everything is a guess that says how good it is.

use super::show::count;
use super::verdict::Mark;

/// Who confirmed or changed something, as the configuration says it.
const BY_YOU: &str = "by you";

/// How sure a guess is, and why.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Confidence {
    /// 0 to 1.
    pub share: f32,
    /// In words: what it rests on.
    pub evidence: String,
}

impl Confidence {
    /// Below this a guess is told as one that somebody should look at.
    pub const LOW: f32 = 0.7;

    /// So many of so many, and what that says.
    #[must_use]
    pub fn of(part: usize, whole: usize, evidence: impl Into<String>) -> Self {
        let share = if whole == 0 {
            0.0
        } else {
            part as f32 / whole as f32
        };
        Self {
            share: share.min(1.0),
            evidence: evidence.into(),
        }
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.share < Self::LOW
    }

    /// The same, once a person has said what they think of it.
    #[must_use]
    pub fn ruled(&self, how: &str) -> Self {
        Self {
            share: 1.0,
            evidence: format!("{how} {BY_YOU}; {}", self.evidence),
        }
    }

    /// Whether a person has.
    #[must_use]
    pub fn is_ruled(&self) -> bool {
        self.evidence.contains(BY_YOU)
    }

    /// high, fair or low.
    #[must_use]
    pub fn word(&self) -> &'static str {
        if self.share >= 0.9 {
            "high"
        } else if self.is_low() {
            "low"
        } else {
            "fair"
        }
    }
}

/// All that was found.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Discovery {
    /// How the paths of files tell environment, region and group, as `[[files]]` has it.
    pub paths: Vec<FoundPath>,
    /// Where log events come from, those of one kind together.
    pub places: Vec<FoundPlace>,
    /// What travels, and its way.
    pub pipelines: Vec<FoundPipeline>,
    /// What travels as well, perhaps, and is not believed to be a pipeline.
    pub doubtful: Vec<Doubtful>,
    /// What looked like an ID or a link and was not taken.
    pub refused: Vec<Refused>,
    /// What could not be found, in words, with what to do about it.
    pub missing: Vec<String>,
    /// What a person confirmed or changed that has no confidence of its own, in words.
    pub confirmed: Vec<String>,
    /// What a person took out again, in words.
    pub rejected: Vec<String>,
    /// Log events that were looked at.
    pub looked_at: u64,
    /// Log events that there are, where that is known.
    pub of: u64,
}

/// A path with captures.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundPath {
    /// As the configuration writes it.
    pub path: String,
    /// Environment of its files where the path captures none.
    pub env: Option<String>,
    /// Files that it leads to.
    pub files: usize,
    /// The zone of times that bear none, where it is not UTC.
    pub timezone: Option<String>,
    /// How sure the zone is.
    pub confidence: Option<Confidence>,
}

/// Sources of one kind: one log group in several environments and regions, or rotated files.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundPlace {
    /// What they are called together.
    pub name: String,
    /// Globs that mean them, as a stage's `from` has them.
    pub globs: Vec<String>,
    /// How many sources.
    pub sources: usize,
    /// JSON, pairs or text.
    pub format: &'static str,
    /// Log events that were looked at.
    pub events: usize,
    /// Those of them that name a message.
    pub named: usize,
    /// Those of them that have several lines.
    pub several_lines: usize,
}

impl FoundPlace {
    /// How many of its log events have several lines, and what makes one event of them.
    #[must_use]
    pub fn lines(&self) -> String {
        if self.several_lines == 0 {
            return "each log event is one line".to_owned();
        }
        let (several, all) = (count(self.several_lines as u64), count(self.events as u64));
        let rule = match self.format {
            "json" => "one object is one event, over however many lines",
            _ => {
                "in a file, one begins at each line that bears a time; `multiline` in its [[files]] says it \
                 otherwise"
            }
        };
        format!("{several} of {all} log events have several: {rule}")
    }
}

/// One kind of message and its way.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FoundPipeline {
    /// Its name.
    pub name: String,
    /// Its IDs, each under all the names it has.
    pub families: Vec<FoundFamily>,
    /// Which of them are the same message.
    pub links: Vec<FoundLink>,
    /// Which of them are not, as a person says.
    pub vetoed: Vec<FoundLink>,
    /// A person wants messages joined by an ID that names many.
    pub joins_many: bool,
    /// The stages, each behind those it comes after.
    pub stages: Vec<FoundStage>,
    /// What to remember of a message.
    pub attributes: Vec<FoundAttribute>,
    /// An entry so long after the last sighting of an ID begins another message, in milliseconds, where
    /// IDs are used again, or messages come in again after a longer silence than is usual.
    pub reuse_after_ms: Option<i64>,
    /// IDs that were seen to be used again.
    pub reused: usize,
    /// Messages that were looked at.
    pub messages: usize,
    /// How sure the whole is.
    pub confidence: Confidence,
}

/// One ID, under whatever names different places give it.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundFamily {
    /// What it is probably called.
    pub name: String,
    /// How to find it.
    pub selectors: Vec<FoundSelector>,
    /// Different values.
    pub values: usize,
    /// Log events that carry one.
    pub lines: usize,
    /// How sure it is.
    pub confidence: Confidence,
}

/// One way to find a value.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundSelector {
    /// A JSON field or a pattern with a group, as the configuration has it.
    pub text: String,
    /// The field that the pattern is for, where it is for one.
    pub within: Option<String>,
    /// Names of the places where it stands.
    pub places: Vec<String>,
    /// One value.
    pub example: String,
}

impl FoundSelector {
    /// For people.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.within {
            Some(field) => format!("{} in {field}", self.text),
            None => self.text.clone(),
        }
    }

    /// Whether both find the same.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        (&self.text, &self.within) == (&other.text, &other.within)
    }
}

/// Two IDs of one message.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundLink {
    /// Indices into [`FoundPipeline::families`].
    pub between: (usize, usize),
    /// Where it is said.
    pub place: String,
    /// Log events that say it.
    pub lines: usize,
    /// Share of the messages that bear both IDs by it.
    pub confidence: Confidence,
}

/// One stage.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundStage {
    /// Its name.
    pub name: String,
    /// Indices of the stages before it.
    pub after: Vec<usize>,
    /// Globs on groups or paths.
    pub from: Vec<String>,
    /// What its log events say.
    pub rules: Vec<FoundRule>,
    /// Only in these environments; empty means all.
    pub environments: Vec<String>,
    /// Messages may pass by it.
    pub optional: bool,
    /// How long a message may take to get here, where a person says so.
    pub within: Option<String>,
    /// What comes here was put aside.
    pub dead_letter: bool,
    /// Which messages may go no further.
    pub ends: Vec<FoundEnd>,
    /// Messages that were seen here.
    pub messages: usize,
    /// How sure its place in the flow is.
    pub confidence: Confidence,
}

/// Messages of one kind that were never seen to go on from a stage.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundEnd {
    /// What tells them.
    pub attribute: FoundAttribute,
    /// Its value.
    pub value: String,
    /// A person says that they are done there.
    pub sure: bool,
    /// How sure it is.
    pub confidence: Confidence,
}

impl FoundEnd {
    /// As the configuration has it.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}={}", self.attribute.name, self.value)
    }
}

/// What one kind of log event says of a message.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundRule {
    /// What.
    pub mark: Mark,
    /// How it is recognised.
    pub condition: FoundCondition,
    /// Log events of this kind that were looked at.
    pub lines: usize,
    /// One of them.
    pub example: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// How a kind of log event is recognised.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FoundCondition {
    /// A pattern matches.
    Pattern(String),
    /// A field has a value.
    Equals {
        /// Its path.
        field: String,
        /// The value.
        value: String,
    },
    /// A pattern matches a field.
    Matches {
        /// Its path.
        field: String,
        /// The pattern.
        pattern: String,
    },
}

impl FoundCondition {
    /// For people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Pattern(pattern) => format!("'{pattern}'"),
            Self::Equals { field, value } => format!("{field} = {value}"),
            Self::Matches { field, pattern } => format!("'{pattern}' in {field}"),
        }
    }
}

/// What to remember of a message.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundAttribute {
    /// What it is called in findings.
    pub name: String,
    /// A JSON field or a pattern, as the configuration has it.
    pub selector: String,
    /// Different values that were seen.
    pub values: usize,
}

/// A pipeline that nobody should believe without looking at it.
#[derive(Clone, PartialEq, Debug)]
pub struct Doubtful {
    /// What was found.
    pub pipeline: FoundPipeline,
    /// Why it is not taken, in words.
    pub why: String,
}

/// What was not taken.
#[derive(Clone, PartialEq, Debug)]
pub struct Refused {
    /// Whether it is an ID or a link.
    pub what: RefusedWhat,
    /// As it would have been written.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Why, in words.
    pub why: String,
    /// The two IDs of a link.
    pub families: Vec<FoundFamily>,
}

/// What was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefusedWhat {
    /// A value that names many messages: a tenant, a host, a batch.
    Hub,
    /// A link that would make one of many messages.
    Link,
}

impl RefusedWhat {
    /// What it is, in a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hub => "ID",
            Self::Link => "link",
        }
    }
}
