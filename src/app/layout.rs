//! How many rows each part of each view has: the only thing that scrolling and drawing share.
//!
//! Pure functions of the screen's size, so that the model knows what is visible without ever
//! meeting a terminal.

use super::size::Size;
use super::wide;

/// From so many columns on the log line stands beside the sightings.
const SIDE_BY_SIDE: u16 = 160;
/// From so many on the text of a line stands beside the log: its lines want the width first.
const LOG_BESIDE: u16 = 220;
/// Rows of what is usually known of a source, with their heading.
const SOURCE: u16 = 9;

/// Rows of the list's parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListRows {
    /// The rows themselves, without the column headings.
    pub list: u16,
    /// What is said of the selected row.
    pub detail: u16,
    /// Columns of the list. Where they are not all, the rest stands beside it.
    pub columns: u16,
}

/// A list with so many rows of headings, and beside it what is known of the selected row.
const fn beside(size: Size, headings: u16) -> ListRows {
    ListRows {
        list: size.body().saturating_sub(headings),
        detail: size.body(),
        columns: wide::list_columns(size),
    }
}

/// Divides the list of messages.
#[must_use]
pub fn messages(size: Size) -> ListRows {
    if wide::is_wide(size) {
        return beside(size, 1);
    }
    let body = size.body().saturating_sub(1);
    let detail = if size.rows >= 18 { 5 } else { 0 };
    ListRows {
        list: body.saturating_sub(detail),
        detail,
        columns: size.columns,
    }
}

/// Rows of the list of messages that are visible, at least one.
#[must_use]
pub fn list_rows(size: Size) -> usize {
    usize::from(messages(size).list).max(1)
}

/// Divides the list of sources: of one there is little to say.
#[must_use]
pub fn sources(size: Size, count: usize, open: bool) -> ListRows {
    let body = size.body().saturating_sub(1);
    let most = body.saturating_sub(SOURCE).max(body * 3 / 5);
    list_above(size, count.min(usize::from(most)), open)
}

/// Divides a list with one row of headings, and below it what is known of the selected row.
#[must_use]
pub fn listed(size: Size, count: usize, open: bool) -> ListRows {
    let most = size.body().saturating_sub(1) * 3 / 5;
    list_above(size, count.min(usize::from(most)), open)
}

fn list_above(size: Size, rows: usize, open: bool) -> ListRows {
    if wide::is_wide(size) {
        return beside(size, 1);
    }
    let body = size.body().saturating_sub(1);
    let wanted = if open { 3 } else { rows as u16 };
    let list = wanted.clamp(1, body.max(1));
    ListRows {
        list,
        detail: body.saturating_sub(list),
        columns: size.columns,
    }
}

/// Divides the hunt: one row for how far it is, one for column headings.
#[must_use]
pub fn hunt(size: Size, count: usize, open: bool) -> ListRows {
    if wide::is_wide(size) {
        return beside(size, 2);
    }
    let less = Size {
        rows: size.rows.saturating_sub(1),
        ..size
    };
    listed(less, count, open)
}

/// Parts of one message's lifecycle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LifecycleRows {
    /// Verdict, IDs, why.
    pub head: u16,
    /// The lanes with their axis.
    pub lanes: u16,
    /// The sightings with their heading.
    pub sightings: u16,
    /// The log line with its heading.
    pub log: u16,
    /// The log line stands on the right of the sightings.
    pub side: bool,
}

/// Divides the lifecycle of a message with so many characters of reason, stages and rows of sightings.
#[must_use]
pub fn lifecycle(size: Size, why: usize, stages: usize, rows: usize, open: bool) -> LifecycleRows {
    let body = size.body();
    // Lines break at words: a little less than the width is used of each.
    let reason = (why / usize::from(size.columns.max(20) - 14) + 1).clamp(1, 3) as u16;
    let head = match body {
        0..=15 => 3,
        16..=25 => 2 + reason,
        _ => 3 + reason,
    };
    let lanes = if open && body < 30 {
        0
    } else {
        (stages as u16 + 2).min(body * 2 / 5)
    };
    let rest = body.saturating_sub(head + lanes);
    let beside = size.columns >= SIDE_BY_SIDE;
    let rows = (rows.min(1000) as u16) + 2;
    let sightings = match (beside, open) {
        (true, _) => rest,
        (false, true) => 3.min(rest),
        (false, false) => rows.min(rest - (rest * 2 / 5).min(rest)).max(3.min(rest)),
    };
    LifecycleRows {
        head,
        lanes,
        sightings,
        log: if beside { rest } else { rest - sightings },
        side: beside,
    }
}

/// Parts of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LogRows {
    /// The lines, without their heading.
    pub list: u16,
    /// Columns of the lines.
    pub columns: u16,
    /// The text of the selected line, with its heading; 0 where it is not shown.
    pub text: u16,
    /// Columns of it.
    pub text_columns: u16,
    /// It stands on the right of the lines.
    pub side: bool,
}

/// Divides the log; the selected line's text stands below, or beside where there is much room.
#[must_use]
pub const fn logs(size: Size, open: bool) -> LogRows {
    let body = size.body().saturating_sub(1);
    if size.columns >= LOG_BESIDE {
        let columns = size.columns * 3 / 5;
        return LogRows {
            list: body,
            columns,
            text: body + 1,
            text_columns: size.columns - columns,
            side: true,
        };
    }
    let text = match (open, size.rows) {
        (true, _) => body / 2 + 1,
        (false, 48..) => 12,
        (false, 30..) => body / 4,
        (false, _) => 0,
    };
    LogRows {
        list: body.saturating_sub(text),
        columns: size.columns,
        text,
        text_columns: size.columns,
        side: false,
    }
}

/// How many columns of keys the help has, and how many rows in each.
#[must_use]
pub fn help(size: Size, keys: usize) -> (usize, usize) {
    let columns = if size.columns >= 130 { 2 } else { 1 };
    (columns, keys.div_ceil(columns))
}

/// Columns beside the text of a log line.
pub const LOG_MARGIN: usize = 4;

/// Columns that the text of a log line has.
#[must_use]
pub fn log_columns(size: Size) -> usize {
    let whole = if size.columns >= SIDE_BY_SIDE {
        size.columns - size.columns / 2
    } else {
        size.columns
    };
    usize::from(whole).saturating_sub(LOG_MARGIN).max(1)
}

/// The first visible row of a list that keeps `cursor` in sight and moves as little as it can.
#[must_use]
pub fn keep_in_sight(top: usize, cursor: usize, rows: usize, len: usize) -> usize {
    let rows = rows.max(1);
    let top = top.min(cursor).max((cursor + 1).saturating_sub(rows));
    top.min(len.saturating_sub(rows))
}

/// Which part of the evidence has the keys, and therefore the most room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// What is said.
    About,
    /// The messages.
    Messages,
    /// The list of log lines.
    Lines,
    /// The selected log line.
    Log,
}

/// Parts of what a finding rests on, headings included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EvidenceRows {
    /// What is said.
    pub about: u16,
    /// The messages.
    pub messages: u16,
    /// The list of log lines.
    pub lines: u16,
    /// The selected log line.
    pub log: u16,
    /// The log lines and the selected one stand on the right of what is said.
    pub side: bool,
}

impl EvidenceRows {
    /// The rows of one part.
    #[must_use]
    pub const fn of(&self, part: Weight) -> u16 {
        match part {
            Weight::About => self.about,
            Weight::Messages => self.messages,
            Weight::Lines => self.lines,
            Weight::Log => self.log,
        }
    }
}

/// Divides the evidence: so many rows of sentences and charts, messages, log lines.
#[must_use]
pub fn evidence(size: Size, counts: [usize; 3], weight: Weight) -> EvidenceRows {
    let body = size.body();
    let [about, messages, lines] = counts.map(|count| count.clamp(1, 1000) as u16);
    let beside = size.columns >= SIDE_BY_SIDE;
    let log_open = weight == Weight::Log;
    let lines = (lines + 1).min(if weight == Weight::Lines { 8 } else { 4 });
    let heading = 2;
    let shown = messages + heading;
    if beside {
        // The list has the whole width below, so that the terminal can move its rows.
        let below = shown.min(body / 3);
        let above = (about + 1).max(lines + 6).min(body - below);
        let above = above.max(body.saturating_sub(shown));
        return EvidenceRows {
            about: above,
            messages: body - above,
            lines,
            log: above.saturating_sub(lines),
            side: beside,
        };
    }
    if log_open {
        let about = 4.min(body / 4);
        return EvidenceRows {
            about,
            messages: 0,
            lines: lines.min(body / 4),
            log: body.saturating_sub(about + lines.min(body / 4)),
            side: beside,
        };
    }
    let rest = body.saturating_sub(lines);
    let least = (heading + 3).min(shown).min(rest / 2);
    let most = match weight {
        Weight::Messages => rest / 2,
        _ => rest.saturating_sub(about + 1),
    };
    let messages = shown.min(most.max(least));
    EvidenceRows {
        about: rest.saturating_sub(messages),
        messages,
        lines,
        log: 0,
        side: beside,
    }
}

/// Messages of a finding that are visible, at least one.
#[must_use]
pub fn evidence_messages(parts: &EvidenceRows) -> usize {
    usize::from(parts.messages.saturating_sub(2)).max(1)
}

/// Columns of what is said of a finding.
#[must_use]
pub fn evidence_columns(size: Size) -> usize {
    usize::from(if size.columns >= SIDE_BY_SIDE {
        size.columns / 2
    } else {
        size.columns
    })
}

/// Divides a comparison: what is compared, sides, column headings, edges, what differs.
#[must_use]
pub fn compare(size: Size, edges: usize) -> ListRows {
    if wide::is_wide(size) {
        return beside(size, 3);
    }
    let body = size.body().saturating_sub(3);
    let list = (edges.min(200) as u16).clamp(1, (body * 3 / 5).max(1));
    ListRows {
        list,
        detail: body.saturating_sub(list),
        columns: size.columns,
    }
}
