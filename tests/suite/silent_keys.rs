//! No key is silent: what it does is seen, or it is said why it does nothing.

use std::fmt::Write as _;

use lastseen::app::action::Action;
use lastseen::app::model::Mode;

use super::screens::VIEWS;
use super::support::dashboard::Dashboard;

/// At the end of a list it is seen that it goes no further; the others show nothing by their nature.
const QUIET: [Action; 14] = [
    Action::Down,
    Action::Up,
    Action::HalfPageDown,
    Action::HalfPageUp,
    Action::PageDown,
    Action::PageUp,
    Action::Top,
    Action::Bottom,
    Action::Left,
    Action::Right,
    Action::NextPane,
    Action::PreviousPane,
    Action::LastView,
    Action::Redraw,
];

#[test]
fn every_key_does_something_or_says_why_not() {
    let mut silent = String::new();
    let mut known = Vec::new();
    for (view, keys) in VIEWS {
        let at = || {
            let mut dashboard = Dashboard::new(80, 24);
            dashboard.keys(keys);
            dashboard
        };
        let before = at();
        if before.model.mode != Mode::Normal || before.model.pending.is_some() {
            continue;
        }
        let context = before.model.context();
        if known.contains(&context) {
            continue;
        }
        known.push(context);
        let (screen, effects) = (before.screen(), before.effects.len());
        for bound in before.model.keys.clone().keyed(context) {
            let (Some(key), false) = (bound.keys.first(), QUIET.contains(&bound.action)) else {
                continue;
            };
            let mut after = at();
            after.keys(&format!("<{key}>"));
            let said = after.model.notice.is_some() || after.effects.len() > effects;
            if !said && after.screen() == screen {
                writeln!(silent, "{view}: {key} {:?}", bound.action).expect("a string");
            }
        }
    }
    assert!(silent.is_empty(), "\n{silent}");
}
