//! Goes on with files that grow, are rotated or truncated.
//!
//! One step looks once at every file; only [`Follower::run`] waits between steps.

use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::origin::Identity;
use super::reading::Reading;
use crate::domain::feed::FeedEvent;
use crate::sources::channel::{Feed, Stopped};

/// Between two steps.
const PERIOD: Duration = Duration::from_millis(250);
/// How soon a stop is heard.
const SLICE: Duration = Duration::from_millis(25);

/// Follows files.
pub struct Follower {
    feed: Feed,
    files: Vec<Arc<Reading>>,
}

impl Follower {
    /// Follows files that have been read to their present end.
    pub fn new(feed: Feed, files: Vec<Arc<Reading>>) -> Self {
        Self { feed, files }
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

    /// Looks once at every file.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn step(&mut self) -> Result<(), Stopped> {
        for file in &mut self.files {
            if let Some(next) = step(file, &self.feed)? {
                *file = next;
            }
        }
        Ok(())
    }
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
    if replaced {
        reading.finish()?;
    }
    let what = if replaced { "rotated" } else { "truncated" };
    let note = format!("the file was {what}; reading it from its beginning");
    feed.send_blocking(FeedEvent::Note(reading.task.id, note))?;
    let Some(next) = Reading::open(&reading.task, true, feed)? else {
        return Ok(None);
    };
    let next = Arc::new(next);
    next.go_on()?;
    Ok(Some(next))
}
