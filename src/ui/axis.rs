//! Where times stand on the screen.

use crate::domain::time::{Span, Timestamp};

/// Columns from the lane's start.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// At the first column.
    pub from: Timestamp,
    /// At the last column.
    pub to: Timestamp,
    /// How many there are.
    pub columns: usize,
}

impl Axis {
    /// An axis over a span.
    #[must_use]
    pub const fn over(span: Span, columns: usize) -> Self {
        Self {
            from: span.from,
            to: span.to,
            columns,
        }
    }

    /// The column of a time; the first or last one where it lies outside.
    #[must_use]
    pub fn at(&self, time: Timestamp) -> usize {
        let span = self.to.since(self.from).max(1) as f64;
        let part = time.since(self.from) as f64 / span;
        (part.clamp(0.0, 1.0) * (self.columns.saturating_sub(1)) as f64).round() as usize
    }

    /// Which columns a length of time takes, and how much of it falls into each; nothing where it lies
    /// outside.
    pub fn shares(&self, start: Timestamp, width_ms: i64) -> impl Iterator<Item = (usize, f64)> {
        let columns = self.columns.max(1) as f64;
        let span = (self.to.since(self.from).saturating_add(1)).max(1) as f64;
        let place = |time: Timestamp| time.since(self.from) as f64 / span * columns;
        let width_ms = width_ms.max(1);
        let (from, to) = (place(start), place(start.plus(width_ms)));
        let (first, end) = (from.max(0.0), to.min(columns));
        let range = if first < end {
            first as usize..(end.ceil() as usize).min(self.columns)
        } else {
            0..0
        };
        range.map(move |column| {
            let (left, right) = (column as f64, column as f64 + 1.0);
            let inside = right.min(to) - left.max(from);
            (column, (inside / (to - from)).clamp(0.0, 1.0))
        })
    }
}
