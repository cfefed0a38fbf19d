//! The keys pressed last, in a corner, for those who look on.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::text::Pen;
use crate::app::model::Model;
use crate::theme::role::Role;

/// Draws them, if there are any to be shown.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let keys = &model.share.keys;
    if keys.is_empty() {
        return;
    }
    let text = format!(" {} ", keys.join(" "));
    let width = (text.width() as u16).min(area.width);
    let corner = Rect {
        x: area.right() - width,
        y: area.bottom() - 1,
        width,
        height: 1,
    };
    pen.clear(corner, Role::Surface);
    pen.row(corner, 0, false).put(Role::Key, &text);
}
