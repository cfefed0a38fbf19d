//! What a run asks of every log group: the window it is about, with room on both sides.

use crate::domain::time::{Span, Timestamp};

/// What is asked of every log group.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// What the answer is about.
    pub window: Span,
    /// Read on both sides of it too, in milliseconds.
    pub margin_ms: i64,
    /// Now: nothing after it is asked for.
    pub asked_at: Timestamp,
}

impl Request {
    /// Where what is asked for begins.
    #[must_use]
    pub const fn from(&self) -> Timestamp {
        self.window.from.plus(-self.margin_ms)
    }

    /// Where it ends.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.window.to.plus(self.margin_ms)
    }

    /// All that is asked for now; `None` while it lies in the future.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let (from, to) = (self.from(), self.until().min(self.asked_at));
        (from <= to).then_some(Span { from, to })
    }
}
