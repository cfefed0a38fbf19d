//! Looks for a few short texts in every log line: the cheap question before the dear ones.
//!
//! Most lines hold none of them. Each is looked for by its tail, which should be rare and must be at least
//! four bytes long, for so many are compared at once; the head before it may be in capitals or not.

use aho_corasick::{AhoCorasick, MatchKind, packed};

/// Several texts, each with what it means.
#[derive(Debug)]
pub(super) struct Needles<M: 'static> {
    all: &'static [(&'static str, &'static str, M)],
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

impl<M: Copy> Needles<M> {
    pub(super) fn new(all: &'static [(&'static str, &'static str, M)]) -> Self {
        let tails = || all.iter().map(|(_, tail, _)| tail);
        debug_assert!(tails().all(|tail| tail.len() >= 4));
        // Twice as many kinds of tails are told apart at half the speed: so many need it.
        let packed = |fat| {
            packed::Config::new()
                .match_kind(packed::MatchKind::LeftmostFirst)
                .only_teddy_fat(fat)
                .builder()
                .extend(tails())
                .build()
        };
        let automaton = || {
            let mut builder = AhoCorasick::builder();
            let built = builder.match_kind(MatchKind::LeftmostFirst).build(tails());
            built.map_or(Searcher::None, Searcher::Automaton)
        };
        Self {
            all,
            searcher: packed(Some(true))
                .or_else(|| packed(None))
                .map_or_else(automaton, Searcher::Packed),
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
            let (head, tail, means) = self.all[found.pattern().as_usize()];
            let end = at + found.end();
            let start = end.checked_sub(head.len() + tail.len());
            let is_head = |start: &usize| {
                let there = &text[*start..*start + head.len()];
                there.eq_ignore_ascii_case(head.as_bytes())
            };
            if let Some(start) = start.filter(is_head) {
                return Some(Needle { means, start, end });
            }
            at = end;
        }
    }
}
