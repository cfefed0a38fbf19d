//! Answers of servers that say by a number that it went wrong (HTTP 5xx), and steps of traces that are marked
//! so. That is no kind of line, so it is looked for in the lines themselves, and believed where nobody went on
//! who was answered so.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::lines::Key;
use super::rules::escape;
use super::stages::{Kind, Makings};
use crate::domain::discovery::{Confidence, FoundCondition, FoundRule};
use crate::domain::verdict::Mark;

/// Who was asked and did not answer in time (504) may have done it all the same: that is no failure.
const NUMBER: &str = r"5(?:0[0-35-9]|[1-9]\d)\b";
/// Where the number stands in the log of a server.
const BEFORE: [&str; 2] = [r#"HTTP/[\d.]+" "#, r#"\bstatus="?"#];
/// Where it stands in an object, and the field.
const IN_FIELD: (&str, &str) = (
    r#""(?:http[._])?(?:status|status_?[cC]ode|response_?[cC]ode)": ?"?"#,
    "(?:status|status_?[cC]ode|response_?[cC]ode)$",
);
/// A step of a trace names it.
const STEP: &str = r#""trace_?[iI][dD]": ?""#;
/// How a step says that it went wrong, with the field that says it and its value: tags of `OpenTracing` and
/// `OpenTelemetry` as Jaeger writes them, the status of a span of OTLP, a tag of Zipkin, and the flag of a
/// segment of X-Ray.
const WRONG: [[&str; 3]; 5] = [
    [
        r#""key": ?"error",[^{}]*"value": ?"?true\b"#,
        r"tags\.key$",
        "^error$",
    ],
    [
        r#""key": ?"otel\.status_code",[^{}]*"value": ?"ERROR""#,
        r"tags\.value$",
        "^ERROR$",
    ],
    [
        r#""status": ?\{[^{}]*"code": ?(?:2\b|"STATUS_CODE_ERROR")"#,
        r"status\.code$",
        "^(?:2|STATUS_CODE_ERROR)$",
    ],
    [r#""tags": ?\{[^{}]*"error": ?""#, r"tags\.error$", "."],
    [r#""fault": ?true\b"#, "^fault$", "^true$"],
];
/// Fewer answers are an accident.
const ENOUGH: usize = 3;
/// So many of those who were answered so may go on all the same, in percent.
const GO_ON: usize = 20;

/// How an answer says that it went wrong.
struct Answer {
    /// What finds any answer, and what finds one of those.
    any: Regex,
    wrong: Regex,
    pattern: String,
    /// The field that may say so, by the end of its path, and its value.
    field: Option<(Regex, &'static str)>,
    /// It is of a step of a trace.
    step: bool,
}

static ANSWERS: LazyLock<Vec<Answer>> = LazyLock::new(|| {
    let number = |before: &str, field: Option<&str>| {
        Some(Answer {
            any: Regex::new(&format!(r"{before}\d{{3}}\b")).ok()?,
            wrong: Regex::new(&format!("{before}{NUMBER}")).ok()?,
            pattern: format!("{before}{NUMBER}"),
            field: field.and_then(|field| Some((Regex::new(field).ok()?, NUMBER))),
            step: false,
        })
    };
    let step = |[pattern, field, value]: [&'static str; 3]| {
        Some(Answer {
            any: Regex::new(STEP).ok()?,
            wrong: Regex::new(pattern).ok()?,
            pattern: pattern.to_owned(),
            field: Some((Regex::new(field).ok()?, value)),
            step: true,
        })
    };
    let numbers = BEFORE.map(|before| number(before, None)).into_iter();
    let in_field = number(IN_FIELD.0, Some(IN_FIELD.1));
    let answers = numbers.chain([in_field]).chain(WRONG.map(step));
    answers.flatten().collect()
});

impl Makings<'_> {
    /// The rules by which an answer at a stage says that a message failed.
    pub(super) fn answered(&self, stage: usize, templates: &[u32]) -> Vec<FoundRule> {
        let rules = ANSWERS.iter().filter_map(|answer| {
            // It would speak of what others log to the same sources.
            if (self.shares)(stage) && !answer.step {
                return None;
            }
            let lines = self.lines_of(stage, templates, answer);
            let (mut all, mut gone) = (0, 0);
            for message in self.messages {
                if message.iter().any(|line| lines.contains(line)) {
                    all += 1;
                    gone += usize::from(self.furthest(message) != Some(stage));
                }
            }
            // A step is marked by a standard: one is enough.
            let enough = if answer.step { 1 } else { ENOUGH };
            let line = lines
                .first()
                .filter(|_| all >= enough && gone * 100 <= all * GO_ON)?;
            let template = *self.material.templates.of.get(line)?;
            let condition = self.of_stage(stage, answer, *line)?;
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

    /// Such an answer, of this stage alone where others are in the same sources.
    fn of_stage(&self, stage: usize, answer: &Answer, line: u32) -> Option<FoundCondition> {
        let wrong = &answer.pattern;
        let own = match &self.own[stage] {
            None => {
                let field = self.of_field(answer, line);
                return field.or_else(|| Some(FoundCondition::Pattern(wrong.clone())));
            }
            Some(FoundCondition::Equals { field, value }) => {
                let key = field.rsplit('.').next().unwrap_or(field);
                format!("\"{}\": ?\"{}\"", escape(key), escape(value))
            }
            Some(_) => return None,
        };
        let text = self.material.text(line);
        let both = [(&own, wrong), (wrong, &own)].map(|(a, b)| format!("{a}(?s:.*){b}"));
        let mut both = both.into_iter();
        both.find(|both| Regex::new(both).is_ok_and(|both| both.is_match(&text)))
            .map(FoundCondition::Pattern)
    }

    /// The field of a line that says so, where it is an object.
    fn of_field(&self, answer: &Answer, line: u32) -> Option<FoundCondition> {
        let (name, pattern) = answer.field.as_ref()?;
        let value = Regex::new(pattern).ok()?;
        let lines = self.material.lines;
        let fields = &lines.all[line as usize].fields;
        fields.iter().find_map(|(key, said)| {
            let Key::Field(path) = lines.keys.of(*key) else {
                return None;
            };
            let says = name.is_match(path) && value.is_match(lines.values.of(*said));
            says.then(|| FoundCondition::Matches {
                field: path.clone(),
                pattern: format!("^{}", pattern.trim_start_matches('^')),
            })
        })
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
