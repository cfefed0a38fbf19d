//! A note being typed: its time and its text, over the view.

use ratatui::layout::Rect;

use super::format;
use super::frame::frame;
use super::text::Pen;
use crate::app::model::Model;
use crate::app::note::Noting;
use crate::theme::role::Role;

/// Columns before what is typed.
const LABEL: usize = 6;
/// So many rows of the text show; of a longer one its end.
const ROWS: usize = 5;

/// Draws it.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect, noting: &Noting) {
    let title = match (noting.new, noting.entry.kind.word()) {
        (true, _) => "a note".to_owned(),
        (false, kind) => format!("change the {kind}"),
    };
    let inside = frame(pen, area, 84, ROWS as u16 + 5, &title);
    let mut row = pen.row(inside, 0, false);
    row.cell(Role::Muted, "time", LABEL);
    row.put(role(noting.on_time), noting.time.text());
    if noting.on_time {
        row.cursor_here();
        row.put(Role::Accent, "█");
    }
    let zone = model.zone.name();
    let means = match noting.meant(model.now, model.zone) {
        Ok(time) => {
            let whence = noting.whence().map_or("", |whence| whence.word());
            let dot = if whence.is_empty() { "" } else { " · " };
            let time = format::date_clock(model.zone, time);
            format!("= {time} {zone}{dot}{whence}")
        }
        Err(_) => "no time".to_owned(),
    };
    row.skip(2).put(Role::Muted, &means);
    let width = usize::from(inside.width).saturating_sub(LABEL + 1);
    let lines = pen.words(noting.text.text(), width);
    let first = lines.len().saturating_sub(ROWS);
    for (line, text) in lines.iter().skip(first).enumerate() {
        let label = if line == 0 { "text" } else { "" };
        let mut row = pen.row(inside, line as u16 + 1, false);
        row.cell(Role::Muted, label, LABEL);
        row.put(role(!noting.on_time), text);
        if !noting.on_time && first + line + 1 == lines.len() {
            // A blank at the end is typed, too, although a broken line does not keep it.
            row.skip(u16::from(noting.text.text().ends_with(' ')));
            row.cursor_here();
            row.put(Role::Accent, "█");
        }
    }
    let below = ROWS as u16 + 2;
    match &noting.wrong {
        Some(wrong) => pen.row(inside, below, false).put(Role::Failed, wrong),
        None => pen.row(inside, below, false).put(
            Role::Muted,
            "enter saves · tab: text or time (02:10, 5m, 2026-11-22 02:10) · esc leaves",
        ),
    };
}

const fn role(focused: bool) -> Role {
    if focused { Role::Title } else { Role::Fg }
}
