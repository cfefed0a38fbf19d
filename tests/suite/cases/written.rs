//! How a case is written: for the user alone, by one program, up to its limit; and what it gives
//! back to a run that goes on.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use lastseen::case::append::{self, Room};
use lastseen::case::contents::Contents;
use lastseen::case::kept::CaseFile;
use lastseen::case::scan::Depth;
use lastseen::case::words::Totals;
use lastseen::config::question::Reach;
use lastseen::domain::event::{SourceId, TextRef};
use lastseen::domain::feed::{End, Fault, FaultKind, FeedEvent};
use lastseen::domain::time::Timestamp;
use lastseen::sources::cloudwatch::keep::{After, Keep, Page};

use super::made::{
    FROM, OWN, PAGE, ROOM, feed, lines, page, piece, question, resumed, seconds, small, source,
    told,
};

#[test]
fn it_is_for_the_user_alone_and_one_program_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/one.case");
    append::folder_of(&path).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let (feed, _receiver) = feed();
    let case = CaseFile::create(&path, &question(), ROOM, &feed).unwrap();
    assert_eq!(mode(&path), 0o600);
    let again = CaseFile::create(&path, &question(), ROOM, &feed);
    assert_eq!(again.err().unwrap().kind(), io::ErrorKind::AlreadyExists);
    let second = append::open(&path);
    assert_eq!(second.err().unwrap().kind(), io::ErrorKind::WouldBlock);
    // Whoever only looks is not in the way.
    assert!(told(&path).is_empty());
    feed.texts.register(case.origin(), Arc::new(Nothing));
    drop(case);
    append::open(&path).unwrap();
}

struct Nothing;

impl lastseen::sources::texts::Origin for Nothing {
    fn read(&self, _: u64) -> io::Result<lastseen::sources::texts::RawEvent> {
        Err(io::ErrorKind::NotFound.into())
    }
}

#[test]
fn what_was_kept_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    let (id, span) = (SourceId(0), seconds(0, 99));
    {
        let (feed, _receiver) = feed();
        let case = CaseFile::create(&path, &question(), ROOM, &feed).unwrap();
        case.open(id, &source("/a"), OWN).unwrap();
        piece(&*case, id, 0, span);
        page(&*case, id, (0, 0), false);
        let empty = After {
            from: span.from.plus(7),
            token: Some("more".to_owned()),
            done: false,
        };
        let nothing = Page {
            source: id,
            piece: 0,
            after: &empty,
            raw: b"",
        };
        case.page(nothing).unwrap();
        piece(&*case, id, 3, seconds(50, 99));
        case.cut(id, 0, seconds(49, 49).to).unwrap();
        page(&*case, id, (3, 20), true);
    }
    let (feed, _receiver) = feed();
    let case = resumed(&path, &feed);
    assert!(
        case.open(SourceId(1), &source("/other"), OWN)
            .unwrap()
            .is_empty()
    );
    let kept = case.open(SourceId(2), &source("/a"), OWN).unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0].piece.span, seconds(0, 49));
    assert_eq!(kept[0].piece.asked_at, Timestamp(FROM + 3_600_000));
    let after = kept[0].after.as_ref().unwrap();
    assert_eq!(
        (after.token.as_deref(), after.from, after.done),
        (Some("more"), span.from.plus(7), false)
    );
    assert_eq!((kept[1].piece.number, kept[1].pages.len()), (3, 1));
    let bytes = Keep::read(&*case, kept[0].pages[0]).unwrap();
    assert_eq!(bytes, lines("/a", 0).as_bytes());
    // Offsets go on where they were, and old and new pages are read by them.
    let base = page(&*case, SourceId(2), (3, 21), true);
    assert_eq!(base, kept[1].pages[0].base + kept[1].pages[0].len as u64);
    let origin = case.origin();
    for (offset, n) in [(kept[0].pages[0].base, 0), (base, 21 * PAGE)] {
        let event = feed.texts.read(TextRef { origin, offset }).unwrap();
        assert_eq!(event.text, format!("/a event {n} of many").as_bytes());
    }
    let beyond = TextRef {
        origin,
        offset: base + 100_000,
    };
    assert!(feed.texts.read(beyond).is_err());
}

#[test]
fn beyond_its_limit_the_run_goes_on_and_the_case_claims_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    let (feed, _receiver) = feed();
    let room = Room {
        most: 3_500,
        free: 0,
    };
    let case = CaseFile::create(&path, &question(), room, &feed).unwrap();
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let saying = Arc::clone(&said);
    case.on_full(Box::new(move |_, why| {
        saying.lock().unwrap().push(why.to_owned());
    }));
    let id = SourceId(0);
    case.open(id, &source("/a"), OWN).unwrap();
    let mut offsets = Vec::new();
    for number in 0..20 {
        let span = seconds(number * PAGE, (number + 1) * PAGE - 1);
        piece(&*case, id, number as u32, span);
        offsets.push(page(&*case, id, (number as u32, number), true));
        case.report(&FeedEvent::Covered(id, span));
    }
    case.report(&FeedEvent::Ended(id, End::AsCovered));
    case.finish(Totals {
        finished: true,
        ..Totals::default()
    });
    // The run has everything, whether it is in the case or not.
    for (number, offset) in (0..).zip(offsets) {
        let origin = case.origin();
        let event = feed.texts.read(TextRef { origin, offset }).unwrap();
        assert_eq!(
            event.text,
            format!("/a event {} of many", number * PAGE).as_bytes()
        );
    }
    assert_eq!(said.lock().unwrap().len(), 1);
    assert!(
        said.lock().unwrap()[0].contains("limit of 3.5 kB"),
        "{said:?}"
    );
    assert!(fs::metadata(&path).unwrap().len() < 4_000);
    let contents = Contents::read(&fs::File::open(&path).unwrap(), Depth::Whole).unwrap();
    assert!(contents.full.is_some() && !contents.is_finished());
    let told = told(&path);
    let told = &told["qa/us-east-1:/a"];
    let kept = told.events.len() as i64;
    assert!((PAGE..20 * PAGE).contains(&kept), "{kept}");
    assert!(
        told.covered
            .iter()
            .all(|span| span.to < seconds(kept, kept).from)
    );
    assert!(!told.covered.is_empty());
    assert_eq!((told.faults[0].kind, told.end), (FaultKind::Partial, None));
    assert!(told.faults[0].remedy.contains("--case-limit"));
}

/// No room at all: nothing but the beginning is written.
#[test]
fn a_full_disk_is_left_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    let (feed, _receiver) = feed();
    let room = Room {
        most: u64::MAX,
        free: u64::MAX,
    };
    let case = CaseFile::create(&path, &question(), room, &feed).unwrap();
    case.open(SourceId(0), &source("/a"), OWN).unwrap();
    piece(&*case, SourceId(0), 0, seconds(0, 9));
    let offset = page(&*case, SourceId(0), (0, 0), true);
    let origin = case.origin();
    feed.texts.read(TextRef { origin, offset }).unwrap();
    assert!(
        case.full()
            .unwrap()
            .contains("free where the case is written")
    );
    assert!(told(&path).is_empty());
}

/// A time that was asked for twice is there twice, and told once.
#[test]
fn events_of_overlapping_pieces_are_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    small(&path);
    let (feed, _receiver) = feed();
    let case = resumed(&path, &feed);
    case.open(SourceId(0), &source("/a"), OWN).unwrap();
    piece(&*case, SourceId(0), 9, seconds(0, 5 * PAGE - 1));
    for number in 0..5 {
        page(&*case, SourceId(0), (9, number), number == 4);
    }
    let told = told(&path);
    let mut times: Vec<_> = told["qa/us-east-1:/a"].events.iter().map(|e| e.0).collect();
    times.sort_unstable();
    times.dedup();
    assert_eq!(times.len(), 5 * PAGE as usize);
    assert_eq!(told["qa/us-east-1:/a"].events.len(), times.len());
}

/// A case that is full before it is gone on with still tells what it holds.
#[test]
fn a_run_without_room_takes_nothing_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    small(&path);
    let (feed, _receiver) = feed();
    let file = append::open(&path).unwrap();
    let contents = Contents::read(&file, Depth::Whole).unwrap();
    let room = Room { most: 10, free: 0 };
    let case = CaseFile::go_on(file, contents, &question(), room, &feed).unwrap();
    assert_eq!(case.open(SourceId(0), &source("/a"), OWN).unwrap().len(), 2);
    page(&*case, SourceId(0), (1, 9), true);
    case.finish(Totals::default());
    let told = told(&path);
    assert_eq!(told.len(), 2);
    for told in told.values() {
        assert_eq!(told.events.len(), 4 * PAGE as usize);
        assert_eq!(told.covered.len(), 2);
    }
}

fn contents(path: &std::path::Path) -> Contents {
    Contents::read(&fs::File::open(path).unwrap(), Depth::Whole).unwrap()
}

/// What one account read is no evidence about another, also where the names are the same.
#[test]
fn pages_are_given_only_to_the_account_that_read_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    small(&path);
    for stranger in [Some("222233334444"), None] {
        let (feed, _receiver) = feed();
        let case = resumed(&path, &feed);
        let kept = case.open(SourceId(0), &source("/a"), stranger).unwrap();
        assert!(kept.is_empty(), "{stranger:?}");
        // Killed before it opened the other group: nothing of the first account is left to see.
        let contents = contents(&path);
        let shown = contents.shown();
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(contents.sources[shown[0] as usize].earlier.is_empty());
        let told = told(&path);
        let of = &told["qa/us-east-1:/a"];
        assert!(of.events.is_empty() && of.covered.is_empty(), "{of:?}");
    }
    let (feed, _receiver) = feed();
    let case = resumed(&path, &feed);
    assert_eq!(case.open(SourceId(0), &source("/a"), OWN).unwrap().len(), 2);
    assert_eq!(told(&path).len(), 2);
    drop((case, feed));
    // Nobody says who it is, but the profile is the one that was asked for before.
    let mut question = question();
    question.reach = vec![Reach {
        profile: Some("qa".to_owned()),
        ..question.reach[0].clone()
    }];
    let file = append::open(&path).unwrap();
    let contents = Contents::read(&file, Depth::Whole).unwrap();
    let (feed, _receiver) = super::made::feed();
    let case = CaseFile::go_on(file, contents, &question, ROOM, &feed).unwrap();
    assert_eq!(
        case.open(SourceId(0), &source("/b"), None).unwrap().len(),
        2
    );
}

/// A group that was not there, and came into being while the run followed.
#[test]
fn a_place_that_is_opened_twice_is_two_sources() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    let (feed, _receiver) = feed();
    let case = CaseFile::create(&path, &question(), ROOM, &feed).unwrap();
    let absent = Fault {
        kind: FaultKind::Absent,
        message: "no log group matches /a".to_owned(),
        remedy: String::new(),
    };
    case.open(SourceId(0), &source("/a"), OWN).unwrap();
    case.report(&FeedEvent::Fault(SourceId(0), absent));
    case.report(&FeedEvent::Ended(SourceId(0), End::Nothing));
    case.open(SourceId(2), &source("/a"), OWN).unwrap();
    piece(&*case, SourceId(2), 0, seconds(0, PAGE - 1));
    page(&*case, SourceId(2), (0, 0), true);
    case.report(&FeedEvent::Covered(SourceId(2), seconds(0, PAGE - 1)));
    case.finish(Totals::default());
    drop(case);
    drop(feed);
    let kept = contents(&path);
    assert_eq!(kept.shown(), [0, 1]);
    assert!(kept.sources[0].has_ended() && kept.sources[0].pieces.is_empty());
    // By name the later one is found.
    let told = told(&path);
    let of = &told["qa/us-east-1:/a"];
    assert_eq!((of.faults.len(), of.end), (0, None), "{of:?}");
    assert_eq!((of.events.len(), of.covered.len()), (PAGE as usize, 1));
    // The next run goes on with what was read, and the absence is over.
    let (feed, _receiver) = super::made::feed();
    let case = resumed(&path, &feed);
    assert_eq!(case.open(SourceId(4), &source("/a"), OWN).unwrap().len(), 1);
    assert_eq!(contents(&path).shown(), [1]);
}
