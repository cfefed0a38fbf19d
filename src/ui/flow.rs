//! The panels: each pipeline in each environment, its stages downwards, between them what entered
//! and what passed. A gap is marked by colour, sign and word.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::axis::Axis;
use super::chart;
use super::format;
use super::state;
use super::text::{Pen, Row};
use crate::app::board::{self, Cursor, FlowRow, HEAD};
use crate::app::board_rows;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::domain::overview::DONE;
use crate::domain::time::Span;
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, EnvironmentView, StageView};
use crate::theme::role::{Glyph, Role};

/// Whether a row is the selected one, or what the selected finding is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Linked,
    Selected,
}

/// One panel in its place.
struct Panel<'a> {
    index: usize,
    env: &'a EnvironmentView,
    pipeline: &'a str,
    rows: Vec<FlowRow>,
    /// Its first row, counted from the first row of the first panel.
    y: usize,
    area: Rect,
    /// The time that a small chart of an edge spans.
    window: Option<Span>,
}

/// Draws all panels, scrolled so that the selected row, or the edge of the selected finding, shows.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect, cursor: Cursor) {
    if area.height == 0 {
        return;
    }
    let panels = place(model, area);
    if panels.is_empty() {
        nothing_to_follow(model, pen, area);
        return;
    }
    let (marked, selected) = focus(model, &panels, cursor);
    let height = usize::from(area.height);
    let end = panels
        .iter()
        .map(|p| p.y + HEAD + p.rows.len())
        .max()
        .unwrap_or(0);
    let focus_y = marked.map_or(0, |(panel, row)| panels[panel].y + HEAD + row);
    let head_y = marked.map_or(0, |(panel, _)| panels[panel].y);
    // The panel's heading stays in sight as long as the marked row does too.
    let top = if focus_y + 1 < head_y + height {
        head_y
    } else {
        focus_y.saturating_sub(height * 2 / 3)
    };
    let top = top.min(end.saturating_sub(height));
    for panel in &panels {
        for line in 0..HEAD + panel.rows.len() {
            let y = panel.y + line;
            if y < top || y >= top + height {
                continue;
            }
            let at = (y - top) as u16;
            // The first row in sight of a panel whose head is above it says whose it is.
            let cut = line > 0 && y == top;
            match line.checked_sub(HEAD).filter(|_| !cut) {
                None if cut => head(pen, panel, 0, at, selected == Some(panel.index)),
                None => head(pen, panel, line, at, selected == Some(panel.index)),
                Some(row) => {
                    pen.target(panel.area, at, 1, Target::Flow(panel.index, row));
                    let here = marked == Some((panel.index, row));
                    let mark = match (here, selected) {
                        (false, _) => Mark::None,
                        (true, None) => Mark::Linked,
                        (true, Some(_)) => Mark::Selected,
                    };
                    flow_row(pen, panel, row, at, mark);
                }
            }
        }
    }
    let below = end.saturating_sub(top + height);
    pen.rows_above(area, 0, top);
    pen.rows_below(area, below);
}

/// Why no stage is here: a configuration that reads none of the sources is told by its name.
fn nothing_to_follow(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let pipelines = &model.overview.pipelines;
    let (role, text) = if model.loading() {
        let text = "… waiting for the first messages".to_owned();
        (Role::Muted, text)
    } else if pipelines.is_empty() || model.overview.sources.is_empty() {
        (Role::Muted, "no pipeline: nothing to follow".to_owned())
    } else {
        let names: Vec<&str> = pipelines.iter().map(|p| &*p.name).collect();
        let config = model.config.as_deref().unwrap_or("the configuration");
        let text = format!(
            "{config} was used, and none of its stages ({}) reads what was read here: \
             --config FILE names another; move it away to learn from the logs instead",
            names.join(", ")
        );
        (Role::Notice, text)
    };
    let width = usize::from(area.width).saturating_sub(4);
    for (line, words) in (0..area.height).zip(pen.words(&text, width)) {
        pen.row(area, line, false).skip(2).put(role, &words);
    }
}

fn place(model: &Model, area: Rect) -> Vec<Panel<'_>> {
    let list = board::panels(&model.overview);
    let columns = board_rows::panels_across(model.size, list.len());
    let width = area.width / columns as u16;
    let mut panels: Vec<Panel<'_>> = Vec::new();
    let (mut y, mut next_y) = (0, 0);
    for (index, (p, e)) in list.into_iter().enumerate() {
        let pipeline = &model.overview.pipelines[p];
        let env = &pipeline.environments[e];
        let column = index % columns;
        if column == 0 {
            y = next_y;
        }
        let rows = board::rows(env);
        next_y = next_y.max(y + HEAD + rows.len() + 1);
        panels.push(Panel {
            index,
            env,
            pipeline: &pipeline.name,
            rows,
            y,
            area: Rect {
                x: area.x + column as u16 * width,
                width: width.saturating_sub(if columns > 1 { 2 } else { 0 }),
                ..area
            },
            window: model.overview.window,
        });
    }
    panels
}

/// The row to mark, and the panel that has the keys.
fn focus(
    model: &Model,
    panels: &[Panel<'_>],
    cursor: Cursor,
) -> (Option<(usize, usize)>, Option<usize>) {
    match cursor {
        Cursor::Flow { panel, row } => (Some((panel, row)), Some(panel)),
        Cursor::Unseen(_) => (None, None),
        Cursor::Finding(i) => {
            let found = model.findings.get(i);
            let edge = found.and_then(|found| {
                let (from, to) = found.edge.as_ref()?;
                let panel = panels.iter().find(|p| {
                    found.env.as_ref() == Some(&p.env.name)
                        && found
                            .pipeline
                            .as_ref()
                            .is_none_or(|name| **name == *p.pipeline)
                })?;
                let row = panel.rows.iter().position(|row| {
                    matches!(row, FlowRow::Edge(e)
                        if panel.env.edges[*e].from == *from && panel.env.edges[*e].to == *to)
                })?;
                Some((panel.index, row))
            });
            (edge, None)
        }
    }
}

fn head(pen: &mut Pen<'_>, panel: &Panel<'_>, line: usize, at: u16, focused: bool) {
    let env = panel.env;
    if line == 0 {
        // What the counts below say more than entered was not seen to enter.
        let others = env.counts.total().saturating_sub(env.entered);
        let others = match others {
            0 => String::new(),
            others => format!(", {} not", format::count(others)),
        };
        let entered = format!(
            "{} · {} entered{others} · {} completed",
            panel.pipeline,
            format::count(env.entered),
            format::count(env.counts.of(Verdict::Completed)),
        );
        pen.heading(panel.area, at, &env.name, &entered, focused);
        return;
    }
    let theme = pen.theme;
    let mut counts = env.counts;
    counts.0[Verdict::Completed as usize] = 0;
    let room = usize::from(panel.area.width).saturating_sub(3);
    let mut chips = state::chips_in(theme, &counts, room);
    let extra = [(env.duplicates, "processed twice"), (env.late, "late")];
    chips.extend(
        extra
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| (Role::Muted, format!("{} {word}", format::count(n)))),
    );
    if !env.hubs.is_empty() {
        let ids = if env.hubs.len() == 1 { "ID" } else { "IDs" };
        let text = format!("{} hub {ids} not followed", env.hubs.len());
        chips.push((Role::Muted, text));
    }
    let mut row = pen.row(panel.area, at, false);
    row.skip(2);
    if env.counts.total() == 0 {
        row.put(Role::Muted, "no message seen");
    } else if counts.total() == 0 {
        let glyph = theme.glyph(Glyph::Completed);
        row.put(Role::Completed, &format!("{glyph} all completed"))
            .skip(2);
    }
    for (role, text) in chips {
        if text.width() > row.rest() {
            row.put(Role::Muted, "…");
            break;
        }
        row.put(role, &text).skip(2);
    }
}

fn flow_row(pen: &mut Pen<'_>, panel: &Panel<'_>, row: usize, at: u16, mark: Mark) {
    let env = panel.env;
    match panel.rows[row] {
        FlowRow::Stage(i) => stage_row(pen, panel, &env.stages[i], at, mark),
        FlowRow::Edge(i) => {
            let before = panel.rows.get(row.wrapping_sub(1));
            let above = match before {
                Some(FlowRow::Stage(s)) => Some(&env.stages[*s].name),
                _ => None,
            };
            let edge = &env.edges[i];
            edge_row(pen, panel, edge, above == Some(&edge.from), at, mark);
        }
    }
}

/// Columns for the longest stage name and the largest count of a panel.
fn widths(env: &EnvironmentView) -> (usize, usize) {
    let name = env.stages.iter().map(|s| s.name.width()).max().unwrap_or(0);
    let most = env.stages.iter().map(|s| s.reached).max().unwrap_or(0);
    (name.clamp(6, 20), format::count(most).len().max(5))
}

fn stage_row(pen: &mut Pen<'_>, panel: &Panel<'_>, stage: &StageView, at: u16, mark: Mark) {
    let env = panel.env;
    let (name, number) = widths(env);
    let most = env.stages.iter().map(|s| s.reached).max().unwrap_or(0);
    let lost: u64 = env
        .edges
        .iter()
        .filter(|edge| edge.to == stage.name)
        .map(|edge| edge.stuck.of(Verdict::Lost))
        .sum();
    let no_source = stage.sources.is_empty();
    let dot = pen.theme.glyph(if no_source {
        Glyph::Blind
    } else {
        Glyph::Stage
    });
    let (full, gone) = (pen.theme.glyph(Glyph::Bar), pen.theme.glyph(Glyph::Track));
    let mut row = pen.row(panel.area, at, mark != Mark::None);
    row.mark(mark == Mark::Selected);
    row.put(if no_source { Role::Blind } else { Role::Title }, dot);
    row.skip(1).cell(Role::Title, &stage.name, name).skip(1);
    row.cell_right(Role::Fg, &format::count(stage.reached), number);
    row.skip(2);
    if no_source {
        row.put(Role::Blind, "◌ BLIND: no source");
        return;
    }
    // One scale for all of them.
    let noted = env.stages.iter().map(|stage| notes(stage).width()).max();
    let width = row.rest().saturating_sub(2 + noted.unwrap_or(0)).min(60);
    let part = |n: u64| (n as usize * width).div_ceil(most.max(1) as usize);
    let filled = part(stage.reached).min(width);
    row.put(Role::Bar, &full.repeat(filled));
    if lost > 0 {
        let missing = part(lost).max(1).min(width.saturating_sub(filled).max(1));
        row.put(Role::Lost, &gone.repeat(missing));
    }
    row.skip(1).put(Role::Muted, &notes(stage));
}

/// What is to be said of a stage beside its bar.
fn notes(stage: &StageView) -> String {
    let mut notes = Vec::new();
    // Left out on purpose, or through with it: so many less than the stage the next edge says.
    let done = stage.here.of(Verdict::Completed);
    if done > 0 && !stage.terminal {
        notes.push(format!("{} done", format::count(done)));
    }
    if stage.optional {
        notes.push("optional".to_owned());
    }
    notes.join(", ")
}

fn edge_row(
    pen: &mut Pen<'_>,
    panel: &Panel<'_>,
    edge: &EdgeView,
    adjacent: bool,
    at: u16,
    mark: Mark,
) {
    let theme = pen.theme;
    let lost = edge.stuck.of(Verdict::Lost);
    let mut stuck = edge.stuck;
    stuck.0[Verdict::Completed as usize] = 0;
    let (_, number) = widths(panel.env);
    let mut row = pen.row(panel.area, at, mark != Mark::None);
    row.mark(mark == Mark::Selected);
    let (role, line) = if lost > 0 {
        (Role::Lost, "╎")
    } else {
        (Role::Border, "│")
    };
    row.put(role, line).skip(1);
    row.cell_right(Role::Muted, &format::count(edge.entered), number);
    row.put(Role::Muted, " → ");
    let passed = format::count(edge.passed);
    let quiet = stuck.total() == 0;
    row.cell(if quiet { Role::Muted } else { Role::Fg }, &passed, number);
    if &*edge.to == DONE {
        row.put(Role::Muted, " out");
    } else if !adjacent {
        row.put(Role::Muted, " from ").put(Role::Fg, &edge.from);
    }
    row.skip(2);
    // How many of those that came is part of what was lost.
    let share = format::percent(lost, edge.entered);
    let extra = if lost > 0 { share.width() + 1 } else { 0 };
    let room = row.rest().saturating_sub(extra + 1);
    for (i, (role, text)) in state::chips_in(theme, &stuck, room).iter().enumerate() {
        if text.width() > row.rest() {
            row.put(*role, "+");
            return;
        }
        row.put(*role, text);
        if i == 0 && lost > 0 {
            row.skip(1).put(*role, &share);
        }
        row.skip(2);
    }
    if lost > 0
        && let Some(window) = panel.window
    {
        losses(&mut row, edge, window);
    }
    times(&mut row, edge);
}

/// The losses over the whole window, small, where there is room.
fn losses(row: &mut Row<'_, '_>, edge: &EdgeView, window: Span) {
    const LEAST: usize = 6;
    const MOST: usize = 32;
    let columns = row.rest().saturating_sub(2).min(MOST);
    if columns < LEAST || edge.series.is_empty() {
        return;
    }
    let values = chart::counts(&edge.series, Axis::over(window, columns), |flow| flow.lost);
    let spark = chart::spark(row.theme(), &values, chart::top(&values));
    row.end(Role::Lost, &format!("{} ", spark.replace(' ', "·")));
}

/// p50 and p99 of those that passed, where there is room.
fn times(row: &mut Row<'_, '_>, edge: &EdgeView) {
    let (Some(p50), Some(p99)) = (edge.p50_ms, edge.p99_ms) else {
        return;
    };
    let (p50, p99) = (format::duration(p50), format::duration(p99));
    let allowance = format::duration(edge.allowance_ms);
    let long = format!("p50 {p50:>6}  p99 {p99:>6}  within {allowance:>6} ");
    let short = format!("p50 {p50:>5} p99 {p99:>5} ");
    if long.width() + 1 < row.rest() {
        row.end(Role::Muted, &long);
    } else if short.width() < row.rest() {
        row.end(Role::Muted, &short);
    }
}
