//! What lies over a view: its keys, its actions by name, a question.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::frame::frame;
use super::note;
use super::text::Pen;
use crate::app::action::Action;
use crate::app::keymap::{self, Binding, Context};
use crate::app::layout;
use crate::app::model::{Asking, Mode, Model};
use crate::app::palette::Palette;
use crate::theme::role::Role;

/// Draws what lies over the view, if anything does.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    match &model.mode {
        Mode::Normal | Mode::Filter(..) | Mode::Sides(_) => {}
        Mode::Help(top) => help(model, pen, area, *top),
        Mode::Palette(palette) => actions(pen, area, palette),
        Mode::Note(noting) => note::draw(model, pen, area, noting),
        Mode::Copy => copies(model, pen, area),
        Mode::Question(asking) => question(model, pen, area, asking),
    }
}

/// The keys of a binding; of what has none of its own, those of the menu that holds it.
fn keys(binding: &Binding) -> String {
    let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
    if keys.is_empty()
        && let Some(key) = keymap::key_of(Context::Copying, binding.action)
    {
        let menu = keymap::key_of(Context::Board, Action::Copy);
        return menu.map_or_else(String::new, |menu| format!("{menu} {key}"));
    }
    keys.join(" ")
}

/// What can be copied, and with which key.
fn copies(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let list: Vec<_> = keymap::keyed(Context::Copying)
        .filter(|binding| binding.contexts.len() == 1)
        .collect();
    let place = model.place.context().title();
    let title = format!("copy from: {place}");
    let inside = frame(pen, area, 52, list.len() as u16 + 2, &title);
    for (line, binding) in list.iter().enumerate() {
        let mut row = pen.row(inside, line as u16, false);
        row.cell(Role::Key, &keys(binding), 6).skip(1);
        row.put(Role::Fg, binding.help);
    }
}

fn help(model: &Model, pen: &mut Pen<'_>, area: Rect, top: usize) {
    let context = model.place.context();
    let list: Vec<_> = keymap::keyed(context).collect();
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

fn question(model: &Model, pen: &mut Pen<'_>, area: Rect, asking: &Asking) {
    let (title, text) = match asking {
        Asking::Quit if model.timeline.unkept() => (
            "quit? the timeline is not saved",
            "q, y or enter quits and loses it; any other key stays (w on 6 writes it)",
        ),
        Asking::Quit => ("quit?", "q, y or enter quits; any other key stays"),
        Asking::StopLoad => (
            if model.overview.live {
                "stop following?"
            } else {
                "stop loading?"
            },
            "y or enter stops, what was read stays; any other key goes on",
        ),
        Asking::CopyRaw(_) => (
            "copy control characters?",
            "where it is pasted it may act like keys; y copies it as it is",
        ),
    };
    let inside = frame(pen, area, text.width() as u16 + 4, 3, title);
    pen.row(inside, 0, false).put(Role::Fg, text);
}
