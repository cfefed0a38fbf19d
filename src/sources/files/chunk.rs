//! A piece of one input, cut where an event begins, so that any thread can decode it.

use std::sync::Arc;

/// The text of one event is kept up to this many bytes: CloudWatch's own limit.
pub const TEXT_LIMIT: usize = 1 << 20;
/// A line is kept up to this many bytes: a whole text, however it is escaped.
pub const LINE_LIMIT: usize = 4 << 20;

/// What a chunk holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Lines.
    Lines,
    /// The elements of an array of events, of this stream unless they say otherwise.
    Elements(Arc<str>),
}

/// What stands before a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum After {
    /// Nothing that a line could belong to.
    #[default]
    Nothing,
    /// An event of text whose end was cut at the limit: what belongs to it is left out.
    CutEvent,
}

/// A piece of one input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Offset of the first of them in the input, after decompression.
    pub base: u64,
    /// Number of the first line, from 1.
    pub line: u64,
    /// What they are.
    pub kind: Kind,
    /// What stands before.
    pub after: After,
    /// The last line goes on beyond the limit.
    pub cut: bool,
}
