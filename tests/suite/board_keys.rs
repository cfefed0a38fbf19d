//! What the board does with keys and clicks that come early, or lead to nothing; and what it says of a
//! configuration that reads nothing.

use std::sync::Arc;

use lastseen::app::board::{self, Cursor, FlowRow};
use lastseen::app::input::Input;
use lastseen::app::mouse_event::Mouse;
use lastseen::app::place::Place;

use crate::support::dashboard::Dashboard;
use crate::support::fake_answers::FakeAnswers;

fn cursor(dashboard: &Dashboard) -> Cursor {
    let model = &dashboard.model;
    model.board.cursor(&model.overview, &model.findings)
}

#[test]
fn a_stage_where_nobody_was_seen_last_opens_nothing() {
    let mut dashboard = Dashboard::new(120, 40);
    let mut overview = (*dashboard.model.overview).clone();
    let env = &mut overview.pipelines[0].environments[0];
    let stage = &mut env.stages[0];
    stage.here.0.fill(0);
    let name = Arc::clone(&stage.name);
    let row = board::rows(env)
        .iter()
        .position(|row| *row == FlowRow::Stage(0));
    dashboard.model.overview = Arc::new(overview);
    let row = row.expect("every stage has a row");
    dashboard.model.board.select(Cursor::Flow { panel: 0, row });
    let filter = dashboard.model.messages.filter.clone();
    dashboard
        .keys("<enter>")
        .shows(&format!("no message is last seen at {name}"));
    assert_eq!(dashboard.model.place, Place::Board);
    assert_eq!(dashboard.model.messages.filter, filter);
}

#[test]
fn until_the_cursor_was_moved_it_goes_to_the_first_finding() {
    let none = || FakeAnswers::finding(Vec::clear);
    let mut dashboard = Dashboard::with(none(), 120, 40);
    dashboard.keys("k<up>gg");
    dashboard.input(Input::Mouse(Mouse::Click(10, 2)));
    assert_eq!(cursor(&dashboard), Cursor::Flow { panel: 0, row: 0 });
    dashboard.change(FakeAnswers::incident());
    assert_eq!(cursor(&dashboard), Cursor::Finding(0));
    let mut dashboard = Dashboard::with(none(), 120, 40);
    dashboard.keys("j").change(FakeAnswers::incident());
    assert_eq!(cursor(&dashboard), Cursor::Flow { panel: 0, row: 1 });
}

#[test]
fn a_click_where_findings_will_appear_selects_nothing() {
    let mut dashboard = Dashboard::before(FakeAnswers::incident(), 80, 24);
    for rows in 0..2 {
        if rows == 1 {
            dashboard.change(FakeAnswers::loading());
            let mut model = dashboard.model.clone();
            (model.findings, model.board) = (Arc::default(), board::Board::default());
            dashboard.model = model;
        }
        let before = dashboard.model.board.clone();
        let screen = dashboard.screen();
        let line = screen.lines().position(|l| l.contains("appear here"));
        if let Some(line) = line {
            dashboard.input(Input::Mouse(Mouse::Click(6, line as u16)));
            dashboard.shows("nothing to click there");
        }
        assert_eq!(dashboard.model.board, before);
    }
}

#[test]
fn a_configuration_that_reads_none_of_the_sources_is_named() {
    let mut dashboard = Dashboard::with(FakeAnswers::finding(Vec::clear), 80, 24);
    let mut overview = (*dashboard.model.overview).clone();
    for pipeline in &mut overview.pipelines {
        pipeline.environments.clear();
    }
    dashboard.model.overview = Arc::new(overview);
    dashboard.model.config = Some("lastseen.toml".into());
    dashboard
        .shows("lastseen.toml was used, and none of its stages (")
        .shows("--config FILE names another");
}

#[test]
fn rows_that_scrolled_off_above_are_told() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.shows("more rows").shows_not("above");
    let panels = board::panels(&dashboard.model.overview).len();
    let panel = panels - 1;
    dashboard.model.board.select(Cursor::Flow { panel, row: 3 });
    dashboard.shows(" rows above");
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("<enter>jj").shows("▲ 2 rows above");
    dashboard.keys("<esc><enter>").shows_not("above");
    dashboard.keys(":widen").shows("widen: another range");
}

#[test]
fn the_preview_follows_once_one_stays() {
    let mut dashboard = Dashboard::new(200, 60);
    let chart = |dashboard: &Dashboard| {
        let screen = dashboard.screen();
        let head = screen.lines().find(|line| line.contains("by the time of"));
        head.map(|line| line.trim().to_owned())
    };
    let before = chart(&dashboard);
    assert!(before.is_some());
    dashboard.typed("x");
    assert!(dashboard.model.board.moving());
    assert_eq!(chart(&dashboard), before);
    dashboard.typed("x");
    assert_eq!(chart(&dashboard), before);
    dashboard.input(Input::Rest);
    assert!(!dashboard.model.board.moving());
    assert_ne!(chart(&dashboard), before);
}

#[test]
fn enter_before_anything_is_found_opens_nothing_and_moves_nothing() {
    let mut early = FakeAnswers::loading();
    early.find_nothing();
    let mut dashboard = Dashboard::with(early, 120, 40);
    dashboard.keys("<enter>").shows("nothing was found yet");
    assert_eq!(dashboard.model.place, Place::Board);
    dashboard.change(FakeAnswers::incident());
    assert_eq!(cursor(&dashboard), Cursor::Finding(0));
    // Who has moved has chosen.
    let mut early = FakeAnswers::loading();
    early.find_nothing();
    let mut dashboard = Dashboard::with(early, 120, 40);
    dashboard
        .keys("jj<enter>")
        .shows_not("nothing was found yet");
}

#[test]
fn as_many_sources_as_fit_are_shown_and_how_many_are_not() {
    let mut many = FakeAnswers::calm();
    many.sources(30);
    let mut dashboard = Dashboard::with(many, 120, 40);
    let rows = |d: &mut Dashboard| {
        d.screen()
            .lines()
            .filter(|l| l.contains("complete"))
            .count()
    };
    dashboard.keys("7").shows("▼ 3 more rows").shows("serves");
    assert!(rows(&mut dashboard) >= 27, "{}", dashboard.screen());
    dashboard.keys("G").shows_not("▼ 3 more rows");
}

#[test]
fn an_environment_is_named_in_full_where_there_is_room() {
    for (name, columns, shown) in [
        ("staging", 80, " staging "),
        ("production-eu", 80, " product… "),
        ("production-eu", 120, " production-eu "),
        ("a-very-long-environment", 200, " a-very-long-env… "),
    ] {
        let mut many = FakeAnswers::finding(|all| {
            for found in all {
                found.env = Some(name.into());
            }
        });
        many.sources(1);
        let dashboard = Dashboard::with(many, columns, 40);
        let screen = dashboard.screen();
        let found = screen
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with("─ prod"));
        let named = found.filter(|line| line.contains(shown)).count();
        assert!(named > 2, "{screen}");
    }
}
