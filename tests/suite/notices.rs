//! What is said is kept: a word goes with the next key, what failed stays until somebody has seen it.

#![allow(clippy::panic, reason = "a test may panic")]

use std::sync::Arc;

use lastseen::app::input::Input;

use crate::share::{SECRETS, mask};
use crate::support::dashboard::Dashboard;

fn failed(dashboard: &mut Dashboard, why: &str) {
    dashboard.input(Input::Told(Err(why.to_owned())));
}

#[test]
fn what_failed_stands_until_it_is_put_away() {
    let mut dashboard = Dashboard::new(80, 24);
    failed(
        &mut dashboard,
        "the post-mortem could not be written: disk full",
    );
    dashboard.shows("✗ the post-mortem could not be written: disk full");
    // Neither keys nor words nor another view take it away, and what the keys do goes on.
    dashboard
        .keys("2jj1j")
        .shows("✗ the post-mortem could not be written");
    dashboard.keys("t").shows("times are now shown in");
    dashboard.shows("✗ the post-mortem could not be written");
    dashboard.input(Input::Told(Ok("copied".into())));
    dashboard.shows("copied").shows("✗ the post-mortem");
}

#[test]
fn escape_puts_it_away_and_does_nothing_else_and_it_is_counted_until_it_was_read() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("2");
    failed(&mut dashboard, "disk full");
    failed(&mut dashboard, "still full");
    let place = dashboard.model.place;
    dashboard.keys("<esc>").shows_not("still full");
    dashboard.shows("✗ 2 errors: :notices");
    assert_eq!(dashboard.model.place, place);
    dashboard.keys("jk1").shows("✗ 2 errors: :notices");
    dashboard.keys(":notices<enter>").shows("disk full");
    dashboard.shows("still full").shows_not("2 errors");
    dashboard.keys("<esc>").shows_not("still full");
    dashboard.keys("2<esc>").shows_not("errors");
}

#[test]
fn every_word_is_in_the_list_the_newest_first() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys(":notices<enter>")
        .shows("nothing was said yet");
    // The zone, twice a word about itself, and the word of a key that does nothing.
    dashboard.keys("tt1\u{7f}").keys("11:notices<enter>");
    let screen = dashboard.screen();
    let row = |text: &str| {
        let rows = screen.lines().position(|line| line.contains(text));
        rows.unwrap_or_else(|| panic!("no {text:?} on\n{screen}"))
    };
    assert!(row("board is in front already") < row("shown in UTC"));
    assert!(row("shown in UTC") < row("shown in Europe/Berlin"));
    assert!(row("shown in Europe/Berlin") < row("nothing was said yet"));
    dashboard.keys("j").selected();
    dashboard.keys("G");
    assert!(dashboard.selected().contains("nothing was said yet"));
}

#[test]
fn a_long_failure_is_told_whole_on_a_small_screen() {
    let mut dashboard = Dashboard::new(80, 24);
    let why = "the timeline is NOT SAVED: /var/state/lastseen/cases/orders: no space left on device; w on 6 writes it elsewhere";
    failed(&mut dashboard, why);
    dashboard.shows("NOT SAVED").shows("writes it elsewhere");
    dashboard
        .keys("<esc>:notices<enter>")
        .shows("writes it elsewhere");
}

#[test]
fn what_was_said_is_masked_while_others_look_on() {
    let (_, text, secret) = SECRETS[0];
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.model.share.with = Some(Arc::new(mask()));
    failed(&mut dashboard, text);
    dashboard.keys("M").shows_not(secret);
    dashboard.keys(":notices<enter>").shows_not(secret);
}
