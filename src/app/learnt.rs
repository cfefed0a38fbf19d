//! What was learnt without a configuration, as the dashboard has it: what was guessed, what a person
//! decided, and how every decision is undone.
//!
//! A decision holds here at once, if the configuration that it leads to can be read; what it changes
//! for the verdicts is told by the run, which is judged again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::action::Action;
use super::guesses::{self, Fact, Guess};
use super::layout::{self, ListRows};
use super::moves;
use super::size::Size;
use super::typed_guess;
use crate::config::file::File;
use crate::config::learnt;
use crate::domain::corrected::corrected;
use crate::domain::correction::{Part, Ruling, Rulings};
use crate::domain::discovery::{Confidence, Discovery};

/// So many decisions can be undone.
const UNDONE: usize = 1000;

/// What it begins with.
#[derive(Clone, Debug)]
pub struct Basis {
    /// What was found.
    pub found: Arc<Discovery>,
    /// The configuration that was there before, without a pipeline; may be empty.
    pub own: String,
    /// What relative paths in it are relative to.
    pub base: PathBuf,
    /// Where it is saved.
    pub target: PathBuf,
    /// It stands there already.
    pub saved: bool,
    /// What is read can be judged again at once by what is decided; else the next run goes by it.
    pub at_once: bool,
}

/// Where the keys go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// To the list.
    List,
    /// To what is known of the selected guess, scrolled by so many rows.
    Detail(usize),
}

/// One decision, with what was before it.
#[derive(Clone, Debug)]
struct Step {
    part: Part,
    before: Option<Ruling>,
    after: Option<Ruling>,
}

/// The view's own state.
#[derive(Clone, Debug)]
pub struct LearntView {
    /// What it began with.
    pub basis: Basis,
    /// What was decided.
    pub rulings: Rulings,
    /// Every row.
    pub rows: Vec<Guess>,
    /// The configuration by now.
    pub text: String,
    /// The selected row.
    pub cursor: usize,
    /// The first visible row.
    pub top: usize,
    /// Where the keys go.
    pub pane: Pane,
    /// The run is to be judged by this configuration.
    pub judge: bool,
    /// The run is being judged again; so many were lost before.
    pub judging: Option<u64>,
    /// The configuration is to be saved; in the place of the file that is there.
    pub save: Option<bool>,
    /// The configuration as it was saved, and where.
    pub saved: Option<(String, String)>,
    /// The decisions that stand in that file.
    kept: Rulings,
    /// What the pipelines are called in the run.
    called: BTreeMap<Part, String>,
    undo: Vec<Step>,
    redo: Vec<Step>,
}

impl LearntView {
    /// Nothing is decided yet.
    #[must_use]
    pub fn new(basis: Basis) -> Self {
        let rulings = Rulings::new();
        let text = learnt::after(&basis.own, &basis.found);
        let place = basis.target.display().to_string();
        let rows = guesses::rows(&basis.found, &rulings);
        Self {
            called: pipelines(&rows),
            kept: Rulings::new(),
            rows,
            saved: basis.saved.then(|| (text.clone(), place)),
            text,
            basis,
            rulings,
            cursor: 0,
            top: 0,
            pane: Pane::List,
            judge: false,
            judging: None,
            save: None,
            undo: Vec::new(),
            redo: Vec::new(),
        }
    }

    /// The selected guess.
    #[must_use]
    pub fn selected(&self) -> Option<&Guess> {
        self.rows.get(self.cursor)
    }

    /// What is known of the selected guess.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let selected = self.selected();
        selected.map_or_else(Vec::new, |guess| guesses::facts(&self.basis.found, guess))
    }

    /// The least sure guess that nobody has decided.
    #[must_use]
    pub fn least(&self) -> Option<&Confidence> {
        let open = self.rows.iter().filter(|guess| guess.ruling.is_none());
        open.filter_map(|guess| guess.confidence.as_ref())
            .min_by(|a, b| a.share.total_cmp(&b.share))
    }

    /// How many guesses somebody should look at.
    #[must_use]
    pub fn doubtful(&self) -> usize {
        self.rows.iter().filter(|guess| guess.is_doubtful()).count()
    }

    /// Whether it stands in a file as it is.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        let saved = self.saved.as_ref();
        saved.is_some_and(|(text, _)| *text == self.text)
    }

    /// It was saved there, as this text.
    pub fn saved_as(&mut self, text: String, path: String) {
        if text == self.text {
            self.kept.clone_from(&self.rulings);
        }
        self.saved = Some((text, path));
    }

    /// How many decisions stand in no file.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        let parts: BTreeSet<&Part> = self.rulings.keys().chain(self.kept.keys()).collect();
        let differs = |part: &&&Part| self.rulings.get(part) != self.kept.get(part);
        parts.iter().filter(differs).count()
    }

    /// The run goes by these decisions now: which pipelines are called otherwise, or are gone.
    pub fn renamed(&mut self) -> BTreeMap<String, Option<String>> {
        let now = pipelines(&self.rows);
        let before = std::mem::replace(&mut self.called, now);
        let others = before.into_iter().filter_map(|(part, name)| {
            let now = self.called.get(&part);
            (now != Some(&name)).then(|| (name, now.cloned()))
        });
        others.collect()
    }

    /// The configuration with one decision more, or less.
    ///
    /// # Errors
    /// What would be wrong with it.
    pub fn tried(&self, part: Part, ruling: Option<Ruling>) -> Result<(Rulings, String), String> {
        if let Some(Ruling::Changed(text)) = &ruling {
            typed_guess::check(part, text)?;
        }
        let mut rulings = self.rulings.clone();
        match ruling {
            Some(ruling) => rulings.insert(part, ruling),
            None => rulings.remove(&part),
        };
        let text = self.written(&rulings)?;
        Ok((rulings, text))
    }

    fn written(&self, rulings: &Rulings) -> Result<String, String> {
        let found = corrected(&self.basis.found, rulings)?;
        let text = learnt::after(&self.basis.own, &found);
        let file = File::parse("what was learnt", &self.basis.base, &text);
        match file.errors.first() {
            None => Ok(text),
            Some(error) => {
                let help = error.help.as_ref();
                let help = help.map_or_else(String::new, |help| format!("; {help}"));
                Err(format!("{}{help}", error.message))
            }
        }
    }

    /// Decides.
    ///
    /// # Errors
    /// Why that cannot be; nothing has changed then.
    pub fn decide(&mut self, part: Part, ruling: Ruling) -> Result<(), String> {
        let before = self.rulings.get(&part).cloned();
        let after = Some(ruling);
        self.set(part, after.clone())?;
        self.redo.clear();
        self.undo.push(Step {
            part,
            before,
            after,
        });
        if self.undo.len() > UNDONE {
            self.undo.remove(0);
        }
        Ok(())
    }

    /// The only way by which anything changes here.
    fn set(&mut self, part: Part, ruling: Option<Ruling>) -> Result<(), String> {
        let (rulings, text) = self.tried(part, ruling)?;
        self.take(rulings, text);
        Ok(())
    }

    fn take(&mut self, rulings: Rulings, text: String) {
        // What only a remark says changes no verdict.
        self.judge |= learnt::said(&text) != learnt::said(&self.text);
        self.rulings = rulings;
        self.text = text;
        self.rows = guesses::rows(&self.basis.found, &self.rulings);
    }

    /// Undoes the newest decision (or decides it again); a word about it.
    ///
    /// # Errors
    /// Why nothing was done.
    pub fn go_back(&mut self, again: bool, size: Size) -> Result<String, String> {
        let from = if again {
            &mut self.redo
        } else {
            &mut self.undo
        };
        let Some(step) = from.pop() else {
            let what = if again { "decide again" } else { "undo" };
            return Err(format!("nothing to {what}"));
        };
        let will = if again { &step.after } else { &step.before };
        let word = match will {
            Some(ruling) => ruling.word(),
            None => "as it was guessed",
        };
        let (part, will) = (step.part, will.clone());
        let done = self.set(part, will);
        if again {
            self.undo.push(step);
        } else {
            self.redo.push(step);
        }
        done?;
        self.select(part, size);
        let text = self.selected().map_or("", |guess| guess.text.as_str());
        Ok(format!("{text}: {word}"))
    }

    /// Selects the row of a part.
    pub fn select(&mut self, part: Part, size: Size) {
        let family = |row: &Guess| match (part, row.part) {
            (Part::Selector(p, f, _), Part::Family(q, g)) => (p, f) == (q, g),
            _ => false,
        };
        let own = self.rows.iter().position(|row| row.part == part);
        let row = own.or_else(|| self.rows.iter().position(family));
        self.cursor = row.unwrap_or(self.cursor);
        self.refit(size);
    }

    /// Goes on with what was decided in an earlier session; how many of it nothing was found for.
    ///
    /// # Errors
    /// Why none of it can hold.
    pub fn resume(&mut self, decided: Vec<(String, Ruling)>) -> Result<usize, String> {
        let mut named = decided;
        let mut rulings = Rulings::new();
        let parts = self.rows.iter().flat_map(|row| match row.part {
            // One name of an ID has no row of its own.
            Part::Family(p, f) => vec![row.part, Part::Selector(p, f, 0)],
            part => vec![part],
        });
        for part in parts {
            let name = part.name(&self.basis.found);
            let at = named.iter().position(|(n, _)| Some(n) == name.as_ref());
            if let Some(at) = at {
                rulings.insert(part, named.remove(at).1);
            }
        }
        let text = self.written(&rulings)?;
        self.take(rulings, text);
        Ok(named.len())
    }

    /// What was decided, by names that are the same when the same is found again.
    #[must_use]
    pub fn decided(&self) -> Vec<(String, Ruling)> {
        let named = |(part, ruling): (&Part, &Ruling)| {
            Some((part.name(&self.basis.found)?, ruling.clone()))
        };
        self.rulings.iter().filter_map(named).collect()
    }

    /// How the screen is divided: a heading, the list, what is known.
    #[must_use]
    pub fn layout(&self, size: Size) -> ListRows {
        let open = matches!(self.pane, Pane::Detail(_));
        layout::listed(size, self.rows.len(), open)
    }

    /// The screen or the rows changed.
    pub fn refit(&mut self, size: Size) {
        let rows = usize::from(self.layout(size).list);
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
        self.top = layout::keep_in_sight(self.top, self.cursor, rows, self.rows.len());
    }

    /// Moves; false where the action is no movement.
    pub fn act(&mut self, action: Action, size: Size) -> bool {
        let panes = matches!(
            action,
            Action::Open | Action::NextPane | Action::PreviousPane
        );
        match self.pane {
            Pane::List if panes => self.pane = Pane::Detail(0),
            Pane::Detail(_) if panes || matches!(action, Action::Back | Action::Leave) => {
                self.pane = Pane::List;
            }
            Pane::List => {
                let page = usize::from(self.layout(size).list);
                let row = match action {
                    Action::NextGap | Action::PreviousGap => self.doubt(action == Action::NextGap),
                    _ => moves::target(action, self.cursor, self.rows.len(), page),
                };
                let Some(row) = row else {
                    return false;
                };
                self.cursor = row;
            }
            Pane::Detail(top) => {
                let page = usize::from(self.layout(size).detail.saturating_sub(2));
                // A sentence may take a few rows: the drawing stops at the end.
                let most = (self.facts().len() * 3).saturating_sub(page) + 1;
                let Some(row) = moves::target(action, top, most, page) else {
                    return false;
                };
                self.pane = Pane::Detail(row);
            }
        }
        self.refit(size);
        true
    }

    /// The next guess that somebody should look at, round the end.
    fn doubt(&self, forward: bool) -> Option<usize> {
        let rows = self.rows.iter().enumerate();
        let doubtful: Vec<usize> = rows
            .filter(|(_, guess)| guess.is_doubtful())
            .map(|(row, _)| row)
            .collect();
        if forward {
            let next = doubtful.iter().find(|row| **row > self.cursor);
            next.or(doubtful.first()).copied()
        } else {
            let before = doubtful.iter().rfind(|row| **row < self.cursor);
            before.or(doubtful.last()).copied()
        }
    }
}

/// What the pipelines that are followed are called.
fn pipelines(rows: &[Guess]) -> BTreeMap<Part, String> {
    let followed = rows.iter().filter(|guess| {
        matches!(guess.part, Part::Pipeline(_)) && guess.ruling != Some(Ruling::Rejected)
    });
    followed
        .map(|guess| (guess.part, guess.text.clone()))
        .collect()
}
