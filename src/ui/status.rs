//! The last two rows: on what evidence the screen stands, and what can be done.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::hints;
use super::logs;
use super::text::{Pen, Row};
use crate::app::action::Action;
use crate::app::board;
use crate::app::filter::Filter;
use crate::app::model::{Mode, Model};
use crate::app::pending::{Pending, repeats};
use crate::app::place::Place;
use crate::app::typing::{Purpose, Typing};
use crate::domain::seek::Sought;
use crate::domain::view::{SourceState, SourceView};
use crate::theme::role::{Glyph, Role};

/// Draws the status line and the hints.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let status = Rect {
        y: area.bottom().saturating_sub(2),
        height: 1,
        ..area
    };
    pen.clear(status, Role::Surface);
    let glyphs = [Glyph::Completed, Glyph::Failed].map(|glyph| pen.theme.glyph(glyph));
    let parts = parts(model, glyphs, area.width);
    let mut row = pen.row(status, 0, false);
    row.skip(1);
    for (i, (role, text)) in parts.iter().enumerate() {
        if i > 0 {
            // Half a word is of use to nobody, half a filter is.
            let cut = if text.contains("filter: ") {
                15
            } else {
                usize::MAX
            };
            let least = text.width().min(cut);
            if row.rest() < least + 3 {
                continue;
            }
            row.put(Role::Border, " │ ");
        }
        row.put(*role, text);
    }
    let hints = Rect {
        y: area.bottom().saturating_sub(1),
        height: 1,
        ..area
    };
    bottom(model, pen.row(hints, 0, false));
}

/// In the order of their weight. The first five always fit into 80 columns; what is left out where
/// there are fewer comes from behind.
fn parts(model: &Model, glyphs: [&str; 2], columns: u16) -> Vec<(Role, String)> {
    let overview = &model.overview;
    let mut parts = vec![(Role::Fg, model.zone.name().to_owned())];
    if model.share.on {
        parts.push((Role::Notice, "SHARED, masked".to_owned()));
    }
    if let Some(window) = overview.window {
        let text = if columns < 70 {
            format::span_clock(model.zone, window)
        } else {
            format::span(model.zone, window)
        };
        parts.push((Role::Fg, text));
    }
    parts.push(completeness(model, glyphs, columns));
    parts.extend(live(model, columns));
    if let Some((more, since)) = model.newly_lost().filter(|_| model.overview.live) {
        let since = format::clock(model.zone, since);
        let more = format::count(more);
        parts.push((Role::Lost, format!("{more} more lost since {since}")));
    }
    if model.mouse {
        let key = model
            .keys
            .key_of(model.place.context(), Action::ToggleMouse);
        let key = key.map_or_else(|| ":mouse".into(), |key| key.to_string());
        parts.push((Role::Notice, format!("mouse: {key} frees it")));
    }
    if let Some(stage) = loading(model, columns) {
        parts.push((Role::Pending, stage));
    }
    let filter = match model.place {
        Place::Logs => logs::filter(&model.logs).collect::<Vec<_>>().join(", "),
        _ => filter_text(&model.messages.filter),
    };
    if filter.is_empty() {
        parts.push((Role::Muted, "no filter".into()));
    } else {
        let whose = match model.place {
            Place::Messages | Place::Lifecycle | Place::Logs => "filter",
            // The list's own, which says nothing of what stands here.
            _ => "messages filter",
        };
        parts.push((Role::Notice, format!("{whose}: {filter}")));
    }
    if let Some(horizon) = overview.horizon {
        let time = format::clock(model.zone, horizon);
        parts.push((Role::Muted, format!("read to {time}")));
    }
    if model.ready && !model.loading() {
        let events = format::count(overview.events);
        parts.push((Role::Muted, format!("{events} log events")));
    }
    parts
}

fn completeness(model: &Model, [good, bad]: [&str; 2], columns: u16) -> (Role, String) {
    let sources = &model.overview.sources;
    let all = sources.len();
    let unseen = board::unseen(&model.overview).len();
    let complete = |s: &&SourceView| matches!(s.state, SourceState::Complete | SourceState::Live);
    let done = sources.iter().filter(complete).count();
    let short = columns < 110;
    match (all, unseen) {
        (0, _) => (Role::Muted, "no source yet".into()),
        (_, 0) if done == all && short => (Role::Completed, format!("{good} all {all} read")),
        (_, 0) if done == all => (
            Role::Completed,
            format!("{good} complete: all {all} sources read"),
        ),
        (_, 0) if short => (Role::Pending, format!("{done} of {all} read")),
        (_, 0) => (Role::Pending, format!("{done} of {all} sources read")),
        _ if short => (Role::Failed, format!("{bad} {unseen} of {all} unread")),
        _ => (
            Role::Failed,
            format!("{bad} INCOMPLETE: {unseen} of {all} sources not read"),
        ),
    }
}

/// That new log events come in, and how far behind the present the slowest source is.
fn live(model: &Model, columns: u16) -> Option<(Role, String)> {
    if !model.overview.live || model.stopped {
        return None;
    }
    let pulses = || {
        model
            .overview
            .sources
            .iter()
            .filter_map(|s| s.pulse.as_ref())
    };
    let silent = pulses().filter_map(|pulse| pulse.silent_since);
    let number = silent.clone().count();
    if let Some(since) = silent.min() {
        let since = format::clock(model.zone, since);
        return Some((Role::Failed, format!("LIVE, {number} silent since {since}")));
    }
    let Some(slowest) = pulses().map(|pulse| pulse.reads_to).min() else {
        return Some((Role::Completed, "LIVE".into()));
    };
    let behind = format::duration(model.now.since(slowest).max(0));
    let text = if columns < 90 {
        format!("LIVE -{behind}")
    } else {
        format!("LIVE, {behind} behind")
    };
    Some((Role::Completed, text))
}

fn loading(model: &Model, columns: u16) -> Option<String> {
    if model.stopped && model.running() {
        return Some("… stopping".into());
    }
    if !model.loading() {
        return None;
    }
    let ms = model.now.since(model.started).max(0);
    let events = model.overview.events;
    let rate = (events as i64).saturating_mul(1000) / ms.max(1);
    let count = format::count(events);
    Some(match (events, ms) {
        (0, _) => format!("… loading {}s", ms / 1000),
        _ if columns < 90 => format!("… loading {count}"),
        _ if columns < 150 => format!("… loading {}s, {count}", ms / 1000),
        (_, ..1000) => format!("… loading {count} log events"),
        _ => {
            let rate = format::count(rate as u64);
            format!("… loading {}s, {count} log events, {rate}/s", ms / 1000)
        }
    })
}

/// What the list is filtered by, in words; empty where it is not.
#[must_use]
pub fn filter_text(filter: &Filter) -> String {
    let mut parts: Vec<String> = filter
        .verdicts
        .iter()
        .map(|v| v.word().to_owned())
        .collect();
    parts.extend(filter.pipeline.iter().map(ToString::to_string));
    parts.extend(filter.env.iter().map(ToString::to_string));
    if let Some(stage) = &filter.last_stage {
        parts.push(format!("last at {stage}"));
    }
    parts.extend(filter.among.iter().map(|among| among.label.to_string()));
    if !filter.text.is_empty() {
        parts.push(filter.text.clone());
    }
    parts.join(", ")
}

fn bottom(model: &Model, mut row: Row<'_, '_>) {
    row.skip(1);
    let context = model.context();
    if let Some(help) = model.keys.key_of(model.place.context(), Action::Help) {
        match model.mode {
            Mode::Typing(_)
            | Mode::Palette(_)
            | Mode::Help(_)
            | Mode::LogText(..)
            | Mode::Sides(_) => row.end(Role::Muted, "esc, then ? help "),
            _ => row.end(Role::Key, &format!("{help} help ")),
        };
    }
    if let Mode::Typing(typing) = &model.mode {
        line(model, typing, &mut row);
    }
    let typed = match &model.mode {
        Mode::Sides(prompt) => Some(("/", prompt)),
        Mode::LogText(prompt, sought) => Some((sought.sign(), prompt)),
        _ => None,
    };
    if let Some((sign, prompt)) = typed {
        row.put(Role::Key, sign).put(Role::Title, prompt.text());
        row.cursor_here();
        row.put(Role::Accent, "█").skip(2);
    }
    if let Some(pending) = model.pending {
        waiting(model, pending, &mut row);
        return;
    }
    if let Some(notice) = &model.notice {
        row.put(Role::Notice, notice);
        return;
    }
    for (action, label) in hints::wanted(context) {
        let Some(key) = model.keys.key_of(context, *action) else {
            continue;
        };
        let key = key.to_string();
        if key.width() + label.width() + 1 > row.rest() {
            break;
        }
        row.put(Role::Key, &key).skip(1);
        row.put(Role::Muted, label).skip(2);
    }
}

/// The line that is typed, what is wrong with it, and what it means.
fn line(model: &Model, typing: &Typing, row: &mut Row<'_, '_>) {
    row.put(Role::Key, typing.sign());
    let text = typing.prompt.text();
    let wrong_at = typing.echo.as_ref().err().and_then(|wrong| wrong.at);
    let from = wrong_at.and_then(|at| text.char_indices().nth(at));
    // Of a long pattern the end is in sight, where the cursor is.
    let end = match typing.purpose {
        Purpose::Guess(_) => row.fit_end(text, row.rest().saturating_sub(20)),
        _ => text.to_owned(),
    };
    let text = end.as_str();
    let (good, bad) = text.split_at(from.map_or(text.len(), |(at, _)| at));
    row.put(Role::Title, good).put(Role::Failed, bad);
    row.cursor_here();
    row.put(Role::Accent, "█").skip(1);
    match &typing.echo {
        Err(wrong) => {
            // What is wrong stands on the row above, where there is room for it.
            let place = wrong
                .at
                .map_or(String::new(), |at| format!(" at {}", at + 1));
            row.put(Role::Failed, &format!("✗{place}"));
        }
        Ok(words) if !words.is_empty() => {
            row.put(Role::Muted, words);
        }
        Ok(_) => {
            row.put(Role::Muted, &matches(model, typing));
        }
    }
    row.skip(2);
}

/// How many messages a filter or a search has.
fn matches(model: &Model, typing: &Typing) -> String {
    let list = &model.messages;
    match (&typing.purpose, list.search.sought) {
        _ if list.waiting() => "…".into(),
        (Purpose::Search(..), Some(sought)) => found(sought),
        (Purpose::Search(..), None) => "text, host=eng-3, verdict:lost, /regex/".into(),
        _ if typing.prompt.text().is_empty() => "text, host=eng-3, verdict:lost, !host=a".into(),
        _ => format!("{} match", format::count(list.page.total as u64)),
    }
}

/// `match 3 of 12`.
#[must_use]
pub fn found(sought: Sought) -> String {
    let [number, all] = [sought.number, sought.matches].map(|n| format::count(n as u64));
    match sought.matches {
        0 => "no match".into(),
        _ => format!("match {number} of {all}"),
    }
}

/// What may follow a key that waits for another.
fn waiting(model: &Model, pending: Pending, row: &mut Row<'_, '_>) {
    let context = model.place.context();
    match pending {
        Pending::Count(number) => {
            row.put(Role::Title, &format!("{number} times")).skip(2);
            row.put(Role::Muted, "then ");
            for bound in model.keys.bindings(context).filter(|b| repeats(b.action)) {
                let Some(key) = bound.keys.first().map(ToString::to_string) else {
                    continue;
                };
                if key.width() > row.rest() {
                    break;
                }
                row.put(Role::Key, &key).skip(1);
            }
        }
        Pending::Mark => {
            row.put(Role::Title, "mark it with a letter").skip(2);
            row.put(Role::Muted, "in use: ");
            letters(model, row);
        }
        Pending::JumpToMark => {
            row.put(Role::Title, "to the letter").skip(2);
            letters(model, row);
        }
    }
}

fn letters(model: &Model, row: &mut Row<'_, '_>) {
    if model.marks.list().next().is_none() {
        row.put(Role::Muted, "none; m and a letter mark something");
    }
    for (letter, what) in model.marks.list() {
        row.put(Role::Key, &letter.to_string()).skip(1);
        let what = row.fit_middle(what, 14);
        row.put(Role::Muted, &what).skip(2);
    }
}
