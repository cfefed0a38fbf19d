//! Where a timeline is kept: in the case, by several programs at once, through kills and full disks.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use lastseen::case::append;
use lastseen::case::book::Book;
use lastseen::case::contents::Contents;
use lastseen::case::format::{self, Packed};
use lastseen::case::kept::CaseFile;
use lastseen::case::scan::Depth;
use lastseen::case::words::Totals;
use lastseen::domain::timeline::{Change, EntryId, Stamp, Timeline};

use super::model::note;
use crate::cases::made::{self, ROOM, Told, feed, question, resumed, small};

fn change(number: u32, text: &str) -> Change {
    let id = EntryId {
        made: 1_000,
        number,
        writer: 1,
    };
    Change {
        id,
        stamp: Stamp {
            at: i64::from(number),
            writer: 1,
        },
        entry: Some(note(id, 5_000 + i64::from(number), text)),
    }
}

/// What a case tells; its events come in any order.
fn told(path: &Path) -> BTreeMap<String, Told> {
    let mut told = made::told(path);
    for source in told.values_mut() {
        source.events.sort();
    }
    told
}

fn read(path: &Path) -> Timeline {
    let mut timeline = Timeline::default();
    Book::of_case(path).read(&mut timeline).unwrap();
    timeline
}

#[test]
fn a_run_keeps_it_in_its_case_and_finds_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    {
        let (feed, _receiver) = feed();
        let case = CaseFile::create(&path, &question(), ROOM, &feed).unwrap();
        case.note(&change(0, "while it runs")).unwrap();
        case.finish(Totals::default());
        // Also behind the end of the run, for as long as somebody looks at it.
        case.note(&change(1, "afterwards")).unwrap();
    }
    assert_eq!(read(&path).len(), 2);
    let (feed, _receiver) = feed();
    let again = resumed(&path, &feed);
    let texts: Vec<_> = again
        .notes()
        .iter()
        .filter_map(|c| c.entry.clone())
        .map(|e| e.text)
        .collect();
    assert_eq!(texts, ["while it runs", "afterwards"]);
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
}

#[test]
fn several_programs_write_into_a_case_that_no_run_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    small(&path);
    let before = told(&path);
    let (mut one, mut other) = (Book::of_case(&path), Book::of_case(&path));
    let (mut a, mut b) = (Timeline::default(), Timeline::default());
    one.append(&[change(0, "a")], &mut a).unwrap();
    other
        .append(&[change(1, "b"), change(2, "c")], &mut b)
        .unwrap();
    assert_eq!(b.len(), 3, "what others wrote is taken in");
    assert!(one.read(&mut a).unwrap());
    assert!(!one.read(&mut a).unwrap(), "nothing new");
    assert_eq!(a, b);
    // What the run has read is told as before.
    assert_eq!(told(&path), before);
    // Nobody writes while a run does.
    let run = append::open(&path).unwrap();
    let refused = one.append(&[change(3, "d")], &mut a).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock);
    drop(run);
    one.append(&[change(3, "d")], &mut a).unwrap();
    assert_eq!(read(&path).len(), 4);
}

#[test]
fn whatever_a_kill_leaves_the_rest_is_sound_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    small(&path);
    let bare = fs::read(&path).unwrap();
    let before = told(&path);
    let mut book = Book::of_case(&path);
    let mut timeline = Timeline::default();
    book.append(&[change(0, "first")], &mut timeline).unwrap();
    let first = fs::read(&path).unwrap().len();
    book.append(&[change(1, "second")], &mut timeline).unwrap();
    let whole = fs::read(&path).unwrap();
    // A killed program leaves any beginning of what it wrote.
    for len in bare.len()..=whole.len() {
        fs::write(&path, &whole[..len]).unwrap();
        let wanted = usize::from(len >= first) + usize::from(len == whole.len());
        assert_eq!(read(&path).len(), wanted, "{len} bytes");
        assert_eq!(told(&path), before, "{len} bytes");
        let mut held = Timeline::default();
        Book::of_case(&path)
            .append(&[change(9, "later")], &mut held)
            .unwrap();
        let file = fs::File::open(&path).unwrap();
        let contents = Contents::read(&file, Depth::Whole).unwrap();
        assert!(
            contents.damage.is_empty() && contents.torn == 0,
            "{len} bytes"
        );
        assert_eq!(read(&path).len(), wanted + 1, "{len} bytes");
    }
}

#[test]
fn a_program_that_knows_no_timeline_passes_it_over() {
    // A kind that this program does not know stands for what a timeline is to an older one.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    small(&path);
    let before = told(&path);
    let salt = Contents::read(&fs::File::open(&path).unwrap(), Depth::Whole)
        .unwrap()
        .header
        .salt;
    for kind in [32, 33, 40_000] {
        let meta = br#"{"id":"nonsense","of":["a newer program"]}"#;
        let record = format::record(salt, kind, None, meta, &Packed::none()).unwrap();
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(&record)
            .unwrap();
    }
    assert_eq!(told(&path), before);
    assert!(read(&path).is_empty());
    let contents = Contents::read(&fs::File::open(&path).unwrap(), Depth::Whole).unwrap();
    assert!(contents.damage.is_empty() && !contents.unknown_lost);
    let mut held = Timeline::default();
    Book::of_case(&path)
        .append(&[change(0, "mine")], &mut held)
        .unwrap();
    assert_eq!(read(&path).len(), 1);
}

#[test]
fn a_damaged_note_costs_itself_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.case");
    small(&path);
    let before = told(&path);
    let start = fs::metadata(&path).unwrap().len() as usize;
    let mut held = Timeline::default();
    let mut book = Book::of_case(&path);
    book.append(&[change(0, "hit")], &mut held).unwrap();
    book.append(&[change(1, "spared")], &mut held).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[start + 40] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(told(&path), before, "coverage does not rest on notes");
    let timeline = read(&path);
    let texts: Vec<_> = timeline.entries().iter().map(|e| e.text.clone()).collect();
    assert_eq!(texts, ["spared"]);
}
