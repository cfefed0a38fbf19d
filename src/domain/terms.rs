//! What a filter asks of a message, as data: terms that must all hold.
//!
//! How they are written is told in `terms_text`, how a ledger is asked in `sieve`. A message's
//! attribute has every value that any of its sightings bore; a term holds where any of them does, and
//! a negated one where none does.

use std::fmt;
use std::sync::Arc;

use super::pattern::Pattern;
use super::time::Timestamp;
use super::verdict::{Flags, Verdict};

/// Terms that must all hold; none holds for everything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terms(pub Vec<Term>);

/// One condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// It must not hold.
    pub not: bool,
    /// What must hold.
    pub test: Test,
}

/// What a term looks at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Test {
    /// An ID or an attribute's value.
    Any(Value),
    /// An ID.
    Id(Value),
    /// An attribute, by name.
    Attribute(Arc<str>, Value),
    /// The name of a source that it was seen in.
    Source(Value),
    /// The log stream of a sighting.
    Stream(Value),
    /// The verdict.
    Verdict(Verdict),
    /// A flag beside it.
    Flag(Flags),
    /// The furthest stage where it was seen.
    Stage(Arc<str>),
    /// The environment.
    Env(Arc<str>),
    /// The pipeline.
    Pipeline(Arc<str>),
    /// The region of a source that it was seen in.
    Region(Value),
    /// When it was seen.
    Seen(Seen),
}

/// When a message was seen: from a time on, and before another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Which sighting that is about.
    pub which: Which,
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// Which of a message's sightings a time is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Between its first and its last, both included: it was under way then.
    Any,
    /// Its first.
    First,
    /// Its last.
    Last,
}

impl Seen {
    /// Whether a message that was seen from `first` to `last` was seen then.
    #[must_use]
    pub fn takes(self, first: Timestamp, last: Timestamp) -> bool {
        let (late, early) = match self.which {
            Which::Any => (last, first),
            Which::First => (first, first),
            Which::Last => (last, last),
        };
        self.from.is_none_or(|from| late >= from) && self.to.is_none_or(|to| early < to)
    }
}

/// What a text must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// This, ignoring ASCII case.
    Is(String),
    /// Contains this, ignoring ASCII case.
    Has(String),
    /// Matches this.
    Matches(Pattern),
    /// A number that compares so with this one.
    Number(Compare, Number),
    /// Anything at all.
    Anything,
}

/// How two numbers compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compare {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// A number that is one: never NaN.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Number(f64);

impl Eq for Number {}

impl Number {
    /// The number that `text` spells.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.trim().parse::<f64>().ok()?;
        number.is_finite().then_some(Self(number))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Compare {
    fn holds(self, left: Number, right: Number) -> bool {
        match self {
            Self::Less => left.0 < right.0,
            Self::AtMost => left.0 <= right.0,
            Self::More => left.0 > right.0,
            Self::AtLeast => left.0 >= right.0,
        }
    }
}

impl Value {
    /// Whether this text is what it asks for.
    #[must_use]
    pub fn takes(&self, text: &[u8]) -> bool {
        match self {
            Self::Is(wanted) => text.eq_ignore_ascii_case(wanted.as_bytes()),
            Self::Has(wanted) => contains(text, wanted.as_bytes()),
            Self::Matches(pattern) => pattern.regex().is_match(text),
            Self::Number(compare, wanted) => std::str::from_utf8(text)
                .ok()
                .and_then(Number::parse)
                .is_some_and(|number| compare.holds(number, *wanted)),
            Self::Anything => true,
        }
    }
}

impl Terms {
    /// So many terms fit together: each has a bit.
    pub const MOST: usize = 32;

    /// One message, by one of its IDs.
    #[must_use]
    pub fn id(id: &str) -> Self {
        Self(vec![Term {
            not: false,
            test: Test::Id(Value::Is(id.to_owned())),
        }])
    }

    /// Whether there is no term.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether `text` contains `wanted`, ignoring ASCII case.
fn contains(text: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else {
        return true;
    };
    let (low, high) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(low, high, text).any(|at| {
        let behind = text.get(at + 1..at + 1 + rest.len());
        behind.is_some_and(|behind| behind.eq_ignore_ascii_case(rest))
    })
}
