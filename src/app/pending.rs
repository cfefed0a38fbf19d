//! A key that waits for another: a count, a mark. What may follow is shown at once, and a key that may
//! not follow is told and does what it does elsewhere.

use unicode_width::UnicodeWidthChar;

use super::action::Action;
use super::chord::{Chord, Key};

/// What waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pending {
    /// For the rest of a number, then for what is done so many times.
    Count(usize),
    /// For the letter that marks.
    Mark,
    /// For the letter that is marked.
    JumpToMark,
}

/// What a key means to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// It still waits.
    Wait(Pending),
    /// The letter came.
    Letter(char),
    /// So many times this.
    Times(usize, Action),
    /// Nothing is done.
    Cancel,
    /// It is not for this.
    Other,
}

/// More than this is a slip.
const MOST: usize = 999_999;

impl Pending {
    /// What a key means to it; `action` is what the key does elsewhere.
    #[must_use]
    pub fn next(self, chord: Chord, action: Option<Action>) -> Next {
        if chord == Chord::plain(Key::Esc) {
            return Next::Cancel;
        }
        let typed = chord.typed();
        match (self, typed) {
            (Self::Count(number), Some(c)) if c.is_ascii_digit() => {
                let digit = c as usize - '0' as usize;
                Next::Wait(Self::Count((number * 10 + digit).min(MOST)))
            }
            (Self::Count(number), _) if chord == Chord::plain(Key::Backspace) => {
                Next::Wait(Self::Count(number / 10))
            }
            (Self::Count(number), _) => match action {
                Some(action) if repeats(action) && number > 0 => Next::Times(number, action),
                _ => Next::Other,
            },
            (_, Some(c)) if c.is_alphabetic() && c.width() == Some(1) => Next::Letter(c),
            _ => Next::Other,
        }
    }

    /// What a key that is not for it is told.
    #[must_use]
    pub fn refusal(self, chord: Chord, action: Option<Action>) -> String {
        match self {
            Self::Count(0) if action.is_some_and(repeats) => {
                format!(
                    "0 begins a count and no number followed: {chord} once; 012{chord} is 12 times"
                )
            }
            Self::Count(_) => format!("{chord} takes no count"),
            Self::Mark => format!("{chord} is no letter: nothing was marked"),
            Self::JumpToMark => format!("{chord} is no letter of a mark"),
        }
    }
}

/// Whether an action can be done several times.
#[must_use]
pub const fn repeats(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::HalfPageDown
            | Action::HalfPageUp
            | Action::PageDown
            | Action::PageUp
            | Action::Top
            | Action::Bottom
            | Action::Left
            | Action::Right
            | Action::NextGap
            | Action::PreviousGap
            | Action::NextMatch
            | Action::PreviousMatch
            | Action::NextMessage
            | Action::PreviousMessage
            | Action::NextPane
            | Action::PreviousPane
            | Action::HistoryBack
            | Action::HistoryForward
            | Action::UndoFilter
            | Action::RedoFilter
    )
}
