//! The board: findings on top, every environment's pipelines, and what could not be seen.

use ratatui::layout::Rect;

use super::findings;
use super::flow;
use super::format;
use super::learnt;
use super::messages;
use super::state;
use super::status;
use super::story::{self, Story};
use super::text::Pen;
use crate::app::about::{self, Chart};
use crate::app::board::{self, Cursor, FlowRow};
use crate::app::layout;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::app::unsourced;
use crate::app::wide;
use crate::domain::show::count_of;
use crate::domain::view::SourceView;
use crate::theme::role::{Glyph, Role};

/// Draws the board.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let unseen = board::unseen(&model.overview);
    let parts = board::parts(model.board_size(), &model.overview, &model.findings);
    let cursor = model.board.cursor(&model.overview, &model.findings);
    let previewed = model.board.previewed(&model.overview, &model.findings);
    // The edge of a finding is marked once one stays on the finding, as the rest of what is behind it.
    let in_flow = match (cursor, previewed) {
        (Cursor::Finding(_), Cursor::Finding(_)) => previewed,
        _ => cursor,
    };
    let part = |y: u16, height: u16| {
        Rect {
            y: area.y + y,
            height,
            ..area
        }
        .intersection(area)
    };
    if wide::is_wide(model.size) {
        let left = wide::findings_columns(model.size);
        let on_left = |area: Rect| Rect {
            width: left - 2,
            ..area
        };
        let on_right = |area: Rect| Rect {
            x: area.x + left,
            width: area.width - left,
            ..area
        };
        findings::draw(model, pen, on_left(part(0, parts.findings)), cursor);
        let rest = on_left(part(parts.findings, parts.unseen));
        not_seen(model, pen, rest, &unseen, cursor);
        flow::draw(model, pen, on_right(part(0, parts.flow)), in_flow);
        if parts.preview > 0 {
            let rest = on_right(part(parts.flow, parts.preview));
            preview(model, pen, rest, previewed);
        }
        return;
    }
    findings::draw(model, pen, part(0, parts.findings), cursor);
    let mut y = parts.findings;
    flow::draw(model, pen, part(y, parts.flow), in_flow);
    y += parts.flow;
    if parts.preview > 0 {
        preview(model, pen, part(y, parts.preview), previewed);
        y += parts.preview;
    }
    let rest = part(y, parts.unseen);
    not_seen(model, pen, rest, &unseen, cursor);
    learnt::line(model, pen, part(y + parts.unseen, 1));
}

/// What is behind the selected row: its edge over time, and the first of the messages that it is about.
fn preview(model: &Model, pen: &mut Pen<'_>, area: Rect, cursor: Cursor) {
    pen.target(area, 0, area.height, Target::Detail);
    let mut area = area;
    if let Some(story) = story_of(model, cursor, area.height) {
        let rows = (story.chart.rows() as u16).min(area.height);
        let width = usize::from(area.width).saturating_sub(4);
        let lines = story::lines(model, pen.theme, &story, width);
        for (line, pieces) in lines.iter().enumerate().take(usize::from(rows)) {
            let mut row = pen.row(area, line as u16, false);
            row.skip(2);
            for (role, text) in pieces {
                row.put(*role, text);
            }
        }
        area = Rect {
            y: area.y + rows,
            height: area.height - rows,
            ..area
        };
    }
    if area.height >= 3 {
        first_messages(model, pen, area);
    }
}

/// The edge that is selected, or that the selected finding is about, if there is room for it: beside
/// some messages, or, where the edge itself is selected, instead of them.
fn story_of(model: &Model, cursor: Cursor, height: u16) -> Option<Story<'_>> {
    let (edge, onset) = match cursor {
        Cursor::Finding(i) => {
            let finding = model.findings.get(i)?;
            (about::edge(finding, &model.overview)?, finding.onset)
        }
        Cursor::Flow { panel, row } => {
            let env = board::environment(&model.overview, panel)?;
            match board::rows(env).get(row)? {
                FlowRow::Edge(edge) => (&env.edges[*edge], None),
                FlowRow::Stage(_) => return None,
            }
        }
        Cursor::Unseen(_) => return None,
    };
    let selected = matches!(cursor, Cursor::Flow { .. });
    let beside = match (selected, height) {
        (true, ..9) => 0,
        (true, _) => 4,
        (false, _) => 3,
    };
    let rows = usize::from(height.saturating_sub(beside + u16::from(onset.is_some())));
    let chart = Chart::of_edge(edge, onset.is_some(), rows.min(12));
    let room = chart.rows() + usize::from(beside) <= usize::from(height);
    (room && !edge.series.is_empty()).then_some(Story {
        chart,
        edge: Some(edge),
        telling: None,
        onset,
    })
}

fn first_messages(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let list = &model.preview;
    let note = format!(
        "{} · {}",
        status::filter_text(&list.filter, model.zone),
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
                format!("… still reading {}", count_of(all as u64, "source")),
            ),
            (0, false) => (Role::Notice, "no source at all".into()),
            _ if let Some(missed) = unsourced::short(&model.overview) => {
                let glyph = pen.theme.glyph(Glyph::Blind);
                let text = format!("{glyph} every source was read ({all}), but {missed}");
                (Role::Blind, text)
            }
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
    let mut note = format!("{} of {}", unseen.len(), count_of(all as u64, "source"));
    if hidden > 0 {
        note = format!("{note} ({hidden} more)");
    }
    pen.heading(area, 0, "not seen", &note, selected.is_some());
    for (line, (i, source)) in unseen.iter().enumerate().skip(top).take(rows).enumerate() {
        pen.target(area, line as u16 + 1, 1, Target::Unseen(i));
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
