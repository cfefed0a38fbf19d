//! One message's way: a lane a stage on a common axis of time, and the missing stage visibly missing.
//!
//! The axis spans what was seen. What was never seen has no time: it is drawn behind a break, and
//! says how long it has been awaited.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::axis::Axis;
use super::format;
use super::state;
use super::text::Pen;
use crate::app::lifecycle::awaited_ms;
use crate::app::model::Model;
use crate::domain::verdict::Verdict;
use crate::domain::view::{LifecycleView, StepView};
use crate::theme::role::{Glyph, Role};

/// Draws the lanes and their axis.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect, view: &LifecycleView) {
    if area.height < 3 || view.steps.is_empty() {
        return;
    }
    let name = view
        .steps
        .iter()
        .map(|s| s.stage.width())
        .max()
        .unwrap_or(0);
    let name = name.clamp(6, 16);
    let lane = usize::from(area.width).saturating_sub(name + 5);
    let missing = view.steps.iter().any(|step| step.missing);
    let axis = Axis {
        from: view.row.first_seen,
        to: view.row.last_seen,
        columns: if missing {
            lane * 3 / 5
        } else {
            lane.saturating_sub(9)
        }
        .max(1),
    };
    let rows = usize::from(area.height) - 2;
    let steps = visible(&view.steps, rows);
    let note = match view.steps.len() - steps.len() {
        0 => elapsed(view),
        _ => format!(
            "{} of {} have room · {}",
            steps.len(),
            view.steps.len(),
            elapsed(view)
        ),
    };
    pen.heading(area, 0, "stages", &note, false);
    for (line, step) in steps.into_iter().enumerate() {
        step_row(
            model,
            pen,
            area,
            line as u16 + 1,
            (view, step),
            (&axis, name),
        );
    }
    axis_row(model, pen, area, missing, (&axis, name));
}

fn elapsed(view: &LifecycleView) -> String {
    let ms = view.row.last_seen.since(view.row.first_seen);
    format!("{} from first to last sighting", format::duration(ms))
}

/// The stages that fit: those that say something first, in their order.
fn visible(steps: &[StepView], rows: usize) -> Vec<&StepView> {
    let mut list: Vec<_> = steps.iter().collect();
    while list.len() > rows {
        let silent = list
            .iter()
            .rposition(|s| s.first.is_none() && !s.missing)
            .or_else(|| list.iter().position(|s| !s.missing));
        match silent {
            Some(at) => list.remove(at),
            None => return list.into_iter().take(rows).collect(),
        };
    }
    list
}

fn step_row(
    model: &Model,
    pen: &mut Pen<'_>,
    area: Rect,
    line: u16,
    (view, step): (&LifecycleView, &StepView),
    (axis, name): (&Axis, usize),
) {
    let theme = pen.theme;
    let mut row = pen.row(area, line, false);
    row.skip(2);
    if step.missing {
        let awaited = awaited_ms(view.row.last_seen, model.overview.horizon);
        let (role, sign) = state::verdict(view.row.verdict);
        let sign = theme.glyph(sign);
        row.cell(role, &step.stage, name).skip(2);
        let start = axis.at(view.row.last_seen);
        let text = format!(
            " {sign} never seen here, awaited {} ",
            format::duration(awaited)
        );
        let dash = theme.glyph(Glyph::Gap);
        let room = row.rest().saturating_sub(text.width() + 1);
        let before = room.min(start.max(room.min(3)));
        row.put(role, &dash.repeat(before)).put(role, &text);
        row.fill(role, dash);
        return;
    }
    let (Some(first), Some(last)) = (step.first, step.last) else {
        row.cell(Role::Muted, &step.stage, name).skip(2);
        row.put(Role::Muted, "·");
        return;
    };
    let stage = view.steps.iter().position(|s| s.stage == step.stage);
    row.cell(Role::stage(stage.unwrap_or(0)), &step.stage, name)
        .skip(2);
    let (start, end) = (axis.at(first), axis.at(last));
    row.skip(start as u16);
    let newest = last == view.row.last_seen;
    let bar = if step.passed {
        Role::Completed
    } else {
        Role::LastSeen
    };
    row.put(bar, &"━".repeat((end - start).max(usize::from(!newest))));
    if newest && view.row.verdict != Verdict::Completed {
        let sign = theme.glyph(Glyph::LastSeen);
        row.put(Role::LastSeen, sign);
        let time = format::clock_ms(model.zone, last);
        let text = format!(" last seen {time}");
        if text.width() <= row.rest() {
            row.put(Role::LastSeen, &text);
        }
    } else {
        row.put(bar, theme.glyph(Glyph::Stage));
        let text = format!(" +{}", format::duration(last.since(axis.from)));
        if text.width() <= row.rest() {
            row.put(Role::Muted, &text);
        }
    }
}

fn axis_row(
    model: &Model,
    pen: &mut Pen<'_>,
    area: Rect,
    missing: bool,
    (axis, name): (&Axis, usize),
) {
    let zone = model.zone;
    let mut row = pen.row(area, area.height - 1, false);
    if let (true, Some(horizon)) = (missing, model.overview.horizon) {
        let text = format!("read to {} ", format::clock(zone, horizon));
        row.end(Role::Muted, &text);
    }
    row.skip(2 + name as u16 + 2);
    let from = format::clock_ms(zone, axis.from);
    let to = format::clock_ms(zone, axis.to);
    row.put(Role::Muted, &from);
    let gap = axis.columns.saturating_sub(from.width() + to.width());
    if gap > 0 && axis.to != axis.from {
        row.skip(gap as u16).put(Role::Muted, &to);
    }
}
