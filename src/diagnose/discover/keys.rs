//! The names of the places where values stand, told apart by how a configuration would find them.

use super::interned::Named;

/// Where a value stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Key {
    /// In a JSON field, or behind `key=` in a line of text.
    Field(String),
    /// Behind `key=` in a string at the top of a JSON object.
    Inner(String),
    /// Behind this literal text, in a line of text or in a string at the top of a JSON object.
    Behind(String),
    /// At the beginning of a text, behind nothing but its time ([`super::leading`]).
    First(String),
    /// In a column without a name ([`columns`]).
    Column(String),
    /// Anywhere in such a text, beginning so; with [`COUNTED`] at its end, with a number behind a colon;
    /// [`PART`] for that of any UUID.
    Stem(String),
    /// Behind any of these beginnings, which names have in common ([`super::contained`]).
    Core(String),
    /// The template of a text: of the whole line (empty), or of a field.
    Template(String),
}

/// Stands for the name of a part of what a UUID names ([`super::parts`]).
pub(super) const PART: &str = "<*>.";

/// Ends the stem of what has a number behind a colon.
pub(super) const COUNTED: &str = "<*>:";

impl Named for Key {
    type Name<'a> = (Stands, &'a str);

    fn name(&self) -> (Stands, &str) {
        match self {
            Self::Field(path) => (Stands::Field, path),
            Self::Inner(path) => (Stands::Inner, path),
            Self::Behind(text) => (Stands::Behind, text),
            Self::First(text) => (Stands::First, text),
            Self::Column(text) => (Stands::Column, text),
            Self::Stem(text) => (Stands::Stem, text),
            Self::Core(text) => (Stands::Core, text),
            Self::Template(path) => (Stands::Template, path),
        }
    }

    fn is(&self, name: (Stands, &str)) -> bool {
        self.name() == name
    }

    fn of((stands, text): (Stands, &str)) -> Self {
        let text = text.to_owned();
        match stands {
            Stands::Field => Self::Field(text),
            Stands::Inner => Self::Inner(text),
            Stands::Behind => Self::Behind(text),
            Stands::First => Self::First(text),
            Stands::Column => Self::Column(text),
            Stands::Stem => Self::Stem(text),
            Stands::Core => Self::Core(text),
            Stands::Template => Self::Template(text),
        }
    }
}

/// The kind of a [`Key`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Stands {
    Field,
    Inner,
    Behind,
    First,
    Column,
    Stem,
    Core,
    Template,
}
