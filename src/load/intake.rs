//! The workers between channel and ledger: batches side by side, everything else in its order.
//!
//! A source's end must not be known before its last batch is, or a message would look lost for a
//! moment. So whoever takes a report off the channel waits, holding the channel, until every batch
//! before it has been applied.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use async_channel::Receiver;

use super::journal;
use super::lock::lock;
use super::logs::Logs;
use crate::domain::event::{Batch, SourceId};
use crate::domain::extract::Extractor;
use crate::domain::feed::FeedEvent;
use crate::domain::ledger::Ledger;

/// See the module.
pub(super) struct Intake {
    channel: Mutex<Receiver<FeedEvent>>,
    ledger: Arc<Mutex<Ledger>>,
    logs: Arc<Logs>,
    version: Arc<AtomicU64>,
    /// Batches taken off the channel and not yet applied.
    under_way: Mutex<usize>,
    applied: Condvar,
}

impl Intake {
    pub(super) fn new(
        receiver: Receiver<FeedEvent>,
        ledger: Arc<Mutex<Ledger>>,
        logs: Arc<Logs>,
        version: Arc<AtomicU64>,
    ) -> Self {
        Self {
            channel: Mutex::new(receiver),
            ledger,
            logs,
            version,
            under_way: Mutex::new(0),
            applied: Condvar::new(),
        }
    }

    /// Takes reports until every sender is gone.
    pub(super) fn work(&self) {
        let mut extractors: HashMap<SourceId, Extractor> = HashMap::new();
        while let Some(batch) = self.next_batch() {
            // Also when extraction panics, or the others would wait for this batch for ever.
            let _done = Done(self, batch.source);
            let extractor = extractors
                .entry(batch.source)
                .or_insert_with(|| lock(&self.ledger).extractor(batch.source));
            let extracted = extractor.extract(&batch);
            self.logs.add(&batch);
            lock(&self.ledger).apply(&extracted, &batch.streams);
            self.version.fetch_add(1, Ordering::Release);
        }
    }

    /// The next batch; other reports on the way to it are passed on in their order.
    fn next_batch(&self) -> Option<Batch> {
        let channel = lock(&self.channel);
        loop {
            match channel.recv_blocking().ok()? {
                FeedEvent::Batch(batch) => {
                    *lock(&self.under_way) += 1;
                    return Some(batch);
                }
                report => {
                    journal::write(&report);
                    let under_way = lock(&self.under_way);
                    let waited = self.applied.wait_while(under_way, |count| *count > 0);
                    drop(waited.unwrap_or_else(PoisonError::into_inner));
                    lock(&self.ledger).report(report);
                    self.version.fetch_add(1, Ordering::Release);
                }
            }
        }
    }
}

/// Ends one batch's being under way.
struct Done<'a>(&'a Intake, SourceId);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.ledger).spoil(self.1);
        }
        *lock(&self.0.under_way) -= 1;
        self.0.applied.notify_all();
    }
}
