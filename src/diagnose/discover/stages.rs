//! Places become stages: few, with good names, and with the rules that tell what a line says there.

use std::collections::{BTreeMap, BTreeSet};

use super::early_ends;
use super::flow::Flow;
use super::kinds::Short;
use super::marks;
use super::mentions::Mention;
use super::rules::Material;
use crate::domain::discovery::{Confidence, FoundCondition, FoundRule, FoundStage};
use crate::domain::verdict::Mark;

/// A kind of line is the way out if so many of its messages end with it.
const FINAL: f64 = 0.8;
/// A kind of line that fewer messages of the last stage bear is no common way out.
const COMMON: f64 = 0.01;

/// Of those who come out, so many must be told by the rules, in percent.
const TOLD: usize = 98;
/// So many that are the first line of all messages that bear them are no accident, however rare.
const FIRST: usize = 5;

/// What is known of one kind of line at a stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Kind {
    /// Messages that bear it.
    seen: usize,
    /// Messages of which it is the first line at the stage.
    first: usize,
    /// Messages of which it is the very last line.
    last: usize,
    /// Messages that bear it and come no further than this stage.
    ended: usize,
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
    /// By stage: how long messages may take to come there, where the run cannot learn it.
    pub(super) within: &'a [Option<i64>],
    /// By stage: the pattern that finds the ID in its lines, where no field does.
    pub(super) mentions: &'a [Option<Mention>],
    /// Whether messages leave out evenly, at a stage, all of some kinds of lines.
    pub(super) left_out: &'a dyn Fn(usize, &BTreeSet<u32>) -> bool,
    /// Kinds of lines that sound like trouble and are an end like any other.
    pub(super) decided: &'a BTreeSet<u32>,
    /// Messages that never go on, which are not among the others.
    pub(super) short: &'a [Short],
    /// By stage: kinds of messages that never go on from it.
    pub(super) early: &'a [Vec<early_ends::Kind>],
    /// Whether a stage tells of requests when they are answered.
    pub(super) front: &'a dyn Fn(usize) -> bool,
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
        let beyond = self.flow.beyond();
        let mut found = Vec::new();
        for stage in &self.flow.order {
            let dead_letter = marks::of(&self.names[*stage], false) == Some(Mark::DeadLetter);
            let ends = self.flow.ends(*stage) && !dead_letter;
            let out = self.exits(&kinds[*stage]);
            let silent = ends && !out.is_empty() && (self.left_out)(*stage, &out);
            let after: Vec<usize> = self.flow.before[*stage].iter().map(|s| place[*s]).collect();
            let (seen, agree) = (self.flow.seen[*stage], self.flow.agree[*stage]);
            found.push(FoundStage {
                name: self.names[*stage].clone(),
                after,
                from: self.globs[*stage].clone(),
                rules: self.rules(
                    *stage,
                    ends,
                    &kinds[*stage],
                    silent || beyond.contains(stage),
                ),
                environments: Vec::new(),
                optional: beyond.contains(stage) && !dead_letter,
                within: self.within[*stage].map(|ms| format!("{}m", ms.max(0) / 60_000)),
                dead_letter,
                ends: self.early[*stage]
                    .iter()
                    .map(|kind| kind.end.clone())
                    .collect(),
                messages: seen,
                confidence: self.guessed(*stage, silent).unwrap_or_else(|| Confidence {
                    share: agree as f32 * if seen < 20 { 0.7 } else { 1.0 },
                    evidence: format!(
                        "{seen} messages, {:.0} % of them in this order",
                        agree * 100.0
                    ),
                }),
            });
        }
        self.add_refusals(&mut found);
        found
    }

    /// What there is to say of a stage that not everybody has to come to, or to go out of.
    fn guessed(&self, stage: usize, silent: bool) -> Option<Confidence> {
        if silent {
            return Some(Confidence {
                share: 0.6,
                evidence:
                    "many end here with other last words, at all times alike: done on coming?"
                        .to_owned(),
            });
        }
        let mut before = self.flow.before[stage].iter();
        let (from, share) = before.find_map(|from| Some((from, self.flow.steady[*from]?)))?;
        Some(Confidence {
            share: 0.6,
            evidence: format!(
                "{:.0} % end at {}, at all times alike: done without it?",
                share * 100.0,
                self.names[*from]
            ),
        })
    }

    /// What a kind of line says of a message.
    fn mark(&self, template: u32) -> Option<Mark> {
        self.material
            .mark(template)
            .filter(|_| !self.decided.contains(&template))
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
            for (_, template) in seen.iter().filter(|(stage, _)| Some(*stage) == furthest) {
                if let Some(kind) = furthest.and_then(|stage| kinds[stage].get_mut(template)) {
                    kind.ended += 1;
                }
            }
            if let Some((stage, template)) = last
                && let Some(kind) = kinds[stage].get_mut(&template)
            {
                kind.last += 1;
            }
        }
        kinds
    }

    /// What lines say at a stage where messages may end, perhaps without any word of their going out.
    fn rules(
        &self,
        stage: usize,
        ends: bool,
        kinds: &BTreeMap<u32, Kind>,
        without_exit: bool,
    ) -> Vec<FoundRule> {
        let mention = self.mentions[stage].as_ref().and_then(|mention| {
            let pattern = FoundCondition::Pattern(mention.pattern.clone()?);
            Some((self.whole(stage, kinds, pattern), mention.partly))
        });
        if let Some((rule, false)) = mention {
            return vec![rule];
        }
        let beside = (self.beside)(stage);
        let mut rules: Vec<FoundRule> = mention.into_iter().map(|(rule, _)| rule).collect();
        rules.extend(self.skips(stage, &beside));
        let exits = if ends && !without_exit {
            self.exits(kinds)
        } else {
            BTreeSet::new()
        };
        self.add_kinds(stage, kinds, &exits, &beside, &mut rules);
        let said: Vec<u32> = kinds.keys().copied().collect();
        if !(self.front)(stage) {
            rules.extend(self.answered(stage, &said));
        }
        self.add_whole(stage, ends, kinds, &mut rules);
        rules
    }

    /// What each kind of line says at a stage.
    fn add_kinds(
        &self,
        stage: usize,
        kinds: &BTreeMap<u32, Kind>,
        exits: &BTreeSet<u32>,
        beside: &[u32],
        rules: &mut Vec<FoundRule>,
    ) {
        let marked = self.marked(stage, kinds, exits);
        let mut told = 0;
        for (template, mark) in &marked {
            // What says the same is told by the same words; whatever is said here says that it came.
            let same = |other: &u32| {
                marked.contains(&(*other, *mark))
                    || *mark == Mark::Enter && kinds.contains_key(other)
            };
            let others: Vec<u32> = beside.iter().copied().filter(|o| !same(o)).collect();
            let condition = match &self.own[stage] {
                Some(program) => self.material.of_program(*template, program, &others),
                None => self.material.condition(*template, &others),
            };
            let known = |c: &FoundCondition| rules.iter().any(|rule| rule.condition == *c);
            let kind = &kinds[template];
            if *mark == Mark::Exit && condition.is_some() {
                told += kind.last;
            }
            if let Some(condition) = condition.filter(|c| !known(c)) {
                rules.push(self.rule(*mark, condition, *template, kind));
            }
        }
        // A way out that some who take it are not told by would keep them in.
        let out: usize = exits.iter().map(|template| kinds[template].last).sum();
        if told * 100 < out * TOLD {
            rules.retain(|rule| rule.mark != Mark::Exit);
        }
    }

    /// The kinds of lines that say something at a stage, the most common first.
    fn marked(
        &self,
        stage: usize,
        kinds: &BTreeMap<u32, Kind>,
        exits: &BTreeSet<u32>,
    ) -> Vec<(u32, Mark)> {
        let all: usize = kinds.values().map(|kind| kind.first).sum();
        let mut ordered: Vec<(&u32, &Kind)> = kinds.iter().collect();
        ordered.sort_by_key(|(template, kind)| (std::cmp::Reverse(kind.seen), **template));
        let marked = ordered.into_iter().filter_map(|(template, kind)| {
            if exits.contains(template) {
                return Some((*template, Mark::Exit));
            }
            let mark = self
                .mark(*template)
                .filter(|mark| *mark != Mark::Skip || kind.last * 10 >= kind.seen * 9);
            let begins = mark.is_none()
                && self.own[stage].is_none()
                && kind.first * 2 > kind.seen
                && (kind.first * 50 > all || kind.first >= FIRST && kind.first == kind.seen);
            Some((*template, mark.or(begins.then_some(Mark::Enter))?))
        });
        marked.collect()
    }

    /// What every line says at a stage, where no kind of line tells.
    fn add_whole(
        &self,
        stage: usize,
        ends: bool,
        kinds: &BTreeMap<u32, Kind>,
        rules: &mut Vec<FoundRule>,
    ) {
        let says = |mark: Mark| rules.iter().any(|rule| rule.mark == mark);
        // What a front refuses may be told apart later.
        let shared = (self.shares)(stage) || (self.front)(stage);
        if let Some(own) = &self.own[stage] {
            rules.push(self.whole(stage, kinds, own.clone()));
        } else if !says(Mark::Enter) && (ends && !says(Mark::Exit) || !ends && shared) {
            // Whatever names a message here says that it came.
            let any = FoundCondition::Pattern(".".to_owned());
            rules.push(self.whole(stage, kinds, any));
        }
    }

    /// What every line of a stage says that names a message: it came.
    fn whole(
        &self,
        stage: usize,
        kinds: &BTreeMap<u32, Kind>,
        condition: FoundCondition,
    ) -> FoundRule {
        let template = kinds.keys().next().copied().unwrap_or(0);
        FoundRule {
            confidence: Confidence {
                share: 1.0,
                evidence: format!("all {} messages that were seen here", self.flow.seen[stage]),
            },
            ..self.rule(Mark::Enter, condition, template, &Kind::default())
        }
    }

    pub(super) fn rule(
        &self,
        mark: Mark,
        condition: FoundCondition,
        template: u32,
        kind: &Kind,
    ) -> FoundRule {
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
        // Who acknowledges as the last of all is done.
        let plain = |template: u32| matches!(self.mark(template), None | Some(Mark::Ack));
        let telling: Vec<(&u32, &Kind)> = kinds
            .iter()
            .filter(|(t, _)| plain(**t) || marks::is_done(&self.material.words(**t)))
            .collect();
        if kinds.len() < 2 {
            return BTreeSet::new();
        }
        let is_final = |kind: &Kind| kind.last as f64 >= FINAL * kind.ended as f64;
        let common = |template: u32, kind: &Kind| {
            kind.last as f64 >= COMMON * total as f64
                || marks::is_done(&self.material.words(template))
        };
        let found = telling
            .iter()
            .filter(|(template, kind)| is_final(kind) && common(**template, kind));
        let good = |template: u32| plain(template) || self.mark(template) == Some(Mark::Retry);
        found
            .map(|(template, _)| **template)
            .filter(|t| good(*t))
            .collect()
    }
}
