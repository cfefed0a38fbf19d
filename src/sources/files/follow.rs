//! Goes on with files that grow, are rotated or truncated, and finds those that come into being.
//!
//! One step looks once at every file; only [`Follower::run`] waits between steps.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::discover::Known;
use super::newest::Newest;
use super::origin::Identity;
use super::reading::Reading;
use crate::config::plan::FilesPlan;
use crate::domain::feed::FeedEvent;
use crate::sources::channel::{Feed, Stopped};

/// Between two steps.
const PERIOD: Duration = Duration::from_millis(250);
/// How soon a stop is heard.
const SLICE: Duration = Duration::from_millis(25);
/// After so many steps it looks for new files.
const LOOK_EVERY: u32 = 8;

/// Follows files.
pub struct Follower {
    feed: Feed,
    newest: Arc<Newest>,
    files: Vec<Arc<Reading>>,
    plans: Vec<FilesPlan>,
    known: Known,
    /// Files that had a name that is another's now.
    replaced: HashSet<Identity>,
    steps: u32,
}

impl Follower {
    /// Follows files that have been read to their present end.
    pub fn new(feed: Feed, files: Vec<Arc<Reading>>, newest: &Arc<Newest>) -> Self {
        Self {
            feed,
            newest: Arc::clone(newest),
            files,
            plans: Vec::new(),
            known: Known::default(),
            replaced: HashSet::new(),
            steps: 0,
        }
    }

    /// Looks for files of these plans that are not known yet, too.
    #[must_use]
    pub fn looking_for(self, plans: Vec<FilesPlan>, known: Known) -> Self {
        Self {
            plans,
            known,
            ..self
        }
    }

    /// Steps until the feed is stopped.
    pub fn run(&mut self) {
        while !self.feed.is_stopped() {
            if self.step().is_err() {
                return;
            }
            let mut waited = Duration::ZERO;
            while waited < PERIOD && !self.feed.is_stopped() {
                thread::park_timeout(SLICE);
                waited += SLICE;
            }
        }
    }

    /// Looks once at every file, and now and then for others.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn step(&mut self) -> Result<(), Stopped> {
        for file in &mut self.files {
            if let Some(next) = step(file, &self.feed)? {
                self.replaced.extend(identity(file));
                *file = next;
            }
        }
        self.steps += 1;
        if self.steps.is_multiple_of(LOOK_EVERY) {
            self.look()?;
        }
        Ok(())
    }

    /// Looks for files that have come into being. A file that was read under another name is none,
    /// nor is a copy that rotation leaves beside one that is followed.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn look(&mut self) -> Result<(), Stopped> {
        let read: HashSet<Identity> = self.files.iter().filter_map(identity).collect();
        let (replaced, files) = (&self.replaced, &self.files);
        let skip = |path: &Path| {
            let same = fs::metadata(path).is_ok_and(|metadata| {
                let found = Identity::of(&metadata);
                found != Identity::default() && (read.contains(&found) || replaced.contains(&found))
            });
            let followed = files.iter().filter_map(|file| file.task.path.as_deref());
            same || followed.into_iter().any(|followed| is_copy(path, followed))
        };
        for task in self.known.look(&self.plans, &self.feed, &skip)?.tasks {
            let Some(reading) = Reading::open(&task, Some(&self.newest), &self.feed)? else {
                continue;
            };
            reading.go_on()?;
            self.files.push(Arc::new(reading));
        }
        Ok(())
    }
}

fn identity(reading: &Arc<Reading>) -> Option<Identity> {
    reading.origin.as_ref().map(|origin| origin.identity())
}

/// Whether `path` is named like what rotation makes of `followed`: `engine.log.1`,
/// `engine.log-20261122.gz`.
fn is_copy(path: &Path, followed: &Path) -> bool {
    let (path, followed) = (path.to_string_lossy(), followed.to_string_lossy());
    let Some(rest) = path.strip_prefix(&*followed) else {
        return false;
    };
    let packed = [".gz", ".zst", ".bz2", ".xz"];
    let packed = packed.iter().find_map(|end| rest.strip_suffix(end));
    let number = packed.unwrap_or(rest);
    (packed.is_some() || !number.is_empty())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || ".-_T".contains(c))
}

/// Looks at one file; gives the one that has taken its name.
fn step(reading: &Arc<Reading>, feed: &Feed) -> Result<Option<Arc<Reading>>, Stopped> {
    let (Some(path), Some(origin)) = (&reading.task.path, &reading.origin) else {
        return Ok(None);
    };
    // Between a rotation and the new file there may be none of this name.
    let Ok(metadata) = fs::metadata(path) else {
        return reading.look_again().map(|_| None);
    };
    let replaced = Identity::of(&metadata) != origin.identity();
    let truncated = !replaced && metadata.len() < reading.position();
    if !replaced && !truncated {
        return reading.look_again().map(|_| None);
    }
    let (what, next) = if replaced {
        reading.finish()?;
        ("rotated", reading.open_again()?)
    } else {
        ("truncated", reading.reopen()?)
    };
    let note = format!("the file was {what}; reading it from its beginning");
    feed.send_blocking(FeedEvent::Note(reading.task.id, note))?;
    let Some(next) = next else {
        return Ok(None);
    };
    let next = Arc::new(next);
    next.go_on()?;
    Ok(Some(next))
}
