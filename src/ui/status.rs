//! The last row but one: on what evidence the screen stands, what filters it, and for those who look on
//! the keys pressed last.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::bottom;
use super::format;
use super::logs;
use super::text::Pen;
use crate::app::action::Action;
use crate::app::board;
use crate::app::browsing;
use crate::app::filter::Filter;
use crate::app::model::Model;
use crate::app::place::Place;
use crate::app::unsourced;
use crate::app::zone::Zone;
use crate::domain::show::count_of;
use crate::domain::view::{Chosen, SourceState, SourceView};
use crate::theme::role::{Glyph, Role};

/// Columns between two parts.
const BETWEEN: usize = 3;
/// So much of a filter is always seen.
const OF_FILTER: usize = 18;
/// What stays the longer the greater it is. What was asked for can be looked up; what is hidden cannot.
const WINDOW: u8 = 1;
const SHARED: u8 = 2;
const ZONE: u8 = 3;
const EVIDENCE: u8 = 4;
const FILTER: u8 = 5;

/// A part of the status line.
struct Part {
    role: Role,
    text: String,
    /// Where there is no room for it.
    short: Option<String>,
    /// How long it stays while others go; 0: it is shown where there is room.
    rank: u8,
    /// Half of it is of use, too.
    cut: bool,
}

impl Part {
    fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            text: text.into(),
            short: None,
            rank: 0,
            cut: false,
        }
    }

    /// What filters: half a filter is of use, half a word of anything else is not.
    fn filter(text: String) -> Self {
        Self {
            cut: true,
            ..Self::new(Role::Notice, text)
        }
    }

    fn stays(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }

    fn or(mut self, short: String) -> Self {
        self.short = Some(short);
        self
    }

    /// Columns that it takes at least, with what stands between.
    fn least(&self) -> usize {
        let whole = self.text.width();
        BETWEEN
            + if self.cut {
                whole.min(OF_FILTER)
            } else {
                whole
            }
    }
}

/// Draws the status line and the last row.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let status = Rect {
        y: area.bottom().saturating_sub(2),
        height: 1,
        ..area
    };
    pen.clear(status, Role::Surface);
    let glyphs =
        [Glyph::Completed, Glyph::Failed, Glyph::Blind].map(|glyph| pen.theme.glyph(glyph));
    let keys = keys(model, area.width);
    let room = usize::from(area.width).saturating_sub(1 + keys.width());
    let parts = fitting(parts(model, glyphs, area.width), room);
    let mut row = pen.row(status, 0, false);
    if !keys.is_empty() {
        row.end(Role::Key, &keys);
    }
    row.skip(1);
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            row.put(Role::Border, " │ ");
        }
        row.put(part.role, &part.text);
    }
    let last = Rect {
        y: area.bottom().saturating_sub(1),
        height: 1,
        ..area
    };
    bottom::draw(model, pen.row(last, 0, false));
}

/// The keys pressed last, as many as leave the rest its room.
fn keys(model: &Model, columns: u16) -> String {
    let mut text = String::new();
    for key in model.share.keys.iter().rev() {
        let longer = format!("{key} {text}");
        if !text.is_empty() && longer.width() > usize::from(columns) / 8 {
            break;
        }
        text = longer;
    }
    if text.is_empty() {
        text
    } else {
        format!(" {text}")
    }
}

/// Those for which there is room: what must be seen, in few words if need be, then the others in order.
fn fitting(mut parts: Vec<Part>, room: usize) -> Vec<Part> {
    let room = room + BETWEEN;
    let needed = |parts: &[Part]| -> usize {
        let staying = parts.iter().filter(|part| part.rank > 0);
        staying.map(Part::least).sum()
    };
    for rank in 1..=FILTER {
        let tight = needed(&parts) > room;
        for part in parts.iter_mut().filter(|part| tight && part.rank == rank) {
            if let Some(short) = part.short.take() {
                part.text = short;
            }
        }
    }
    for rank in 1..FILTER {
        if needed(&parts) > room {
            parts.retain(|part| part.rank != rank);
        }
    }
    // The filter goes on as far as there is room; what is cut is cut at the end of the row.
    let mut used: usize = parts
        .iter()
        .filter(|part| part.rank > 0)
        .map(|part| part.text.width() + BETWEEN)
        .sum();
    parts.retain(|part| {
        let fits = part.rank > 0 || used + part.least() <= room;
        if fits && part.rank == 0 {
            used += part.text.width() + BETWEEN;
        }
        fits
    });
    parts
}

/// In the order in which they stand.
fn parts(model: &Model, glyphs: [&str; 3], columns: u16) -> Vec<Part> {
    let overview = &model.overview;
    let mut parts = vec![Part::new(Role::Fg, model.zone.name()).stays(ZONE)];
    if model.share.on {
        let part = Part::new(Role::Notice, "SHARED, masked").stays(SHARED);
        parts.push(part.or("SHARED".to_owned()));
    }
    if let Some(window) = overview.window {
        let short = format::span_clock(model.zone, window);
        let part = Part::new(Role::Fg, format::span(model.zone, window));
        parts.push(part.or(short).stays(WINDOW));
    }
    let (role, text) = completeness(model, glyphs, columns);
    parts.push(Part::new(role, text).stays(EVIDENCE));
    if model.notices.unseen() > 0 && model.notices.standing().is_none() {
        let failed = count_of(model.notices.unseen() as u64, "error");
        let text = format!("{} {failed}: :notices", glyphs[1]);
        parts.push(Part::new(Role::Failed, text).stays(EVIDENCE));
    }
    let (filter, own) = filter(model);
    let filtered = !filter.is_empty();
    if filtered && own {
        parts.push(Part::filter(format!("filter: {filter}")).stays(FILTER));
    }
    parts.extend(live(model, columns).map(|(role, text)| Part::new(role, text)));
    if let Some((more, since)) = model.newly_lost().filter(|_| model.overview.live) {
        let since = format::clock(model.zone, since);
        let more = format::count(more);
        let text = format!("{more} more lost since {since}");
        parts.push(Part::new(Role::Lost, text));
    }
    if model.mouse {
        let key = model
            .keys
            .key_of(model.place.context(), Action::ToggleMouse);
        let key = key.map_or_else(|| ":mouse".into(), |key| key.to_string());
        parts.push(Part::new(Role::Notice, format!("mouse: {key} frees it")));
    }
    parts.extend(loading(model, columns).map(|text| Part::new(Role::Pending, text)));
    if !filtered {
        parts.push(Part::new(Role::Muted, "no filter"));
    } else if !own {
        // The list's own, which says nothing of what stands here.
        parts.push(Part::filter(format!("messages filter: {filter}")));
    }
    if let Some(horizon) = overview.horizon {
        let time = format::clock(model.zone, horizon);
        parts.push(Part::new(Role::Muted, format!("read to {time}")));
    }
    if model.ready && !model.loading() {
        let events = format::count(overview.events);
        parts.push(Part::new(Role::Muted, format!("{events} log events")));
    }
    parts
}

/// What filters, in words, and whether it filters what is in front.
fn filter(model: &Model) -> (String, bool) {
    let list = filter_text(&model.messages.filter, model.zone);
    match model.place {
        Place::Logs => {
            let terms: Vec<_> = logs::filter(&model.logs).collect();
            let whose = browsing::whose(model).map(|name| format!("only {name}"));
            let all: Vec<_> = terms.into_iter().chain(whose).collect();
            (all.join(", "), true)
        }
        Place::Messages | Place::Lifecycle => (list, true),
        _ => (list, false),
    }
}

fn completeness(model: &Model, [good, bad, blind]: [&str; 3], columns: u16) -> (Role, String) {
    let overview = &model.overview;
    let sources = &overview.sources;
    let all = sources.len();
    let unseen = board::unseen(overview).len();
    let missed = unsourced::short(overview);
    let complete = |s: &&SourceView| matches!(s.state, SourceState::Complete | SourceState::Live);
    let done = sources.iter().filter(complete).count();
    let short = columns < 110;
    let sources = count_of(all as u64, "source");
    match (all, unseen) {
        (0, _) => (Role::Muted, "no source yet".into()),
        // A tick beside messages that are blind would contradict them.
        (_, 0)
            if done == all
                && let Some(missed) = missed =>
        {
            let read = if short { all.to_string() } else { sources };
            (Role::Blind, format!("{blind} {read} read, {missed}"))
        }
        (1, 0) if done == all && short => (Role::Completed, format!("{good} all read")),
        (1, 0) if done == all => (Role::Completed, format!("{good} complete: {sources} read")),
        (_, 0) if done == all && short => (Role::Completed, format!("{good} all {all} read")),
        (_, 0) if done == all => (
            Role::Completed,
            format!("{good} complete: all {sources} read"),
        ),
        (_, 0) if short => (Role::Pending, format!("{done} of {all} read")),
        (_, 0) => (Role::Pending, format!("{done} of {sources} read")),
        _ if short => (Role::Failed, format!("{bad} {unseen} of {all} unread")),
        _ => (
            Role::Failed,
            format!("{bad} INCOMPLETE: {unseen} of {sources} not read"),
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
pub fn filter_text(filter: &Filter, zone: Zone) -> String {
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
    parts.extend(filter.among.iter().map(|among| chosen(among, zone)));
    if !filter.text.is_empty() {
        parts.push(filter.text.clone());
    }
    parts.join(", ")
}

/// What those have in common that somebody chose: words, and times in this zone.
fn chosen(among: &Chosen, zone: Zone) -> String {
    if among.times.is_empty() {
        return among.label.to_string();
    }
    let times: Vec<_> = among
        .times
        .iter()
        .map(|t| format::clock(zone, *t))
        .collect();
    let text = format!("{} {} {}", among.label, times.join("–"), zone.name());
    text.trim_start().to_owned()
}
