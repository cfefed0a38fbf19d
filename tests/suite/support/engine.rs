//! The only file of the domain's tests that calls the ledger.
//!
//! Lines become batches here, so that the same lines can be fed in any order, grouping and number
//! of times and still be the same log events: each keeps its place in its origin.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use lastseen::config::file::File;
use lastseen::domain::event::{Batch, EventRef, OriginId, Source, SourceId};
use lastseen::domain::extract::Extractor;
use lastseen::domain::feed::FeedEvent;
use lastseen::domain::ledger::Ledger;
use lastseen::domain::listing::Listing;
use lastseen::domain::pipeline::Pipeline;
use lastseen::domain::signals::view::Signals;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::{
    LifecycleView, MessageHandle, MessagePage, MessageQuery, MessageRow, Overview, Sort,
};

/// One log line of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Line {
    pub(crate) time: Timestamp,
    pub(crate) stream: Arc<str>,
    pub(crate) text: Vec<u8>,
}

/// A ledger under test.
pub(crate) struct Engine {
    ledger: Ledger,
    pipelines: Vec<Arc<Pipeline>>,
    /// Compiled rules are slow to make and cheap to keep.
    extractors: HashMap<SourceId, Extractor>,
}

/// The pipelines that a configuration in TOML means.
pub(crate) fn pipelines(config: &str) -> Result<Vec<Arc<Pipeline>>, String> {
    let file = File::parse("scenario", Path::new("."), config);
    match file.errors.first() {
        None => Ok(file.pipelines),
        Some(error) => Err(error.to_string()),
    }
}

impl Engine {
    pub(crate) fn new(pipelines: Vec<Arc<Pipeline>>, window: Option<Span>) -> Self {
        Self {
            ledger: Ledger::new(pipelines.clone(), window),
            pipelines,
            extractors: HashMap::new(),
        }
    }

    /// The names of a pipeline's stages.
    pub(crate) fn stage_names(&self, pipeline: &str) -> Vec<Arc<str>> {
        let found = self.pipelines.iter().find(|p| &*p.name == pipeline);
        found.map_or_else(Vec::new, |p| {
            p.stages.iter().map(|s| Arc::clone(&s.name)).collect()
        })
    }

    pub(crate) fn open(&mut self, id: SourceId, source: Arc<Source>) {
        self.ledger.open(id, source);
    }

    /// Feeds lines of one source as one batch. The numbers are their places in the source.
    pub(crate) fn feed(&mut self, id: SourceId, lines: &[(usize, &Line)]) {
        let batch = batch(id, lines);
        let ledger = &self.ledger;
        let extractor = self.extractors.entry(id);
        let extracted = extractor
            .or_insert_with(|| ledger.extractor(id))
            .extract(&batch);
        self.ledger.apply(&extracted, &batch.streams);
    }

    /// Whatever a source says, as a load passes it on.
    pub(crate) fn take(&mut self, event: FeedEvent) {
        let FeedEvent::Batch(batch) = event else {
            return self.report(event);
        };
        let ledger = &self.ledger;
        let extractor = self.extractors.entry(batch.source);
        let extracted = extractor
            .or_insert_with(|| ledger.extractor(batch.source))
            .extract(&batch);
        self.ledger.apply(&extracted, &batch.streams);
    }

    /// Nothing more will come.
    pub(crate) fn close(&mut self) {
        self.ledger.close();
    }

    /// Coverage, faults and ends.
    pub(crate) fn report(&mut self, event: FeedEvent) {
        self.ledger.report(event);
    }

    pub(crate) fn report_all(&mut self, events: Vec<FeedEvent>) {
        for event in events {
            self.report(event);
        }
    }

    pub(crate) fn refresh(&mut self) {
        self.ledger.refresh(Timestamp::MAX);
    }

    pub(crate) fn overview(&self) -> Arc<Overview> {
        self.ledger.overview()
    }

    pub(crate) fn signals(&self) -> Signals {
        self.ledger.signals()
    }

    /// Every message, oldest first.
    pub(crate) fn messages(&self) -> Vec<MessageRow> {
        self.messages_with(&[])
    }

    /// The messages with any of these verdicts, oldest first; all of them, if none is named.
    pub(crate) fn messages_with(&self, any: &[Verdict]) -> Vec<MessageRow> {
        let query = MessageQuery {
            verdicts: any.to_vec(),
            sort: Sort::FirstSeen,
            limit: usize::MAX,
            ..MessageQuery::default()
        };
        self.ledger.messages(&query, &mut Listing::default()).rows
    }

    pub(crate) fn list(&self, query: &MessageQuery) -> MessagePage {
        self.ledger.messages(query, &mut Listing::default())
    }

    pub(crate) fn list_unless(
        &self,
        query: &MessageQuery,
        given_up: &dyn Fn() -> bool,
    ) -> Option<MessagePage> {
        self.ledger
            .messages_unless(query, &mut Listing::default(), given_up)
    }

    pub(crate) fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView> {
        self.ledger.lifecycle(handle)
    }
}

/// Lines lie 1 KiB apart in their origin (or as far as the longest needs), so that a place does not
/// depend on how the lines are batched.
fn batch(id: SourceId, lines: &[(usize, &Line)]) -> Batch {
    const APART: u64 = 1 << 10;
    let first = lines.iter().map(|(place, _)| *place).min().unwrap_or(0) as u64;
    let mut batch = Batch {
        source: id,
        origin: OriginId(id.0),
        base: first * APART,
        text: Vec::new(),
        events: Vec::new(),
        streams: Vec::new(),
    };
    for (place, line) in lines {
        let stream = batch.streams.iter().position(|s| *s == line.stream);
        let stream = stream.unwrap_or_else(|| {
            batch.streams.push(Arc::clone(&line.stream));
            batch.streams.len() - 1
        });
        let raw = (*place as u64 - first) * APART;
        assert!(
            raw < u64::from(Batch::MAX_RAW),
            "batch lines closer together"
        );
        batch.events.push(EventRef {
            time: line.time,
            start: batch.text.len() as u32,
            len: line.text.len() as u32,
            raw: raw as u32,
            stream: stream as u32,
        });
        batch.text.extend_from_slice(&line.text);
    }
    batch
}
