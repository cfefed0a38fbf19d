//! What lies over a view: its keys, its actions by name, a question.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::frame::frame;
use super::note;
use super::notices;
use super::text::Pen;
use super::themes;
use crate::app::action::Action;
use crate::app::bound::Bound;
use crate::app::context::Context;
use crate::app::copying;
use crate::app::keymap;
use crate::app::layout;
use crate::app::model::{Asking, Mode, Model};
use crate::app::palette::Palette;
use crate::app::typing::Typing;
use crate::theme::role::Role;

/// Draws what lies over the view, if anything does.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    notices::standing(model, pen, area);
    match &model.mode {
        Mode::Normal | Mode::Sides(_) | Mode::LogText(_) => {}
        Mode::Themes(cursor) => themes::draw(model, pen, area, *cursor),
        Mode::Typing(typing) => wrong(pen, area, typing),
        Mode::Marks(row) => marks(model, pen, area, *row),
        Mode::Notices(row) => notices::list(model, pen, area, *row),
        Mode::Help(list) => help(model, pen, area, list),
        Mode::Palette(palette) => actions(model, pen, area, palette),
        Mode::Note(noting) => note::draw(model, pen, area, noting),
        Mode::Copy => copies(model, pen, area),
        Mode::Question(asking) => question(model, pen, area, asking),
    }
}

/// The keys of a binding; of what has none of its own, those of the menu that holds it.
fn keys(model: &Model, binding: &Bound) -> String {
    let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
    if keys.is_empty()
        && let Some(key) = model.keys.key_of(Context::Copying, binding.action)
    {
        let menu = model.keys.key_of(Context::Board, Action::Copy);
        return menu.map_or_else(String::new, |menu| format!("{menu} {key}"));
    }
    keys.join(" ")
}

/// How it is reached where it has no key: by its name in the palette.
fn by_name(model: &Model, binding: &Bound) -> String {
    let palette = model.keys.key_of(Context::Board, Action::Palette);
    palette.map_or_else(String::new, |key| format!("{key}{}", binding.action.name()))
}

/// What can be copied, and with which key.
fn copies(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let own = |bound: &&Bound| {
        keymap::only_in(Context::Copying, bound.action) && copying::offers(model, bound.action)
    };
    let list: Vec<_> = model.keys.keyed(Context::Copying).filter(own).collect();
    let place = model.place.context().title();
    let title = format!("copy from: {place}");
    let inside = frame(pen, area, 52, list.len() as u16 + 2, &title);
    for (line, binding) in list.iter().enumerate() {
        let mut row = pen.row(inside, line as u16, false);
        row.cell(Role::Key, &keys(model, binding), 6).skip(1);
        row.put(Role::Fg, binding.help);
    }
}

fn help(model: &Model, pen: &mut Pen<'_>, area: Rect, help: &Palette) {
    let list = help.entries(&model.keys);
    let all = model.keys.bindings(help.context).count();
    let (columns, tall) = layout::help(model.size, all);
    let title = format!("keys: {}", help.context.title());
    let width = if columns == 2 { 122 } else { 62 };
    let inside = frame(pen, area, width, tall as u16 + 3, &title);
    typed(pen, inside, help, "type to find, enter does it");
    let inside = below(inside, 1);
    let (height, rows) = (usize::from(inside.height), list.len().div_ceil(columns));
    let top = layout::keep_in_sight(0, help.cursor % rows.max(1), height, rows);
    let column_width = inside.width / columns as u16;
    for (i, binding) in list.iter().enumerate() {
        let (column, line) = (i / rows, i % rows);
        if line < top || line >= top + height {
            continue;
        }
        let place = Rect {
            x: inside.x + column as u16 * column_width,
            width: column_width,
            ..inside
        };
        let selected = i == help.cursor;
        let mut row = pen.row(place, (line - top) as u16, selected);
        row.put(Role::Key, if selected { "❯" } else { " " });
        let mut reached = keys(model, binding);
        if reached.is_empty() {
            reached = by_name(model, binding);
        }
        row.cell(Role::Key, &reached, 18).skip(1);
        row.put(Role::Fg, binding.help);
    }
    if list.is_empty() {
        pen.row(inside, 0, false)
            .put(Role::Notice, "no action of this view matches");
    }
    let hidden = rows.saturating_sub(top + height);
    if hidden > 0 {
        let border = Rect {
            height: inside.height + 1,
            ..inside
        };
        pen.row(border, inside.height, false)
            .end(Role::Notice, &format!(" ▼ {hidden} more "));
    }
}

/// An area without its first rows.
fn below(area: Rect, rows: u16) -> Rect {
    Rect {
        y: area.y + rows,
        height: area.height.saturating_sub(rows),
        ..area
    }
}

/// What was typed to find an action.
fn typed(pen: &mut Pen<'_>, area: Rect, list: &Palette, hint: &str) {
    let mut row = pen.row(area, 0, false);
    row.put(Role::Key, ":").put(Role::Title, list.prompt.text());
    row.cursor_here();
    row.put(Role::Accent, "█");
    if list.prompt.text().is_empty() {
        row.skip(1).put(Role::Muted, hint);
    }
}

fn actions(model: &Model, pen: &mut Pen<'_>, area: Rect, palette: &Palette) {
    let entries = palette.entries(&model.keys);
    let all = model.keys.bindings(palette.context).count() as u16;
    let title = format!("actions: {}", palette.context.title());
    let inside = frame(pen, area, 76, all + 4, &title);
    typed(pen, inside, palette, "type part of a name");
    let rows = usize::from(inside.height.saturating_sub(2));
    let top = layout::keep_in_sight(0, palette.cursor, rows, entries.len());
    for (line, (i, binding)) in entries.iter().enumerate().skip(top).take(rows).enumerate() {
        let selected = i == palette.cursor;
        let mut row = pen.row(inside, line as u16 + 2, selected);
        row.put(Role::Key, if selected { "❯ " } else { "  " });
        row.cell(Role::Title, binding.action.name(), 20).skip(1);
        let keys = keys(model, binding);
        row.end(Role::Key, &keys);
        row.put(Role::Muted, binding.help);
    }
    if entries.is_empty() {
        pen.row(inside, 2, false)
            .put(Role::Notice, "no action of this view matches");
    }
}

/// What is wrong with what is typed, on the rows above the status line.
fn wrong(pen: &mut Pen<'_>, area: Rect, typing: &Typing) {
    if let Err(wrong) = &typing.echo {
        let place = wrong
            .at
            .map_or(String::new(), |at| format!("at {}: ", at + 1));
        let text = format!("✗ {place}{}", wrong.message);
        let lines = pen.words(&text, usize::from(area.width).saturating_sub(2));
        let rows = below(area, area.height.saturating_sub(lines.len() as u16));
        pen.clear(rows, Role::Surface);
        for (line, text) in lines.iter().enumerate() {
            let mut row = pen.row(rows, line as u16, false);
            row.skip(1).put(Role::Failed, text);
        }
    }
}

fn marks(model: &Model, pen: &mut Pen<'_>, area: Rect, selected: usize) {
    let list: Vec<_> = model.marks.list().collect();
    let inside = frame(pen, area, 62, list.len() as u16 + 2, "marks");
    let rows = usize::from(inside.height);
    let top = layout::keep_in_sight(0, selected, rows, list.len());
    for (line, (i, (letter, what))) in list.iter().enumerate().skip(top).take(rows).enumerate() {
        let mut row = pen.row(inside, line as u16, i == selected);
        row.mark(i == selected);
        row.cell(Role::Key, &letter.to_string(), 2).skip(1);
        row.put(Role::Fg, what);
    }
}

fn question(model: &Model, pen: &mut Pen<'_>, area: Rect, asking: &Asking) {
    let (title, text) = match asking {
        Asking::Quit if model.timeline.unkept() => (
            "quit? the timeline is not saved",
            "q, y or enter quits and loses it; any other key stays (w on 6 writes it)",
        ),
        Asking::Quit => ("quit?", "q, y or enter quits; any other key stays"),
        Asking::Reveal => (
            "show everything again?",
            "y shows what is masked; any other key keeps it masked",
        ),
        Asking::Save(path) => {
            let text = format!(
                "{path}: every rule learnt here, with texts of the log as they are, not masked; \
                 y writes it, any other key does not"
            );
            return ask(pen, area, "write the configuration?", &text);
        }
        Asking::Replace(path) => {
            let text = format!("{path} is there already; y replaces it, any other key keeps it");
            return ask(pen, area, "replace the configuration?", &text);
        }
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
    ask(pen, area, title, text);
}

fn ask(pen: &mut Pen<'_>, area: Rect, title: &str, text: &str) {
    let width = (text.width() as u16).saturating_add(4).min(area.width);
    let lines = pen.words(text, usize::from(width.saturating_sub(4)));
    let inside = frame(pen, area, width, lines.len() as u16 + 2, title);
    for (line, text) in lines.iter().enumerate() {
        pen.row(inside, line as u16, false).put(Role::Fg, text);
    }
}
