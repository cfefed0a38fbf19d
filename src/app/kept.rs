//! What is kept of a session, as it is written down. How one begins there is told in `session`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The form it is written in.
pub const SCHEMA: u32 = 1;

/// What is kept.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Session {
    /// [`SCHEMA`].
    pub schema: u32,
    /// What was looked at: another question has another session.
    pub about: String,
    /// The view, by its title.
    pub view: String,
    /// The zone of times.
    pub zone: String,
    /// What the list kept.
    pub filter: KeptFilter,
    /// By what it was sorted.
    pub sort: usize,
    /// The other way round.
    pub descending: bool,
    /// The ID of the selected message.
    pub selected: Option<String>,
    /// The marked messages.
    pub marks: BTreeMap<char, KeptMark>,
    /// What was decided of what was learnt.
    #[serde(default)]
    pub decided: Vec<KeptDecision>,
    /// The theme, where one was chosen.
    #[serde(default)]
    pub theme: Option<String>,
    /// Where the log stood.
    #[serde(default)]
    pub log: KeptLog,
    /// The marked lines of the log.
    #[serde(default)]
    pub lines: BTreeMap<char, KeptLine>,
}

/// Where the log stood.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct KeptLog {
    /// One environment.
    pub env: Option<String>,
    /// One source, by its name.
    pub source: Option<String>,
    /// What was typed to keep lines, and to leave them out.
    pub terms: Vec<KeptTerm>,
    /// So many lines around each kept one.
    pub context: usize,
    /// The time of the selected line.
    pub at: Option<i64>,
}

/// One condition on lines.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeptTerm {
    /// Lines with it are left out.
    pub out: bool,
    /// As it was typed.
    pub text: String,
}

/// A marked line of the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeptLine {
    /// Its time.
    pub at: i64,
    /// Its source, by name.
    pub source: String,
    /// The beginning of its text.
    pub words: String,
}

/// A filter; what was chosen by a finding is not kept.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct KeptFilter {
    /// Verdicts.
    pub verdicts: Vec<String>,
    /// Pipeline.
    pub pipeline: Option<String>,
    /// Environment.
    pub env: Option<String>,
    /// Last stage.
    pub last_stage: Option<String>,
    /// What was typed.
    pub text: String,
}

/// A decision about a guess, which has the same name when the same is found again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeptDecision {
    /// Of what.
    pub guess: String,
    /// accepted, rejected or changed.
    pub ruling: String,
    /// What it was changed to.
    #[serde(default)]
    pub text: String,
}

/// A marked message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeptMark {
    /// Its ID.
    pub id: String,
    /// Its environment.
    pub env: String,
}
