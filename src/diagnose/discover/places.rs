//! Which sources are of one kind: the same log group in several environments and regions, the
//! instances of one service, a file and its rotations. Told by their names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::shape::Class;
use crate::domain::discovery::FoundPath;
use crate::domain::event::{Source, SourceKind};

/// Words that name an environment when they stand as a part of a path.
const ENVIRONMENTS: [&str; 26] = [
    "acc",
    "alpha",
    "beta",
    "ci",
    "demo",
    "dev",
    "develop",
    "development",
    "dr",
    "int",
    "integration",
    "live",
    "local",
    "nonprod",
    "perf",
    "preprod",
    "prd",
    "prod",
    "production",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "stg",
    "test",
    "uat",
];

/// What is known of one source by its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// The environment.
    pub(super) env: String,
    /// The log group, or the path, as a stage's `from` is matched with.
    pub(super) place: String,
    /// What sources of its kind are called.
    pub(super) kind: String,
}

/// The names of all sources, and the paths that tell them.
pub(super) fn name(sources: &[Arc<Source>]) -> (Vec<Named>, Vec<FoundPath>) {
    let mut named: Vec<Named> = sources.iter().map(|source| plain(source)).collect();
    let paths = captures(sources, &mut named);
    (named, paths)
}

fn plain(source: &Source) -> Named {
    let place = source.place();
    Named {
        env: source.env.to_string(),
        place: place.to_owned(),
        kind: kind(
            place,
            &source.env,
            source.kind == SourceKind::File && source.group.is_empty(),
        ),
    }
}

/// Files whose paths are made alike: which part is the environment, which the region.
fn captures(sources: &[Arc<Source>], named: &mut [Named]) -> Vec<FoundPath> {
    let file = |s: &Source| s.kind == SourceKind::File && s.group.is_empty() && s.region.is_empty();
    let mut alike: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (index, source) in sources.iter().enumerate().filter(|(_, s)| file(s)) {
        let parts = source.name.split('/').count();
        let end = extension(source.name.rsplit('/').next().unwrap_or_default());
        alike
            .entry((parts, end.to_owned()))
            .or_default()
            .push(index);
    }
    let mut found = Vec::new();
    for ((parts, end), members) in &alike {
        let split: Vec<Vec<&str>> = members
            .iter()
            .map(|m| sources[*m].name.split('/').collect())
            .collect();
        let all = |at: usize, test: &dyn Fn(&str) -> bool| split.iter().all(|s| test(s[at]));
        let last = parts - 1;
        let env = (0..last).find(|at| all(*at, &is_environment));
        let region = (0..last).find(|at| all(*at, &is_region));
        if env.is_none() && region.is_none() {
            continue;
        }
        let mut pattern: Vec<String> = Vec::new();
        for (at, first) in split[0][..last].iter().enumerate() {
            pattern.push(if Some(at) == env {
                "{env}".to_owned()
            } else if Some(at) == region {
                "{region}".to_owned()
            } else if all(at, &|part| part == *first) {
                globset::escape(first)
            } else {
                "*".to_owned()
            });
        }
        pattern.push(format!("{{group}}{}", globset::escape(end)));
        for (member, parts) in members.iter().zip(&split) {
            let stem = &parts[last][..parts[last].len() - end.len()];
            let named = &mut named[*member];
            if let Some(env) = env {
                parts[env].clone_into(&mut named.env);
            }
            stem.clone_into(&mut named.place);
            named.kind = kind(stem, &named.env, true);
        }
        found.push(FoundPath {
            path: pattern.join("/"),
            env: None,
            files: members.len(),
            timezone: None,
            confidence: None,
        });
    }
    found
}

fn is_environment(part: &str) -> bool {
    ENVIRONMENTS.contains(&part.to_ascii_lowercase().as_str())
}

/// eu-central-1, us-gov-west-1.
fn is_region(part: &str) -> bool {
    let words: Vec<&str> = part.split('-').collect();
    let letters = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase());
    let (Some(last), Some(first)) = (words.last(), words.first()) else {
        return false;
    };
    (3..=4).contains(&words.len())
        && first.len() == 2
        && words[..words.len() - 1].iter().all(letters)
        && last.len() == 1
        && last.bytes().all(|b| b.is_ascii_digit())
}

/// `.jsonl`, `.log.1.gz`: what says how a file is made, not what is in it.
fn extension(name: &str) -> &str {
    const KNOWN: [&str; 12] = [
        "jsonl", "json", "ndjson", "log", "txt", "gz", "zst", "zstd", "out", "err", "csv", "logs",
    ];
    let mut at = name.len();
    while let Some(dot) = name[..at].rfind('.') {
        let end = &name[dot + 1..at];
        if dot == 0 || !KNOWN.contains(&end) && !is_rotation(end) {
            break;
        }
        at = dot;
    }
    &name[at..]
}

/// What the files have in common that one log was cut into: `store` of `store-20260314.log.2.gz`.
pub(super) fn uncut(place: &str) -> &str {
    let name = place.rfind('/').map_or(0, |at| at + 1);
    let stem = &place[..place.len() - extension(&place[name..]).len()];
    let uncut = stem.trim_end_matches(|c: char| c.is_ascii_digit() || "-_.T".contains(c));
    if uncut.len() > name { uncut } else { stem }
}

/// `1`, `20260314`, `2026-03-14`: which of the files that one log was cut into.
fn is_rotation(end: &str) -> bool {
    end.starts_with(|c: char| c.is_ascii_digit())
        && end
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// What the sources of its kind are called: without environment, region, numbers, dates and hashes.
fn kind(place: &str, env: &str, path: bool) -> String {
    let name = if path {
        let parts: Vec<&str> = place.split('/').collect();
        let stem = |part: &str| part[..part.len() - extension(part).len()].to_owned();
        let named = parts.iter().rev().filter(|part| !is_stream(part));
        let last = named.map(|part| stem(part));
        last.map(|part| words(&part, env))
            .find(|part| !part.is_empty())
    } else {
        Some(words(place, env))
    };
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| place.to_owned())
}

/// `2026-03-14-[$LATEST]3786d326...`: a stream of a function, which says nothing of the function.
fn is_stream(part: &str) -> bool {
    part.contains("[$LATEST]")
}

/// Without the UUIDs in it, whose parts would pass for words.
fn without_uuids(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let begins = !out.ends_with(char::is_alphanumeric);
        let uuid = rest.get(..36).filter(|uuid| Class::of(uuid) == Class::Uuid);
        if begins && uuid.is_some() {
            rest = &rest[36..];
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

fn words(text: &str, env: &str) -> String {
    let text = without_uuids(text);
    let mut out = String::new();
    for part in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let instance = digits > 0 && (digits == word.len() || word.len() >= 5);
        if word.is_empty() || (!instance && word != env && !is_environment(word)) {
            out.push_str(part);
        }
    }
    let trimmed = out.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    trimmed.to_owned()
}
