//! Changes commute, repeat harmlessly, and are undone to the very thing that was there.

use lastseen::app::timeline::TimelineView;
use lastseen::case::note::Note;
use lastseen::domain::time::Timestamp;
use lastseen::domain::timeline::{Change, Entry, EntryId, Kind, Reference, Stamp, Timeline};
use proptest::prelude::*;

pub(super) fn note(id: EntryId, time: i64, text: &str) -> Entry {
    Entry {
        id,
        time: Timestamp(time),
        kind: Kind::Note,
        env: "qa".to_owned(),
        text: text.to_owned(),
        reference: Reference::default(),
    }
}

/// One of a few entries, changed at one of a few times by one of a few people.
fn change() -> impl Strategy<Value = Change> {
    let stamp = (0..20_i64, 0..3_u32);
    let entry = proptest::option::of((0..5_i64, 0..4_u32));
    (0..6_u32, stamp, entry).prop_map(|(number, (at, writer), entry)| {
        let id = EntryId {
            made: 1_000 + i64::from(number),
            number,
            writer: 9,
        };
        // Whoever writes at one time writes one thing.
        let text = format!("text {number} {at} {writer}");
        let time = (at * 7 + i64::from(writer)) % 5;
        Change {
            id,
            stamp: Stamp { at, writer },
            entry: entry.filter(|_| at % 3 > 0).map(|_| note(id, time, &text)),
        }
    })
}

fn folded(changes: &[Change]) -> Timeline {
    let mut timeline = Timeline::default();
    for change in changes {
        timeline.apply(change.clone());
    }
    timeline
}

fn of_one_mind(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|change| (change.id, change.stamp));
    changes.dedup_by_key(|change| (change.id, change.stamp));
    changes
}

proptest! {
    #[test]
    fn any_order_and_any_repetition_gives_the_same(
        (changes, shuffled) in proptest::collection::vec(change(), 0..40)
            .prop_map(of_one_mind)
            .prop_flat_map(|changes| (Just(changes.clone()), Just([changes.clone(), changes].concat()).prop_shuffle())),
        cut in 0..40_usize,
    ) {
        let whole = folded(&changes);
        prop_assert_eq!(&folded(&shuffled), &whole);
        // The same from two files, whichever is read first.
        let (one, other) = changes.split_at(cut.min(changes.len()));
        let mut merged = folded(other);
        merged.merge(&folded(one));
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(merged.beyond(&whole).count(), 0);
        let times: Vec<_> = whole.entries().iter().map(|e| (e.time, e.id)).collect();
        prop_assert!(times.is_sorted());
        prop_assert_eq!(times.len(), whole.len());
    }

    #[test]
    fn every_change_is_undone_and_done_again(
        steps in proptest::collection::vec((0..4_u8, 0..6_usize, 0..9_i64), 1..60),
    ) {
        let mut view = TimelineView::default();
        let mut before = vec![contents(&view)];
        // The clock may stand still or go back.
        for (turn, (what, which, time)) in steps.into_iter().enumerate() {
            let now = Timestamp(5_000 + (turn as i64 * 13) % 7);
            let entries: Vec<Entry> = view.timeline.entries().into_iter().cloned().collect();
            let chosen = entries.get(which % entries.len().max(1)).cloned();
            match (what, chosen) {
                (0, Some(chosen)) => {
                    view.select(chosen.id, 5);
                    view.remove(now, 5);
                }
                (1, Some(chosen)) => {
                    let changed = Entry { time: Timestamp(time), text: format!("t{turn}"), ..chosen };
                    view.put(changed, now, 5);
                }
                _ => {
                    let id = view.new_id(now);
                    view.put(note(id, time, &format!("t{turn}")), now, 5);
                }
            }
            before.push(contents(&view));
        }
        let now = Timestamp(1);
        for was in before.iter().rev().skip(1) {
            view.go_back(false, now, 5).unwrap();
            prop_assert_eq!(&contents(&view), was);
        }
        prop_assert!(view.go_back(false, now, 5).is_err());
        for will in before.iter().skip(1) {
            view.go_back(true, now, 5).unwrap();
            prop_assert_eq!(&contents(&view), will);
        }
        prop_assert!(view.go_back(true, now, 5).is_err());
        // Whoever has only what was written down sees the same.
        let mut written = Timeline::default();
        for (_, change) in view.unsent() {
            written.apply(change);
        }
        prop_assert_eq!(&written, &view.timeline);
    }
}

fn contents(view: &TimelineView) -> Vec<Entry> {
    view.timeline.entries().into_iter().cloned().collect()
}

#[test]
fn a_change_is_read_as_it_was_written() {
    let id = EntryId {
        made: 1_700_000_000_000,
        number: 3,
        writer: u32::MAX,
    };
    assert_eq!(EntryId::parse(&id.to_string()), Some(id));
    for bad in ["", "1-2", "x-1-2", "1-2-3z", "1-2-fffffffff"] {
        assert_eq!(EntryId::parse(bad), None, "{bad:?}");
    }
    let entry = Entry {
        kind: Kind::Line,
        reference: Reference {
            ids: vec!["a".into(), "\u{1b}[2J".into()],
            pipeline: "orders".into(),
            edge: Some(("a".into(), "b".into())),
            source: "qa/x".into(),
            raw: None,
            at: Some(Timestamp(7)),
            line: "line \u{0} \"quoted\" \u{202e}".into(),
        },
        ..note(id, -5, "text\nof two lines")
    };
    for entry in [Some(entry), None] {
        let stamp = Stamp { at: 4, writer: 5 };
        let change = Change { id, stamp, entry };
        let json = serde_json::to_string(&Note::from(&change)).unwrap();
        let back: Note = serde_json::from_str(&json).unwrap();
        assert_eq!(back.change(), Some(change));
    }
    // What only a newer program knows is passed over, and nothing of it is guessed.
    let newer =
        r#"{"id":"1-0-1","at":1,"by":1,"entry":{"time":1,"kind":"film","text":"x","more":{}}}"#;
    let note: Note = serde_json::from_str(newer).unwrap();
    assert_eq!(note.change(), None);
}
