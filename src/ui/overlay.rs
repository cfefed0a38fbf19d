//! What lies over a view: its keys, its actions by name, a question.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::boxes::boxed;
use super::text::Pen;
use super::themes;
use crate::app::keymap::{self, Binding};
use crate::app::layout;
use crate::app::model::{Asking, Mode, Model};
use crate::app::palette::Palette;
use crate::theme::role::Role;

/// Draws what lies over the view, if anything does.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    match &model.mode {
        Mode::Normal | Mode::Filter(..) => {}
        Mode::Help(top) => help(model, pen, area, *top),
        Mode::Palette(palette) => actions(pen, area, palette),
        Mode::Themes(cursor) => themes::draw(model, pen, area, *cursor),
        Mode::Question(asking) => question(pen, area, *asking, model.overview.live),
    }
}

/// A framed box in the middle; returns its inside.
fn frame(pen: &mut Pen<'_>, area: Rect, width: u16, height: u16, title: &str) -> Rect {
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

fn keys(binding: &Binding) -> String {
    let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
    keys.join(" ")
}

fn help(model: &Model, pen: &mut Pen<'_>, area: Rect, top: usize) {
    let context = model.place.context();
    let list: Vec<_> = keymap::bindings(context).collect();
    let (columns, rows) = layout::help(model.size, list.len());
    let title = format!("keys: {}", context.title());
    let width = if columns == 2 { 122 } else { 62 };
    let inside = frame(pen, area, width, rows as u16 + 2, &title);
    let top = top.min(rows.saturating_sub(usize::from(inside.height)));
    let column_width = inside.width / columns as u16;
    for (i, binding) in list.iter().enumerate() {
        let (column, line) = (i / rows, i % rows);
        if line < top || line >= top + usize::from(inside.height) {
            continue;
        }
        let place = Rect {
            x: inside.x + column as u16 * column_width,
            width: column_width,
            ..inside
        };
        let mut row = pen.row(place, (line - top) as u16, false);
        row.cell(Role::Key, &keys(binding), 14).skip(1);
        row.cell(Role::Fg, binding.help, 36).skip(1);
        let name = binding.action.name();
        if name.width() <= row.rest() && columns == 2 {
            row.put(Role::Muted, name);
        }
    }
    let below = rows.saturating_sub(top + usize::from(inside.height));
    if below > 0 {
        let text = format!(" ▼ {below} more: j ");
        let border = Rect {
            height: inside.height + 1,
            ..inside
        };
        pen.row(border, inside.height, false)
            .end(Role::Notice, &text);
    }
}

fn actions(pen: &mut Pen<'_>, area: Rect, palette: &Palette) {
    let entries = palette.entries();
    let all = keymap::bindings(palette.context).count() as u16;
    let title = format!("actions: {}", palette.context.title());
    let inside = frame(pen, area, 76, all + 4, &title);
    let mut row = pen.row(inside, 0, false);
    row.put(Role::Key, ":")
        .put(Role::Title, palette.prompt.text());
    row.cursor_here();
    row.put(Role::Accent, "█");
    if palette.prompt.text().is_empty() {
        row.skip(1).put(Role::Muted, "type part of a name");
    }
    let rows = usize::from(inside.height.saturating_sub(2));
    let top = layout::keep_in_sight(0, palette.cursor, rows, entries.len());
    for (line, (i, binding)) in entries.iter().enumerate().skip(top).take(rows).enumerate() {
        let selected = i == palette.cursor;
        let mut row = pen.row(inside, line as u16 + 2, selected);
        row.put(Role::Key, if selected { "❯ " } else { "  " });
        row.cell(Role::Title, binding.action.name(), 20).skip(1);
        let keys = keys(binding);
        row.end(Role::Key, &keys);
        row.put(Role::Muted, binding.help);
    }
    if entries.is_empty() {
        pen.row(inside, 2, false)
            .put(Role::Notice, "no action of this view matches");
    }
}

fn question(pen: &mut Pen<'_>, area: Rect, asking: Asking, live: bool) {
    let (title, text) = match asking {
        Asking::Quit => ("quit?", "q, y or enter quits; any other key stays"),
        Asking::Reveal => (
            "show everything again?",
            "y or enter shows what is masked; any other key keeps it masked",
        ),
        Asking::StopLoad => (
            if live {
                "stop following?"
            } else {
                "stop loading?"
            },
            "y or enter stops, what was read stays; any other key goes on",
        ),
    };
    let inside = frame(pen, area, text.width() as u16 + 4, 3, title);
    pen.row(inside, 0, false).put(Role::Fg, text);
}
