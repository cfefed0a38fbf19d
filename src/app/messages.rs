//! The list of messages: what is asked for, what is visible, what is selected.
//!
//! Only what is near the screen is ever requested. The selection is a message, not a row: it stays
//! through refreshing and sorting.

use std::sync::Arc;

use super::action::Action;
use super::layout;
use super::moves;
use crate::domain::verdict::Verdict;
use crate::domain::view::{
    Chosen, MessageHandle, MessagePage, MessageQuery, MessageRow, Overview, Sort,
};

/// Which messages are kept.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Only these verdicts; empty means all.
    pub verdicts: Vec<Verdict>,
    /// Only this pipeline.
    pub pipeline: Option<Arc<str>>,
    /// Only this environment.
    pub env: Option<Arc<str>>,
    /// Only this last stage.
    pub last_stage: Option<Arc<str>>,
    /// Only these.
    pub among: Option<Chosen>,
    /// Only what contains this.
    pub text: String,
}

/// What keeps its place when the list changes under it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Anchor {
    /// The top of the list, whatever comes to stand there.
    #[default]
    Top,
    /// The row under the cursor, whose message is not known yet.
    Row,
    /// A message.
    Message(MessageHandle),
}

/// A search for a lost message that has not found one yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Seek {
    Forward,
    Backward,
}

/// The list's own state.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// What is kept.
    pub filter: Filter,
    /// By what it is sorted.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// The selected row.
    pub cursor: usize,
    /// The first visible row.
    pub top: usize,
    /// What is loaded.
    pub page: MessagePage,
    /// Whether anything was ever loaded.
    pub ready: bool,
    anchor: Anchor,
    asked: Option<MessageQuery>,
    stale: bool,
    seek: Option<Seek>,
}

/// The order in which the sort key goes round.
const SORTS: [Sort; 5] = [
    Sort::Verdict,
    Sort::LastSeen,
    Sort::FirstSeen,
    Sort::Id,
    Sort::LastStage,
];

/// For people.
#[must_use]
pub const fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Verdict => "verdict",
        Sort::LastSeen => "last seen",
        Sort::FirstSeen => "first seen",
        Sort::Id => "id",
        Sort::LastStage => "last stage",
    }
}

impl Messages {
    /// The message on a row, where it is loaded.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<&MessageRow> {
        self.page.rows.get(index.checked_sub(self.page.offset)?)
    }

    /// The selected message.
    #[must_use]
    pub fn selected(&self) -> Option<&MessageRow> {
        self.row(self.cursor)
    }

    /// Whether what is shown answers the newest question.
    #[must_use]
    pub const fn waiting(&self) -> bool {
        self.stale || !self.ready
    }

    /// Shows other messages, from the first on.
    pub fn show(&mut self, filter: Filter) {
        self.filter = filter;
        self.anchor = Anchor::Top;
        self.cursor = 0;
        self.top = 0;
        self.stale = true;
    }

    /// Shows other messages, this one selected.
    pub fn show_at(&mut self, filter: Filter, handle: MessageHandle) {
        self.show(filter);
        self.anchor = Anchor::Message(handle);
    }

    /// Types another text to filter by; the selected message stays selected while it is kept.
    pub fn set_text(&mut self, text: &str) {
        if self.filter.text != text {
            text.clone_into(&mut self.filter.text);
            self.stale = true;
        }
    }

    /// The data changed: ask again.
    pub const fn refresh(&mut self) {
        self.stale = true;
    }

    /// Carries out an action of the list; false where it is none.
    pub fn act(&mut self, action: Action, rows: usize, overview: &Overview) -> bool {
        self.seek = None;
        match action {
            Action::SortNext => {
                let at = SORTS.iter().position(|s| *s == self.sort).unwrap_or(0);
                self.sort = SORTS[(at + 1) % SORTS.len()];
            }
            Action::SortReverse => self.descending = !self.descending,
            Action::FilterVerdict => self.next_verdict(),
            Action::FilterEnvironment => {
                let names = overview
                    .pipelines
                    .iter()
                    .flat_map(|p| &p.environments)
                    .map(|e| &e.name);
                self.filter.env = next_of(&unique(names), self.filter.env.as_ref());
            }
            Action::FilterStage => {
                let names = overview
                    .pipelines
                    .iter()
                    .flat_map(|p| &p.environments)
                    .flat_map(|e| &e.stages)
                    .map(|s| &s.name);
                self.filter.last_stage = next_of(&unique(names), self.filter.last_stage.as_ref());
            }
            Action::ClearFilters => self.filter = Filter::default(),
            Action::NextGap => return self.start_seek(Seek::Forward, rows),
            Action::PreviousGap => return self.start_seek(Seek::Backward, rows),
            _ => {
                // Before the first answer there may be any number; it puts the cursor right.
                let len = if self.ready {
                    self.page.total
                } else {
                    u32::MAX as usize
                };
                let target = moves::target(action, self.cursor, len, rows);
                return target.is_some_and(|row| self.go(row, rows, action == Action::Top));
            }
        }
        self.stale = true;
        true
    }

    /// Moves by one message; the message there, where it is loaded.
    pub fn step(&mut self, down: bool, rows: usize) -> Option<MessageHandle> {
        let action = if down { Action::Down } else { Action::Up };
        let row = moves::target(action, self.cursor, self.page.total, rows)?;
        let handle = self.row(row)?.handle;
        (row != self.cursor && self.go(row, rows, false)).then_some(handle)
    }

    /// The question to ask now, if the answer at hand does not do.
    pub fn question(&mut self, rows: usize) -> Option<MessageQuery> {
        let loaded = self.page.offset..self.page.offset + self.page.rows.len();
        let end = (self.top + rows).min(self.page.total);
        let seen = self.top >= loaded.start && end <= loaded.end;
        if self.ready && seen && !self.stale {
            return None;
        }
        let around = match self.anchor {
            Anchor::Message(handle) if self.stale => Some(handle),
            _ => None,
        };
        let query = MessageQuery {
            verdicts: self.filter.verdicts.clone(),
            pipeline: self.filter.pipeline.clone(),
            env: self.filter.env.clone(),
            last_stage: self.filter.last_stage.clone(),
            among: self.filter.among.clone(),
            text: self.filter.text.clone(),
            sort: self.sort,
            descending: self.descending,
            around,
            offset: self.top.saturating_sub(rows),
            limit: rows * 3,
        };
        let again = std::mem::take(&mut self.stale);
        if !again && self.asked.as_ref() == Some(&query) {
            return None;
        }
        self.asked = Some(query.clone());
        Some(query)
    }

    /// Whether this was the newest question.
    #[must_use]
    pub fn asked(&self, query: &MessageQuery) -> bool {
        self.asked.as_ref() == Some(query)
    }

    /// An answer; one to an older question is dropped.
    pub fn answer(&mut self, query: &MessageQuery, page: MessagePage, rows: usize) {
        if !self.asked(query) {
            return;
        }
        self.page = page;
        self.ready = true;
        let height = self.cursor.saturating_sub(self.top);
        if let Anchor::Message(handle) = self.anchor
            && let Some(i) = self.page.rows.iter().position(|row| row.handle == handle)
        {
            self.cursor = self.page.offset + i;
            self.top = self.cursor.saturating_sub(height);
        }
        self.cursor = self.cursor.min(self.page.total.saturating_sub(1));
        self.top = layout::keep_in_sight(self.top, self.cursor, rows, self.page.total);
        if self.anchor != Anchor::Top {
            self.anchor = self.here();
        }
        if let Some(seek) = self.seek {
            self.start_seek(seek, rows);
        }
    }

    fn here(&self) -> Anchor {
        self.selected()
            .map_or(Anchor::Row, |row| Anchor::Message(row.handle))
    }

    fn go(&mut self, row: usize, rows: usize, home: bool) -> bool {
        self.cursor = row;
        self.top = layout::keep_in_sight(self.top, row, rows, self.page.total);
        self.anchor = if home { Anchor::Top } else { self.here() };
        true
    }

    fn next_verdict(&mut self) {
        self.filter.verdicts = match self.filter.verdicts.as_slice() {
            [] => vec![Verdict::ALL[0]],
            [one] => Verdict::ALL
                .into_iter()
                .skip_while(|v| v != one)
                .nth(1)
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
    }

    /// Looks for the next lost message among what is loaded; loads on where there is more.
    fn start_seek(&mut self, seek: Seek, rows: usize) -> bool {
        let start = self.page.offset;
        let end = start + self.page.rows.len();
        let lost = |i: &usize| self.row(*i).is_some_and(|r| r.verdict == Verdict::Lost);
        let (found, edge, more) = match seek {
            Seek::Forward => (
                (self.cursor + 1..end).find(lost),
                end.saturating_sub(1),
                end < self.page.total,
            ),
            Seek::Backward => (
                (start..self.cursor.min(end)).rev().find(lost),
                start,
                start > 0,
            ),
        };
        self.seek = None;
        match found {
            Some(row) => self.go(row, rows, false),
            None if more && edge != self.cursor => {
                self.go(edge, rows, false);
                self.seek = Some(seek);
                self.stale = true;
                true
            }
            None => false,
        }
    }
}

fn unique<'a>(names: impl Iterator<Item = &'a Arc<str>>) -> Vec<Arc<str>> {
    let mut list: Vec<Arc<str>> = Vec::new();
    for name in names {
        if !list.contains(name) {
            list.push(Arc::clone(name));
        }
    }
    list
}

/// The one after `now`; after the last, none.
fn next_of(names: &[Arc<str>], now: Option<&Arc<str>>) -> Option<Arc<str>> {
    match now {
        None => names.first().cloned(),
        Some(now) => names.iter().skip_while(|name| *name != now).nth(1).cloned(),
    }
}
