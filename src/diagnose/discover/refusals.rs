//! What a front says once a request is answered is known only then: that it was answered with a failure is
//! a stage of its own, behind those that may have had the message, or it would be no end of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::lines::{Format, Key};
use super::rules::Material;
use super::stages::{Kind, Makings};
use crate::domain::discovery::{Confidence, FoundCondition, FoundRule, FoundStage};
use crate::domain::verdict::Mark;

/// Who asked got nothing. Where somebody gave up waiting (499, 504), what became of the request is not told:
/// that is no failure, and it is lost where it was last seen.
const NUMBER: &str = r"5(?:0[0-35-9]|[1-9]\d)\b";
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

/// Whether a value is such a number.
fn is_refusal(value: &str) -> bool {
    value.len() == 3 && value.starts_with('5') && value != "504" && value.parse::<u16>().is_ok()
}

/// Whether all that is known of a kind of line was answered with a failure.
pub(super) fn are_refused(material: &Material<'_>, template: u32) -> bool {
    let mut lines = material.templates.samples[template as usize].iter();
    lines.all(|line| {
        let text = material.text(*line);
        REFUSALS.iter().any(|r| r.is_match(text.trim_end()))
    })
}

impl Makings<'_> {
    /// Adds, for each front, the stage where it says that it answered with a failure.
    pub(super) fn add_refusals(&self, stages: &mut Vec<FoundStage>) {
        for (at, stage) in self.flow.order.iter().enumerate() {
            if !(self.front)(*stage) || (self.shares)(*stage) {
                continue;
            }
            let Some((rules, longest)) = REFUSALS.iter().find_map(|r| self.refused(*stage, r))
            else {
                continue;
            };
            let next = stages.iter().enumerate();
            let next = next.filter(|(_, other)| other.after.contains(&at));
            let after: Vec<usize> = [at].into_iter().chain(next.map(|(to, _)| to)).collect();
            let messages = rules.iter().map(|rule| rule.lines).sum();
            stages.push(FoundStage {
                name: format!("{}-refused", self.names[*stage]),
                after,
                from: self.globs[*stage].clone(),
                messages,
                confidence: Confidence {
                    share: 0.8,
                    evidence: format!("{messages} messages were answered so"),
                },
                rules,
                environments: Vec::new(),
                optional: true,
                // Too few to learn it from: twice what was seen, in whole minutes.
                within: Some(format!("{}m", 2 * longest / 60_000 + 1)),
                dead_letter: false,
                ends: Vec::new(),
            });
        }
    }

    /// The rules that tell who was refused, and how many milliseconds that took at most.
    fn refused(&self, stage: usize, pattern: &Regex) -> Option<(Vec<FoundRule>, i64)> {
        let refused = |line: &&u32| {
            (self.stage)(**line) == stage && pattern.is_match(self.material.text(**line).trim_end())
        };
        let lines = self.messages.iter();
        let lines: Vec<u32> = lines
            .filter_map(|message| message.iter().find(refused).copied())
            .collect();
        if lines.len() < ENOUGH {
            return None;
        }
        let mut told: BTreeMap<FoundCondition, Vec<u32>> = BTreeMap::new();
        for line in &lines {
            let condition = self.in_field(*line);
            let pattern = || FoundCondition::Pattern(pattern.as_str().to_owned());
            told.entry(condition.unwrap_or_else(pattern))
                .or_default()
                .push(*line);
        }
        let rules = told.into_iter().filter_map(|(condition, lines)| {
            let line = lines.first()?;
            let template = *self.material.templates.of.get(line)?;
            Some(FoundRule {
                lines: lines.len(),
                example: self.material.text(*line),
                confidence: Confidence {
                    share: 0.8,
                    evidence: format!("{} messages were answered so", lines.len()),
                },
                ..self.rule(Mark::Fail, condition, template, &Kind::default())
            })
        });
        let rules: Vec<FoundRule> = rules.collect();
        let took = lines.iter().map(|line| {
            let line = &self.material.lines.all[*line as usize];
            let written = self.material.corpus.events[line.event as usize].time;
            written.since(line.time)
        });
        Some((rules, took.max().unwrap_or(0)))
    }

    /// The field of an object that holds the number.
    fn in_field(&self, line: u32) -> Option<FoundCondition> {
        let lines = self.material.lines;
        let line = &lines.all[line as usize];
        let mut fields = line.fields.iter().filter(|_| line.format == Format::Json);
        fields.find_map(|(key, value)| {
            let (Key::Field(path), value) = (lines.keys.of(*key), lines.values.of(*value)) else {
                return None;
            };
            let name = path.to_lowercase();
            let is_code = name.ends_with("status") || name.ends_with("code");
            (is_code && is_refusal(value)).then(|| FoundCondition::Equals {
                field: path.clone(),
                value: value.clone(),
            })
        })
    }
}
