//! The log: which lines are wanted, which are at hand, which is selected.
//!
//! The selection is a line, not a row: whatever comes in before or behind it, it stays where it stands
//! on the screen. Only a view at the end of a log that grows moves by itself.

mod asking;
mod counting;
mod keeping;

use std::sync::Arc;

use super::action::Action;
use super::filter::Left;
use super::layout::{self, LogRows};
use super::logcolumns::Columns;
use super::logline::LogLine;
use super::logspot::LogKept;
use super::logwindow::{LogWindow, More};
use super::moves;
use super::reading::Text;
use super::size::Size;
use super::tally::Tally;
use crate::domain::log::LogKey;
use crate::domain::log::needle::{LogTerm, Needle};
use crate::domain::log::view::{LogQuery, LogScope};
use crate::domain::view::Overview;

/// Context lines grow and shrink by these steps.
const CONTEXT: [usize; 6] = [0, 1, 3, 5, 10, 25];
/// Columns that one key scrolls sideways.
const SIDEWAYS: usize = 20;
/// Nothing is scrolled further: a row bears no more.
const FURTHEST: usize = 4_000;

/// Where the keys go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// To the lines.
    Lines,
    /// To the text of the selected line, which is open and scrolled by so many rows.
    Text(usize),
}

/// A search under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seek {
    /// For this.
    pub needle: Needle,
    /// Searched up to here.
    pub cut: LogKey,
    /// Towards the beginning.
    pub backward: bool,
    /// So many lines were looked at.
    pub looked: u64,
}

/// How lines are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Form {
    /// Long lines go on in the next row.
    pub wrap: bool,
    /// As they stand in the log, instead of readable.
    pub raw: bool,
}

/// What a question was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum For {
    Seek,
    Window(More),
    Next(More),
    Tally,
}

/// The view's own state.
#[derive(Clone, Debug)]
pub struct Logs {
    /// Whose lines.
    pub scope: LogScope,
    /// Which lines are kept.
    pub filter: Vec<LogTerm>,
    /// So many around each of them.
    pub context: usize,
    /// What was searched for last.
    pub needle: Option<Needle>,
    /// How lines are shown.
    pub form: Form,
    /// Columns scrolled sideways.
    pub skipped: usize,
    /// Where the keys go.
    pub pane: Pane,
    /// The lines at hand.
    pub window: LogWindow,
    /// The selected row.
    pub cursor: usize,
    /// The first visible row.
    pub top: usize,
    /// The text of the selected line.
    pub text: Text,
    /// It was made of what the row bears, not read from its origin.
    of_row: bool,
    /// The search under way.
    pub seek: Option<Seek>,
    /// The matches of what was searched for last, as far as they are counted.
    pub tally: Option<Tally>,
    /// The line that was selected before filters hid it, until another is.
    anchor: Option<LogKey>,
    /// What was kept before, to go back to.
    left: Left<LogKept>,
    /// The end is shown, and goes on being shown.
    pub follow: bool,
    /// How many log events there were when the end was seen last.
    seen: Option<u64>,
    /// The same place again, newer.
    next: Option<LogWindow>,
    asked: Option<(LogQuery, For)>,
    stale: bool,
    /// The row where the selected line is to stand once it comes.
    land: Option<usize>,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            scope: LogScope::All,
            filter: Vec::new(),
            context: 0,
            needle: None,
            form: Form::default(),
            skipped: 0,
            pane: Pane::Lines,
            window: LogWindow::at(LogKey::FIRST),
            cursor: 0,
            top: 0,
            text: Text::None,
            of_row: false,
            seek: None,
            tally: None,
            anchor: None,
            left: Left::default(),
            follow: false,
            seen: None,
            next: None,
            asked: None,
            stale: false,
            land: None,
        }
    }
}

impl Logs {
    /// The selected line.
    #[must_use]
    pub fn selected(&self) -> Option<&LogLine> {
        self.window.rows.get(self.cursor)
    }

    /// How the screen is divided.
    #[must_use]
    pub const fn layout(&self, size: Size) -> LogRows {
        layout::logs(size, matches!(self.pane, Pane::Text(_)))
    }

    /// Columns that the text of a row has.
    #[must_use]
    pub fn width(&self, size: Size, overview: &Overview) -> usize {
        let list = self.layout(size).columns;
        Columns::new(overview, &self.scope, list).text(list)
    }

    /// Shows the log around a place, which then stands in the middle.
    pub fn show(&mut self, cut: LogKey) {
        self.reset(cut);
        self.anchor = None;
        self.follow = false;
        self.land = Some(usize::MAX);
    }

    /// Shows the end, and follows it.
    pub fn show_end(&mut self) {
        self.reset(LogKey::LAST);
        self.anchor = None;
        self.follow = true;
    }

    fn reset(&mut self, cut: LogKey) {
        self.window = LogWindow::at(cut);
        (self.cursor, self.top) = (0, 0);
        (self.next, self.asked, self.seek, self.land) = (None, None, None, None);
        self.seen = None;
        self.stale = false;
    }

    /// The data changed.
    pub fn refresh(&mut self, live: bool) {
        self.stale = true;
        self.outgrown(live);
    }

    /// How many log events came since the end was seen, where it is not shown.
    #[must_use]
    pub fn fresh(&self) -> u64 {
        let newest = self.next.as_ref().map_or(0, |next| next.total);
        let total = self.window.total.max(newest);
        self.seen.map_or(0, |seen| total.saturating_sub(seen))
    }

    /// Carries out an action of the view; false where it is none.
    pub fn act(&mut self, action: Action, size: Size, overview: &Overview) -> bool {
        self.window.stopped &= action == Action::Back;
        match (action, self.pane) {
            (Action::ToggleRaw, _) => self.form.raw = !self.form.raw,
            (Action::ToggleWrap, _) => self.form.wrap = !self.form.wrap,
            (Action::Right, _) => self.skipped = (self.skipped + SIDEWAYS).min(FURTHEST),
            (Action::Left, _) => self.skipped = self.skipped.saturating_sub(SIDEWAYS),
            (Action::NextPane | Action::PreviousPane, Pane::Lines) => self.pane = Pane::Text(0),
            (
                Action::Back | Action::Leave | Action::NextPane | Action::PreviousPane,
                Pane::Text(_),
            ) => self.pane = Pane::Lines,
            (Action::Back, Pane::Lines) => return self.give_up(size),
            (Action::ContextMore | Action::ContextLess, _) => {
                self.set_context(action == Action::ContextMore);
            }
            (Action::Top, Pane::Lines) if self.window.up.is_some() => {
                self.reset(LogKey::FIRST);
                self.follow = false;
            }
            (Action::Bottom, Pane::Lines) | (Action::Follow, _) => {
                self.pane = Pane::Lines;
                self.show_end_of();
            }
            (_, Pane::Lines) => return self.step(action, size, overview),
            (_, Pane::Text(top)) => return self.scroll(action, top, size),
        }
        self.show_cursor(size, overview);
        true
    }

    fn show_end_of(&mut self) {
        if self.window.down.is_some() || !self.window.begun() {
            self.show_end();
        } else {
            self.cursor = self.window.rows.len().saturating_sub(1);
            self.follow = true;
        }
    }

    fn set_context(&mut self, more: bool) {
        let at = CONTEXT.iter().position(|n| *n == self.context).unwrap_or(0);
        let at = if more {
            (at + 1).min(CONTEXT.len() - 1)
        } else {
            at.saturating_sub(1)
        };
        let kept = LogKept {
            context: CONTEXT[at],
            ..self.kept()
        };
        if self.filter.is_empty() {
            self.context = kept.context;
        } else {
            self.keep(kept);
        }
    }

    fn step(&mut self, action: Action, size: Size, overview: &Overview) -> bool {
        let page = usize::from(self.layout(size).list);
        let len = self.window.rows.len();
        let Some(row) = moves::target(action, self.cursor, len, page) else {
            return false;
        };
        (self.seek, self.anchor) = (None, None);
        self.cursor = row;
        self.show_cursor(size, overview);
        true
    }

    fn scroll(&mut self, action: Action, top: usize, size: Size) -> bool {
        let parts = self.layout(size);
        let page = usize::from(parts.text.saturating_sub(2)).max(1);
        let width = usize::from(parts.text_columns).saturating_sub(layout::LOG_MARGIN);
        let most = self
            .text
            .rows(self.form.raw, width.max(1))
            .saturating_sub(page);
        let Some(row) = moves::target(action, top, most + 1, page) else {
            return false;
        };
        self.pane = Pane::Text(row);
        true
    }

    /// Keeps the selection in sight, and takes note of what the user has seen.
    pub fn show_cursor(&mut self, size: Size, overview: &Overview) {
        let rows = usize::from(self.layout(size).list).max(1);
        let len = self.window.rows.len();
        self.cursor = self.cursor.min(len.saturating_sub(1));
        self.top = layout::keep_in_sight(self.top, self.cursor, rows, len);
        if self.form.wrap {
            let width = Some(self.width(size, overview));
            let mut used = 0;
            let above = self.window.rows[..len.min(self.cursor + 1)].iter().rev();
            let fitting = above
                .take_while(|line| {
                    used += line.rows(self.form.raw, width);
                    used <= rows
                })
                .count();
            self.top = self
                .top
                .max((self.cursor + 1).saturating_sub(fitting.max(1)));
        }
        let at_end = len > 0 && self.cursor + 1 == len && self.window.down.is_none();
        if at_end {
            self.seen = Some(self.window.total);
        }
        self.follow =
            at_end && (self.follow || overview.live) || self.follow && !self.window.begun();
    }

    /// The environment after the one that is shown; after the last, all.
    #[must_use]
    pub fn next_env(&self, overview: &Overview) -> LogScope {
        let mut names: Vec<Arc<str>> = Vec::new();
        for source in &overview.sources {
            if !names.contains(&source.source.env) {
                names.push(Arc::clone(&source.source.env));
            }
        }
        match &self.scope {
            LogScope::Env(env) => {
                let at = names.iter().position(|name| name == env);
                let next = at.and_then(|at| names.get(at + 1));
                next.cloned().map_or(LogScope::All, LogScope::Env)
            }
            _ => names.first().cloned().map_or(LogScope::All, LogScope::Env),
        }
    }
}
