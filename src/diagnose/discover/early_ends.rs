//! Messages of a kind that never once went on from a stage, from the first minute to the last, while
//! others do: a type that nobody handles, a page that needs no service. Nothing in the logs says whether
//! more was to come, so that they are told apart from losses and left to whoever knows.
//!
//! A loss begins at some moment, or leaves some of its kind alone; and where a message ran, such as its
//! host or its partition, is never what was meant for it.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes;
use super::ends::{Ends, Known, Member, is_even};
use super::flow::Flow;
use crate::diagnose::statistics::Table;
use crate::domain::discovery::{Confidence, FoundAttribute, FoundEnd};

/// Fewer of a kind show no habit.
const ENOUGH: usize = 20;
/// More values than this tell messages apart rather than kinds of them.
const VALUES: usize = 300;
/// So many kinds at most end at one stage.
const KINDS: usize = 12;
/// A difference is believed that chance alone gives in fewer than one search of so many.
const SURE: f64 = 0.001;
/// Where something runs, not what it is.
const WHERE: [&str; 30] = [
    "az",
    "broker",
    "cell",
    "cluster",
    "consumer",
    "container",
    "group",
    "host",
    "hostname",
    "instance",
    "ip",
    "lane",
    "machine",
    "node",
    "partition",
    "pid",
    "pod",
    "queue",
    "region",
    "release",
    "replica",
    "server",
    "shard",
    "source",
    "swimlane",
    "thread",
    "version",
    "vm",
    "worker",
    "zone",
];

/// A kind of message that ends at a stage, and what tells it.
pub(super) struct Kind {
    /// Indices of its messages.
    pub(super) messages: BTreeSet<usize>,
    pub(super) end: FoundEnd,
}

impl Ends<'_> {
    /// By stage: the kinds of messages that never go on from it.
    pub(super) fn early(&self, members: &[Vec<Member>]) -> Vec<Vec<Kind>> {
        let stages = members.iter().enumerate();
        stages
            .map(|(stage, members)| self.early_at(stage, members))
            .collect()
    }

    fn early_at(&self, stage: usize, members: &[Member]) -> Vec<Kind> {
        if goes_nowhere(self.flow, stage) {
            return Vec::new();
        }
        let ended = members.iter().filter(|member| member.ended).count();
        if ended < ENOUGH || ended == members.len() {
            return Vec::new();
        }
        let mut best: (usize, Vec<Kind>) = (0, Vec::new());
        for (selector, groups) in self.told(stage, members) {
            let kinds: Vec<(&String, &Vec<usize>)> = groups
                .iter()
                .filter(|(_, holders)| never_go_on(members, holders, ended, groups.len()))
                .collect();
            let explained: usize = kinds.iter().map(|(_, holders)| holders.len()).sum();
            // What tells only some of them is no reason for the others either.
            if kinds.len() > KINDS || explained * 2 < ended || explained <= best.0 {
                continue;
            }
            let kind = |(value, holders): &(&String, &Vec<usize>)| {
                let sure = only_reads(&selector.name, value);
                let attribute = FoundAttribute {
                    values: groups.len(),
                    ..selector.clone()
                };
                Kind {
                    messages: holders.iter().map(|at| members[*at].message).collect(),
                    end: FoundEnd {
                        attribute,
                        value: (*value).clone(),
                        sure,
                        confidence: guess(sure, holders.len()),
                    },
                }
            };
            best = (explained, kinds.iter().map(kind).collect());
        }
        best.1
    }

    /// By what tells it: who has which value.
    fn told(
        &self,
        stage: usize,
        members: &[Member],
    ) -> Vec<(FoundAttribute, BTreeMap<String, Vec<usize>>)> {
        let lines = self.seen.lines;
        let mut told: BTreeMap<String, (FoundAttribute, BTreeMap<u32, Vec<usize>>)> =
            BTreeMap::new();
        for (known, values) in self.known(stage, members) {
            let Known::Field(key, _) = known else {
                continue;
            };
            let Some((name, selector)) = attributes::selector(lines.keys.of(key)) else {
                continue;
            };
            if WHERE.contains(&name.to_ascii_lowercase().as_str()) || !attributes::is_name(&name) {
                continue;
            }
            let attribute = FoundAttribute {
                name,
                selector,
                values: 0,
            };
            let of = told
                .entry(attribute.selector.clone())
                .or_insert_with(|| (attribute, BTreeMap::new()));
            for (member, value) in values {
                of.1.entry(value).or_default().push(member);
            }
        }
        let few = |groups: usize| (2..=VALUES).contains(&groups);
        let told = told.into_values().filter(|(_, groups)| few(groups.len()));
        let named = told.map(|(attribute, groups)| {
            let groups = groups.into_iter();
            let groups = groups.map(|(value, holders)| (lines.values.of(value).clone(), holders));
            (attribute, groups.collect())
        });
        let requested = self.requested(stage, members);
        named
            .chain(requested.filter(|(_, groups)| few(groups.len())))
            .collect()
    }

    /// The first part of the path that a request is for, where a log of access says it.
    fn requested(
        &self,
        stage: usize,
        members: &[Member],
    ) -> Option<(FoundAttribute, BTreeMap<String, Vec<usize>>)> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, member) in members.iter().enumerate() {
            let mut here = self.messages[member.message]
                .iter()
                .filter(|line| (self.stage)(**line) == stage);
            let path = here.find_map(|line| {
                let event = self.seen.lines.all[*line as usize].event as usize;
                let text = self.seen.corpus.text(&self.seen.corpus.events[event]);
                attributes::first_of_path(&String::from_utf8_lossy(text))
            });
            groups.entry(path?).or_default().push(at);
        }
        let attribute = FoundAttribute {
            name: attributes::PATH.0.to_owned(),
            selector: attributes::PATH.1.to_owned(),
            values: groups.len(),
        };
        Some((attribute, groups))
    }
}

/// Whether what a request says of its method is that it changes nothing (RFC 9110, section 9.2.1): nobody
/// has to do more for it than to answer.
fn only_reads(name: &str, value: &str) -> bool {
    let named = name.to_ascii_lowercase();
    (named.ends_with("method") || named == "verb") && ["GET", "HEAD", "OPTIONS"].contains(&value)
}

/// How sure it is that a kind of which so many never went on is done.
fn guess(reads: bool, messages: usize) -> Confidence {
    let (share, why) = if reads {
        (
            0.8,
            "a request that changes nothing is done when it is answered",
        )
    } else {
        (0.6, "done, or never taken up?")
    };
    Confidence {
        share,
        evidence: format!("none of {messages} messages ever went on: {why}"),
    }
}

/// Whether no way leads on from a stage.
fn goes_nowhere(flow: &Flow, stage: usize) -> bool {
    !flow.before.iter().any(|before| before.contains(&stage))
}

/// Whether all holders of a value end, at all times alike, where so many end that it is no chance.
fn never_go_on(members: &[Member], holders: &[usize], ended: usize, tried: usize) -> bool {
    let holders: BTreeSet<usize> = holders.iter().copied().collect();
    if holders.len() < ENOUGH || !holders.iter().all(|at| members[*at].ended) {
        return false;
    }
    let table = Table {
        lost_with: holders.len() as u64,
        lost: ended as u64,
        kept_with: 0,
        kept: (members.len() - ended) as u64,
    };
    let came: Vec<Member> = members
        .iter()
        .enumerate()
        .map(|(at, member)| Member {
            ended: holders.contains(&at),
            ..*member
        })
        .collect();
    let share = holders.len() as f64 / members.len() as f64;
    table.chance() * tried as f64 <= SURE && is_even(&came, share)
}
