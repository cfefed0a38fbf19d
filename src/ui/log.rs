//! The log line behind a sighting: readable or as its origin has it, and where that is.

use ratatui::layout::Rect;

use super::format;
use super::text::{Pen, Row};
use crate::app::layout;
use crate::app::lifecycle::{Lifecycle, Pane, Text};
use crate::app::logtext::{LogText, wrap};
use crate::app::model::Model;
use crate::theme::role::Role;

/// Draws the log line.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect, lifecycle: &Lifecycle, focused: bool) {
    if area.height < 2 {
        return;
    }
    let form = if lifecycle.raw { "raw" } else { "readable" };
    let note = lifecycle
        .shown_sighting()
        .map_or(String::new(), |sighting| {
            format!(
                "{form} · {} · byte {}",
                sighting.source_name, sighting.raw.offset
            )
        });
    pen.heading(area, 0, "log line", &note, focused);
    let body = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    match &lifecycle.text {
        Text::None => {
            pen.row(body, 0, false)
                .skip(2)
                .put(Role::Muted, "nothing is selected");
        }
        Text::Reading(_) => {
            pen.row(body, 0, false)
                .skip(2)
                .put(Role::Muted, "… reading");
        }
        Text::Failed(_, why) => {
            let text = format!("✗ the log line cannot be read: {why}");
            pen.row(body, 0, false).skip(2).put(Role::Failed, &text);
        }
        Text::Ready(_, text) => lines(model, pen, body, lifecycle, text),
    }
}

fn lines(model: &Model, pen: &mut Pen<'_>, area: Rect, lifecycle: &Lifecycle, text: &LogText) {
    let top = match lifecycle.pane {
        Pane::Log(top) => top,
        Pane::Sightings => 0,
    };
    let width = layout::log_columns(model.size);
    let json = text.json && !lifecycle.raw;
    let height = usize::from(area.height);
    let wrapped = text.lines(lifecycle.raw).iter().flat_map(|line| {
        wrap(line, width)
            .enumerate()
            .map(move |(i, piece)| (i == 0, piece))
    });
    let mut more = false;
    for (line, (first, piece)) in wrapped.skip(top).take(height + 1).enumerate() {
        if line == height {
            more = true;
            break;
        }
        let mut row = pen.row(area, line as u16, false);
        row.skip(2);
        if line == 0 && matches!(lifecycle.pane, Pane::Log(_)) {
            row.cursor_here();
        }
        if json && first {
            json_line(&mut row, piece);
        } else {
            row.put(Role::Fg, piece);
        }
    }
    if more {
        let total = text.rows(lifecycle.raw, width);
        let below = total.saturating_sub(top + height);
        let text = format!(" ▼ {} more rows ", format::count(below as u64));
        pen.row(area, area.height - 1, false)
            .end(Role::Notice, &text);
    }
}

/// A line of indented JSON: key, then value.
fn json_line(row: &mut Row<'_, '_>, line: &str) {
    let trimmed = line.trim_start();
    row.skip((line.len() - trimmed.len()) as u16);
    let rest = match key_end(trimmed) {
        Some(end) => {
            let (key, rest) = trimmed.split_at(end);
            row.put(Role::JsonKey, key).put(Role::Muted, ": ");
            rest.trim_start_matches(": ")
        }
        None => trimmed,
    };
    let value = rest.strip_suffix(',').unwrap_or(rest);
    let role = match value.bytes().next() {
        Some(b'"') => Role::JsonString,
        Some(b'-' | b'0'..=b'9') => Role::JsonNumber,
        Some(b't' | b'f' | b'n') => Role::JsonLiteral,
        _ => Role::Muted,
    };
    row.put(role, value);
    if value.len() < rest.len() {
        row.put(Role::Muted, ",");
    }
}

/// Where a key ends that the line begins with: behind its closing quote, if a colon follows.
fn key_end(line: &str) -> Option<usize> {
    let inner = line.strip_prefix('"')?;
    let mut escaped = false;
    let end = inner.find(|c| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    })? + 2;
    line.get(end..)?.starts_with(": ").then_some(end)
}
