//! The measurements of one resource over time, of a batch and of a run.

use std::cmp::Reverse;

use super::capped::{Capped, Weigh};
use super::gauge::Measure;
use super::view::{Amount, Range};
use crate::domain::buckets::{self, Buckets, Cell as _};
use crate::domain::event::TextRef;
use crate::domain::time::{Span, Timestamp};

/// So many series of one batch, and of a run, are kept for certain.
pub(super) const MOST_SERIES: usize = 2_048;
/// So many buckets are kept of the series of a stream: there may be thousands of them.
pub(super) const OF_STREAM: u16 = 128;

/// The measurements under one key.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub(super) count: u64,
    pub(super) span: Span,
    pub(super) limit: Option<Amount>,
    pub(super) over_time: Buckets<Range>,
    /// The greatest, the earliest of equal ones first.
    peak: (Amount, Reverse<(Timestamp, TextRef)>),
}

impl Measured {
    /// None yet, but one at this time is about to be added; at most so many buckets.
    pub(super) const fn new(time: Timestamp, place: TextRef, most: u16) -> Self {
        Self {
            count: 0,
            span: Span {
                from: time,
                to: time,
            },
            limit: None,
            over_time: Buckets::new(most),
            peak: (Amount(i64::MIN), Reverse((time, place))),
        }
    }

    fn add(&mut self, (time, place): (Timestamp, TextRef), measure: &Measure<'_>) {
        self.count += 1;
        self.span = self.span.union(Span::new(time, time));
        self.limit = self.limit.max(measure.limit);
        self.over_time.at(time).absorb(&Range {
            low: measure.amount,
            high: measure.amount,
            sum: i128::from(measure.amount.0),
            count: 1,
        });
        self.peak = self.peak.max((measure.amount, Reverse((time, place))));
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.span = self.span.union(other.span);
        self.limit = self.limit.max(other.limit);
        self.over_time.merge(&other.over_time);
        self.peak = self.peak.max(other.peak);
    }

    /// The greatest: how much, when first, and where.
    pub(super) const fn peak(&self) -> (Amount, Timestamp, TextRef) {
        let (amount, Reverse((time, place))) = self.peak;
        (amount, time, place)
    }
}

impl Weigh for Measured {
    fn weight(&self) -> u64 {
        self.count
    }
}

/// The series of one batch.
#[derive(Debug)]
pub(super) struct SeriesTable {
    /// By the number of the stream, in four bytes, and the key.
    table: Capped<Vec<u8>, Measured>,
    key: Vec<u8>,
}

impl Default for SeriesTable {
    fn default() -> Self {
        Self {
            table: Capped::new(MOST_SERIES),
            key: Vec::new(),
        }
    }
}

impl SeriesTable {
    pub(super) fn add(&mut self, stream: u32, line: (Timestamp, TextRef), measure: &Measure<'_>) {
        self.key.clear();
        self.key.extend_from_slice(&stream.to_le_bytes());
        self.key.extend_from_slice(measure.key);
        if let Some(known) = self.table.get_mut(&*self.key) {
            known.add(line, measure);
        } else {
            let new = || Measured::new(line.0, line.1, buckets::MOST);
            self.table.entry(self.key.clone(), new).add(line, measure);
        }
    }

    /// Every series: number of the stream, key, measurements.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &[u8], &Measured)> {
        self.table.iter().filter_map(|(key, measured)| {
            let (stream, key) = key.split_first_chunk()?;
            Some((u32::from_le_bytes(*stream), key, measured))
        })
    }

    pub(super) const fn table(&self) -> &Capped<Vec<u8>, Measured> {
        &self.table
    }
}
