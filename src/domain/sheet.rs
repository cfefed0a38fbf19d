//! Messages side by side: what each stage said of each of them, ready to be compared.
//!
//! A sheet belongs to one pipeline in one environment. Every lost message is on it, up to a limit,
//! and a sample of the others that depends on their IDs alone, so that the same log gives the same
//! sheet whatever order it arrived in. It compares nothing.

use std::sync::Arc;

use super::graph::StageSet;
use super::time::Timestamp;
use super::verdict::{Flags, Verdict};
use super::view::MessageHandle;

/// One message.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// To ask for more.
    pub handle: MessageHandle,
    /// What became of it. Unless it is lost, it counts as kept by every stage that it went on from.
    pub verdict: Verdict,
    /// The furthest stage where it was seen.
    pub last_stage: u8,
    /// The stages where it was seen.
    pub seen: StageSet,
    /// The stages that it went on from.
    pub passed: StageSet,
    /// The stages that acknowledged it.
    pub acked: StageSet,
    /// The stages that acknowledged it before they were done with it.
    pub acked_early: StageSet,
    /// What is remarkable about it.
    pub flags: Flags,
    /// Oldest sighting.
    pub first: Timestamp,
    /// Newest sighting.
    pub last: Timestamp,
}

/// What one stage said of every message under one name.
#[derive(Clone, Debug)]
pub struct Column {
    /// The stage.
    pub stage: usize,
    /// Index into [`Sheet::names`].
    pub name: usize,
    /// Only what was known of a message when it came to the stage, not what was said there later.
    pub entry: bool,
    /// By case: 1 + the index of the value in [`Name::values`]; 0 where nothing was said.
    pub cells: Vec<u32>,
}

/// Something that can be said of a message, with all that was ever said.
#[derive(Clone, Debug)]
pub struct Name {
    /// `host`; for what every log event has: `region`, `source`, `stream`.
    pub text: Arc<str>,
    /// Not an attribute of the configuration, but where the log event was.
    pub implied: bool,
    /// The values.
    pub values: Vec<Box<str>>,
}

/// One stage of the pipeline.
#[derive(Clone, Debug)]
pub struct SheetStage {
    /// Its name.
    pub name: Arc<str>,
    /// Those before it, and itself.
    pub upstream: StageSet,
    /// Where messages go from it by the main way; `(done)` out of a terminal one.
    pub next: Arc<str>,
    /// By case: oldest sighting there; [`Timestamp::MIN`] where there is none.
    pub came: Vec<Timestamp>,
    /// The same for the newest one.
    pub times: Vec<Timestamp>,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The pipeline.
    pub pipeline: Arc<str>,
    /// The environment.
    pub env: Arc<str>,
    /// Its stages.
    pub stages: Vec<SheetStage>,
    /// Names of columns.
    pub names: Vec<Name>,
    /// Columns that say something of at least one message.
    pub columns: Vec<Column>,
    /// The messages.
    pub cases: Vec<Case>,
    /// How many messages each lost one on the sheet stands for: 1 unless there are very many.
    pub lost_weight: f64,
    /// The same for the others.
    pub kept_weight: f64,
}

impl Sheet {
    /// The value in a cell.
    #[must_use]
    pub fn value(&self, column: &Column, cell: u32) -> Option<&str> {
        let values = &self.names[column.name].values;
        values.get((cell as usize).checked_sub(1)?).map(|v| &**v)
    }
}
