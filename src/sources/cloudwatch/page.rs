//! A page of log events becomes lines in the spool and batches that point into it.
//!
//! The lines have the shape of CloudWatch's own output, so that what was fetched reads the same as
//! what was exported. Blocking: it compresses and may write to disk.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde::Serialize;

use crate::domain::event::{Batch, EventRef, SourceId};
use crate::domain::time::Timestamp;
use crate::sources::spool::Spool;

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

/// Keeps `events` in the spool, and returns them as batches. Events without a time are left out;
/// the caller has counted them.
///
/// # Errors
/// When the spool cannot be written.
pub fn batches(
    source: SourceId,
    spool: &Spool,
    events: &[(Timestamp, FilteredLogEvent)],
) -> io::Result<Vec<Batch>> {
    let mut done = Vec::new();
    let mut open = Open::default();
    for (time, event) in events {
        open.push(*time, event)?;
        if open.raw.len() >= CLOSE_AT {
            done.push(std::mem::take(&mut open).close(source, spool)?);
        }
    }
    if !open.events.is_empty() {
        done.push(open.close(source, spool)?);
    }
    Ok(done)
}

#[derive(Default)]
struct Open {
    raw: Vec<u8>,
    text: Vec<u8>,
    events: Vec<EventRef>,
    streams: Vec<Arc<str>>,
    stream_index: HashMap<Arc<str>, u32>,
}

impl Open {
    fn push(&mut self, time: Timestamp, event: &FilteredLogEvent) -> io::Result<()> {
        let message = event.message().unwrap_or_default();
        let stream = self.stream(event.log_stream_name().unwrap_or_default());
        self.events.push(EventRef {
            time,
            start: self.text.len() as u32,
            len: message.len() as u32,
            raw: self.raw.len() as u32,
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
        serde_json::to_writer(&mut self.raw, &line)?;
        self.raw.push(b'\n');
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

    fn close(self, source: SourceId, spool: &Spool) -> io::Result<Batch> {
        let base = spool.append(&self.raw)?;
        Ok(Batch {
            source,
            origin: spool.id(),
            base,
            text: self.text,
            events: self.events,
            streams: self.streams,
        })
    }
}
