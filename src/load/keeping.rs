//! Where the pages of a run stay, as the plan wants it: a case, or a spool that ends with the run.
//!
//! A case in the user's folder is a convenience: where it cannot be written the run goes on without.
//! A file that was named is a wish: where it cannot be written the run does not begin.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, OnceLock};

use super::notes::Notes;
use crate::case::contents::Contents;
use crate::case::inputs;
use crate::case::kept::{CaseFile, OnFull};
use crate::case::scan::Depth;
use crate::case::words::Totals;
use crate::case::{place, replay};
use crate::config::plan::{CasePlan, Plan};
use crate::domain::event::{SourceId, SourceKind};
use crate::domain::mask::Key;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;
use crate::domain::view::{Overview, SourceState};
use crate::sources::channel::Feed;
use crate::sources::cloudwatch::keep::Keep;
use crate::sources::files::discover::Opened;
use crate::sources::spool::Spool;

/// What a run does with its pages.
#[derive(Default)]
pub(super) struct Keeping {
    /// The case that is written.
    case: OnceLock<Arc<CaseFile>>,
    /// Where it is.
    path: OnceLock<PathBuf>,
    /// What the user should know of it.
    said: OnceLock<Vec<String>>,
    /// Sources that stand for what is not asked for: a case is finished without them.
    unasked: OnceLock<Vec<SourceId>>,
}

impl Keeping {
    /// The place for pages.
    pub(super) fn place(
        &self,
        plan: &CasePlan,
        feed: &Feed,
        on_full: OnFull,
    ) -> io::Result<Arc<dyn Keep>> {
        let CasePlan::Write(write) = plan else {
            return Ok(Spool::new(feed)?);
        };
        match place::place(write, feed) {
            Ok(placed) => {
                placed.case.on_full(on_full);
                // A run begins once.
                let _ = self.said.set(placed.said);
                let _ = self.path.set(placed.path);
                let _ = self.case.set(Arc::clone(&placed.case));
                Ok(placed.case)
            }
            Err(none) if write.file.is_some() => Err(io::Error::other(none)),
            Err(none) => {
                let _ = self.said.set(vec![none.message]);
                Ok(Spool::new(feed)?)
            }
        }
    }

    /// Where the case is that is written.
    pub(super) fn path(&self) -> Option<PathBuf> {
        self.path.get().cloned()
    }

    /// The secret behind the pseudonyms of the case that is written, or looked at.
    pub(super) fn secret(&self, plan: &CasePlan) -> Option<Key> {
        match plan {
            CasePlan::Reopen(path) => {
                let file = File::open(path).ok()?;
                Contents::read(&file, Depth::Skim).ok()?.secret
            }
            _ => self.case.get()?.secret(),
        }
    }

    /// Tells the notebook of a run that was to write a case whether it does.
    pub(super) fn tell(&self, notes: &Notes, plan: &Plan) {
        match (self.case.get(), &plan.case) {
            (Some(case), _) => notes.belongs_to(case),
            (None, CasePlan::Write(_)) => notes.has_no_case(plan),
            _ => {}
        }
    }

    /// Who wants to know which files are read, too.
    pub(super) fn listener(
        &self,
        plan: &CasePlan,
        feed: &Feed,
    ) -> io::Result<impl FnOnce(Vec<Opened>) + Send + 'static + use<>> {
        let case = self.case.get().cloned();
        let replay = match plan {
            CasePlan::Reopen(path) => Some(reopen(path, feed)?),
            _ => None,
        };
        Ok(move |found: Vec<Opened>| {
            if let Some(case) = case {
                case.inputs(inputs::marked(&found));
            }
            if let Some(replay) = replay {
                // A replay that has ended needs nothing any more.
                let _ = replay.send(found);
            }
        })
    }

    /// No case waits for these.
    pub(super) fn pass_over(&self, unasked: Vec<SourceId>) {
        // A run begins once.
        let _ = self.unasked.set(unasked);
    }

    /// The run has ended.
    pub(super) fn finish(&self, overview: &Overview, stopped: bool, now: Timestamp) {
        let Some(case) = self.case.get() else { return };
        let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
        let unasked = self.unasked.get().map_or(&[][..], Vec::as_slice);
        let unread = overview.sources.iter().any(|source| {
            source.source.kind == SourceKind::CloudWatch
                && !unasked.contains(&source.id)
                && matches!(source.state, SourceState::Partial | SourceState::Failed)
        });
        case.finish(Totals {
            ended_at: now.0,
            finished: !stopped && !unread,
            stopped,
            events: overview.events,
            lost: environments.map(|env| env.counts.of(Verdict::Lost)).sum(),
        });
    }

    /// What the user should know.
    pub(super) fn notices(&self) -> Vec<String> {
        let mut notices = self.said.get().cloned().unwrap_or_default();
        let full = self.case.get().and_then(|case| case.full());
        notices.extend(full.map(|why| format!("{why}; the case does not hold the rest")));
        notices
    }
}

fn reopen(path: &Path, feed: &Feed) -> io::Result<Sender<Vec<Opened>>> {
    let (sender, found) = mpsc::channel();
    replay::spawn(path, feed, found)?;
    Ok(sender)
}
