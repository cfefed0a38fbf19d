//! Counts the matches of what is searched for while nothing else is asked.

use super::Logs;
use crate::app::tally::Tally;
use crate::domain::log::needle::Needle;
use crate::domain::log::view::{LogPage, LogQuery};

impl Logs {
    /// What is searched for from now on, and counted.
    pub fn sought(&mut self, needle: Option<Needle>) {
        if self.needle != needle {
            self.needle.clone_from(&needle);
            self.tally = needle.map(Tally::new);
            self.forget_counting();
        }
    }

    /// The matches are counted from the beginning.
    pub(super) fn count_anew(&mut self) {
        self.tally = self.tally.take().map(|tally| Tally::new(tally.needle()));
        self.forget_counting();
    }

    /// Ends counting, where it goes on; whether it did.
    pub(super) fn end_counting(&mut self) -> bool {
        let counted = self.tally.take_if(|tally| tally.is_counting());
        self.forget_counting();
        counted.is_some()
    }

    /// Whether it is known that what was searched for stands nowhere.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.tally.as_ref().is_some_and(Tally::is_none)
    }

    /// What to ask for next, to count on.
    pub(super) fn count_question(&self) -> Option<LogQuery> {
        self.tally.as_ref()?.question(self.kept())
    }

    /// A part was counted.
    pub(super) fn counted(&mut self, page: LogPage) {
        if let Some(tally) = &mut self.tally {
            tally.count(page);
        }
    }

    /// More was read than was counted.
    pub(super) fn outgrown(&mut self, live: bool) {
        match &mut self.tally {
            // It grows all the time.
            Some(tally) if live => tally.outgrown(),
            _ => self.count_anew(),
        }
    }
}
