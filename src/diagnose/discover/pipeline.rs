//! One kind of message and its way: what was found of it, put together.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes;
use super::flow::Flow;
use super::marks;
use super::messages::Travellers;
use super::naming;
use super::placing::Placing;
use super::returning;
use super::rules::Material;
use super::seen::Seen;
use super::stages::{self, Makings};
use super::templates::{self, Templates};
use super::ways::{self, Merged};
use crate::domain::discovery::{Confidence, FoundFamily, FoundPipeline, FoundStage};
use crate::domain::verdict::Mark;

/// The pipeline of one kind of message; `None` where it goes nowhere.
pub(super) fn of(seen: &Seen<'_>, travellers: &Travellers) -> Option<FoundPipeline> {
    let messages = &travellers.messages;
    let templates = templates::find(seen.lines, &|line| seen.place(line), messages);
    let material = Material {
        corpus: seen.corpus,
        lines: seen.lines,
        templates: &templates,
    };
    let mark = |template: u32| marks::of(&stages::words(&material, template));
    let troubled = |template: u32| mark(template).is_some();
    let failed = |template: u32| mark(template) == Some(Mark::Fail);
    let mut lines = messages.iter().flatten().map(|line| seen.place(*line));
    let first = lines.next()?;
    let found = if lines.all(|place| place == first) {
        let by_template = seen.placing.by_template(&material, messages, &troubled);
        flow(seen, &material, messages, &by_template)?
    } else {
        let back = returning::split(seen.placing, &templates, messages, &failed);
        flow(
            seen,
            &material,
            messages,
            back.as_ref().unwrap_or(seen.placing),
        )?
    };
    Some(told(seen, travellers, found))
}

/// The stages in the order of their flow.
fn flow(
    seen: &Seen<'_>,
    material: &Material<'_>,
    messages: &[Vec<u32>],
    placing: &Placing,
) -> Option<Vec<FoundStage>> {
    let merged = ways::stages(seen, placing, messages);
    let of_place: BTreeMap<u32, usize> = merged
        .iter()
        .enumerate()
        .flat_map(|(at, stage)| stage.places.iter().map(move |p| (*p, at)))
        .collect();
    let stage = |line: u32| {
        of_place
            .get(&placing.of_line[line as usize])
            .copied()
            .unwrap_or(0)
    };
    let mut passages = ways::passages(seen, messages, &stage);
    let times = || seen.lines.all.iter().map(|line| line.time);
    let window = (times().min()?, times().max()?);
    let flow = Flow::of(&mut passages, merged.len(), window);
    let kinds = |at: usize| -> BTreeSet<u32> {
        let places: &Merged = &merged[at];
        places
            .places
            .iter()
            .map(|p| placing.kind[*p as usize])
            .collect()
    };
    let beside = |at: usize| -> Vec<u32> {
        let kinds = kinds(at);
        let templates: &Templates = material.templates;
        let all = 0..templates.all.len() as u32;
        all.filter(|t| kinds.contains(&templates.kind(*t, placing)))
            .collect()
    };
    let names: Vec<String> = merged.iter().map(|stage| stage.name.clone()).collect();
    let own = merged.iter().map(|stage| {
        stage
            .places
            .first()
            .and_then(|p| placing.own[*p as usize].clone())
    });
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
        own: &own.collect::<Vec<_>>(),
        shares: &|at| {
            (0..merged.len()).any(|other| other != at && !kinds(other).is_disjoint(&kinds(at)))
        },
    };
    Some(makings.stages())
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
    let least = stages
        .iter()
        .map(|stage| stage.confidence.share)
        .fold(1.0, f32::min);
    FoundPipeline {
        name: name(&families),
        links: links.collect(),
        attributes: attributes::find(seen.lines, &borne, &ids),
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
