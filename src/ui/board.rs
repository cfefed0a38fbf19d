//! The board: findings on top, every environment's pipelines, and what could not be seen.

use ratatui::layout::Rect;

use super::findings;
use super::flow;
use super::format;
use super::messages;
use super::state;
use super::status;
use super::text::Pen;
use crate::app::board::{self, Cursor};
use crate::app::layout;
use crate::app::model::Model;
use crate::domain::view::SourceView;
use crate::theme::role::{Glyph, Role};

/// Draws the board.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let unseen = board::unseen(&model.overview);
    let parts = board::parts(model.size, &model.overview, &model.findings);
    let cursor = model.board.cursor(&model.overview, &model.findings);
    let part = |y: u16, height: u16| {
        Rect {
            y: area.y + y,
            height,
            ..area
        }
        .intersection(area)
    };
    findings::draw(model, pen, part(0, parts.findings), cursor);
    let mut y = parts.findings;
    flow::draw(model, pen, part(y, parts.flow), cursor);
    y += parts.flow;
    if parts.preview > 0 {
        preview(model, pen, part(y, parts.preview));
        y += parts.preview;
    }
    let rest = part(y, parts.unseen);
    not_seen(model, pen, rest, &unseen, cursor);
}

/// The first of the messages that Enter would list.
fn preview(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let list = &model.preview;
    let note = format!(
        "{} · {} · enter lists them",
        status::filter_text(&list.filter),
        format::count(list.page.total as u64),
    );
    pen.heading(area, 0, "messages", &note, false);
    let below = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    messages::table(model, list, pen, below, None);
}

fn not_seen(model: &Model, pen: &mut Pen<'_>, area: Rect, unseen: &[&SourceView], cursor: Cursor) {
    let all = model.overview.sources.len();
    if unseen.is_empty() {
        let glyph = pen.theme.glyph(Glyph::Completed);
        let (role, text) = match (all, model.loading()) {
            (_, true) => (
                Role::Pending,
                format!("… still reading {} sources", format::count(all as u64)),
            ),
            (0, false) => (Role::Notice, "no source at all".into()),
            _ => (
                Role::Completed,
                format!("{glyph} every source was read completely ({all})"),
            ),
        };
        pen.heading(area, 0, "not seen", "", false);
        pen.row(area, 1, false).skip(2).put(role, &text);
        return;
    }
    let selected = match cursor {
        Cursor::Unseen(i) => Some(i),
        _ => None,
    };
    let rows = usize::from(area.height.saturating_sub(1)).max(1);
    let top = layout::keep_in_sight(0, selected.unwrap_or(0), rows, unseen.len());
    let hidden = unseen.len().saturating_sub(rows);
    let mut note = format!("{} of {all} sources", unseen.len());
    if hidden > 0 {
        note = format!("{note} ({hidden} more)");
    }
    pen.heading(area, 0, "not seen", &note, selected.is_some());
    for (line, (i, source)) in unseen.iter().enumerate().skip(top).take(rows).enumerate() {
        blind_source(pen, area, line as u16 + 1, source, selected == Some(i));
    }
}

fn blind_source(pen: &mut Pen<'_>, area: Rect, line: u16, source: &SourceView, selected: bool) {
    let (role, glyph) = state::source(source.state);
    let label = format!("{} {}", pen.theme.glyph(glyph), source.state.word());
    let fault = source.faults.last();
    let why = fault.map_or(source.note.as_str(), |fault| fault.message.as_str());
    let mut row = pen.row(area, line, selected);
    row.mark(selected);
    row.cell(role, &label, 10);
    let width = (row.rest() / 2).min(48);
    let name = row.fit_end(&source.source.name, width);
    row.cell(Role::Fg, &name, width).skip(1);
    row.put(Role::Muted, why);
}
