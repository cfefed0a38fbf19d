//! Every source: what was read of it, what was not, why, and what to do about it.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::split::{below, split};
use super::state;
use super::text::Pen;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::app::sources::{self, Pane};
use crate::domain::feed::Pulse;
use crate::domain::show;
use crate::domain::time::Span;
use crate::domain::view::{SourceState, SourceView};
use crate::theme::role::{Glyph, Role};

/// Behind the name of a source that no stage reads.
const UNUSED: &str = " (unused)";

/// Which columns there are and how wide.
struct Columns {
    env: usize,
    region: usize,
    group: usize,
    events: usize,
    bytes: usize,
    cover: usize,
}

impl Columns {
    /// The part of an area where the words stand, and that of the bars: those keep their colours when
    /// their row is selected.
    fn parted(&self, area: Rect) -> (Rect, Rect) {
        let columns = [self.env, self.region, self.group, self.events, self.bytes];
        let gaps = columns.iter().filter(|columns| **columns > 0).count();
        let words = match self.cover {
            0 => area.width,
            _ => (2 + 11 + columns.iter().sum::<usize>() + gaps) as u16,
        };
        let words = words.min(area.width);
        let named = Rect {
            width: words,
            ..area
        };
        let covered = Rect {
            x: area.x + words,
            width: area.width - words,
            ..area
        };
        (named, covered)
    }
}

/// Draws the sources.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let overview = &model.overview;
    let list = sources::ordered(overview);
    let parts = model.sources.layout(model.size, overview);
    let cursor = model.sources.cursor(&list);
    let [area, detail] = split(area, 1, &parts);
    let columns = columns(&list, area.width);
    heading(pen, area, &columns);
    let rows = below(area, 1);
    if list.is_empty() {
        let text = if model.loading() {
            "… no source opened yet"
        } else {
            "no source: nothing was given to read"
        };
        pen.row(rows, 0, false).skip(2).put(Role::Notice, text);
    }
    let visible = list.iter().enumerate().skip(model.sources.top);
    for (line, (i, source)) in visible.take(usize::from(parts.list)).enumerate() {
        pen.target(rows, line as u16, 1, Target::Row(i));
        row(
            model,
            pen,
            rows,
            line as u16,
            source,
            (&columns, i == cursor),
        );
    }
    if let Some(source) = list.get(cursor) {
        let (number, all) = (cursor + 1, list.len().to_string());
        let note = format!("{number:>0$} of {all}", all.len());
        details(model, pen, detail, source, &note);
    }
    // On the line that parts them; where both stand side by side, over the last row.
    let part = Rect {
        height: 1,
        ..detail
    };
    let stacked = detail.height > 0 && detail.y >= area.bottom();
    let shown = model.sources.top + usize::from(parts.list);
    let more = list.len().saturating_sub(shown);
    pen.rows_below(if stacked { part } else { area }, more);
}

fn columns(list: &[&SourceView], width: u16) -> Columns {
    let width = usize::from(width);
    let widest = |of: &dyn Fn(&SourceView) -> usize, low: usize, high: usize| {
        list.iter()
            .map(|s| of(s))
            .max()
            .unwrap_or(low)
            .clamp(low, high)
    };
    let env = widest(&|s| s.source.env.width(), 3, 8);
    let region = widest(&|s| s.source.region.width(), 0, 14);
    let (events, bytes) = (10, if width < 100 { 0 } else { 9 });
    let cover = match width {
        0..=69 => 0,
        70..=109 => 12,
        _ => 24,
    };
    let fixed = 2 + 11 + env + region + events + bytes + cover + 7;
    let unused = UNUSED.len();
    let group = widest(&|s| s.source.place().width() + unused, 0, width);
    Columns {
        env,
        region,
        // No wider than it need be: the figures are to be found beside their names.
        group: width.saturating_sub(fixed).min(group).max(8),
        events,
        bytes,
        cover,
    }
}

fn heading(pen: &mut Pen<'_>, area: Rect, columns: &Columns) {
    pen.clear(Rect { height: 1, ..area }, Role::Surface);
    let mut row = pen.row(area, 0, false);
    row.skip(2).cell(Role::Title, "state", 11);
    row.cell(Role::Title, "env", columns.env).skip(1);
    if columns.region > 0 {
        row.cell(Role::Title, "region", columns.region).skip(1);
    }
    row.cell(Role::Title, "group", columns.group).skip(1);
    row.cell_right(Role::Title, "events", columns.events)
        .skip(1);
    if columns.bytes > 0 {
        row.cell_right(Role::Title, "bytes", columns.bytes).skip(1);
    }
    if columns.cover > 0 {
        row.cell(Role::Title, "covered", columns.cover);
    }
}

fn row(
    model: &Model,
    pen: &mut Pen<'_>,
    area: Rect,
    line: u16,
    source: &SourceView,
    (columns, selected): (&Columns, bool),
) {
    let (role, glyph) = state::source(source.state);
    let label = format!("{} {}", pen.theme.glyph(glyph), source.state.word());
    let cover = cover(model, source, columns.cover, pen);
    let unused = source.stages.is_empty();
    let note = if unused { UNUSED } else { "" };
    let room = columns.group.saturating_sub(note.len());
    let name = format!("{}{note}", pen.fit_end(source.source.place(), room));
    let used = if unused { Role::Muted } else { Role::Fg };
    let (named, covered) = columns.parted(area);
    let mut row = pen.row(named, line, selected);
    row.mark(selected);
    row.cell(role, &label, 11);
    row.cell(Role::Fg, &source.source.env, columns.env).skip(1);
    if columns.region > 0 {
        row.cell(Role::Fg, &source.source.region, columns.region)
            .skip(1);
    }
    row.cell(used, &name, columns.group).skip(1);
    row.cell_right(Role::Fg, &format::count(source.events), columns.events)
        .skip(1);
    if columns.bytes > 0 {
        row.cell_right(Role::Fg, &show::bytes(source.bytes), columns.bytes)
            .skip(1);
    }
    let mut row = pen.row(covered, line, false);
    for (role, text) in cover {
        row.put(role, &text);
    }
}

/// The window as a bar: what was read completely, and what was not. A slice of a second that is not
/// covered still takes a cell: it may hold what is missing.
fn cover(model: &Model, source: &SourceView, width: usize, pen: &Pen<'_>) -> Vec<(Role, String)> {
    let Some(window) = model.overview.window.filter(|_| width > 0) else {
        return Vec::new();
    };
    let length = window.to.since(window.from).max(1);
    let end = source.covered.last().map_or(window.from, |span| span.to);
    let mut runs: Vec<(Role, String)> = Vec::new();
    for i in 0..width as i64 {
        let from = window.from.plus(length * i / width as i64);
        let to = window.from.plus(length * (i + 1) / width as i64);
        let cell = Span::new(from, to.max(from));
        let covered = source.covered.iter().any(|span| span.covers(cell));
        let (role, glyph) = match source.state {
            // What could not be read at all is not made good by a part of it.
            SourceState::Absent | SourceState::Denied | SourceState::Failed if covered => {
                (state::source(source.state).0, Glyph::Bar)
            }
            _ if covered => (Role::Completed, Glyph::Bar),
            // What is still being read, and what may still arrive, is not missing yet.
            SourceState::Loading => (Role::Bar, Glyph::Track),
            SourceState::Live if cell.to > end => (Role::Bar, Glyph::Track),
            _ => (Role::Lost, Glyph::Track),
        };
        let sign = pen.theme.glyph(glyph);
        match runs.last_mut() {
            Some((same, text)) if *same == role => text.push_str(sign),
            _ => runs.push((role, sign.to_owned())),
        }
    }
    runs
}

fn details(model: &Model, pen: &mut Pen<'_>, area: Rect, source: &SourceView, note: &str) {
    if area.height < 2 {
        return;
    }
    let focused = matches!(model.sources.pane, Pane::Detail(_));
    pen.target(area, 0, area.height, Target::Detail);
    pen.heading(area, 0, "details", note, focused);
    let top = match model.sources.pane {
        Pane::Detail(top) => top,
        Pane::List => 0,
    };
    let lines = facts(
        model,
        pen,
        source,
        usize::from(area.width.saturating_sub(15)),
    );
    pen.facts(area, &lines, top, 11);
}

type Fact = (&'static str, Role, String);

fn facts(model: &Model, pen: &Pen<'_>, source: &SourceView, width: usize) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    facts.push(("name", Role::Title, source.source.name.to_string()));
    troubles(pen, &mut facts, source, width);
    if source.stages.is_empty() {
        let text = "nothing: no stage reads it";
        facts.push(("serves", Role::Notice, text.into()));
    } else {
        wrapped(
            pen,
            &mut facts,
            "serves",
            Role::Fg,
            &source.stages.join(", "),
            width,
        );
    }
    let read = format!(
        "{} log events, {}; {} named a message",
        format::count(source.events),
        show::bytes(source.bytes),
        format::count(source.matched)
    );
    facts.push(("read", Role::Fg, read));
    for reject in &source.rejects {
        let line = reject
            .line
            .map_or(String::new(), |n| format!(", first at line {n}"));
        let text = format!(
            "{} {}{line}",
            format::count(reject.count),
            reject.reason.text()
        );
        facts.push(("rejected", Role::Notice, text));
        if !reject.sample.is_empty() {
            wrapped(pen, &mut facts, "", Role::Muted, &reject.sample, width);
        }
    }
    if let Some(pulse) = &source.pulse {
        live((model, pen), &mut facts, source.state, pulse, width);
    }
    if source.covered.is_empty() {
        let (role, text) = match source.state {
            SourceState::Complete => (Role::Notice, "read to its end: there was nothing in it"),
            _ => (Role::Lost, "nothing: absence here proves nothing"),
        };
        facts.push(("covered", role, text.into()));
    }
    for (i, span) in source.covered.iter().enumerate() {
        let label = if i == 0 { "covered" } else { "" };
        facts.push((label, Role::Completed, format::span(model.zone, *span)));
    }
    if let Some(seen) = source.seen {
        facts.push(("events of", Role::Fg, format::span(model.zone, seen)));
    }
    facts
}

/// What its origin says of it.
fn troubles(pen: &Pen<'_>, facts: &mut Vec<Fact>, source: &SourceView, width: usize) {
    for fault in &source.faults {
        wrapped(pen, facts, "fault", Role::Failed, &fault.message, width);
        if !fault.remedy.is_empty() {
            wrapped(pen, facts, "remedy", Role::Notice, &fault.remedy, width);
        }
    }
    if !source.note.is_empty() {
        wrapped(pen, facts, "note", Role::Fg, &source.note, width);
    }
}

/// How following goes: how far it has come, and since when it has not answered.
fn live(
    (model, pen): (&Model, &Pen<'_>),
    facts: &mut Vec<Fact>,
    state: SourceState,
    pulse: &Pulse,
    width: usize,
) {
    let to = format::clock(model.zone, pulse.reads_to);
    let behind = format::duration(model.now.since(pulse.reads_to).max(0));
    let reads = if state == SourceState::Live {
        format!("up to {to}, {behind} behind")
    } else {
        format!("up to {to}, when following ended")
    };
    facts.push(("reads", Role::Fg, reads));
    let (role, words) = match pulse.silent_since {
        Some(since) => {
            let since = format::clock(model.zone, since);
            (
                Role::Failed,
                format!("silent since {since}: {}", pulse.words),
            )
        }
        None => (Role::Fg, pulse.words.clone()),
    };
    wrapped(pen, facts, "following", role, &words, width);
}

fn wrapped(
    pen: &Pen<'_>,
    facts: &mut Vec<Fact>,
    label: &'static str,
    role: Role,
    text: &str,
    width: usize,
) {
    for (i, line) in pen.words(text, width).into_iter().enumerate() {
        facts.push((if i == 0 { label } else { "" }, role, line));
    }
}
