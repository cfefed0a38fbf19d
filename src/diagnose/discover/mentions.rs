//! Places that carry a message's ID in a way that no field tells: within a path, a subject, a name made of
//! several. What is nearly always written the same way is read by a pattern; what is not is said to be unread,
//! for who is silent about it tells of messages that are lost where they only cannot be seen.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use regex::Regex;

use super::corpus::Corpus;
use super::families::Families;
use super::lines::Lines;
use super::placing::Placing;
use super::quick::{QuickMap, QuickSet};
use super::records::Names;
use super::rules::escape;
use super::shape::{Class, Form};

/// Fewer lines than this are an accident.
const ENOUGH: usize = 10;
/// So many of all values must be mentioned at a place and not be read there otherwise, in percent.
const OFTEN: usize = 5;
/// So many of the mentions must be read by one pattern, in percent.
const READ: usize = 90;
/// Shorter values stand in other words by chance.
const LEAST: usize = 8;
/// So many signs of a word are looked behind.
const SIGNS: usize = 24;
/// So much before a value is looked at, in characters.
const BEFORE: usize = 16;

/// One place that mentions an ID.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) place: u32,
    pub(super) family: usize,
    /// Lines that mention one.
    pub(super) lines: usize,
    /// Others of its lines are read.
    pub(super) partly: bool,
    /// How to find it there, with a group `id`; `None` where it is written in too many ways.
    pub(super) pattern: Option<String>,
}

/// A value that stands in a line.
struct Found {
    line: u32,
    value: u32,
    before: String,
}

/// Finds the places, and has the lines that can be read name their messages.
pub(super) fn find(
    corpus: &Corpus,
    lines: &Lines,
    placing: &Placing,
    families: &mut Families,
    borne: &mut [Names],
) -> Vec<Mention> {
    // Nothing is read of lines that name a message otherwise.
    if borne.iter().all(|names| !names.is_empty()) {
        return Vec::new();
    }
    let values = values(lines, families);
    let mut found: BTreeMap<(u32, usize), Vec<Found>> = BTreeMap::new();
    let mut read: QuickMap<(u32, usize), QuickSet<u32>> = QuickMap::default();
    for (index, line) in lines.all.iter().enumerate() {
        let place = placing.of_line[index];
        for (family, value) in &borne[index] {
            read.entry((place, *family)).or_default().insert(*value);
        }
        if !borne[index].is_empty() {
            continue;
        }
        let text = String::from_utf8_lossy(corpus.text(&corpus.events[line.event as usize]));
        for (at, token) in tokens(&text) {
            for (family, value) in values.get(token).into_iter().flatten() {
                let before: Vec<char> = text[..at].chars().rev().take(BEFORE).collect();
                found.entry((place, *family)).or_default().push(Found {
                    line: index as u32,
                    value: *value,
                    before: before.into_iter().rev().collect(),
                });
            }
        }
    }
    let mut mentions = Vec::new();
    for ((place, family), found) in found {
        let named: BTreeSet<u32> = found.iter().map(|one| one.line).collect();
        let read = read.get(&(place, family));
        let new = |value: &u32| read.is_none_or(|read| !read.contains(value));
        let distinct: BTreeSet<u32> = found.iter().map(|one| one.value).filter(new).collect();
        if distinct.len() < ENOUGH || distinct.len() * 100 < families.all[family].values * OFTEN {
            continue;
        }
        let known = |text: &str| {
            let of = values.get(text).into_iter().flatten();
            of.filter(|(f, _)| *f == family)
                .map(|(_, value)| *value)
                .next()
        };
        let pattern = placing.own[place as usize]
            .is_none()
            .then(|| pattern(lines, &found))
            .flatten()
            .filter(|pattern| reads(pattern, (corpus, lines), &named, &known));
        if pattern.is_some() {
            families.all[family].places.insert(place);
            for one in &found {
                let borne = &mut borne[one.line as usize];
                if !borne.contains(&(family, one.value)) {
                    borne.push((family, one.value));
                }
            }
        }
        mentions.push(Mention {
            place,
            family,
            lines: named.len(),
            partly: read.is_some(),
            pattern,
        });
    }
    mentions
}

/// The values that can be told wherever they stand, with their families.
fn values<'a>(lines: &'a Lines, families: &Families) -> HashMap<&'a str, Vec<(usize, u32)>> {
    let mut known: HashMap<&str, Vec<(usize, u32)>> = HashMap::new();
    for (index, family) in families.all.iter().enumerate() {
        let slots = family.slots.iter().map(|slot| &families.slots[*slot]);
        let values: BTreeSet<u32> = slots.flat_map(|slot| slot.values.keys().copied()).collect();
        for value in values {
            let text = lines.values.of(value).as_str();
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let telling = match Class::of(text) {
                Class::Uuid => true,
                Class::Hex => text.len() >= LEAST + 2,
                Class::Mixed => text.len() >= LEAST && digits >= LEAST / 2,
                Class::Digits | Class::Word | Class::Other => false,
            };
            if telling {
                known.entry(text).or_default().push((index, value));
            }
        }
    }
    known
}

/// The words of a text that could be a value, each also without what stands before a sign within it.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let words = text
        .split(move |c| !inside(c))
        .filter(|word| word.len() >= LEAST);
    words.flat_map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let signs = word.match_indices(['-', '_']).map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(signs).take(SIGNS);
        starts.flat_map(move |from| {
            let rest = &word[from..];
            // An ID with something behind it: `<uuid>-retry`, `<uuid>_2`.
            let uuid = rest.get(..36).filter(|_| rest.len() > 36);
            [Some(rest), uuid]
                .into_iter()
                .flatten()
                .map(move |token| (start + from, token))
        })
    })
}

/// What stands before all values, and what they look like.
fn pattern(lines: &Lines, found: &[Found]) -> Option<String> {
    let mut before = found.first()?.before.as_str();
    for one in found {
        let same = before
            .chars()
            .rev()
            .zip(one.before.chars().rev())
            .take_while(|(a, b)| a == b);
        let length: usize = same.map(|(a, _)| a.len_utf8()).sum();
        before = &before[before.len() - length..];
    }
    let values: BTreeSet<u32> = found.iter().map(|one| one.value).collect();
    let texts = || values.iter().map(|value| lines.values.of(*value).as_str());
    let mut form = Form::default();
    texts().for_each(|text| form.add(text));
    // Digits right before it belong to something that counts.
    let before = before.trim_start_matches(|c: char| c.is_ascii_digit());
    let edge = if before.is_empty() { "\\b" } else { "" };
    Some(format!(
        "{edge}{}(?<id>{})",
        escape(before),
        form.pattern(texts())
    ))
}

/// Whether a pattern finds the known value, and no other, in nearly all of these lines.
fn reads(
    pattern: &str,
    (corpus, lines): (&Corpus, &Lines),
    named: &BTreeSet<u32>,
    known: &dyn Fn(&str) -> Option<u32>,
) -> bool {
    let Ok(pattern) = Regex::new(pattern) else {
        return false;
    };
    let right = named.iter().filter(|line| {
        let event = &corpus.events[lines.all[**line as usize].event as usize];
        let text = String::from_utf8_lossy(corpus.text(event));
        let mut values = pattern.captures_iter(&text).filter_map(|c| c.name("id"));
        values
            .next()
            .is_some_and(|value| known(value.as_str()).is_some())
            && values.all(|value| known(value.as_str()).is_some())
    });
    right.count() * 100 >= named.len() * READ
}
