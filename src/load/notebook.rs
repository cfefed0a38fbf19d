//! Whoever keeps the timeline of a run, as the dashboard and the reports see it.

use crate::domain::timeline::{Change, Kept, Timeline};

/// The timeline as it is known by now.
#[derive(Clone, Debug)]
pub struct Noted {
    /// What is on it.
    pub timeline: Timeline,
    /// The last change of this program that is among it.
    pub number: u64,
    /// Where it is kept.
    pub kept: Kept,
    /// Tells this program's changes from those of others.
    pub writer: u32,
}

/// Who keeps the timeline of a run. Every call may wait for a disk: make it off the drawing thread.
pub trait Notebook: Send + Sync {
    /// Writes a change down. `number` tells the changes of this program apart.
    fn write(&self, number: u64, change: &Change);
    /// What is known, if that is not what was told last.
    fn news(&self) -> Option<Noted>;
    /// All that is known.
    fn timeline(&self) -> Timeline;
}
