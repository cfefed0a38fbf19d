//! All log events in the order of time, whether they name a message or not: where each is, never what
//! it says.
//!
//! The ledger keeps only what names a message; whoever reads a log wants the lines around it. The order
//! is total (time, source, place), so that a page is the same however the events arrived.

mod block;
pub mod index;
pub mod needle;
pub mod view;
mod walk;

use super::event::{OriginId, SourceId, TextRef};
use super::time::Timestamp;

/// The place of one log event in the order of all. As a cut it stands before that event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogKey {
    /// The event's own time.
    pub time: Timestamp,
    /// Whose it is.
    pub source: SourceId,
    /// Where its text can be read again.
    pub raw: TextRef,
}

impl LogKey {
    /// Before everything.
    pub const FIRST: Self = Self::at(Timestamp::MIN);
    /// Behind everything.
    pub const LAST: Self = Self {
        time: Timestamp::MAX,
        source: SourceId(u32::MAX),
        raw: END,
    };

    /// Before everything of this time.
    #[must_use]
    pub const fn at(time: Timestamp) -> Self {
        Self {
            time,
            source: SourceId(0),
            raw: TextRef {
                origin: OriginId(0),
                offset: 0,
            },
        }
    }

    /// The cut right behind this event.
    #[must_use]
    pub const fn behind(self) -> Self {
        Self {
            raw: TextRef {
                origin: self.raw.origin,
                offset: self.raw.offset.saturating_add(1),
            },
            ..self
        }
    }
}

/// Behind every text.
const END: TextRef = TextRef {
    origin: OriginId(u32::MAX),
    offset: u64::MAX,
};

/// One log event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogEvent {
    /// Its place in the order.
    pub key: LogKey,
    /// The number of its stream; see [`index::LogIndex::stream`].
    pub stream: u32,
}
