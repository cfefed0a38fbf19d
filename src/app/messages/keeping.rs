//! Keeps other messages, and takes that back.

use super::Messages;
use crate::app::filter::Filter;
use crate::app::list_state::{Hidden, Need};
use crate::domain::seek::{Seek, Step};

impl Messages {
    /// Keeps other messages; the selected one stays selected, now or when it is shown again.
    pub fn keep(&mut self, filter: Filter) {
        if self.filter != filter {
            let before = std::mem::replace(&mut self.filter, filter);
            self.left.push(before);
            self.filtered();
        }
    }

    /// The same while a filter is being typed: to be undone in one step by [`Self::typed`].
    pub fn try_out(&mut self, filter: Filter) {
        if self.filter != filter {
            self.filter = filter;
            self.filtered();
        }
    }

    /// A filter was typed to its end; what it was before.
    pub fn typed(&mut self, before: Filter) {
        if self.filter != before {
            self.left.push(before);
        }
    }

    /// The filter before, or after; false where there is none.
    pub fn undo(&mut self, redo: bool) -> bool {
        let other = if redo {
            self.left.redo(&self.filter)
        } else {
            self.left.undo(&self.filter)
        };
        let Some(filter) = other else { return false };
        self.filter = filter;
        self.filtered();
        true
    }

    fn filtered(&mut self) {
        self.looked = None;
        let selected = self.selected().map(|row| row.handle);
        let handle = self.hidden.map(|hidden| hidden.handle).or(selected);
        self.hidden = handle.map(Hidden::new);
        self.need = Need::Ask;
        self.uncounted();
    }

    /// The list is another: how many of it match what is searched for is not known.
    pub(super) const fn uncounted(&mut self) {
        self.search.sought = None;
        self.search.recount = true;
    }

    /// Counts what is searched for in a list that has changed; the selected message stays.
    pub(super) fn count_again(&mut self) {
        if std::mem::take(&mut self.search.recount) && !self.search.terms.is_empty() {
            self.look_for(Seek::Match {
                terms: self.search.terms.clone(),
                from: self.cursor,
                step: Step::Stay,
            });
        }
    }
}
