//! What is worth remembering of a message: fields that stay with it and take few values, and numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::lines::{Key, Lines};
use super::quick::QuickMap;
use super::rules::escape;
use super::shape::Class;
use super::slots::is_time;
use crate::domain::discovery::FoundAttribute;

/// No more than so many.
const MOST: usize = 14;
/// More values than this tell messages apart rather than kinds of them.
const VALUES: usize = 300;

/// Names that never say anything of a message.
const NEVER: [&str; 24] = [
    "id",
    "type",
    "level",
    "lvl",
    "severity",
    "loglevel",
    "ts",
    "time",
    "timestamp",
    "pid",
    "tid",
    "thread",
    "logger",
    "caller",
    "location",
    "msg",
    "message",
    "event",
    "status",
    "method",
    "path",
    "took_ms",
    "duration",
    "elapsed",
];

#[derive(Default)]
struct Seen {
    lines: usize,
    numbers: usize,
    times: usize,
    values: BTreeSet<u32>,
}

/// The attributes of the lines that name messages. `taken` are keys that are IDs.
pub(super) fn find(
    lines: &Lines,
    named: &BTreeSet<u32>,
    taken: &BTreeSet<u32>,
) -> Vec<FoundAttribute> {
    let mut seen: QuickMap<u32, Seen> = QuickMap::default();
    for index in named {
        for (key, value) in &lines.all[*index as usize].fields {
            let deep = lines.all[*index as usize].below(*value).is_some();
            if deep || taken.contains(key) || name_of(lines.keys.of(*key)).is_none() {
                continue;
            }
            let one = seen.entry(*key).or_default();
            one.lines += 1;
            one.times += usize::from(is_time(
                lines.values.of(*value),
                lines.all[*index as usize].time.0,
            ));
            one.numbers += usize::from(lines.classes[*value as usize] == Class::Digits);
            if one.values.len() <= VALUES {
                one.values.insert(*value);
            }
        }
    }
    let mut found: BTreeMap<String, Vec<(usize, FoundAttribute)>> = BTreeMap::new();
    for (key, seen) in &seen {
        let Some(name) = name_of(lines.keys.of(*key)) else {
            continue;
        };
        let last = name.rsplit('.').next().unwrap_or_default();
        let plain = last.to_ascii_lowercase();
        let number = seen.numbers * 10 > seen.lines * 9 || fraction(lines, seen);
        let longest = seen
            .values
            .iter()
            .map(|v| lines.values.of(*v).len())
            .max()
            .unwrap_or(0);
        if seen.values.len() < 2
            || (seen.values.len() > VALUES && !number)
            || NEVER.contains(&plain.as_str())
            || longest > 60
            || seen.times * 2 > seen.lines
            || !is_name(last)
            || seen.lines * 200 < named.len()
        {
            continue;
        }
        let Some((called, plainly)) = selector(lines.keys.of(*key)) else {
            continue;
        };
        let selector = if fraction(lines, seen) {
            // `615/2048`: the number that changes.
            format!("{}=(?<{plain}>\\d+)/", escape(name))
        } else {
            plainly
        };
        let attribute = FoundAttribute {
            name: called,
            selector,
            values: seen.values.len(),
        };
        found
            .entry(plain)
            .or_default()
            .push((seen.lines, attribute));
    }
    most_telling(found.into_values().collect())
}

/// Few values tell most; of equals, what more lines have.
fn most_telling(mut groups: Vec<Vec<(usize, FoundAttribute)>>) -> Vec<FoundAttribute> {
    groups.sort_by_key(|group| {
        let values = group.iter().map(|(_, a)| a.values).max().unwrap_or(0);
        let lines: usize = group.iter().map(|(n, _)| n).sum();
        (values > VALUES, std::cmp::Reverse(lines))
    });
    let mut out: Vec<FoundAttribute> = Vec::new();
    for mut group in groups.into_iter().take(MOST) {
        group.sort_by(|a, b| (b.0, &a.1.selector).cmp(&(a.0, &b.1.selector)));
        out.extend(group.into_iter().map(|(_, attribute)| attribute));
    }
    out
}

/// What an attribute is called that is told by a key, and how the configuration finds its value.
pub(super) fn selector(key: &Key) -> Option<(String, String)> {
    let name = name_of(key)?;
    let last = name.rsplit('.').next().unwrap_or_default();
    let plain = last.to_ascii_lowercase();
    let selector = match key {
        Key::Inner(_) => format!("{}=(?<{plain}>[^\\s,;]+)", escape(name)),
        Key::Behind(_) => format!("{}: (?<{plain}>[^\\s,;]+)", escape(name)),
        _ => name.to_owned(),
    };
    let name = if selector == name { last } else { &plain };
    Some((name.to_owned(), selector))
}

/// What a request is for, by the first part of its path, and how that is found: `GET /static`.
pub(super) const PATH: (&str, &str) = ("path", "\"[A-Z]+ (?<path>/[^/? \"]*)");

static FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(PATH.1).ok());

/// The same, of the text of a log event.
pub(super) fn first_of_path(text: &str) -> Option<String> {
    let found = FIRST.as_ref()?.captures(text)?;
    Some(found[PATH.0].to_owned())
}

/// What the value behind a key is called, if it is called anything.
fn name_of(key: &Key) -> Option<&str> {
    match key {
        Key::Field(name) | Key::Inner(name) => Some(name),
        Key::Behind(before) => before.strip_suffix(": ").filter(|name| is_name(name)),
        Key::First(_) | Key::Column(_) | Key::Stem(_) | Key::Core(_) | Key::Template(_) => None,
    }
}

/// Whether all values are a number of so many.
fn fraction(lines: &Lines, seen: &Seen) -> bool {
    let mut values = seen.values.iter().map(|value| lines.values.of(*value));
    values.all(|value| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        value
            .split_once('/')
            .is_some_and(|(part, whole)| digits(part) && digits(whole))
    })
}

/// Whether it can be the name of a group in a pattern.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
