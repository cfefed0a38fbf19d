//! What travels: the IDs that belong together, and every message with all the lines that name it.

use std::collections::BTreeSet;

use super::families::Families;
use super::lines::{Key, Line, Lines};
use super::links::{self, Link};
use super::order;
use super::quick::QuickMap;
use super::records::{self, Names, Parts};
use super::union::Union;

/// A message that has so many values of one ID is one made of many.
const MERGED: usize = 8;

/// One kind of message.
#[derive(Debug, Default)]
pub(super) struct Travellers {
    /// The IDs it has, most lines first.
    pub(super) families: Vec<usize>,
    /// Links between them, as indices.
    pub(super) links: Vec<usize>,
    /// The lines of every message, in the order of their times.
    pub(super) messages: Vec<Vec<u32>>,
}

/// What one line names, or one record of it.
pub(super) struct Unit<'a> {
    pub(super) line: usize,
    pub(super) names: &'a Names,
    /// Whether it lists several values of one ID.
    list: bool,
}

/// Everything by which messages are found.
pub(super) struct Search<'a> {
    pub(super) lines: &'a Lines,
    pub(super) families: &'a Families,
    pub(super) pairs: &'a [Link],
    /// What every line names.
    pub(super) borne: &'a [Names],
    /// What belongs together.
    pub(super) units: Vec<Unit<'a>>,
    /// IDs of which two in one line are two messages all the same.
    apart: BTreeSet<usize>,
    /// Which lines are the platform's own.
    platform: Vec<bool>,
    /// Which sources give the newest line first.
    newest_first: Vec<bool>,
    /// For each pair whether it is taken for one message.
    pub(super) taken: Vec<bool>,
}

impl<'a> Search<'a> {
    /// A search that takes every pair that joins one by one, unless that makes one message of many.
    pub(super) fn new(
        lines: &'a Lines,
        families: &'a Families,
        pairs: &'a [Link],
        (borne, parts, places): (&'a [Names], &'a Parts, &[u32]),
    ) -> Self {
        let own = |line: &Line| is_event(lines, line);
        let all = borne.iter().enumerate();
        let named = all.flat_map(|(at, names)| parts.of(at, names).iter().map(move |n| (at, n)));
        let unit = |(line, names): (usize, &'a Names)| Unit {
            line,
            names,
            list: links::is_list(&lines.all[line], places[line], names, families),
        };
        let mut search = Self {
            units: named.map(unit).collect(),
            apart: BTreeSet::new(),
            platform: lines.all.iter().map(own).collect(),
            newest_first: order::newest_first(lines),
            taken: pairs.iter().map(Link::is_functional).collect(),
            lines,
            families,
            pairs,
            borne,
        };
        // What makes one message of many is found by doing it.
        for family in search.renamed() {
            if search.merges(&BTreeSet::from([family])) {
                search.apart.insert(family);
            }
        }
        while let Some(worst) = search.merging() {
            search.taken[worst] = false;
        }
        search
    }

    /// Everything that travels, what stands in most places first.
    pub(super) fn travellers(&self) -> Vec<Travellers> {
        let all = &self.families.all;
        let mut found = Vec::new();
        for members in links::components(all.len(), self.pairs, &self.taken) {
            let mut chosen: BTreeSet<usize> = members.into_iter().collect();
            self.prune(&mut chosen);
            let messages = self.gather(&chosen);
            let repeated = messages.iter().filter(|m| m.len() > 1).count();
            if messages.len() < 2 || repeated * 4 < messages.len() {
                continue;
            }
            let mut ordered: Vec<usize> = chosen.iter().copied().collect();
            ordered.sort_by_key(|f| (std::cmp::Reverse(all[*f].lines), *f));
            let within = |pair: &Link| chosen.contains(&pair.a) && chosen.contains(&pair.b);
            let links = (0..self.pairs.len()).filter(|l| self.taken[*l] && within(&self.pairs[*l]));
            found.push(Travellers {
                links: links.collect(),
                families: ordered,
                messages,
            });
        }
        found.sort_by_key(|t| {
            let named: usize = t.messages.iter().map(Vec::len).sum();
            std::cmp::Reverse((self.places(&t.families).len(), named))
        });
        // What is carried names a message better than the invocations that carry it.
        let carry = found
            .iter()
            .map(|t| self.only_carries(t, &found) || self.hands_on(t, &found));
        let carry: Vec<bool> = carry.collect();
        let (carriers, mut first): (Vec<_>, Vec<_>) =
            found.into_iter().zip(carry).partition(|(_, carry)| *carry);
        first.extend(carriers);
        first
            .into_iter()
            .map(|(travellers, _)| travellers)
            .collect()
    }

    /// Whether these are invocations and nothing else, and carry what goes on through several of them.
    fn only_carries(&self, travellers: &Travellers, all: &[Travellers]) -> bool {
        let invocations = &travellers.families;
        if !invocations.iter().all(|f| self.is_invocation(*f)) {
            return false;
        }
        let own: BTreeSet<u32> = travellers.messages.iter().flatten().copied().collect();
        all.iter().any(|other| {
            let families = &other.families;
            let beside = other.messages.iter().flatten().filter(|l| own.contains(l));
            !families.iter().any(|f| invocations.contains(f))
                && beside.count() * 2 >= own.len()
                && self.carried(other, invocations) * 2 >= other.messages.len()
        })
    }

    /// How many messages several invocations carry.
    fn carried(&self, travellers: &Travellers, invocations: &[usize]) -> usize {
        let carriers = |message: &&Vec<u32>| {
            let names = message.iter().flat_map(|l| &self.borne[*l as usize]);
            let names = names.filter(|(family, _)| invocations.contains(family));
            names.collect::<BTreeSet<_>>().len() > 1
        };
        travellers.messages.iter().filter(carriers).count()
    }

    /// Whether most values of an ID name invocations.
    fn is_invocation(&self, family: usize) -> bool {
        let slots = self.families.all[family].slots.iter();
        let mut slots = slots.map(|slot| &self.families.slots[*slot]);
        slots.all(|slot| {
            let known = |value: &&u32| self.lines.invocations.contains(*value);
            slot.values.keys().filter(known).count() * 2 > slot.values.len()
        })
    }

    pub(super) fn places<'b>(
        &self,
        families: impl IntoIterator<Item = &'b usize>,
    ) -> BTreeSet<u32> {
        let families = families.into_iter().map(|f| &self.families.all[*f].places);
        families.flatten().copied().collect()
    }

    /// The IDs of which some line has an old name and a new one.
    fn renamed(&self) -> BTreeSet<usize> {
        let told = self.units.iter().filter(|unit| !unit.list);
        told.flat_map(|unit| records::repeated(unit.names))
            .collect()
    }

    /// The pair that makes one message of many, if there is one.
    fn merging(&self) -> Option<usize> {
        for members in links::components(self.families.all.len(), self.pairs, &self.taken) {
            if members.len() < 2 {
                continue;
            }
            let chosen: BTreeSet<usize> = members.into_iter().collect();
            if self.merges(&chosen) {
                let within = |l: &usize| {
                    let pair = &self.pairs[*l];
                    self.taken[*l] && chosen.contains(&pair.a) && chosen.contains(&pair.b)
                };
                let spread = |l: &usize| {
                    let pair = &self.pairs[*l];
                    ((pair.a_per_b * pair.b_per_a) * 1000.0) as u64
                };
                return (0..self.pairs.len()).filter(within).max_by_key(spread);
            }
        }
        None
    }

    /// Whether some IDs together make one message of many.
    fn merges(&self, chosen: &BTreeSet<usize>) -> bool {
        let (nodes, mut union) = self.join(chosen);
        let mut sizes: QuickMap<(usize, usize), usize> = QuickMap::default();
        for ((family, _), node) in nodes {
            *sizes.entry((union.root(node), family)).or_default() += 1;
        }
        let (total, big) = (sizes.len(), sizes.values().filter(|n| **n > MERGED).count());
        big * 500 > total || sizes.values().any(|n| *n > 100 && *n * 10 > total)
    }

    /// Joins the values that stand in one line.
    pub(super) fn join(&self, chosen: &BTreeSet<usize>) -> (QuickMap<(usize, u32), usize>, Union) {
        let mut nodes: QuickMap<(usize, u32), usize> = QuickMap::default();
        let mut union = Union::default();
        for Unit { names, list, .. } in &self.units {
            let own: Vec<&(usize, u32)> =
                names.iter().filter(|(f, _)| chosen.contains(f)).collect();
            let several = |(at, (family, _)): (usize, &&(usize, u32))| {
                own[..at].iter().any(|(f, _)| f == family) && (*list || self.apart.contains(family))
            };
            let list = own.iter().enumerate().any(several);
            let mut first = None;
            for name in own {
                let node = *nodes.entry(*name).or_insert_with(|| union.push());
                match first {
                    Some(first) if !list => union.join(first, node),
                    _ => first = Some(node),
                }
            }
        }
        (nodes, union)
    }

    /// Leaves out the IDs that add nothing: neither a place, nor a link, nor lines of their own.
    fn prune(&self, chosen: &mut BTreeSet<usize>) {
        let mut order: Vec<usize> = chosen.iter().copied().collect();
        // An invocation is the last thing that a message should be known by.
        order.sort_by_key(|f| {
            let family = &self.families.all[*f];
            (!self.carries(*f), family.places.len(), family.lines)
        });
        let mut before = chosen.len() + 1;
        // What held another together may be of no use without it.
        while chosen.len() < before {
            before = chosen.len();
            for family in &order {
                let mut without = chosen.clone();
                if without.remove(family)
                    && !without.is_empty()
                    && !self.is_name(*family, chosen)
                    && (!self.is_bare(&without) || self.is_bare(&BTreeSet::from([*family])))
                    && self.places(&without) == self.places(chosen.iter())
                    && links::connected(&without, self.pairs, &self.taken)
                    && !self.extends(*family, chosen)
                {
                    *chosen = without;
                }
            }
        }
    }

    /// Whether this is the whole name of which another ID is a part: people know it by that.
    fn is_name(&self, family: usize, chosen: &BTreeSet<usize>) -> bool {
        let keys = |family: &usize| {
            let slots = self.families.all[*family].slots.iter();
            let keys = slots.map(|slot| self.families.slots[*slot].key);
            keys.map(|key| self.lines.keys.of(key))
        };
        let mut cores = chosen.iter().flat_map(keys);
        cores.any(|core| {
            let Key::Core(stems) = core else {
                return false;
            };
            let mut own = keys(&family);
            own.any(|key| matches!(key, Key::Stem(stem) if stems.split('|').any(|s| s == stem)))
        })
    }

    /// Whether nothing says what these are, which only begin a text: people know a message by another.
    fn is_bare(&self, families: &BTreeSet<usize>) -> bool {
        let slots = families.iter().flat_map(|f| &self.families.all[*f].slots);
        let mut keys = slots.map(|slot| self.lines.keys.of(self.families.slots[*slot].key));
        keys.all(|key| matches!(key, Key::First(_)))
    }

    /// Whether an ID is of an invocation, by its name or by its values.
    fn carries(&self, family: usize) -> bool {
        let slots = self.families.all[family].slots.iter();
        let mut keys = slots.map(|slot| self.lines.keys.of(self.families.slots[*slot].key));
        keys.any(says_invocation) || self.is_invocation(family)
    }

    /// Whether messages have lines that have only this ID: at their beginning or end if it is of an
    /// invocation, which says more than what becomes of the message.
    fn extends(&self, family: usize, chosen: &BTreeSet<usize>) -> bool {
        let messages = self.gather(chosen);
        let only = |line: &u32| {
            let names = &self.borne[*line as usize];
            let mut own = names.iter().filter(|(f, _)| chosen.contains(f));
            own.all(|(f, _)| *f == family)
        };
        let all_only = |message: &Vec<u32>| message.iter().all(only);
        let longer: Vec<&Vec<u32>> = messages.iter().filter(|m| m.len() > 1).collect();
        let carries = self.carries(family);
        let has_own = |m: &Vec<u32>| {
            if carries {
                m.first().is_some_and(only) || m.last().is_some_and(only)
            } else {
                m.iter().any(only)
            }
        };
        let own = longer.iter().filter(|m| has_own(m) && !all_only(m)).count();
        // Lines that have only this ID and lead nowhere say nothing of a message.
        let alone = messages.iter().filter(|m| all_only(m)).count();
        own * 4 > longer.len() && alone * 3 < own
    }

    /// The lines of every message.
    fn gather(&self, chosen: &BTreeSet<usize>) -> Vec<Vec<u32>> {
        let (nodes, mut union) = self.join(chosen);
        let mut of_root: Vec<Vec<u32>> = vec![Vec::new(); nodes.len()];
        let lines = self.borne.iter().zip(&self.platform).enumerate();
        for (index, (names, _)) in lines.filter(|(_, (_, platform))| !**platform) {
            let nodes = names.iter().filter_map(|n| nodes.get(n));
            let mut roots: Vec<usize> = nodes.map(|n| union.root(*n)).collect();
            roots.sort_unstable();
            roots.dedup();
            for root in roots {
                of_root[root].push(index as u32);
            }
        }
        of_root.retain(|message| !message.is_empty());
        for message in &mut of_root {
            message.sort_by_key(|line| order::place(self.lines, &self.newest_first, *line));
        }
        of_root
    }
}

/// Whether an object is the platform's own.
fn is_event(lines: &Lines, line: &Line) -> bool {
    line.fields.iter().any(|(key, value)| {
        matches!(lines.keys.of(*key), Key::Field(path) if path == "type")
            && lines.values.of(*value).starts_with("platform.")
    })
}

/// Whether a name says that an ID is of an invocation, which may carry several messages or none.
fn says_invocation(key: &Key) -> bool {
    const ENDS: [&str; 3] = ["requestid", "invocationid", "executionid"];
    let name = super::templates::name(key).to_lowercase();
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    ENDS.iter().any(|end| plain.ends_with(end))
}
