//! Files whose times bear no zone and are in another than the rest: told by messages that are seen in
//! both. They arrive hours before or after, always the same whole half hours, and so does the end of the log.
//!
//! It moves no event; who asks does.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::corpus::Corpus;
use super::lines::Lines;
use crate::domain::discovery::{Confidence, FoundPath};
use crate::domain::event::{Source, SourceKind};
use crate::domain::show::duration;

const MINUTE_MS: i64 = 60_000;
/// Zones are so far apart, or a multiple of it.
const STEP_MS: i64 = 30 * MINUTE_MS;
/// What is in between is how long messages take; where that is more, nothing can be said.
const SPREAD_MS: i64 = 10 * MINUTE_MS;
/// Fewer shared values say nothing.
const ENOUGH: usize = 20;
/// What more lines bear names no message.
const LINES: usize = 16;
/// So many lines of a source are looked at for a zone.
const LOOKED: usize = 50;

/// How far a source's clock is ahead of the others, and what that rests on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Ahead {
    pub(super) source: usize,
    pub(super) ms: i64,
    evidence: String,
}

/// The sources that are in another zone than the rest.
pub(super) fn ahead(corpus: &Corpus, lines: &Lines) -> Vec<Ahead> {
    let ends = ends(corpus);
    if together(&ends) {
        return Vec::new();
    }
    let bare = bare(corpus);
    if !bare.contains(&true) {
        return Vec::new();
    }
    let pairs = pairs(lines);
    let mut known: Vec<Option<i64>> = bare.iter().map(|bare| (!bare).then_some(0)).collect();
    if known.iter().all(Option::is_none) {
        // All bear none: most events are right.
        let mut events = vec![0usize; corpus.sources.len()];
        for event in &corpus.events {
            events[event.source as usize] += 1;
        }
        let most = (0..events.len()).max_by_key(|source| events[*source]);
        if let Some(most) = most {
            known[most] = Some(0);
        }
    }
    let mut found = Vec::new();
    loop {
        let next = pairs.iter().find_map(|((a, b), apart)| {
            let (from, to, sign) = match (known[*a], known[*b]) {
                (Some(_), None) => (*a, *b, 1),
                (None, Some(_)) => (*b, *a, -1),
                _ => return None,
            };
            let step = steps(apart)? * sign;
            let confirmed = step == 0 || ends_agree(ends[from]?, ends[to]?, step);
            confirmed.then_some((from, to, step, apart.len()))
        });
        let Some((from, to, step, shared)) = next else {
            return found;
        };
        let ms = known[from].unwrap_or(0) + step;
        known[to] = Some(ms);
        if ms != 0 {
            let like = &corpus.sources[from].name;
            found.push(Ahead {
                source: to,
                ms,
                evidence: format!(
                    "{shared} values stand in {like} too, {} {}",
                    duration(step.abs()),
                    { if step > 0 { "earlier" } else { "later" } }
                ),
            });
        }
    }
}

/// By source: whether it is a file whose lines tell a time of day and no zone.
fn bare(corpus: &Corpus) -> Vec<bool> {
    let mut told = vec![(0usize, 0usize); corpus.sources.len()];
    for event in &corpus.events {
        let (looked, bare) = &mut told[event.source as usize];
        if *looked < LOOKED {
            *looked += 1;
            *bare += usize::from(is_bare(&String::from_utf8_lossy(corpus.text(event))));
        }
    }
    let files = corpus
        .sources
        .iter()
        .map(|s| s.kind != SourceKind::CloudWatch);
    told.iter()
        .zip(files)
        .map(|((looked, bare), file)| file && bare * 2 > *looked)
        .collect()
}

/// Whether the first time of day in a text has no zone behind it.
fn is_bare(text: &str) -> bool {
    let bytes = text.as_bytes();
    let clock = |at: usize| {
        let of = |i: usize| bytes.get(at + i).is_some_and(u8::is_ascii_digit);
        let colon = |i: usize| bytes.get(at + i) == Some(&b':');
        of(0) && of(1) && colon(2) && of(3) && of(4) && colon(5) && of(6) && of(7)
    };
    let Some(at) = (0..bytes.len().saturating_sub(7)).find(|at| clock(*at)) else {
        return false;
    };
    let behind = text.get(at + 8..).unwrap_or_default();
    let behind = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
    let mut words = behind
        .trim_start()
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '-');
    let word = words.next().unwrap_or_default();
    let named = [
        "UTC", "GMT", "CET", "CEST", "EST", "EDT", "PST", "PDT", "BST", "IST", "JST", "Z",
    ];
    let offset = word.starts_with(['+', '-'])
        && word.len() > 2
        && word[1..].starts_with(|c: char| c.is_ascii_digit());
    !named.contains(&word) && !offset
}

/// By pair of sources: how much later shared values come in the second.
fn pairs(lines: &Lines) -> BTreeMap<(usize, usize), Vec<i64>> {
    let mut borne: HashMap<u32, Vec<(usize, i64)>> = HashMap::new();
    for line in &lines.all {
        for (_, value) in &line.fields {
            if lines.classes[*value as usize].can_name() {
                borne
                    .entry(*value)
                    .or_default()
                    .push((line.source as usize, line.time.0));
            }
        }
    }
    let mut pairs: BTreeMap<(usize, usize), Vec<i64>> = BTreeMap::new();
    for said in borne.into_values().filter(|said| said.len() <= LINES) {
        let mut first: BTreeMap<usize, i64> = BTreeMap::new();
        for (source, time) in said {
            let known = first.entry(source).or_insert(time);
            *known = time.min(*known);
        }
        for (a, at) in &first {
            for (b, bt) in first.range(a + 1..) {
                pairs.entry((*a, *b)).or_default().push(bt - at);
            }
        }
    }
    for apart in pairs.values_mut() {
        apart.sort_unstable();
    }
    pairs
}

/// How far apart two clocks are, where nearly all values agree.
fn steps(apart: &[i64]) -> Option<i64> {
    if apart.len() < ENOUGH {
        return None;
    }
    let (low, high) = (apart[apart.len() / 10], apart[apart.len() * 9 / 10]);
    let median = apart[apart.len() / 2];
    let step = (median + STEP_MS / 2).div_euclid(STEP_MS) * STEP_MS;
    let close = (median - step).abs() <= SPREAD_MS && high - low <= SPREAD_MS;
    (close && step.abs() <= 14 * 2 * STEP_MS).then_some(step)
}

/// By source: its first and last event.
fn ends(corpus: &Corpus) -> Vec<Option<(i64, i64)>> {
    let mut ends: Vec<Option<(i64, i64)>> = vec![None; corpus.sources.len()];
    for event in &corpus.events {
        let time = event.time.0;
        let known = &mut ends[event.source as usize];
        *known = Some(known.map_or((time, time), |(from, to)| (from.min(time), to.max(time))));
    }
    ends
}

/// Whether all logs begin and end together: then none is in another zone.
fn together(ends: &[Option<(i64, i64)>]) -> bool {
    let near = |of: &dyn Fn(&(i64, i64)) -> i64| {
        let times = || ends.iter().flatten().map(of);
        let (least, most) = (times().min(), times().max());
        least
            .zip(most)
            .is_none_or(|(least, most)| most - least < STEP_MS / 2)
    };
    near(&|ends| ends.0) && near(&|ends| ends.1)
}

/// What is logged an hour later is no other zone: its log ends when the others end, or began with them.
fn ends_agree(one: (i64, i64), other: (i64, i64), step: i64) -> bool {
    let apart = [other.0 - one.0, other.1 - one.1];
    let near = |to: i64| apart.iter().any(|apart| (apart - to).abs() < STEP_MS / 2);
    near(step) && !near(0)
}

/// A zone that is always so far ahead of UTC: whole hours have one each.
fn zone(ms: i64) -> Option<String> {
    let minutes = ms / MINUTE_MS;
    let name = match minutes {
        330 => "Asia/Kolkata",
        390 => "Asia/Yangon",
        345 => "Asia/Kathmandu",
        270 => "Asia/Kabul",
        210 => "Asia/Tehran",
        570 => "Australia/Darwin",
        // The signs of these names are those of POSIX: west is plus.
        _ if minutes % 60 == 0 => return Some(format!("Etc/GMT{:+}", -minutes / 60)),
        _ => return None,
    };
    Some(name.to_owned())
}

/// How the configuration says it: each file by its name, since a file that is read by one entry is not
/// read by another. Nothing where a file's clock has no zone of that name.
pub(super) fn paths(corpus: &Corpus, ahead: &[Ahead]) -> Vec<FoundPath> {
    let path = |(index, source): (usize, &Arc<Source>)| {
        let other = ahead.iter().find(|ahead| ahead.source == index);
        FoundPath {
            path: globset::escape(&source.name),
            env: None,
            files: 1,
            timezone: other.and_then(|other| zone(other.ms)),
            confidence: other.map(|other| Confidence {
                share: 0.9,
                evidence: other.evidence.clone(),
            }),
        }
    };
    let files = corpus.sources.iter().enumerate();
    let files = files.filter(|(_, source)| source.kind == SourceKind::File);
    files.map(path).collect()
}

/// Whether the configuration can say it of all of them.
pub(super) fn can_be_told(corpus: &Corpus, ahead: &[Ahead]) -> bool {
    ahead.iter().all(|ahead| {
        let source = &corpus.sources[ahead.source];
        zone(ahead.ms).is_some() && source.kind == SourceKind::File && source.group.is_empty()
    })
}

/// What nobody but a person can say.
pub(super) fn words(corpus: &Corpus, ahead: &Ahead) -> String {
    format!(
        "the times of {} are in another zone ({}): set `timezone` in its [[files]]",
        corpus.sources[ahead.source].name, ahead.evidence
    )
}
