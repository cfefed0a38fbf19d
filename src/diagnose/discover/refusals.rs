//! What a front says once a request is answered is known only then: that it was answered with a failure is
//! a stage of its own, behind those that may have had the message, or it would be no end of it.

use std::sync::LazyLock;

use regex::Regex;

use super::stages::{Kind, Makings};
use crate::domain::discovery::{Confidence, FoundCondition, FoundRule, FoundStage};
use crate::domain::verdict::Mark;

/// Who asked got nothing: given up by them, or by the server.
const NUMBER: &str = r"(?:499|5\d\d)\b";
/// What stands before and behind the number.
const AROUND: [(&str, &str); 6] = [
    (r#"HTTP/[\d.]+" "#, ""),
    (r#"\bstatus="?"#, ""),
    (
        r#""(?:http[._])?(?:status|status_?[cC]ode|response_?[cC]ode)": ?"?"#,
        "",
    ),
    (r"(?: (?:-1|\d+\.\d{3})){3} ", ""),
    (r"\bcompleted ", ""),
    (r"^\d{4}-\d\d-\d\d [\d:]+ .* ", r" \d+ \d+(?: \d+)+$"),
];
/// Fewer answers are an accident.
const ENOUGH: usize = 3;

static REFUSALS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let all = AROUND.iter();
    all.filter_map(|(before, behind)| Regex::new(&format!("{before}{NUMBER}{behind}")).ok())
        .collect()
});

impl Makings<'_> {
    /// Adds, for each front, the stage where it says that it answered with a failure.
    pub(super) fn add_refusals(&self, stages: &mut Vec<FoundStage>) {
        for (at, stage) in self.flow.order.iter().enumerate() {
            if !(self.front)(*stage) || (self.shares)(*stage) {
                continue;
            }
            let Some((rule, messages)) = REFUSALS.iter().find_map(|r| self.refused(*stage, r))
            else {
                continue;
            };
            let next = stages.iter().enumerate();
            let next = next.filter(|(_, other)| other.after.contains(&at));
            let after: Vec<usize> = [at].into_iter().chain(next.map(|(to, _)| to)).collect();
            stages.push(FoundStage {
                name: format!("{}-refused", self.names[*stage]),
                after,
                from: self.globs[*stage].clone(),
                confidence: rule.confidence.clone(),
                rules: vec![rule],
                environments: Vec::new(),
                optional: true,
                within: None,
                dead_letter: false,
                ends: Vec::new(),
                messages,
            });
        }
    }

    /// The rule that tells who was refused, and how many were.
    fn refused(&self, stage: usize, pattern: &Regex) -> Option<(FoundRule, usize)> {
        let refused = |line: &&u32| {
            (self.stage)(**line) == stage && pattern.is_match(self.material.text(**line).trim_end())
        };
        let lines = self.messages.iter();
        let lines: Vec<u32> = lines
            .filter_map(|message| message.iter().find(refused).copied())
            .collect();
        let line = lines.first().filter(|_| lines.len() >= ENOUGH)?;
        let template = *self.material.templates.of.get(line)?;
        let condition = FoundCondition::Pattern(pattern.as_str().to_owned());
        let rule = FoundRule {
            lines: lines.len(),
            example: self.material.text(*line),
            confidence: Confidence {
                share: 0.8,
                evidence: format!("{} messages were answered so", lines.len()),
            },
            ..self.rule(Mark::Fail, condition, template, &Kind::default())
        };
        Some((rule, lines.len()))
    }
}
