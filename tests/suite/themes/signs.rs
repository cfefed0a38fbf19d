//! Where there is no colour, or nothing but ASCII, signs and words say everything.

use std::collections::HashSet;

use lastseen::domain::verdict::Verdict;
use lastseen::theme::Theme;
use lastseen::theme::ascii::Signs;
use lastseen::theme::depth::Depth;
use lastseen::theme::role::{Glyph, Role};
use lastseen::ui::state;
use ratatui::style::{Color, Modifier};

use super::super::screens::VIEWS;
use super::super::support::dashboard::{Dashboard, text};

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

/// Never by colour alone, in no theme: no two verdicts share sign, modifier and word, nor even the sign.
#[test]
fn every_verdict_has_a_sign_and_a_word_of_its_own() {
    for signs in [Signs::Unicode, Signs::Ascii] {
        let theme = Theme::load("mono", None, Depth::Mono).unwrap().with(signs);
        let mut triples = HashSet::new();
        let mut glyphs = HashSet::new();
        for verdict in Verdict::ALL {
            let (role, glyph) = state::verdict(verdict);
            let modifier = theme.style(role).add_modifier;
            triples.insert((theme.glyph(glyph), modifier.bits(), state::word(verdict)));
            glyphs.insert(theme.glyph(glyph));
        }
        assert_eq!(triples.len(), Verdict::ALL.len());
        assert_eq!(glyphs.len(), Verdict::ALL.len());
    }
}

#[test]
fn where_there_is_only_ascii_nothing_else_is_drawn() {
    for (view, keys) in VIEWS {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.theme = dashboard.theme.with(Signs::Ascii);
        dashboard.keys(keys);
        let mut picture = dashboard.buffer();
        dashboard.theme.finish(&mut picture);
        let screen = text(&picture);
        assert!(screen.is_ascii(), "{view}:\n{screen}");
        // A question mark stands for what has no sign: nothing of ours may be without one.
        let unicode = dashboard.buffer();
        for (at, cell) in picture.content.iter().enumerate() {
            let before = unicode.content[at].symbol();
            assert!(
                cell.symbol() != "?" || matches!(before, "?" | "◌"),
                "{view}: {before:?} has no sign"
            );
        }
    }
}

#[test]
fn a_locale_tells_whether_there_is_more_than_ascii() {
    for (locale, signs) in [
        ("C", Signs::Ascii),
        ("POSIX", Signs::Ascii),
        ("de_DE.ISO-8859-1", Signs::Ascii),
        ("de_DE.ISO-8859-15@euro", Signs::Ascii),
        ("en_US.UTF-8", Signs::Unicode),
        ("C.utf8", Signs::Unicode),
        ("en_US", Signs::Unicode),
        ("", Signs::Unicode),
    ] {
        assert_eq!(Signs::detect(locale), signs, "{locale:?}");
    }
}

/// Each sign in its own table is one cell of ASCII.
#[test]
fn every_glyph_has_an_ascii_form() {
    for (_, name, _, ascii) in Glyph::ALL {
        assert!(ascii.len() == 1 && ascii.is_ascii(), "{name}: {ascii:?}");
    }
    for (role, _) in Role::ALL {
        assert_eq!(Role::ALL[role as usize].0, role);
    }
}
