//! A framed box over the view.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::text::Pen;
use crate::theme::role::Role;

/// A framed box in the middle; returns its inside.
pub fn frame(pen: &mut Pen<'_>, area: Rect, width: u16, height: u16, title: &str) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    let outer = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    boxed(pen, outer, title)
}

/// A framed box; returns its inside.
pub fn boxed(pen: &mut Pen<'_>, outer: Rect, title: &str) -> Rect {
    let Rect { width, height, .. } = outer;
    pen.clear(outer, Role::Surface);
    pen.cursor = None;
    let inside = usize::from(width.saturating_sub(2));
    let title = format!(" {title} ");
    let rest = inside.saturating_sub(title.width() + 1);
    let mut row = pen.row(outer, 0, false);
    row.put(Role::Border, "╭─").put(Role::Accent, &title);
    row.put(Role::Border, &"─".repeat(rest))
        .put(Role::Border, "╮");
    for line in 1..height.saturating_sub(1) {
        let mut row = pen.row(outer, line, false);
        row.put(Role::Border, "│").end(Role::Border, "│");
    }
    let bottom = format!("╰{}╯", "─".repeat(inside));
    pen.row(outer, height.saturating_sub(1), false)
        .put(Role::Border, &bottom);
    Rect {
        x: outer.x + 2,
        y: outer.y + 1,
        width: width.saturating_sub(4),
        height: height.saturating_sub(2),
    }
}
