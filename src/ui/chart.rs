//! Numbers over time as lines of signs: one lane under the other on one axis, marks below.
//!
//! ```text
//! entered    ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃  at most 41
//! lost             ▇▇▇▇▇▇▇▆        at most 38
//! onset           ╌▲╌      △       since 02:10:03
//!            02:00           03:00
//! ```
//!
//! What a lane means stands beside it in words, and how high it is as a number.

use unicode_width::UnicodeWidthStr;

use super::axis::Axis;
use super::cut::fit;
use crate::app::zone::Zone;
use crate::domain::buckets::Buckets;
use crate::domain::flow::Flow;
use crate::domain::signals::view::Range;
use crate::domain::time::{Span, Timestamp};
use crate::theme::Theme;
use crate::theme::role::{Glyph, Role};

/// One line: pieces of text and what they mean.
pub type Line = Vec<(Role, String)>;

/// Eight heights of a sign.
const LEVELS: [Glyph; 8] = [
    Glyph::Level1,
    Glyph::Level2,
    Glyph::Level3,
    Glyph::Level4,
    Glyph::Level5,
    Glyph::Level6,
    Glyph::Level7,
    Glyph::Level8,
];

/// How a chart is divided from left to right.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Columns of what a lane is called.
    pub label: usize,
    /// The lanes.
    pub axis: Axis,
    /// Columns of what is said of it.
    pub note: usize,
}

impl Frame {
    /// Divides so many columns.
    #[must_use]
    pub fn new(columns: usize, span: Span) -> Self {
        let label = (columns / 5).clamp(7, 24);
        let note = (columns / 5).clamp(8, 22);
        let lane = columns.saturating_sub(label + note + 2).max(1);
        Self {
            label,
            axis: Axis::over(span, lane),
            note,
        }
    }
}

/// One lane.
#[derive(Clone, Debug)]
pub struct Lane {
    /// What it is called; further rows of it may say more.
    pub label: Vec<String>,
    /// What it means.
    pub role: Role,
    /// By column; `None` where nothing is known.
    pub values: Vec<Option<f64>>,
    /// What the whole height stands for.
    pub top: f64,
    /// The height is a limit, to be shown as a line.
    pub limit: bool,
    /// Figures that were measured, not counted: where there is none, nothing is known.
    pub measured: bool,
    /// What is said of it; further rows of it may say more.
    pub note: Vec<String>,
}

/// Counts by column; what spreads over several columns is shared out between them, in whole messages.
#[must_use]
pub fn counts(series: &Buckets<Flow>, axis: Axis, of: fn(&Flow) -> u64) -> Vec<Option<f64>> {
    let mut columns = vec![None; axis.columns];
    for (start, flow) in series.iter() {
        let (mut share_so_far, mut given) = (0.0, 0.0);
        for (column, share) in axis.shares(start, series.width_ms()) {
            share_so_far += share;
            let due = (of(flow) as f64 * share_so_far).round();
            let column: &mut Option<f64> = &mut columns[column];
            *column = Some(column.unwrap_or(0.0) + due - given);
            given = due;
        }
    }
    columns
}

/// The greatest measurement by column.
#[must_use]
pub fn greatest(series: &Buckets<Range>, axis: Axis) -> Vec<Option<f64>> {
    let mut columns: Vec<Option<f64>> = vec![None; axis.columns];
    for (start, range) in series.iter() {
        let high = range.high.value();
        for (column, _) in axis.shares(start, series.width_ms()) {
            columns[column] = Some(columns[column].map_or(high, |known| known.max(high)));
        }
    }
    columns
}

/// The greatest of them; 0 where there are none.
#[must_use]
pub fn top(values: &[Option<f64>]) -> f64 {
    values.iter().flatten().copied().fold(0.0, f64::max)
}

/// Values as signs, in one row.
#[must_use]
pub fn spark(theme: &Theme, values: &[Option<f64>], top: f64) -> String {
    bar_row(theme, values, top, (0, 1))
}

/// One row of a lane, counted from below.
fn bar_row(theme: &Theme, values: &[Option<f64>], top: f64, (row, rows): (usize, usize)) -> String {
    let signs = values.iter().map(|value| {
        let share = value.unwrap_or(0.0) / top.max(f64::MIN_POSITIVE);
        // The last eighths are left free, so that lanes do not run into each other.
        let height = rows * LEVELS.len() - rows.min(2);
        let eighths = (share.clamp(0.0, 1.0) * height as f64).round() as usize;
        // However little it is, it is not nothing.
        let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
        match eighths.saturating_sub(row * LEVELS.len()) {
            0 => " ",
            here => theme.glyph(LEVELS[here.min(LEVELS.len()) - 1]),
        }
    });
    signs.collect()
}

/// A lane in so many rows.
#[must_use]
pub fn lane(theme: &Theme, frame: &Frame, lane: &Lane, rows: usize) -> Vec<Line> {
    let row_of = |from_top: usize| {
        let row = rows - 1 - from_top;
        let label = lane.label.get(from_top).map_or("", String::as_str);
        let mut bars = bar_row(theme, &lane.values, lane.top, (row, rows));
        if lane.limit && from_top == 0 && rows > 1 {
            // Where the limit is reached the bar stands for it.
            bars = bars.replace(' ', theme.glyph(Glyph::Gap));
        }
        if let Some(words) = ended(&lane.values).filter(|_| lane.measured && row == 0) {
            let before = lane.values.len() - words.chars().count();
            bars = bars.chars().take(before).chain(words.chars()).collect();
        }
        let note = lane.note.get(from_top).map_or("", String::as_str);
        vec![
            (Role::Fg, cell(label, frame.label)),
            (lane.role, bars),
            (Role::Muted, format!("  {}", fit(note, frame.note))),
        ]
    };
    (0..rows).map(row_of).collect()
}

/// What stands in the columns behind the last value, where values came closer together before: nothing
/// was measured there any more, which is not 0.
fn ended(values: &[Option<f64>]) -> Option<String> {
    const WORDS: &str = " no further value";
    let last = values.iter().rposition(Option::is_some)?;
    let first = values.iter().position(Option::is_some)?;
    let gaps = values[first..=last].split(Option::is_some);
    let longest = gaps.map(<[_]>::len).max().unwrap_or(0);
    let behind = values.len() - last - 1;
    (behind > 2 * longest + 1).then(|| match behind.checked_sub(WORDS.len()) {
        Some(rest) => format!("{WORDS}{}", " ".repeat(rest)),
        None => "·".repeat(behind),
    })
}

/// Text in a column of just this width.
fn cell(text: &str, width: usize) -> String {
    let fitted = fit(text, width.saturating_sub(1)).into_owned();
    let pad = width.saturating_sub(fitted.width());
    format!("{fitted}{}", " ".repeat(pad))
}

/// Something on the axis.
pub struct Mark {
    /// Its first and last moment: a sign at one moment, a line over several.
    pub span: Span,
    /// The sign.
    pub glyph: Glyph,
}

/// A row of marks; the later ones stand over the earlier ones.
#[must_use]
pub fn marks(
    theme: &Theme,
    frame: &Frame,
    (label, note): (&str, &str),
    role: Role,
    list: &[Mark],
) -> Line {
    let mut cells = vec![" "; frame.axis.columns];
    for mark in list {
        let width = mark.span.to.since(mark.span.from).saturating_add(1);
        for (column, _) in frame.axis.shares(mark.span.from, width) {
            cells[column] = theme.glyph(mark.glyph);
        }
    }
    vec![
        (Role::Fg, cell(label, frame.label)),
        (role, cells.concat()),
        (Role::Muted, format!("  {}", fit(note, frame.note))),
    ]
}

/// The times below: as many as there is room for, each under its column.
#[must_use]
pub fn times(frame: &Frame, zone: Zone) -> Line {
    let axis = &frame.axis;
    let ms = axis.to.since(axis.from);
    let pattern = match ms {
        i64::MIN..600_000 => "%H:%M:%S",
        600_000..86_400_001 => "%H:%M",
        _ => "%m-%d %H:%M",
    };
    let width = zone.format(axis.from, pattern).width();
    let places = (axis.columns / (width + 6)).clamp(1, 6);
    let mut text = String::new();
    for place in 0..=places {
        let time = axis.from.plus(ms / places as i64 * place as i64);
        let column = axis.at(time);
        // The last one ends where the axis does.
        let start = column.min(axis.columns.saturating_sub(width));
        let used = text.width();
        if start >= used && (used == 0 || start > used) {
            text.push_str(&" ".repeat(start - used));
            text.push_str(&zone.format(time, pattern));
        }
    }
    vec![
        (Role::Muted, cell(zone.name(), frame.label)),
        (Role::Muted, text),
    ]
}

/// One moment.
#[must_use]
pub fn moment(time: Timestamp) -> Span {
    Span::new(time, time)
}
