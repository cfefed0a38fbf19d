//! Two sides, edge by edge, and what differs in sentences.
//!
//! ```text
//! ─ compare orders ─ [prod] vs qa ────────────────────────────────
//!                       [prod] ───────────────   qa ───────────────────
//!   edge                entered    lost   rate   entered    lost   rate
//! ❯ queue → engine  ≠     1,199      66   5.5%       300       0   0.0%
//! ─ what differs ─────────────────────────────────────────────────
//! ```

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::split::{below, split};
use super::text::{Pen, Row};
use crate::app::compare::name;
use crate::app::layout;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::diagnose::compare::{Figures, Row as Edge};
use crate::domain::overview::DONE;
use crate::domain::verdict::Verdict;
use crate::theme::role::Role;

/// Those that did not come out and are not lost, and how the columns call them.
const OTHERS: [(Verdict, &str); 4] = [
    (Verdict::Blind, "blind"),
    (Verdict::Failed, "failed"),
    (Verdict::DeadLettered, "dead"),
    (Verdict::Pending, "pending"),
];

/// Which counts stand beside the rate: each one with those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    None,
    Lost,
    Entered,
    Passed,
}

/// Columns of each side: which figures there are. The narrower, the fewer; the rate is always there.
#[derive(Clone)]
struct Columns {
    edge: usize,
    counted: Counted,
    /// Of what else became of messages: what happened on either side.
    others: Vec<(Verdict, &'static str)>,
    /// How long it took.
    times: bool,
}

impl Columns {
    fn new(rows: &[Edge], width: u16) -> Self {
        let edge = rows.iter().map(|row| edge_name(row).width()).max();
        let edge = edge.unwrap_or(0).clamp(12, 40);
        let figures = || rows.iter().flat_map(|row| &row.both).flatten();
        let mut happened = OTHERS.to_vec();
        happened.retain(|(verdict, _)| figures().any(|f| f.stuck.of(*verdict) > 0));
        let level = |counted, others: bool, times| Self {
            edge,
            counted,
            others: if others { happened.clone() } else { Vec::new() },
            times,
        };
        let levels = [
            level(Counted::Passed, true, true),
            level(Counted::Entered, true, true),
            level(Counted::Entered, true, false),
            level(Counted::Entered, false, true),
            level(Counted::Entered, false, false),
            level(Counted::Lost, false, false),
            level(Counted::None, false, false),
        ];
        let width = usize::from(width);
        let room = |c: &Self| width.saturating_sub(6 + 2 * c.side());
        let mut levels = levels.into_iter();
        let fitting = levels.find(|c| edge.min(24) <= room(c));
        let mut columns = fitting.unwrap_or_else(|| level(Counted::None, false, false));
        columns.edge = edge.min(room(&columns));
        columns
    }

    /// Columns that one side takes, the space before it too.
    fn side(&self) -> usize {
        let counted = self.counted as usize;
        let times = if self.times { 14 } else { 0 };
        2 + 7 + 8 * (counted + self.others.len()) + times
    }
}

fn edge_name(row: &Edge) -> String {
    let to = if &*row.to == DONE { "out" } else { &row.to };
    format!("{} → {to}", row.from)
}

/// Draws the comparison.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let view = &model.compare;
    let Some(sides) = &view.sides else {
        let text = "nothing to compare yet: no message was seen";
        pen.row(area, 0, false).skip(2).put(Role::Notice, text);
        return;
    };
    let parts = layout::compare(model.size, view.rows().len());
    let [area, detail] = split(area, 3, &parts);
    let columns = Columns::new(view.rows(), area.width);
    let names = sides.both.each_ref().map(|side| name(side, model.zone));
    heading(pen, area, &columns, (&sides.pipeline, &names), view.focus);
    let list = below(area, 3);
    if view.rows().is_empty() {
        let text = if view.is_current() {
            "no edge on either side"
        } else {
            "… asking"
        };
        pen.row(list, 0, false).skip(2).put(Role::Muted, text);
    }
    let shown = view.rows().iter().enumerate().skip(view.top);
    for (line, (i, row)) in shown.take(usize::from(parts.list)).enumerate() {
        pen.target(list, line as u16, 1, Target::Row(i));
        edge_row(pen, list, line as u16, row, (&columns, i == view.cursor));
    }
    differences(model, pen, detail);
}

fn heading(
    pen: &mut Pen<'_>,
    area: Rect,
    columns: &Columns,
    (pipeline, names): (&str, &[String; 2]),
    focus: usize,
) {
    let label = |i: usize| {
        if focus == i {
            (Role::Accent, format!("[{}]", names[i]))
        } else {
            (Role::Title, format!(" {} ", names[i]))
        }
    };
    let side = |row: &mut Row<'_, '_>, i: usize| {
        let (role, name) = label(i);
        row.put(role, &name);
    };
    let mut row = pen.row(area, 0, false);
    row.put(Role::Border, "─ ").put(Role::Title, "compare ");
    row.put(Role::Muted, pipeline).skip(2);
    side(&mut row, 0);
    row.put(Role::Muted, " vs ");
    side(&mut row, 1);
    row.skip(1).fill(Role::Border, "─");
    let line = |below: u16| Rect {
        y: area.y + below,
        height: 1,
        ..area
    };
    pen.clear(line(1), Role::Surface);
    let mut row = pen.row(line(1), 0, false);
    row.skip(2).cell(Role::Title, "", columns.edge + 2);
    for i in 0..names.len() {
        let (role, name) = label(i);
        let width = columns.side() - 2;
        let left = width.saturating_sub(name.width() + 1);
        row.skip(2).cell(role, &name, width.min(name.width()));
        row.skip(1).put(Role::Border, &"─".repeat(left));
    }
    pen.clear(line(2), Role::Surface);
    let mut row = pen.row(line(2), 0, false);
    row.skip(2).cell(Role::Title, "edge", columns.edge + 2);
    for _ in names {
        row.skip(2);
        if columns.counted >= Counted::Entered {
            row.cell_right(Role::Title, "entered", 8);
        }
        if columns.counted >= Counted::Passed {
            row.cell_right(Role::Title, "passed", 8);
        }
        if columns.counted >= Counted::Lost {
            row.cell_right(Role::Title, "lost", 8);
        }
        row.cell_right(Role::Title, "rate", 7);
        for (_, word) in &columns.others {
            row.cell_right(Role::Title, word, 8);
        }
        if columns.times {
            row.cell_right(Role::Title, "p50", 7);
            row.cell_right(Role::Title, "p99", 7);
        }
    }
}

fn edge_row(
    pen: &mut Pen<'_>,
    area: Rect,
    line: u16,
    edge: &Edge,
    (columns, selected): (&Columns, bool),
) {
    let mut row = pen.row(area, line, selected);
    row.mark(selected);
    row.cell(Role::Fg, &edge_name(edge), columns.edge).skip(1);
    row.put(Role::Notice, if edge.differs { "≠" } else { " " });
    for figures in &edge.both {
        side(&mut row, figures.as_ref(), columns);
    }
}

fn side(row: &mut Row<'_, '_>, figures: Option<&Figures>, columns: &Columns) {
    row.skip(2);
    let Some(figures) = figures else {
        row.cell_right(Role::Muted, "no such edge", columns.side() - 2);
        return;
    };
    let lost = if figures.lost() > 0 {
        Role::Lost
    } else {
        Role::Muted
    };
    if columns.counted >= Counted::Entered {
        row.cell_right(Role::Fg, &format::count(figures.entered), 8);
    }
    if columns.counted >= Counted::Passed {
        row.cell_right(Role::Fg, &format::count(figures.passed), 8);
    }
    if columns.counted >= Counted::Lost {
        row.cell_right(lost, &format::count(figures.lost()), 8);
    }
    let rate = format::percent(figures.lost(), figures.entered);
    row.cell_right(lost, &rate, 7);
    for (verdict, _) in &columns.others {
        let number = figures.stuck.of(*verdict);
        let role = match verdict {
            _ if number == 0 => Role::Muted,
            Verdict::Blind => Role::Blind,
            _ => Role::Fg,
        };
        row.cell_right(role, &format::count(number), 8);
    }
    if columns.times {
        for ms in [figures.p50_ms, figures.p99_ms] {
            let text = ms.map_or_else(|| "-".to_owned(), format::duration);
            row.cell_right(Role::Muted, &text, 7);
        }
    }
}

fn differences(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let view = &model.compare;
    let estimated = view.comparison.as_ref().is_some_and(|c| c.estimated);
    let differing = view.rows().iter().filter(|row| row.differs).count();
    let mut note = match (view.is_current(), differing) {
        (false, _) => "asking".to_owned(),
        (true, 0) => "no edge differs in its losses".to_owned(),
        (true, 1) => "losses differ on 1 edge".to_owned(),
        (true, n) => format!("losses differ on {n} edges"),
    };
    let slower = view.rows().iter().filter(|row| row.slower).count();
    if slower > 0 {
        note.push_str(" · slower on ");
        note.push_str(&slower.to_string());
    }
    if estimated {
        note.push_str(" · estimated from a part of the messages");
    }
    pen.heading(area, 0, "what differs", &note, false);
    let width = usize::from(area.width.saturating_sub(4));
    let said = view.sentences(model.zone);
    let lines = said.iter().flat_map(|text| pen.words(text, width));
    let lines: Vec<String> = lines.collect();
    for (line, text) in lines.iter().enumerate() {
        let mut row = pen.row(area, line as u16 + 1, false);
        row.skip(2).put(Role::Fg, text);
    }
}
