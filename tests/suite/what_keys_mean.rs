//! A key means what somebody who presses it wants, whatever is there yet and wherever it is pressed.

use lastseen::app::input::Input;
use lastseen::app::model::Mode;
use lastseen::app::mouse_event::Mouse;
use lastseen::app::place::Place;

use super::support::dashboard::Dashboard;
use super::support::fake_answers::FakeAnswers;

fn total(dashboard: &Dashboard) -> usize {
    dashboard.model.messages.page.total
}

#[test]
fn what_a_finding_names_is_filtered_by_that_name() {
    for (text, some) in [
        ("region=eu-central-1", true),
        ("region!=eu-central-1", true),
        ("env=qa", true),
        ("source:engine", true),
        ("region=mars", false),
    ] {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.keys("2");
        let all = total(&dashboard);
        dashboard.keys("&").keys(text).shows_not("✗ at");
        dashboard.keys("<enter>").shows(&format!("filter: {text}"));
        let kept = total(&dashboard);
        assert_eq!((0 < kept, kept < all), (some, true), "{text}");
    }
}

#[test]
fn a_time_keeps_the_messages_of_that_time_and_is_echoed_in_full() {
    for (text, told) in [
        ("02:10..02:20", "seen 2026-11-22 02:10:00 .. 02:20:00 UTC"),
        (
            "time=02:10..02:20",
            "seen 2026-11-22 02:10:00 .. 02:20:00 UTC",
        ),
        (">02:10", "seen from 2026-11-22 02:10:00 on UTC"),
        ("after=02:10", "seen from 2026-11-22 02:10:00 on UTC"),
        ("before=02:10", "seen before 2026-11-22 02:10:00 UTC"),
        (
            "last_seen>02:10",
            "last seen from 2026-11-22 02:10:00 on UTC",
        ),
        (
            "!first_seen<02:10",
            "not first seen before 2026-11-22 02:10:00 UTC",
        ),
    ] {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.keys("2");
        let all = total(&dashboard);
        let typed: String = text.replace('<', "<<>");
        let typed = if text.contains('<') {
            text.to_owned()
        } else {
            typed
        };
        dashboard
            .keys("&")
            .keys(&typed)
            .shows(told)
            .shows(" match · ");
        dashboard.keys("<enter>").shows(told);
        let kept = total(&dashboard);
        assert!(0 < kept && kept < all, "{text}: {kept} of {all}");
    }
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2&").shows("01:46..01:50");
    dashboard
        .keys("last_seen=02:10")
        .shows("write time=01:46..01:50");
    dashboard
        .keys("<ctrl-u>02:20..02:10")
        .shows("ends before it begins");
}

#[test]
fn a_search_is_counted_again_when_the_list_changes() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2v/eng-3<enter>");
    let counted = |dashboard: &Dashboard| dashboard.model.messages.search.sought.unwrap().matches;
    let lost = counted(&dashboard);
    let selected = dashboard.model.messages.selected().unwrap().id.clone();
    dashboard.keys("c");
    let all = counted(&dashboard);
    assert!(all > lost, "{all} {lost}");
    assert_eq!(dashboard.model.messages.selected().unwrap().id, selected);
    dashboard.shows(" of ").shows_not(&format!("of {lost} "));
    // The row is the number it is, and n goes on from there.
    let number = dashboard.model.messages.search.sought.unwrap().number;
    assert!(number > 0);
    dashboard.keys("n");
    let next = dashboard.model.messages.search.sought.unwrap();
    assert_eq!((next.number, next.matches), (number % all + 1, all));
    dashboard.keys("u");
    assert_eq!(counted(&dashboard), lost);
}

#[test]
fn the_second_click_is_on_what_the_first_was() {
    let mut dashboard = Dashboard::new(80, 24);
    let screen = |d: &Dashboard| d.screen();
    dashboard.keys("G");
    let line = |d: &Dashboard| screen(d).lines().nth(3).unwrap().replace('❯', " ");
    let before = line(&dashboard);
    let click = Input::Mouse(Mouse::Click(10, 3));
    dashboard.input(click.clone());
    assert_eq!(line(&dashboard), before);
    let rank = dashboard
        .model
        .board
        .cursor(&dashboard.model.overview, &dashboard.model.findings);
    dashboard.input(click);
    assert_eq!(dashboard.model.place, Place::Evidence, "{rank:?}");
}

#[test]
fn findings_that_arrive_take_the_cursor_from_where_it_stood_for_want_of_them() {
    let mut none = FakeAnswers::loading();
    none.find_nothing();
    let mut dashboard = Dashboard::with(none, 80, 24);
    dashboard.keys("j");
    dashboard.change(FakeAnswers::incident());
    dashboard.keys("<enter>");
    assert_eq!(dashboard.model.place, Place::Evidence);
}

#[test]
fn a_count_without_a_number_is_told_and_the_key_works() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("20").shows("count: type a number");
    dashboard.keys("j").shows("j once; 012j is 12 times");
    assert_eq!(dashboard.model.messages.cursor, 1);
    dashboard.keys("0G").shows("G once");
    assert!(dashboard.model.messages.cursor > 1);
}

#[test]
fn a_prompt_of_the_messages_opens_from_elsewhere_and_takes_what_is_typed() {
    for view in ["", "7", "6"] {
        for sign in ["/", "&"] {
            let mut dashboard = Dashboard::new(120, 40);
            dashboard.keys(view).keys(sign).keys("qeng-3");
            assert!(
                matches!(dashboard.model.mode, Mode::Typing(_)),
                "{view}{sign}"
            );
            assert_eq!(dashboard.model.place, Place::Messages);
            dashboard.shows(&format!("{sign}qeng-3█"));
        }
    }
}
