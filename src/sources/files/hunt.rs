//! The same hunt in files: read as always, kept nowhere, every log event looked at once.
//!
//! What could not be read, or did not become a log event, is told as not searched.

use std::collections::HashMap;
use std::sync::Arc;

use async_channel::Receiver;

use super::pool;
use crate::config::plan::FilesPlan;
use crate::domain::event::{Batch, Source, SourceId};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent, Reject, RejectReason};
use crate::domain::hunt::{Cause, Place, Standing, Unsearched};
use crate::domain::pipeline::Pipeline;
use crate::domain::rules::serves;
use crate::domain::time::Span;
use crate::sources::channel::Feed;
use crate::sources::hunt::Tally;

/// Reports that fit between the readers and the search.
const CHANNEL: usize = 4;

/// Which files are searched, and for what they are known.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The files.
    pub plans: Vec<FilesPlan>,
    /// Standard input.
    pub stdin: Option<FilesPlan>,
    /// Only log events of this time.
    pub window: Option<Span>,
    /// The pipelines: a file that serves none of their stages is news.
    pub pipelines: Vec<Arc<Pipeline>>,
    /// Files that serve a stage were read by the run.
    pub loaded: bool,
    /// Search those again too.
    pub again: bool,
}

/// One file, being searched.
struct Open {
    place: Place,
    /// What is found in it is not asked for.
    known: bool,
    readable: bool,
}

struct Search {
    ask: Ask,
    tally: Arc<Tally>,
    open: HashMap<SourceId, Open>,
}

/// Starts reading on `threads` threads; returns what is read.
pub fn read(ask: &Ask, threads: usize) -> Receiver<FeedEvent> {
    let (feed, reports) = Feed::new(CHANNEL);
    pool::spawn(&ask.plans, ask.stdin.as_ref(), false, threads, &feed);
    reports
}

/// Searches what is read. Dropping it before its end ends the readers too.
pub async fn search(ask: Ask, reports: Receiver<FeedEvent>, tally: Arc<Tally>) {
    let mut search = Search {
        ask,
        tally,
        open: HashMap::new(),
    };
    while let Ok(report) = reports.recv().await {
        if search.tally.is_cancelled() {
            return;
        }
        match report {
            FeedEvent::Opened(id, source) => search.opened(id, &source),
            FeedEvent::Batch(batch) => search.look(&batch),
            FeedEvent::Rejected(id, reject) => search.rejected(id, &reject),
            FeedEvent::Fault(id, fault) => search.fault(id, fault),
            FeedEvent::Ended(id, end) => search.ended(id, end),
            FeedEvent::Covered(..)
            | FeedEvent::CaughtUp(_)
            | FeedEvent::Followed(..)
            | FeedEvent::Note(..) => {}
        }
    }
}

impl Search {
    fn opened(&mut self, id: SourceId, source: &Arc<Source>) {
        let stages = self.ask.pipelines.iter().flat_map(|p| &p.stages);
        let served = stages.into_iter().any(|stage| serves(stage, source));
        let loaded = self.ask.loaded && served;
        let known = loaded && !self.ask.again;
        let place = Place {
            env: Arc::clone(&source.env),
            region: Arc::clone(&source.region),
            account: None,
            name: Arc::clone(&source.name),
            group: source.place().into(),
            kind: source.kind,
            standing: match () {
                () if loaded => Standing::Loaded,
                () if served || self.ask.pipelines.is_empty() => Standing::Configured,
                () => Standing::New,
            },
            familiar: false,
            early: false,
            finds: Vec::new(),
        };
        if !known {
            let names = vec![source.name.to_string()];
            self.tally.expect(&place.env, &"".into(), names);
        }
        let open = Open {
            place,
            known,
            readable: true,
        };
        self.open.insert(id, open);
    }

    fn look(&mut self, batch: &Batch) {
        let Some(open) = self.open.get_mut(&batch.source).filter(|o| !o.known) else {
            return;
        };
        let (mut hits, mut bytes) = (0, 0);
        for event in &batch.events {
            let text = batch.text_of(event);
            bytes += text.len();
            if self.ask.window.is_none_or(|w| w.contains(event.time)) {
                let stream = batch.streams.get(event.stream as usize);
                let stream = stream.map_or("", |stream| &**stream);
                hits += self.tally.look(&mut open.place, event.time, stream, text);
            }
        }
        self.tally.read(bytes as u64);
        if hits > 0 {
            self.tally.publish(&open.place);
        }
    }

    fn rejected(&self, id: SourceId, reject: &Reject) {
        // What came twice was searched the first time.
        if reject.reason != RejectReason::Repeated {
            let why = format!("{} x {}", reject.count, reject.reason.text());
            self.note(id, Cause::SetAside, why, String::new());
        }
    }

    fn fault(&mut self, id: SourceId, fault: Fault) {
        let cause = match fault.kind {
            FaultKind::Denied => Cause::Denied,
            FaultKind::Absent | FaultKind::Failed | FaultKind::Partial | FaultKind::Missing => {
                Cause::Failed
            }
        };
        self.note(id, cause, fault.message, fault.remedy);
        if let Some(open) = self.open.get_mut(&id) {
            open.readable &= fault.kind == FaultKind::Partial;
        }
    }

    fn ended(&mut self, id: SourceId, end: End) {
        let Some(open) = self.open.remove(&id) else {
            return;
        };
        if !open.known {
            let read = open.readable && end != End::Nothing;
            self.tally
                .ended(&open.place.env, &"".into(), &open.place.name, read);
        }
    }

    fn note(&self, id: SourceId, cause: Cause, why: String, remedy: String) {
        if let Some(open) = self.open.get(&id).filter(|open| !open.known) {
            self.tally.note(Unsearched {
                env: Arc::clone(&open.place.env),
                region: "".into(),
                groups: vec![open.place.name.to_string()],
                cause,
                why,
                remedy,
            });
        }
    }
}
