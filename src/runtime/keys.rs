//! Key events of the terminal library to chords: the only place that knows both.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::chord::{Chord, Key};
use crate::app::input::Input;
use crate::app::mouse_event::Mouse;

/// Swallows the terminal's answer about its background where it came too late, for it would be read
/// as keys: `ESC ] 11;rgb:…` up to `ESC \` or BEL.
#[derive(Debug, Default)]
pub struct Late {
    /// Whether an answer is still owed.
    owed: bool,
    left: usize,
}

/// An answer is never longer.
const ANSWER: usize = 40;

impl Late {
    /// Whether an answer is still owed.
    #[must_use]
    pub const fn new(owed: bool) -> Self {
        Self { owed, left: 0 }
    }

    /// Whether this event is part of such an answer.
    pub fn is_part(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else {
            return false;
        };
        let with = |held| key.modifiers.contains(held);
        if self.left == 0 {
            let begins = self.owed && key.code == KeyCode::Char(']') && with(KeyModifiers::ALT);
            if begins {
                (self.owed, self.left) = (false, ANSWER);
            }
            return begins;
        }
        let ends = key.code == KeyCode::Char('\\') && with(KeyModifiers::ALT)
            || key.code == KeyCode::Char('g') && with(KeyModifiers::CONTROL);
        self.left = if ends { 0 } else { self.left - 1 };
        true
    }
}

/// What an event means to the dashboard; nothing for those that mean nothing.
pub fn inputs(event: Event) -> Vec<Input> {
    match event {
        Event::Key(key) => chords(key).into_iter().map(Input::Key).collect(),
        Event::Paste(text) => vec![Input::Paste(text)],
        Event::Resize(columns, rows) => vec![Input::Resize(columns, rows)],
        Event::Mouse(event) => mouse(event).into_iter().map(Input::Mouse).collect(),
        Event::FocusGained | Event::FocusLost => Vec::new(),
    }
}

/// What the mouse did, as far as it means anything. A place beyond any screen is a fault of the
/// terminal library.
fn mouse(event: MouseEvent) -> Option<Mouse> {
    match event.kind {
        MouseEventKind::ScrollUp => Some(Mouse::WheelUp),
        MouseEventKind::ScrollDown => Some(Mouse::WheelDown),
        MouseEventKind::Down(MouseButton::Left) => Some(Mouse::Click(event.column, event.row)),
        _ => None,
    }
}

/// The chords of a key press; none for a release, two where Esc and a key came as one.
pub fn chords(event: KeyEvent) -> Vec<Chord> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let key = match event.code {
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return Vec::new(),
    };
    let chord = match key {
        Key::Char(c) if event.modifiers.contains(KeyModifiers::CONTROL) => {
            Chord::ctrl(c.to_ascii_lowercase())
        }
        key => Chord::plain(key),
    };
    // Over a slow line Escape and the next key arrive together and look like Alt. No key here is
    // held with Alt, so that is what it was.
    if event.modifiers.contains(KeyModifiers::ALT) {
        return vec![Chord::plain(Key::Esc), chord];
    }
    vec![chord]
}
