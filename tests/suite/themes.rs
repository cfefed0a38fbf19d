//! What themes promise: everything on the screen can be read, and a wrong file says where it is wrong.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests fails the test it helps"
)]

use std::collections::HashSet;
use std::fs;

use lastseen::theme::Theme;
use lastseen::theme::depth::{Depth, xterm};
use lastseen::theme::role::{Glyph, Role};
use ratatui::style::{Color, Modifier};

use super::screens::VIEWS;
use super::support::dashboard::Dashboard;

fn rgb(color: Color) -> Option<[u8; 3]> {
    match color {
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(i) => Some(xterm(i)),
        _ => None,
    }
}

/// Relative luminance, WCAG 2.1.
fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = rgb.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Contrast ratio, WCAG 2.1 (1.4.3).
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Lines need 3:1 (1.4.11), text 4.5:1 (1.4.3).
fn needed(symbol: &str) -> f64 {
    let line = |c: char| ('\u{2500}'..='\u{259f}').contains(&c);
    if symbol.chars().all(line) { 3.0 } else { 4.5 }
}

#[test]
fn everything_drawn_can_be_read() {
    for name in ["dusk", "paper"] {
        for depth in [Depth::True, Depth::Ansi256] {
            for (view, keys) in VIEWS {
                let mut dashboard = Dashboard::new(120, 40).theme(name, depth);
                dashboard.keys(keys);
                for cell in &dashboard.buffer().content {
                    if cell.symbol().trim().is_empty() {
                        continue;
                    }
                    let (Some(fg), Some(bg)) = (rgb(cell.fg), rgb(cell.bg)) else {
                        panic!("{name} {view}: {cell:?} leaves a colour to the terminal");
                    };
                    let ratio = contrast(fg, bg);
                    assert!(
                        ratio >= needed(cell.symbol()),
                        "{name} {depth:?} {view}: {cell:?} has {ratio:.2}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_text_role_can_be_read_on_every_background() {
    for name in ["dusk", "paper"] {
        for depth in [Depth::True, Depth::Ansi256] {
            let theme = Theme::load(name, None, depth).unwrap();
            let ground = |role| theme.style(role).bg.and_then(rgb).unwrap();
            for (role, word) in Role::ALL {
                let least = match role {
                    Role::Border | Role::Bar => 3.0,
                    _ if role.is_background() => continue,
                    _ => 4.5,
                };
                let fg = theme.style(role).fg.and_then(rgb).unwrap();
                for back in [Role::Bg, Role::Surface, Role::Selection] {
                    // On the selected row lines and muted text are drawn as text.
                    if least < 4.5 && back == Role::Selection {
                        continue;
                    }
                    let ratio = contrast(fg, ground(back));
                    assert!(ratio >= least, "{name} {depth:?}: {word} has {ratio:.2}");
                }
            }
        }
    }
}

#[test]
fn sixteen_colours_keep_the_selected_row_apart() {
    for name in ["dusk", "paper"] {
        let theme = Theme::load(name, None, Depth::Ansi16).unwrap();
        assert_ne!(theme.style(Role::Bg).bg, theme.style(Role::Selection).bg);
        for (role, word) in Role::ALL.into_iter().filter(|(r, _)| !r.is_background()) {
            let fg = theme.style(role).fg;
            assert_ne!(fg, theme.style(Role::Bg).bg, "{name}: {word} is invisible");
        }
    }
}

#[test]
fn without_colour_modifiers_signs_and_words_remain() {
    for (view, keys) in VIEWS {
        let mut dashboard = Dashboard::new(120, 40).theme("dusk", Depth::Mono);
        dashboard.keys(keys);
        for cell in &dashboard.buffer().content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{view}");
        }
    }
    let mut dashboard = Dashboard::new(120, 40).theme("dusk", Depth::Mono);
    dashboard.keys("2");
    let buffer = dashboard.buffer();
    let reversed = buffer
        .content
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED));
    assert_eq!(reversed.count(), 120, "one row is selected");
    dashboard.shows("∅ LOST");
}

#[test]
fn every_state_has_a_sign_of_its_own() {
    let theme = Theme::load("mono", None, Depth::Mono).unwrap();
    let states = [
        Glyph::Completed,
        Glyph::Lost,
        Glyph::Blind,
        Glyph::Failed,
        Glyph::DeadLettered,
        Glyph::Pending,
        Glyph::Unentered,
    ];
    let signs: HashSet<_> = states.map(|glyph| theme.glyph(glyph)).into();
    assert_eq!(signs.len(), states.len());
}

fn error_of(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.toml"), text).unwrap();
    let error = Theme::load("mine", Some(folder.path()), Depth::True).unwrap_err();
    let path = folder.path().display().to_string();
    error.to_string().replace(&path, "DIR")
}

#[test]
fn a_wrong_theme_says_where_and_what() {
    let cases = [
        (
            "[roles]\nstate.lots = \"#ff0000\"\n",
            "theme DIR/mine.toml:2: unknown role `state.lots`; did you mean `state.lost`?",
        ),
        (
            "pallete = 1\n",
            "theme DIR/mine.toml:1: unknown key `pallete`; did you mean `palette`?",
        ),
        (
            "[palette]\nred = \"#ff00\"\n",
            "theme DIR/mine.toml:2: `red` is \"#ff00\"; a colour is written \"#rrggbb\", \"ansi:0\" to \"ansi:255\", or \"reset\"",
        ),
        (
            "inherits = \"dusk\"\n[roles]\nfg = \"clod\"\n",
            "theme DIR/mine.toml:3: unknown colour `clod`; did you mean `cloud`?",
        ),
        (
            "inherits = \"dusk\"\n[roles]\nfg = { fg = \"cloud\", mod = [\"blod\"] }\n",
            "theme DIR/mine.toml:3: unknown modifier `blod`; did you mean `bold`?",
        ),
        (
            "inherits = \"dusk\"\n[glyphs]\nlost = \"!!\"\n",
            "theme DIR/mine.toml:3: the glyph `lost` must be one visible character, one cell wide",
        ),
        (
            "inherits = \"dust\"\n",
            "theme dust: unknown theme `dust`; did you mean `dusk`?",
        ),
        (
            "inherits = \"mine\"\n",
            "theme DIR/mine.toml: the chain of `inherits` does not end",
        ),
        (
            "appearance = \"drak\"\n",
            "theme DIR/mine.toml:1: unknown appearance `drak`; did you mean `dark`?",
        ),
        (
            "[roles]\nfg = \"#ffffff\"\n",
            "theme DIR/mine.toml: gives no style for the role `bg`; add it, or `inherits = \"dusk\"`",
        ),
        (
            "[roles]\nfg = 7\n",
            "theme DIR/mine.toml:2: `fg` is an integer; a colour in quotes, or a table of fg, bg and mod, is expected",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(error_of(text), message, "for {text:?}");
    }
    assert!(error_of("[roles\n").starts_with("theme DIR/mine.toml:1: "));
}

#[test]
fn the_users_folder_comes_first_and_builds_on_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let text = "inherits = \"dusk\"\n[palette]\ncoral = \"#ff0000\"\n[glyphs]\nlost = \"X\"\n";
    fs::write(folder.path().join("night.toml"), text).unwrap();
    let theme = Theme::load("night", Some(folder.path()), Depth::True).unwrap();
    assert_eq!(theme.style(Role::Lost).fg, Some(Color::Rgb(255, 0, 0)));
    assert_eq!(theme.glyph(Glyph::Lost), "X");
    assert_eq!(
        theme.style(Role::Fg),
        Theme::load("dusk", None, Depth::True)
            .unwrap()
            .style(Role::Fg)
    );
    assert!(Theme::load("../night", Some(folder.path()), Depth::True).is_err());
}
