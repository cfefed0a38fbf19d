//! The last two rows: on what evidence the screen stands, and what can be done.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::text::{Pen, Row};
use crate::app::action::Action;
use crate::app::board;
use crate::app::keymap::{self, Context};
use crate::app::messages::Filter;
use crate::app::model::{Mode, Model};
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
            let cut = if text.starts_with("filter: ") {
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
    if let Some(stage) = loading(model, columns) {
        parts.push((Role::Pending, stage));
    }
    let filter = filter_text(&model.messages.filter);
    if filter.is_empty() {
        parts.push((Role::Muted, "no filter".into()));
    } else {
        parts.push((Role::Notice, format!("filter: {filter}")));
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
        parts.push(format!("/{}", filter.text));
    }
    parts.join(", ")
}

/// What is most wanted of the timeline.
const TIMELINE: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::Note, "note"),
    (Action::EditEntry, "edit"),
    (Action::RemoveEntry, "remove"),
    (Action::UndoTimeline, "undo"),
    (Action::PostMortem, "write report"),
    (Action::Palette, "actions"),
    (Action::Back, "back"),
];

/// What is most wanted in each view, in words as short as a hint can be.
const fn wanted(context: Context) -> &'static [(Action, &'static str)] {
    match context {
        Context::Board => &[
            (Action::Open, "open"),
            (Action::NextGap, "next gap"),
            (Action::NextPane, "pane"),
            (Action::ViewMessages, "messages"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Leave, "quit"),
        ],
        Context::Messages => &[
            (Action::Open, "open"),
            (Action::FilterText, "filter"),
            (Action::FilterVerdict, "verdict"),
            (Action::SortNext, "sort"),
            (Action::ClearFilters, "clear"),
            (Action::Palette, "actions"),
            (Action::FilterEnvironment, "env"),
            (Action::FilterStage, "stage"),
            (Action::Back, "back"),
        ],
        Context::Lifecycle => &[
            (Action::Open, "log line"),
            (Action::NextMessage, "next message"),
            (Action::NextGap, "gap"),
            (Action::ToggleRaw, "raw"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Back, "back"),
        ],
        Context::Sources => &[
            (Action::Open, "details"),
            (Action::NextGap, "next not read"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Back, "back"),
        ],
        Context::Hunt => &[
            (Action::Open, "what to add"),
            (Action::Palette, "actions"),
            (Action::Back, "end, back"),
        ],
        Context::Timeline => TIMELINE,
        Context::Evidence => &[
            (Action::NextPane, "pane"),
            (Action::Open, "open"),
            (Action::FindingMessages, "messages"),
            (Action::NextGap, "next finding"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Back, "back"),
        ],
        Context::Compare => &[
            (Action::Left, "left"),
            (Action::Right, "right side"),
            (Action::NextSide, "another"),
            (Action::CompareText, "type"),
            (Action::Open, "messages"),
            (Action::NextGap, "next difference"),
            (Action::Back, "back"),
        ],
        _ => wanted_over(context),
    }
}

/// The same for what lies over a view.
const fn wanted_over(context: Context) -> &'static [(Action, &'static str)] {
    match context {
        Context::Note => &[
            (Action::Open, "save"),
            (Action::NextPane, "text or time"),
            (Action::Back, "leave"),
        ],
        Context::Copying => &[(Action::Back, "nothing")],
        Context::Sides => &[(Action::Open, "compare"), (Action::Back, "cancel")],
        Context::Help => &[(Action::Back, "close"), (Action::Down, "down")],
        Context::Palette => &[(Action::Open, "run"), (Action::Back, "cancel")],
        Context::Filter => &[(Action::Open, "keep"), (Action::Back, "cancel")],
        Context::Question => &[(Action::Confirm, "yes"), (Action::Back, "no")],
        _ => &[],
    }
}

fn bottom(model: &Model, mut row: Row<'_, '_>) {
    row.skip(1);
    let context = model.context();
    if let Some(help) = keymap::key_of(model.place.context(), Action::Help) {
        match model.mode {
            Mode::Filter(..) | Mode::Palette(_) | Mode::Sides(_) => {
                row.end(Role::Muted, "esc, then ? help ")
            }
            _ => row.end(Role::Key, &format!("{help} help ")),
        };
    }
    if let Mode::Filter(prompt, _) | Mode::Sides(prompt) = &model.mode {
        row.put(Role::Key, "/").put(Role::Title, prompt.text());
        row.cursor_here();
        row.put(Role::Accent, "█").skip(2);
    }
    if let Some(notice) = &model.notice {
        row.put(Role::Notice, notice);
        return;
    }
    for (action, label) in wanted(context) {
        let Some(key) = keymap::key_of(context, *action) else {
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
