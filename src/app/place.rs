//! The views, and whose keys hold there.

use super::keymap::Context;

/// Which view is in front. Each keeps its own state while it is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Pipelines, environments, gaps.
    Board,
    /// The list of messages.
    Messages,
    /// One message.
    Lifecycle,
    /// The sources.
    Sources,
    /// Where else messages are mentioned.
    Hunt,
}

impl Place {
    /// The views that are always there, in the order of their number keys.
    pub const ALL: [Self; 4] = [Self::Board, Self::Messages, Self::Lifecycle, Self::Sources];

    /// Whose keys hold there.
    #[must_use]
    pub const fn context(self) -> Context {
        match self {
            Self::Board => Context::Board,
            Self::Messages => Context::Messages,
            Self::Lifecycle => Context::Lifecycle,
            Self::Sources => Context::Sources,
            Self::Hunt => Context::Hunt,
        }
    }
}
