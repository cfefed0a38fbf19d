//! The timeline as the dashboard has it: what is on it, what is selected, and how every change of it
//! is undone.
//!
//! A change holds here at once, and leaves to be written down; what comes back from there is what
//! other programs wrote, too. No change is ever taken back by an answer that is older than it.

use std::collections::VecDeque;

use super::action::Action;
use super::layout;
use super::moves;
use super::note::Noting;
use crate::domain::time::Timestamp;
use crate::domain::timeline::{Change, Entry, EntryId, Kept, Timeline};
use crate::domain::view::MessageQuery;
use crate::load::notebook::Noted;

/// So many changes can be undone.
const UNDONE: usize = 1000;

/// One change, with what was before it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Step {
    id: EntryId,
    before: Option<Entry>,
    after: Option<Entry>,
}

/// A message that an entry refers to, being looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sought {
    /// What is asked.
    pub query: MessageQuery,
    /// The sighting that is meant.
    pub at: Option<Timestamp>,
    /// It was asked.
    pub asked: bool,
}

/// The timeline's own state.
#[derive(Clone, Debug, Default)]
pub struct TimelineView {
    /// What is on it.
    pub timeline: Timeline,
    /// Where it is kept, once that was told.
    pub kept: Option<Kept>,
    /// The first visible row.
    pub top: usize,
    /// What was being written when somebody left it, the newest last.
    pub drafts: Vec<Noting>,
    /// The message that an entry refers to.
    pub sought: Option<Sought>,
    selected: Option<EntryId>,
    undo: Vec<Step>,
    redo: Vec<Step>,
    number: u64,
    /// Changes that nobody has said to be written, and how many of them have not left yet.
    pending: VecDeque<(u64, Change)>,
    unsent: usize,
    writer: u32,
}

impl TimelineView {
    /// The selected row.
    #[must_use]
    pub fn cursor(&self) -> usize {
        let entries = self.timeline.entries();
        let last = entries.len().saturating_sub(1);
        let Some(selected) = self.selected else {
            return last;
        };
        entries
            .iter()
            .position(|entry| entry.id == selected)
            .unwrap_or(last)
    }

    /// The selected entry.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.timeline.entries().get(self.cursor()).copied()
    }

    /// Whether something is written nowhere.
    #[must_use]
    pub fn unkept(&self) -> bool {
        !self.timeline.is_empty() && matches!(self.kept, Some(Kept::Nowhere(_)))
    }

    /// A name for a new entry.
    #[must_use]
    pub fn new_id(&self, now: Timestamp) -> EntryId {
        self.timeline.new_id(now, self.writer)
    }

    /// An entry of the same thing.
    #[must_use]
    pub fn same_thing(&self, entry: &Entry) -> Option<EntryId> {
        let entries = self.timeline.entries();
        let same = entries.into_iter().find(|known| known.same_thing(entry));
        same.map(|entry| entry.id)
    }

    /// Selects an entry.
    pub fn select(&mut self, id: EntryId, rows: usize) {
        self.selected = Some(id);
        self.refit(rows);
    }

    /// Puts an entry there, as it is from now on.
    pub fn put(&mut self, entry: Entry, now: Timestamp, rows: usize) {
        let (id, before) = (entry.id, self.timeline.get(entry.id).cloned());
        self.step(id, before, Some(entry), now);
        self.select(id, rows);
    }

    /// Removes the selected entry; the one behind it is selected then.
    pub fn remove(&mut self, now: Timestamp, rows: usize) -> Option<Entry> {
        let entry = self.entry()?.clone();
        let row = self.cursor();
        self.step(entry.id, Some(entry.clone()), None, now);
        let entries = self.timeline.entries();
        let next = entries.get(row).or(entries.last()).map(|entry| entry.id);
        self.selected = next;
        self.refit(rows);
        Some(entry)
    }

    fn step(&mut self, id: EntryId, before: Option<Entry>, after: Option<Entry>, now: Timestamp) {
        self.change(id, after.clone(), now);
        self.redo.clear();
        self.undo.push(Step { id, before, after });
        if self.undo.len() > UNDONE {
            self.undo.remove(0);
        }
    }

    /// The only way by which anything changes here.
    fn change(&mut self, id: EntryId, entry: Option<Entry>, now: Timestamp) {
        let stamp = self.timeline.stamp(id, now, self.writer);
        let change = Change { id, stamp, entry };
        self.timeline.apply(change.clone());
        self.number += 1;
        self.pending.push_back((self.number, change));
        self.unsent += 1;
    }

    /// Undoes the newest change (or does it again); a word about it.
    ///
    /// # Errors
    /// Why nothing was done.
    pub fn go_back(&mut self, again: bool, now: Timestamp, rows: usize) -> Result<String, String> {
        let from = if again {
            &mut self.redo
        } else {
            &mut self.undo
        };
        let Some(step) = from.pop() else {
            let what = if again { "do again" } else { "undo" };
            return Err(format!("nothing to {what} on the timeline"));
        };
        let (is, will) = if again {
            (&step.before, &step.after)
        } else {
            (&step.after, &step.before)
        };
        if self.timeline.get(step.id) != is.as_ref() {
            return Err("another program has changed that entry since; it stays as it is".into());
        }
        let word = match (is, will) {
            (None, Some(_)) => "is there again",
            (Some(_), None) => "is gone",
            _ => "is as it was",
        };
        let word = if again { "is done again" } else { word };
        let text = [is, will].into_iter().flatten().next();
        let text = text.map_or_else(String::new, |entry| entry.text.chars().take(40).collect());
        self.change(step.id, will.clone(), now);
        self.selected = will.as_ref().map_or(self.selected, |entry| Some(entry.id));
        if again {
            self.undo.push(step);
        } else {
            self.redo.push(step);
        }
        self.refit(rows);
        Ok(format!("\"{text}\" {word}"))
    }

    /// The changes that must leave now to be written down.
    pub fn unsent(&mut self) -> Vec<(u64, Change)> {
        let count = std::mem::take(&mut self.unsent);
        let first = self.pending.len().saturating_sub(count);
        self.pending.iter().skip(first).cloned().collect()
    }

    /// What is known by now of what was written down.
    pub fn answer(&mut self, noted: Noted, rows: usize) {
        self.pending.retain(|(number, _)| *number > noted.number);
        self.timeline = noted.timeline;
        for (_, change) in &self.pending {
            self.timeline.apply(change.clone());
        }
        self.kept = Some(noted.kept);
        self.writer = noted.writer;
        self.refit(rows);
    }

    /// Moves; false where the action is not a movement.
    pub fn act(&mut self, action: Action, rows: usize) -> bool {
        let entries = self.timeline.entries();
        let Some(row) = moves::target(action, self.cursor(), entries.len(), rows) else {
            return false;
        };
        self.selected = entries.get(row).map(|entry| entry.id);
        self.refit(rows);
        true
    }

    /// The screen or what is on it changed.
    pub fn refit(&mut self, rows: usize) {
        let len = self.timeline.len();
        self.top = layout::keep_in_sight(self.top, self.cursor(), rows, len);
    }
}
