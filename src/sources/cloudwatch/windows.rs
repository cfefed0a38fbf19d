//! Which pieces of time a log group is read in, and which part of a piece counts as read.
//!
//! One chain of pages is serial, so a group is read as a few pieces at once. Pure arithmetic on
//! closed spans of whole milliseconds: the pieces are disjoint and together exactly the whole, so
//! that no event is asked for twice and none is left out.

use crate::domain::time::{Span, Timestamp};

/// Below this a piece is not worth a call of its own.
const SHORTEST_MS: i64 = 15 * 60 * 1000;
/// More pieces than calls in flight would only add calls.
const MOST: i64 = 4;

/// The pieces of `span`, newest first.
#[must_use]
pub fn split(span: Span) -> Vec<Span> {
    let length = span.to.since(span.from).saturating_add(1);
    let pieces = (length / SHORTEST_MS).clamp(1, MOST);
    let step = length / pieces;
    (0..pieces)
        .rev()
        .map(|piece| {
            let from = span.from.plus(piece * step);
            let last = piece + 1 == pieces;
            let to = if last { span.to } else { from.plus(step - 1) };
            Span { from, to }
        })
        .collect()
}

/// The part of `span` from `from` to `to`, both included.
#[must_use]
pub fn clip(span: Span, from: Timestamp, to: Timestamp) -> Option<Span> {
    let (from, to) = (span.from.max(from), span.to.min(to));
    (from <= to).then_some(Span { from, to })
}
