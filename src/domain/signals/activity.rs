//! Who writes when: log events, and the times at which a process says that it starts.

use std::sync::Arc;

use super::capped::Weigh;
use super::start::apart;
use super::view::Activity;
use crate::domain::buckets::Buckets;
use crate::domain::event::{SourceId, TextRef};
use crate::domain::time::{Span, Timestamp};

/// So many buckets are kept of a stream: there may be thousands of them.
pub(super) const OF_STREAM: u16 = 128;
/// So many starts are kept, the earliest.
pub(super) const MOST_STARTS: usize = 64;

/// The activity of one source or stream.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) events: u64,
    span: Option<Span>,
    over_time: Buckets<u64>,
    last_line: Option<(Timestamp, TextRef)>,
    started: u64,
    /// In order.
    starts: Vec<Timestamp>,
}

impl Seen {
    /// Nothing yet; at most so many buckets.
    pub(super) const fn new(most: u16) -> Self {
        Self {
            events: 0,
            span: None,
            over_time: Buckets::new(most),
            last_line: None,
            started: 0,
            starts: Vec::new(),
        }
    }

    /// A log event, and where it is.
    pub(super) fn event(&mut self, time: Timestamp, place: TextRef) {
        self.events += 1;
        let moment = Span::new(time, time);
        self.span = Some(self.span.map_or(moment, |s| s.union(moment)));
        *self.over_time.at(time) += 1;
        self.last_line = self.last_line.max(Some((time, place)));
    }

    /// A process says that it starts.
    pub(super) fn start(&mut self, time: Timestamp) {
        self.started += 1;
        let place = self.starts.partition_point(|known| *known <= time);
        if place < MOST_STARTS {
            self.starts.insert(place, time);
            self.starts.truncate(MOST_STARTS);
        }
    }

    /// Adds the log events of a part; starts stay with their stream.
    pub(super) fn merge(&mut self, other: &Self) {
        self.events += other.events;
        self.span = match (self.span, other.span) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
        self.over_time.merge(&other.over_time);
        self.last_line = self.last_line.max(other.last_line);
    }

    /// Adds the starts of a part of the same stream.
    pub(super) fn merge_starts(&mut self, other: &Self) {
        self.started += other.started;
        self.starts.extend(&other.starts);
        self.starts.sort_unstable();
        self.starts.truncate(MOST_STARTS);
    }

    /// As it is shown.
    pub(super) fn view(&self, source: SourceId, stream: Option<Arc<str>>) -> Option<Activity> {
        let span = self.span?;
        let starts = apart(&self.starts);
        Some(Activity {
            source,
            stream,
            events: self.events,
            first: span.from,
            last: span.to,
            over_time: self.over_time.clone(),
            last_line: self.last_line.map(|(_, place)| place),
            started: starts.len() as u64 + (self.started - self.starts.len() as u64),
            starts,
        })
    }
}

impl Weigh for Seen {
    fn weight(&self) -> u64 {
        self.events
    }
}
