//! The configuration as resolved: what to read, from where, over which time, as which pipelines.
//!
//! Everything the file and the flags left open is decided here once; below this nothing asks where
//! a value came from. It holds no credentials: only the name of the profile to ask.

use std::path::PathBuf;
use std::sync::Arc;

use chrono_tz::Tz;
use tempfile::TempPath;

use super::accounts::Accounts;
use super::date_order::DateOrder;
use super::question::Question;
use crate::domain::pattern::Pattern;
use crate::domain::pipeline::Pipeline;
use crate::domain::time::Span;

/// All that a run needs to know.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What the answer is about. `None`: whatever the files hold.
    pub window: Option<Span>,
    /// What is read on both sides of the window, so that its edges invent nothing, in milliseconds.
    pub margin_ms: i64,
    /// The pipelines, in the order of the file.
    pub pipelines: Vec<Arc<Pipeline>>,
    /// CloudWatch: one entry an environment.
    pub environments: Vec<EnvironmentPlan>,
    /// What the configuration names beside and this run does not ask for.
    pub left_out: Vec<LeftOut>,
    /// Files, folders and globs.
    pub files: Vec<FilesPlan>,
    /// Read standard input too, as this environment.
    pub stdin: Option<FilesPlan>,
    /// Go on reading what is appended.
    pub follow: bool,
    /// Let Live Tail tell of what is appended, for which AWS charges.
    pub live_tail: bool,
    /// Where fetched pages stay.
    pub case: CasePlan,
    /// The file that standard input was put into, to be read more than once: it goes with the run.
    pub spooled: Option<Arc<TempPath>>,
}

impl Plan {
    /// Reads standard input from a file that it was put into.
    pub fn spool(&mut self, file: Option<Arc<TempPath>>) {
        if let (Some(stdin), Some(path)) = (&mut self.stdin, &file) {
            stdin.path = path.display().to_string();
        }
        self.spooled = file;
    }
}

/// Where fetched pages stay.
#[derive(Clone, Debug, Default)]
pub enum CasePlan {
    /// Nowhere: they end with the run.
    #[default]
    None,
    /// In a case file.
    Write(Box<WriteCase>),
    /// They are there already: nothing is fetched.
    Reopen(PathBuf),
}

/// A case file to write.
#[derive(Clone, Debug)]
pub struct WriteCase {
    /// Which; else one in the user's folder.
    pub file: Option<PathBuf>,
    /// Go on with none that is there.
    pub fresh: bool,
    /// Bytes that it may take.
    pub limit: u64,
    /// What is asked.
    pub question: Question,
}

/// An AWS account with its regions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentPlan {
    /// dev, qa, prod.
    pub name: Arc<str>,
    /// Profile to take credentials from; else the default chain.
    pub profile: Option<String>,
    /// Role to assume with them.
    pub role_arn: Option<String>,
    /// The account all this must lead to; whichever it is where `None`.
    pub account: Option<String>,
    /// Whose log groups are read.
    pub accounts: Accounts,
    /// The regions, never empty.
    pub regions: Vec<String>,
    /// Another endpoint than Amazon's.
    pub endpoint_url: Option<String>,
    /// Globs on log group names, `{env}` and `{region}` not yet expanded.
    pub groups: Vec<String>,
    /// Those of them that feed a stage where messages come in: read before others.
    pub entries: Vec<String>,
    /// Fetch only lines from which these could read something; every line where there is none.
    pub narrow: Vec<Arc<Pipeline>>,
}

/// Log groups that serve a stage, and that nobody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// dev, qa, prod.
    pub env: Arc<str>,
    /// Empty where none can be named.
    pub region: String,
    /// The stage's glob, `{env}` and `{region}` not yet expanded.
    pub glob: String,
    /// What leaves it out.
    pub why: String,
    /// One sentence: what to do about it.
    pub remedy: String,
}

/// A path with captures.
#[derive(Clone, Debug)]
pub struct FilesPlan {
    /// A file, a folder, or a glob with `{env}`, `{region}`, `{group}` captures; absolute, or relative
    /// to `base`.
    pub path: String,
    /// What a relative path is relative to.
    pub base: PathBuf,
    /// Environment of files whose path captures none.
    pub env: Arc<str>,
    /// Zone of timestamps that bear none; UTC where `None`.
    pub timezone: Option<Tz>,
    /// Year of timestamps that bear none; else the file's own time decides.
    pub year: Option<i32>,
    /// What the numbers of a date are; else the file as a whole decides.
    pub dates: Option<DateOrder>,
    /// A log event begins where this matches; else a line that begins like the first one does.
    pub multiline: Option<Pattern>,
    /// Given by hand: a missing file is an error, not an absence.
    pub explicit: bool,
    /// The configured paths: a file given by hand that one of them leads to is read as that says.
    pub like: Vec<Self>,
}
