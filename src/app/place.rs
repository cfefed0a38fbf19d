//! The views, and whose keys hold there.

use super::action::Action;
use super::context::Context;

/// Which view is in front. Each keeps its own state while it is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Pipelines, environments, gaps.
    Board,
    /// The list of messages.
    Messages,
    /// One message.
    Lifecycle,
    /// The log.
    Logs,
    /// The sources.
    Sources,
    /// Where else messages are mentioned.
    Hunt,
    /// What was pinned and noted.
    Timeline,
    /// What a finding rests on.
    Evidence,
    /// Two sides, edge by edge.
    Compare,
    /// What was learnt without a configuration.
    Learnt,
}

impl Place {
    /// The views that are always there, in the order of their number keys.
    pub const ALL: [Self; 7] = [
        Self::Board,
        Self::Messages,
        Self::Lifecycle,
        Self::Logs,
        Self::Compare,
        Self::Timeline,
        Self::Sources,
    ];

    /// The action that leads there from everywhere, if any does.
    #[must_use]
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Board => Some(Action::ViewBoard),
            Self::Messages => Some(Action::ViewMessages),
            Self::Lifecycle => Some(Action::ViewLifecycle),
            Self::Logs => Some(Action::ViewLogs),
            Self::Compare => Some(Action::ViewCompare),
            Self::Timeline => Some(Action::ViewTimeline),
            Self::Sources => Some(Action::ViewSources),
            Self::Hunt => Some(Action::ViewHunt),
            Self::Learnt => Some(Action::ViewLearnt),
            Self::Evidence => None,
        }
    }

    /// Whose keys hold there.
    #[must_use]
    pub const fn context(self) -> Context {
        match self {
            Self::Board => Context::Board,
            Self::Messages => Context::Messages,
            Self::Lifecycle => Context::Lifecycle,
            Self::Logs => Context::Logs,
            Self::Sources => Context::Sources,
            Self::Hunt => Context::Hunt,
            Self::Timeline => Context::Timeline,
            Self::Evidence => Context::Evidence,
            Self::Compare => Context::Compare,
            Self::Learnt => Context::Learnt,
        }
    }
}
