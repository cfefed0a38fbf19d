//! Which pieces of time a log group is read in, and which part of a piece counts as read.
//!
//! One chain of pages is serial, so a group is read as several pieces at once: a short one at the
//! present, each older one twice as long, so that the present is known soon and a quiet group costs
//! few calls. Pure arithmetic on closed spans of whole milliseconds: the pieces are disjoint and
//! together exactly the whole, so that no event is asked for twice and none is left out.

use std::time::Duration;

use crate::domain::time::{Span, Timestamp};

/// The pieces of `span`, newest first. The newest is `newest` long; the oldest is what is left.
#[must_use]
pub fn pieces(span: Span, newest: Duration) -> Vec<Span> {
    let mut length = i64::try_from(newest.as_millis()).unwrap_or(i64::MAX).max(1);
    let mut pieces = Vec::new();
    let mut to = span.to;
    loop {
        let left = to.since(span.from).saturating_add(1);
        // What would leave less than half a piece over takes it along.
        if left <= length.saturating_add(length / 2) {
            pieces.push(Span {
                from: span.from,
                to,
            });
            return pieces;
        }
        let from = to.plus(1 - length);
        pieces.push(Span { from, to });
        to = from.plus(-1);
        length = length.saturating_mul(2);
    }
}

/// The part of `span` from `from` to `to`, both included.
#[must_use]
pub fn clip(span: Span, from: Timestamp, to: Timestamp) -> Option<Span> {
    let (from, to) = (span.from.max(from), span.to.min(to));
    (from <= to).then_some(Span { from, to })
}

/// What is left of `span` without the spans in `gone`, newest first.
#[must_use]
pub fn without(span: Span, gone: &[Span]) -> Vec<Span> {
    let mut gone: Vec<Span> = gone.to_vec();
    gone.sort_by_key(|taken| std::cmp::Reverse(taken.to));
    let mut left = Vec::new();
    let mut to = span.to;
    for taken in gone {
        if taken.from > to {
            continue;
        }
        left.extend(clip(span, taken.to.plus(1), to));
        to = taken.from.plus(-1);
    }
    left.extend(clip(span, span.from, to));
    left
}
