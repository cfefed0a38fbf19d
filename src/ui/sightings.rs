//! Every sighting of one message, oldest first, and where the next one should be: the gap.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::state;
use super::text::{Pen, Row};
use crate::app::lifecycle::{Lifecycle, awaited_ms, last_seen};
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::domain::verdict::Mark;
use crate::domain::view::{LifecycleView, SightingView};
use crate::theme::role::{Glyph, Role};

/// Draws the list.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect, lifecycle: &Lifecycle, focused: bool) {
    let Some(view) = &lifecycle.view else { return };
    let above = match lifecycle.top {
        0 => String::new(),
        rows => format!(" · {rows} more above"),
    };
    let note = format!(
        "{}{above} · times in {}",
        format::count(view.sightings.len() as u64),
        model.zone.name()
    );
    pen.heading(area, 0, "sightings", &note, focused);
    let rows = usize::from(area.height.saturating_sub(1));
    let names = view.steps.iter().map(|s| s.stage.width());
    let stage = names.max().unwrap_or(0).clamp(6, 16);
    let newest = last_seen(&view.sightings);
    let theme = pen.theme;
    for line in 0..rows {
        let index = lifecycle.top + line;
        let selected = index == lifecycle.cursor;
        let at = line as u16 + 1;
        pen.target(area, at, 1, Target::Row(index));
        match view.sightings.get(index) {
            Some(sighting) => {
                let before = index.checked_sub(1).and_then(|i| view.sightings.get(i));
                let delta = before.map(|before| sighting.time.since(before.time));
                let mut row = pen.row(area, at, selected);
                row.mark(selected);
                if index == newest {
                    row.end(
                        Role::LastSeen,
                        &format!("{} last seen ", theme.glyph(Glyph::LastSeen)),
                    );
                }
                sighting_row(model, &mut row, view, sighting, (delta, stage));
            }
            None if index == view.sightings.len() => gap(model, pen, area, at, lifecycle),
            None => break,
        }
    }
}

fn sighting_row(
    model: &Model,
    row: &mut Row<'_, '_>,
    view: &LifecycleView,
    sighting: &SightingView,
    (delta, stage): (Option<i64>, usize),
) {
    let delta = delta.map_or(String::new(), |ms| {
        let sign = if ms >= 0 { "+" } else { "" };
        format!("{sign}{}", format::duration(ms))
    });
    let step = |i| view.steps.get(i).map(|step| (Role::stage(i), &*step.stage));
    let (role, name) = sighting.stage.and_then(step).unwrap_or((Role::Title, "?"));
    let mark = match sighting.mark {
        Mark::Fail => Role::Failed,
        Mark::DeadLetter => Role::DeadLettered,
        Mark::Exit | Mark::Skip => Role::Completed,
        Mark::Retry => Role::Notice,
        Mark::Note | Mark::Enter | Mark::Ack => Role::Fg,
    };
    row.cell(Role::Fg, &format::clock_ms(model.zone, sighting.time), 12);
    row.skip(1).cell_right(Role::Muted, &delta, 7).skip(2);
    row.cell(role, name, stage).skip(1);
    row.cell(mark, &sighting.mark.word().replace('_', " "), 11)
        .skip(1);
    let width = row.rest();
    let stream = if sighting.stream.is_empty() || width < 30 {
        String::new()
    } else {
        format!("  {}", sighting.stream)
    };
    let room = if width > 60 { width * 3 / 5 } else { width };
    let source = row.fit_end(&sighting.source_name, room);
    row.put(Role::Fg, &source);
    row.put(Role::Muted, &stream);
}

fn gap(model: &Model, pen: &mut Pen<'_>, area: Rect, line: u16, lifecycle: &Lifecycle) {
    let (Some(view), Some(step)) = (&lifecycle.view, lifecycle.missing()) else {
        return;
    };
    let selected = lifecycle.cursor == view.sightings.len();
    let (role, glyph) = state::verdict(view.row.verdict);
    let awaited = awaited_ms(view.row.last_seen, model.overview.horizon);
    let theme = pen.theme;
    let text = format!(
        " {} {} never seen, awaited {} ",
        theme.glyph(glyph),
        step.stage,
        format::duration(awaited)
    );
    let dash = theme.glyph(Glyph::Gap);
    let mut row = pen.row(area, line, selected);
    row.mark(selected);
    row.put(role, &dash.repeat(3)).put(role, &text);
    row.fill(role, dash);
}
