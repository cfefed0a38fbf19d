//! Messages that begin otherwise than those that go on, and never go on themselves: a health check among
//! orders, a reader among writers. They are no losses; nothing was ever to come.
//!
//! Only kinds that never once went on are told apart, and only by how they begin, which no loss can
//! change. Where nearly all of a kind end with words of their own (an answer), they are done with these,
//! and who never gets there is lost. They are told, so that whoever knows better can take them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::placing::Placing;
use super::rules::Material;
use crate::domain::verdict::Mark;

/// A kind of line begins messages if it is the first of so many that bear it, in percent.
const BEGINS: usize = 90;
/// A place belongs to a kind's way if so many of its messages come there, in percent.
const COMES: usize = 80;
/// What so few messages in a thousand do is an accident.
const STRAY: usize = 5;
/// Words end a kind's messages if they are the last of so many that bear them, in percent...
const LAST: usize = 80;
/// ...and so many of the kind's messages that did not fail bear such words.
const ENDED: usize = 90;

/// What is known of the messages that begin with one kind of line.
#[derive(Debug, Default)]
struct Kind {
    messages: Vec<usize>,
    /// The places that each of them comes to, in their order; again where it comes back.
    ways: Vec<Vec<u32>>,
    /// Messages that come to each place.
    places: BTreeMap<u32, usize>,
}

/// Messages that begin with one kind of line and never go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Short {
    /// The line with which they begin.
    pub(super) template: u32,
    /// Lines with which they end and others do not, where nearly all of them do.
    pub(super) done: Vec<u32>,
    pub(super) messages: usize,
}

/// The kinds that never go on, and the other messages.
pub(super) fn apart<'a>(
    material: &Material<'_>,
    placing: &Placing,
    messages: &'a [Vec<u32>],
    failed: &dyn Fn(u32) -> bool,
) -> (Vec<Short>, Cow<'a, [Vec<u32>]>) {
    let kinds = kinds(material, placing, messages);
    // Who was refused at once was to go on.
    let found = kinds.iter().filter(|(template, _)| !failed(**template));
    let found = found.filter_map(|(template, kind)| {
        let longer = kinds.iter().filter(|(other, long)| {
            *other != template
                && long.messages.len() * 20 >= kind.messages.len()
                && leads_on(long, kind)
                // Who goes on elsewhere takes another route, and neither is short of the other.
                && !leads_on(kind, long)
        });
        let least = longer.map(|(other, _)| differs(material, *template, *other));
        Some((*template, least.max()?))
    });
    let mut found: BTreeMap<u32, Differs> = found.collect();
    found.retain(|_, by| *by != Differs::Name);
    let theirs = Theirs::of(material, placing, &others(&kinds, messages, &found));
    let mut short = Vec::new();
    for (template, by) in &found {
        let kind = &kinds[template];
        let own: Vec<&Vec<u32>> = kind.messages.iter().map(|at| &messages[*at]).collect();
        let done = theirs.ends(material, &own, *template);
        // Where only another page is asked for, it takes an answer to be done.
        if *by == Differs::Kind || !done.is_empty() {
            short.push(Short {
                template: *template,
                done,
                messages: own.len(),
            });
        }
    }
    if short.is_empty() {
        return (short, Cow::Borrowed(messages));
    }
    found.retain(|template, _| short.iter().any(|short| short.template == *template));
    let going = others(&kinds, messages, &found);
    let going: Vec<Vec<u32>> = going.into_iter().cloned().collect();
    (short, Cow::Owned(going))
}

/// The messages of all other kinds.
fn others<'a>(
    kinds: &BTreeMap<u32, Kind>,
    messages: &'a [Vec<u32>],
    short: &BTreeMap<u32, Differs>,
) -> Vec<&'a Vec<u32>> {
    let left = short.keys().flat_map(|template| &kinds[template].messages);
    let left: BTreeSet<usize> = left.copied().collect();
    let others = messages.iter().enumerate();
    let others = others.filter(|(at, _)| !left.contains(at));
    others.map(|(_, message)| message).collect()
}

/// What is known of the messages that go on.
struct Theirs {
    templates: BTreeSet<u32>,
    /// Kinds of lines of the places they come to.
    beside: BTreeSet<u32>,
}

impl Theirs {
    fn of(material: &Material<'_>, placing: &Placing, messages: &[&Vec<u32>]) -> Self {
        let of = &material.templates.of;
        let lines = || messages.iter().copied().flatten();
        let places: BTreeSet<u32> = lines().map(|l| placing.of_line[*l as usize]).collect();
        let here = of
            .iter()
            .filter(|(line, _)| places.contains(&placing.of_line[**line as usize]));
        Self {
            beside: here.map(|(_, template)| *template).collect(),
            templates: lines().filter_map(|line| of.get(line)).copied().collect(),
        }
    }

    /// The kinds of lines with which nearly all messages of another kind end, and these never: none where
    /// there is no telling.
    fn ends(&self, material: &Material<'_>, messages: &[&Vec<u32>], first: u32) -> Vec<u32> {
        let of = &material.templates.of;
        let failed = |template: &u32| material.mark(*template) == Some(Mark::Fail);
        let mut borne: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        let mut said: Vec<BTreeSet<u32>> = Vec::new();
        for message in messages {
            let templates: Vec<u32> = message.iter().filter_map(|l| of.get(l)).copied().collect();
            let own: BTreeSet<u32> = templates.iter().copied().collect();
            for template in &own {
                borne.entry(*template).or_default().0 += 1;
            }
            if let Some(last) = templates.last() {
                borne.entry(*last).or_default().1 += 1;
            }
            said.push(own);
        }
        let ends = borne.iter().filter(|(template, (all, last))| {
            **template != first
                && last * 100 >= all * LAST
                && self.beside.contains(template)
                && !self.templates.contains(template)
                && !failed(template)
        });
        let ends: BTreeSet<u32> = ends.map(|(template, _)| *template).collect();
        let sound = || said.iter().filter(|own| !own.iter().any(failed));
        let ended = sound().filter(|own| !own.is_disjoint(&ends)).count();
        if ended * 100 < sound().count() * ENDED {
            return Vec::new();
        }
        ends.into_iter().collect()
    }
}

/// The messages by the kind of line with which they begin, where that line begins messages.
fn kinds(material: &Material<'_>, placing: &Placing, messages: &[Vec<u32>]) -> BTreeMap<u32, Kind> {
    let of = &material.templates.of;
    let begins = beginnings(placing, messages);
    let mut kinds: BTreeMap<u32, Kind> = BTreeMap::new();
    let mut borne: BTreeMap<u32, usize> = BTreeMap::new();
    for (index, message) in messages.iter().enumerate() {
        let said: BTreeSet<u32> = message
            .iter()
            .filter_map(|line| of.get(line))
            .copied()
            .collect();
        for template in said {
            *borne.entry(template).or_default() += 1;
        }
        let opens = |line: &&u32| begins.contains(&placing.of_line[**line as usize]);
        let first = message.iter().find(opens).or(message.first());
        let Some(first) = first.and_then(|line| of.get(line)) else {
            continue;
        };
        let kind = kinds.entry(*first).or_default();
        kind.messages.push(index);
        let way = way(placing, message);
        for place in way.iter().collect::<BTreeSet<_>>() {
            *kind.places.entry(*place).or_default() += 1;
        }
        kind.ways.push(way);
    }
    kinds.retain(|template, kind| kind.messages.len() * 100 >= borne[template] * BEGINS);
    kinds
}

/// The places that most messages that are seen there begin at, whatever the clocks say of some.
fn beginnings(placing: &Placing, messages: &[Vec<u32>]) -> BTreeSet<u32> {
    let mut places: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for message in messages {
        let way = way(placing, message);
        for place in way.iter().collect::<BTreeSet<_>>() {
            places.entry(*place).or_default().0 += 1;
        }
        if let Some(first) = way.first() {
            places.entry(*first).or_default().1 += 1;
        }
    }
    let most = places
        .into_iter()
        .filter(|(_, (all, first))| first * 2 > *all);
    most.map(|(place, _)| place).collect()
}

/// The places that a message comes to, in their order, and again where it comes back.
fn way(placing: &Placing, message: &[u32]) -> Vec<u32> {
    let mut way: Vec<u32> = Vec::new();
    for line in message {
        let place = placing.of_line[*line as usize];
        if way.last() != Some(&place) {
            way.push(place);
        }
    }
    way
}

/// Whether the messages of one kind go on from the places of another: to one that nearly all of them come
/// to afterwards, and do not come back from.
fn leads_on(long: &Kind, short: &Kind) -> bool {
    let all = long.messages.len();
    let stray = |n: usize| n * 1000 <= short.messages.len() * STRAY;
    let own = |place: &u32| short.places.get(place).is_some_and(|n| !stray(*n));
    let mut candidates = long
        .places
        .iter()
        .filter(|(place, n)| !own(place) && **n * 100 >= all * COMES);
    candidates.any(|(candidate, _)| {
        let behind = |way: &&Vec<u32>| {
            way.iter()
                .position(|place| place == candidate)
                .is_some_and(|at| way[..at].iter().any(own) && !way[at..].iter().any(own))
        };
        long.ways.iter().filter(behind).count() * 100 >= all * COMES
    })
}

/// By what two kinds of lines differ; the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Differs {
    /// One word, which may be a name.
    Name,
    /// What is asked of a server.
    Asked,
    /// More than one word.
    Kind,
}

fn differs(material: &Material<'_>, a: u32, b: u32) -> Differs {
    let words = |template: u32| material.templates.all[template as usize].words(material.lines);
    let (a, b) = (words(a), words(b));
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let mut differ = a.iter().zip(&b).filter(|(a, b)| a != b);
    let asked = differ
        .next()
        .is_some_and(|(a, b)| is_asked(a) && is_asked(b));
    match (a.len() == b.len() && a.len() > 2, differ.next().is_none()) {
        (true, true) if asked => Differs::Asked,
        (true, true) => Differs::Name,
        _ => Differs::Kind,
    }
}

/// Whether a word is what is asked of a server: a method or a path.
fn is_asked(word: &str) -> bool {
    const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let word = word.trim_start_matches('"');
    METHODS.contains(&word) || word.starts_with('/')
}
