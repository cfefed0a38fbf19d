//! Messages that begin otherwise than those that go on, and never go on themselves: a health check among
//! orders, a reader among writers. They are no losses; nothing was ever to come.
//!
//! Only kinds that never once went on are told apart, and only by how they begin, which no loss can
//! change. They are told, so that whoever knows better can take them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::placing::Placing;
use super::rules::Material;

/// A kind of line begins messages if it is the first of so many that bear it, in percent.
const BEGINS: usize = 90;
/// A place belongs to a kind's way if so many of its messages come there, in percent.
const COMES: usize = 80;
/// What so few messages in a thousand do is an accident.
const STRAY: usize = 5;

/// What is known of the messages that begin with one kind of line.
#[derive(Debug, Default)]
struct Kind {
    messages: Vec<usize>,
    /// The places that each of them comes to, in their order.
    ways: Vec<Vec<u32>>,
    /// Messages that come to each place.
    places: BTreeMap<u32, usize>,
}

/// Messages that begin with one kind of line and never go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Short {
    /// The line with which they begin.
    pub(super) template: u32,
    pub(super) messages: usize,
}

/// The kinds that never go on, and the other messages.
pub(super) fn apart<'a>(
    material: &Material<'_>,
    placing: &Placing,
    messages: &'a [Vec<u32>],
) -> (Vec<Short>, Cow<'a, [Vec<u32>]>) {
    let kinds = kinds(material, placing, messages);
    let mut short = Vec::new();
    for (template, kind) in &kinds {
        let own: BTreeSet<u32> = kind
            .places
            .iter()
            .filter(|(_, n)| **n * 1000 > kind.messages.len() * STRAY)
            .map(|(place, _)| *place)
            .collect();
        let goes_on = |(other, long): (&u32, &Kind)| {
            other != template
                && long.messages.len() * 20 >= kind.messages.len()
                && leads_on(long, &own)
                && !alike(material, *template, *other)
        };
        if kinds.iter().any(goes_on) {
            short.push(Short {
                template: *template,
                messages: kind.messages.len(),
            });
        }
    }
    if short.is_empty() {
        return (short, Cow::Borrowed(messages));
    }
    let left: BTreeSet<usize> = short
        .iter()
        .flat_map(|short| &kinds[&short.template].messages)
        .copied()
        .collect();
    let others = messages
        .iter()
        .enumerate()
        .filter(|(at, _)| !left.contains(at));
    let others: Vec<Vec<u32>> = others.map(|(_, message)| message.clone()).collect();
    (short, Cow::Owned(others))
}

/// The messages by the kind of line with which they begin, where that line begins messages.
fn kinds(material: &Material<'_>, placing: &Placing, messages: &[Vec<u32>]) -> BTreeMap<u32, Kind> {
    let of = &material.templates.of;
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
        let Some(first) = message.first().and_then(|line| of.get(line)) else {
            continue;
        };
        let kind = kinds.entry(*first).or_default();
        kind.messages.push(index);
        let way = way(placing, message);
        for place in &way {
            *kind.places.entry(*place).or_default() += 1;
        }
        kind.ways.push(way);
    }
    kinds.retain(|template, kind| kind.messages.len() * 100 >= borne[template] * BEGINS);
    kinds
}

/// The places that a message comes to, in their order.
fn way(placing: &Placing, message: &[u32]) -> Vec<u32> {
    let mut way: Vec<u32> = Vec::new();
    for line in message {
        let place = placing.of_line[*line as usize];
        if !way.contains(&place) {
            way.push(place);
        }
    }
    way
}

/// Whether the messages of a kind go on from `places`: to one that nearly all of them come to afterwards.
fn leads_on(long: &Kind, places: &BTreeSet<u32>) -> bool {
    let all = long.messages.len();
    let mut candidates = long
        .places
        .iter()
        .filter(|(place, n)| !places.contains(place) && **n * 100 >= all * COMES);
    candidates.any(|(candidate, _)| {
        let behind = |way: &&Vec<u32>| {
            way.iter()
                .position(|place| place == candidate)
                .is_some_and(|at| {
                    let mut later = way[at..].iter();
                    way[..at].iter().any(|place| places.contains(place))
                        && !later.any(|place| places.contains(place))
                })
        };
        long.ways.iter().filter(behind).count() * 100 >= all * COMES
    })
}

/// Whether two kinds of lines differ in one word only, which may be a name.
fn alike(material: &Material<'_>, a: u32, b: u32) -> bool {
    let words = |template: u32| material.templates.all[template as usize].words(material.lines);
    let (a, b) = (words(a), words(b));
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    a.len() == b.len() && a.len() > 2 && a.iter().zip(&b).filter(|(a, b)| a != b).count() <= 1
}
