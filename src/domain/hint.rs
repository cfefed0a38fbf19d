//! Whether any of several literals stands in a text: the cheap question before the dear one.
//!
//! A hint may say yes for nothing; it never says no where something is.

use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;

/// See the module.
#[derive(Clone, Debug, Default)]
pub enum Hint {
    /// It cannot be told cheaply.
    #[default]
    Unknown,
    /// A few literals, each looked for by itself.
    Few(Vec<Finder<'static>>),
    /// Many literals, looked for together.
    Many(AhoCorasick),
}

/// Up to so many literals are faster found one after the other.
const FEW: usize = 3;

impl Hint {
    /// The hint for several askers, each with the literals of which one must stand in the text; `None`
    /// for one that names none.
    #[must_use]
    pub fn new(literals: impl Iterator<Item = Option<Vec<Vec<u8>>>>) -> Self {
        let Some(literals) = literals.collect::<Option<Vec<_>>>() else {
            return Self::Unknown;
        };
        let mut literals = literals.concat();
        literals.sort();
        literals.dedup();
        // What begins with another literal adds nothing.
        let mut kept: Vec<Vec<u8>> = Vec::new();
        for literal in literals {
            if !kept.last().is_some_and(|last| literal.starts_with(last)) {
                kept.push(literal);
            }
        }
        if kept.len() <= FEW {
            return Self::Few(kept.iter().map(|l| Finder::new(l).into_owned()).collect());
        }
        AhoCorasick::new(kept).map_or(Self::Unknown, Self::Many)
    }

    /// Whether one of the literals may stand in `text`.
    #[must_use]
    pub fn may_match(&self, text: &[u8]) -> bool {
        match self {
            Self::Unknown => true,
            Self::Few(finders) => finders.iter().any(|finder| finder.find(text).is_some()),
            Self::Many(all) => all.is_match(text),
        }
    }
}
