//! What makes a session: filters and the way back, history, marks, counts, times.

use lastseen::app::input::{Effect, Question};
use lastseen::app::model::Mode;
use lastseen::app::place::Place;
use lastseen::domain::time::Span;
use lastseen::domain::verdict::Verdict;

use super::support::dashboard::Dashboard;
use super::support::fake_answers::{END, START};

fn id(dashboard: &Dashboard) -> String {
    dashboard.model.messages.selected().unwrap().id.clone()
}

fn total(dashboard: &Dashboard) -> usize {
    dashboard.model.messages.page.total
}

#[test]
fn a_wrong_filter_says_where_and_what_to_write_and_loses_nothing() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2&verdict:lost");
    assert_eq!(total(&dashboard), 86);
    dashboard
        .keys(" hots=eng-3")
        .shows("✗ at 14: no attribute is called `hots`; did you mean host?");
    // The list goes on to show what was right so far, and Enter takes nothing that is wrong.
    assert_eq!(total(&dashboard), 86);
    dashboard.keys("<enter>").shows("hots=eng-3█");
    dashboard
        .keys("<ctrl-w>host=eng-3")
        .shows("host=eng-3█ ")
        .shows(" match");
    let both = total(&dashboard);
    assert!(0 < both && both < 86);
    dashboard
        .keys("<enter>")
        .shows("filter: verdict:lost host=eng-3");
    dashboard.keys("u").shows("no filter").shows("of 1,500");
}

#[test]
fn the_selected_message_stays_selected_through_filters_and_back() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2jjjjjjjj");
    let chosen = id(&dashboard);
    // It stays where it is kept.
    dashboard.keys("lll").shows("= keeps host=");
    dashboard.keys("=").shows("filter: host=eng-");
    assert_eq!(id(&dashboard), chosen);
    assert!(total(&dashboard) < 1500);
    // What was left out is selected again when it is shown again.
    dashboard.keys("!");
    assert_eq!(total(&dashboard), 0);
    dashboard.keys("u");
    assert_eq!(id(&dashboard), chosen);
    dashboard.keys("u").shows("no filter");
    assert_eq!(id(&dashboard), chosen);
    dashboard.keys("<ctrl-r><ctrl-r>");
    assert_eq!(total(&dashboard), 0);
    dashboard.keys("c").shows("of 1,500");
    assert_eq!(id(&dashboard), chosen);
    dashboard.keys("uuuu").shows("no filter to undo");
}

#[test]
fn a_search_moves_and_hides_nothing() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2jjj");
    let before = id(&dashboard);
    dashboard.keys("/host=eng-3").shows("match ");
    assert_eq!(total(&dashboard), 1500);
    assert!(dashboard.model.messages.cursor >= 3);
    dashboard.keys("<esc>");
    assert_eq!(id(&dashboard), before);
    dashboard
        .keys("/verdict:completed<enter>")
        .shows("· /verdict:completed: match 1 of ");
    let first = dashboard.model.messages.cursor;
    dashboard.keys("n03n").shows(": match 5 of ");
    assert_eq!(dashboard.model.messages.cursor, first + 4);
    dashboard.keys("N").shows(": match 4 of ");
    dashboard
        .keys("/nowhere<enter>")
        .shows("no message of this list matches nowhere");
    let mut fresh = Dashboard::new(120, 40);
    fresh
        .keys("2n")
        .shows("nothing is searched for: / begins a search");
}

#[test]
fn only_the_newest_of_what_is_typed_is_answered() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("2");
    dashboard.slow = true;
    dashboard.keys("&host=eng-3");
    dashboard.shows("&host=eng-3█ …");
    dashboard.answer_all();
    dashboard.shows(" match");
    let asked = dashboard
        .asked
        .iter()
        .rev()
        .find_map(|question| match question {
            Question::Messages(query) => Some(query.clone()),
            _ => None,
        });
    assert_eq!(asked.unwrap().terms, dashboard.model.messages.filter.terms);
}

#[test]
fn counts_repeat_and_go_to_rows() {
    for (keys, row) in [
        ("012j", 12),
        ("012j05k", 7),
        ("010G", 9),
        ("01G", 0),
        ("03<ctrl-d>", 45),
        ("0999999j", 1499),
    ] {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.keys("2").keys(keys);
        assert_eq!(dashboard.model.messages.cursor, row, "{keys}");
    }
    let mut dashboard = Dashboard::new(120, 40);
    // Sorted by time the lost ones are far apart: beyond what is loaded.
    dashboard.keys("2s").keys("05x");
    let fifth = id(&dashboard);
    let mut other = Dashboard::new(120, 40);
    other.keys("2sxxxxx");
    assert_eq!(id(&other), fifth);
    assert_eq!(
        other.model.messages.selected().unwrap().verdict,
        Verdict::Lost
    );
}

#[test]
fn a_waiting_key_shows_what_may_follow_and_swallows_nothing() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("201").shows("1 times  then ").shows("j ");
    dashboard.keys("2<backspace>").shows("1 times");
    // A key that takes no count does what it does, and says so.
    dashboard
        .keys("s")
        .shows("s takes no count")
        .shows("by last seen");
    dashboard.keys("m").shows("mark it with a letter");
    dashboard
        .keys("<down>")
        .shows("down is no letter: nothing was marked");
    assert_eq!(dashboard.model.messages.cursor, 1);
    dashboard
        .keys("'")
        .shows("none; m and a letter mark something");
    dashboard.keys("1").shows("1 is no letter of a mark");
    assert_eq!(dashboard.model.place, Place::Board);
    dashboard.keys("'q").shows("nothing is marked q");
    dashboard.keys("m<esc>").shows_not("mark it");
}

#[test]
fn marks_lead_back_to_messages_and_places() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2jjj");
    let third = id(&dashboard);
    dashboard.keys("ma").shows(&format!("a marks {third}"));
    assert!(dashboard.selected().starts_with("a❯"));
    dashboard.keys("v012jmb").keys("1x").keys("mg");
    let board = dashboard.selected();
    dashboard.keys("7'a");
    assert_eq!(dashboard.model.place, Place::Lifecycle);
    dashboard.shows(&third);
    dashboard.keys("<esc>");
    dashboard.keys("'g");
    assert_eq!(dashboard.selected(), board);
    dashboard.keys("\"").shows("marks").shows(&third);
    dashboard.keys("b");
    assert_eq!(
        (dashboard.model.place, &dashboard.model.mode),
        (Place::Lifecycle, &Mode::Normal)
    );
    // Setting it again takes it away, another use of the letter is told.
    dashboard.keys("2ma").shows("and no longer what it did");
    dashboard.keys("ma").shows("a marks nothing any more");
}

#[test]
fn history_goes_back_and_forward_over_places_as_they_were() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("x<enter>jj<enter>k");
    let message = dashboard.screen();
    dashboard.keys("7j1jjj2c");
    let list = id(&dashboard);
    dashboard.keys("G03[");
    assert_eq!(dashboard.screen(), message);
    dashboard.keys("[").shows("filter: lost");
    assert_eq!(dashboard.model.place, Place::Messages);
    assert_eq!(dashboard.model.messages.cursor, 2);
    dashboard.keys("[");
    assert_eq!(dashboard.model.place, Place::Board);
    dashboard.keys("[").shows("no place to go back to");
    dashboard.keys("]]");
    assert_eq!(dashboard.screen(), message);
    dashboard.keys("]]]");
    assert_eq!(dashboard.model.place, Place::Messages);
    dashboard.shows("no filter");
    assert_ne!(id(&dashboard), list, "it was left at the last row");
    dashboard.keys("]").shows("no place to go forward to");
    // The last view and back again.
    dashboard.keys("-");
    assert_eq!(dashboard.model.place, Place::Board);
    dashboard.keys("-");
    assert_eq!(dashboard.model.place, Place::Messages);
}

#[test]
fn a_time_is_echoed_in_full_and_gone_to() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys("2sT02:10")
        .shows("to 02:10█ 2026-11-22 02:10:00 UTC (+00:00)");
    dashboard
        .keys("<enter>")
        .shows("the first message at or after 2026-11-22 02:10:00 UTC");
    let at = |d: &Dashboard| d.model.messages.selected().unwrap().last_seen;
    assert!(at(&dashboard).0 % 3_600_000 >= 600_000);
    dashboard.keys("k");
    assert!(at(&dashboard).0 % 3_600_000 < 600_000);
    // So long before the end of what was read, and read in the zone that is shown.
    dashboard.keys("T-15m").shows("02:45:00 UTC");
    dashboard.keys("<esc>");
    dashboard.keys("tT03:10").shows("03:10:00 CET (+01:00)");
    dashboard.keys("<enter>").keys("t");
    assert!(at(&dashboard).0 % 3_600_000 >= 600_000);
    dashboard.keys("T25:99").shows("`25:99` is not a time");
    dashboard.keys("<enter>").shows("to 25:99█");
    dashboard.keys("<esc>");
    dashboard
        .keys("<enter>T03:59<enter>")
        .shows("the sighting nearest to");
    assert_eq!(dashboard.model.place, Place::Lifecycle);
}

#[test]
fn any_zone_can_be_shown() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys("Zamerica/new_york")
        .shows("America/New_York");
    dashboard
        .keys("<enter>")
        .shows("America/New_York │ 2026-11-21 21:00–22:00");
    dashboard.keys("t").shows("UTC │");
    dashboard.keys("t").shows("Europe/Berlin │");
    dashboard.keys("t").shows("America/New_York │");
    dashboard
        .keys("ZBerlin")
        .shows("did you mean Europe/Berlin?");
    dashboard.keys("<enter><esc>").shows("America/New_York │");
    dashboard.keys(":zone").shows("another time zone");
    dashboard.keys("<enter>").shows("zone █");
}

#[test]
fn another_range_says_what_it_means_before_it_is_read() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys("W")
        .shows("2026-11-22 01:00:00 .. 2026-11-22 03:00:00 UTC: 1h");
    dashboard.keys("03:00..02:00").shows("is not before");
    dashboard
        .keys("<enter><ctrl-u>01:30..02:30")
        .shows("2026-11-22 01:30:00 .. 2026-11-22 02:30:00 UTC");
    dashboard
        .keys("<enter>")
        .shows("reading 2026-11-22 01:30:00");
    let span = Span::new(START.plus(-1_800_000), START.plus(1_800_000));
    assert_eq!(dashboard.effects, [Effect::Again(span)]);
    dashboard.keys("W+2h<enter>");
    let span = Span::new(START.plus(-7_200_000), END);
    assert_eq!(dashboard.effects.last(), Some(&Effect::Again(span)));
    dashboard.keys("W+lots").shows("no length of time");
}

#[test]
fn what_can_be_read_over_no_other_time_says_so_at_once() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.model.fixed = Some("all that is there was read: there is no more time to it".into());
    dashboard
        .keys("W")
        .shows("there is no more time to it")
        .shows_not("read █");
    assert_eq!(dashboard.model.mode, Mode::Normal);
    assert!(dashboard.effects.is_empty());
}

#[test]
fn a_term_that_is_added_stands_apart_and_what_is_no_filter_shows_what_was_right() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2&verdict:lost<enter>");
    assert_eq!(total(&dashboard), 86);
    dashboard.keys("&").shows("verdict:lost █");
    dashboard.keys("<enter>").shows("filter: verdict:lost");
    dashboard
        .keys("&host=eng-3")
        .shows("verdict:lost host=eng-3█");
    dashboard
        .keys("<enter>")
        .shows("filter: verdict:lost host=eng-3");
    let both = total(&dashboard);
    assert!(0 < both && both < 86);
    dashboard.keys("u&<ctrl-u>verdict:lost").keys("swimlane=9");
    dashboard.shows("verdict:lostswimlane=9█").shows("✗ at");
    assert_eq!(total(&dashboard), 86);
}

#[test]
fn every_key_that_filters_says_what_it_did_and_is_taken_back() {
    let mut dashboard = Dashboard::new(80, 24);
    for (key, told) in [
        ("v", "only verdict lost; v takes the next, u takes it back"),
        (
            "e",
            "only environment prod; e takes the next, u takes it back",
        ),
        (
            "a",
            "only last stage queue; a takes the next, u takes it back",
        ),
    ] {
        dashboard.keys("2").keys(key).shows(told);
        dashboard.keys("u").shows("no filter");
    }
    dashboard
        .keys("vc")
        .shows("all messages again; u takes it back");
    dashboard.keys("u").shows("filter: lost");
    // The log: a term, its source, its environment, and all of them dropped at once.
    dashboard
        .keys("4&a<enter>s")
        .shows("only prod/")
        .shows("takes it back");
    dashboard.keys("e").shows("only prod; u takes it back");
    dashboard.shows("filter: with \"a\", only prod");
    dashboard
        .keys("c")
        .shows("all lines, this one in its place; u filters again")
        .shows("no filter");
    dashboard.keys("u").shows("filter: with \"a\", only prod");
    dashboard.keys("u").shows("filter: with \"a\", only prod/");
    dashboard.keys("u").shows("filter: with \"a\"");
    dashboard.keys("u").shows("no filter");
}

#[test]
fn a_slow_search_never_looks_as_if_there_was_nothing() {
    for (columns, rows) in [(40, 12), (80, 24), (120, 40)] {
        for (view, typed) in [
            ("4", "&nowhere"),
            ("4", "!nowhere"),
            ("4", "/nowhere"),
            ("2", "&nowhere"),
        ] {
            let mut dashboard = Dashboard::new(columns, rows);
            dashboard.keys(view);
            dashboard.slow = true;
            dashboard.keys(typed);
            let screen = dashboard.screen();
            let said = ["searching", "counting", "so far"];
            let telling = said.iter().any(|word| screen.contains(word));
            assert!(telling, "{view}{typed} at {columns}x{rows}\n{screen}");
            dashboard.keys("<enter>");
            for none in [
                "no match",
                "no line is kept",
                "no message matches",
                "no \"nowhere\"",
            ] {
                dashboard.shows_not(none);
            }
        }
    }
}
