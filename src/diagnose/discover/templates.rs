//! What happens to a message at one place: the kinds of lines there, told apart by what changes while
//! a message goes on (an event's name) and not by what stays with it (a host, a customer).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::by_line::ByLine;
use super::doers;
use super::drain::OUTCOMES;
use super::hosts;
use super::lines::{Key, Line, Lines};
use super::quick::QuickMap;
use super::shape::Class;
use super::words::VARIABLE;

/// More kinds than this are no kinds.
const MOST: usize = 60;
/// Of the messages with several lines at a place, so many must show two values, in percent.
const VARIES: usize = 15;

/// So many keys tell a line from others at most.
const TOLD: usize = 3;

/// Names of fields that say how bad it is, which is another question.
const LEVELS: [&str; 7] = [
    "level",
    "lvl",
    "severity",
    "loglevel",
    "levelname",
    "log_level",
    "priority",
];

/// Names of fields that say what was asked for, even where each message says it once.
const ASKED: [&str; 11] = [
    "name",
    "operationname",
    "operation",
    "method",
    "path",
    "route",
    "target",
    "endpoint",
    "uri",
    "url",
    "http_method",
];

/// Names of fields that may say by a number what happens (`type=0110`).
const CODES: [&str; 10] = [
    "type",
    "mti",
    "msgtype",
    "messagetype",
    "msg_type",
    "message_type",
    "opcode",
    "phase",
    "step",
    "stage",
];
/// A number that says what happens has no more digits than this.
const CODE: usize = 4;

/// One kind of line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Template {
    pub(super) place: u32,
    pub(super) format: u8,
    /// What tells it from others: keys and values.
    pub(super) says: Vec<(u32, u32)>,
}

/// All kinds of lines, and the kind of each.
#[derive(Debug, Default)]
pub(super) struct Templates {
    pub(super) all: Vec<Template>,
    /// By line; only of those that name a message.
    pub(super) of: ByLine,
    /// Lines of each kind, at most a few hundred.
    pub(super) samples: Vec<Vec<u32>>,
    pub(super) counts: Vec<usize>,
}

/// How many lines of a kind are kept as samples.
const SAMPLES: usize = 300;

/// Finds the kinds of lines of all messages. `places` tells the place of a line.
pub(super) fn find(lines: &Lines, place: &dyn Fn(u32) -> u32, messages: &[Vec<u32>]) -> Templates {
    let topics = topics(lines);
    let telling = telling(lines, &topics, place, messages);
    let mut found = Templates::default();
    let mut known: QuickMap<Template, u32> = QuickMap::default();
    for index in messages.iter().flatten() {
        let line = &lines.all[*index as usize];
        let group = (place(*index), line.format as u8);
        let keys = telling.get(&group).map_or(&[][..], Vec::as_slice);
        let says = keys
            .iter()
            .filter_map(|topic| said(lines, &topics, line, *topic));
        let template = Template {
            place: group.0,
            format: group.1,
            says: says.collect(),
        };
        let next = found.all.len() as u32;
        let id = *known.entry(template).or_insert_with_key(|template| {
            found.all.push(template.clone());
            found.samples.push(Vec::new());
            found.counts.push(0);
            next
        });
        if found.of.give(*index, id) {
            found.counts[id as usize] += 1;
            let samples = &mut found.samples[id as usize];
            if samples.len() < SAMPLES {
                samples.push(*index);
            }
        }
    }
    found
}

/// What a line says of a topic, with its key.
fn said(lines: &Lines, topics: &[Option<u32>], line: &Line, topic: u32) -> Option<(u32, u32)> {
    let mut fields = line.fields.iter();
    let told =
        |(k, v): &&(u32, u32)| topics[*k as usize] == Some(topic) && says_something(lines, *k, *v);
    fields.find(told).copied()
}

/// What is known of one key at one place.
#[derive(Default)]
struct Seen {
    lines: usize,
    values: BTreeSet<u32>,
    /// Messages with several lines that have it, and those in which it says two things.
    several: usize,
    varied: usize,
}

type Group = (u32, u8);

/// The keys that tell what happens, by place and format.
fn telling(
    lines: &Lines,
    topics: &[Option<u32>],
    place: &dyn Fn(u32) -> u32,
    messages: &[Vec<u32>],
) -> BTreeMap<Group, Vec<u32>> {
    let mut seen: BTreeMap<Group, BTreeMap<u32, Seen>> = BTreeMap::new();
    let mut total: BTreeMap<Group, usize> = BTreeMap::new();
    let mut within: BTreeMap<(Group, u32), Vec<u32>> = BTreeMap::new();
    for message in messages {
        within.clear();
        for index in message {
            let line = &lines.all[*index as usize];
            let group = (place(*index), line.format as u8);
            *total.entry(group).or_default() += 1;
            let keys = seen.entry(group).or_default();
            for (key, value) in &line.fields {
                let Some(topic) =
                    topics[*key as usize].filter(|_| says_something(lines, *key, *value))
                else {
                    continue;
                };
                let one = keys.entry(topic).or_default();
                one.lines += 1;
                if one.values.len() <= MOST {
                    one.values.insert(*value);
                }
                within.entry((group, topic)).or_default().push(*value);
            }
        }
        for ((group, key), values) in &within {
            if values.len() > 1
                && let Some(one) = seen.get_mut(group).and_then(|keys| keys.get_mut(key))
            {
                one.several += 1;
                one.varied += usize::from(values.iter().any(|v| *v != values[0]));
            }
        }
    }
    let chosen = seen.into_iter().map(|(group, keys)| {
        let total = total.get(&group).copied().unwrap_or(0);
        let mut chosen = choose(lines, topics, &keys, total);
        let others: Vec<u32> = chosen.iter().map(|(topic, _)| *topic).collect();
        let says = |index: u32, topic: u32| {
            let line = &lines.all[index as usize];
            let own = (place(index), line.format as u8) == group;
            let said = own.then(|| said(lines, topics, line, topic)).flatten();
            said.map(|(_, value)| value)
        };
        if others.len() > 1 {
            let loose = doers::find(&others, messages, &says);
            chosen.retain(|(topic, outcome)| *outcome || !loose.contains(topic));
        }
        let told = chosen.into_iter().map(|(topic, _)| topic);
        (group, told.take(TOLD).collect())
    });
    chosen.collect()
}

/// The keys that may tell what happens, the most telling first, and whether they tell an outcome.
fn choose(
    lines: &Lines,
    topics: &[Option<u32>],
    keys: &BTreeMap<u32, Seen>,
    total: usize,
) -> Vec<(u32, bool)> {
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    for (key, topic) in topics.iter().enumerate() {
        if let Some(topic) = topic {
            names
                .entry(*topic)
                .or_insert_with(|| name(lines.keys.of(key as u32)));
        }
    }
    let mut ranked: Vec<(u32, &Seen, bool)> = Vec::new();
    for (key, seen) in keys {
        let name = names[key].clone();
        let (path, last) = (name.as_str(), name.rsplit('.').next().unwrap_or_default());
        if seen.values.len() > MOST || LEVELS.contains(&last.to_ascii_lowercase().as_str()) {
            continue;
        }
        let enough = seen.lines * 10
            >= total
                * if OUTCOMES.contains(&last.to_ascii_lowercase().as_str()) {
                    1
                } else {
                    8
                };
        if !enough {
            continue;
        }
        let values = seen.values.iter();
        if hosts::are(values.map(|value| lines.values.of(*value).as_str())) {
            continue;
        }
        let varies = seen.several > 0 && seen.varied * 100 >= seen.several * VARIES;
        let outcome = OUTCOMES.contains(&last.to_ascii_lowercase().as_str())
            && seen.values.len() > 1
            && seen.values.len() <= 20;
        // Where a message says no more than one thing, what was asked for is what it says.
        let asked = seen.several * 5 < seen.lines
            && (2..=20).contains(&seen.values.len())
            && ASKED.contains(&last.to_ascii_lowercase().as_str());
        if varies || outcome || asked || path.is_empty() {
            ranked.push((*key, seen, outcome));
        }
    }
    // The plainest that tells most: named so, near the top, with many values.
    ranked.sort_by_key(|(key, seen, outcome)| {
        let path = names[key].clone();
        let depth = path.matches('.').count();
        (
            !*outcome,
            depth,
            std::cmp::Reverse(seen.varied),
            std::cmp::Reverse(seen.values.len()),
            path,
        )
    });
    let told = ranked.into_iter().map(|(key, _, outcome)| (key, outcome));
    told.collect()
}

/// For each key what it speaks of: a field is one whether it holds a word or a text.
fn topics(lines: &Lines) -> Vec<Option<u32>> {
    let mut known: HashMap<(bool, &str), u32> = HashMap::new();
    let topics = lines.keys.all.iter().map(|key| {
        let name = match key {
            Key::Field(path) | Key::Template(path) => (false, path.as_str()),
            Key::Inner(path) => (true, path.as_str()),
            Key::Behind(_) | Key::First(_) | Key::Column(_) | Key::Stem(_) | Key::Core(_) => {
                return None;
            }
        };
        let next = known.len() as u32;
        Some(*known.entry(name).or_insert(next))
    });
    topics.collect()
}

/// The path or name of a key; empty for a whole line.
pub(super) fn name(key: &Key) -> String {
    match key {
        Key::Field(path) | Key::Inner(path) | Key::Template(path) => path.clone(),
        Key::Behind(text)
        | Key::First(text)
        | Key::Column(text)
        | Key::Stem(text)
        | Key::Core(text) => text.clone(),
    }
}

fn says_something(lines: &Lines, key: u32, value: u32) -> bool {
    match lines.keys.of(key) {
        Key::Template(_) => true,
        Key::Field(path) | Key::Inner(path) => match lines.classes[value as usize] {
            Class::Word => true,
            Class::Digits => {
                let name = path.rsplit('.').next().unwrap_or_default();
                lines.values.of(value).len() <= CODE
                    && CODES.contains(&name.to_ascii_lowercase().as_str())
            }
            _ => false,
        },
        Key::Behind(_) | Key::First(_) | Key::Column(_) | Key::Stem(_) | Key::Core(_) => false,
    }
}

impl Templates {
    /// Whether a message has a line of one of these kinds.
    pub(super) fn says(&self, message: &[u32], kinds: &BTreeSet<u32>) -> bool {
        let mut lines = message.iter().filter_map(|line| self.of.get(line));
        lines.any(|template| kinds.contains(template))
    }
}

impl Template {
    /// Whether a field tells it by a word, as a program would say an activity.
    pub(super) fn is_named(&self, lines: &Lines) -> bool {
        let named = |key: u32, value: u32| match lines.keys.of(key) {
            Key::Field(_) => true,
            Key::Template(path) => !path.is_empty() && !lines.values.of(value).contains(VARIABLE),
            Key::Inner(_)
            | Key::Behind(_)
            | Key::First(_)
            | Key::Column(_)
            | Key::Stem(_)
            | Key::Core(_) => false,
        };
        self.says.iter().any(|(key, value)| named(*key, *value))
    }

    /// In words: all that it says.
    pub(super) fn words(&self, lines: &Lines) -> String {
        let says = self
            .says
            .iter()
            .map(|(_, value)| lines.values.of(*value).as_str());
        says.collect::<Vec<_>>().join(" ")
    }
}
