//! What themes promise: everything on the screen can be read, by everybody, and a wrong file says where it
//! is wrong.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests fails the test it helps"
)]

use std::fs;

use lastseen::theme::Theme;
use lastseen::theme::depth::Depth;
use lastseen::theme::role::{Glyph, Role};
use ratatui::style::Color;

mod asked;
mod choosing;
mod contrast;
mod measure;
mod signs;
mod vision;

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
