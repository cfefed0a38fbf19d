//! The list of themes, at the right edge: what is chosen is seen at once on the view beside it.

use ratatui::layout::Rect;

use super::frame::boxed;
use super::text::Pen;
use crate::app::layout;
use crate::app::model::Model;
use crate::theme::role::Role;

const COLUMNS: u16 = 54;

/// Draws the list.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect, cursor: usize) {
    let names = &model.themes.names;
    let width = COLUMNS.min(area.width);
    let height = (names.len() as u16 + 2).min(area.height.saturating_sub(1));
    let outer = Rect {
        x: area.right() - width,
        y: area.bottom() - height,
        width,
        height,
    };
    let inside = boxed(pen, outer, "themes");
    let rows = usize::from(inside.height);
    let top = layout::keep_in_sight(0, cursor, rows, names.len());
    for (line, (i, theme)) in names.iter().enumerate().skip(top).take(rows).enumerate() {
        let selected = i == cursor;
        let mut row = pen.row(inside, line as u16, selected);
        row.mark(selected)
            .cell(Role::Title, &theme.name, 17)
            .skip(1);
        row.put(Role::Muted, &theme.note);
    }
}
