//! The list of messages: what is asked for, what is visible, what is selected.
//!
//! Only what is near the screen is ever requested. The selection is a message, not a row: it stays
//! through refreshing and sorting.

mod keeping;

use super::action::Action;
use super::filter::{Filter, Left};
use super::layout;
use super::list_state::{Anchor, Hidden, ListSpot, Need, Search};
use super::moves;
use super::sorting::SORTS;
use crate::domain::seek::{Round, Seek, Sought, Step};
use crate::domain::terms::{Term, Terms, Test};
use crate::domain::verdict::Verdict;
use crate::domain::view::{MessageHandle, MessagePage, MessageQuery, MessageRow, Sort};

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
    /// What is searched for in it.
    pub search: Search,
    /// Which value of the selected message `=` and `!` are about; the first where it has no such.
    pub field: Option<String>,
    anchor: Anchor,
    hidden: Option<Hidden>,
    asked: Option<MessageQuery>,
    need: Need,
    seek: Option<Box<Seek>>,
    left: Left<Filter>,
    /// What is loaded is another list than the one that is meant.
    another: bool,
    /// How many there were when somebody looked last.
    looked: Option<usize>,
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
        !self.ready || !matches!(self.need, Need::Nothing)
    }

    /// Shows other messages, from the first on.
    pub fn show(&mut self, filter: Filter) {
        self.left.push(std::mem::replace(&mut self.filter, filter));
        self.anchor = Anchor::Top;
        self.looked = None;
        self.hidden = None;
        self.cursor = 0;
        self.top = 0;
        self.need = Need::Ask;
        self.another = true;
        self.uncounted();
    }

    /// Whether what was loaded is not the list that is meant.
    #[must_use]
    pub const fn is_another(&self) -> bool {
        self.another || !self.ready
    }

    /// Shows other messages, this one selected.
    pub fn show_at(&mut self, filter: Filter, handle: MessageHandle) {
        self.show(filter);
        self.anchor = Anchor::Message(handle);
    }

    /// Whether it stays with the newest.
    #[must_use]
    pub fn following(&self) -> bool {
        self.anchor == Anchor::Top && self.sort == Sort::LastSeen && self.descending
    }

    /// Goes with the newest from now on, or stops that; whether it follows now.
    pub fn follow(&mut self, rows: usize) -> bool {
        if self.following() {
            self.anchor = self.here();
            return false;
        }
        (self.sort, self.descending) = (Sort::LastSeen, true);
        self.need = Need::Ask;
        self.go(0, rows, true)
    }

    /// Somebody looks at it.
    pub fn looked_at(&mut self) {
        self.looked = Some(self.page.total).filter(|_| self.ready && !self.waiting());
    }

    /// How many have come since.
    #[must_use]
    pub fn newly_come(&self) -> usize {
        let before = self.looked.unwrap_or(self.page.total);
        self.page.total.saturating_sub(before)
    }

    /// Where it stands.
    #[must_use]
    pub fn spot(&self) -> ListSpot {
        ListSpot {
            filter: self.filter.clone(),
            sort: self.sort,
            descending: self.descending,
            cursor: self.cursor,
            top: self.top,
            selected: self.selected().map(|row| row.handle),
        }
    }

    /// Stands there again.
    pub fn restore(&mut self, spot: ListSpot) {
        if spot == self.spot() {
            return;
        }
        self.filter = spot.filter;
        (self.sort, self.descending) = (spot.sort, spot.descending);
        (self.cursor, self.top) = (spot.cursor, spot.top);
        self.hidden = spot.selected.map(Hidden::new);
        self.need = Need::Ask;
        self.uncounted();
    }

    /// Selects what is looked for as soon as it is known where it is.
    pub fn look_for(&mut self, seek: Seek) {
        self.seek = Some(Box::new(seek));
        self.need = Need::Ask;
    }

    /// Selects a message if it is in the list.
    pub fn select(&mut self, handle: MessageHandle) {
        self.hidden = Some(Hidden::new(handle));
        self.need = Need::Ask;
    }

    /// To a match of what is searched for.
    pub fn search(&mut self, step: Step) {
        self.look_for(Seek::Match {
            terms: self.search.terms.clone(),
            from: self.cursor,
            step,
        });
    }

    /// The data changed: ask again.
    pub const fn refresh(&mut self) {
        self.need = Need::Ask;
        self.search.recount = true;
    }

    /// Carries out an action of the list, so many times; false where it is none.
    pub fn act(&mut self, action: Action, times: usize, rows: usize) -> bool {
        match action {
            Action::SortNext => {
                let at = SORTS.iter().position(|s| *s == self.sort).unwrap_or(0);
                self.sort = SORTS[(at + times) % SORTS.len()];
            }
            Action::SortReverse => self.descending = !self.descending,
            Action::NextGap => self.seek_lost(Step::Forward(times, Round::No)),
            Action::PreviousGap => self.seek_lost(Step::Backward(times, Round::No)),
            _ => {
                // Before the first answer there may be any number; it puts the cursor right.
                let len = if self.ready {
                    self.page.total
                } else {
                    u32::MAX as usize
                };
                let target = moves::target_of(action, times, self.cursor, len, rows);
                return target.is_some_and(|row| self.go(row, rows, action == Action::Top));
            }
        }
        self.need = Need::Ask;
        true
    }

    fn seek_lost(&mut self, step: Step) {
        self.look_for(Seek::Match {
            terms: Terms(vec![Term {
                not: false,
                test: Test::Verdict(Verdict::Lost),
            }]),
            from: self.cursor,
            step,
        });
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
        if self.ready && seen && self.need != Need::Ask {
            return None;
        }
        let around = match self.anchor {
            _ if self.recalled().is_some() => self.recalled(),
            Anchor::Message(handle) if self.need == Need::Ask => Some(handle),
            _ => None,
        };
        let query = MessageQuery {
            verdicts: self.filter.verdicts.clone(),
            pipeline: self.filter.pipeline.clone(),
            env: self.filter.env.clone(),
            last_stage: self.filter.last_stage.clone(),
            among: self.filter.among.clone(),
            terms: self.filter.terms.clone(),
            sort: self.sort,
            descending: self.descending,
            around,
            seek: self.seek.clone(),
            offset: self.top.saturating_sub(rows),
            limit: rows * 3,
        };
        let again = self.need == Need::Ask;
        if !again && self.asked.as_ref() == Some(&query) {
            return None;
        }
        if again {
            self.need = Need::Answer;
        }
        self.asked = Some(query.clone());
        Some(query)
    }

    /// Whether this was the newest question.
    #[must_use]
    pub fn asked(&self, query: &MessageQuery) -> bool {
        self.asked.as_ref() == Some(query)
    }

    /// An answer; one to an older question is dropped. What is not found is told in a sentence.
    pub fn answer(
        &mut self,
        query: &MessageQuery,
        page: MessagePage,
        rows: usize,
    ) -> Option<String> {
        if !self.asked(query) {
            return None;
        }
        self.page = page;
        self.ready = true;
        self.another = false;
        self.need = Need::Nothing;
        self.looked.get_or_insert(self.page.total);
        let height = self.cursor.saturating_sub(self.top);
        let recalled = self.recalled();
        let wanted = match self.anchor {
            Anchor::Message(handle) => recalled.or(Some(handle)),
            _ => recalled,
        };
        if let Some(hidden) = &mut self.hidden {
            hidden.recall = false;
        }
        if let Some(wanted) = wanted
            && let Some(i) = self.page.rows.iter().position(|row| row.handle == wanted)
        {
            self.cursor = self.page.offset + i;
            self.top = self.cursor.saturating_sub(height);
            if recalled == Some(wanted) {
                self.hidden = None;
                self.anchor = self.at_top();
            }
        }
        let mut said = None;
        if let (Some(seek), Some(sought)) = (self.seek.take(), self.page.sought) {
            said = self.found(&seek, sought);
        }
        self.cursor = self.cursor.min(self.page.total.saturating_sub(1));
        self.top = layout::keep_in_sight(self.top, self.cursor, rows, self.page.total);
        if self.anchor != Anchor::Top {
            self.anchor = self.here();
        }
        self.count_again();
        said
    }

    fn found(&mut self, seek: &Seek, sought: Sought) -> Option<String> {
        let of_search = matches!(seek, Seek::Match { terms, .. } if *terms == self.search.terms);
        if of_search {
            self.search.sought = Some(sought);
            self.search.recount = false;
        }
        if let Seek::Match {
            step: Step::Stay, ..
        } = seek
        {
            return None;
        }
        if let Some(row) = sought.row {
            self.cursor = row;
            self.anchor = Anchor::Row;
            self.hidden = None;
            return None;
        }
        match seek {
            _ if of_search => self.nothing_found(),
            Seek::Time(_) => Some("nothing in this list is that late".to_owned()),
            Seek::Match { .. } => Some("no further lost message in this list".to_owned()),
        }
    }

    /// That a search has found nothing, where that is so.
    #[must_use]
    pub fn nothing_found(&self) -> Option<String> {
        let nothing = self.search.sought.is_some_and(|sought| sought.matches == 0);
        nothing.then(|| format!("no message of this list matches {}", self.search.text))
    }

    /// The very top stays the top, whatever comes to stand there; else the message does.
    fn at_top(&self) -> Anchor {
        if self.anchor == Anchor::Top && self.cursor == 0 {
            return Anchor::Top;
        }
        self.here()
    }

    /// What was hidden, if it may be there again.
    fn recalled(&self) -> Option<MessageHandle> {
        self.hidden
            .filter(|hidden| hidden.recall)
            .map(|hidden| hidden.handle)
    }

    fn here(&self) -> Anchor {
        self.selected()
            .map_or(Anchor::Row, |row| Anchor::Message(row.handle))
    }

    /// To a row; with `home` to the top, whatever comes to stand there.
    pub fn go(&mut self, row: usize, rows: usize, home: bool) -> bool {
        // What the row was known from may have shrunk meanwhile.
        let known = self.ready && !self.waiting();
        let last = self.page.total.saturating_sub(1);
        self.cursor = if known { row.min(last) } else { row };
        self.top = layout::keep_in_sight(self.top, self.cursor, rows, self.page.total);
        self.anchor = if home { Anchor::Top } else { self.here() };
        self.hidden = None;
        self.seek = None;
        true
    }
}
