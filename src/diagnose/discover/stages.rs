//! Places become stages: few, with good names, and with the rules that tell what a line says there.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::Flow;
use super::marks;
use super::rules::Material;
use crate::domain::discovery::{Confidence, FoundCondition, FoundRule, FoundStage};
use crate::domain::verdict::Mark;

/// A kind of line is the way out if so many of its messages end with it.
const FINAL: f64 = 0.8;
/// A kind of line that fewer messages of the last stage bear is no common way out.
const COMMON: f64 = 0.01;

/// What is known of one kind of line at a stage.
#[derive(Clone, Debug, Default)]
struct Kind {
    /// Messages that bear it.
    seen: usize,
    /// Messages of which it is the first line at the stage.
    first: usize,
    /// Messages of which it is the very last line.
    last: usize,
}

/// What stages are made from.
pub(super) struct Makings<'a> {
    pub(super) material: &'a Material<'a>,
    /// The lines of every message.
    pub(super) messages: &'a [Vec<u32>],
    pub(super) flow: &'a Flow,
    /// Stage of a line.
    pub(super) stage: &'a dyn Fn(u32) -> usize,
    /// Kinds of lines of the sources of each stage, others' included.
    pub(super) beside: &'a dyn Fn(usize) -> Vec<u32>,
    /// Names and globs of the stages.
    pub(super) names: &'a [String],
    pub(super) globs: &'a [Vec<String>],
    /// The condition that every line of a stage meets, where its sources serve others too.
    pub(super) own: &'a [Option<FoundCondition>],
    /// Whether a stage's sources serve others too.
    pub(super) shares: &'a dyn Fn(usize) -> bool,
}

impl Makings<'_> {
    /// The stages, in the order of the flow.
    pub(super) fn stages(&self) -> Vec<FoundStage> {
        let count = self.names.len();
        let kinds = self.kinds();
        let mut place = vec![0; count];
        for (at, stage) in self.flow.order.iter().enumerate() {
            place[*stage] = at;
        }
        let beyond = self.beyond();
        let mut found = Vec::new();
        for stage in &self.flow.order {
            let dead_letter = marks::of(&self.names[*stage]) == Some(Mark::DeadLetter);
            let ends = self.flow.ends(*stage) && !dead_letter;
            let after: Vec<usize> = self.flow.before[*stage].iter().map(|s| place[*s]).collect();
            let (seen, agree) = (self.flow.seen[*stage], self.flow.agree[*stage]);
            found.push(FoundStage {
                name: self.names[*stage].clone(),
                after,
                from: self.globs[*stage].clone(),
                rules: self.rules(*stage, ends && !beyond.contains(stage), &kinds[*stage]),
                environments: Vec::new(),
                optional: beyond.contains(stage) && !dead_letter,
                within: None,
                dead_letter,
                messages: seen,
                confidence: Confidence {
                    share: agree as f32 * if seen < 20 { 0.7 } else { 1.0 },
                    evidence: format!(
                        "{seen} messages, {:.0} % of them in this order",
                        agree * 100.0
                    ),
                },
            });
        }
        found
    }

    /// The stages behind one where most end: messages may pass by them.
    fn beyond(&self) -> BTreeSet<usize> {
        let mut beyond = BTreeSet::new();
        for stage in &self.flow.order {
            let before = &self.flow.before[*stage];
            if !before.is_empty()
                && before
                    .iter()
                    .all(|b| self.flow.ends(*b) || beyond.contains(b))
            {
                beyond.insert(*stage);
            }
        }
        beyond
    }

    fn kinds(&self) -> Vec<BTreeMap<u32, Kind>> {
        let mut kinds: Vec<BTreeMap<u32, Kind>> = vec![BTreeMap::new(); self.names.len()];
        let mut rank = vec![0; self.names.len()];
        for (at, stage) in self.flow.order.iter().enumerate() {
            rank[*stage] = at;
        }
        for message in self.messages {
            let mut seen: BTreeSet<(usize, u32)> = BTreeSet::new();
            let mut firsts: BTreeSet<usize> = BTreeSet::new();
            let furthest = message
                .iter()
                .map(|line| (self.stage)(*line))
                .max_by_key(|stage| rank[*stage]);
            let mut last = None;
            for line in message {
                let Some(template) = self.material.templates.of.get(line) else {
                    continue;
                };
                let stage = (self.stage)(*line);
                if Some(stage) == furthest {
                    last = Some((stage, *template));
                }
                let kind = kinds[stage].entry(*template).or_default();
                kind.first += usize::from(firsts.insert(stage));
                kind.seen += usize::from(seen.insert((stage, *template)));
            }
            if let Some((stage, template)) = last
                && let Some(kind) = kinds[stage].get_mut(&template)
            {
                kind.last += 1;
            }
        }
        kinds
    }

    fn rules(&self, stage: usize, ends: bool, kinds: &BTreeMap<u32, Kind>) -> Vec<FoundRule> {
        let beside = (self.beside)(stage);
        let mut rules: Vec<FoundRule> = Vec::new();
        let exits = if ends {
            self.exits(kinds)
        } else {
            BTreeSet::new()
        };
        let all: usize = kinds.values().map(|kind| kind.first).sum();
        let mut entered = false;
        // The most common first.
        let mut ordered: Vec<(&u32, &Kind)> = kinds.iter().collect();
        ordered.sort_by_key(|(template, kind)| (std::cmp::Reverse(kind.seen), **template));
        for (template, kind) in ordered {
            let words = words(self.material, *template);
            let mark = if exits.contains(template) {
                Some(Mark::Exit)
            } else {
                marks::of(&words)
                    .filter(|mark| *mark != Mark::Skip || kind.last * 10 >= kind.seen * 9)
            };
            let begins = mark.is_none() && kind.first * 2 > kind.seen && kind.first * 50 > all;
            let Some(mark) = mark.or(begins.then_some(Mark::Enter)) else {
                continue;
            };
            if mark == Mark::Enter && self.own[stage].is_some() {
                continue;
            }
            let others: Vec<u32> = beside
                .iter()
                .copied()
                .filter(|other| other != template)
                .collect();
            let condition = self.material.condition(*template, &others);
            let Some(condition) =
                condition.filter(|c| !rules.iter().any(|rule| rule.condition == *c))
            else {
                continue;
            };
            entered |= mark == Mark::Enter;
            rules.push(self.rule(mark, condition, *template, kind));
        }
        if let Some(own) = &self.own[stage] {
            let (template, kind) = (kinds.keys().next().copied().unwrap_or(0), Kind::default());
            rules.push(self.rule(Mark::Enter, own.clone(), template, &kind));
        } else if !entered
            && (ends && !rules.iter().any(|rule| rule.mark == Mark::Exit)
                || !ends && (self.shares)(stage))
        {
            // Whatever names a message here says that it came.
            let template = kinds.keys().next().copied().unwrap_or(0);
            rules.push(self.rule(
                Mark::Enter,
                FoundCondition::Pattern(".".to_owned()),
                template,
                &Kind::default(),
            ));
        }
        rules
    }

    fn rule(&self, mark: Mark, condition: FoundCondition, template: u32, kind: &Kind) -> FoundRule {
        let share = match mark {
            Mark::Exit => kind.last as f32 / kind.seen.max(1) as f32,
            Mark::Enter => 1.0,
            _ => 0.8,
        };
        let sample = self.material.templates.samples[template as usize].first();
        FoundRule {
            mark,
            condition,
            lines: self.material.templates.counts[template as usize],
            example: sample
                .map(|line| self.material.text(*line))
                .unwrap_or_default(),
            confidence: Confidence {
                share,
                evidence: format!("{} messages, of {} the last line", kind.seen, kind.last),
            },
        }
    }

    /// The kinds of lines with which messages come out.
    fn exits(&self, kinds: &BTreeMap<u32, Kind>) -> BTreeSet<u32> {
        let total: usize = kinds.values().map(|kind| kind.last).sum();
        let telling: Vec<(&u32, &Kind)> = kinds
            .iter()
            .filter(|(t, _)| {
                marks::of(&words(self.material, **t)).is_none()
                    || marks::is_done(&words(self.material, **t))
            })
            .collect();
        if kinds.len() < 2 {
            return BTreeSet::new();
        }
        let is_final = |kind: &Kind| kind.last as f64 >= FINAL * kind.seen as f64;
        let common = |template: u32, kind: &Kind| {
            kind.last as f64 >= COMMON * total as f64
                || marks::is_done(&words(self.material, template))
        };
        let found = telling
            .iter()
            .filter(|(template, kind)| is_final(kind) && common(**template, kind));
        let bad = |template: u32| {
            marks::of(&words(self.material, template)).is_some_and(|mark| mark != Mark::Retry)
        };
        found
            .map(|(template, _)| **template)
            .filter(|t| !bad(*t))
            .collect()
    }
}

/// What a kind of line says, without the names of its pairs.
pub(super) fn words(material: &Material<'_>, template: u32) -> String {
    let words = material.templates.all[template as usize].words(material.lines);
    let words = words
        .split_whitespace()
        .filter(|word| !word.contains("=<*>"));
    words.collect::<Vec<_>>().join(" ")
}
