//! Raw text on demand: the ledger keeps references, and this is where they lead.
//!
//! Each place that text was read from registers itself as an origin. Reading is blocking I/O and
//! happens off the drawing thread.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, RwLock};

use crate::domain::event::{OriginId, TextRef};

/// One log event as its origin has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawEvent {
    /// The bytes as they stand in the file or page (with the envelope, without the line end).
    pub raw: Vec<u8>,
    /// The text of the log event: what the rules read.
    pub text: Vec<u8>,
}

/// A place that raw text can be read from again.
pub trait Origin: Send + Sync {
    /// The event that begins at `offset` (after decompression).
    ///
    /// # Errors
    /// When the place is gone or has changed.
    fn read(&self, offset: u64) -> io::Result<RawEvent>;

    /// The events at these offsets, which are in order: what it takes to begin is done once.
    fn read_all(&self, offsets: &[u64]) -> Vec<io::Result<RawEvent>> {
        offsets.iter().map(|offset| self.read(*offset)).collect()
    }
}

/// Every origin of a run.
#[derive(Default)]
pub struct Texts {
    origins: RwLock<HashMap<OriginId, Arc<dyn Origin>>>,
}

impl Texts {
    /// Makes an origin readable.
    pub fn register(&self, id: OriginId, origin: Arc<dyn Origin>) {
        if let Ok(mut origins) = self.origins.write() {
            origins.insert(id, origin);
        }
    }

    /// Reads one log event again.
    ///
    /// # Errors
    /// When the origin is unknown, gone, or has changed.
    pub fn read(&self, reference: TextRef) -> io::Result<RawEvent> {
        self.origin(reference.origin)?.read(reference.offset)
    }

    /// Reads many again, each place in one go; the answers stand in the order of `references`.
    pub fn read_all(&self, references: &[TextRef]) -> Vec<io::Result<RawEvent>> {
        let mut order: Vec<usize> = (0..references.len()).collect();
        order.sort_unstable_by_key(|at| references[*at]);
        let mut read: Vec<(usize, io::Result<RawEvent>)> = Vec::with_capacity(order.len());
        for run in order.chunk_by(|a, b| references[*a].origin == references[*b].origin) {
            let offsets: Vec<u64> = run.iter().map(|at| references[*at].offset).collect();
            match self.origin(references[run[0]].origin) {
                Ok(origin) => read.extend(run.iter().copied().zip(origin.read_all(&offsets))),
                Err(error) => read.extend(run.iter().map(|at| (*at, Err(again(&error))))),
            }
        }
        read.sort_unstable_by_key(|(at, _)| *at);
        read.into_iter().map(|(_, event)| event).collect()
    }

    fn origin(&self, id: OriginId) -> io::Result<Arc<dyn Origin>> {
        let origins = self.origins.read().ok();
        origins
            .and_then(|origins| origins.get(&id).cloned())
            .ok_or_else(|| io::Error::other("the place this was read from is not known"))
    }
}

/// The same error once more.
pub fn again(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}
