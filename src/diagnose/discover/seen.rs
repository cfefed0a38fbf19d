//! All that was read of a corpus, for those who put it together.

use std::collections::BTreeSet;

use super::corpus::Corpus;
use super::deep::Deep;
use super::families::Families;
use super::lines::Lines;
use super::links::Link;
use super::mentions::Mention;
use super::messages::Travellers;
use super::places::Named;
use super::placing::Placing;
use crate::domain::discovery::{Confidence, FoundLink};

/// All that was read of a corpus.
pub(super) struct Seen<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) lines: &'a Lines,
    pub(super) named: &'a [Named],
    /// What the kinds of sources are called.
    pub(super) kinds: &'a [String],
    /// Kind of each source.
    pub(super) of_source: &'a [u32],
    pub(super) placing: &'a Placing,
    pub(super) families: &'a Families,
    pub(super) links: &'a [Link],
    /// Places that carry IDs in a way of their own.
    pub(super) mentions: &'a [Mention],
    /// Places that say of a request that it was answered, and when it began.
    pub(super) fronts: &'a BTreeSet<u32>,
    /// IDs in texts below the top.
    pub(super) deep: &'a Deep,
}

impl Seen<'_> {
    pub(super) fn place(&self, line: u32) -> u32 {
        self.placing.of_line[line as usize]
    }

    pub(super) fn link(&self, link: &Link, travellers: &Travellers) -> Option<FoundLink> {
        let at = |family: usize| travellers.families.iter().position(|f| *f == family);
        let places: Vec<&str> = link
            .places
            .iter()
            .map(|p| self.placing.names[*p as usize].as_str())
            .collect();
        Some(FoundLink {
            between: (at(link.a)?, at(link.b)?),
            place: places.join(", "),
            lines: link.lines,
            confidence: Confidence {
                share: (1.0 / (link.a_per_b * link.b_per_a)) as f32,
                evidence: format!(
                    "{:.2} to {:.2} of one to one of the other",
                    link.a_per_b, link.b_per_a
                ),
            },
        })
    }
}

/// Whether messages are other ones than those whose lines are told of already.
pub(super) fn is_news(travellers: &Travellers, told: &BTreeSet<u32>) -> bool {
    let lines: BTreeSet<u32> = travellers.messages.iter().flatten().copied().collect();
    lines.intersection(told).count() * 2 < lines.len()
}
