//! Screens so wide that a line over all of it would be empty for most of its way: panes stand side by side.

use super::size::Size;

/// From so many columns and rows on; a screen of 43 inches has about 380 x 100.
const COLUMNS: u16 = 260;
const ROWS: u16 = 36;

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
