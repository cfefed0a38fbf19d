//! A small case made by hand, and everything that a case tells when it is told again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, mpsc};

use async_channel::Receiver;

use lastseen::case::append::{self, Room};
use lastseen::case::contents::Contents;
use lastseen::case::kept::CaseFile;
use lastseen::case::replay;
use lastseen::case::scan::Depth;
use lastseen::case::words::Totals;
use lastseen::config::question::{Question, Reach};
use lastseen::domain::event::{Source, SourceId, SourceKind, TextRef};
use lastseen::domain::feed::{End, Fault, FeedEvent};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::keep::{After, Keep, Page, Piece};
use lastseen::sources::texts::Texts;

/// When its first event happened; each next one a second later.
pub(crate) const FROM: i64 = 1_760_000_000_000;
/// Events of a page.
pub(crate) const PAGE: i64 = 4;

/// The account that is read.
pub(crate) const OWN: Option<&str> = Some("123456789012");

/// A source of CloudWatch.
pub(crate) fn source(group: &str) -> Source {
    Source {
        name: format!("qa/us-east-1:{group}").into(),
        env: "qa".into(),
        region: "us-east-1".into(),
        group: group.into(),
        kind: SourceKind::CloudWatch,
    }
}

/// Seconds `from..=to` after the first event.
pub(crate) fn seconds(from: i64, to: i64) -> Span {
    Span {
        from: Timestamp(FROM + from * 1000),
        to: Timestamp(FROM + to * 1000 + 999),
    }
}

/// The lines of the events of page `number`, in seconds `PAGE * number ..`.
pub(crate) fn lines(group: &str, number: i64) -> String {
    let line = |n: i64| {
        let (time, text) = (FROM + n * 1000, format!("{group} event {n} of many"));
        format!(
            "{{\"timestamp\":{time},\"ingestionTime\":{time},\"logStreamName\":\"s\",\"eventId\":\"{group}-{n}\",\"message\":\"{text}\"}}\n"
        )
    };
    (number * PAGE..(number + 1) * PAGE).map(line).collect()
}

/// What is asked of both groups.
pub(crate) fn question() -> Question {
    Question {
        program: "test".to_owned(),
        asked_at: FROM + 3_600_000,
        window: Some((FROM, FROM + 3_600_000)),
        zone: "UTC".to_owned(),
        reach: vec![Reach {
            env: "qa".to_owned(),
            regions: vec!["us-east-1".to_owned()],
            groups: vec!["/a".to_owned(), "/b".to_owned()],
            ..Reach::default()
        }],
        ..Question::default()
    }
}

/// A feed that nobody reads.
pub(crate) fn feed() -> (Feed, Receiver<FeedEvent>) {
    Feed::new(4)
}

/// Room for anything.
pub(crate) const ROOM: Room = Room {
    most: u64::MAX,
    free: 0,
};

/// Keeps page `number` of a piece.
pub(crate) fn page(case: &dyn Keep, id: SourceId, (piece, number): (u32, i64), done: bool) -> u64 {
    let group = if id.0.is_multiple_of(2) { "/a" } else { "/b" };
    let after = After {
        from: seconds(0, 0).from,
        token: (!done).then(|| format!("token-{number}")),
        done,
    };
    let raw = lines(group, number);
    let page = Page {
        source: id,
        piece,
        after: &after,
        raw: raw.as_bytes(),
    };
    case.page(page).unwrap()
}

/// Begins a piece.
pub(crate) fn piece(case: &dyn Keep, id: SourceId, number: u32, span: Span) {
    let piece = Piece {
        number,
        span,
        asked_at: Timestamp(FROM + 3_600_000),
    };
    case.begin(id, &piece).unwrap();
}

/// Goes on with a case.
pub(crate) fn resumed(path: &Path, feed: &Feed) -> Arc<CaseFile> {
    let file = append::open(path).unwrap();
    let contents = Contents::read(&file, Depth::Whole).unwrap();
    CaseFile::go_on(file, contents, &question(), ROOM, feed).unwrap()
}

/// Two groups, two pieces each, two pages a piece; the newer piece is read first.
pub(crate) fn small(path: &Path) {
    let (feed, _receiver) = feed();
    let case = CaseFile::create(path, &question(), ROOM, &feed).unwrap();
    let ids = [SourceId(0), SourceId(1)];
    for (id, group) in ids.into_iter().zip(["/a", "/b"]) {
        assert!(case.open(id, &source(group), OWN).unwrap().is_empty());
    }
    for (number, from) in [(0, 2), (1, 0)] {
        let span = seconds(from * PAGE, (from + 2) * PAGE - 1);
        for id in ids {
            piece(&*case, id, number, span);
            page(&*case, id, (number, from), false);
            page(&*case, id, (number, from + 1), true);
            case.report(&FeedEvent::Covered(id, span));
        }
    }
    for id in ids {
        case.report(&FeedEvent::Ended(id, End::AsCovered));
    }
    case.finish(Totals {
        finished: true,
        events: 32,
        ..Totals::default()
    });
}

/// What a case tells of one source.
#[derive(PartialEq, Debug, Default)]
pub(crate) struct Told {
    /// The text of each event and its time; the text is read again from the case.
    pub(crate) events: Vec<(Timestamp, String)>,
    pub(crate) covered: Vec<Span>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) end: Option<End>,
}

/// Tells a case again.
pub(crate) fn told(path: &Path) -> BTreeMap<String, Told> {
    let (feed, receiver) = feed();
    let (sender, found) = mpsc::channel();
    replay::spawn(path, &feed, found).unwrap();
    // A case that cannot be read does not listen.
    let _ = sender.send(Vec::new());
    let texts = Arc::clone(&feed.texts);
    drop(feed);
    let mut told: BTreeMap<SourceId, (String, Told)> = BTreeMap::new();
    while let Ok(event) = receiver.recv_blocking() {
        if let FeedEvent::Opened(id, source) = &event {
            told.insert(*id, (source.name.to_string(), Told::default()));
            continue;
        }
        take(event, &texts, &mut told);
    }
    told.into_values().collect()
}

fn take(event: FeedEvent, texts: &Texts, told: &mut BTreeMap<SourceId, (String, Told)>) {
    let id = match &event {
        FeedEvent::Batch(batch) => batch.source,
        FeedEvent::Opened(id, _)
        | FeedEvent::Covered(id, _)
        | FeedEvent::Fault(id, _)
        | FeedEvent::Ended(id, _)
        | FeedEvent::Rejected(id, _)
        | FeedEvent::Note(id, _)
        | FeedEvent::CaughtUp(id)
        | FeedEvent::Followed(id, _) => *id,
    };
    let of = &mut told.get_mut(&id).unwrap().1;
    match event {
        FeedEvent::Batch(batch) => {
            for event in &batch.events {
                let reference = TextRef {
                    origin: batch.origin,
                    offset: batch.base + u64::from(event.raw),
                };
                let text = texts.read(reference).unwrap().text;
                assert_eq!(text, batch.text_of(event));
                of.events
                    .push((event.time, String::from_utf8(text).unwrap()));
            }
        }
        FeedEvent::Covered(_, span) => of.covered.push(span),
        FeedEvent::Fault(_, fault) => of.faults.push(fault),
        FeedEvent::Ended(_, end) => of.end = Some(end),
        FeedEvent::Rejected(_, reject) => panic!("rejected: {reject:?}"),
        FeedEvent::Opened(..)
        | FeedEvent::Note(..)
        | FeedEvent::CaughtUp(_)
        | FeedEvent::Followed(..) => {}
    }
}
