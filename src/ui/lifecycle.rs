//! One message: what can be said of it and why, its way through the stages, its log lines.

use ratatui::layout::Rect;

use super::lanes;
use super::log;
use super::messages::attributes;
use super::sightings;
use super::state;
use super::text::Pen;
use crate::app::lifecycle::{Lifecycle, Pane};
use crate::app::model::Model;
use crate::domain::view::LifecycleView;
use crate::theme::role::Role;

/// Draws the message.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let Some(lifecycle) = &model.lifecycle else {
        return;
    };
    let Some(view) = &lifecycle.view else {
        let text = if lifecycle.gone {
            "this message is not known any more"
        } else {
            "… asking"
        };
        pen.row(area, 0, false).skip(2).put(Role::Muted, text);
        return;
    };
    let parts = lifecycle.layout(model.size);
    let part = |y: u16, height: u16| {
        Rect {
            y: area.y + y,
            height,
            ..area
        }
        .intersection(area)
    };
    head(pen, part(0, parts.head), lifecycle, view);
    lanes::draw(model, pen, part(parts.head, parts.lanes), view);
    let mut list = part(parts.head + parts.lanes, parts.sightings);
    let mut line = part(parts.head + parts.lanes + parts.sightings, parts.log);
    if parts.side {
        let half = area.width / 2;
        line = Rect {
            x: area.x + half,
            y: list.y,
            width: area.width - half,
            height: list.height,
        };
        list.width = half - 1;
    }
    let focused = lifecycle.pane == Pane::Sightings;
    sightings::draw(model, pen, list, lifecycle, focused);
    let place = lifecycle.shown_sighting().map(|s| {
        let (source, byte) = (&s.source_name, s.raw.offset);
        format!("{source} · byte {byte}")
    });
    let shown = log::Line {
        text: &lifecycle.text,
        raw: lifecycle.raw,
        scrolled: match lifecycle.pane {
            Pane::Log(top) => Some(top),
            Pane::Sightings => None,
        },
        place: place.unwrap_or_default(),
    };
    log::draw(pen, line, &shown);
}

fn head(pen: &mut Pen<'_>, area: Rect, lifecycle: &Lifecycle, view: &LifecycleView) {
    let message = &view.row;
    let (role, _) = state::verdict(message.verdict);
    let label = state::label(pen.theme, message.verdict);
    let mut row = pen.row(area, 0, false);
    let place = format!("{} · {} ", message.env, message.pipeline);
    row.end(Role::Muted, &place);
    row.skip(2).put(role, &label).skip(2);
    row.put(Role::Title, &message.id).skip(2);
    let flags: Vec<_> = message.flags.words().collect();
    row.put(Role::Notice, &flags.join("  "));
    let room = usize::from(
        area.height
            .saturating_sub(if area.height > 3 { 2 } else { 1 }),
    )
    .min(3);
    let why = pen.words(&view.why, usize::from(area.width.saturating_sub(4)));
    let cut = why.len() > room;
    for (line, text) in why.iter().take(room).enumerate() {
        let mut row = pen.row(area, line as u16 + 1, false);
        row.skip(2).put(Role::Fg, text);
        if cut && line + 1 == room {
            row.put(Role::Muted, " …");
        }
    }
    if area.height <= 3 {
        return;
    }
    let mut row = pen.row(area, 1 + why.len().min(room) as u16, false);
    row.skip(2);
    let others: Vec<_> = message
        .ids
        .iter()
        .filter(|id| **id != message.id)
        .map(String::as_str)
        .collect();
    if !others.is_empty() {
        row.put(Role::Muted, "linked to ")
            .put(Role::Fg, &others.join("  "));
        row.skip(2);
    }
    row.put(Role::Muted, &attributes(message));
    if lifecycle.gone {
        row.end(Role::Notice, "not known any more ");
    }
}
