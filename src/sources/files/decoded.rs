//! What decoding a chunk gave: its events, what was no event, and what that says of the input.
//!
//! Only data; [`super::decode`] fills it in.

use super::rejects::Rejects;
use crate::domain::event::Batch;
use crate::domain::time::Span;

/// What became of a chunk.
#[derive(Debug, Default)]
pub struct Decoded {
    /// The events; usually one batch.
    pub batches: Vec<Batch>,
    /// What did not become an event.
    pub rejects: Rejects,
    /// First and last event time.
    pub span: Option<Span>,
    /// Lines that belong to the event before them, and blank lines.
    pub continued: u64,
    /// The last line breaks off in the middle of an object, and has no end of its own.
    pub torn: bool,
    /// An array of events is no JSON from some place on: what follows in it was left out.
    pub broken: bool,
    /// An event is older than one before it.
    pub unordered: bool,
    /// Room for another chunk.
    pub spare: Vec<u8>,
}
