//! One kind of message and its way: places become stages, lines become passages through them.

use std::collections::{BTreeMap, BTreeSet};

use super::Seen;
use super::attributes;
use super::flow::{At, Flow, Passage};
use super::messages::Travellers;
use super::naming;
use super::rules::Material;
use super::stages::Makings;
use super::templates;
use super::union::Union;
use crate::domain::discovery::{Confidence, FoundFamily, FoundPipeline};
use crate::domain::verdict::Mark;

/// Places where so few of the messages of the smaller are seen at both are ways beside each other.
const APART: usize = 20;

/// The pipeline of one kind of message; `None` where it goes nowhere.
pub(super) fn of(seen: &Seen<'_>, travellers: &Travellers) -> Option<FoundPipeline> {
    let messages = &travellers.messages;
    let place = |line: u32| seen.place(line);
    let templates = templates::find(seen.lines, &place, messages);
    let stages = stages_of_places(seen, messages);
    let of_place: BTreeMap<u32, usize> = stages
        .iter()
        .enumerate()
        .flat_map(|(at, stage)| stage.places.iter().map(move |p| (*p, at)))
        .collect();
    let stage = |line: u32| of_place.get(&seen.place(line)).copied().unwrap_or(0);
    let mut passages = passages(seen, messages, &stage);
    let times = || seen.lines.lines.iter().map(|line| line.time);
    let window = (times().min()?, times().max()?);
    let flow = Flow::of(&mut passages, stages.len(), window);
    let material = Material {
        corpus: seen.corpus,
        lines: seen.lines,
        templates: &templates,
    };
    let beside = |at: usize| -> Vec<u32> {
        let own = &stages[at].places;
        (0..templates.all.len() as u32)
            .filter(|t| own.contains(&templates.all[*t as usize].place))
            .collect()
    };
    let names: Vec<String> = stages.iter().map(|stage| stage.kind.clone()).collect();
    let globs: Vec<Vec<String>> = stages
        .iter()
        .map(|stage| globs(seen, &stage.places))
        .collect();
    let own = vec![None; stages.len()];
    let found = Makings {
        material: &material,
        messages,
        flow: &flow,
        stage: &stage,
        beside: &beside,
        names: &naming::distinct(&names),
        globs: &globs,
        own: &own,
    }
    .stages();
    let families: Vec<_> = travellers
        .families
        .iter()
        .map(|f| seen.family(*f))
        .collect();
    let links = travellers
        .links
        .iter()
        .filter_map(|l| seen.link(&seen.links[*l], travellers));
    let named: BTreeSet<u32> = messages.iter().flatten().copied().collect();
    let ids: BTreeSet<u32> = travellers
        .families
        .iter()
        .flat_map(|f| &seen.families.families[*f].slots)
        .map(|s| seen.families.slots[*s].key)
        .collect();
    let has_end = found.iter().any(|stage| {
        stage
            .rules
            .iter()
            .any(|rule| matches!(rule.mark, Mark::Exit | Mark::Enter))
    });
    let least = found
        .iter()
        .map(|stage| stage.confidence.share)
        .fold(1.0, f32::min);
    Some(FoundPipeline {
        name: name(&families),
        links: links.collect(),
        attributes: attributes::find(seen.lines, &named, &ids),
        families,
        stages: found,
        messages: messages.len(),
        completed: 0,
        confidence: Confidence {
            share: if has_end { least } else { 0.0 },
            evidence: format!("{} messages in {} log events", messages.len(), named.len()),
        },
    })
}

/// What messages are called: as most of the fields say that name them.
fn name(families: &[FoundFamily]) -> String {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for selector in families.iter().flat_map(|f| &f.selectors) {
        let field = (!selector.text.contains("(?<"))
            .then(|| naming::plural(&selector.text))
            .flatten();
        *names
            .entry(field.unwrap_or_else(|| "messages".to_owned()))
            .or_default() += selector.places.len();
    }
    let most = names
        .into_iter()
        .max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
    most.map_or_else(|| "messages".to_owned(), |(name, _)| name)
}

/// Places that are one stage.
struct Merged {
    kind: String,
    places: BTreeSet<u32>,
}

/// Each place is a stage, but for those that are made alike and that messages pass side by side: the
/// topics of one publisher, the partitions of one queue.
fn stages_of_places(seen: &Seen<'_>, messages: &[Vec<u32>]) -> Vec<Merged> {
    let mut at: BTreeMap<u32, usize> = BTreeMap::new();
    let mut both: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    let mut keys: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for message in messages {
        let places: BTreeSet<u32> = message.iter().map(|line| seen.place(*line)).collect();
        for place in &places {
            *at.entry(*place).or_default() += 1;
            for other in places.range(place + 1..) {
                *both.entry((*place, *other)).or_default() += 1;
            }
        }
        for line in message {
            let fields = seen.lines.lines[*line as usize]
                .fields
                .iter()
                .map(|(key, _)| *key);
            keys.entry(seen.place(*line)).or_default().extend(fields);
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
                seen.kinds[*a as usize].as_str(),
                seen.kinds[*b as usize].as_str(),
            );
            if apart && alike && !naming::stem(&[first, second]).is_empty() {
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
            .map(|p| seen.kinds[*p as usize].as_str())
            .collect();
        let stem = naming::stem(&names);
        let kind = stem
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .to_owned();
        Merged { kind, places }
    });
    merged.collect()
}

/// The globs that mean the sources of some places and no others.
pub(super) fn globs(seen: &Seen<'_>, places: &BTreeSet<u32>) -> Vec<String> {
    let own = |source: &usize| places.contains(&seen.of_source[*source]);
    let (inside, outside): (Vec<usize>, Vec<usize>) = (0..seen.named.len()).partition(own);
    let mut names: Vec<&str> = inside
        .iter()
        .map(|s| seen.named[*s].place.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > 2 {
        let stem = naming::stem(&names);
        let others = outside
            .iter()
            .any(|s| seen.named[*s].place.starts_with(&stem));
        if !stem.is_empty() && !others {
            return vec![format!("{}*", globset::escape(&stem))];
        }
    }
    names.into_iter().map(globset::escape).collect()
}

/// Every message as it passed the stages.
fn passages(seen: &Seen<'_>, messages: &[Vec<u32>], stage: &dyn Fn(u32) -> usize) -> Vec<Passage> {
    let mut envs: Vec<&str> = seen.named.iter().map(|n| n.env.as_str()).collect();
    envs.sort_unstable();
    envs.dedup();
    let passages = messages.iter().map(|message| {
        let mut passage = Passage::default();
        for (at, index) in message.iter().enumerate() {
            let line = &seen.lines.lines[*index as usize];
            if at == 0 {
                passage.first = line.time;
                let env = seen.named[line.source as usize].env.as_str();
                passage.env = envs.binary_search(&env).unwrap_or(0);
            }
            passage.last = line.time;
            let stage = stage(*index);
            if !passage.stages.iter().any(|at| at.stage == stage) {
                let stream = seen.corpus.events[line.event as usize].stream;
                passage.stages.push(At {
                    stage,
                    time: line.time,
                    stream,
                });
            }
        }
        passage
    });
    passages.collect()
}
