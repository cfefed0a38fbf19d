//! Everything can be read: each role on each ground, and each cell of each view, in every theme.

use lastseen::theme::Theme;
use lastseen::theme::depth::Depth;
use lastseen::theme::role::Role;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::super::screens::VIEWS;
use super::super::support::dashboard::Dashboard;
use super::super::support::fake_answers::FakeAnswers;
use super::measure::{coloured, contrast, rgb};

const DEPTHS: [Depth; 2] = [Depth::True, Depth::Ansi256];

/// What text and lines need (WCAG 2.1: 1.4.3 or 1.4.6, and 1.4.11).
fn needed(theme: &str) -> (f64, f64) {
    if theme.starts_with("beacon") {
        (7.0, 4.5)
    } else {
        (4.5, 3.0)
    }
}

fn is_line(symbol: &str) -> bool {
    let line = |c: char| ('\u{2500}'..='\u{259f}').contains(&c);
    symbol.chars().all(line)
}

/// Every picture there is: all views, and the first one while loading, calm and empty.
fn pictures(name: &str, depth: Depth, mut each: impl FnMut(&str, &Buffer)) {
    for (view, keys) in VIEWS {
        let mut dashboard = Dashboard::new(120, 40).theme(name, depth);
        dashboard.keys(keys);
        each(view, &dashboard.buffer());
    }
    for (view, answers) in [
        ("loading", FakeAnswers::loading()),
        ("calm", FakeAnswers::calm()),
        ("nothing", FakeAnswers::nothing()),
    ] {
        let mut dashboard = Dashboard::with(answers, 80, 24).theme(name, depth);
        each(view, &dashboard.buffer());
        dashboard.keys("4");
        each(view, &dashboard.buffer());
    }
}

fn shown(cell: &Cell) -> bool {
    !cell.symbol().trim().is_empty()
}

#[test]
fn everything_drawn_can_be_read() {
    for name in coloured() {
        let (text, line) = needed(name);
        for depth in DEPTHS {
            pictures(name, depth, |view, picture| {
                for cell in picture.content.iter().filter(|cell| shown(cell)) {
                    let (Some(fg), Some(bg)) = (rgb(cell.fg), rgb(cell.bg)) else {
                        panic!("{name} {view}: {cell:?} leaves a colour to the terminal");
                    };
                    let least = if is_line(cell.symbol()) { line } else { text };
                    let ratio = contrast(fg, bg);
                    assert!(
                        ratio >= least,
                        "{name} {depth:?} {view}: {cell:?} has {ratio:.2}"
                    );
                }
            });
        }
    }
}

#[test]
fn every_text_role_can_be_read_on_every_background() {
    for name in coloured() {
        let (text, line) = needed(name);
        for depth in DEPTHS {
            let theme = Theme::load(name, None, depth).unwrap();
            let ground = |role| theme.style(role).bg.and_then(rgb).unwrap();
            for (role, word) in Role::ALL {
                let least = match role {
                    Role::Border | Role::Bar => line,
                    _ if role.is_background() => continue,
                    _ => text,
                };
                let fg = theme.style(role).fg.and_then(rgb).unwrap();
                for back in [Role::Bg, Role::Surface, Role::Selection] {
                    // On the selected row lines and muted text are drawn as text.
                    if least < text && back == Role::Selection {
                        continue;
                    }
                    let ratio = contrast(fg, ground(back));
                    assert!(ratio >= least, "{name} {depth:?}: {word} has {ratio:.2}");
                }
            }
        }
    }
}

/// The selected row stands out from what is around it, however faintly: the sign in front does the rest.
#[test]
fn the_selected_row_has_a_ground_of_its_own() {
    for name in coloured() {
        for depth in DEPTHS {
            let theme = Theme::load(name, None, depth).unwrap();
            let ground = |role| theme.style(role).bg.and_then(rgb).unwrap();
            let ratio = contrast(ground(Role::Selection), ground(Role::Bg));
            assert!(ratio >= 1.1, "{name} {depth:?}: {ratio:.2}");
        }
    }
}

/// A colour of the terminal's own beside one of ours: whoever changes his scheme cannot read it any more.
#[test]
fn no_cell_mixes_the_terminals_colours_with_ours() {
    let own = |color: Color| matches!(color, Color::Reset | Color::Indexed(0..=15));
    for name in lastseen::theme::bundled::names() {
        for depth in [Depth::True, Depth::Ansi256, Depth::Ansi16] {
            pictures(name, depth, |view, picture| {
                for cell in &picture.content {
                    let named =
                        !matches!(cell.fg, Color::Reset | Color::Indexed(_) | Color::Rgb(..));
                    assert!(
                        own(cell.fg) == own(cell.bg) && !named,
                        "{name} {depth:?} {view}: {cell:?}"
                    );
                }
            });
        }
    }
}

/// What is far away or badly lit cannot take faint or slanted text.
#[test]
fn a_projector_gets_nothing_dim_or_italic() {
    for name in ["beacon", "beacon-dark"] {
        let theme = Theme::load(name, None, Depth::True).unwrap();
        for (role, word) in Role::ALL {
            let faint = theme.style(role).add_modifier & (Modifier::DIM | Modifier::ITALIC);
            assert!(faint.is_empty(), "{name}: {word}");
        }
    }
}

#[test]
fn sixteen_colours_keep_the_selected_row_apart() {
    for name in coloured() {
        let theme = Theme::load(name, None, Depth::Ansi16).unwrap();
        let (bg, fg) = (theme.style(Role::Bg).bg, theme.style(Role::Fg).fg);
        assert_ne!(bg, fg, "{name}: text is invisible");
        for (role, word) in Role::ALL.into_iter().filter(|(r, _)| !r.is_background()) {
            let fg = theme.style(role).fg;
            assert_ne!(fg, bg, "{name}: {word} is invisible");
        }
    }
}

/// In every theme the selected message still says what became of it.
#[test]
fn the_selected_row_keeps_its_state() {
    for name in lastseen::theme::bundled::names() {
        let depth = if name == "mono" {
            Depth::Mono
        } else {
            Depth::True
        };
        let mut dashboard = Dashboard::new(120, 40).theme(name, depth);
        dashboard.keys("2");
        let row = dashboard.selected();
        assert!(row.contains("∅ LOST"), "{name}: {row}");
        let (buffer, lost) = (dashboard.buffer(), dashboard.theme.style(Role::Lost));
        if !matches!(name, "mono" | "ansi") {
            let ground = dashboard.theme.style(Role::Selection).bg;
            let cells = buffer.content.iter();
            let mut kept = cells.filter(|c| Some(c.bg) == ground && Some(c.fg) == lost.fg);
            assert!(kept.any(|c| c.symbol() == "∅"), "{name}");
        }
    }
}
