//! A list and what is known of its selected row: one below the other, or side by side.

use ratatui::layout::Rect;

use crate::app::layout::ListRows;

/// The places of both; the list's with so many rows of headings.
#[must_use]
pub fn split(area: Rect, headings: u16, parts: &ListRows) -> [Rect; 2] {
    let whole = headings + parts.list;
    let list = Rect {
        height: whole,
        ..area
    };
    if parts.columns >= area.width {
        let detail = Rect {
            y: area.y + whole,
            height: parts.detail,
            ..area
        };
        return [list.intersection(area), detail.intersection(area)];
    }
    let list = Rect {
        width: parts.columns.saturating_sub(2),
        ..list
    };
    let detail = Rect {
        x: area.x + parts.columns,
        width: area.width - parts.columns,
        height: parts.detail,
        ..area
    };
    [list.intersection(area), detail.intersection(area)]
}

/// An area without its first rows.
#[must_use]
pub fn below(area: Rect, rows: u16) -> Rect {
    Rect {
        y: area.y + rows,
        height: area.height.saturating_sub(rows),
        ..area
    }
}
