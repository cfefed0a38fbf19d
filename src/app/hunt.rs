//! The hunt as it is shown: what was found, what is selected, what is said of it.
//!
//! It only keeps its place in a list that grows; the hunt itself runs elsewhere.

use std::sync::Arc;

use super::action::Action;
use super::layout::{self, ListRows};
use super::moves;
use super::size::Size;
use crate::diagnose::suggest::{Suggestion, suggestions};
use crate::domain::hunt::{Hunt, Place, Standing, Unsearched};
use crate::domain::view::MessageQuery;

/// Where the keys go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// To the list of places.
    List,
    /// To what is known of the selected place, scrolled by so many rows.
    Detail(usize),
}

/// One row of what is known of a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// What it is about, and a sentence.
    Said(&'static str, String),
    /// A log event.
    Event(String),
    /// A line for the configuration.
    Line(String),
}

/// The view's own state.
#[derive(Clone, Debug)]
pub struct HuntView {
    /// The hunt as far as is known; `None` until the first word of it.
    pub hunt: Option<Arc<Hunt>>,
    /// Why there can be none.
    pub refused: Option<String>,
    /// It was cancelled here.
    pub cancelled: bool,
    /// What to hunt for, until it is asked.
    pub wanted: Option<MessageQuery>,
    /// To be ended.
    pub stop: bool,
    /// The first visible row.
    pub top: usize,
    /// Where the keys go.
    pub pane: Pane,
    selected: Option<[Arc<str>; 3]>,
}

fn key(place: &Place) -> [Arc<str>; 3] {
    [&place.env, &place.region, &place.name].map(Arc::clone)
}

impl HuntView {
    /// A hunt for these messages, to be begun.
    #[must_use]
    pub const fn new(wanted: MessageQuery) -> Self {
        Self {
            hunt: None,
            refused: None,
            cancelled: false,
            wanted: Some(wanted),
            stop: false,
            top: 0,
            pane: Pane::List,
            selected: None,
        }
    }

    /// Whether more may come.
    #[must_use]
    pub fn running(&self) -> bool {
        self.refused.is_none() && self.hunt.as_ref().is_none_or(|hunt| !hunt.done)
    }

    /// Where something was found.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        self.hunt.as_ref().map_or(&[], |hunt| &hunt.places)
    }

    /// The selected row.
    #[must_use]
    pub fn cursor(&self) -> usize {
        let selected = self.selected.as_ref();
        let found = selected.and_then(|s| self.places().iter().position(|p| key(p) == *s));
        found.unwrap_or(0)
    }

    /// Selects a row; whether it was selected already.
    pub fn select(&mut self, row: usize, size: Size) -> Option<bool> {
        let again = row == self.cursor() && self.pane == Pane::List;
        self.selected = Some(key(self.places().get(row)?));
        self.pane = Pane::List;
        self.refit(size);
        Some(again)
    }

    /// How the screen is divided.
    #[must_use]
    pub fn layout(&self, size: Size) -> ListRows {
        let open = matches!(self.pane, Pane::Detail(_));
        layout::hunt(size, self.places().len(), open)
    }

    /// Takes in how far it has come.
    pub fn answer(&mut self, given: Result<Arc<Hunt>, String>, size: Size) {
        match given {
            Ok(hunt) => self.hunt = Some(hunt),
            Err(why) => (self.hunt, self.refused) = (None, Some(why)),
        }
        self.refit(size);
    }

    /// The screen or the data changed.
    pub fn refit(&mut self, size: Size) {
        let rows = usize::from(self.layout(size).list);
        self.top = layout::keep_in_sight(self.top, self.cursor(), rows, self.places().len());
    }

    /// Carries out an action of the view; false where it is none.
    pub fn act(&mut self, action: Action, size: Size) -> bool {
        match (action, self.pane) {
            (Action::Open | Action::NextPane | Action::PreviousPane, Pane::List) => {
                self.pane = Pane::Detail(0);
            }
            (
                Action::Back | Action::Leave | Action::NextPane | Action::PreviousPane,
                Pane::Detail(_),
            ) => self.pane = Pane::List,
            (_, Pane::List) => {
                let page = usize::from(self.layout(size).list);
                let (cursor, len) = (self.cursor(), self.places().len());
                let Some(row) = moves::target(action, cursor, len, page) else {
                    return false;
                };
                self.selected = self.places().get(row).map(key);
            }
            (_, Pane::Detail(top)) => {
                let page = usize::from(self.layout(size).detail.saturating_sub(2));
                // A sentence may take a few rows: the drawing stops at the end.
                let rows = self.facts().len() * 2;
                let most = rows.saturating_sub(page) + 1;
                let Some(row) = moves::target(action, top, most, page) else {
                    return false;
                };
                self.pane = Pane::Detail(row);
            }
        }
        self.refit(size);
        true
    }

    /// What is known of the selected place, then what was not searched.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        let Some(hunt) = &self.hunt else {
            return facts;
        };
        if let Some(place) = self.places().get(self.cursor()) {
            of_place(&mut facts, hunt, place);
        }
        for (number, skipped) in hunt.unsearched.iter().enumerate() {
            let label = if number == 0 { "not searched" } else { "" };
            facts.push(Fact::Said(label, left_out(skipped)));
            if skipped.cause.leaves_doubt() && !skipped.remedy.is_empty() {
                facts.push(Fact::Said("remedy", skipped.remedy.clone()));
            }
        }
        facts
    }
}

fn of_place(facts: &mut Vec<Fact>, hunt: &Hunt, place: &Place) {
    facts.push(Fact::Said("place", place.name.to_string()));
    if let Some(account) = &place.account {
        facts.push(Fact::Said("account", account.to_string()));
    }
    let ours = |s: &&Suggestion| {
        s.env == place.env && s.region == place.region && s.places.contains(&place.name)
    };
    if place.standing == Standing::New
        && let Some(suggestion) = suggestions(hunt).iter().find(ours)
    {
        facts.push(Fact::Said("suggestion", suggestion.sentence.clone()));
        facts.push(Fact::Said("add", "to lastseen.toml:".to_owned()));
        let lines = suggestion.lines.iter().cloned();
        facts.extend(lines.map(Fact::Line));
    }
    for find in &place.finds {
        let least = if place.early { " or more" } else { "" };
        let said = format!("{}: {}{least} log events", find.id, find.hits);
        facts.push(Fact::Said("mentions", said));
        let samples = find.samples.iter();
        facts.extend(samples.map(|sample| Fact::Event(sample.text.trim().to_owned())));
    }
}

fn left_out(skipped: &Unsearched) -> String {
    let place = match (skipped.groups.as_slice(), &*skipped.region) {
        ([], "") => skipped.env.to_string(),
        ([], region) => format!("{region} ({})", skipped.env),
        ([one], "") => one.clone(),
        ([one], region) => format!("{one} in {region}"),
        ([one, rest @ ..], region) => format!("{one} and {} more in {region}", rest.len()),
    };
    format!("{place}: {}", skipped.why)
}
