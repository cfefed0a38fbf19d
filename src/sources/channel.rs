//! The one way out of a source: a bounded channel, shared ids, and a flag that says stop.
//!
//! A full channel slows its senders down; nothing is buffered without bound.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_channel::{Receiver, Sender};

use super::texts::Texts;
use crate::domain::event::Ids;
use crate::domain::feed::FeedEvent;

/// What every source is given.
#[derive(Clone)]
pub struct Feed {
    sender: Sender<FeedEvent>,
    stop: Arc<AtomicBool>,
    /// Source and origin ids.
    pub ids: Arc<Ids>,
    /// Where a source registers the places its raw text can be read again.
    pub texts: Arc<Texts>,
}

/// The channel has no reader any more, or the load was cancelled: stop reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stopped;

impl Feed {
    /// A feed and the end to read it from; `capacity` reports fit in between.
    #[must_use]
    pub fn new(capacity: usize) -> (Self, Receiver<FeedEvent>) {
        let (sender, receiver) = async_channel::bounded(capacity);
        let feed = Self {
            sender,
            stop: Arc::default(),
            ids: Arc::default(),
            texts: Arc::default(),
        };
        (feed, receiver)
    }

    /// Sends from a thread; waits while the channel is full.
    ///
    /// # Errors
    /// When nobody reads any more or the load was cancelled.
    pub fn send_blocking(&self, event: FeedEvent) -> Result<(), Stopped> {
        if self.is_stopped() {
            return Err(Stopped);
        }
        self.sender.send_blocking(event).map_err(|_closed| Stopped)
    }

    /// Sends from a task; waits while the channel is full.
    ///
    /// # Errors
    /// When nobody reads any more or the load was cancelled.
    pub async fn send(&self, event: FeedEvent) -> Result<(), Stopped> {
        if self.is_stopped() {
            return Err(Stopped);
        }
        self.sender.send(event).await.map_err(|_closed| Stopped)
    }

    /// Sends, from a task, what was read before the load was cancelled.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub async fn send_last(&self, event: FeedEvent) -> Result<(), Stopped> {
        self.sender.send(event).await.map_err(|_closed| Stopped)
    }

    /// Asks every source of this feed to stop. What was sent stays valid.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// A switch that asks every source of this feed to stop. What was sent stays valid.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.stop))
    }

    /// Whether the load was cancelled, or nobody reads any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.sender.is_closed()
    }
}

/// Asks every source of a feed to stop; unlike the feed itself it does not keep the channel open.
#[derive(Clone, Debug)]
pub struct Stopper(Arc<AtomicBool>);

impl Stopper {
    /// Cancels the load.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the load was cancelled.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
