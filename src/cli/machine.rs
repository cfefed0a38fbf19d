//! The seam between the command line and what it starts.
//!
//! The binary supplies the real machine; tests supply one that only remembers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;

use super::complain::Complaint;
use super::exit::ExitStatus;
use crate::config::plan::Plan;
use crate::domain::view::Overview;
use crate::load::answers::Answers;
use crate::sources::demo::variant::Variant;

/// One run as resolved.
#[derive(Clone, Debug)]
pub struct Run {
    /// What to read and how.
    pub plan: Plan,
    /// The zone of all times shown.
    pub zone: Tz,
    /// A built-in incident to read instead of the plan's sources.
    pub incident: Option<DemoRequest>,
    /// `--theme`.
    pub theme: Option<String>,
    /// Whether colour may be used at all.
    pub colour: bool,
    /// Where the program logs what it does.
    pub log_file: Option<PathBuf>,
}

/// A built-in incident as asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemoRequest {
    /// Its name.
    pub incident: String,
    /// Which way it goes.
    pub variant: Variant,
    /// Another seed than the usual one.
    pub seed: Option<u64>,
    /// Another number of messages an environment than the usual one.
    pub messages: Option<u64>,
}

/// What the command line starts.
pub trait Machine {
    /// Loads everything, telling how far it is; returns once nothing more will come.
    ///
    /// # Errors
    /// When a load cannot even begin. What goes wrong with a source is part of the answers.
    fn load(
        &self,
        run: &Run,
        progress: &mut dyn FnMut(&Overview),
    ) -> Result<Arc<dyn Answers>, Complaint>;

    /// Opens the dashboard; returns when it is left.
    ///
    /// # Errors
    /// When there is no terminal, or the theme cannot be read.
    fn dashboard(&self, run: &Run) -> Result<ExitStatus, Complaint>;

    /// The configuration (TOML) of an incident.
    fn demo_config(&self, request: &DemoRequest) -> String;

    /// Writes an incident's log files, its configuration and its truth into a folder.
    ///
    /// # Errors
    /// When the folder cannot be written.
    fn write_demo(&self, request: &DemoRequest, folder: &Path) -> Result<(), Complaint>;
}
