//! A key press, in the project's own words: neither the keymap nor a test knows a terminal library.

use std::fmt;

/// One key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    /// A character, as typed (an upper-case letter is its own character).
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Shift and tabulator.
    BackTab,
    /// Deletes to the left.
    Backspace,
    /// Deletes to the right.
    Delete,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// First place.
    Home,
    /// Last place.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// Named keys, in the notation of the help, the tests and the configuration.
const NAMES: [(&str, Key); 15] = [
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("shift-tab", Key::BackTab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pageup", Key::PageUp),
    ("pagedown", Key::PageDown),
    ("space", Key::Char(' ')),
];

/// A key with its modifiers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// Held with Ctrl.
    pub ctrl: bool,
}

impl Chord {
    /// A key alone.
    #[must_use]
    pub const fn plain(key: Key) -> Self {
        Self { key, ctrl: false }
    }

    /// A letter held with Ctrl.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self {
            key: Key::Char(c),
            ctrl: true,
        }
    }

    /// What [`fmt::Display`] writes, read again: `j`, `G`, `ctrl-d`, `enter`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if let Some((_, key)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(Self::plain(*key));
        }
        let (ctrl, rest) = match name.strip_prefix("ctrl-") {
            Some(rest) => (true, rest),
            None => (false, name),
        };
        let mut chars = rest.chars();
        let c = chars.next()?;
        chars.next().is_none().then_some(Self {
            key: Key::Char(c),
            ctrl,
        })
    }

    /// The keys that have a name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The character it types, if it types one.
    #[must_use]
    pub const fn typed(self) -> Option<char> {
        match self {
            Self {
                key: Key::Char(c),
                ctrl: false,
            } => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        match NAMES.iter().find(|(_, key)| *key == self.key) {
            Some((name, _)) => f.write_str(name),
            None => match self.key {
                Key::Char(c) => write!(f, "{c}"),
                _ => Ok(()),
            },
        }
    }
}
