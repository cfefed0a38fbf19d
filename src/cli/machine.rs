//! The seam between the command line and what it starts.
//!
//! The binary supplies the real machine; tests supply one that only remembers.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;
use tempfile::TempPath;

use super::complain::Complaint;
use super::exit::ExitStatus;
use super::learning::Learning;
use crate::app::bound::Keymap;
use crate::config::error::ConfigErrors;
use crate::config::plan::Plan;
use crate::domain::hunt::Hunt;
use crate::domain::mask::Mask;
use crate::load::answers::Answers;
use crate::load::hunt::HuntRequest;
use crate::load::look::Looked;
use crate::runtime::look::Look;
use crate::sources::cloudwatch::reach::picture::Reach;
use crate::sources::cloudwatch::reach::who::{self, Ask};
use crate::sources::demo::variant::Variant;

/// One run as resolved.
#[derive(Clone, Debug)]
pub struct Run {
    /// What to read and how.
    pub plan: Plan,
    /// The configuration it goes by.
    pub config: Option<String>,
    /// The zone of all times shown.
    pub zone: Tz,
    /// The configuration was learnt, and may be corrected.
    pub learnt: Option<Learning>,
    /// The profiles that the environments of a case were read with.
    pub profiles: Vec<(Arc<str>, String)>,
    /// The zone of the machine.
    pub local: Tz,
    /// A built-in incident to read instead of the plan's sources.
    pub incident: Option<DemoRequest>,
    /// `--plain`: the answer as lines, with all that it rests on, and no dashboard.
    pub plain: bool,
    /// What masks, and whether others look on from the beginning.
    pub share: (Arc<Mask>, bool),
    /// How the dashboard shall look, or why it cannot look as it was asked to.
    pub look: Result<Look, ConfigErrors>,
    /// Whether colour may be used at all.
    pub colour: bool,
    /// The keys of the dashboard.
    pub keys: Arc<Keymap>,
    /// Begin where the last session ended.
    pub session: bool,
    /// Where the program logs what it does.
    pub log_file: Option<PathBuf>,
}

impl Run {
    /// What masks what is written, where others read it.
    #[must_use]
    pub fn masked(&self) -> Option<&Arc<Mask>> {
        let (mask, on) = &self.share;
        on.then_some(mask)
    }
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
    /// Loads everything, and shows `progress` the run at its beginning and from time to time;
    /// returns once nothing more will come.
    ///
    /// # Errors
    /// When a load cannot even begin. What goes wrong with a source is part of the answers.
    fn load(
        &self,
        run: &Run,
        progress: &mut dyn FnMut(&dyn Answers),
    ) -> Result<Arc<dyn Answers>, Complaint>;

    /// Looks at the sources of a plan, to learn what they are; `progress` is told how many log events
    /// have passed.
    ///
    /// # Errors
    /// When it cannot even begin. What goes wrong with a source is told with what was seen.
    fn look(&self, plan: &Plan, progress: &mut dyn FnMut(u64)) -> io::Result<Looked>;

    /// Puts all of standard input into a file, to be read more than once; `progress` is told how many
    /// bytes there are so far.
    ///
    /// # Errors
    /// When it cannot be read or written.
    fn spool(&self, progress: &mut dyn FnMut(u64)) -> io::Result<TempPath>;

    /// Hunts, telling how far it is; returns once nothing more will come, or when it is interrupted.
    ///
    /// # Errors
    /// When a hunt cannot even begin. What cannot be searched is part of the answer.
    fn hunt(
        &self,
        run: &Run,
        request: &HuntRequest,
        progress: &mut dyn FnMut(&Hunt),
    ) -> Result<Hunt, Complaint>;

    /// Opens the dashboard; returns when it is left.
    ///
    /// # Errors
    /// When there is no terminal, or the theme cannot be read.
    fn dashboard(&self, run: &Run) -> Result<ExitStatus, Complaint>;

    /// Looks around for accounts, regions and log groups, telling how far it is.
    ///
    /// # Errors
    /// When it cannot even begin.
    fn reach(&self, ask: &Ask, progress: &mut dyn FnMut(who::Progress))
    -> Result<Reach, Complaint>;

    /// A line typed on standard input; `None` at its end.
    fn typed(&self) -> Option<String>;

    /// The configuration (TOML) of an incident.
    fn demo_config(&self, request: &DemoRequest) -> String;

    /// Writes an incident's log files, its configuration and its truth into a folder; says how many
    /// messages are lost in it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    fn write_demo(&self, request: &DemoRequest, folder: &Path) -> Result<u64, Complaint>;
}
