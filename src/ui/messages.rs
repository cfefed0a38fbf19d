//! The list of messages, and all that is known of the selected one.

use std::sync::Arc;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::bottom;
use super::format;
use super::split::{below, split};
use super::state;
use super::status;
use super::text::{Pen, Row};
use crate::app::filtering;
use crate::app::layout;
use crate::app::lifecycle::awaited_ms;
use crate::app::messages::Messages;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::app::place::Place;
use crate::app::sorting::sort_word;
use crate::domain::verdict::Verdict;
use crate::domain::view::{AttributeValue, MessageRow, Sort};
use crate::theme::role::Role;

/// Below so many columns the sign of a verdict stands for its word, and the environment is left out.
const NARROW: usize = 60;

/// Which columns there are and how wide; 0: there is no room for it.
struct Columns {
    id: usize,
    env: usize,
    verdict: usize,
    progress: usize,
    stage: usize,
    time: usize,
    silent: usize,
    flags: usize,
    source: usize,
    attributes: usize,
}

/// Draws the list.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let parts = layout::messages(model.size);
    let list = &model.messages;
    let [above, detail] = split(area, 1, &parts);
    table(model, list, pen, above, Some(list.cursor));
    if parts.detail > 0 {
        pen.target(detail, 0, detail.height, Target::Detail);
        selected(model, pen, detail);
    }
}

/// The column headings and the messages, as many as there is room for.
pub fn table(model: &Model, list: &Messages, pen: &mut Pen<'_>, area: Rect, cursor: Option<usize>) {
    let columns = columns(list, area.width);
    heading(list, pen, area, &columns);
    let below = below(area, 1);
    if list.page.total == 0 {
        let text = empty(model, list);
        pen.row(below, 1.min(below.height.saturating_sub(1)), false)
            .skip(2)
            .put(Role::Notice, &text);
    }
    for line in 0..below.height {
        let index = list.top + usize::from(line);
        if index >= list.page.total {
            break;
        }
        let target = match model.place {
            Place::Messages => Some(Target::Row(index)),
            Place::Evidence => Some(Target::Message(index)),
            _ => None,
        };
        if let Some(target) = target {
            pen.target(below, line, 1, target);
        }
        let selected = cursor == Some(index);
        let mut row = pen.row(below, line, selected);
        match list.row(index) {
            Some(message) => message_row(model, &mut row, (message, list.sort), &columns, selected),
            None => {
                row.skip(2).put(Role::Muted, "…");
            }
        }
    }
}

fn empty(model: &Model, list: &Messages) -> String {
    let filter = status::filter_text(&list.filter, model.zone);
    if !list.ready {
        "… asking".into()
    } else if list.waiting() {
        "… searching".into()
    } else if filter.is_empty() && model.loading() {
        "… no message yet: still loading".into()
    } else if filter.is_empty() {
        "no message was seen: 7 shows what was read, and what was not".into()
    } else {
        format!("no message matches: {filter}   (c shows all again)")
    }
}

fn columns(list: &Messages, width: u16) -> Columns {
    let width = usize::from(width);
    let page = &list.page.rows;
    let widest = |of: &dyn Fn(&MessageRow) -> usize, low: usize, high: usize| {
        page.iter().map(of).max().unwrap_or(low).clamp(low, high)
    };
    let env = widest(&|r| r.env.width(), 3, 8);
    let stage = widest(&|r| r.last_stage.width(), 10, 14);
    let id = widest(&|r| r.id.width(), 12, 36);
    let progress = widest(&|r| r.progress.len(), 6, 12);
    let verdict = widest(&|r| state::word(r.verdict).width() + 2, 9, 15);
    // Which message, and where and when it was seen last, go before all else.
    let (env, verdict, silent) = match width {
        0..NARROW => (0, 1, 0),
        _ => (env, verdict, 7),
    };
    let wide = width >= 100;
    let time = if width >= 140 { 11 } else { 9 };
    // Marker, gaps between columns.
    let others = [env, verdict, stage, time, silent];
    let gaps = others.iter().filter(|columns| **columns > 0).count();
    let fixed = 2 + others.iter().sum::<usize>() + gaps;
    let mut left = width.saturating_sub(fixed);
    let mut take = |wanted: usize, least: usize| {
        let got = if left > wanted {
            wanted
        } else if left > least {
            left - 1
        } else {
            0
        };
        left = left.saturating_sub(if got > 0 { got + 1 } else { 0 });
        got
    };
    Columns {
        id: take(if wide { id } else { id.min(22) }, 8),
        progress: take(progress, progress),
        flags: take(if width >= 150 { 17 } else { 9 }, 9),
        attributes: take(if width >= 150 { 36 } else { 40 }, 12),
        source: take(40, 20),
        env,
        verdict,
        stage,
        time,
        silent,
    }
}

fn heading(list: &Messages, pen: &mut Pen<'_>, area: Rect, columns: &Columns) {
    let row_area = Rect { height: 1, ..area };
    pen.clear(row_area, Role::Surface);
    let arrow = if list.descending { "▲" } else { "▼" };
    let title = |name: &str, sort: Option<Sort>| match sort {
        Some(sort) if sort == list.sort => (Role::Accent, format!("{name} {arrow}")),
        _ => (Role::Title, name.to_owned()),
    };
    let mut row = pen.row(area, 0, false);
    row.skip(2);
    let mut cell = |width: usize, name: &str, sort: Option<Sort>| {
        if width > 0 {
            let (role, text) = title(name, sort);
            row.cell(role, &text, width).skip(1);
        }
    };
    cell(columns.id, "id", Some(Sort::Id));
    cell(columns.env, "env", None);
    let verdict = if columns.verdict > 1 { "verdict" } else { "" };
    cell(columns.verdict, verdict, Some(Sort::Verdict));
    cell(columns.progress, "stages", None);
    cell(columns.stage, "last stage", Some(Sort::LastStage));
    let (name, sort) = if list.sort == Sort::FirstSeen {
        ("first seen", Sort::FirstSeen)
    } else {
        ("last seen", Sort::LastSeen)
    };
    let first_word = name.split(' ').next().unwrap_or(name);
    // With the arrow it would not fit.
    let name = if columns.time < 11 && list.sort == sort {
        first_word
    } else {
        name
    };
    cell(columns.time, name, Some(sort));
    cell(columns.silent, " silent", None);
    cell(columns.flags, "flags", None);
    cell(columns.attributes, "attributes", None);
    cell(columns.source, "last source", None);
}

fn message_row(
    model: &Model,
    row: &mut Row<'_, '_>,
    (message, sort): (&MessageRow, Sort),
    columns: &Columns,
    selected: bool,
) {
    let (role, glyph) = state::verdict(message.verdict);
    let label = state::label(row.theme(), message.verdict);
    let time = if sort == Sort::FirstSeen {
        message.first_seen
    } else {
        message.last_seen
    };
    let silent = format::duration(awaited_ms(message.last_seen, model.overview.horizon));
    let flags: Vec<_> = message.flags.words().collect();
    let over = message.verdict == Verdict::Completed;
    row.mark_lettered(selected, model.marks.letter(message));
    let id = row.fit_middle(&message.id, columns.id);
    row.cell(Role::Fg, &id, columns.id).skip(1);
    if columns.env > 0 {
        row.cell(Role::Muted, &message.env, columns.env).skip(1);
    }
    let label = if columns.verdict > 1 {
        &label
    } else {
        row.theme().glyph(glyph)
    };
    row.cell(role, label, columns.verdict).skip(1);
    if columns.progress > 0 {
        row.cell(Role::Muted, &way(&message.progress), columns.progress)
            .skip(1);
    }
    row.cell(Role::Fg, &message.last_stage, columns.stage)
        .skip(1);
    row.cell(Role::Fg, &format::clock(model.zone, time), columns.time)
        .skip(1);
    let silent = if over { String::new() } else { silent };
    if columns.silent > 0 {
        row.cell_right(Role::Muted, &silent, columns.silent).skip(1);
    }
    if columns.flags > 0 {
        row.cell(Role::Notice, &flags.join(" "), columns.flags)
            .skip(1);
    }
    if columns.attributes > 0 {
        row.cell(Role::Muted, &attributes(message), columns.attributes)
            .skip(1);
    }
    if columns.source > 0 {
        let source = row.fit_end(&message.last_source, columns.source);
        row.put(Role::Muted, &source);
    }
}

/// One sign a stage: passed, seen, not seen.
fn way(progress: &[u8]) -> String {
    progress
        .iter()
        .map(|p| match p {
            0 => '·',
            1 => '◆',
            _ => '■',
        })
        .collect()
}

/// `host=a version=1.2…1.4`.
#[must_use]
pub fn attributes(message: &MessageRow) -> String {
    attribute_texts(message).join(" ")
}

fn attribute_texts(message: &MessageRow) -> Vec<String> {
    let text = |(name, value): &(Arc<str>, AttributeValue)| match value {
        AttributeValue::One(value) => format!("{name}={value}"),
        AttributeValue::Mixed(least, greatest) => format!("{name}={least}…{greatest}"),
    };
    message.attributes.iter().map(text).collect()
}

fn selected(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let list = &model.messages;
    let place = if list.page.total == 0 {
        0
    } else {
        list.cursor + 1
    };
    let search = match list.search.sought {
        Some(sought) if !list.search.text.is_empty() => {
            format!(" · /{}: {}", list.search.text, bottom::found(sought))
        }
        _ => String::new(),
    };
    let new = match list.newly_come() {
        _ if list.following() => " · following".to_owned(),
        0 => String::new(),
        new => format!(" · {} new", format::count(new as u64)),
    };
    let waiting = if list.waiting() { " · asking" } else { "" };
    let filter = match status::filter_text(&list.filter, model.zone) {
        filter if filter.is_empty() => String::new(),
        filter => format!(" · filter: {filter}"),
    };
    let note = format!(
        "{} of {}{search}{new}{waiting} · by {}{}{filter}",
        format::count(place as u64),
        format::count(list.page.total as u64),
        sort_word(list.sort),
        if list.descending { ", reversed" } else { "" },
    );
    pen.heading(area, 0, "selected", &note, false);
    let Some(message) = list.selected() else {
        return;
    };
    where_and_when(model, pen, area, message);
    let mut row = pen.row(area, 2, false);
    row.skip(2).put(Role::Title, &message.ids.join("  "));
    let mut row = pen.row(area, 3, false);
    row.skip(2);
    for flag in message.flags.words() {
        row.put(Role::Notice, flag).skip(2);
    }
    if area.height > 8 {
        return each_field(pen, below(area, 5), message);
    }
    let parts = attribute_texts(message);
    if parts.is_empty() {
        row.put(Role::Muted, "no attributes").skip(1);
    }
    let chosen = filtering::chosen(list).map(|(name, value)| format!("{name}={value}"));
    let among = |text: &String| parts.iter().any(|part| part == text);
    if let Some(chosen) = chosen.as_ref().filter(|text| !among(text)) {
        row.end(Role::Accent, &format!("={chosen} "));
    }
    for part in &parts {
        let role = if chosen.as_ref() == Some(part) {
            Role::Accent
        } else {
            Role::Muted
        };
        row.put(role, part).skip(1);
    }
}

/// The verdict, the furthest stage and the newest sighting.
fn where_and_when(model: &Model, pen: &mut Pen<'_>, area: Rect, message: &MessageRow) {
    let (role, _) = state::verdict(message.verdict);
    let label = state::label(pen.theme, message.verdict);
    let mut row = pen.row(area, 1, false);
    row.skip(2).put(role, &label).skip(2);
    // The furthest stage, and the newest sighting: where clocks differ these are two.
    row.put(Role::Muted, "last stage ");
    row.put(Role::LastSeen, &message.last_stage);
    row.put(Role::Muted, ", last seen ");
    row.put(Role::Fg, &format::date_clock(model.zone, message.last_seen));
    row.put(Role::Muted, " in ");
    let source = row.fit_end(&message.last_source, row.rest());
    row.put(Role::Fg, &source);
}

/// What is known of a message, each on a row of its own.
fn each_field(pen: &mut Pen<'_>, area: Rect, message: &MessageRow) {
    let rows = usize::from(area.height);
    for (line, (name, value)) in filtering::fields(message).iter().take(rows).enumerate() {
        let mut row = pen.row(area, line as u16, false);
        row.skip(2).cell(Role::Muted, name, 14).skip(1);
        row.put(Role::Fg, value);
    }
}
