//! Looks for a few short texts in every log line: the cheap question before the dear ones.
//!
//! Most lines hold none of them. Of a word in small letters the first may be a capital in the text. The
//! searcher compares four bytes at once, so none may be shorter without it.

use aho_corasick::{AhoCorasick, MatchKind, packed};

/// Several texts, each with what it means.
#[derive(Debug)]
pub(super) struct Needles<M: 'static> {
    all: &'static [(&'static str, M)],
    searcher: Searcher,
}

#[derive(Debug)]
enum Searcher {
    /// Teddy, of Hyperscan: where the machine has the instructions for it.
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
    /// No searcher could be built: nothing is found.
    None,
}

/// One that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needle<M> {
    pub(super) means: M,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Without a first small letter, if what is left is long enough to look for.
fn tail(text: &str) -> &str {
    let small = text.starts_with(|c: char| c.is_ascii_lowercase());
    &text[usize::from(small && text.len() > 4)..]
}

impl<M: Copy> Needles<M> {
    pub(super) fn new(all: &'static [(&'static str, M)]) -> Self {
        let texts = || all.iter().map(|(text, _)| tail(text));
        let packed = packed::Config::new()
            .match_kind(packed::MatchKind::LeftmostFirst)
            .builder()
            .extend(texts())
            .build();
        let automaton = || {
            let mut builder = AhoCorasick::builder();
            let built = builder.match_kind(MatchKind::LeftmostFirst).build(texts());
            built.map_or(Searcher::None, Searcher::Automaton)
        };
        Self {
            all,
            searcher: packed.map_or_else(automaton, Searcher::Packed),
        }
    }

    /// The first needle at or behind `at`.
    pub(super) fn find(&self, text: &[u8], at: usize) -> Option<Needle<M>> {
        let mut at = at;
        loop {
            let rest = text.get(at..)?;
            let found = match &self.searcher {
                Searcher::Packed(packed) => packed.find(rest),
                Searcher::Automaton(automaton) => automaton.find(rest),
                Searcher::None => None,
            }?;
            let (needle, means) = self.all[found.pattern().as_usize()];
            let end = at + found.end();
            let start = end.checked_sub(needle.len());
            let first = needle.as_bytes()[0];
            match start {
                Some(start) if text[start].eq_ignore_ascii_case(&first) => {
                    return Some(Needle { means, start, end });
                }
                _ => at = end,
            }
        }
    }
}
