//! One kind of message and its way: what was found of it, put together.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes;
use super::endings::{ask, ending, open};
use super::fewer;
use super::flow::{Flow, Passage};
use super::kinds::{self, Short};
use super::marks;
use super::mentions::Mention;
use super::messages::Travellers;
use super::naming;
use super::placing::Placing;
use super::refusals;
use super::returning;
use super::reuse::{self, Reuse};
use super::rules::Material;
use super::seen::Seen;
use super::stages::Makings;
use super::templates;
use super::told;
use super::trust::{self, Passing};
use super::waits;
use super::ways::{self, Merged};
use crate::domain::discovery::{
    Confidence, FoundAttribute, FoundCondition, FoundFamily, FoundPipeline, FoundRule, FoundStage,
};
use crate::domain::time::Timestamp;
use crate::domain::verdict::Mark;

/// The stages of one kind of message, and how they are passed.
struct Way {
    stages: Vec<FoundStage>,
    reuse: Option<Reuse>,
    passing: Passing,
    /// What only somebody else can know of it.
    open: Vec<String>,
}

/// What was made of one kind of message.
pub(super) struct Made {
    pub(super) pipeline: FoundPipeline,
    /// Why it is not believed, if it is not.
    pub(super) doubt: Option<String>,
    /// What only somebody else can know of it.
    pub(super) open: Vec<String>,
}

/// What stages are made of.
struct Ground<'a> {
    material: &'a Material<'a>,
    placing: &'a Placing,
    messages: &'a [Vec<u32>],
    /// Kinds of lines that sound like trouble and are an end like any other.
    decided: &'a BTreeSet<u32>,
    /// Messages that never go on, which are not among the others.
    short: &'a [Short],
}

/// The pipeline of one kind of message; `None` where it goes nowhere.
pub(super) fn of(seen: &Seen<'_>, travellers: &Travellers) -> Option<Made> {
    let messages = &travellers.messages;
    let templates = templates::find(seen.lines, &|line| seen.place(line), messages);
    let mut material = Material {
        corpus: seen.corpus,
        lines: seen.lines,
        templates: &templates,
        marks: Vec::new(),
    };
    material.marks = told::marks(&material, messages);
    let decided = decided(&material, messages);
    let mark = |template: u32| material.mark(template);
    let troubled = |template: u32| mark(template).is_some() && !decided.contains(&template);
    let failed = |template: u32| mark(template) == Some(Mark::Fail);
    let mut lines = messages.iter().flatten().map(|line| seen.place(*line));
    let first = lines.next()?;
    let (placing, decided) = if lines.all(|place| place == first) {
        let by_template = seen.placing.by_template(&material, messages, &troubled);
        (Some(by_template), decided)
    } else {
        let end = |kinds: &BTreeSet<u32>| material.any(kinds);
        let back = returning::split(seen.placing, &templates, messages, &failed, &end);
        (back, BTreeSet::new())
    };
    let placing = placing.as_ref().unwrap_or(seen.placing);
    let refused = |template: u32| {
        let front = seen
            .fronts
            .contains(&templates.all[template as usize].place);
        front && refusals::are_refused(&material, template)
    };
    let (short, going) = kinds::apart(&material, placing, messages, &refused);
    let mut found = flow(
        seen,
        &Ground {
            material: &material,
            placing,
            messages: &going,
            decided: &decided,
            short: &short,
        },
    )?;
    let mut kinds = messages.iter().flatten();
    let kind = |line: &u32| seen.placing.kind[seen.place(*line) as usize];
    let one = kinds.next().map(kind);
    found.passing.alone = kinds.all(|line| Some(kind(line)) == one);
    let doubt = trust::doubt(seen, travellers, found.passing);
    unread(seen, travellers, &mut found.stages);
    let pipeline = FoundPipeline {
        reuse_after_ms: found.reuse.as_ref().map(|reuse| reuse.after_ms),
        reused: found.reuse.map_or(0, |reuse| reuse.back),
        ..told(seen, travellers, found.stages)
    };
    Some(Made {
        pipeline,
        doubt,
        open: found.open,
    })
}

/// Kinds of lines that tell of a decision with which many messages end: no trouble, but an outcome.
fn decided(material: &Material<'_>, messages: &[Vec<u32>]) -> BTreeSet<u32> {
    let templates = material.templates;
    let mut borne = vec![(0usize, 0usize); templates.all.len()];
    for message in messages {
        let said = message.iter().filter_map(|line| templates.of.get(line));
        let said: Vec<u32> = said.copied().collect();
        // What was begun before is ended behind a decision too.
        let of = |template: u32| templates.all[template as usize].says.first();
        let ends = |at: &usize| {
            let earlier = said[..*at].iter().filter(|t| **t != said[*at]);
            earlier
                .clone()
                .any(|t| of(*t).is_some() && of(*t) == of(said[*at]))
        };
        let last = (0..said.len()).rev().find(|at| !ends(at));
        for template in said.iter().collect::<BTreeSet<_>>() {
            borne[*template as usize].0 += 1;
            let is_last = last.is_some_and(|at| said[at] == *template);
            borne[*template as usize].1 += usize::from(is_last);
        }
    }
    let all = 0..templates.all.len() as u32;
    let decided = all.filter(|t| {
        let (borne, last) = borne[*t as usize];
        borne * 20 >= messages.len()
            && last * 10 >= borne * 9
            && marks::is_decision(&material.words(*t))
    });
    decided.collect()
}

/// The stages in the order of their flow.
fn flow(seen: &Seen<'_>, ground: &Ground<'_>) -> Option<Way> {
    let Ground {
        material,
        placing,
        messages,
        ..
    } = *ground;
    let merged = ways::stages(seen, placing, messages);
    let of_place = ways::by_place(&merged);
    let stage = |line: u32| {
        let place = placing.of_line[line as usize];
        of_place.get(&place).copied().unwrap_or(0)
    };
    let mut passages = ways::passages(seen, messages, &stage);
    let window = window(seen)?;
    let mut flow = Flow::of(&mut passages, merged.len(), window);
    if let Some(placing) = &fewer::steps(placing, &merged, &flow, &passages) {
        return self::flow(seen, &Ground { placing, ..*ground });
    }
    let names = ways::names(&merged);
    let asked = (messages, passages.as_slice());
    let ended = ask(seen, material, asked, (&flow, &names, &stage), |ends| {
        ending(ends, window.1)
    });
    flow.steady = ended.steady;
    flow.leave_aside(&passages, &ended.aside);
    flow.part_ends();
    let kinds = |at: usize| -> BTreeSet<u32> {
        let places = merged[at].places.iter();
        places.map(|p| placing.kind[*p as usize]).collect()
    };
    let beside = |at: usize| -> Vec<u32> {
        let (kinds, templates) = (kinds(at), material.templates);
        let all = 0..templates.all.len() as u32;
        let beside = all.filter(|t| kinds.contains(&templates.kind(*t, placing)));
        beside.collect()
    };
    let makings = Makings {
        material,
        messages,
        flow: &flow,
        stage: &stage,
        beside: &beside,
        names: &naming::distinct(&names),
        globs: &(0..merged.len())
            .map(|at| ways::globs(seen, &kinds(at)))
            .collect::<Vec<_>>(),
        own: &own(placing, &merged),
        mentions: &mentions(seen, &merged),
        within: &waits::within(&passages, &flow),
        left_out: &|at, kinds| {
            let said = |message: &[u32]| material.templates.says(message, kinds);
            ask(seen, material, asked, (&flow, &names, &stage), |ends| {
                ends.is_left_out(at, window.1, &said)
            })
        },
        decided: ground.decided,
        short: ground.short,
        early: &ended.early,
        front: &|at| merged[at].places.is_subset(seen.fronts),
        shares: &|at| {
            (0..merged.len()).any(|other| other != at && !kinds(other).is_disjoint(&kinds(at)))
        },
    };
    let stages = makings.stages();
    Some(Way {
        passing: passing(&passages, stages.len()),
        reuse: reuse::find(seen, messages, &flow, &stage),
        open: open(&flow, makings.names, &ended.unexplained),
        stages,
    })
}

/// From the first line to the last.
fn window(seen: &Seen<'_>) -> Option<(Timestamp, Timestamp)> {
    let times = || seen.lines.all.iter().map(|line| line.time);
    Some((times().min()?, times().max()?))
}

/// By stage: the condition that all of its lines meet.
fn own(placing: &Placing, stages: &[Merged]) -> Vec<Option<FoundCondition>> {
    let first = |stage: &Merged| placing.own[*stage.places.first()? as usize].clone();
    stages.iter().map(first).collect()
}

/// By stage: what its lines carry of IDs that no field tells.
fn mentions(seen: &Seen<'_>, stages: &[Merged]) -> Vec<Option<Mention>> {
    let read = |stage: &Merged| {
        let mut mentions = seen.mentions.iter().filter(|m| m.pattern.is_some());
        mentions.find(|m| stage.places.contains(&m.place)).cloned()
    };
    stages.iter().map(read).collect()
}

/// Where messages are mentioned by their IDs and nothing can be read, nobody can say what became of them: a
/// stage behind all others that nothing serves, so that whoever should have come there is not called lost.
fn unread(seen: &Seen<'_>, travellers: &Travellers, stages: &mut Vec<FoundStage>) {
    let known = stages.len();
    for mention in seen.mentions.iter().filter(|m| m.pattern.is_none()) {
        if !travellers.families.contains(&mention.family) {
            continue;
        }
        // Where some are read, those that are seen to come out did so.
        let last =
            |at: &usize| mention.partly || !stages[..known].iter().any(|s| s.after.contains(at));
        let place = &seen.placing.names[mention.place as usize];
        stages.push(FoundStage {
            name: format!("{place}-unread"),
            after: (0..known).filter(last).collect(),
            from: vec![format!("{} cannot be read", globset::escape(place))],
            rules: vec![FoundRule {
                mark: Mark::Enter,
                condition: FoundCondition::Pattern(".".to_owned()),
                lines: mention.lines,
                example: String::new(),
                confidence: Confidence::default(),
            }],
            environments: Vec::new(),
            optional: mention.partly,
            within: None,
            dead_letter: false,
            ends: Vec::new(),
            messages: 0,
            confidence: Confidence {
                share: 0.0,
                evidence: format!(
                    "{place} carries {} of these IDs but no stage reads it",
                    mention.lines
                ),
            },
        });
    }
}

/// How messages pass so many stages.
fn passing(passages: &[Passage], stages: usize) -> Passing {
    let through = passages.iter().filter(|passage| passage.stages.len() > 1);
    let in_order = |passage: &&Passage| passage.stages.is_sorted_by_key(|at| at.time);
    Passing {
        stages,
        messages: passages.len(),
        through: through.clone().count(),
        ordered: through.clone().filter(in_order).count(),
        agree: agreement(through),
        alone: false,
    }
}

/// The share of pairs of sightings that are in the order of their stages.
fn agreement<'a>(passages: impl Iterator<Item = &'a Passage>) -> f64 {
    let (mut with, mut all) = (0usize, 0usize);
    for passage in passages {
        for (at, earlier) in passage.stages.iter().enumerate() {
            let behind = &passage.stages[at + 1..];
            with += behind.iter().filter(|l| earlier.time <= l.time).count();
            all += behind.len();
        }
    }
    with as f64 / all.max(1) as f64
}

/// All that was found of one kind of message.
fn told(seen: &Seen<'_>, travellers: &Travellers, stages: Vec<FoundStage>) -> FoundPipeline {
    let messages = &travellers.messages;
    let families: Vec<FoundFamily> = travellers
        .families
        .iter()
        .map(|f| seen.family(*f))
        .collect();
    let links = travellers.links.iter();
    let links = links.filter_map(|l| seen.link(&seen.links[*l], travellers));
    let borne: BTreeSet<u32> = messages.iter().flatten().copied().collect();
    let slots = travellers
        .families
        .iter()
        .flat_map(|f| &seen.families.all[*f].slots);
    let ids: BTreeSet<u32> = slots.map(|s| seen.families.slots[*s].key).collect();
    let ends = |stage: &FoundStage| {
        stage
            .rules
            .iter()
            .any(|rule| matches!(rule.mark, Mark::Exit | Mark::Enter))
    };
    let mut attributes = attributes::find(seen.lines, &borne, &ids);
    for end in stages.iter().flat_map(|stage| &stage.ends) {
        let known = |other: &FoundAttribute| other.selector == end.attribute.selector;
        if !attributes.iter().any(known) {
            attributes.push(end.attribute.clone());
        }
    }
    // How sure a step is that hardly anybody takes says little of the whole.
    let common = stages.iter().filter(|s| s.messages * 20 >= messages.len());
    let least = common
        .map(|stage| stage.confidence.share)
        .fold(1.0, f32::min);
    FoundPipeline {
        name: name(&families),
        links: links.collect(),
        attributes,
        families,
        messages: messages.len(),
        confidence: Confidence {
            share: if stages.iter().any(ends) { least } else { 0.0 },
            evidence: format!("{} messages in {} log events", messages.len(), borne.len()),
        },
        stages,
        ..FoundPipeline::default()
    }
}

/// What messages are called: as most of the fields say that name them.
fn name(families: &[FoundFamily]) -> String {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for selector in families.iter().flat_map(|f| &f.selectors) {
        let text = selector.text.split("(?<").next().unwrap_or_default();
        // What only counts columns names nothing.
        let text = if text.starts_with('^') { "" } else { text };
        let text = text.trim_start_matches("\\b");
        let field = naming::plural(text);
        *names
            .entry(field.unwrap_or_else(|| "messages".to_owned()))
            .or_default() += selector.places.len();
    }
    let most = names
        .into_iter()
        .max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
    most.map_or_else(|| "messages".to_owned(), |(name, _)| name)
}
