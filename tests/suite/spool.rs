//! What can be read only once can still be shown again.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use lastseen::domain::event::TextRef;
use lastseen::sources::channel::Feed;
use lastseen::sources::spool::Spool;

fn line(i: u64) -> String {
    let mut line = String::new();
    let _ = writeln!(
        line,
        r#"{{"timestamp":{},"logStreamName":"s","message":"{{\"n\": {i}}}"}}"#,
        1_763_800_000_000 + i
    );
    line
}

#[test]
fn every_event_is_found_by_its_offset() {
    let (feed, _receiver) = Feed::new(1);
    let spool = Spool::new(&feed).unwrap();
    assert!(spool.is_empty());
    let mut offsets = Vec::new();
    for page in 0..40 {
        let mut bytes = String::new();
        let mut within = Vec::new();
        for i in page * 500..(page + 1) * 500 {
            within.push((i, bytes.len() as u64));
            bytes.push_str(&line(i));
        }
        let base = spool.append(bytes.as_bytes()).unwrap();
        offsets.extend(within.into_iter().map(|(i, at)| (i, base + at)));
    }
    // More than one block, and one still open.
    assert!(spool.len() > 1 << 20);
    for (i, offset) in offsets.iter().rev().step_by(7) {
        let origin = spool.id();
        let offset = *offset;
        let event = feed.texts.read(TextRef { origin, offset }).unwrap();
        assert_eq!(event.raw, line(*i).trim_end().as_bytes());
        assert_eq!(event.text, format!("{{\"n\": {i}}}").as_bytes());
    }
    let origin = spool.id();
    let offset = spool.len();
    let beyond = feed.texts.read(TextRef { origin, offset });
    assert!(beyond.unwrap_err().to_string().contains("no event"));
}

#[test]
fn many_threads_may_append() {
    let (feed, _receiver) = Feed::new(1);
    let spool = Spool::new(&feed).unwrap();
    let threads: Vec<_> = (0..4)
        .map(|t| {
            let spool = spool.clone();
            std::thread::spawn(move || {
                let lines = (t * 1000..(t + 1) * 1000).map(|i| (i, line(i)));
                lines
                    .map(|(i, line)| (i, spool.append(line.as_bytes()).unwrap()))
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    for thread in threads {
        for (i, offset) in thread.join().unwrap().into_iter().step_by(50) {
            let origin = spool.id();
            let event = feed.texts.read(TextRef { origin, offset }).unwrap();
            assert_eq!(event.raw, line(i).trim_end().as_bytes());
        }
    }
}
