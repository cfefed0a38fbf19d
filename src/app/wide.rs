//! Screens so wide that a line over all of it would be empty for most of its way: panes stand side by side.

use super::layout::{BoardRows, ListRows, Size};

/// From so many columns and rows on; a screen of 43 inches has about 380 x 100.
const COLUMNS: u16 = 260;
const ROWS: u16 = 36;
/// Fewer rows than this show too little of what is behind a selected row.
const PREVIEW: u16 = 6;

/// Whether it is such a screen.
#[must_use]
pub const fn is_wide(size: Size) -> bool {
    size.columns >= COLUMNS && size.rows >= ROWS
}

/// Columns of the list, which stands on the left.
#[must_use]
pub const fn list_columns(size: Size) -> u16 {
    if is_wide(size) {
        size.columns / 10 * 6
    } else {
        size.columns
    }
}

/// Columns of the findings, which stand on the left of the board.
#[must_use]
pub const fn findings_columns(size: Size) -> u16 {
    if is_wide(size) {
        size.columns / 10 * 4
    } else {
        size.columns
    }
}

/// Columns of the pipelines.
#[must_use]
pub const fn flow_columns(size: Size) -> u16 {
    if is_wide(size) {
        size.columns - findings_columns(size)
    } else {
        size.columns
    }
}

/// A list with so many rows of headings, and beside it what is known of the selected row.
#[must_use]
pub const fn list(size: Size, headings: u16) -> ListRows {
    ListRows {
        list: size.body().saturating_sub(headings),
        detail: size.body(),
        columns: list_columns(size),
    }
}

/// The board: findings and what was not seen on the left, pipelines and messages on the right.
#[must_use]
pub fn board(size: Size, flow: u16, unseen: u16, preview: bool) -> BoardRows {
    let body = size.body();
    let unseen = (unseen + 1).clamp(2, (body / 4).max(2));
    let rest = body.saturating_sub(flow);
    let (flow, preview) = if preview && rest >= PREVIEW {
        (flow, rest)
    } else {
        (body, 0)
    };
    BoardRows {
        findings: body.saturating_sub(unseen),
        flow,
        preview,
        unseen,
    }
}
