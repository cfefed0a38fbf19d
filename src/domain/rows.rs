//! Every sighting in 16 bytes, chained by ID.
//!
//! ```text
//! bits  32 previous row of the same ID | 42 time, ms since 1970 | 22 place in the segment's text
//!        6 stage                       |  3 mark                | 23 set (stream and attributes)
//! ```
//! Forty-two bits of milliseconds reach the year 2109. Rows are only added; what they say together is
//! folded elsewhere.

use super::chunked::Chunked;
use super::event::{OriginId, TextRef};
use super::time::Timestamp;
use super::verdict::Mark;

/// Stands for "no row".
pub const NO_ROW: u32 = u32::MAX;

/// The number of sets that a row can tell apart.
pub const MAX_SETS: u32 = 1 << 23;

/// One sighting, packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row(u128);

impl Row {
    /// Packs a sighting. A time outside of 1970 to 2109 is moved to the nearest end.
    #[must_use]
    pub fn new(prev: u32, time: Timestamp, raw: u32, (stage, mark): (u8, Mark), set: u32) -> Self {
        let time = time.0.clamp(0, (1 << 42) - 1) as u128;
        Self(
            u128::from(prev)
                | time << 32
                | u128::from(raw & ((1 << 22) - 1)) << 74
                | u128::from(stage & 63) << 96
                | u128::from(mark as u8) << 102
                | u128::from(set & (MAX_SETS - 1)) << 105,
        )
    }

    /// The row before it with the same ID, or [`NO_ROW`].
    #[must_use]
    pub const fn prev(self) -> u32 {
        self.0 as u32
    }

    /// When.
    #[must_use]
    pub const fn time(self) -> Timestamp {
        Timestamp((self.0 >> 32) as i64 & ((1 << 42) - 1))
    }

    /// Where its raw text begins in its segment.
    #[must_use]
    pub const fn raw(self) -> u32 {
        (self.0 >> 74) as u32 & ((1 << 22) - 1)
    }

    /// Stage index, or `NO_STAGE`.
    #[must_use]
    pub const fn stage(self) -> u8 {
        (self.0 >> 96) as u8 & 63
    }

    /// What it says.
    #[must_use]
    pub const fn mark(self) -> Mark {
        Mark::from_bits((self.0 >> 102) as u8)
    }

    /// Number of the stream and attributes.
    #[must_use]
    pub const fn set(self) -> u32 {
        (self.0 >> 105) as u32
    }
}

/// All rows, and which text they refer to.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    rows: Chunked<Row>,
    segments: Vec<Segment>,
}

/// Rows that came in one batch.
#[derive(Clone, Copy, Debug)]
struct Segment {
    first: u32,
    origin: OriginId,
    base: u64,
}

impl Rows {
    /// The rows pushed from now on refer to this text.
    pub fn begin(&mut self, origin: OriginId, base: u64) {
        let first = self.rows.len() as u32;
        self.segments.push(Segment {
            first,
            origin,
            base,
        });
    }

    /// Adds a row and gives its number.
    pub fn push(&mut self, row: Row) -> u32 {
        let number = self.rows.len() as u32;
        self.rows.push(row);
        number
    }

    /// One row.
    #[must_use]
    pub fn get(&self, number: u32) -> Row {
        self.rows[number]
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of one ID, newest arrival first.
    pub fn chain(&self, head: u32) -> impl Iterator<Item = (u32, Row)> {
        let mut at = head;
        std::iter::from_fn(move || {
            if at == NO_ROW {
                return None;
            }
            let (number, row) = (at, self.rows[at]);
            at = row.prev();
            Some((number, row))
        })
    }

    /// Where the raw text of a row can be read again.
    #[must_use]
    pub fn text(&self, number: u32) -> Option<TextRef> {
        let index = self
            .segments
            .partition_point(|s| s.first <= number)
            .checked_sub(1)?;
        let segment = self.segments[index];
        Some(TextRef {
            origin: segment.origin,
            offset: segment.base + u64::from(self.rows[number].raw()),
        })
    }
}
