//! What the mouse can do, in the project's own words.

/// What the mouse did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mouse {
    /// The wheel was turned up.
    WheelUp,
    /// The wheel was turned down.
    WheelDown,
    /// A click on this row of the screen, counted from 0.
    Click(u16),
}
