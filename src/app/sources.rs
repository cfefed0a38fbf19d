//! The list of sources: what was read, what was not, and why.

use super::action::Action;
use super::board::severity;
use super::layout::{self, ListRows};
use super::moves;
use super::size::Size;
use crate::domain::event::SourceId;
use crate::domain::view::{Overview, SourceView};

/// Where the keys go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// To the list.
    List,
    /// To what is known of the selected source, scrolled by so many rows.
    Detail(usize),
}

/// The list's own state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sources {
    selected: Option<SourceId>,
    /// The first visible row.
    pub top: usize,
    /// Where the keys go.
    pub pane: Pane,
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            selected: None,
            top: 0,
            pane: Pane::List,
        }
    }
}

/// Every source, the most worrying first, else as they were opened.
#[must_use]
pub fn ordered(overview: &Overview) -> Vec<&SourceView> {
    let mut list: Vec<_> = overview.sources.iter().collect();
    list.sort_by_key(|source| std::cmp::Reverse(severity(source.state)));
    list
}

impl Sources {
    /// The selected row.
    #[must_use]
    pub fn cursor(&self, list: &[&SourceView]) -> usize {
        self.selected
            .and_then(|id| list.iter().position(|source| source.id == id))
            .unwrap_or(0)
    }

    /// How the screen is divided.
    #[must_use]
    pub fn layout(&self, size: Size, overview: &Overview) -> ListRows {
        let open = matches!(self.pane, Pane::Detail(_));
        layout::sources(size, overview.sources.len(), open)
    }

    /// Selects a source.
    pub fn select(&mut self, id: SourceId, size: Size, overview: &Overview) {
        self.selected = Some(id);
        self.pane = Pane::List;
        self.show_cursor(size, overview);
    }

    /// Carries out an action of the list; false where it is none.
    pub fn act(&mut self, action: Action, size: Size, overview: &Overview) -> bool {
        let list = ordered(overview);
        let cursor = self.cursor(&list);
        match (action, self.pane) {
            (Action::Open | Action::NextPane | Action::PreviousPane, Pane::List) => {
                self.pane = Pane::Detail(0);
            }
            (
                Action::Back | Action::Leave | Action::NextPane | Action::PreviousPane,
                Pane::Detail(_),
            ) => {
                self.pane = Pane::List;
            }
            (Action::NextGap | Action::PreviousGap, _) => {
                let bad = |i: &usize| severity(list[*i].state) > 1;
                let row = if action == Action::NextGap {
                    (cursor + 1..list.len()).find(bad)
                } else {
                    (0..cursor).rev().find(bad)
                };
                let Some(row) = row else { return false };
                self.selected = Some(list[row].id);
            }
            (_, Pane::List) => {
                let page = usize::from(self.layout(size, overview).list);
                let Some(row) = moves::target(action, cursor, list.len(), page) else {
                    return false;
                };
                self.selected = list.get(row).map(|source| source.id);
            }
            (_, Pane::Detail(top)) => {
                let page = usize::from(self.layout(size, overview).detail.saturating_sub(2));
                // What is known of a source is short: the drawing stops at its end.
                let rows = list.get(cursor).map_or(0, |s| detail_rows(s));
                let most = rows.saturating_sub(page) + 1;
                let Some(row) = moves::target(action, top, most, page) else {
                    return false;
                };
                self.pane = Pane::Detail(row);
                return true;
            }
        }
        self.show_cursor(size, overview);
        true
    }

    fn show_cursor(&mut self, size: Size, overview: &Overview) {
        let list = ordered(overview);
        let rows = usize::from(self.layout(size, overview).list);
        let cursor = self.cursor(&list);
        self.top = layout::keep_in_sight(self.top, cursor, rows, list.len());
    }

    /// The screen or the data changed.
    pub fn refit(&mut self, size: Size, overview: &Overview) {
        self.show_cursor(size, overview);
    }
}

/// How many rows a source's details take: its facts, how following goes, its spans, two a fault, two a
/// reject.
#[must_use]
pub fn detail_rows(source: &SourceView) -> usize {
    6 + source.pulse.iter().len() * 3
        + source.covered.len().max(1)
        + source.faults.len() * 2
        + source.rejects.len() * 2
}
