//! Files that grow, are rotated or truncated; every look is made by hand.

use std::sync::Arc;

use async_channel::Receiver;
use lastseen::domain::event::{OriginId, SourceId};
use lastseen::domain::extract::Extracted;
use lastseen::domain::feed::FeedEvent;
use lastseen::domain::register::Register;
use lastseen::domain::sets::SetTable;
use lastseen::domain::signals::gather::Gathered;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::channel::Feed;
use lastseen::sources::files::discover::Known;
use lastseen::sources::files::follow::Follower;
use lastseen::sources::files::newest::Newest;
use lastseen::sources::files::reading::Reading;

use super::support::{Folder, Report, assert_readable};

struct Following {
    folder: Folder,
    feed: Feed,
    receiver: Receiver<FeedEvent>,
    follower: Follower,
    report: Report,
}

impl Following {
    fn of(text: &str) -> Self {
        let folder = Folder::new();
        folder.write("a.log", text);
        let (feed, receiver) = Feed::new(1000);
        let (mut known, newest) = (Known::default(), Arc::default());
        let plans = vec![folder.plan("*.log*")];
        let tasks = known.look(&plans, &feed, &|_| false).unwrap().tasks;
        let files = tasks.into_iter().map(|task| {
            let reading = Reading::open(&task, Some(&newest), &feed).unwrap();
            let reading = reading.unwrap();
            reading.go_on().unwrap();
            Arc::new(reading)
        });
        let follower = Follower::new(feed.clone(), files.collect(), &newest);
        let follower = follower.looking_for(plans, known);
        Self {
            folder,
            feed,
            receiver,
            follower,
            report: Report::default(),
        }
    }

    fn step(&mut self) -> Vec<String> {
        self.follower.step().unwrap();
        self.texts()
    }

    fn texts(&mut self) -> Vec<String> {
        while let Ok(event) = self.receiver.try_recv() {
            self.report.take(event);
        }
        let outcome = self.report.outcome.values().next();
        outcome.map_or_else(Vec::new, |outcome| {
            outcome.texts().into_iter().map(str::to_owned).collect()
        })
    }
}

#[test]
fn what_is_appended_is_read() {
    let mut run = Following::of("1763800000 a\n1763800001 b\n");
    assert_eq!(run.texts(), ["1763800000 a"], "the last event may go on");
    run.folder.append("a.log", "  of b\n");
    assert_eq!(run.step(), ["1763800000 a"]);
    assert_eq!(run.step(), ["1763800000 a", "1763800001 b\n  of b"]);
    run.folder
        .append("a.log", "{\"timestamp\":1763800002000,\"mess");
    assert_eq!(run.step().len(), 2);
    assert_eq!(run.step().len(), 2, "half a line is not an event");
    run.folder.append("a.log", "age\":\"c\"}\n");
    run.step();
    assert_eq!(run.step().last().unwrap(), "c");
    assert!(run.report.ends.is_empty(), "a followed file does not end");
    let covered = run.report.covered.last().unwrap().1;
    assert_eq!(covered.to.0, 1_763_800_002_000);
    assert_eq!(run.step().len(), 3, "nothing twice");
    assert_readable(&run.report, &run.feed);
}

#[test]
fn an_empty_file_is_caught_up_with_and_does_not_keep_the_others_waiting() {
    let mut run = Following::of("");
    assert_eq!(run.texts().len(), 0);
    assert_eq!(run.report.caught_up, [run.report.id("a.log")]);
    run.step();
    assert_eq!(run.report.caught_up.len(), 1, "said once");
    assert!(run.report.covered.is_empty() && run.report.ends.is_empty());

    // Another file was read: once both are caught up with, both cover its span.
    let source = || Arc::clone(&run.report.sources[0].1);
    let span = Span::new(Timestamp(1), Timestamp(9));
    let mut register = Register::default();
    let (empty, other) = (SourceId(0), SourceId(1));
    register.open(empty, source());
    register.open(other, source());
    register.count(&Extracted {
        source: other,
        origin: OriginId(0),
        base: 0,
        sightings: Vec::new(),
        links: Vec::new(),
        arena: Vec::new(),
        sets: SetTable::default(),
        signals: Gathered::new(OriginId(0), 0, 0),
        events: 1,
        bytes: 1,
        matched: 0,
        ambiguous: 0,
        ambiguous_sample: None,
        seen: Some(span),
    });
    register.report(FeedEvent::Covered(other, span));
    let covered = |register: &Register| {
        let evidence = register.evidence(Timestamp(10)).into_iter();
        evidence
            .map(|e| e.coverage.spans().to_vec())
            .collect::<Vec<_>>()
    };
    assert_eq!(covered(&register), [vec![], vec![]]);
    register.report(FeedEvent::CaughtUp(empty));
    assert_eq!(
        covered(&register),
        [vec![], vec![span]],
        "not looked at since"
    );
    register.report(FeedEvent::Covered(
        empty,
        Span::new(Timestamp(i64::MIN), Timestamp(9)),
    ));
    assert_eq!(covered(&register), [vec![span], vec![span]]);
}

/// Another file is ahead; but what this one holds meanwhile has not been read.
#[test]
fn a_file_covers_no_more_than_what_was_there_when_it_was_looked_at() {
    let folder = Folder::new();
    let (feed, receiver) = Feed::new(1000);
    let newest: Arc<Newest> = Arc::default();
    let open = |name: &str| {
        folder.write(name, "");
        let tasks = Known::default().look(&[folder.plan(name)], &feed, &|_| false);
        let reading = Reading::open(&tasks.unwrap().tasks[0], Some(&newest), &feed);
        reading.unwrap().unwrap()
    };
    let (slow, quick) = (open("slow.log"), open("quick.log"));
    let mut report = Report::default();
    let mut covered = |name: &str| {
        while let Ok(event) = receiver.try_recv() {
            report.take(event);
        }
        let id = report.id(name);
        let mut told = report.covered.iter().rev();
        told.find(|(told, _)| *told == id)
            .map(|(_, span)| span.to.0 / 1000)
    };
    let look = |reading: &Reading| {
        // The last line is an event only once nothing goes on behind it.
        for _ in 0..3 {
            reading.look_again().unwrap();
        }
    };
    slow.go_on().unwrap();
    folder.append("slow.log", "1763800005 unread\n");
    folder.append("quick.log", "1763800020 ahead\n");
    look(&quick);
    assert_eq!(covered("quick.log"), Some(1_763_800_020));
    assert_eq!(covered("slow.log"), None);
    slow.look_again().unwrap();
    assert_eq!(covered("slow.log"), None, "its last line may be unfinished");
    look(&slow);
    assert_eq!(covered("slow.log"), Some(1_763_800_020));
    // Half a line waits, but not for ever: most files that end so are finished.
    folder.append("slow.log", "1763800021 half");
    folder.append("quick.log", "1763800030 ahead\n");
    look(&quick);
    look(&slow);
    assert_eq!(covered("slow.log"), Some(1_763_800_020));
    for _ in 0..3 {
        look(&slow);
    }
    assert_eq!(covered("slow.log"), Some(1_763_800_030));
}

#[test]
fn a_file_that_comes_into_being_is_read_and_what_rotation_leaves_is_not() {
    let mut run = Following::of("1763800000 a\n1763800001 b\n");
    run.step();
    let folder = run.folder.path().to_owned();
    let path = |name: &str| folder.join(name);
    std::fs::rename(path("a.log"), path("a.log.1")).unwrap();
    run.folder.write("a.log", "1763800002 c\n");
    run.follower.look().unwrap();
    run.step();
    std::fs::rename(path("a.log.1"), path("old.log")).unwrap();
    // A packed copy, and a plain one.
    run.folder.write("a.log.1.gz", "1763800000 a\n");
    run.folder.write("a.log-20261122", "1763800000 a\n");
    run.folder.write("b.log", "1763800003 d\n");
    run.folder.write("a.log.err", "1763800004 e\n");
    run.follower.look().unwrap();
    run.step();
    run.step();
    assert_eq!(
        run.texts(),
        ["1763800000 a", "1763800001 b", "1763800002 c"]
    );
    assert_eq!(run.report.names(), ["a.log", "a.log.err", "b.log"]);
    assert_eq!(run.report.of("b.log").texts(), ["1763800003 d"]);
    run.follower.look().unwrap();
    assert_eq!(run.report.names().len(), 3);
}

#[test]
fn a_rotated_file_is_finished_before_the_new_one() {
    let mut run = Following::of("1763800000 a\n");
    run.folder.append("a.log", "1763800001 b");
    let path = run.folder.path().join("a.log");
    std::fs::rename(&path, run.folder.path().join("a.log.1")).unwrap();
    run.step();
    run.folder.write("a.log", "1763800002 c\n");
    run.step();
    assert_eq!(run.step(), ["1763800000 a", "1763800001 b", "1763800002 c"]);
    assert!(run.report.notes.iter().any(|note| note.contains("rotated")));
    assert_readable(&run.report, &run.feed);
}

#[test]
fn a_truncated_file_is_read_from_its_beginning() {
    let mut run = Following::of("1763800000 a\n1763800001 b\n");
    run.step();
    run.folder.write("a.log", "1763800002 c\n");
    run.step();
    assert_eq!(run.step(), ["1763800000 a", "1763800001 b", "1763800002 c"]);
    assert!(
        run.report
            .notes
            .iter()
            .any(|note| note.contains("truncated"))
    );
    // What stood between `b` and the truncation may be gone: that time is not covered.
    let covered: Vec<_> = run.report.covered.iter().map(|(_, span)| *span).collect();
    let last = covered.last().unwrap();
    assert_eq!(
        (last.from.0, last.to.0),
        (1_763_800_002_000, 1_763_800_002_000)
    );
    assert_eq!(covered[covered.len() - 2].to.0, 1_763_800_001_000);
    // The same file goes on.
    run.folder.append("a.log", "1763800009 d\n");
    run.step();
    run.step();
    run.step();
    let last = run.report.covered.last().unwrap().1;
    assert_eq!(
        (last.from.0, last.to.0),
        (1_763_800_002_000, 1_763_800_009_000)
    );
}

#[test]
fn a_stop_ends_the_following() {
    let folder = Folder::new();
    folder.write("a.log", "1763800000 a\n");
    let (feed, receiver) = Feed::new(100);
    let handles =
        lastseen::sources::files::pool::spawn(&[folder.plan("a.log")], None, true, 2, &feed);
    let mut report = Report::default();
    while report.outcome.is_empty() {
        report.take(receiver.recv_blocking().unwrap());
    }
    feed.stop();
    for handle in handles {
        handle.join().unwrap();
    }
    assert!(report.ends.is_empty());
}

#[test]
fn a_row_that_is_still_written_is_waited_for() {
    let mut run = Following::of("id,note,ts\n1,x,1763800000\n2,\"one\n");
    let first = r#"{"id":"1","note":"x","ts":"1763800000"}"#;
    assert_eq!(run.texts(), [first]);
    assert_eq!(run.step(), [first]);
    run.folder.append("a.log", "more\",1763800001\n");
    run.step();
    assert_eq!(
        run.step(),
        [first, r#"{"id":"2","note":"one\nmore","ts":"1763800001"}"#]
    );
    assert_readable(&run.report, &run.feed);
}
