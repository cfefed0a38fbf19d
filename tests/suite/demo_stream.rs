//! The built-in incident as a source: what the feed hears is what the files would hold.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::collections::BTreeMap;

use lastseen::domain::event::{Batch, SourceId, SourceKind, TextRef};
use lastseen::domain::feed::{End, FeedEvent};
use lastseen::sources::channel::Feed;
use lastseen::sources::demo::incident::{Incident, Options, incident};
use lastseen::sources::demo::stream;

fn small(messages: u64) -> Incident {
    incident(
        "two-environments",
        &Options {
            messages,
            ..Options::default()
        },
    )
    .unwrap()
}

/// Everything a feed was told.
#[derive(Default)]
struct Heard {
    opened: BTreeMap<SourceId, (String, String, String)>,
    batches: Vec<Batch>,
    ended: BTreeMap<SourceId, End>,
}

fn listen(incident: &Incident) -> (Heard, Feed) {
    let (feed, receiver) = Feed::new(4);
    let teller = stream::spawn(incident.clone(), &feed);
    let mut heard = Heard::default();
    while heard.ended.len() < incident.groups().len() {
        match receiver.recv_blocking().unwrap() {
            FeedEvent::Opened(id, source) => {
                assert_eq!(source.kind, SourceKind::Demo);
                let (env, region, group) = (&source.env, &source.region, &source.group);
                heard
                    .opened
                    .insert(id, (env.to_string(), region.to_string(), group.to_string()));
            }
            FeedEvent::Batch(batch) => heard.batches.push(batch),
            FeedEvent::Ended(id, end) => {
                heard.ended.insert(id, end);
            }
            other => panic!("unexpected {other:?}"),
        }
    }
    teller.join().unwrap();
    (heard, feed)
}

#[test]
fn the_feed_hears_what_is_written_and_can_open_every_line() {
    let incident = small(400);
    let (heard, feed) = listen(&incident);
    assert!(heard.ended.values().all(|end| *end == End::WholeInput));
    let mut told: BTreeMap<SourceId, Vec<(i64, String, String)>> = BTreeMap::new();
    for batch in &heard.batches {
        assert!(batch.events.iter().all(|e| e.raw < Batch::MAX_RAW));
        for event in &batch.events {
            let text = String::from_utf8(batch.text_of(event).to_vec()).unwrap();
            let stream = batch.streams[event.stream as usize].to_string();
            told.entry(batch.source)
                .or_default()
                .push((event.time.0, stream, text));
        }
        for event in batch.events.iter().step_by(97) {
            let offset = batch.base + u64::from(event.raw);
            let reference = TextRef {
                origin: batch.origin,
                offset,
            };
            let raw = feed.texts.read(reference).unwrap();
            assert_eq!(raw.text, batch.text_of(event));
            assert!(raw.raw.starts_with(b"{\"timestamp\":") && raw.raw.ends_with(b"}"));
        }
    }
    let ids: Vec<SourceId> = heard.opened.keys().copied().collect();
    for (id, group) in ids.iter().zip(incident.groups()) {
        let name = (
            group.env.to_owned(),
            group.region.to_owned(),
            group.cloudwatch_name(),
        );
        assert_eq!(heard.opened[id], name);
        let written: Vec<_> = incident
            .events(group.env, group.region, group.name)
            .map(|e| (e.timestamp.0, e.stream.to_string(), e.message))
            .collect();
        assert_eq!(told.remove(id).unwrap_or_default(), written);
    }
}

#[test]
fn a_stopped_feed_ends_the_telling() {
    let incident = small(2_000);
    let (feed, receiver) = Feed::new(1);
    let teller = stream::spawn(incident, &feed);
    let first = receiver.recv_blocking().unwrap();
    assert!(matches!(first, FeedEvent::Opened(..)));
    feed.stop();
    while receiver.try_recv().is_ok() || !teller.is_finished() {
        std::thread::yield_now();
    }
    teller.join().unwrap();
}
