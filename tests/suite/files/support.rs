//! Runs the file sources over files made on the spot, and collects what they say.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lastseen::config::plan::FilesPlan;
use lastseen::domain::event::{OriginId, Source, SourceId, TextRef};
use lastseen::domain::feed::{End, Fault, FaultKind, FeedEvent, RejectReason};
use lastseen::domain::time::Span;
use lastseen::sources::channel::Feed;
use lastseen::sources::files::calendar::Assumed;
use lastseen::sources::files::chunk::Chunk;
use lastseen::sources::files::cut::{Cutter, Next};
use lastseen::sources::files::decode::Decoder;
use lastseen::sources::files::decoded::Decoded;
use lastseen::sources::files::frame::Framing;

/// Noon of 22 November 2025: when the files of these tests were written.
pub const WRITTEN: i64 = 1_763_812_800_000;

/// One event, as a test sees it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Seen {
    pub time: i64,
    pub text: String,
    pub stream: String,
}

pub fn seen(time: i64, text: &str, stream: &str) -> Seen {
    Seen {
        time,
        text: text.to_owned(),
        stream: stream.to_owned(),
    }
}

/// What decoding some bytes gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    pub events: Vec<Seen>,
    pub rejects: BTreeMap<RejectReason, (u64, u64)>,
    pub continued: u64,
}

impl Outcome {
    pub fn texts(&self) -> Vec<&str> {
        self.events.iter().map(|e| e.text.as_str()).collect()
    }

    pub fn rejected(&self) -> u64 {
        self.rejects.values().map(|(count, _)| count).sum()
    }

    fn add(&mut self, decoded: &Decoded) {
        for batch in &decoded.batches {
            for event in &batch.events {
                assert!(event.raw < lastseen::domain::event::Batch::MAX_RAW);
                self.events.push(Seen {
                    time: event.time.0,
                    text: String::from_utf8_lossy(batch.text_of(event)).into_owned(),
                    stream: batch.streams[event.stream as usize].to_string(),
                });
            }
        }
        for reject in &decoded.rejects.0 {
            assert!(reject.sample.len() <= 200);
            let line = reject.line.unwrap_or(0);
            let entry = self.rejects.entry(reject.reason).or_insert((0, line));
            entry.0 += reject.count;
            entry.1 = entry.1.min(line);
        }
        self.continued += decoded.continued;
    }
}

pub fn framing(multiline: Option<&str>) -> Framing {
    Framing {
        multiline: multiline.map(|text| lastseen::domain::pattern::Pattern::new(text).unwrap()),
        assumed: Assumed {
            written: Some(lastseen::domain::time::Timestamp(WRITTEN)),
            ..Assumed::default()
        },
        ..Framing::default()
    }
}

pub fn chunks(bytes: &[u8], framing: &Framing, target: usize) -> Vec<Chunk> {
    let input = std::io::Cursor::new(bytes.to_vec());
    let mut cutter = Cutter::new(Box::new(input), Arc::new(framing.clone()), 0).with_target(target);
    let mut chunks = Vec::new();
    loop {
        match cutter.next_chunk().unwrap() {
            Next::Chunk(chunk) => chunks.push(chunk),
            Next::End => return chunks,
            Next::Idle => panic!("a file is never idle"),
        }
    }
}

/// Decodes bytes in chunks of about `target` bytes.
pub fn decode_in(bytes: &[u8], framing: &Framing, target: usize) -> Outcome {
    let mut outcome = Outcome::default();
    let mut decoder = Decoder::new(SourceId(0), OriginId(0), Arc::new(framing.clone()));
    for chunk in chunks(bytes, framing, target) {
        outcome.add(&decoder.decode(chunk));
    }
    outcome
}

pub fn decode(text: impl AsRef<[u8]>) -> Outcome {
    decode_in(text.as_ref(), &framing(None), 1 << 20)
}

/// A folder that goes away with the test.
pub struct Folder(pub tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn append(&self, name: &str, bytes: &str) {
        let path = self.path().join(name);
        let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(bytes.as_bytes()).unwrap();
    }

    pub fn plan(&self, path: &str) -> FilesPlan {
        FilesPlan {
            path: path.to_owned(),
            base: self.path().to_owned(),
            env: "local".into(),
            timezone: None,
            year: None,
            dates: None,
            multiline: None,
            explicit: false,
            like: Vec::new(),
        }
    }
}

/// What the sources said.
#[derive(Default)]
pub struct Report {
    pub sources: Vec<(SourceId, Arc<Source>)>,
    pub outcome: BTreeMap<SourceId, Outcome>,
    pub faults: Vec<(SourceId, Fault)>,
    pub ends: BTreeMap<SourceId, End>,
    pub covered: Vec<(SourceId, Span)>,
    pub caught_up: Vec<SourceId>,
    pub notes: Vec<String>,
    pub references: Vec<(TextRef, Seen)>,
    opened_late: bool,
    began: bool,
}

impl Report {
    pub fn take(&mut self, event: FeedEvent) {
        match event {
            FeedEvent::Opened(id, source) => {
                self.opened_late |= self.began;
                self.sources.push((id, source));
            }
            FeedEvent::Batch(batch) => {
                self.began = true;
                let outcome = self.outcome.entry(batch.source).or_default();
                let from = outcome.events.len();
                let decoded = Decoded {
                    batches: vec![batch.clone()],
                    ..Decoded::default()
                };
                outcome.add(&decoded);
                for (event, seen) in batch.events.iter().zip(&outcome.events[from..]) {
                    let reference = TextRef {
                        origin: batch.origin,
                        offset: batch.base + u64::from(event.raw),
                    };
                    self.references.push((reference, seen.clone()));
                }
            }
            FeedEvent::Rejected(id, reject) => {
                let mut decoded = Decoded::default();
                decoded.rejects.0.push(reject);
                self.outcome.entry(id).or_default().add(&decoded);
            }
            FeedEvent::Covered(id, span) => self.covered.push((id, span)),
            FeedEvent::CaughtUp(id) => self.caught_up.push(id),
            FeedEvent::Followed(..) => panic!("no log group"),
            FeedEvent::Fault(id, fault) => self.faults.push((id, fault)),
            FeedEvent::Note(_, note) => self.notes.push(note),
            FeedEvent::Ended(id, end) => assert!(self.ends.insert(id, end).is_none()),
        }
    }

    pub fn names(&self) -> Vec<&str> {
        self.sources.iter().map(|(_, s)| &*s.name).collect()
    }

    pub fn of(&self, name: &str) -> Outcome {
        let id = self.id(name);
        let mut outcome = self.outcome.get(&id).cloned().unwrap_or_default();
        outcome.events.sort();
        outcome
    }

    pub fn id(&self, name: &str) -> SourceId {
        let found = self.sources.iter().find(|(_, s)| &*s.name == name);
        found.unwrap_or_else(|| panic!("no source {name}")).0
    }

    pub fn source(&self, name: &str) -> &Source {
        let id = self.id(name);
        &self.sources.iter().find(|(i, _)| *i == id).unwrap().1
    }

    pub fn end(&self, name: &str) -> End {
        self.ends[&self.id(name)]
    }

    pub fn fault(&self, name: &str) -> (FaultKind, &str, &str) {
        let id = self.id(name);
        let mut faults = self.faults.iter().filter(|(i, _)| *i == id);
        let (_, fault) = faults.next().unwrap();
        assert!(faults.next().is_none(), "one fault is enough");
        (fault.kind, &fault.message, &fault.remedy)
    }
}

/// Reads the plans to their end on two threads.
pub fn read(plans: &[FilesPlan]) -> (Report, Feed) {
    let (feed, receiver) = Feed::new(8);
    let handles = lastseen::sources::files::pool::spawn(plans, None, false, 2, &feed);
    let mut report = Report::default();
    let wait = std::time::Duration::from_millis(5);
    loop {
        match receiver.try_recv() {
            Ok(event) => report.take(event),
            Err(_) if handles.iter().all(std::thread::JoinHandle::is_finished) => break,
            Err(_) => std::thread::park_timeout(wait),
        }
    }
    while let Ok(event) = receiver.try_recv() {
        report.take(event);
    }
    for handle in handles {
        handle.join().unwrap();
    }
    assert!(
        !report.opened_late,
        "every source is opened before any batch"
    );
    (report, feed)
}

/// Every event can be read again, with the text that the batch had.
pub fn assert_readable(report: &Report, feed: &Feed) {
    assert!(!report.references.is_empty());
    for (reference, seen) in &report.references {
        let event = feed.texts.read(*reference).unwrap();
        assert_eq!(String::from_utf8_lossy(&event.text), seen.text);
        assert!(event.raw.len() >= event.text.len() || !event.raw.is_empty());
        assert!(!event.raw.ends_with(b"\n"));
    }
}
