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
        let origin = self
            .origins
            .read()
            .ok()
            .and_then(|origins| origins.get(&reference.origin).cloned())
            .ok_or_else(|| io::Error::other("the place this was read from is not known"))?;
        origin.read(reference.offset)
    }
}
