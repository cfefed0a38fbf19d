//! The incident's timeline: what was pinned and noted, by time, and all of the selected entry.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::split::split;
use super::text::{Pen, Row};
use crate::app::layout;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::domain::timeline::{Entry, Kept, Kind};
use crate::theme::role::{Glyph, Role};

/// Which columns there are and how wide.
struct Columns {
    time: usize,
    pattern: &'static str,
    env: usize,
}

/// Draws the list, and what is known of the selected entry.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let view = &model.timeline;
    let entries = view.timeline.entries();
    let parts = layout::messages(model.size);
    let [area, detail] = split(area, 1, &parts);
    heading(model, pen, area, entries.len());
    if entries.is_empty() {
        empty(pen, area);
        return;
    }
    let columns = columns(model, &entries);
    let cursor = view.cursor();
    let rows = usize::from(parts.list);
    for (line, (i, entry)) in entries
        .iter()
        .enumerate()
        .skip(view.top)
        .take(rows)
        .enumerate()
    {
        let before = i.checked_sub(1).and_then(|i| entries.get(i));
        pen.target(area, line as u16 + 1, 1, Target::Row(i));
        let mut row = pen.row(area, line as u16 + 1, i == cursor);
        row.mark(i == cursor);
        one(model, &mut row, entry, before.copied(), &columns);
    }
    if let Some(entry) = entries.get(cursor) {
        selected(model, pen, detail, entry);
    }
}

fn heading(model: &Model, pen: &mut Pen<'_>, area: Rect, count: usize) {
    let entries = if count == 1 { "entry" } else { "entries" };
    let kept = match &model.timeline.kept {
        Some(Kept::In(place)) => format!("saved in {}", pen.fit_end(place, 40)),
        Some(Kept::Beside(place, why)) => format!("saved in {}: {why}", pen.fit_end(place, 30)),
        Some(Kept::Nowhere(why)) => format!("NOT SAVED: {why}"),
        None => "not saved yet".to_owned(),
    };
    let note = format!(
        "{} {entries} · times in {} · {kept}",
        format::count(count as u64),
        model.zone.name()
    );
    pen.heading(area, 0, "timeline", &note, true);
}

fn empty(pen: &mut Pen<'_>, area: Rect) {
    let lines = [
        "Nothing is on the timeline yet.",
        "p  in the other views pins the selected message, log line, finding or gap",
        "a  here writes a note; :note_here there writes one at the time of what is selected",
    ];
    for (line, text) in lines.iter().enumerate() {
        let mut row = pen.row(area, line as u16 + 2, false);
        row.skip(2)
            .put(if line == 0 { Role::Notice } else { Role::Muted }, text);
    }
}

fn columns(model: &Model, entries: &[&Entry]) -> Columns {
    let day = |entry: &Entry| model.zone.format(entry.time, "%Y-%m-%d");
    let first = entries.first().map(|entry| day(entry));
    let one_day = entries.last().map(|entry| day(entry)) == first;
    let wide = model.size.columns >= 100;
    let (time, pattern) = match (one_day, wide) {
        (true, true) => (12, "%H:%M:%S%.3f"),
        (true, false) => (8, "%H:%M:%S"),
        (false, true) => (18, "%m-%d %H:%M:%S%.3f"),
        (false, false) => (14, "%m-%d %H:%M:%S"),
    };
    let env = entries.iter().map(|entry| entry.env.width());
    Columns {
        time,
        pattern,
        env: env.max().unwrap_or(0).min(12),
    }
}

/// Role and sign of a kind; its word stands beside.
const fn sign(kind: Kind) -> (Role, Glyph) {
    match kind {
        Kind::Message => (Role::Fg, Glyph::Stage),
        Kind::Line => (Role::Fg, Glyph::Bar),
        Kind::Finding => (Role::Notice, Glyph::LastSeen),
        Kind::Gap => (Role::Lost, Glyph::Gap),
        Kind::Note => (Role::Accent, Glyph::Unentered),
    }
}

fn one(
    model: &Model,
    row: &mut Row<'_, '_>,
    entry: &Entry,
    before: Option<&Entry>,
    columns: &Columns,
) {
    let delta = before.map_or_else(String::new, |before| {
        format!("+{}", format::duration(entry.time.since(before.time)))
    });
    let time = model.zone.format(entry.time, columns.pattern);
    let (role, glyph) = sign(entry.kind);
    let sign = row.theme().glyph(glyph);
    row.cell(Role::Fg, &time, columns.time).skip(1);
    row.cell_right(Role::Muted, &delta, 8).skip(2);
    row.put(role, sign).skip(1);
    row.cell(role, entry.kind.word(), 7).skip(1);
    if columns.env > 0 {
        row.cell(Role::Title, &entry.env, columns.env).skip(1);
    }
    row.put(Role::Fg, &entry.text);
}

/// All of an entry: its text, what it was made of, where that stands.
fn selected(model: &Model, pen: &mut Pen<'_>, area: Rect, entry: &Entry) {
    if area.height < 2 {
        return;
    }
    let note = format!(
        "{} {}",
        format::date_clock(model.zone, entry.time),
        model.zone.name()
    );
    pen.target(area, 0, area.height, Target::Detail);
    pen.heading(area, 0, entry.kind.word(), &note, false);
    let reference = &entry.reference;
    let width = usize::from(area.width.saturating_sub(4)).max(1);
    let mut lines: Vec<(Role, String)> = Vec::new();
    let mut add = |role, text: &str| {
        lines.extend(pen.words(text, width).into_iter().map(|line| (role, line)));
    };
    add(Role::Fg, &entry.text);
    if let Some(at) = reference.at.filter(|at| *at != entry.time) {
        let at = format::date_clock(model.zone, at);
        add(Role::Muted, &format!("pinned from {at}"));
    }
    let place: Vec<&str> = [&*reference.source]
        .into_iter()
        .chain(reference.ids.iter().map(String::as_str))
        .filter(|text| !text.is_empty())
        .collect();
    if !place.is_empty() {
        add(Role::Muted, &place.join("  "));
    }
    if !reference.line.is_empty() && reference.line != entry.text {
        add(Role::Fg, &reference.line);
    }
    let rows = usize::from(area.height.saturating_sub(1));
    for (line, (role, text)) in lines.iter().take(rows).enumerate() {
        pen.row(area, line as u16 + 1, false)
            .skip(2)
            .put(*role, text);
    }
}
