//! What the mouse can do, in the project's own words.

use super::chord::Chord;
use super::place::Place;

/// What the mouse did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mouse {
    /// The wheel was turned up.
    WheelUp,
    /// The wheel was turned down.
    WheelDown,
    /// A click on this column and row of the screen, counted from 0: whoever draws knows what is there.
    Click(u16, u16),
    /// A click on this, or on nothing.
    On(Option<Target>),
}

/// What is drawn somewhere and can be clicked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The tab of a view.
    View(Place),
    /// A row of the view's list.
    Row(usize),
    /// A finding on the board.
    Finding(usize),
    /// A row of a panel on the board.
    Flow(usize, usize),
    /// A source that was not read, on the board.
    Unseen(usize),
    /// A message of a finding.
    Message(usize),
    /// A log line of a finding.
    Line(usize),
    /// What is said of a finding.
    About,
    /// What is known of the selected row.
    Detail,
    /// The key that a hint names.
    Key(Chord),
}
