//! A case that was cut or spoilt never claims to have read what it does not hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;

use lastseen::case::contents::Contents;
use lastseen::case::format::{FRAME, HEADER};
use lastseen::case::scan::{Depth, Item, scan};
use lastseen::case::words;
use lastseen::domain::feed::End;

use super::made::{
    FROM, OWN, PAGE, Told, feed, page, piece, question, resumed, seconds, small, source, told,
};
use lastseen::domain::event::SourceId;
use lastseen::sources::cloudwatch::keep::Keep;

/// The small case, which is made once: each copy may be spoilt.
fn case() -> (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.case");
    let bytes = BYTES.get_or_init(|| {
        small(&path);
        fs::read(&path).unwrap()
    });
    fs::write(&path, bytes).unwrap();
    (folder, path, bytes.clone())
}

/// Where each record begins, with its kind.
fn records(path: &Path) -> Vec<(u64, u16)> {
    let mut records = Vec::new();
    scan(&fs::File::open(path).unwrap(), Depth::Whole, |item| {
        match item {
            Item::Record { at, frame, .. } => records.push((at, frame.kind)),
            Item::Damage(damage) => panic!("{damage:?}"),
        }
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    records
}

/// Every event there ever was in a covered span is told, and nothing that never was.
fn nothing_is_claimed_without_its_pages(told: &BTreeMap<String, Told>) {
    for (name, told) in told {
        let group = name.rsplit(':').next().unwrap();
        let mut times: Vec<i64> = Vec::new();
        for (time, text) in &told.events {
            let n = (time.0 - FROM) / 1000;
            assert_eq!(*text, format!("{group} event {n} of many"));
            times.push(n);
        }
        times.sort_unstable();
        let events = times.len();
        times.dedup();
        assert_eq!(times.len(), events, "an event was told twice");
        for n in 0..4 * PAGE {
            let time = seconds(n, n).from;
            let claimed = told.covered.iter().any(|span| span.contains(time));
            assert!(
                !claimed || times.contains(&n),
                "{name}: {n} is claimed and missing"
            );
        }
    }
}

#[test]
fn a_whole_case_tells_what_was_told() {
    let (_folder, path, _) = case();
    let told = told(&path);
    nothing_is_claimed_without_its_pages(&told);
    assert_eq!(told.len(), 2);
    for told in told.values() {
        assert_eq!(told.events.len(), 4 * PAGE as usize);
        assert_eq!(
            told.covered,
            [seconds(2 * PAGE, 4 * PAGE - 1), seconds(0, 2 * PAGE - 1)]
        );
        assert_eq!((told.faults.len(), told.end), (0, Some(End::AsCovered)));
    }
}

/// Cut anywhere, a case holds exactly the records that are whole, and the rest is its torn tail.
#[test]
fn cut_anywhere_it_is_what_it_was_then() {
    let (_folder, path, bytes) = case();
    let records = records(&path);
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    for len in (0..bytes.len()).rev() {
        file.set_len(len as u64).unwrap();
        let read = Contents::read(&fs::File::open(&path).unwrap(), Depth::Whole);
        if len < HEADER {
            assert!(read.is_err());
            continue;
        }
        let contents = read.unwrap();
        let ends = records.iter().skip(1).map(|(at, _)| *at);
        let end = ends
            .filter(|at| *at <= len as u64)
            .max()
            .unwrap_or(HEADER as u64);
        assert_eq!((contents.end, contents.torn), (end, len as u64 - end));
        assert!(contents.damage.is_empty());
        let whole = records.iter().filter(|(at, _)| *at < end);
        let pages = whole.filter(|(_, kind)| *kind == words::PAGE).count();
        assert_eq!(contents.pages, pages as u64);
        // All of it at the places where something changes, and now and then in between.
        if len as u64 == end || len % 97 == 0 {
            nothing_is_claimed_without_its_pages(&told(&path));
        }
    }
}

/// What a killed run left is cut before anything is added.
#[test]
fn a_torn_tail_is_cut_when_it_is_gone_on_with() {
    let (_folder, path, bytes) = case();
    let records = records(&path);
    let pages: Vec<u64> = records
        .iter()
        .filter(|r| r.1 == words::PAGE)
        .map(|r| r.0)
        .collect();
    let torn = pages[2] as usize + FRAME + 7;
    fs::write(&path, &bytes[..torn]).unwrap();
    let (feed, _receiver) = feed();
    let case = resumed(&path, &feed);
    assert_eq!(
        fs::read(&path).unwrap()[..pages[2] as usize],
        bytes[..pages[2] as usize]
    );
    // /a: the newer piece, whole. /b: it had begun, and has no page yet.
    let kept = case.open(SourceId(0), &source("/a"), OWN).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].after.as_ref().unwrap().done);
    assert_eq!(kept[0].pages.len(), 2);
    let kept = case.open(SourceId(1), &source("/b"), OWN).unwrap();
    assert_eq!((kept.len(), kept[0].after.is_none()), (1, true));
    page(&*case, SourceId(1), (0, 2), false);
    drop(case);
    let contents = Contents::read(&fs::File::open(&path).unwrap(), Depth::Whole).unwrap();
    assert_eq!(
        (contents.damage.len(), contents.torn, contents.runs),
        (0, 0, 2)
    );
    nothing_is_claimed_without_its_pages(&told(&path));
}

/// A page that is lost takes along what was claimed after it, and nothing of the other source.
#[test]
fn a_damaged_page_takes_the_coverage_with_it() {
    let (_folder, path, mut bytes) = case();
    let records = records(&path);
    let pages: Vec<u64> = records
        .iter()
        .filter(|r| r.1 == words::PAGE)
        .map(|r| r.0)
        .collect();
    // The first page of the older piece of /a.
    let at = pages[4] as usize;
    bytes[at + FRAME + 40] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let told = told(&path);
    nothing_is_claimed_without_its_pages(&told);
    let (a, b) = (&told["qa/us-east-1:/a"], &told["qa/us-east-1:/b"]);
    assert_eq!(a.events.len(), 3 * PAGE as usize);
    assert_eq!(a.covered, [seconds(2 * PAGE, 4 * PAGE - 1)]);
    let said = &a.faults[0].message;
    assert!(said.contains(&format!("damaged at byte {at}")), "{said}");
    assert_eq!(
        (b.events.len(), b.covered.len(), b.faults.len()),
        (4 * PAGE as usize, 2, 0)
    );
}

/// Where it is not known what was lost, it may have been anything: nobody claims anything.
#[test]
fn damage_of_unknown_extent_takes_all_coverage() {
    let (_folder, path, mut bytes) = case();
    let at = records(&path)[8].0 as usize;
    bytes[at + 9] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let told = told(&path);
    nothing_is_claimed_without_its_pages(&told);
    assert!(
        told.values()
            .all(|told| told.covered.is_empty() && told.faults.len() == 1)
    );
    assert!(
        told.values()
            .any(|told| told.events.len() == 4 * PAGE as usize)
    );
}

/// A file that it did not get to know may have been read, too.
#[test]
fn a_run_killed_before_its_files_were_known_claims_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.case");
    let (feed, _receiver) = feed();
    let mut question = question();
    question.inputs = true;
    let case = lastseen::case::kept::CaseFile::create(&path, &question, super::made::ROOM, &feed);
    let case = case.unwrap();
    case.open(SourceId(0), &source("/a"), OWN).unwrap();
    piece(&*case, SourceId(0), 0, seconds(0, PAGE - 1));
    page(&*case, SourceId(0), (0, 0), true);
    let span = seconds(0, PAGE - 1);
    case.report(&lastseen::domain::feed::FeedEvent::Covered(
        SourceId(0),
        span,
    ));
    let before = &told(&path)["qa/us-east-1:/a"];
    assert_eq!(
        (before.covered.len(), before.events.len()),
        (0, PAGE as usize)
    );
    case.inputs(Vec::new());
    assert_eq!(told(&path)["qa/us-east-1:/a"].covered, [span]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spoilt_bytes_never_panic_and_never_prove(
        spoilt in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (_folder, path, mut bytes) = case();
        for (index, flip) in spoilt {
            let at = index.index(bytes.len());
            bytes[at] ^= flip;
        }
        if let Some(cut) = cut {
            let at = cut.index(bytes.len());
            bytes.drain(at..(at + 600).min(bytes.len()));
        }
        fs::write(&path, &bytes).unwrap();
        let told = told(&path);
        nothing_is_claimed_without_its_pages(&told);
    }
}
