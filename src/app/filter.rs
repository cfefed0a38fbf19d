//! Which messages are kept: what was opened from the board, and what was typed; and the way back.

use std::sync::Arc;

use crate::domain::terms::Terms;
use crate::domain::verdict::Verdict;
use crate::domain::view::Chosen;

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
    /// What was typed.
    pub text: String,
    /// What that asks for.
    pub terms: Terms,
}

/// Filters that were left, to go back to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left<F> {
    undo: Vec<F>,
    redo: Vec<F>,
}

impl<F> Default for Left<F> {
    fn default() -> Self {
        Self {
            undo: Vec::new(),
            redo: Vec::new(),
        }
    }
}

/// So many are remembered.
const MOST: usize = 100;

impl<F: Clone> Left<F> {
    /// A filter was left for another.
    pub fn push(&mut self, filter: F) {
        self.redo.clear();
        self.undo.push(filter);
        if self.undo.len() > MOST {
            self.undo.remove(0);
        }
    }

    /// The one before `now`.
    pub fn undo(&mut self, now: &F) -> Option<F> {
        let before = self.undo.pop()?;
        self.redo.push(now.clone());
        Some(before)
    }

    /// The one that was undone.
    pub fn redo(&mut self, now: &F) -> Option<F> {
        let after = self.redo.pop()?;
        self.undo.push(now.clone());
        Some(after)
    }
}
