//! The log: all sources interleaved in time, or one, and the text of the selected line.
//!
//! ```text
//! ─ logs  all sources · keeps "timeout" · 41% of 1,204,220 ───────────
//! ❯ 02:14:07.123 ┃  prod engine     ● ERROR job=… failed after 3 attempts
//!   time          lanes  source     names a message
//! ─ log line  readable · … ───────────────────────────────────────────
//! ```

use std::ops::Range;

use ratatui::layout::Rect;

use super::format;
use super::log;
use super::text::{Pen, Row};
use crate::app::browsing;
use crate::app::logcolumns::{Columns, Short};
use crate::app::logline::{LogLine, behind, level};
use crate::app::logs::{Logs, Pane};
use crate::app::logtext::wrap;
use crate::app::logwindow::share;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::app::prompt::{LogPrompt, LogTyping};
use crate::domain::log::needle::Needle;
use crate::domain::signals::view::Severity;
use crate::theme::role::{Glyph, Role};

/// Roles that tell sources apart and mean nothing else here.
const SOURCES: [Role; 4] = [
    Role::JsonKey,
    Role::JsonString,
    Role::JsonNumber,
    Role::JsonLiteral,
];

/// Draws the log.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let logs = &model.logs;
    let parts = logs.layout(model.size);
    let list = Rect {
        width: parts.columns.min(area.width),
        height: (parts.list + 1).min(area.height),
        ..area
    };
    let focused = logs.pane == Pane::Lines;
    pen.heading(list, 0, "logs", &heading(model), focused);
    lines(model, pen, list);
    if let Some(note) = note(model) {
        pen.row(list, list.height - 1, false)
            .end(Role::Notice, &note);
    }
    if parts.text == 0 {
        return;
    }
    let (x, y) = if parts.side {
        (list.right(), area.y)
    } else {
        (area.x, list.bottom())
    };
    let below = Rect {
        x,
        y,
        width: parts.text_columns,
        height: parts.text,
    };
    let place = logs.selected().map(|line| {
        let source = model
            .overview
            .sources
            .iter()
            .find(|s| s.id == line.key.source);
        let name = source.map_or("", |source| &source.source.name);
        let stream = if line.stream.is_empty() { "" } else { " · " };
        format!(
            "{name}{stream}{} · byte {}",
            line.stream, line.key.raw.offset
        )
    });
    let shown = log::Line {
        text: &logs.text,
        raw: logs.form.raw,
        scrolled: match logs.pane {
            Pane::Text(top) => Some(top),
            Pane::Lines => None,
        },
        place: place.unwrap_or_default(),
    };
    log::draw(pen, below.intersection(area), &shown);
}

/// What is shown, and where in it we are.
fn heading(model: &Model) -> String {
    let logs = &model.logs;
    let whose = browsing::whose(model);
    let mut parts = vec![whose.unwrap_or_else(|| "all sources".to_owned())];
    parts.extend(logs.tally.as_ref().map(|tally| {
        let at = logs.selected().map(|line| line.key);
        tally.words(at)
    }));
    parts.extend(filter(logs));
    if !logs.filter.is_empty() && logs.context > 0 {
        parts.push(format!("{} lines around", logs.context));
    }
    let total = format::count(logs.window.total);
    if logs.filter.is_empty() {
        let at = logs.window.position + logs.cursor as u64 + 1;
        if !logs.window.rows.is_empty() {
            parts.push(format!("{} of {total}", format::count(at)));
        }
    } else {
        parts.push(kept(model));
    }
    if logs.window.unread > 0 {
        let unread = format::count(logs.window.unread);
        parts.push(format!("{unread} cannot be read again"));
    }
    parts.join(" · ")
}

/// How many lines are kept, as far as that is known.
fn kept(model: &Model) -> String {
    let logs = &model.logs;
    let whole = logs.window.up.is_none() && logs.window.down.is_none() && !logs.window.cut;
    let kept = logs.window.rows.iter().filter(|row| !row.context).count();
    let more = if whole { "" } else { "+" };
    let (kept, total) = (format::count(kept as u64), logs.window.total);
    let far = if logs.looking(usize::from(logs.layout(model.size).list)) {
        format!("{} searched: ", share(logs.window.looked, total))
    } else {
        String::new()
    };
    format!("{far}{kept}{more} of {} lines kept", format::count(total))
}

/// Which lines are kept, in words.
pub fn filter(logs: &Logs) -> impl Iterator<Item = String> {
    logs.filter.iter().map(|term| {
        let verb = if term.out { "without" } else { "with" };
        format!("{verb} {:?}", term.needle.text())
    })
}

/// What goes on: a search, or lines that came in behind what is shown.
fn note(model: &Model) -> Option<String> {
    let logs = &model.logs;
    let total = logs.window.total;
    if let Some(seek) = &logs.seek {
        let far = looked(seek.looked, total);
        let text = format!(" … searching {:?}{far}; esc ends it ", seek.needle.text());
        return Some(text);
    }
    let rows = usize::from(logs.layout(model.size).list);
    let far = looked(logs.window.looked, total);
    if logs.looking(rows) {
        let end = if logs.window.rows.is_empty() {
            "takes the filter back"
        } else {
            "stops"
        };
        return Some(format!(" … searching{far}; esc {end} "));
    }
    if logs.window.stopped {
        return Some(format!(" stopped{far}; any movement goes on "));
    }
    let fresh = logs.fresh();
    if logs.follow && model.overview.live {
        return Some(" following ".to_owned());
    }
    (fresh > 0 && model.overview.live).then(|| {
        let before = if logs.filter.is_empty() {
            ""
        } else {
            " before the filter"
        };
        format!(" ▼ {} new{before}, F shows them ", format::count(fresh))
    })
}

/// How far a search has come.
fn looked(lines: u64, total: u64) -> String {
    if lines == 0 {
        return String::new();
    }
    let (far, lines) = (share(lines, total), format::count(lines.min(total)));
    format!(": {far}, {lines} of {} read", format::count(total))
}

/// What a text that is being typed comes to.
pub fn typed(model: &Model, typing: &LogTyping) -> String {
    let logs = &model.logs;
    match typing.what {
        _ if typing.prompt.text().is_empty() => "text, or /a pattern/".to_owned(),
        LogPrompt::Search => {
            let at = logs.selected().map(|line| line.key);
            let counted = logs.tally.as_ref().map(|tally| tally.words(at));
            counted.unwrap_or_default()
        }
        _ => kept(model),
    }
}

fn lines(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let logs = &model.logs;
    if logs.window.rows.is_empty() {
        let text = match (logs.window.up, logs.window.down) {
            (None, None) if logs.window.total == 0 => "no log event has been read yet",
            (None, None) => "no line is kept; esc or u takes the filter back, c shows all lines",
            _ if logs.filter.is_empty() => "… reading",
            _ if logs.window.stopped => "no line found so far: the search was stopped",
            _ => "… searching for lines to keep",
        };
        pen.row(area, 1, false).skip(2).put(Role::Muted, text);
        return;
    }
    let columns = Columns::new(&model.overview, &logs.scope, area.width);
    let width = columns.text(area.width);
    let mut at = 1;
    for (index, line) in logs.window.rows.iter().enumerate().skip(logs.top) {
        if at >= area.height {
            break;
        }
        let selected = index == logs.cursor;
        let text = line.text(logs.form.raw);
        let tall = if logs.form.wrap {
            line.rows(logs.form.raw, Some(width)) as u16
        } else {
            1
        };
        pen.target(area, at, tall, Target::Row(index));
        if !logs.form.wrap {
            let mut row = pen.row(area, at, selected);
            front(model, &mut row, &columns, line, selected);
            let (text, half) = behind(text, logs.skipped);
            row.skip(u16::from(half));
            words(&mut row, logs, line, text);
            at += 1;
            continue;
        }
        for (number, piece) in wrap(text, width).enumerate() {
            if at >= area.height {
                break;
            }
            let mut row = pen.row(area, at, selected);
            if number == 0 {
                front(model, &mut row, &columns, line, selected);
            } else {
                row.skip(area.width.saturating_sub(width as u16));
            }
            words(&mut row, logs, line, piece);
            at += 1;
        }
    }
}

/// Time, lanes, source, and whether it names a message.
fn front(model: &Model, row: &mut Row<'_, '_>, columns: &Columns, line: &LogLine, selected: bool) {
    row.mark_lettered(selected, model.marks.letter_of_line(line.key));
    let time = format::clock_ms(model.zone, line.key.time);
    let role = if line.context { Role::Muted } else { Role::Fg };
    row.cell(role, &time, Columns::TIME).skip(1);
    let source = columns.sources.get(&line.key.source);
    // The selected row stands out by itself: in one colour it takes half the bytes to move.
    let colour = match source {
        _ if selected => Role::Fg,
        Some(source) => SOURCES[source.number % SOURCES.len()],
        None => Role::Muted,
    };
    if columns.lanes > 0 {
        lanes(row, columns.lanes, source, colour);
    }
    if columns.env > 0 {
        row.cell(colour, source.map_or("", |s| &s.env), columns.env)
            .skip(1);
    }
    if columns.source > 0 {
        let name = row.fit_end(source.map_or("?", |s| &s.name), columns.source);
        row.cell(colour, &name, columns.source).skip(1);
    }
    let stage = row.theme().glyph(Glyph::Stage);
    row.cell(Role::Fg, if line.names.is_some() { stage } else { "" }, 1)
        .skip(1);
}

fn lanes(row: &mut Row<'_, '_>, lanes: usize, source: Option<&Short>, colour: Role) {
    for lane in 0..lanes {
        let own = source.is_some_and(|source| source.lane == lane);
        if own {
            row.put(colour, "┃");
        } else {
            row.skip(1);
        }
    }
    row.skip(1);
}

/// The text: its level and what was looked for stand out.
fn words(row: &mut Row<'_, '_>, logs: &Logs, line: &LogLine, text: &str) {
    let base = match (line.failed, line.context) {
        (true, _) => Role::Failed,
        (_, true) => Role::Muted,
        _ => Role::Fg,
    };
    let shown = head(text, row.rest());
    let mut marks: Vec<(Range<usize>, Role)> = Vec::new();
    let kept = logs
        .filter
        .iter()
        .filter(|term| !term.out)
        .map(|term| &term.needle);
    for needle in logs.needle.iter().chain(kept) {
        marks.extend(Needle::places(needle, shown).map(|range| (range, Role::Match)));
    }
    if let Some(severity) = line.severity
        && let Some(range) = level(shown)
    {
        let role = if severity == Severity::Warning {
            Role::Notice
        } else {
            Role::Failed
        };
        marks.push((range, role));
    }
    marks.sort_by_key(|(range, _)| range.start);
    let mut at = 0;
    for (range, role) in marks {
        if range.start >= at {
            row.put(base, &shown[at..range.start]);
            row.put(role, &shown[range.clone()]);
            at = range.end;
        }
    }
    row.put(base, text.get(at..).unwrap_or_default());
}

/// The part of a text that can be seen in so many columns, and no more of it than is needed.
fn head(text: &str, columns: usize) -> &str {
    let cut = wrap(text, columns.max(1)).next().unwrap_or_default();
    text.get(..cut.len()).unwrap_or(text)
}
