//! The board: findings on top, every environment's pipelines, and what could not be seen.

use ratatui::layout::Rect;

use super::flow;
use super::format;
use super::state;
use super::text::{Pen, fit_end, words};
use crate::app::board::{self, Cursor};
use crate::app::layout;
use crate::app::model::Model;
use crate::diagnose::finding::{Finding, FindingKind};
use crate::domain::verdict::Verdict;
use crate::domain::view::{EnvironmentView, SourceView};
use crate::theme::role::{Glyph, Role};

/// Draws the board.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let unseen = board::unseen(&model.overview);
    let parts = layout::board(model.size, model.findings.len(), unseen.len());
    let cursor = model.board.cursor(&model.overview, &model.findings);
    let part = |y: u16, height: u16| {
        Rect {
            y: area.y + y,
            height,
            ..area
        }
        .intersection(area)
    };
    findings(model, pen, part(0, parts.findings), cursor);
    flow::draw(model, pen, part(parts.findings, parts.flow), cursor);
    let rest = part(parts.findings + parts.flow, parts.unseen);
    not_seen(model, pen, rest, &unseen, cursor);
}

fn findings(model: &Model, pen: &mut Pen<'_>, area: Rect, cursor: Cursor) {
    let list = &model.findings;
    let selected = match cursor {
        Cursor::Finding(i) => Some(i),
        _ => None,
    };
    let rows = usize::from(area.height.saturating_sub(2)).max(1);
    let top = layout::keep_in_sight(0, selected.unwrap_or(0), rows, list.len());
    let more = match list.len().saturating_sub(rows) {
        0 => String::new(),
        more => format!("{} ({more} more)", list.len()),
    };
    pen.heading(area, 0, "findings", &more, selected.is_some());
    if list.is_empty() {
        let (role, text) = nothing_found(model);
        pen.row(area, 1, false).skip(2).put(role, &text);
    }
    // The selected one may take a second line: the one that parts the findings from what follows.
    let mut line = 1;
    let mut end = area.height.saturating_sub(1);
    for (i, found) in list.iter().enumerate().skip(top) {
        let selected = selected == Some(i);
        let lines = finding(pen, area, line, found, selected);
        line += lines;
        if lines > 1 {
            end = area.height;
        }
        if line >= end {
            break;
        }
    }
}

fn nothing_found(model: &Model) -> (Role, String) {
    let environments = model
        .overview
        .pipelines
        .iter()
        .flat_map(|p| &p.environments);
    let sum = |of: &dyn Fn(&EnvironmentView) -> u64| environments.clone().map(of).sum::<u64>();
    let lost = sum(&|env| env.counts.of(Verdict::Lost));
    if lost > 0 {
        let text = format!("{} lost; x goes to the gap", format::count(lost));
        (Role::Lost, text)
    } else if model.loading() {
        (Role::Pending, "… reading; findings appear here".into())
    } else if sum(&|env| env.counts.total()) == 0 {
        let text = "no message was seen: 4 shows what was read, and what was not";
        (Role::Notice, text.into())
    } else if board::unseen(&model.overview).is_empty() {
        (Role::Completed, "nothing was lost".into())
    } else {
        let text = "nothing was lost in what was read, but not everything was read";
        (Role::Notice, text.into())
    }
}

/// Draws one finding; returns how many rows it took.
fn finding(pen: &mut Pen<'_>, area: Rect, line: u16, found: &Finding, selected: bool) -> u16 {
    let (role, glyph) = match found.kind {
        FindingKind::Gap => state::verdict(Verdict::Lost),
        FindingKind::BlindSpot => state::verdict(Verdict::Blind),
    };
    let glyph = pen.theme.glyph(glyph);
    let mut row = pen.row(area, line, selected);
    row.put(Role::Key, if selected { "❯ " } else { "  " });
    row.put(role, glyph).skip(1);
    if let Some(env) = &found.env {
        row.cell(Role::Title, env, 6);
    }
    let lines = words(&found.title, row.rest().saturating_sub(1));
    if !selected || lines.len() == 1 || line + 1 >= area.height {
        row.put(Role::Fg, &found.title);
        return 1;
    }
    let indent = row.x() - area.x;
    row.put(Role::Fg, &lines[0]);
    let mut row = pen.row(area, line + 1, selected);
    row.skip(indent).put(Role::Fg, &lines[1..].join(" "));
    2
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
    row.put(Role::Key, if selected { "❯ " } else { "  " });
    row.cell(role, &label, 10);
    let width = (row.rest() / 2).min(48);
    let name = fit_end(&source.source.name, width).into_owned();
    row.cell(Role::Fg, &name, width).skip(1);
    row.put(Role::Muted, why);
}
