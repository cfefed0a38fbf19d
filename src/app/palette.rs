//! The palette: every action of a view, found by typing part of its name or of what it does.

use super::keymap::{Bound, Context, Keymap};
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

    /// What matches: names that begin with what was typed, then those that contain it, then what is
    /// said of them. `a b` and `a_b` are the same.
    #[must_use]
    pub fn entries<'a>(&self, keys: &'a Keymap) -> Vec<&'a Bound> {
        let typed = self
            .prompt
            .text()
            .trim()
            .to_lowercase()
            .replace([' ', '-'], "_");
        let rank = |binding: &Bound| {
            let name = binding.action.name();
            if name.starts_with(&typed) {
                Some(0)
            } else if name.contains(&typed) {
                Some(1)
            } else {
                let help = binding.help.to_lowercase().replace(' ', "_");
                help.contains(&typed).then_some(2)
            }
        };
        let mut entries: Vec<_> = keys
            .bindings(self.context)
            .filter_map(|binding| rank(binding).map(|rank| (rank, binding)))
            .collect();
        entries.sort_by_key(|(rank, _)| *rank);
        entries.into_iter().map(|(_, binding)| binding).collect()
    }

    /// The selected entry.
    #[must_use]
    pub fn selected<'a>(&self, keys: &'a Keymap) -> Option<&'a Bound> {
        self.entries(keys).get(self.cursor).copied()
    }
}
