//! The one way out of CloudWatch: everything that is told is kept first.

use std::sync::Arc;

use super::keep::{Keep, Kept};
use crate::domain::event::{Source, SourceId};
use crate::domain::feed::{End, Fault, FeedEvent};
use crate::sources::channel::{Feed, Stopped};

/// The feed, with the place where pages stay.
#[derive(Clone)]
pub struct Outlet {
    feed: Feed,
    /// Where pages stay.
    pub keep: Arc<dyn Keep>,
}

impl Outlet {
    /// Tells `feed` what `keep` has kept.
    #[must_use]
    pub fn new(feed: &Feed, keep: Arc<dyn Keep>) -> Self {
        Self {
            feed: feed.clone(),
            keep,
        }
    }

    /// Opens a source that is read as `account`, where that is known; returns its id and what earlier runs kept of it.
    ///
    /// # Errors
    /// When the feed stopped.
    pub async fn open(
        &self,
        source: Source,
        account: Option<&str>,
    ) -> Result<(SourceId, Vec<Kept>), Stopped> {
        let id = self.feed.ids.source();
        let kept = self.keep.open(id, &source, account);
        let opened = FeedEvent::Opened(id, Arc::new(source));
        self.feed.send(opened).await?;
        match kept {
            Ok(kept) => Ok((id, kept)),
            // Its pages will not be kept either, which is told then and there.
            Err(error) => {
                tracing::warn!(%error, "a source cannot be kept");
                Ok((id, Vec::new()))
            }
        }
    }

    /// Tells one thing about a source.
    ///
    /// # Errors
    /// When the feed stopped.
    pub async fn tell(&self, event: FeedEvent) -> Result<(), Stopped> {
        self.keep.report(&event);
        self.feed.send(event).await
    }

    /// Tells one thing that is of use only now.
    ///
    /// # Errors
    /// When the feed stopped.
    pub async fn show(&self, event: FeedEvent) -> Result<(), Stopped> {
        self.feed.send(event).await
    }

    /// Tells what was read before the run was cancelled.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub async fn last_word(&self, event: FeedEvent) -> Result<(), Stopped> {
        self.keep.report(&event);
        self.feed.send_last(event).await
    }

    /// Tells that a source cannot be read at all.
    ///
    /// # Errors
    /// When the feed stopped.
    pub async fn unreadable(&self, id: SourceId, fault: Fault) -> Result<(), Stopped> {
        self.tell(FeedEvent::Fault(id, fault)).await?;
        self.tell(FeedEvent::Ended(id, End::Nothing)).await
    }

    /// Whether the run was cancelled.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.feed.is_stopped()
    }
}
