//! What a finding rests on.
//!
//! ```text
//! ─ finding 1 of 9 ─ common cause ───────────────────────────────
//!   qa: 1,356 of … have swimlane=1, but 12 of 4,230 that went on
//!   since 01:46:13 (between .. and ..), until 03:04:03
//!   engine → processor over time      both sides of each attribute
//! ─ messages ────────────────────────────────────────────────────
//! ─ log lines ───────────────────────────────────────────────────
//! ```

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::chart::Line;
use super::format;
use super::log;
use super::messages;
use super::status;
use super::story::{self, Story};
use super::text::Pen;
use crate::app::about::{self, Part, Tone};
use crate::app::evidence::{Evidence, Pane};
use crate::app::layout;
use crate::app::logline::readable;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::app::reading::Text;
use crate::diagnose::finding::AttributeEvidence;
use crate::theme::role::{Glyph, Role};

/// So much of a log line can stand on one row.
const BEGINNING: usize = 1_000;
/// Columns of the word that more stands below, and of the margin.
const MORE: usize = 19;
/// Columns of both figures of a side, of its share, and of what parts them.
const NUMBERS: usize = 32;

/// Draws the evidence.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let Some(evidence) = &model.evidence else {
        return;
    };
    let parts = evidence.layout(model.size, &model.overview, model.zone);
    let left = layout::evidence_columns(model.size) as u16;
    let said = Rect {
        height: parts.about,
        width: left.saturating_sub(u16::from(parts.side)),
        ..area
    };
    about(model, pen, said, evidence);
    let list = Rect {
        y: area.y + parts.about,
        height: parts.messages,
        ..area
    };
    let lines = if parts.side {
        Rect {
            x: area.x + left,
            width: area.width.saturating_sub(left),
            height: parts.lines,
            ..area
        }
    } else {
        Rect {
            y: list.bottom(),
            height: parts.lines,
            ..area
        }
    };
    let line = Rect {
        y: lines.bottom(),
        height: parts.log,
        ..lines
    };
    let [list, lines, line] = [list, lines, line].map(|part| part.intersection(area));
    its_messages(model, pen, list, evidence);
    log_lines(model, pen, lines, evidence);
    log_line(pen, line, evidence);
}

fn about(model: &Model, pen: &mut Pen<'_>, area: Rect, evidence: &Evidence) {
    let (focused, top) = match evidence.pane {
        Pane::About(top) => (true, top),
        _ => (false, evidence.scrolled),
    };
    let kind = evidence.finding.kind.word().replace('_', " ");
    let title = evidence.rank.map_or_else(
        || "finding".to_owned(),
        |rank| format!("finding {} of {}", rank + 1, model.findings.len()),
    );
    let note = if evidence.rank.is_some() {
        kind
    } else {
        format!("{kind} · not among the findings any more, since more was read")
    };
    pen.target(area, 0, area.height, Target::About);
    pen.heading(area, 0, &title, &note, focused);
    let width = layout::evidence_columns(model.size).saturating_sub(4);
    let parts = evidence.about(model.size, &model.overview, model.zone);
    let lines: Vec<Line> = parts
        .iter()
        .flat_map(|part| part_lines(model, pen, evidence, (part, width)))
        .collect();
    let height = usize::from(area.height.saturating_sub(1));
    let top = top.min(lines.len().saturating_sub(height));
    let below = lines.len().saturating_sub(top + height);
    // A sentence may be cut for the word that more stands below; figures may not.
    let full = |line: &Line| line.iter().map(|(_, text)| text.width()).sum::<usize>() + MORE;
    let last = (top + height).checked_sub(1).and_then(|i| lines.get(i));
    let covers = below > 0
        && last.is_some_and(|line| line.len() > 1 && full(line) > usize::from(area.width));
    let shown = height.saturating_sub(usize::from(covers));
    for (line, pieces) in lines.iter().skip(top).take(shown).enumerate() {
        let mut row = pen.row(area, line as u16 + 1, false);
        row.skip(2);
        if line == 0 && focused {
            row.cursor_here();
        }
        for (role, text) in pieces {
            row.put(*role, text);
        }
    }
    pen.rows_above(area, 1, top);
    pen.rows_below(area, below + height - shown);
}

fn part_lines(
    model: &Model,
    pen: &Pen<'_>,
    evidence: &Evidence,
    (part, width): (&Part, usize),
) -> Vec<Line> {
    match part {
        Part::Text(tone, lines) => {
            let role = match tone {
                Tone::Title => Role::Title,
                Tone::Seen => Role::Fg,
                Tone::Beside => Role::Muted,
                Tone::Inferred => Role::Notice,
            };
            lines
                .iter()
                .map(|line| vec![(role, line.clone())])
                .collect()
        }
        Part::Attribute(index) => evidence
            .finding
            .attributes
            .get(*index)
            .map_or_else(Vec::new, |attribute| sides(pen, attribute, width)),
        Part::Chart(chart) => {
            let story = Story {
                chart: *chart,
                edge: about::edge(&evidence.finding, &model.overview).filter(|_| chart.edge > 0),
                telling: evidence.telling.as_deref(),
                onset: evidence.finding.onset,
            };
            story::lines(model, pen.theme, &story, width)
        }
    }
}

/// How many have an attribute, and how many do not, of the lost and of those that went on.
fn sides(pen: &Pen<'_>, attribute: &AttributeEvidence, width: usize) -> Vec<Line> {
    let (theme, label) = (pen.theme, attribute.text());
    // The figures begin behind the label, so that their headings stand over them.
    let room = width.saturating_sub(NUMBERS + 4).max(12);
    let label = super::cut::fit(&pen.shown(&label), room).into_owned();
    let names = label.width().max(12);
    let bar_width = width.saturating_sub(NUMBERS + names).clamp(4, 40);
    let side = |word: &str, role: Role, with: u64, all: u64| {
        let filled = if all == 0 {
            0
        } else {
            (with as f64 / all as f64 * bar_width as f64).round() as usize
        };
        let filled = filled.clamp(usize::from(with > 0), bar_width);
        let (full, rest) = (theme.glyph(Glyph::Bar), theme.glyph(Glyph::Track));
        vec![
            (Role::Fg, format!("  {word:<0$}", names - 2)),
            (role, format!("{:>10}", format::count(with))),
            (
                Role::Muted,
                format!("{:>10}  ", format::count(all.saturating_sub(with))),
            ),
            (role, full.repeat(filled)),
            (Role::Muted, rest.repeat(bar_width - filled)),
            (role, format!(" {:>6}", format::percent(with, all))),
        ]
    };
    let gap = " ".repeat(names - label.width());
    let head = format!("{gap}{:>10}{:>10}", "with it", "without");
    vec![
        vec![(Role::Title, label), (Role::Muted, head)],
        side("lost", Role::Lost, attribute.lost_with, attribute.lost),
        side(
            "went on",
            Role::Completed,
            attribute.kept_with,
            attribute.kept,
        ),
    ]
}

fn its_messages(model: &Model, pen: &mut Pen<'_>, area: Rect, evidence: &Evidence) {
    if area.height < 3 {
        return;
    }
    let list = &evidence.messages;
    let focused = evidence.pane == Pane::Messages;
    let note = format!(
        "{} · {}",
        format::count(list.page.total as u64),
        status::filter_text(&list.filter, model.zone)
    );
    pen.heading(area, 0, "messages", &note, focused);
    let below = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    let cursor = focused.then_some(list.cursor);
    messages::table(model, list, pen, below, cursor);
}

fn log_lines(model: &Model, pen: &mut Pen<'_>, area: Rect, evidence: &Evidence) {
    let lines = &evidence.finding.lines;
    let focused = matches!(evidence.pane, Pane::Lines | Pane::Log(_));
    let note = match lines.len() {
        0 => "none: this finding is about what was not logged".to_owned(),
        1 => "the last one of a message concerned".to_owned(),
        n => format!("the last ones of {n} messages concerned"),
    };
    pen.heading(area, 0, "log lines", &note, evidence.pane == Pane::Lines);
    let rows = usize::from(area.height.saturating_sub(1));
    let top = layout::keep_in_sight(0, evidence.line, rows, lines.len());
    let shown = lines.iter().zip(&evidence.texts).enumerate().skip(top);
    for (line, (i, (at, text))) in shown.take(rows).enumerate() {
        let selected = focused && i == evidence.line;
        pen.target(area, line as u16 + 1, 1, Target::Line(i));
        let mut row = pen.row(area, line as u16 + 1, selected);
        row.mark(selected);
        row.cell(Role::Fg, &format::clock_ms(model.zone, at.time), 13);
        let width = (row.rest() / 4).min(32);
        row.cell(Role::Muted, &row.fit_end(&at.source, width), width)
            .skip(1);
        match text {
            Text::None | Text::Reading(_) => row.put(Role::Muted, "… reading"),
            Text::Failed(_, why) => row.put(Role::Failed, why),
            Text::Ready(_, text) => {
                let head: String = text.text.chars().take(BEGINNING).collect();
                row.put(Role::Fg, &readable(head.as_bytes()))
            }
        };
    }
}

fn log_line(pen: &mut Pen<'_>, area: Rect, evidence: &Evidence) {
    let Some(at) = evidence.finding.lines.get(evidence.line) else {
        return;
    };
    let none = Text::None;
    let shown = log::Line {
        text: evidence.texts.get(evidence.line).unwrap_or(&none),
        raw: evidence.raw,
        scrolled: match evidence.pane {
            Pane::Log(top) => Some(top),
            _ => None,
        },
        place: format!("{} · byte {}", at.source, at.raw.offset),
    };
    log::draw(pen, area, &shown);
}
