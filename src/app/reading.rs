//! A log event's text on its way to the screen: asked for once, then shown raw or readable.

use super::logtext::LogText;
use crate::domain::event::TextRef;
use crate::domain::mask::Mask;
use crate::sources::texts::RawEvent;

/// The text of one log event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Text {
    /// None is wanted, or it was not asked for yet.
    None,
    /// It is being read.
    Reading(TextRef),
    /// Here it is.
    Ready(TextRef, Box<LogText>),
    /// It cannot be read.
    Failed(TextRef, String),
}

impl Text {
    /// The text to ask for now, if another is wanted than the one at hand.
    pub fn question(&mut self, wanted: Option<TextRef>) -> Option<TextRef> {
        let Some(wanted) = wanted else {
            *self = Self::None;
            return None;
        };
        match self {
            Self::Reading(at) | Self::Ready(at, _) | Self::Failed(at, _) if *at == wanted => None,
            _ => {
                *self = Self::Reading(wanted);
                Some(wanted)
            }
        }
    }

    /// A log event's text; one that is no longer wanted is dropped.
    pub fn answer(&mut self, at: TextRef, text: Result<RawEvent, String>, mask: Option<&Mask>) {
        if *self == Self::Reading(at) {
            *self = match text {
                Ok(event) => Self::Ready(at, Box::new(LogText::new(&event, mask))),
                Err(why) => Self::Failed(at, why),
            };
        }
    }

    /// How many rows it takes at a width.
    #[must_use]
    pub fn rows(&self, raw: bool, width: usize) -> usize {
        match self {
            Self::Ready(_, text) => text.rows(raw, width),
            _ => 0,
        }
    }
}
