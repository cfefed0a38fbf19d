//! A page of log events becomes lines that are kept and batches that point into them.
//!
//! The lines have the shape of CloudWatch's own output, so that what was fetched reads the same as
//! what was exported. Blocking: it compresses and may write to disk.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde::Serialize;

use super::keep::{After, Keep, Page};
use crate::domain::event::{Batch, EventRef, OriginId, SourceId};
use crate::domain::time::Timestamp;

/// A batch is closed when its raw lines reach this: half of what an offset in it can say, so that
/// the last line begins well below the limit.
const CLOSE_AT: usize = Batch::MAX_RAW as usize / 2;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    timestamp: i64,
    ingestion_time: Option<i64>,
    log_stream_name: &'a str,
    event_id: &'a str,
    message: &'a str,
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
    let mut parts: Vec<Part> = Vec::new();
    for (time, event) in events {
        if parts
            .last()
            .is_none_or(|part| raw.len() - part.start >= CLOSE_AT)
        {
            parts.push(Part::at(raw.len()));
        }
        if let Some(part) = parts.last_mut() {
            part.push(*time, event, &mut raw)?;
        }
    }
    let base = keep.page(Page {
        source: at.source,
        piece: at.piece,
        after: &at.after,
        raw: &raw,
    })?;
    let origin = keep.origin();
    Ok(parts
        .into_iter()
        .map(|part| part.close(at.source, origin, base))
        .collect())
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
    fn at(start: usize) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    fn push(
        &mut self,
        time: Timestamp,
        event: &FilteredLogEvent,
        raw: &mut Vec<u8>,
    ) -> io::Result<()> {
        let message = event.message().unwrap_or_default();
        let stream = self.stream(event.log_stream_name().unwrap_or_default());
        self.events.push(EventRef {
            time,
            start: self.text.len() as u32,
            len: message.len() as u32,
            raw: (raw.len() - self.start) as u32,
            stream,
        });
        self.text.extend_from_slice(message.as_bytes());
        let line = Line {
            timestamp: time.0,
            ingestion_time: event.ingestion_time(),
            log_stream_name: event.log_stream_name().unwrap_or_default(),
            event_id: event.event_id().unwrap_or_default(),
            message,
        };
        serde_json::to_writer(&mut *raw, &line)?;
        raw.push(b'\n');
        Ok(())
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
