//! What the list of messages remembers of itself: what keeps its place, what is hidden, what is sought.

use super::filter::Filter;
use crate::domain::seek::Sought;
use crate::domain::terms::Terms;
use crate::domain::view::{MessageHandle, Sort};

/// What keeps its place when the list changes under it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Anchor {
    /// The top of the list, whatever comes to stand there.
    #[default]
    Top,
    /// The row under the cursor, whose message is not known yet.
    Row,
    /// A message.
    Message(MessageHandle),
}

/// The message that was selected before a filter hid it; until the cursor is moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hidden {
    /// Which.
    pub handle: MessageHandle,
    /// The list is another one: it may be there again.
    pub recall: bool,
}

impl Hidden {
    /// Hidden from now on.
    #[must_use]
    pub const fn new(handle: MessageHandle) -> Self {
        Self {
            handle,
            recall: true,
        }
    }
}

/// Whether what is shown is what is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Need {
    /// It is.
    #[default]
    Nothing,
    /// Another list must be asked for.
    Ask,
    /// It was asked for.
    Answer,
}

/// What is searched for in the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Search {
    /// What was typed.
    pub text: String,
    /// What that asks for.
    pub terms: Terms,
    /// What was found of it.
    pub sought: Option<Sought>,
    /// That was in another list: it is counted again.
    pub recount: bool,
}

/// Where a list stood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListSpot {
    /// What it kept.
    pub filter: Filter,
    /// Its order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// The selected row.
    pub cursor: usize,
    /// The first visible row.
    pub top: usize,
    /// The message there.
    pub selected: Option<MessageHandle>,
}
