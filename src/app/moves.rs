//! Moving in a list: one place that knows what half a page is.

use super::action::Action;

/// The row a moving action leads to, in a list of `len` rows of which `page` are visible.
#[must_use]
pub fn target(action: Action, cursor: usize, len: usize, page: usize) -> Option<usize> {
    let page = page.max(1);
    let half = (page / 2).max(1);
    let last = len.saturating_sub(1);
    let row = match action {
        Action::Down => cursor.saturating_add(1),
        Action::Up => cursor.saturating_sub(1),
        Action::HalfPageDown => cursor.saturating_add(half),
        Action::HalfPageUp => cursor.saturating_sub(half),
        Action::PageDown => cursor.saturating_add(page),
        Action::PageUp => cursor.saturating_sub(page),
        Action::Top => 0,
        Action::Bottom => last,
        _ => return None,
    };
    Some(row.min(last))
}
