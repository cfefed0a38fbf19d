//! Signs for terminals that show ASCII only: what the picture has, in what such a terminal has.
//!
//! It works on the finished picture, so that no view needs to know of it. One cell stays one cell.

use ratatui::buffer::Buffer;

/// Which signs may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Signs {
    /// Those of the theme.
    #[default]
    Unicode,
    /// ASCII only.
    Ascii,
}

impl Signs {
    /// By the locale (LC_ALL, else LC_CTYPE, else LANG): ASCII where it names a character set that is
    /// not UTF-8. A locale that says nothing is no reason to do without: most say nothing over SSH.
    #[must_use]
    pub fn detect(locale: &str) -> Self {
        let charset = locale.split_once('.').map(|(_, rest)| rest);
        let charset = charset.map(|c| c.split('@').next().unwrap_or(c).to_lowercase());
        match charset.as_deref() {
            Some("utf-8" | "utf8") => Self::Unicode,
            Some(_) => Self::Ascii,
            None if matches!(locale, "C" | "POSIX") => Self::Ascii,
            None => Self::Unicode,
        }
    }
}

/// Replaces what is not ASCII in a finished picture.
pub fn reduce(picture: &mut Buffer) {
    for cell in &mut picture.content {
        if !cell.symbol().is_ascii() {
            let reduced = sign(cell.symbol());
            cell.set_symbol(reduced);
        }
    }
}

/// What stands for which signs.
const SIGNS: [(&str, &str); 16] = [
    ("-", "─╌–—"),
    ("=", "━═≡"),
    ("|", "│┃▏▕╎"),
    ("+", "╭╮╰╯┌┐└┘├┤┬┴┼✓"),
    (">", "❯→▶›"),
    ("<", "←◀‹"),
    ("^", "▲↑"),
    ("v", "▼↓"),
    ("~", "…"),
    (".", "·▁▂▃▄"),
    (":", "▅▆▇"),
    ("#", "█■▪▉▊▋▌▍▎"),
    ("*", "◆×"),
    ("/", "≠"),
    ("x", "✗"),
    ("!", "∅"),
];

/// One cell's text in ASCII.
fn sign(text: &str) -> &'static str {
    let known = SIGNS.iter().find(|(_, of)| of.contains(text));
    known.map_or("?", |(sign, _)| sign)
}
