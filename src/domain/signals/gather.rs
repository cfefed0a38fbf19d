//! Gathers the signals of one batch while its events are read.
//!
//! Runs for every log line on every core: one pass over the text, and nothing is allocated for a line
//! that tells nothing.

use super::activity::Seen;
use super::gauge::{self, Hint, Measure};
use super::series::SeriesTable;
use super::start;
use super::trouble::Troubles;
use crate::domain::buckets;
use crate::domain::event::{EventRef, OriginId, TextRef};
use crate::domain::time::Timestamp;

/// What the lines of one batch tell.
#[derive(Debug)]
pub struct Gathered {
    origin: OriginId,
    base: u64,
    /// By stream of the batch.
    pub(super) streams: Vec<Seen>,
    pub(super) troubles: Troubles,
    pub(super) series: SeriesTable,
}

/// So much of a log event is read for numbers, and so many needles of it are looked at.
const MOST_READ: usize = 1 << 14;
const MOST_FOUND: usize = 64;

impl Gathered {
    /// Nothing yet of a batch with so many streams, whose places count from `base`.
    #[must_use]
    pub fn new(origin: OriginId, base: u64, streams: usize) -> Self {
        Self {
            origin,
            base,
            streams: vec![Seen::new(buckets::MOST); streams],
            troubles: Troubles::default(),
            series: SeriesTable::default(),
        }
    }

    /// Takes note of one event; `named` says whether it names a message.
    pub fn see(&mut self, event: &EventRef, text: &[u8], named: bool) {
        let place = TextRef {
            origin: self.origin,
            offset: self.base + u64::from(event.raw),
        };
        if let Some(stream) = self.streams.get_mut(event.stream as usize) {
            stream.event(event.time, place);
        }
        self.troubles.see(text, event.time, place, named);
        self.measure(event, place, &text[..text.len().min(MOST_READ)]);
    }

    /// Numbers that tell of resources, and words that tell of a start.
    fn measure(&mut self, event: &EventRef, place: TextRef, text: &[u8]) {
        let line = (event.time, place);
        if text.starts_with(b"REPORT RequestId") {
            self.add_all(event.stream, line, gauge::report(text, false));
            return;
        }
        let mut starts = text.starts_with(b"INIT_START");
        let mut at = 0;
        for _ in 0..MOST_FOUND {
            let Some(needle) = gauge::NEEDLES.find(text, at) else {
                break;
            };
            at = needle.end;
            match needle.means {
                Hint::Key => {
                    if let Some(measure) = gauge::measure(text, needle) {
                        at = at.max(measure.end);
                        self.series.add(event.stream, line, &measure);
                    }
                }
                Hint::Platform if text[at..].starts_with(b"report\"") => {
                    self.add_all(event.stream, line, gauge::report(text, true));
                    break;
                }
                Hint::Platform => starts |= text[at..].starts_with(b"initStart\""),
                Hint::Start(kind) => starts |= start::is_start(kind, &text[at..]),
            }
        }
        if starts && let Some(stream) = self.streams.get_mut(event.stream as usize) {
            stream.start(event.time);
        }
    }

    fn add_all<'a>(
        &mut self,
        stream: u32,
        line: (Timestamp, TextRef),
        measures: impl Iterator<Item = Measure<'a>>,
    ) {
        for measure in measures {
            self.series.add(stream, line, &measure);
        }
    }
}
