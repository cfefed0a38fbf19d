//! Answers of servers that say by a number that it went wrong (HTTP 5xx). A number is no kind of line, so
//! it is looked for in the lines themselves, and believed where nobody went on who was answered so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::stages::{Kind, Makings};
use crate::domain::discovery::{Confidence, FoundCondition, FoundRule};
use crate::domain::verdict::Mark;

/// Who was asked and did not answer in time (504) may have done it all the same: that is no failure.
const NUMBER: &str = r"5(?:0[0-35-9]|[1-9]\d)\b";
/// Where the number stands: in the log of a server, or in a field.
const BEFORE: [&str; 3] = [
    r#"HTTP/[\d.]+" "#,
    r#"\bstatus="?"#,
    r#""(?:http[._])?(?:status|status_?[cC]ode|response_?[cC]ode)": ?"?"#,
];
/// Fewer answers are an accident.
const ENOUGH: usize = 3;
/// So many of those who were answered so may go on all the same, in percent.
const GO_ON: usize = 20;

static ANSWERS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = BEFORE.iter().map(|before| Regex::new(&pattern(before)));
    patterns.filter_map(Result::ok).collect()
});

fn pattern(before: &str) -> String {
    format!("{before}{NUMBER}")
}

impl Makings<'_> {
    /// The rules by which an answer at a stage says that a message failed. Where others log to the same
    /// sources, it would speak of theirs.
    pub(super) fn answered(&self, stage: usize) -> Vec<FoundRule> {
        if (self.shares)(stage) {
            return Vec::new();
        }
        let rules = ANSWERS.iter().zip(BEFORE).filter_map(|(answer, before)| {
            let lines = self.lines_of(stage, answer);
            let (mut all, mut gone) = (0, 0);
            for message in self.messages {
                if message.iter().any(|line| lines.contains(line)) {
                    all += 1;
                    gone += usize::from(self.furthest(message) != Some(stage));
                }
            }
            let line = lines
                .first()
                .filter(|_| all >= ENOUGH && gone * 100 <= all * GO_ON)?;
            let template = *self.material.templates.of.get(line)?;
            let condition = FoundCondition::Pattern(pattern(before));
            Some(FoundRule {
                lines: lines.len(),
                example: self.material.text(*line),
                confidence: Confidence {
                    share: 0.8,
                    evidence: format!("{all} messages, of which {gone} went on"),
                },
                ..self.rule(Mark::Fail, condition, template, &Kind::default())
            })
        });
        rules.collect()
    }

    /// The lines of a stage that hold such an answer; only kinds of lines are looked at that do in a sample.
    fn lines_of(&self, stage: usize, answer: &Regex) -> BTreeSet<u32> {
        let mut holds: BTreeMap<u32, bool> = BTreeMap::new();
        let mut found = BTreeSet::new();
        for line in self.messages.iter().flatten() {
            let Some(template) = self.material.templates.of.get(line) else {
                continue;
            };
            let is = |line: &u32| answer.is_match(&self.material.text(*line));
            let sampled = || {
                self.material.templates.samples[*template as usize]
                    .iter()
                    .any(is)
            };
            if (self.stage)(*line) == stage
                && *holds.entry(*template).or_insert_with(sampled)
                && is(line)
            {
                found.insert(*line);
            }
        }
        found
    }

    fn furthest(&self, message: &[u32]) -> Option<usize> {
        let rank = |stage: &usize| self.flow.order.iter().position(|other| other == stage);
        message
            .iter()
            .map(|line| (self.stage)(*line))
            .max_by_key(rank)
    }
}
