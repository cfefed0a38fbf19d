//! Moving in a list: one place that knows what half a page is.

use super::action::Action;

/// The row a moving action leads to, in a list of `len` rows of which `page` are visible.
#[must_use]
pub fn target(action: Action, cursor: usize, len: usize, page: usize) -> Option<usize> {
    target_of(action, 1, cursor, len, page)
}

/// The same, so many times; to the top: to the row of that number, from 1.
#[must_use]
pub fn target_of(
    action: Action,
    times: usize,
    cursor: usize,
    len: usize,
    page: usize,
) -> Option<usize> {
    let page = page.max(1);
    let half = (page / 2).max(1);
    let last = len.saturating_sub(1);
    let down = |rows: usize| cursor.saturating_add(rows.saturating_mul(times));
    let up = |rows: usize| cursor.saturating_sub(rows.saturating_mul(times));
    let row = match action {
        Action::Down => down(1),
        Action::Up => up(1),
        Action::HalfPageDown => down(half),
        Action::HalfPageUp => up(half),
        Action::PageDown => down(page),
        Action::PageUp => up(page),
        Action::Top => times.saturating_sub(1),
        Action::Bottom => last,
        _ => return None,
    };
    Some(row.min(last))
}
