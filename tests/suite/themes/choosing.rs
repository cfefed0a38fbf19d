//! Which theme it is: asked for, found out, or chosen while looking.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use lastseen::app::input::Effect;
use lastseen::app::themes::{Named, Themes};
use lastseen::runtime::keys::Late;
use lastseen::theme::Theme;
use lastseen::theme::bundled;
use lastseen::theme::depth::Depth;
use lastseen::theme::role::Role;
use ratatui::style::Color;

use super::super::support::dashboard::Dashboard;

fn dashboard() -> Dashboard {
    let mut dashboard = Dashboard::new(120, 40);
    let named = |theme: &bundled::Bundled| Named {
        name: theme.name.into(),
        note: theme.note.into(),
    };
    dashboard.model.themes = Themes {
        names: bundled::ALL.iter().map(named).collect(),
        current: "dusk".into(),
        chosen: false,
        projector: "beacon-dark".into(),
    };
    dashboard
}

fn ground(dashboard: &Dashboard) -> Color {
    dashboard.buffer().content[0].bg
}

fn ground_of(name: &str) -> Color {
    let theme = Theme::load(name, None, Depth::True).unwrap();
    theme.style(Role::Surface).bg.unwrap()
}

#[test]
fn moving_in_the_list_shows_the_theme_at_once() {
    let mut dashboard = dashboard();
    dashboard.keys(":theme<enter>").shows("themes");
    assert!(dashboard.selected().contains("dusk"), "begins at its own");
    dashboard.keys("j");
    assert_eq!(ground(&dashboard), ground_of("paper"));
    dashboard.keys("j");
    assert_eq!(ground(&dashboard), ground_of("beacon"));
    dashboard.keys("<esc>").shows_not("for a projector");
    assert_eq!(ground(&dashboard), ground_of("dusk"), "esc brings it back");
}

#[test]
fn enter_keeps_the_theme() {
    let mut dashboard = dashboard();
    dashboard.keys("2:theme<enter>j<enter>");
    assert_eq!(ground(&dashboard), ground_of("paper"));
    dashboard.shows("theme = \"paper\" in the configuration");
    dashboard.keys(":theme<enter>");
    assert!(dashboard.selected().contains("paper"));
    dashboard.keys("G<esc>");
    assert_eq!(ground(&dashboard), ground_of("paper"));
    assert!(!dashboard.effects.contains(&Effect::Quit));
}

#[test]
fn without_colour_there_is_nothing_to_choose() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys(":theme<enter>");
    dashboard.shows("without colour there is nothing to choose from");
}

#[test]
fn the_terminal_tells_how_many_colours_there_are() {
    for (no_color, colorterm, term, depth) in [
        (true, "truecolor", "xterm-256color", Depth::Mono),
        (false, "", "dumb", Depth::Mono),
        (false, "truecolor", "xterm-256color", Depth::True),
        (false, "24bit", "screen", Depth::True),
        (false, "", "xterm-direct", Depth::True),
        (false, "", "xterm-kitty", Depth::True),
        (false, "", "alacritty", Depth::True),
        (false, "", "xterm-256color", Depth::Ansi256),
        (false, "", "tmux-256color", Depth::Ansi256),
        (false, "", "xterm", Depth::Ansi16),
        (false, "", "", Depth::Ansi16),
    ] {
        let found = Depth::detect(no_color, colorterm, term);
        assert_eq!(found, depth, "{no_color} {colorterm:?} {term:?}");
    }
}

/// What a terminal says of its background too late is swallowed, and nothing that is typed.
#[test]
fn a_late_answer_is_not_taken_for_keys() {
    let key = |c: char, held| Event::Key(KeyEvent::new(KeyCode::Char(c), held));
    let answer = |end: (char, KeyModifiers)| {
        let mut events = vec![key(']', KeyModifiers::ALT)];
        let text = "11;rgb:1414/1616/1b1b".chars();
        events.extend(text.map(|c| key(c, KeyModifiers::NONE)));
        events.push(key(end.0, end.1));
        events
    };
    for end in [('\\', KeyModifiers::ALT), ('g', KeyModifiers::CONTROL)] {
        let mut late = Late::new(true);
        assert!(!late.is_part(&key('j', KeyModifiers::NONE)));
        assert!(answer(end).iter().all(|event| late.is_part(event)));
        for c in ['j', ':', ']'] {
            assert!(!late.is_part(&key(c, KeyModifiers::NONE)), "{c} is typed");
        }
        assert!(!late.is_part(&key(']', KeyModifiers::ALT)), "only once");
    }
    let mut nothing_owed = Late::new(false);
    assert!(!nothing_owed.is_part(&key(']', KeyModifiers::ALT)));
    // One that breaks off swallows no more than an answer is long.
    let mut broken = Late::new(true);
    broken.is_part(&key(']', KeyModifiers::ALT));
    let swallowed = (0..100).filter(|_| broken.is_part(&key('j', KeyModifiers::NONE)));
    assert_eq!(swallowed.count(), 40);
}
