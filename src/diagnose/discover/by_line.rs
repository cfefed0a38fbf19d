//! A number for some of the lines, found without searching: it is asked for every line of every message.

use std::iter::Map;
use std::slice::Iter;

/// Stands where a line has none.
const NONE: u32 = u32::MAX;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct ByLine {
    /// By line: where its pair stands.
    at: Vec<u32>,
    /// Line and number, in the order they were given.
    pairs: Vec<(u32, u32)>,
}

impl ByLine {
    /// The number of a line.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "asked as a map is")]
    pub(super) fn get(&self, line: &u32) -> Option<&u32> {
        let at = self.at.get(*line as usize)?;
        self.pairs.get(*at as usize).map(|(_, number)| number)
    }

    /// Gives a line a number, unless it has one; whether it had none.
    pub(super) fn give(&mut self, line: u32, number: u32) -> bool {
        let index = line as usize;
        if self.at.len() <= index {
            self.at.resize(index + 1, NONE);
        }
        let new = self.at[index] == NONE;
        if new {
            self.at[index] = self.pairs.len() as u32;
            self.pairs.push((line, number));
        }
        new
    }

    /// Lines and their numbers.
    pub(super) fn iter(&self) -> Pairs<'_> {
        self.pairs.iter().map(|(line, number)| (line, number))
    }
}

/// Lines and their numbers.
pub(super) type Pairs<'a> = Map<Iter<'a, (u32, u32)>, fn(&'a (u32, u32)) -> (&'a u32, &'a u32)>;

impl<'a> IntoIterator for &'a ByLine {
    type Item = (&'a u32, &'a u32);
    type IntoIter = Pairs<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
