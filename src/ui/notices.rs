//! What was said: the list of all of it, and over the view what has failed. Nothing here decides how
//! long something stays.

use ratatui::layout::Rect;

use super::frame::frame;
use super::text::Pen;
use crate::app::layout;
use crate::app::model::{Mode, Model};
use crate::theme::role::{Glyph, Role};

/// Columns of the list.
const WIDE: u16 = 120;
/// Rows of what has failed, at most.
const ROWS: usize = 3;

/// The list, the newest on top; below it the selected one in full.
pub fn list(model: &Model, pen: &mut Pen<'_>, area: Rect, selected: usize) {
    let list = model.notices.list();
    let inside = frame(
        pen,
        area,
        WIDE,
        list.len() as u16 + 6,
        "notices, newest first",
    );
    let below = (ROWS as u16 + 1).min(inside.height.saturating_sub(1));
    let rows = usize::from(inside.height - below);
    let top = layout::keep_in_sight(0, selected, rows, list.len());
    for (line, (i, notice)) in list.iter().enumerate().skip(top).take(rows).enumerate() {
        let mut row = pen.row(inside, line as u16, i == selected);
        row.mark(i == selected);
        let failed = row.theme().glyph(Glyph::Failed);
        row.cell(Role::Failed, if notice.failed { failed } else { "" }, 2);
        if notice.times > 1 {
            row.put(Role::Muted, &format!("×{} ", notice.times));
        }
        row.put(Role::Fg, &notice.text);
    }
    let Some(notice) = list.get(selected) else {
        return;
    };
    let whole = pen.words(&notice.text, usize::from(inside.width));
    for (line, text) in whole.iter().take(ROWS).enumerate() {
        let at = inside.height - below + 1 + line as u16;
        pen.row(inside, at, false).put(Role::Muted, text);
    }
}

/// What has failed, on the rows above the status line.
pub fn standing(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let Some(failed) = model.notices.standing() else {
        return;
    };
    let glyph = pen.theme.glyph(Glyph::Failed);
    let away = if model.mode == Mode::Normal {
        "   (esc puts it away; :notices has it)"
    } else {
        ""
    };
    let text = format!("{glyph} {failed}{away}");
    let lines = pen.words(&text, usize::from(area.width).saturating_sub(2));
    let rows = lines.len().min(ROWS) as u16;
    let place = Rect {
        y: area.bottom().saturating_sub(rows),
        height: rows,
        ..area
    };
    pen.clear(place, Role::Surface);
    for (line, text) in (0..rows).zip(&lines) {
        let mut row = pen.row(place, line, false);
        row.skip(1).put(Role::Failed, text);
    }
}
