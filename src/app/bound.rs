//! The keys of a run: the table of the keymap, as the user's configuration changes it.

use super::action::Action;
use super::chord::Chord;
use super::context::Context;
use super::keymap::BINDINGS;

/// An action in one view, with the keys that hold there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// Where.
    pub context: Context,
    /// What it does.
    pub action: Action,
    /// The keys, the one to show first.
    pub keys: Vec<Chord>,
    /// What it does, in a few words.
    pub help: &'static str,
}

/// The keys of a run: the table above, as the user's configuration changes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keymap(Vec<Bound>);

impl Default for Keymap {
    fn default() -> Self {
        let bound = BINDINGS.iter().flat_map(|binding| {
            binding.contexts.iter().map(|context| Bound {
                context: *context,
                action: binding.action,
                keys: binding.keys.to_vec(),
                help: binding.help,
            })
        });
        Self(bound.collect())
    }
}

impl Keymap {
    /// What a chord means in a context.
    #[must_use]
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        self.bindings(context)
            .find(|bound| bound.keys.contains(&chord))
            .map(|bound| bound.action)
    }

    /// The bindings of a context, in the order of the table.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = &Bound> {
        self.0.iter().filter(move |bound| bound.context == context)
    }

    /// Those of them that have a key: what the help shows.
    pub fn keyed(&self, context: Context) -> impl Iterator<Item = &Bound> {
        let bound = self.bindings(context);
        bound.filter(|bound| !bound.keys.is_empty())
    }

    /// The key to show for an action.
    #[must_use]
    pub fn key_of(&self, context: Context, action: Action) -> Option<Chord> {
        self.bindings(context)
            .find(|bound| bound.action == action)
            .and_then(|bound| bound.keys.first().copied())
    }

    /// Other keys for an action where it can be done in a context; false where it cannot.
    pub fn rebind(&mut self, context: Context, action: Action, keys: &[Chord]) -> bool {
        let mut here = self
            .0
            .iter_mut()
            .filter(|bound| bound.context == context && bound.action == action);
        here.next().is_some_and(|bound| {
            bound.keys = keys.to_vec();
            true
        })
    }

    /// Takes a key from every other action that has it; the actions that have none then.
    pub fn take_away(&mut self, context: Context, chord: Chord, keep: Action) -> Vec<Action> {
        let others = self.0.iter_mut().filter(|bound| {
            bound.context == context && bound.action != keep && bound.keys.contains(&chord)
        });
        let mut bare = Vec::new();
        for bound in others {
            bound.keys.retain(|key| *key != chord);
            if bound.keys.is_empty() {
                bare.push(bound.action);
            }
        }
        bare
    }
}
