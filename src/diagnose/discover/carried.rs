//! What several others carry, each a part of the way: a mail that one connection brings and another takes
//! out. A connection that is closed says nothing of what it brought, so that the mail is what travels.
//!
//! Who is tried again, or comes again, is carried by others of the same kind: there the last way is like the
//! first, and nothing is said here.

use std::collections::BTreeSet;

use super::lines::Key;
use super::links::FUNCTIONAL;
use super::messages::{Search, Travellers};

/// Who is carried by more others than this, on average, is what they are about.
const MOST: f64 = 4.0;
/// Fewer show no habit.
const ENOUGH: usize = 20;

/// Where a line stands and what it says.
type Kind = (u32, Option<u32>);

impl Search<'_> {
    /// Whether these only carry others from one to the next.
    pub(super) fn hands_on(&self, carriers: &Travellers, all: &[Travellers]) -> bool {
        all.iter().any(|carried| {
            // Who leads further is no part of the way.
            let (part, way) = (&carriers.families, &carried.families);
            self.places(part).is_subset(&self.places(way))
                && self.may_carry(carriers, carried)
                && self.is_handed_on(carriers, carried)
        })
    }

    /// Whether some ID of the one stands beside a few of the other.
    fn may_carry(&self, carriers: &Travellers, carried: &Travellers) -> bool {
        let few = |count: f64| (FUNCTIONAL..=MOST).contains(&count);
        let between = |one: usize, other: usize| {
            carriers.families.contains(&one) && carried.families.contains(&other)
        };
        self.pairs.iter().any(|pair| {
            between(pair.a, pair.b) && few(pair.a_per_b)
                || between(pair.b, pair.a) && few(pair.b_per_a)
        })
    }

    /// Whether most messages are carried to their end by another than at their beginning, and in another way.
    fn is_handed_on(&self, carriers: &Travellers, carried: &Travellers) -> bool {
        let by = |line: u32| {
            let mut names = self.borne[line as usize].iter();
            names.find(|(family, _)| carriers.families.contains(family))
        };
        let begin = carried.messages.iter().filter_map(|m| m.first());
        let begin: BTreeSet<Kind> = begin.map(|line| self.kind(*line)).collect();
        let (mut several, mut handed, mut again) = (0, 0, 0);
        for message in carried.messages.iter().filter(|m| m.len() > 1) {
            several += 1;
            let (first, last) = (by(message[0]), by(message[message.len() - 1]));
            if first.is_none() || last.is_none() || first == last {
                continue;
            }
            handed += 1;
            let mut lines = message.iter().filter(|line| by(**line) == last);
            again += usize::from(lines.any(|line| begin.contains(&self.kind(*line))));
        }
        several >= ENOUGH && handed * 4 >= several * 3 && again * 20 <= handed
    }

    fn kind(&self, line: u32) -> Kind {
        let line = &self.lines.all[line as usize];
        let mut fields = line.fields.iter();
        let said = fields.find(|(key, _)| matches!(self.lines.keys.of(*key), Key::Template(_)));
        (line.source, said.map(|(_, text)| *text))
    }
}
