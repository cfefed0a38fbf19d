//! Runs the CloudWatch source to its end and collects what it said, source by source.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_channel::Receiver;
use serde_json::Value;

use lastseen::config::plan::EnvironmentPlan;
use lastseen::domain::event::{Batch, Source, SourceId, TextRef};
use lastseen::domain::feed::{End, Fault, FaultKind, FeedEvent, RejectReason};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::keep::Keep;
use lastseen::sources::cloudwatch::settings::Settings;
use lastseen::sources::cloudwatch::{Request, spawn};
use lastseen::sources::spool::Spool;
use lastseen::sources::texts::Texts;

use super::emulator::SECRET;

/// Everything one source said.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) source: Arc<Source>,
    /// Known before any source claimed anything.
    pub(crate) opened_before_any_coverage: bool,
    /// Event ids in the order of arrival, read back from the spool.
    pub(crate) ids: Vec<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) covered: Vec<Span>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) notes: Vec<String>,
    pub(crate) repeats: u64,
    pub(crate) end: Option<End>,
}

impl Told {
    /// The ids, sorted.
    pub(crate) fn sorted_ids(&self) -> Vec<String> {
        let mut ids = self.ids.clone();
        ids.sort_unstable();
        ids
    }

    /// The kinds of its faults.
    pub(crate) fn kinds(&self) -> Vec<FaultKind> {
        self.faults.iter().map(|fault| fault.kind).collect()
    }

    /// Coverage as few spans as it takes, in order.
    pub(crate) fn coverage(&self) -> Vec<Span> {
        let mut spans = self.covered.clone();
        spans.sort_by_key(|span| span.from);
        let mut merged: Vec<Span> = Vec::new();
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.from <= last.to.plus(1) => last.to = last.to.max(span.to),
                _ => merged.push(span),
            }
        }
        merged
    }
}

/// Everything a run said, by the name of the source.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) sources: BTreeMap<String, Told>,
}

impl Reading {
    /// The one source of this name.
    pub(crate) fn of(&self, name: &str) -> &Told {
        let names: Vec<&String> = self.sources.keys().collect();
        let found = self.sources.get(name);
        found.unwrap_or_else(|| panic!("no source {name}; there are {names:?}"))
    }
}

/// Quick settings, and a profile `tester` to call with.
pub(crate) fn quick() -> Settings {
    Settings {
        backoff: Duration::from_millis(1),
        longest_backoff: Duration::from_millis(4),
        throttle_pause: Duration::from_millis(2),
        slowest: 500.0,
        profiles: Some(profiles()),
        ..Settings::default()
    }
}

/// A configuration file with the one profile `tester`.
fn profiles() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("aws-config-of-the-tests");
    let text = format!(
        "[profile tester]\naws_access_key_id = AKIATEST\naws_secret_access_key = {SECRET}\n"
    );
    // Written whole and then moved, because tests run side by side.
    let unique = format!("aws-config-{:?}", std::thread::current().id());
    let draft = path.with_file_name(unique);
    std::fs::write(&draft, text).unwrap();
    std::fs::rename(&draft, &path).unwrap();
    path
}

/// An environment behind `url`, read with the profile `tester`.
pub(crate) fn environment(
    name: &str,
    url: &str,
    regions: &[&str],
    groups: &[&str],
) -> EnvironmentPlan {
    EnvironmentPlan {
        name: name.into(),
        profile: Some("tester".to_owned()),
        regions: regions.iter().map(ToString::to_string).collect(),
        endpoint_url: Some(url.to_owned()),
        groups: groups.iter().map(ToString::to_string).collect(),
        ..EnvironmentPlan::default()
    }
}

/// A request for `from..=to`, asked long after it.
pub(crate) fn request(from: i64, to: i64) -> Request {
    Request {
        window: Span::new(Timestamp(from), Timestamp(to)),
        margin_ms: 0,
        asked_at: Timestamp(to).plus(24 * 3600 * 1000),
    }
}

/// Reads to the end. Checks on the way what holds for every run: sources open before they speak
/// and end once, raw text reads back as it was sent, and no secret is ever shown.
pub(crate) fn read(
    environments: &[EnvironmentPlan],
    request: Request,
    settings: Settings,
) -> Reading {
    let (feed, reports) = Feed::new(8);
    let spool = Spool::new(&feed).unwrap();
    let reading = hear(environments, request, settings, (feed, reports), spool);
    for told in reading.sources.values() {
        assert!(told.end.is_some(), "{} did not end", told.source.name);
    }
    reading
}

/// The same with pages kept in `keep`, until `feed` stops.
pub(crate) fn hear(
    environments: &[EnvironmentPlan],
    request: Request,
    settings: Settings,
    (feed, reports): (Feed, Receiver<FeedEvent>),
    keep: Arc<dyn Keep>,
) -> Reading {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let texts = Arc::clone(&feed.texts);
    let tasks = spawn(
        environments,
        request,
        &feed,
        keep,
        runtime.handle(),
        settings,
    );
    drop(feed);
    let mut sources: BTreeMap<u32, Told> = BTreeMap::new();
    let mut said = String::new();
    while let Ok(report) = reports.recv_blocking() {
        write!(said, "{report:?}").unwrap();
        note(&mut sources, report, &texts);
    }
    for task in tasks {
        runtime.block_on(task).unwrap();
    }
    assert!(!said.contains(SECRET), "a secret was shown");
    let mut named = BTreeMap::new();
    for told in sources.into_values() {
        let name = told.source.name.to_string();
        assert!(
            named.insert(name, told).is_none(),
            "two sources of one name"
        );
    }
    Reading { sources: named }
}

fn told(sources: &mut BTreeMap<u32, Told>, id: SourceId) -> &mut Told {
    let told = sources.get_mut(&id.0).expect("opened before it speaks");
    assert_eq!(told.end, None, "{} spoke after its end", told.source.name);
    told
}

fn note(sources: &mut BTreeMap<u32, Told>, report: FeedEvent, texts: &Texts) {
    match report {
        FeedEvent::Opened(id, source) => {
            let told = Told {
                source,
                opened_before_any_coverage: sources.values().all(|t| t.covered.is_empty()),
                ids: Vec::new(),
                messages: Vec::new(),
                covered: Vec::new(),
                faults: Vec::new(),
                notes: Vec::new(),
                repeats: 0,
                end: None,
            };
            assert!(sources.insert(id.0, told).is_none(), "opened twice");
        }
        FeedEvent::Batch(batch) => take(told(sources, batch.source), &batch, texts),
        FeedEvent::Rejected(id, reject) => {
            assert_eq!(reject.reason, RejectReason::Repeated);
            told(sources, id).repeats += reject.count;
        }
        FeedEvent::Covered(id, span) => told(sources, id).covered.push(span),
        FeedEvent::CaughtUp(id) => panic!("{} is no file", told(sources, id).source.name),
        FeedEvent::Followed(id, _) => panic!("{} is not followed", told(sources, id).source.name),
        FeedEvent::Fault(id, fault) => told(sources, id).faults.push(fault),
        FeedEvent::Note(id, note) => told(sources, id).notes.push(note),
        FeedEvent::Ended(id, end) => told(sources, id).end = Some(end),
    }
}

fn take(told: &mut Told, batch: &Batch, texts: &Texts) {
    for event in &batch.events {
        assert!(event.raw < Batch::MAX_RAW);
        let reference = TextRef {
            origin: batch.origin,
            offset: batch.base + u64::from(event.raw),
        };
        let kept = texts.read(reference).unwrap();
        let line: Value = serde_json::from_slice(&kept.raw).unwrap();
        let text = std::str::from_utf8(batch.text_of(event)).unwrap();
        assert_eq!(line["message"].as_str(), Some(text));
        assert_eq!(line["timestamp"].as_i64(), Some(event.time.0));
        let stream = &batch.streams[event.stream as usize];
        assert_eq!(line["logStreamName"].as_str(), Some(&**stream));
        told.ids.push(line["eventId"].as_str().unwrap().to_owned());
        told.messages.push(text.to_owned());
    }
}
