//! Clicks on what is no row: hints are keys, and what is known of a row is a pane.

use std::collections::BTreeMap;

use lastseen::app::evidence;
use lastseen::app::hunt::Pane as HuntPane;
use lastseen::app::input::Input;
use lastseen::app::lifecycle::Pane as LifecyclePane;
use lastseen::app::logs::Pane as LogsPane;
use lastseen::app::model::Model;
use lastseen::app::mouse_event::{Mouse, Target};
use lastseen::app::place::Place;
use lastseen::app::sources::Pane as SourcesPane;
use lastseen::ui;

use crate::support::dashboard::Dashboard;

fn click(dashboard: &mut Dashboard, text: &str) {
    let screen = dashboard.screen();
    let row = screen.lines().position(|line| line.contains(text));
    let row = row.unwrap_or_else(|| panic!("no {text:?} on:\n{screen}"));
    let line = screen.lines().nth(row).unwrap();
    let column = line[..line.find(text).unwrap()].chars().count();
    dashboard.input(Input::Mouse(Mouse::Click(column as u16, row as u16)));
}

/// Whatever the last row offers, in every view and over it: a click does what the key does.
#[test]
fn a_hint_that_is_clicked_is_the_key_it_names() {
    let views = [
        "*2<esc>",
        "*2",
        "*2<enter>",
        "*p<enter>",
        "*4",
        "*5",
        "*6",
        "*7",
        "*?",
        "*:",
        "*2/",
        "*q",
        "*2y",
    ];
    let mut clicked = 0;
    for keys in views {
        let before = || {
            let mut dashboard = Dashboard::new(120, 40);
            dashboard.keys(keys);
            dashboard
        };
        let shown = before();
        let at = |x: u16| ui::target(&shown.model, &shown.theme, (x, 39));
        let hints: BTreeMap<String, (u16, _)> = (0..120)
            .filter_map(|x| match at(x)? {
                Target::Key(chord) => Some((chord.to_string(), (x, chord))),
                _ => None,
            })
            .collect();
        for (name, (x, chord)) in hints {
            let (mut by_click, mut by_key) = (before(), before());
            by_click.input(Input::Mouse(Mouse::Click(x, 39)));
            by_key.input(Input::Key(chord));
            assert_eq!(by_click.screen(), by_key.screen(), "{keys}: {name}");
            assert_eq!(by_click.effects, by_key.effects, "{keys}: {name}");
            clicked += 1;
        }
    }
    assert!(clicked > 50, "{clicked}");
}

#[test]
fn a_click_on_what_is_known_of_a_row_lets_it_be_read() {
    type Read = fn(&Model) -> bool;
    let panes: [(&str, &str, Read); 5] = [
        ("7*", "─ details", |m| {
            matches!(m.sources.pane, SourcesPane::Detail(_))
        }),
        ("2*<enter>", "─ log line", |m| {
            let pane = m.lifecycle.as_ref().map(|view| view.pane);
            matches!(pane, Some(LifecyclePane::Log(_)))
        }),
        ("4*", "─ log line", |m| {
            matches!(m.logs.pane, LogsPane::Text(_))
        }),
        ("*p<enter><tab>", "─ finding ", |m| {
            let pane = m.evidence.as_ref().map(|view| view.pane);
            matches!(pane, Some(evidence::Pane::About(_)))
        }),
        ("*H", "─ details", |m| {
            let pane = m.hunt.as_ref().map(|view| view.pane);
            matches!(pane, Some(HuntPane::Detail(_)))
        }),
    ];
    for (keys, heading, read) in panes {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.keys(keys);
        assert!(!read(&dashboard.model), "{keys}\n{}", dashboard.screen());
        // The second click leaves it where it is.
        for _ in 0..2 {
            click(&mut dashboard, heading);
            assert!(read(&dashboard.model), "{keys}\n{}", dashboard.screen());
            dashboard.shows_not("nothing to click");
        }
    }
    // On a wide screen the selected log line of a finding stands beside what is said.
    let mut dashboard = Dashboard::new(200, 60);
    dashboard.keys("*<enter>");
    click(&mut dashboard, "─ log line ");
    let pane = dashboard.model.evidence.as_ref().map(|view| view.pane);
    assert_eq!(pane, Some(evidence::Pane::Log(0)));
}

#[test]
fn where_a_row_is_all_there_is_a_click_below_it_opens_it() {
    for (keys, heading, place) in [
        ("*2", "─ selected ", Place::Lifecycle),
        ("*", "─ messages ", Place::Evidence),
    ] {
        let mut dashboard = Dashboard::new(120, 60);
        dashboard.keys(keys);
        click(&mut dashboard, heading);
        assert_eq!(dashboard.model.place, place, "{}", dashboard.screen());
    }
}
