//! A log line: readable or as its origin has it, and where that is.

use ratatui::layout::Rect;

use super::text::{Pen, Row};
use crate::app::layout;
use crate::app::logtext::{LogText, wrap};
use crate::app::mouse_event::Target;
use crate::app::reading::Text;
use crate::theme::role::Role;

/// A log line as it is to be shown.
pub struct Line<'a> {
    /// Its text, as far as it is here.
    pub text: &'a Text,
    /// As its origin has it, instead of readable.
    pub raw: bool,
    /// It has the keys, and is scrolled by so many rows.
    pub scrolled: Option<usize>,
    /// Where it is.
    pub place: String,
}

/// Draws the log line.
pub fn draw(pen: &mut Pen<'_>, area: Rect, line: &Line<'_>) {
    if area.height < 2 {
        return;
    }
    pen.target(area, 0, area.height, Target::Detail);
    let form = if line.raw { "raw" } else { "readable" };
    let note = if line.place.is_empty() {
        String::new()
    } else {
        format!("{form} · {}", line.place)
    };
    pen.heading(area, 0, "log line", &note, line.scrolled.is_some());
    let body = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    let (role, said) = match line.text {
        Text::None => (Role::Muted, "nothing is selected".to_owned()),
        Text::Reading(_) => (Role::Muted, "… reading".to_owned()),
        Text::Failed(_, why) => (
            Role::Failed,
            format!("✗ the log line cannot be read: {why}"),
        ),
        Text::Ready(_, text) => return lines(pen, body, line, text),
    };
    pen.row(body, 0, false).skip(2).put(role, &said);
}

fn lines(pen: &mut Pen<'_>, area: Rect, shown: &Line<'_>, text: &LogText) {
    let top = shown.scrolled.unwrap_or(0);
    let width = usize::from(area.width).saturating_sub(layout::LOG_MARGIN);
    let json = text.json && !shown.raw;
    let height = usize::from(area.height);
    let wrapped = text.lines(shown.raw).iter().flat_map(|line| {
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
        if line == 0 && shown.scrolled.is_some() {
            row.cursor_here();
        }
        if json && first {
            json_line(&mut row, piece);
        } else {
            row.put(Role::Fg, piece);
        }
    }
    if more {
        let total = text.rows(shown.raw, width);
        let below = total.saturating_sub(top + height);
        pen.rows_below(area, below);
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
