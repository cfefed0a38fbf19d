//! An incident as a source: its log events go the way of all others, batch by batch.
//!
//! The raw lines go to a spool, where they can be opened; the channel slows the telling down.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use super::delivery::DemoEvent;
use super::incident::Incident;
use super::world::LogGroup;
use super::write::write_line;
use crate::domain::event::{Batch, EventRef, Source, SourceId, SourceKind};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent};
use crate::sources::channel::{Feed, Stopped};
use crate::sources::spool::Spool;

/// Raw bytes of one log group that are sent together.
const BATCH_BYTES: usize = 128 << 10;

/// Tells the whole incident to `feed` on a thread of its own, one source for each log group. The
/// thread ends when all is told or the feed is stopped.
pub fn spawn(incident: Incident, feed: &Feed) -> JoinHandle<()> {
    let feed = feed.clone();
    thread::spawn(move || {
        // Nobody reads any more: there is nobody to tell either.
        let _stopped: Result<(), Stopped> = tell(&incident, &feed);
    })
}

/// What has been made of one log group and not been sent.
struct Pending {
    source: SourceId,
    raw: Vec<u8>,
    batch: Batch,
}

fn tell(incident: &Incident, feed: &Feed) -> Result<(), Stopped> {
    let mut groups = Vec::new();
    for group in incident.groups() {
        let id = if group.listed {
            let id = feed.ids.source();
            feed.send_blocking(FeedEvent::Opened(id, Arc::new(source(group))))?;
            Some(id)
        } else {
            None
        };
        groups.push(id);
    }
    let told = match Spool::new(feed) {
        Ok(spool) => tell_events(incident, feed, &spool, &groups)?,
        Err(error) => Err(error),
    };
    for source in groups.into_iter().flatten() {
        let end = match &told {
            Ok(()) => End::WholeInput,
            Err(error) => {
                feed.send_blocking(FeedEvent::Fault(source, no_spool(error)))?;
                End::UpTo(None)
            }
        };
        feed.send_blocking(FeedEvent::Ended(source, end))?;
    }
    Ok(())
}

fn source(group: &LogGroup) -> Source {
    let name = group.cloudwatch_name();
    Source {
        name: format!("{}/{}/{name}", group.env, group.region).into(),
        env: group.env.into(),
        region: group.region.into(),
        group: name.into(),
        kind: SourceKind::Demo,
    }
}

fn no_spool(error: &io::Error) -> Fault {
    Fault {
        kind: FaultKind::Failed,
        message: format!("the incident cannot be kept in a temporary file: {error}"),
        remedy: "make room in the folder that TMPDIR names, or name another".to_owned(),
    }
}

fn tell_events(
    incident: &Incident,
    feed: &Feed,
    spool: &Spool,
    groups: &[Option<SourceId>],
) -> Result<io::Result<()>, Stopped> {
    let pending = groups.iter().map(|id| Some(Pending::new((*id)?, spool)));
    let mut pending: Vec<Option<Pending>> = pending.collect();
    for (group, event) in incident.all_events() {
        let Some(of_group) = &mut pending[group] else {
            continue;
        };
        let sent = of_group.add(&event).and_then(|()| {
            if of_group.raw.len() < BATCH_BYTES {
                return Ok(None);
            }
            of_group.take(spool).map(Some)
        });
        match sent {
            Ok(Some(batch)) => feed.send_blocking(FeedEvent::Batch(batch))?,
            Ok(None) => {}
            Err(error) => return Ok(Err(error)),
        }
        if feed.is_stopped() {
            return Err(Stopped);
        }
    }
    for mut rest in pending.into_iter().flatten() {
        match rest.take(spool) {
            Ok(batch) if batch.events.is_empty() => {}
            Ok(batch) => feed.send_blocking(FeedEvent::Batch(batch))?,
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(()))
}

impl Pending {
    fn new(source: SourceId, spool: &Spool) -> Self {
        let batch = Batch {
            source,
            origin: spool.id(),
            base: 0,
            text: Vec::new(),
            events: Vec::new(),
            streams: Vec::new(),
        };
        Self {
            source,
            raw: Vec::new(),
            batch,
        }
    }

    fn add(&mut self, event: &DemoEvent) -> io::Result<()> {
        let raw = self.raw.len() as u32;
        write_line(&mut self.raw, event)?;
        let streams = &mut self.batch.streams;
        let stream = streams
            .iter()
            .position(|name| *name == event.stream)
            .unwrap_or_else(|| {
                streams.push(event.stream.clone());
                streams.len() - 1
            });
        let start = self.batch.text.len() as u32;
        self.batch.text.extend_from_slice(event.message.as_bytes());
        self.batch.events.push(EventRef {
            time: event.timestamp,
            start,
            len: event.message.len() as u32,
            raw,
            stream: stream as u32,
        });
        Ok(())
    }

    /// What there is, with its raw lines kept; empty from now on.
    fn take(&mut self, spool: &Spool) -> io::Result<Batch> {
        self.batch.base = spool.append(&self.raw)?;
        self.raw.clear();
        let next = Self::new(self.source, spool).batch;
        Ok(std::mem::replace(&mut self.batch, next))
    }
}
