//! Quitting and coming back: what is kept of a session, and that a broken file stops nobody.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use lastseen::app::input::{Effect, Input};
use lastseen::app::mouse_event::Mouse;
use lastseen::app::place::Place;
use lastseen::app::session;
use lastseen::runtime::session::SessionFile;

use super::support::dashboard::Dashboard;
use super::support::fake_answers::FakeAnswers;

#[test]
fn one_comes_back_to_place_filter_marks_and_zone() {
    let folder = tempfile::tempdir().unwrap();
    let file = SessionFile::in_folder(&folder.path().join("sessions"), "acme");
    assert_eq!(file.read(), Ok(None));
    let mut before = Dashboard::new(120, 40);
    before.keys("x<enter>&host=eng-3<enter>sjjmajmb").keys("t");
    let chosen = before.model.messages.selected().unwrap().id.clone();
    file.write(&session::of(&before.model, file.about()).unwrap())
        .unwrap();
    let name = fs::read_dir(folder.path().join("sessions"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(name.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let mut after = Dashboard::before(FakeAnswers::incident(), 120, 40);
    after.model.resume = file.read().unwrap();
    after.overview();
    assert_eq!(after.model.place, Place::Messages);
    after
        .shows("filter: lost, orders, prod, last at queue, host=eng-3")
        .shows("Europe/Berlin │");
    assert_eq!(after.model.messages.selected().unwrap().id, chosen);
    assert!(after.selected().starts_with("b❯"), "{}", after.selected());
    let but_the_last_line = |d: &Dashboard| {
        d.screen()
            .trim_end()
            .rsplit_once('\n')
            .map(|(s, _)| s.to_owned())
    };
    assert_eq!(but_the_last_line(&after), but_the_last_line(&before));
    // A mark of another run is found by its name, and the way back is the undo of a filter.
    after.keys("1'a");
    assert_eq!(after.model.messages.page.total, 1);
    after.keys("<enter>");
    assert_eq!(after.model.place, Place::Lifecycle);
    after.keys("<esc>u").shows("host=eng-3");
}

#[test]
fn a_broken_file_is_told_and_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = SessionFile::in_folder(folder.path(), "acme");
    let fresh = Dashboard::new(80, 24);
    file.write(&session::of(&fresh.model, "acme").unwrap())
        .unwrap();
    assert!(file.read().unwrap().is_some());
    // Another question whose number happens to be the same has no session.
    let path = fs::read_dir(folder.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("acme", "other")).unwrap();
    assert_eq!(file.read(), Ok(None));
    for (content, why) in [
        ("{\"schema\": 1", "is damaged"),
        ("\u{0}\u{0}", "is damaged"),
        (
            &text.replace("\"schema\": 1", "\"schema\": 9"),
            "was written by another version",
        ),
        (&"x".repeat(2 << 20), "is too large"),
    ] {
        fs::write(&path, content).unwrap();
        let told = file.read().unwrap_err();
        assert!(
            told.contains("the last session is left out") && told.contains(why),
            "{told}"
        );
    }
}

#[test]
fn a_filter_that_means_nothing_any_more_is_told() {
    let mut before = Dashboard::new(80, 24);
    before.keys("2&host=eng-3<enter>");
    let kept = session::of(&before.model, "acme").unwrap();
    let mut after = Dashboard::before(FakeAnswers::nothing(), 120, 40);
    after.model.resume = Some(kept);
    after.overview();
    after.change(FakeAnswers::incident());
    after.shows("filter: host=eng-3");
}

#[test]
fn nothing_is_kept_of_what_was_never_shown() {
    let before = Dashboard::before(FakeAnswers::nothing(), 80, 24);
    assert!(session::of(&before.model, "acme").is_none());
}

#[test]
fn what_came_while_nobody_looked_is_counted() {
    let mut dashboard = Dashboard::with(FakeAnswers::loading(), 120, 40);
    dashboard.keys("2jjjjj");
    let chosen = dashboard.model.messages.selected().unwrap().handle;
    let seen = dashboard.model.messages.page.total;
    dashboard.change(FakeAnswers::incident());
    let new = dashboard.model.messages.page.total - seen;
    assert!(new > 0);
    assert_eq!(new, 1250);
    dashboard.shows("· 1,250 new");
    assert_eq!(dashboard.model.messages.selected().unwrap().handle, chosen);
    dashboard.keys("k").shows_not(" new");
    // F goes with the newest; the next movement stops that.
    dashboard.keys("F").shows("· following");
    assert_eq!(dashboard.model.messages.cursor, 0);
    dashboard.change(FakeAnswers::loading());
    dashboard.change(FakeAnswers::incident());
    assert_eq!(dashboard.model.messages.cursor, 0);
    dashboard.keys("j").shows_not("following");
    dashboard.keys("F").shows("following");
    dashboard.keys("F").shows_not("· following");
}

#[test]
fn the_mouse_is_ours_only_where_asked_for() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.shows_not("mouse");
    dashboard
        .keys("2*")
        .shows("* frees it to select text")
        .shows("mouse: * frees it");
    assert_eq!(dashboard.effects, [Effect::Mouse(true)]);
    let row = |d: &Dashboard| d.model.messages.cursor;
    dashboard.input(Input::Mouse(Mouse::WheelDown));
    assert_eq!(row(&dashboard), 3);
    // The header, the headings of the columns, then the rows.
    dashboard.input(Input::Mouse(Mouse::Click(10, 2 + 7)));
    assert_eq!(
        (row(&dashboard), dashboard.model.place),
        (7, Place::Messages)
    );
    dashboard.input(Input::Mouse(Mouse::Click(10, 2 + 7)));
    assert_eq!(dashboard.model.place, Place::Lifecycle);
    for row in [0, 1, 39, 40, 65_535] {
        dashboard.input(Input::Mouse(Mouse::Click(10, row)));
    }
    dashboard
        .keys("<esc>")
        .keys(":mouse<enter>")
        .shows("terminal's own again");
    assert_eq!(dashboard.effects.last(), Some(&Effect::Mouse(false)));
}

/// Clicks where a text stands.
fn click(dashboard: &mut Dashboard, text: &str) {
    let screen = dashboard.screen();
    let row = screen.lines().position(|line| line.contains(text));
    let row = row.unwrap_or_else(|| panic!("no {text:?} on:\n{screen}"));
    let line = screen.lines().nth(row).unwrap();
    let column = line[..line.find(text).unwrap()].chars().count();
    dashboard.input(Input::Mouse(Mouse::Click(column as u16, row as u16)));
}

#[test]
fn every_tab_that_is_seen_can_be_clicked() {
    for columns in [40, 80, 120, 200] {
        for row in Place::ALL {
            let mut dashboard = Dashboard::new(columns, 24);
            dashboard.keys("2<enter>1*");
            let screen = dashboard.screen();
            let header: Vec<char> = screen.lines().next().unwrap().chars().collect();
            let number = char::from_digit(
                Place::ALL.iter().position(|p| *p == row).unwrap() as u32 + 1,
                10,
            );
            let tab = header
                .iter()
                .rposition(|c| Some(*c) == number && columns > 40);
            let Some(column) = tab else { continue };
            dashboard.input(Input::Mouse(Mouse::Click(column as u16, 0)));
            assert_eq!(dashboard.model.place, row, "{columns}\n{screen}");
            dashboard.shows_not("nothing to click");
            if row != Place::Board {
                dashboard.keys("[");
            }
            assert_eq!(dashboard.model.place, Place::Board, "{columns}");
        }
    }
}

#[test]
fn a_click_selects_what_is_drawn_there_in_every_view() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("*");
    click(&mut dashboard, "✗ denied");
    assert!(dashboard.selected().contains("✗ denied"));
    click(&mut dashboard, "● engine");
    assert!(dashboard.selected().contains("● engine"));
    dashboard.keys("4jj");
    let line = dashboard.selected();
    dashboard.keys("gg");
    click(&mut dashboard, line.trim_start_matches('❯').trim_start());
    assert_eq!(dashboard.selected(), line);
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("*pj<enter><tab>");
    let message = dashboard.keys("j").selected();
    dashboard.keys("k");
    let id = message.trim_start_matches('❯').trim_start();
    click(&mut dashboard, id.split_whitespace().next().unwrap());
    assert_eq!(dashboard.selected(), message);
    dashboard.keys("<tab>");
    let line = dashboard.selected();
    dashboard.keys("<tab>");
    click(&mut dashboard, line.trim_start_matches('❯').trim());
    assert_eq!(dashboard.selected(), line);
    let edge = dashboard.keys("5j").selected();
    dashboard.keys("k");
    click(&mut dashboard, edge.trim_start_matches('❯').trim());
    assert_eq!(dashboard.selected(), edge);
    dashboard.keys("1p6");
    let entry = dashboard.keys("g").selected();
    dashboard.keys("G");
    click(&mut dashboard, entry.trim_start_matches('❯').trim());
    assert_eq!(dashboard.selected(), entry);
}

#[test]
fn typing_in_the_help_finds_and_enter_does_it() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys("2?sort rev")
        .shows("sort the other way round");
    dashboard.shows_not("half a page down");
    dashboard.keys("<enter>").shows("reversed");
    // Letters in their order are enough.
    dashboard.keys(":ftrin").shows("keep only the chosen value");
    dashboard
        .keys("<esc>?zzzz")
        .shows("no action of this view matches");
    dashboard.keys("<esc>?<down><down>");
    assert!(dashboard.screen().contains("❯x"));
}
