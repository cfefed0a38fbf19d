//! Answers of servers that say by a number that it went wrong (HTTP 5xx). A number is no kind of line, so
//! it is looked for in the lines themselves, and believed where nobody went on who was answered so.

use std::collections::BTreeSet;
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

/// What finds any answer, what finds one of those, and how a rule says that.
struct Answer {
    any: Regex,
    wrong: Regex,
    pattern: String,
}

static ANSWERS: LazyLock<Vec<Answer>> = LazyLock::new(|| {
    let answers = BEFORE.iter().map(|before| {
        let pattern = format!("{before}{NUMBER}");
        Some(Answer {
            any: Regex::new(&format!(r"{before}\d{{3}}\b")).ok()?,
            wrong: Regex::new(&pattern).ok()?,
            pattern,
        })
    });
    answers.flatten().collect()
});

impl Makings<'_> {
    /// The rules by which an answer at a stage says that a message failed. Where others log to the same
    /// sources, it would speak of theirs.
    pub(super) fn answered(&self, stage: usize, templates: &[u32]) -> Vec<FoundRule> {
        if (self.shares)(stage) {
            return Vec::new();
        }
        let rules = ANSWERS.iter().filter_map(|answer| {
            let lines = self.lines_of(stage, templates, answer);
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
            let condition = FoundCondition::Pattern(answer.pattern.clone());
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

    /// The lines of a stage that hold such an answer.
    fn lines_of(&self, stage: usize, templates: &[u32], answer: &Answer) -> BTreeSet<u32> {
        let holds = |line: &u32, pattern: &Regex| pattern.is_match(&self.material.text(*line));
        let served = templates.iter().filter(|template| {
            let mut samples = self.material.templates.samples[**template as usize].iter();
            samples.next().is_some_and(|line| holds(line, &answer.any))
        });
        let served: BTreeSet<u32> = served.copied().collect();
        if served.is_empty() {
            return BTreeSet::new();
        }
        let lines = self.messages.iter().flatten().filter(|line| {
            let template = self.material.templates.of.get(line);
            template.is_some_and(|template| served.contains(template))
                && (self.stage)(**line) == stage
                && holds(line, &answer.wrong)
        });
        lines.copied().collect()
    }

    fn furthest(&self, message: &[u32]) -> Option<usize> {
        let rank = |stage: &usize| self.flow.order.iter().position(|other| other == stage);
        message
            .iter()
            .map(|line| (self.stage)(*line))
            .max_by_key(rank)
    }
}
