//! Keeps other lines, takes that back, and stands where it stood.
//!
//! A line that was selected stays selected, now or when it is shown again.

use super::{Logs, Pane};
use crate::app::logspot::{LogKept, LogSpot};
use crate::app::size::Size;
use crate::domain::log::LogKey;
use crate::domain::view::Overview;

impl Logs {
    /// What is kept now.
    #[must_use]
    pub fn kept(&self) -> LogKept {
        LogKept {
            scope: self.scope.clone(),
            filter: self.filter.clone(),
            context: self.context,
        }
    }

    /// Keeps other lines; `u` undoes it.
    pub fn keep(&mut self, kept: LogKept) {
        let before = self.kept();
        if before != kept {
            self.left.push(before);
            self.try_out(kept, self.place());
        }
    }

    /// The same while a filter is being typed: to be undone in one step by [`Self::typed`].
    /// The line at `at` is selected, or where it is hidden one behind it.
    pub fn try_out(&mut self, kept: LogKept, at: Option<LogKey>) {
        if self.kept() != kept {
            (self.scope, self.filter, self.context) = (kept.scope, kept.filter, kept.context);
            self.rebuild_at(at);
        }
    }

    /// A filter was typed to its end; what was kept before.
    pub fn typed(&mut self, before: LogKept) {
        if self.kept() != before {
            self.left.push(before);
        }
    }

    /// What was kept before, or after; false where there is nothing.
    pub fn undo(&mut self, redo: bool) -> bool {
        let now = self.kept();
        let other = if redo {
            self.left.redo(&now)
        } else {
            self.left.undo(&now)
        };
        other.map(|kept| self.try_out(kept, self.place())).is_some()
    }

    /// What was kept before the newest filter; all lines where nothing was.
    pub(super) fn take_back(&mut self) {
        if !self.undo(false) {
            let context = self.context;
            self.keep(LogKept {
                context,
                ..LogKept::default()
            });
        }
    }

    /// Selects a row; whether it was selected already.
    pub fn select(&mut self, row: usize, size: Size, overview: &Overview) -> Option<bool> {
        let again = row == self.cursor && self.pane == Pane::Lines;
        (row < self.window.rows.len()).then(|| {
            (self.pane, self.cursor) = (Pane::Lines, row);
            (self.seek, self.anchor) = (None, None);
            self.show_cursor(size, overview);
            again
        })
    }

    /// Where it stands.
    #[must_use]
    pub fn spot(&self) -> LogSpot {
        LogSpot {
            kept: self.kept(),
            at: self.place(),
            row: self.cursor.saturating_sub(self.top),
            follow: self.follow,
        }
    }

    /// Stands there again.
    pub fn restore(&mut self, spot: LogSpot) {
        if spot == self.spot() {
            return;
        }
        let kept = spot.kept;
        (self.scope, self.filter, self.context) = (kept.scope, kept.filter, kept.context);
        self.follow = spot.follow;
        self.rebuild_at(spot.at);
        self.land = Some(spot.row);
    }

    /// Other lines are wanted now: the place stays.
    pub fn rebuild(&mut self) {
        self.rebuild_at(self.place());
    }

    fn rebuild_at(&mut self, at: Option<LogKey>) {
        let row = self.land.unwrap_or(self.cursor.saturating_sub(self.top));
        let follow = self.follow;
        self.reset(match at {
            Some(key) if !follow => key,
            _ if follow => LogKey::LAST,
            _ => LogKey::FIRST,
        });
        self.land = Some(row);
        self.follow = follow;
        self.anchor = at;
        // A count under way is of lines that are not wanted any more.
        self.end_counting();
        self.count_anew();
    }

    /// The selected line; where none is kept, or none has come yet, the one that was.
    fn place(&self) -> Option<LogKey> {
        let selected = self.selected().map(|line| line.key);
        selected.or(self.anchor)
    }
}
