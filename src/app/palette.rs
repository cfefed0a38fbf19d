//! Every action of a view, found by typing some letters of its name or part of what it does: the palette,
//! and the help.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::bound::{Bound, Keymap};
use super::context::Context;
use super::prompt::Prompt;

/// An open palette.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Palette {
    /// Whose actions.
    pub context: Context,
    /// What was typed.
    pub prompt: Prompt,
    /// The selected entry.
    pub cursor: usize,
}

impl Palette {
    /// Everything a view can do.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self {
            context,
            prompt: Prompt::default(),
            cursor: 0,
        }
    }

    /// What matches: names that begin with what was typed, then those that have its letters in their
    /// order, then what is said of them. `a b` and `a_b` are the same; without a text the order of the
    /// table.
    #[must_use]
    pub fn entries<'a>(&self, keys: &'a Keymap) -> Vec<&'a Bound> {
        let typed = self
            .prompt
            .text()
            .trim()
            .to_lowercase()
            .replace(['_', '-'], " ");
        let bindings = keys.bindings(self.context);
        if typed.is_empty() {
            return bindings.collect();
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(&typed, CaseMatching::Ignore, Normalization::Smart);
        let mut rank = |bound: &Bound| {
            let name = bound.action.name().replace('_', " ");
            if name.starts_with(&typed) {
                return Some((0, 0));
            }
            let mut room = Vec::new();
            let score = pattern.score(Utf32Str::new(&name, &mut room), &mut matcher);
            let said = || bound.help.to_lowercase().contains(&typed).then_some((2, 0));
            score.map(|score| (1, u32::MAX - score)).or_else(said)
        };
        let mut entries: Vec<_> = bindings
            .filter_map(|bound| rank(bound).map(|rank| (rank, bound)))
            .collect();
        entries.sort_by_key(|(rank, _)| *rank);
        entries.into_iter().map(|(_, bound)| bound).collect()
    }

    /// The selected entry.
    #[must_use]
    pub fn selected<'a>(&self, keys: &'a Keymap) -> Option<&'a Bound> {
        self.entries(keys).get(self.cursor).copied()
    }
}
