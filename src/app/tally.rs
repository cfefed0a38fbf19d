//! How often what is searched for stands in the log: counted part by part while nothing else is asked.

use super::logspot::LogKept;
use super::logwindow::share;
use crate::domain::log::LogKey;
use crate::domain::log::needle::Needle;
use crate::domain::log::view::{LogPage, LogQuery};
use crate::domain::show::count;

/// So many are counted.
const MOST: usize = 100_000;

/// See the module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tally {
    needle: Needle,
    /// The lines with it, in order.
    places: Vec<LogKey>,
    /// Counted up to here; `None`: to the end.
    cut: Option<LogKey>,
    /// There may be more than are counted.
    more: bool,
    /// So many lines were looked at, of so many.
    looked: (u64, u64),
}

impl Tally {
    /// Nothing is counted yet.
    #[must_use]
    pub const fn new(needle: Needle) -> Self {
        Self {
            needle,
            places: Vec::new(),
            cut: Some(LogKey::FIRST),
            more: false,
            looked: (0, 0),
        }
    }

    /// `match 3 of 12`, or how many there are; `+` where there may be more.
    #[must_use]
    pub fn words(&self, selected: Option<LogKey>) -> String {
        let open = self.cut.is_some() || self.more;
        let all = count(self.places.len() as u64) + if open { "+" } else { "" };
        let at = selected.and_then(|key| self.places.binary_search(&key).ok());
        match at {
            Some(at) => format!("match {} of {all}", count(at as u64 + 1)),
            None if self.cut.is_some() => match self.looked {
                (0, _) => format!("counting, {all} so far"),
                (looked, of) => format!("counting, {all} so far, {} searched", share(looked, of)),
            },
            None if self.places.is_empty() && !open => "no match".to_owned(),
            None if self.places.len() == 1 && !open => "1 match".to_owned(),
            None => format!("{all} matches"),
        }
    }

    /// Whether there is more to look at.
    #[must_use]
    pub const fn is_counting(&self) -> bool {
        self.cut.is_some()
    }

    /// Whether all was looked at, and none was there.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.places.is_empty() && self.cut.is_none() && !self.more
    }

    /// What is counted.
    #[must_use]
    pub fn needle(self) -> Needle {
        self.needle
    }

    /// What to ask for next, to count on.
    #[must_use]
    pub fn question(&self, kept: LogKept) -> Option<LogQuery> {
        Some(LogQuery {
            cut: self.cut?,
            before: 0,
            after: usize::MAX,
            scope: kept.scope,
            filter: kept.filter.into(),
            context: kept.context,
            find: Some(self.needle.clone()),
            places: true,
        })
    }

    /// A part was counted.
    pub fn count(&mut self, page: LogPage) {
        self.places.extend(page.places);
        self.looked = (self.looked.0 + page.looked, page.total);
        self.cut = page.down.filter(|_| self.places.len() < MOST);
        self.more |= page.down.is_some() && self.cut.is_none();
    }

    /// More was read than was counted.
    pub const fn outgrown(&mut self) {
        self.more = true;
    }
}
