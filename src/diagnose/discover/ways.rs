//! Places become stages and lines become passages: the way of every message.

use std::collections::{BTreeMap, BTreeSet};

use super::clocks::Clocks;
use super::flow::{At, Passage};
use super::lines::Format;
use super::naming;
use super::places;
use super::placing::Placing;
use super::records::Names;
use super::seen::Seen;
use super::union::Union;
use crate::domain::discovery::FoundPlace;
use crate::domain::event::SourceKind;

/// Places where so few of the messages of the smaller are seen at both are ways beside each other.
const APART: usize = 20;

/// Places that are one stage.
pub(super) struct Merged {
    pub(super) name: String,
    pub(super) places: BTreeSet<u32>,
}

/// Each place is a stage, but for those that are made alike and that messages pass side by side: the
/// topics of one publisher, the partitions of one queue.
pub(super) fn stages(seen: &Seen<'_>, placing: &Placing, messages: &[Vec<u32>]) -> Vec<Merged> {
    let mut at: BTreeMap<u32, usize> = BTreeMap::new();
    let mut both: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    let mut keys: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for message in messages {
        let places: BTreeSet<u32> = message
            .iter()
            .map(|line| placing.of_line[*line as usize])
            .collect();
        for place in &places {
            *at.entry(*place).or_default() += 1;
            for other in places.range(place + 1..) {
                *both.entry((*place, *other)).or_default() += 1;
            }
        }
        for line in message {
            let fields = seen.lines.all[*line as usize]
                .fields
                .iter()
                .map(|(key, _)| *key);
            keys.entry(placing.of_line[*line as usize])
                .or_default()
                .extend(fields);
        }
    }
    let places: Vec<u32> = at.keys().copied().collect();
    let mut union = Union::new(places.len());
    for (i, a) in places.iter().enumerate() {
        for (j, b) in places.iter().enumerate().skip(i + 1) {
            let shared = both.get(&(*a, *b)).copied().unwrap_or(0);
            let apart = shared * APART <= at[a].min(at[b]);
            let alike =
                keys[a].intersection(&keys[b]).count() * 10 >= keys[a].union(&keys[b]).count() * 8;
            let (first, second) = (
                placing.names[*a as usize].as_str(),
                placing.names[*b as usize].as_str(),
            );
            if apart
                && alike
                && placing.own[*a as usize].is_none()
                && placing.own[*b as usize].is_none()
                && !naming::stem(&[first, second]).is_empty()
            {
                union.join(i, j);
            }
        }
    }
    let mut merged: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    for (index, place) in places.iter().enumerate() {
        merged.entry(union.root(index)).or_default().insert(*place);
    }
    let merged = merged.into_values().map(|places| {
        let names: Vec<&str> = places
            .iter()
            .map(|p| placing.names[*p as usize].as_str())
            .collect();
        let stem = naming::stem(&names);
        let kind = stem
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .to_owned();
        Merged { name: kind, places }
    });
    merged.collect()
}

/// What the stages are called.
pub(super) fn names(merged: &[Merged]) -> Vec<String> {
    merged.iter().map(|stage| stage.name.clone()).collect()
}

/// Which stage each place belongs to.
pub(super) fn by_place(merged: &[Merged]) -> BTreeMap<u32, usize> {
    let stages = merged.iter().enumerate();
    let places = stages.flat_map(|(at, stage)| stage.places.iter().map(move |place| (*place, at)));
    places.collect()
}

/// The globs that mean the sources of some kinds and no others.
pub(super) fn globs(seen: &Seen<'_>, kinds: &BTreeSet<u32>) -> Vec<String> {
    let own = |source: &usize| kinds.contains(&seen.of_source[*source]);
    let (inside, outside): (Vec<usize>, Vec<usize>) = (0..seen.named.len()).partition(own);
    let mut names: Vec<&str> = inside
        .iter()
        .map(|s| seen.named[*s].place.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let cut = are_cut(seen);
    if names.len() > 2 || cut {
        let stem = if cut {
            let uncut: Vec<&str> = names.iter().map(|name| places::uncut(name)).collect();
            naming::stem(&uncut)
        } else {
            naming::stem(&names)
        };
        let others = outside
            .iter()
            .any(|s| seen.named[*s].place.starts_with(&stem));
        if !stem.is_empty() && !others {
            return vec![format!("{}*", globset::escape(&stem))];
        }
    }
    names.into_iter().map(globset::escape).collect()
}

/// Whether some log was cut into several files: then others of it may be missing, or come later.
fn are_cut(seen: &Seen<'_>) -> bool {
    let files = seen.corpus.sources.iter().zip(seen.named);
    let mut files = files.filter(|(source, _)| source.kind == SourceKind::File);
    let mut logs: BTreeMap<&str, &str> = BTreeMap::new();
    files.any(|(_, named)| {
        let known = logs.insert(places::uncut(&named.place), &named.place);
        known.is_some_and(|place| place != named.place)
    })
}

/// Every message as it passed the stages.
pub(super) fn passages(
    seen: &Seen<'_>,
    messages: &[Vec<u32>],
    stage: &dyn Fn(u32) -> usize,
) -> Vec<Passage> {
    let mut envs: Vec<&str> = seen.named.iter().map(|n| n.env.as_str()).collect();
    envs.sort_unstable();
    envs.dedup();
    let mut clocks = Clocks::of(seen.lines);
    let passages = messages.iter().map(|message| {
        let mut passage = Passage::default();
        for (at, index) in message.iter().enumerate() {
            let line = &seen.lines.all[*index as usize];
            if at == 0 {
                passage.first = line.time;
                let env = seen.named[line.source as usize].env.as_str();
                passage.env = envs.binary_search(&env).unwrap_or(0);
            }
            passage.last = line.time;
            let stage = stage(*index);
            if !passage.stages.iter().any(|at| at.stage == stage) {
                passage.stages.push(At {
                    stage,
                    time: line.time,
                    stream: seen.corpus.events[line.event as usize].stream,
                    clock: clocks.clock(seen, *index),
                });
            }
        }
        passage
    });
    passages.collect()
}

/// What there is to say of every kind of source.
pub(super) fn places(seen: &Seen<'_>, names: &[Names]) -> Vec<FoundPlace> {
    let mut found: Vec<FoundPlace> = seen
        .kinds
        .iter()
        .map(|kind| FoundPlace {
            name: kind.clone(),
            globs: Vec::new(),
            sources: 0,
            format: "text",
            events: 0,
            named: 0,
            several_lines: 0,
        })
        .collect();
    for place in seen.of_source {
        found[*place as usize].sources += 1;
    }
    let mut formats = vec![[0usize; 3]; found.len()];
    for (line, names) in seen.lines.all.iter().zip(names) {
        let place = seen.of_source[line.source as usize] as usize;
        found[place].events += 1;
        found[place].named += usize::from(!names.is_empty());
        let text = seen.corpus.text(&seen.corpus.events[line.event as usize]);
        found[place].several_lines += usize::from(text.trim_ascii_end().contains(&b'\n'));
        formats[place][line.format as usize] += 1;
    }
    for (index, (place, formats)) in found.iter_mut().zip(&formats).enumerate() {
        place.globs = globs(seen, &BTreeSet::from([index as u32]));
        let most = (0..3).max_by_key(|f| formats[*f]).unwrap_or(2);
        place.format = match most {
            f if f == Format::Json as usize => "json",
            f if f == Format::Pairs as usize => "pairs",
            _ => "text",
        };
    }
    found
}
