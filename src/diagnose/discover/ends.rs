//! Where messages may end although others go on: where they do so evenly, over the whole time and
//! whatever is known of them. A loss begins at some moment, or has something in common; what never had
//! to come is left out as often in every hour, on every host and for every kind.
//!
//! It knows no rules and writes nothing; what it says is a guess, and told as one.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::{Flow, Passage};
use super::lines::Key;
use super::quick::QuickMap;
use super::seen::Seen;
use super::shape::Class;
use crate::diagnose::statistics::Table;
use crate::domain::time::Timestamp;

/// Fewer messages than this show no habit.
const ENOUGH: usize = 40;
/// Fewer that end show none either.
const ENDED: usize = 8;
/// Where fewer than this share end, it may as well be a loss without a reason.
const LEAST: f64 = 0.15;
/// The same for what is done by what was said of it, where only its taking down would follow.
const LEAST_DONE: f64 = 0.03;
/// Fewer that end so are not worth a word.
const LEAST_TOLD: f64 = 0.03;
/// The same where others leave the same step out.
const LEAST_BESIDE: f64 = 0.04;
/// A difference is believed that chance alone gives in fewer than one search of so many.
const SURE: f64 = 0.001;
/// Who has a property ends so many times as often as who has not.
const LIFT: f64 = 2.0;
/// A field with more values than this is cut into parts if it holds numbers, else left out.
const VALUES: usize = 40;
/// Numbers are cut into so many parts.
const PARTS: usize = 8;

/// What is looked at.
pub(super) struct Ends<'a> {
    pub(super) seen: &'a Seen<'a>,
    pub(super) messages: &'a [Vec<u32>],
    /// One for each message.
    pub(super) passages: &'a [Passage],
    pub(super) flow: &'a Flow,
    /// Stage of a line.
    pub(super) stage: &'a dyn Fn(u32) -> usize,
    /// Whether the last line of a message says why nothing follows.
    pub(super) explained: &'a dyn Fn(&[u32]) -> bool,
    /// Whether what is said at a stage only takes down what was done.
    pub(super) takes_down: &'a dyn Fn(usize) -> bool,
    /// Whether the lines of a message say that it is done.
    pub(super) done: &'a dyn Fn(&[u32]) -> bool,
}

/// A message that came to a stage.
#[derive(Clone, Copy)]
pub(super) struct Member {
    /// Index of the message.
    pub(super) message: usize,
    pub(super) came: Timestamp,
    pub(super) ended: bool,
}

impl Ends<'_> {
    /// By stage: who came there early enough to be seen going on.
    pub(super) fn everywhere(&self, until: Timestamp) -> Vec<Vec<Member>> {
        let stages = 0..self.flow.order.len();
        stages.map(|stage| self.members(stage, until)).collect()
    }

    /// By stage: the share of messages that end there, where they do so evenly.
    pub(super) fn steady(&self, members: &[Vec<Member>]) -> Vec<Option<f64>> {
        let all = || members.iter().enumerate();
        let alone: Vec<Option<f64>> = all()
            .map(|(stage, members)| {
                let over = self.is_over(stage, members);
                self.share(stage, members, if over { LEAST_DONE } else { LEAST })
            })
            .collect();
        // What need not come behind one stage need not come behind the stage beside it.
        let beside = |stage: usize| {
            let mut onto = self.flow.before.iter().filter(|b| b.contains(&stage));
            onto.any(|before| before.iter().any(|other| alone[*other].is_some()))
        };
        let both = all().map(|(stage, members)| {
            let again = || beside(stage).then(|| self.share(stage, members, LEAST_BESIDE));
            alone[stage].or_else(|| again().flatten())
        });
        both.collect()
    }

    /// By stage: the share of messages that end there as evenly, but are too few to be taken for done.
    pub(super) fn unexplained(
        &self,
        members: &[Vec<Member>],
        steady: &[Option<f64>],
    ) -> Vec<Option<f64>> {
        let all = members.iter().zip(steady).enumerate();
        let shares = all.map(|(stage, (members, steady))| {
            let share = || self.share(stage, members, LEAST_TOLD);
            let few = steady.is_none().then(share).flatten();
            few.filter(|share| *share < LEAST)
        });
        shares.collect()
    }

    /// Whether messages that come to a stage, and no further, leave out evenly what `said` tells of some.
    pub(super) fn is_left_out(
        &self,
        stage: usize,
        until: Timestamp,
        said: &dyn Fn(&[u32]) -> bool,
    ) -> bool {
        let mut members = self.members(stage, until);
        members.retain(|member| member.ended);
        for member in &mut members {
            member.ended = !said(&self.messages[member.message]);
        }
        let out = members.iter().filter(|member| !member.ended);
        let mut took: Vec<i64> = out
            .map(|member| self.passages[member.message].last.since(member.came))
            .collect();
        took.sort_unstable();
        let patience = took.get(took.len() * 99 / 100).copied().unwrap_or(0);
        members.retain(|member| until.since(member.came) > patience);
        self.share(stage, &members, LEAST).is_some()
    }

    fn share(&self, stage: usize, members: &[Member], least: f64) -> Option<f64> {
        let ended = members.iter().filter(|member| member.ended).count();
        let share = ended as f64 / members.len().max(1) as f64;
        (members.len() >= ENOUGH
            && ended >= ENDED
            && share >= least
            && is_even(members, share)
            && !self.is_concentrated(stage, members))
        .then_some(share)
    }

    /// Who came to a stage early enough to be seen going on.
    fn members(&self, stage: usize, until: Timestamp) -> Vec<Member> {
        let all = self.passages.iter().enumerate();
        let came = all.filter_map(|(message, passage)| {
            let at = passage.stages.iter().position(|at| at.stage == stage)?;
            Some((message, passage, at))
        });
        let came: Vec<(usize, &Passage, usize)> = came.collect();
        let onward = came.iter().filter_map(|(_, passage, at)| {
            let next = passage.stages.get(at + 1)?;
            Some(next.time.since(passage.stages[*at].time))
        });
        let mut onward: Vec<i64> = onward.collect();
        onward.sort_unstable();
        let patience = onward.get(onward.len() * 99 / 100).copied().unwrap_or(0);
        let members = came.into_iter().filter_map(|(message, passage, at)| {
            let (came, ended) = (passage.stages[at].time, at + 1 == passage.stages.len());
            // Who came late is left out whether it went on or not, or the end would look better.
            let young = until.since(came) <= patience;
            let explained = ended && (self.explained)(&self.messages[message]);
            (!young && !explained).then_some(Member {
                message,
                came,
                ended,
            })
        });
        let mut members: Vec<Member> = members.collect();
        members.sort_by_key(|member| (member.came, member.message));
        members
    }

    /// Whether those that end were done before, and what would follow only takes them down.
    fn is_over(&self, stage: usize, members: &[Member]) -> bool {
        let next: Vec<usize> = (0..self.flow.before.len())
            .filter(|to| self.flow.before[*to].contains(&stage))
            .collect();
        let ended = members.iter().filter(|member| member.ended);
        let mut done = ended.map(|member| (self.done)(&self.messages[member.message]));
        !next.is_empty() && next.iter().all(|to| (self.takes_down)(*to)) && done.all(|done| done)
    }

    /// Whether something that was known of them tells who ends from who goes on.
    fn is_concentrated(&self, stage: usize, members: &[Member]) -> bool {
        let all = members.len() as u64;
        let lost = members.iter().filter(|member| member.ended).count() as u64;
        if lost == all {
            return false;
        }
        let known = self.parted(self.known(stage, members));
        let mut tables: Vec<Table> = Vec::new();
        for values in known.values() {
            let mut groups: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
            for (member, value) in values {
                let (with, lost_with) = groups.entry(*value).or_default();
                *with += 1;
                *lost_with += u64::from(members[*member].ended);
            }
            tables.extend(groups.into_values().map(|(with, lost_with)| Table {
                lost_with,
                lost,
                kept_with: with - lost_with,
                kept: all - lost,
            }));
        }
        let tried = tables.len() as f64;
        let differs = |table: &Table| {
            table.rate_with() >= LIFT * table.rate_without() && table.chance() * tried <= SURE
        };
        // Who hardly ever ends is as telling as who mostly does.
        let spared = |table: &Table| Table {
            lost_with: table.lost - table.lost_with,
            kept_with: table.kept - table.kept_with,
            ..*table
        };
        tables.iter().any(|t| differs(t) || differs(&spared(t)))
    }

    /// The same, where what has many values is cut into parts if it holds numbers, and left out else.
    fn parted(&self, mut known: QuickMap<Known, Values>) -> BTreeMap<Known, Values> {
        let number =
            |value: u32| crate::diagnose::condition::number(self.seen.lines.values.of(value));
        for (key, of) in &mut known {
            let mut distinct = BTreeSet::new();
            if of
                .iter()
                .any(|(_, value)| distinct.insert(*value) && distinct.len() > VALUES)
            {
                *of = match key {
                    Known::Field(..) => parts(of, &number),
                    Known::Source(_) | Known::Stream(_) => Values::new(),
                };
            }
        }
        known.into_iter().collect()
    }

    /// By key: the value of each member that had one by the time it came. What is said only later counts where
    /// nearly all say it, whether they end or not.
    pub(super) fn known(&self, stage: usize, members: &[Member]) -> QuickMap<Known, Values> {
        let mut known: QuickMap<Known, Values> = QuickMap::default();
        let mut later: QuickMap<Known, Values> = QuickMap::default();
        for (at, member) in members.iter().enumerate() {
            for index in &self.messages[member.message] {
                let line = &self.seen.lines.all[*index as usize];
                let early = line.time <= member.came;
                if !early && (self.stage)(*index) != stage {
                    continue;
                }
                let of = if early { &mut known } else { &mut later };
                self.says(*index, &mut |key, value| {
                    let values = of.entry(key).or_default();
                    // What was said first counts.
                    if values.last().is_none_or(|(member, _)| *member != at) {
                        values.push((at, value));
                    }
                });
            }
        }
        for (key, of) in later {
            if !known.contains_key(&key) && said_by_all(members, &of) {
                known.insert(key, of);
            }
        }
        known
    }

    /// What one line says of its message: where it stands, and its fields.
    fn says(&self, index: u32, each: &mut dyn FnMut(Known, u32)) {
        let line = &self.seen.lines.all[index as usize];
        let place = self.seen.place(index);
        let stream = self.seen.corpus.events[line.event as usize].stream;
        each(Known::Source(place), line.source);
        each(Known::Stream(place), stream);
        for (key, value) in &line.fields {
            let told = matches!(self.seen.lines.keys.of(*key), Key::Field(_) | Key::Inner(_));
            if told && self.seen.lines.classes[*value as usize] != Class::Uuid {
                each(Known::Field(*key, place), *value);
            }
        }
    }
}

/// A value of each member that has one, in their order.
pub(super) type Values = Vec<(usize, u32)>;

/// Whether nearly all say something, those that end and those that go on.
fn said_by_all(members: &[Member], values: &Values) -> bool {
    let nearly_all = |ended: bool| {
        let with = values.iter().filter(|(at, _)| members[*at].ended == ended);
        let all = members.iter().filter(|member| member.ended == ended);
        with.count() * 20 >= all.count() * 19
    };
    nearly_all(true) && nearly_all(false)
}

/// Something that can be known of a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Known {
    Source(u32),
    Stream(u32),
    /// A key, and the place where it was said.
    Field(u32, u32),
}

/// Numbers as the part of all numbers that they stand in; nothing where they are none.
fn parts(values: &Values, number: &dyn Fn(u32) -> Option<f64>) -> Values {
    let mut numbers: Vec<(f64, usize)> = values
        .iter()
        .filter_map(|(member, value)| Some((number(*value)?, *member)))
        .collect();
    if numbers.len() * 10 < values.len() * 9 {
        return Values::new();
    }
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let count = numbers.len().max(1);
    let part = |at: usize| (at * PARTS / count) as u32;
    let of = numbers.iter().enumerate();
    let mut parts: Values = of.map(|(at, (_, member))| (*member, part(at))).collect();
    parts.sort_unstable();
    parts
}

/// Whether members, in the order they came, end as often at all times.
pub(super) fn is_even(members: &[Member], share: f64) -> bool {
    // Nobody for long, and then some: that began.
    let spared = |member: &&Member| !member.ended;
    let at_first = members.iter().take_while(spared).count();
    let at_last = members.iter().rev().take_while(spared).count();
    let chance = |count: usize| (1.0 - share).powi(count.min(10_000) as i32);
    if chance(at_first) < SURE || chance(at_last) < SURE {
        return false;
    }
    let bins = (members.len() / 12).clamp(4, 12);
    let mut chi = 0.0;
    for bin in 0..bins {
        let of = &members[bin * members.len() / bins..(bin + 1) * members.len() / bins];
        let expected = of.len() as f64 * share;
        let ended = of.iter().filter(|member| member.ended).count() as f64;
        chi += (ended - expected).powi(2) / (expected * (1.0 - share)).max(0.5);
    }
    let freedom = (bins - 1) as f64;
    chi <= freedom + 3.0 * (2.0 * freedom).sqrt()
}
