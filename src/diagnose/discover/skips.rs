//! The rules for messages that never go on where others do: with which words they are done.

use super::stages::{Kind, Makings};
use crate::domain::discovery::{Confidence, FoundCondition, FoundRule};
use crate::domain::verdict::Mark;

impl Makings<'_> {
    /// Messages that begin otherwise and never go on: whatever names one is a sighting, so it must be said
    /// where nothing more has to follow.
    pub(super) fn skips(&self, stage: usize, beside: &[u32]) -> Vec<FoundRule> {
        let here = |template: u32| {
            let sample = self.material.templates.samples[template as usize].first();
            sample.is_some_and(|line| (self.stage)(*line) == stage)
        };
        let mut rules = Vec::new();
        for short in self.short {
            let done = self.told_apart(&short.done);
            let (ends, why) = if done {
                (
                    short.done.as_slice(),
                    "end so, and none of them ever went on: done with it",
                )
            } else {
                let first = std::slice::from_ref(&short.template);
                (
                    first,
                    "begin so and none of them ever went on: nothing is expected of them",
                )
            };
            if done && here(short.template) && self.own[stage].is_none() {
                let condition = self.apart(short.template, beside);
                let kind = Kind::default();
                let enter = |c| self.rule(Mark::Enter, c, short.template, &kind);
                rules.extend(condition.map(enter));
            }
            for template in ends.iter().copied().filter(|t| here(*t)) {
                let Some(condition) = self.apart(template, beside) else {
                    continue;
                };
                rules.push(FoundRule {
                    confidence: Confidence {
                        share: 0.75,
                        evidence: format!("{} messages {why}", short.messages),
                    },
                    ..self.rule(Mark::Skip, condition, template, &Kind::default())
                });
            }
        }
        rules
    }

    /// Whether each of some kinds of lines can be told from all others where it stands.
    fn told_apart(&self, templates: &[u32]) -> bool {
        let apart = |template: &u32| {
            let sample = self.material.templates.samples[*template as usize].first();
            sample.is_some_and(|line| {
                let beside = (self.beside)((self.stage)(*line));
                self.apart(*template, &beside).is_some()
            })
        };
        !templates.is_empty() && templates.iter().all(apart)
    }

    /// What tells a kind of line from all others.
    fn apart(&self, template: u32, beside: &[u32]) -> Option<FoundCondition> {
        let others = beside.iter().copied().filter(|other| *other != template);
        self.material
            .condition(template, &others.collect::<Vec<_>>())
    }
}
