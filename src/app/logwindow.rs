//! The part of the log that is at hand: neighbouring lines, and where there are more.
//!
//! It grows by pages at both ends and forgets what is far away. A line keeps its place in it by its key.

use super::logline::LogLine;
use crate::domain::log::LogKey;
use crate::domain::log::view::LogPage;

/// So many lines are kept.
const MOST: usize = 2_000;
/// So many are asked for at once, at least.
const PAGE: usize = 60;

/// How far a search has come: so many lines of so many, in percent; all only where all were looked at.
#[must_use]
pub fn share(lines: u64, total: u64) -> String {
    format!("{} %", lines.min(total) * 100 / total.max(1))
}

/// See the module.
#[derive(Clone, Debug)]
pub struct LogWindow {
    /// The lines, in order.
    pub rows: Vec<LogLine>,
    /// Where there are more towards the beginning.
    pub up: Option<LogKey>,
    /// Where there are more towards the end.
    pub down: Option<LogKey>,
    /// How many log events stand before the first row, whatever the filter says.
    pub position: u64,
    /// How many there are, whatever the filter says.
    pub total: u64,
    /// How many lines the filter could not judge.
    pub unread: u64,
    /// How many lines were looked at for all this.
    pub looked: u64,
    /// Looking for more of them was ended; any movement goes on with it.
    pub stopped: bool,
    /// Lines were forgotten.
    pub cut: bool,
    begun: bool,
    /// Rows forgotten before the first, since somebody asked.
    forgotten: usize,
}

/// What a window wants next: from a cut so many before and behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct More {
    /// From here.
    pub cut: LogKey,
    /// So many before it.
    pub before: usize,
    /// So many behind it.
    pub after: usize,
}

impl LogWindow {
    /// A window that is to begin around a cut.
    #[must_use]
    pub const fn at(cut: LogKey) -> Self {
        Self {
            rows: Vec::new(),
            up: Some(cut),
            down: Some(cut),
            position: 0,
            total: 0,
            unread: 0,
            looked: 0,
            stopped: false,
            cut: false,
            begun: false,
            forgotten: 0,
        }
    }

    /// What to ask for so that `above` lines stand before row `cursor` and `below` behind it.
    #[must_use]
    pub fn wants(&self, cursor: usize, above: usize, below: usize) -> Option<More> {
        let behind = self.rows.len().saturating_sub(cursor + 1);
        match (self.begun, self.up, self.down) {
            (false, Some(cut), _) => Some(More {
                cut,
                before: above.max(1),
                after: below.max(1),
            }),
            (true, _, Some(cut)) if behind < below => Some(More {
                cut,
                before: 0,
                after: (below - behind).max(PAGE),
            }),
            (true, Some(cut), _) if cursor < above => Some(More {
                cut,
                before: (above - cursor).max(PAGE),
                after: 0,
            }),
            _ => None,
        }
    }

    /// Takes what came; returns how many rows came before the first.
    pub fn take(&mut self, more: More, page: LogPage, cursor: usize) -> usize {
        self.total = page.total;
        self.unread += page.unread;
        self.looked += page.looked;
        let came = page.before;
        let mut lines: Vec<_> = page.rows.into_iter().map(LogLine::new).collect();
        if more.before > 0 {
            self.up = page.up;
            self.position = page.position;
        }
        if more.after > 0 {
            self.down = page.down;
        }
        if !self.begun {
            self.begun = true;
            self.rows = lines;
            return came;
        }
        let behind = lines.split_off(came.min(lines.len()));
        self.rows.splice(0..0, lines);
        self.rows.extend(behind);
        let cursor = cursor + came;
        if self.rows.len() > MOST && more.before > 0 {
            let keep = MOST.max(cursor + MOST / 2).min(self.rows.len());
            self.forget_from(keep);
        } else if self.rows.len() > MOST {
            let gone = (self.rows.len() - MOST).min(cursor.saturating_sub(MOST / 2));
            self.rows.drain(..gone);
            self.position += gone as u64;
            if let (true, Some(first)) = (gone > 0, self.rows.first()) {
                self.up = Some(first.key);
                self.cut = true;
            }
            self.forgotten += gone;
        }
        came
    }

    fn forget_from(&mut self, keep: usize) {
        if keep < self.rows.len() {
            self.rows.truncate(keep);
            self.down = self.rows.last().map(|row| row.key.behind());
            self.cut = true;
        }
    }

    /// How many rows were forgotten before the first since this was asked last.
    pub const fn forgotten(&mut self) -> usize {
        std::mem::replace(&mut self.forgotten, 0)
    }

    /// The row of a line.
    #[must_use]
    pub fn row(&self, key: LogKey) -> Option<usize> {
        self.rows.binary_search_by_key(&key, |row| row.key).ok()
    }

    /// Whether anything has come.
    #[must_use]
    pub const fn begun(&self) -> bool {
        self.begun
    }
}
