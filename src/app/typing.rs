//! One line being typed: a filter, a search, a time, a zone. What it comes to is told in `typed`.

use super::filter::Filter;
use super::list_state::Search;
use super::prompt::Prompt;
use crate::domain::correction::Part;

/// What is typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// What the list keeps; what it kept before.
    Filter(Box<Filter>),
    /// What is searched for in the list; what was before, and from which row.
    Search(Box<Search>, usize),
    /// A time to go to.
    Jump,
    /// A range of time to read.
    Range,
    /// A zone to show times in.
    Zone,
    /// What a guess is instead.
    Guess(Part),
}

/// What is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// Where, in characters from 0, if it is known.
    pub at: Option<usize>,
    /// What was found, and what to write instead.
    pub message: String,
}

/// A line being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typing {
    /// What for.
    pub purpose: Purpose,
    /// What was typed so far.
    pub prompt: Prompt,
    /// What it means, or what is wrong with it.
    pub echo: Result<String, Wrong>,
}

impl Typing {
    /// The sign before it.
    #[must_use]
    pub const fn sign(&self) -> &'static str {
        match self.purpose {
            Purpose::Filter(_) => "&",
            Purpose::Search(..) => "/",
            Purpose::Jump => "to ",
            Purpose::Range => "read ",
            Purpose::Zone => "zone ",
            Purpose::Guess(_) => "= ",
        }
    }
}
