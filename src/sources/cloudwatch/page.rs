//! A page of log events becomes lines that are kept and batches that point into them; kept lines
//! become the same batches again.
//!
//! The lines have the shape of CloudWatch's own output, so that what was fetched reads the same as
//! what was exported. Blocking: keeping compresses and may write to disk.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde::{Deserialize, Serialize};

use super::keep::{After, Keep, Page};
use crate::domain::event::{Batch, EventRef, OriginId, SourceId};
use crate::domain::time::Timestamp;

/// A batch is closed when its raw lines reach this: half of what an offset in it can say, so that
/// the last line begins well below the limit.
const CLOSE_AT: usize = Batch::MAX_RAW as usize / 2;

/// A log event as it is kept.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Line<'a> {
    /// When it happened.
    pub timestamp: i64,
    /// When it could be read.
    pub ingestion_time: Option<i64>,
    /// Its stream.
    #[serde(borrow)]
    pub log_stream_name: Cow<'a, str>,
    /// Its id; empty where it has none.
    #[serde(borrow)]
    pub event_id: Cow<'a, str>,
    /// Its text.
    #[serde(borrow)]
    pub message: Cow<'a, str>,
}

impl<'a> Line<'a> {
    fn of(time: Timestamp, event: &'a FilteredLogEvent) -> Self {
        Self {
            timestamp: time.0,
            ingestion_time: event.ingestion_time(),
            log_stream_name: event.log_stream_name().unwrap_or_default().into(),
            event_id: event.event_id().unwrap_or_default().into(),
            message: event.message().unwrap_or_default().into(),
        }
    }
}

/// Which page it is.
#[derive(Clone, Debug)]
pub struct At {
    /// Whose.
    pub source: SourceId,
    /// In which piece.
    pub piece: u32,
    /// Where its chain stands now.
    pub after: After,
}

/// Keeps a page, and returns its events as batches.
///
/// # Errors
/// When it cannot be kept.
pub fn keep(
    at: &At,
    keep: &dyn Keep,
    events: &[(Timestamp, FilteredLogEvent)],
) -> io::Result<Vec<Batch>> {
    let mut raw = Vec::new();
    let mut parts = Parts::default();
    for (time, event) in events {
        let line = Line::of(*time, event);
        parts.push(&line, raw.len());
        serde_json::to_writer(&mut raw, &line)?;
        raw.push(b'\n');
    }
    let base = keep.page(Page {
        source: at.source,
        piece: at.piece,
        after: &at.after,
        raw: &raw,
    })?;
    Ok(parts.close(at.source, keep.origin(), base))
}

/// The batches of a page that was kept at `base`; `each` sees every line of it.
///
/// # Errors
/// When it is not what was kept.
pub fn again(
    raw: &[u8],
    source: SourceId,
    (origin, base): (OriginId, u64),
    mut each: impl FnMut(&Line<'_>),
) -> io::Result<Vec<Batch>> {
    let mut parts = Parts::default();
    let mut start = 0;
    while start < raw.len() {
        let end = memchr::memchr(b'\n', &raw[start..]).map_or(raw.len(), |at| start + at);
        let line: Line<'_> = serde_json::from_slice(&raw[start..end])?;
        each(&line);
        parts.push(&line, start);
        start = end + 1;
    }
    Ok(parts.close(source, origin, base))
}

/// A page, cut into what fits into a batch.
#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    /// Adds the line that begins at `raw` in the page.
    fn push(&mut self, line: &Line<'_>, raw: usize) {
        if self
            .0
            .last()
            .is_none_or(|part| raw - part.start >= CLOSE_AT)
        {
            self.0.push(Part {
                start: raw,
                ..Part::default()
            });
        }
        if let Some(part) = self.0.last_mut() {
            part.push(line, raw);
        }
    }

    fn close(self, source: SourceId, origin: OriginId, base: u64) -> Vec<Batch> {
        let parts = self.0.into_iter();
        parts.map(|part| part.close(source, origin, base)).collect()
    }
}

/// The events of one batch.
#[derive(Default)]
struct Part {
    /// Where its lines begin in the page.
    start: usize,
    text: Vec<u8>,
    events: Vec<EventRef>,
    streams: Vec<Arc<str>>,
    stream_index: HashMap<Arc<str>, u32>,
}

impl Part {
    fn push(&mut self, line: &Line<'_>, raw: usize) {
        let stream = self.stream(&line.log_stream_name);
        self.events.push(EventRef {
            time: Timestamp(line.timestamp),
            start: self.text.len() as u32,
            len: line.message.len() as u32,
            raw: (raw - self.start) as u32,
            stream,
        });
        self.text.extend_from_slice(line.message.as_bytes());
    }

    fn stream(&mut self, name: &str) -> u32 {
        if let Some(index) = self.stream_index.get(name) {
            return *index;
        }
        let index = self.streams.len() as u32;
        let name: Arc<str> = name.into();
        self.streams.push(Arc::clone(&name));
        self.stream_index.insert(name, index);
        index
    }

    fn close(self, source: SourceId, origin: OriginId, base: u64) -> Batch {
        Batch {
            source,
            origin,
            base: base + self.start as u64,
            text: self.text,
            events: self.events,
            streams: self.streams,
        }
    }
}
