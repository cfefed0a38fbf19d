//! The tasks of one environment: every log group that was opened is read, and followed if the run
//! follows; and when it is time to look for groups that have come into being.
//!
//! It starts and waits; what is read and what is listed is decided elsewhere.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::sleep;

use super::backfill;
use super::fetch::Fetch;
use super::follow::Follower;
use super::group::Group;
use super::latest_listing::LatestListing;
use super::listed::Listed;
use super::live_tail::{self, LiveTail};
use super::settings::Follow;
use crate::domain::time::Timestamp;
use crate::sources::channel::Stopped;

/// See the module.
pub struct Watch {
    follow: Option<Follow>,
    latest: Arc<LatestListing>,
    tasks: JoinSet<Result<(), Stopped>>,
    /// They end with this.
    tails: JoinSet<()>,
    /// Region, account and name of every group that has a source.
    known: HashSet<(String, Option<String>, String)>,
}

impl Watch {
    /// Nothing is read yet of what was listed at `asked_at`.
    #[must_use]
    pub fn new(follow: Option<&Follow>, asked_at: Timestamp) -> Self {
        Self {
            follow: follow.cloned(),
            latest: Arc::new(LatestListing::new(asked_at)),
            tasks: JoinSet::new(),
            tails: JoinSet::new(),
            known: HashSet::new(),
        }
    }

    /// Whether a group has no source yet; from now on it has.
    pub fn is_new(&mut self, region: &str, group: &Listed) -> bool {
        let name = group.name.clone();
        self.known
            .insert((region.to_owned(), group.account.clone(), name))
    }

    /// Begins to read groups, and to follow them if they are to be followed.
    pub fn start(&mut self, fetch: Fetch, groups: Vec<Arc<Group>>) {
        let fetch = Arc::new(fetch);
        for group in &groups {
            let follower = Follower {
                fetch: Arc::clone(&fetch),
                group: Arc::clone(group),
                latest: Arc::clone(&self.latest),
            };
            self.tasks.spawn(follower.run());
        }
        self.tail(&fetch, &groups);
        self.tasks.spawn(async move {
            backfill::read(fetch, groups).await;
            Ok(())
        });
    }

    /// Starts Live Tail for groups, if that is wanted and there is room; entries first.
    fn tail(&mut self, fetch: &Arc<Fetch>, groups: &[Arc<Group>]) {
        if !self.follow.as_ref().is_some_and(|follow| follow.live_tail) {
            return;
        }
        let mut groups = groups.to_vec();
        groups.sort_by_key(|group| !group.entry);
        for groups in groups.chunks(live_tail::GROUPS) {
            if self.tails.len() >= live_tail::SESSIONS {
                let followed = groups.iter().filter_map(|g| g.following.as_ref());
                followed.for_each(|f| f.woken(false, "no Live Tail: no session left"));
                continue;
            }
            let tail = LiveTail {
                fetch: Arc::clone(fetch),
                groups: groups.to_vec(),
            };
            self.tails.spawn(tail.run());
        }
    }

    /// Waits until it is time to look for groups again; `None` when nothing is left to do.
    pub async fn next_look(&mut self) -> Option<Timestamp> {
        let Some(follow) = &self.follow else {
            while self.tasks.join_next().await.is_some() {}
            return None;
        };
        let mut due = std::pin::pin!(sleep(follow.relist));
        loop {
            if self.tasks.is_empty() && follow.clock.now() > follow.until {
                return None;
            }
            tokio::select! {
                Some(_) = self.tasks.join_next() => {}
                () = &mut due => return Some(follow.clock.now()),
            }
        }
    }

    /// Every region was listed, beginning at this time.
    pub fn listed(&self, at: Timestamp) {
        self.latest.again(at);
    }
}
