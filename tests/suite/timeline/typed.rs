//! Typed keys and read screens: pins from every view, notes in place, and no wrong key that loses one.

use lastseen::app::input::{Effect, Input};
use lastseen::app::model::Mode;
use lastseen::app::place::Place;
use lastseen::domain::timeline::{Change, EntryId, Kept, Kind, Stamp};

use super::model::note;
use crate::support::dashboard::Dashboard;
use crate::support::fake_answers::{END, FakeAnswers};

fn kinds(dashboard: &Dashboard) -> Vec<Kind> {
    let entries = dashboard.model.timeline.timeline.entries();
    let mut kinds: Vec<Kind> = entries.iter().map(|entry| entry.kind).collect();
    kinds.sort();
    kinds
}

#[test]
fn what_is_selected_in_any_view_is_pinned_with_its_time() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut dashboard = Dashboard::new(columns, rows);
        dashboard.keys("p").shows("finding pinned at");
        dashboard.keys("xp").shows("gap pinned at");
        dashboard.keys("<enter>p").shows("message pinned at");
        dashboard.keys("<enter>p").shows("line pinned at");
        dashboard.keys("xp").shows("gap pinned at");
        assert_eq!(
            kinds(&dashboard),
            [
                Kind::Message,
                Kind::Line,
                Kind::Finding,
                Kind::Gap,
                Kind::Gap
            ]
        );
        dashboard.keys("6").shows("5 entries · times in UTC");
        let entries = dashboard.model.timeline.timeline.entries();
        let line = entries
            .iter()
            .find(|entry| entry.kind == Kind::Line)
            .unwrap();
        assert!(
            line.reference.line.contains("messageId"),
            "the line is kept itself"
        );
        let times: Vec<_> = entries.iter().map(|entry| entry.time).collect();
        assert!(times.is_sorted());
        // Twice is once, and nothing is lost by it.
        dashboard.keys("1p").shows("on the timeline already");
        assert_eq!(dashboard.model.timeline.timeline.len(), 5);
        dashboard.keys("7p");
        assert_eq!(
            dashboard.model.timeline.timeline.len(),
            5,
            "a source has no time"
        );
    }
}

#[test]
fn enter_opens_what_an_entry_is_about() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("xx<enter>jp");
    let id = dashboard.model.messages.selected().unwrap().id.clone();
    dashboard.keys("1<esc>6<enter>");
    assert_eq!(dashboard.model.place, Place::Lifecycle);
    dashboard.shows(&id);
    // A line opens on itself, also where another sighting was selected.
    dashboard.keys("gp");
    let first = dashboard.selected();
    dashboard.keys("G6");
    assert!(
        dashboard.selected().contains("line"),
        "{}",
        dashboard.screen()
    );
    dashboard.keys("<enter>");
    assert_eq!(dashboard.selected(), first);
    // A gap opens its messages, a finding its place on the board.
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("xp6<enter>");
    assert_eq!(dashboard.model.place, Place::Messages);
    assert_eq!(dashboard.model.messages.page.total, 66);
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("jp");
    dashboard.keys("kkx6<enter>");
    assert_eq!(dashboard.model.place, Place::Evidence);
    assert_eq!(dashboard.model.evidence.as_ref().unwrap().rank, Some(1));
    // From there its messages and its very log lines are pinned, too.
    dashboard.keys("<tab>p").shows("message pinned");
    dashboard.keys("<tab>p").shows("line pinned");
    // What is not there any more is told.
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2p6");
    dashboard.change(FakeAnswers::nothing());
    dashboard.keys("<enter>").shows("not in what was read here");
    assert_eq!(dashboard.model.place, Place::Timeline);
}

#[test]
fn a_note_is_typed_with_its_time_and_changed_in_place() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("6adeployed 2.9.0<tab><ctrl-u>02:14:07<enter>");
    dashboard
        .shows("noted at 2026-11-22 02:14:07 UTC")
        .shows("02:14:07");
    assert!(dashboard.selected().contains("deployed 2.9.0"));
    // Another one before it, relative to now, in the other zone.
    dashboard.keys("tarolled back<tab><ctrl-u>01:00 garbage<enter>");
    dashboard.shows("a note").shows("garbage");
    dashboard
        .keys("<ctrl-u>03:05<enter>")
        .shows("noted at 2026-11-22 03:05:00 Europe/Berlin");
    let texts: Vec<_> = dashboard
        .model
        .timeline
        .timeline
        .entries()
        .iter()
        .map(|e| e.text.clone())
        .collect();
    assert_eq!(
        texts,
        ["rolled back", "deployed 2.9.0"],
        "ordered by time, not by hand"
    );
    dashboard.keys("Ge<backspace><backspace>1<enter>");
    assert!(
        dashboard.selected().contains("deployed 2.9.1")
            || dashboard.selected().contains("deployed 2.91")
    );
    // A time that was not touched stays to the millisecond.
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("2p");
    let time = dashboard.model.timeline.entry().unwrap().time;
    dashboard.keys("6e!<enter>");
    assert_eq!(dashboard.model.timeline.entry().unwrap().time, time);
    // A note at the time of what is selected, from any view.
    dashboard.keys("2:note_here<enter>looked at it<enter>");
    let entries = dashboard.model.timeline.timeline.entries();
    assert!(
        entries.iter().all(|entry| entry.time == time),
        "{entries:?}"
    );
    assert_eq!(entries.len(), 2);
}

#[test]
fn no_wrong_key_loses_anything() {
    let mut dashboard = Dashboard::new(80, 24);
    // Esc in the middle of a sentence.
    dashboard
        .keys("6arestarted the eng<esc>")
        .shows("not saved, and not lost");
    dashboard.keys("1:note<enter>").shows("restarted the eng");
    dashboard.keys("ine<enter>6");
    assert!(dashboard.selected().contains("restarted the engine"));
    // Enter on nothing, keys of other views, quitting.
    dashboard.keys("a<enter>").shows("nothing is written");
    dashboard.keys("<esc>");
    assert_eq!(dashboard.model.mode, Mode::Normal);
    for key in ["d", "x", "p", "u"] {
        dashboard.keys(key);
    }
    assert!(
        dashboard.selected().contains("restarted the engine"),
        "d is undone by u"
    );
    dashboard
        .keys("e now<esc>a")
        .shows("restarted the engine now");
    dashboard.keys("<enter>").shows("restarted the engine now");
    assert_eq!(dashboard.model.timeline.timeline.len(), 1);
    dashboard.keys("uuu").shows("nothing to undo");
    assert!(dashboard.model.timeline.timeline.is_empty());
    dashboard.keys("<ctrl-r>UU");
    assert!(dashboard.selected().contains("restarted the engine now"));
    // Pasted text is typed, and its controls are dropped.
    dashboard.keys("a");
    dashboard.input(Input::Paste("one\u{1b}[2J\ntwo".into()));
    dashboard.keys("<enter>").shows("one[2Jtwo");
}

#[test]
fn what_is_not_saved_is_told_and_stays() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.noted();
    dashboard.keys("6afirst<enter>").shows("saved in the case");
    dashboard.kept = Kept::Nowhere("no space left on device".into());
    dashboard.keys("asecond<enter>");
    dashboard.noted().shows("NOT SAVED: no space left");
    assert_eq!(dashboard.model.timeline.timeline.len(), 2);
    dashboard.keys("1q").shows("the timeline is not saved");
    dashboard.keys("<esc>");
    dashboard.kept = Kept::Beside("/x/y.timeline".into(), "it is being written".into());
    dashboard
        .noted()
        .shows("/x/y.timeline: it is being written");
    assert_eq!(dashboard.notes.len(), 2, "each change leaves once");
}

#[test]
fn what_others_write_arrives_and_an_old_answer_takes_nothing_back() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("6amine<enter>");
    // An answer from before that change.
    let notes = std::mem::take(&mut dashboard.notes);
    let id = EntryId {
        made: 5,
        number: 0,
        writer: 99,
    };
    let theirs = Change {
        id,
        stamp: Stamp { at: 6, writer: 99 },
        entry: Some(note(id, END.0, "theirs")),
    };
    dashboard.others.apply(theirs);
    dashboard.noted().shows("mine").shows("theirs");
    dashboard.notes = notes;
    dashboard.noted().shows("mine").shows("theirs");
    // What they change meanwhile is not undone by us.
    dashboard.keys("g");
    let mine = dashboard
        .model
        .timeline
        .timeline
        .entries()
        .into_iter()
        .find(|e| e.text == "mine")
        .unwrap()
        .clone();
    let stamp = Stamp {
        at: i64::MAX / 2,
        writer: 99,
    };
    let changed = note(mine.id, mine.time.0, "mine, as they see it");
    dashboard.others.apply(Change {
        id: mine.id,
        stamp,
        entry: Some(changed),
    });
    dashboard.noted();
    dashboard
        .keys("u")
        .shows("another program has changed that entry");
    dashboard.shows("mine, as they see it");
}

#[test]
fn the_post_mortem_is_asked_for_with_all_that_is_there() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("p:write_post<enter>");
    let asked =
        matches!(&dashboard.effects[..], [Effect::PostMortem(timeline, _)] if timeline.len() == 1);
    assert!(asked, "{:?}", dashboard.effects);
    dashboard.input(Input::Told(Ok("the post-mortem is in /x.md".into())));
    dashboard.shows("the post-mortem is in /x.md");
}
