//! Everything that detectors of log lines look at together: the picture, the messages, and what all
//! lines told.

use std::sync::Arc;

use super::access::Access;
use crate::domain::event::SourceId;
use crate::domain::sheet::Sheet;
use crate::domain::signals::view::Signals;
use crate::domain::time::Span;
use crate::domain::view::{Overview, SourceView};

/// See the module.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The whole picture.
    pub overview: &'a Overview,
    /// Messages side by side.
    pub sheets: &'a [Sheet],
    /// What all log lines told.
    pub signals: &'a Signals,
    /// Asks for single messages.
    pub access: Access<'a>,
}

/// So many names stand side by side.
const NAMES: usize = 3;

impl<'a> Scene<'a> {
    /// A source by its number.
    #[must_use]
    pub fn source(&self, id: SourceId) -> Option<&'a SourceView> {
        self.overview.sources.iter().find(|view| view.id == id)
    }

    /// The time in question.
    #[must_use]
    pub fn window(&self) -> Option<Span> {
        let seen = self.overview.sources.iter().filter_map(|view| view.seen);
        self.overview.window.or_else(|| seen.reduce(Span::union))
    }
}

/// Whether a source serves this stage of any pipeline.
#[must_use]
pub fn serves(view: &SourceView, stage: &str) -> bool {
    stages(view).any(|own| own == stage)
}

/// The stages that a source serves.
pub fn stages(view: &SourceView) -> impl Iterator<Item = &str> {
    let names = view.stages.iter();
    names.map(|name| name.split_once('/').map_or(&**name, |(_, stage)| stage))
}

/// Where sources are, in few words: their stages, else their log groups.
#[must_use]
pub fn whereabouts(views: &[&SourceView]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for view in views {
        if view.stages.is_empty() {
            names.push(&view.source.group);
        }
        names.extend(stages(view));
    }
    names.sort_unstable();
    names.dedup();
    shortened(&names)
}

/// `a, b, c and 4 more`.
#[must_use]
pub fn shortened(names: &[&str]) -> String {
    let more = names.len().saturating_sub(NAMES);
    let shown = names[..names.len().min(NAMES)].join(", ");
    match more {
        0 => shown,
        _ => format!("{shown} and {more} more"),
    }
}

/// The name by which a source is told.
#[must_use]
pub fn name(view: Option<&SourceView>) -> Arc<str> {
    view.map_or_else(|| "".into(), |view| Arc::clone(&view.source.name))
}
