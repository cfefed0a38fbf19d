//! Which spans of time have been read completely: the evidence that an absence is real.
//!
//! Only arithmetic on spans. What a missing span means for a message is decided in `judge`.

use super::time::{Span, Timestamp};

/// Disjoint spans in order; spans that touch are one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Coverage(Vec<Span>);

impl Coverage {
    /// Adds a span that was read completely.
    pub fn add(&mut self, span: Span) {
        let from = self.0.partition_point(|s| s.to.plus(1) < span.from);
        let to = self.0.partition_point(|s| s.from <= span.to.plus(1));
        let merged = self.0[from..to].iter().fold(span, |all, s| all.union(*s));
        self.0.splice(from..to, [merged]);
    }

    /// Whether the whole of `span` has been read.
    #[must_use]
    pub fn covers(&self, span: Span) -> bool {
        self.around(span.from).is_some_and(|s| s.to >= span.to)
    }

    /// The covered span that holds `time`.
    #[must_use]
    pub fn around(&self, time: Timestamp) -> Option<Span> {
        let index = self.0.partition_point(|s| s.to < time);
        self.0.get(index).copied().filter(|s| s.contains(time))
    }

    /// What of it lies within `span`.
    #[must_use]
    pub fn within(&self, span: Span) -> Self {
        let cut = self.0.iter().map(|s| Span {
            from: s.from.max(span.from),
            to: s.to.min(span.to),
        });
        Self(cut.filter(|s| s.from <= s.to).collect())
    }

    /// The newest time covered.
    #[must_use]
    pub fn end(&self) -> Option<Timestamp> {
        self.0.last().map(|s| s.to)
    }

    /// The spans, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }
}
