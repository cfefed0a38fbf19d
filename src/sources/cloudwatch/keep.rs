//! Where fetched pages stay: all that fetching asks of a case file, or of a spool that ends with
//! the run.
//!
//! A page is kept before anybody is told of it, together with the state of its chain, so that a
//! run that was killed goes on behind the last page that was kept. Keeping decides nothing about
//! what was read.

use std::io;

use crate::domain::event::{OriginId, Source, SourceId};
use crate::domain::feed::FeedEvent;
use crate::domain::time::{Span, Timestamp};
use crate::sources::files::frame::Bytes;
use crate::sources::spool::Spool;

/// A piece of time of one source that begins to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Unique among the pieces of its source, over all runs of a case.
    pub number: u32,
    /// What is asked for, both ends included.
    pub span: Span,
    /// When it was asked for: what is evidence of absence depends on it.
    pub asked_at: Timestamp,
}

/// Where a chain of pages stands after a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct After {
    /// Where the chain began: later than the piece when it was begun again in the middle.
    pub from: Timestamp,
    /// What to ask with next.
    pub token: Option<String>,
    /// Whether this was the last page.
    pub done: bool,
}

/// One page to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Whose.
    pub source: SourceId,
    /// In which piece.
    pub piece: u32,
    /// Where its chain stands now.
    pub after: &'a After,
    /// Its log events as lines (see `page`); empty for an empty page.
    pub raw: &'a [u8],
}

/// The bytes of a kept page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageRef {
    /// Offset of the first byte.
    pub base: u64,
    /// How many bytes.
    pub len: usize,
}

/// What an earlier run kept of one piece.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The piece, with its span as it was last cut.
    pub piece: Piece,
    /// Where its chain stood; `None` before its first page.
    pub after: Option<After>,
    /// Its pages, in order; without the empty ones.
    pub pages: Vec<PageRef>,
}

/// A place where pages stay.
pub trait Keep: Bytes + Send + Sync {
    /// What batches name as their origin.
    fn origin(&self) -> OriginId;

    /// A source came into being, read as `account` where that is known. Returns the pieces that
    /// earlier runs kept of it: none that another account may have read.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn open(&self, id: SourceId, source: &Source, account: Option<&str>) -> io::Result<Vec<Kept>>;

    /// A piece begins to be read.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn begin(&self, source: SourceId, piece: &Piece) -> io::Result<()>;

    /// A piece ends earlier than it began to: another piece has the rest.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn cut(&self, source: SourceId, piece: u32, to: Timestamp) -> io::Result<()>;

    /// Keeps one page, all of it or nothing; returns the offset of its first byte.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn page(&self, page: Page<'_>) -> io::Result<u64>;

    /// Keeps what a source says of itself (coverage, faults, its end), so that reopening tells the
    /// same. A place that cannot be written any more says so by itself.
    fn report(&self, event: &FeedEvent);

    /// Reads a page again.
    ///
    /// # Errors
    /// When the place is gone, has changed or is damaged.
    fn read(&self, page: PageRef) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; page.len];
        let mut done = 0;
        while done < bytes.len() {
            match self.read_at(page.base + done as u64, &mut bytes[done..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
        Ok(bytes)
    }
}

/// A spool keeps text for as long as the run lasts, and remembers nothing.
impl Keep for Spool {
    fn origin(&self) -> OriginId {
        self.id()
    }

    fn open(&self, _: SourceId, _: &Source, _: Option<&str>) -> io::Result<Vec<Kept>> {
        Ok(Vec::new())
    }

    fn begin(&self, _source: SourceId, _piece: &Piece) -> io::Result<()> {
        Ok(())
    }

    fn cut(&self, _source: SourceId, _piece: u32, _to: Timestamp) -> io::Result<()> {
        Ok(())
    }

    fn page(&self, page: Page<'_>) -> io::Result<u64> {
        self.append(page.raw)
    }

    fn report(&self, _event: &FeedEvent) {}
}
