//! The hunt: how far it is, where messages are mentioned, and what to add to see it in every run.
//!
//! ```text
//! 20 messages · 120 of 840 places searched · 300 of 2,000 calls · 1.2 MB of 1.0 GB
//!   standing   env  region       group                messages  events  first
//! ❯ new        prod eu-west-1    /acme/prod/settle    12 of 20      36  02:11:04
//! ─ details ─────────────────────────────────────────────────────────────────────
//! ```

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::split::{below, split};
use super::text::Pen;
use crate::app::hunt::{Fact, HuntView, Pane};
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::domain::hunt::{Hunt, Place, Standing};
use crate::domain::show;
use crate::theme::role::{Glyph, Role};

/// Which columns there are and how wide.
struct Columns {
    env: usize,
    region: usize,
    group: usize,
    messages: usize,
    events: usize,
    first: usize,
}

/// Draws the hunt.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let Some(view) = &model.hunt else { return };
    let parts = view.layout(model.size);
    let [area, detail] = split(area, 2, &parts);
    progress(view, pen, area);
    let columns = columns(view.places(), area.width);
    heading(pen, area, &columns);
    let rows = below(area, 2);
    if view.places().is_empty() {
        pen.row(rows, 0, false)
            .skip(2)
            .put(Role::Notice, nothing(view));
    }
    let cursor = view.cursor();
    let visible = view.places().iter().enumerate().skip(view.top);
    for (line, (i, place)) in visible.take(usize::from(parts.list)).enumerate() {
        if let Some(hunt) = &view.hunt {
            let line = Rect {
                y: rows.y + line as u16,
                height: 1,
                ..rows
            };
            pen.target(line, 0, 1, Target::Row(i));
            row(model, pen, line, (hunt, place), (&columns, i == cursor));
        }
    }
    details(view, pen, detail);
}

fn nothing(view: &HuntView) -> &'static str {
    match &view.hunt {
        _ if view.running() => "… nothing found yet",
        Some(hunt) if hunt.nothing_left() && hunt.some_younger() => {
            "nothing was searched: what is in reach began after the time in question"
        }
        Some(hunt) if hunt.nothing_left() => {
            "nothing was searched: there is nothing in reach that this run has not read"
        }
        Some(hunt) if hunt.complete() => "not mentioned anywhere in reach",
        Some(_) => "not found, but not everything was searched",
        None => "nothing was searched",
    }
}

/// What is hunted for, how far it is, and what it has cost.
fn progress(view: &HuntView, pen: &mut Pen<'_>, area: Rect) {
    let glyph = |pen: &Pen<'_>, glyph| pen.theme.glyph(glyph).to_owned();
    let (role, sign, word) = match &view.hunt {
        None => match &view.refused {
            Some(why) => (Role::Failed, glyph(pen, Glyph::Failed), why.as_str()),
            None => (Role::Pending, glyph(pen, Glyph::Pending), "hunting"),
        },
        Some(hunt) if !hunt.done => (Role::Pending, glyph(pen, Glyph::Pending), "hunting"),
        Some(hunt) if hunt.cancelled => (Role::Blind, glyph(pen, Glyph::Blind), "cancelled"),
        Some(hunt) if hunt.nothing_left() => (
            Role::Blind,
            glyph(pen, Glyph::Blind),
            "nothing was searched",
        ),
        Some(hunt) if hunt.complete() => {
            (Role::Completed, glyph(pen, Glyph::Completed), "complete")
        }
        Some(_) => (Role::Blind, glyph(pen, Glyph::Blind), "incomplete"),
    };
    let mut row = pen.row(area, 0, false);
    row.skip(1).put(role, &format!("{sign} {word}"));
    let Some(hunt) = &view.hunt else { return };
    let mut parts = vec![
        show::count_of(hunt.targets.len() as u64, "message"),
        format!(
            "searched {} of {}",
            show::count(hunt.searched),
            show::count_of(hunt.total, "place")
        ),
    ];
    if hunt.regions.1 > 0 {
        let calls = show::count(hunt.budget.calls);
        parts.push(format!("{} of {calls} calls", show::count(hunt.calls)));
        parts.push(format!("{} of {} regions", hunt.regions.0, hunt.regions.1));
    }
    parts.push(show::bytes(hunt.bytes));
    for part in parts {
        if part.width() + 3 > row.rest() {
            break;
        }
        row.put(Role::Border, " │ ").put(Role::Fg, &part);
    }
}

fn columns(places: &[Place], width: u16) -> Columns {
    let width = usize::from(width);
    let widest = |of: &dyn Fn(&Place) -> usize, low: usize, high: usize| {
        let widths = places.iter().map(of);
        widths.max().unwrap_or(low).clamp(low, high)
    };
    let env = widest(&|p| p.env.width(), 3, 8);
    let region = widest(&|p| p.region.width(), 6, 14);
    let (messages, events) = (10, if width < 70 { 0 } else { 7 });
    let first = if width < 60 { 0 } else { 8 };
    let fixed = 2 + 11 + env + region + messages + events + first + 7;
    Columns {
        env,
        region,
        group: width.saturating_sub(fixed).max(8),
        messages,
        events,
        first,
    }
}

fn heading(pen: &mut Pen<'_>, area: Rect, columns: &Columns) {
    let line = Rect {
        y: area.y + 1,
        height: 1,
        ..area
    };
    pen.clear(line, Role::Surface);
    let mut row = pen.row(line, 0, false);
    row.skip(2).cell(Role::Title, "place is", 11);
    row.cell(Role::Title, "env", columns.env).skip(1);
    row.cell(Role::Title, "region", columns.region).skip(1);
    row.cell(Role::Title, "group", columns.group).skip(1);
    row.cell_right(Role::Title, "messages", columns.messages)
        .skip(1);
    if columns.events > 0 {
        row.cell_right(Role::Title, "events", columns.events)
            .skip(1);
    }
    if columns.first > 0 {
        row.cell(Role::Title, "first", columns.first);
    }
}

fn row(
    model: &Model,
    pen: &mut Pen<'_>,
    line: Rect,
    (hunt, place): (&Hunt, &Place),
    (columns, selected): (&Columns, bool),
) {
    let role = match place.standing {
        Standing::New => Role::LastSeen,
        Standing::Configured | Standing::Loaded => Role::Muted,
    };
    let messages = format!("{} of {}", place.targets().len(), hunt.targets.len());
    let events: u64 = place.finds.iter().map(|find| find.hits).sum();
    let more = if place.early { "+" } else { "" };
    let name = pen.fit_end(&place.name, columns.group);
    let mut row = pen.row(line, 0, selected);
    row.mark(selected);
    row.cell(role, place.standing.word(), 11);
    row.cell(Role::Fg, &place.env, columns.env).skip(1);
    row.cell(Role::Fg, &place.region, columns.region).skip(1);
    row.cell(Role::Fg, &name, columns.group).skip(1);
    row.cell_right(Role::Fg, &messages, columns.messages)
        .skip(1);
    if columns.events > 0 {
        let events = format!("{}{more}", format::count(events));
        row.cell_right(Role::Fg, &events, columns.events).skip(1);
    }
    if let Some(span) = place.span().filter(|_| columns.first > 0) {
        let time = format::clock(model.zone, span.from);
        row.cell(Role::Muted, &time, columns.first);
    }
}

fn details(view: &HuntView, pen: &mut Pen<'_>, area: Rect) {
    if area.height < 2 {
        return;
    }
    let (focused, top) = match view.pane {
        Pane::Detail(top) => (true, top),
        Pane::List => (false, 0),
    };
    let note = match view.places().len() {
        0 => String::new(),
        len => format!("{} of {len}", view.cursor() + 1),
    };
    pen.target(area, 0, area.height, Target::Detail);
    pen.heading(area, 0, "details", &note, focused);
    let width = usize::from(area.width.saturating_sub(17)).max(1);
    let mut lines: Vec<(&str, Role, String)> = Vec::new();
    for fact in view.facts() {
        match fact {
            Fact::Said(label, text) => {
                for (i, line) in pen.words(&text, width).into_iter().enumerate() {
                    lines.push((if i == 0 { label } else { "" }, Role::Fg, line));
                }
            }
            Fact::Event(text) => lines.push(("", Role::Muted, text)),
            Fact::Line(text) => lines.push(("", Role::Accent, text)),
        }
    }
    pen.facts(area, &lines, top, 13);
}
