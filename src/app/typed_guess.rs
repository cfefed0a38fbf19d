//! What is typed in the place of a guess: whether it can be meant at all, and whether it fits the log
//! lines that the guess was made from. Decides nothing.

use crate::domain::correction::{Part, condition};
use crate::domain::discovery::{Discovery, FoundCondition, FoundPipeline};
use crate::domain::fields::{self, Found};
use crate::domain::pattern::{FieldPath, Pattern};
use crate::domain::wanted::Wanted;

/// Whether a text can be meant.
///
/// # Errors
/// Why not, where the configuration would say it in other words or not at all.
pub fn check(part: Part, text: &str) -> Result<(), String> {
    let text = text.trim();
    match part {
        Part::Pipeline(_) if !text.is_empty() && !is_name(text) => Err(format!(
            "{text:?} is no name: letters and digits, and - _ . or blanks between them"
        )),
        Part::Selector(..) | Part::Attribute(..) => match Pattern::new(text) {
            Ok(_) => Ok(()),
            Err(error) => {
                let why = error.message.lines().next().unwrap_or_default();
                Err(format!("invalid pattern: {why}"))
            }
        },
        _ => Ok(()),
    }
}

fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
    text.starts_with(char::is_alphanumeric) && text.chars().all(inner)
}

/// Whether a text finds nothing in any of the example lines in which the guess itself finds something.
#[must_use]
pub fn misses(found: &Discovery, part: Part, text: &str) -> bool {
    let pipeline = |p: usize| found.pipelines.get(p);
    match part {
        Part::Rule(p, s, r) => {
            let stage = pipeline(p).and_then(|pipeline| pipeline.stages.get(s));
            let Some(rule) = stage.and_then(|stage| stage.rules.get(r)) else {
                return false;
            };
            let typed = condition(text, &rule.condition);
            typed.is_ok_and(|typed| {
                fits(&rule.condition, &rule.example) && !fits(&typed, &rule.example)
            })
        }
        Part::Selector(p, f, s) => pipeline(p).is_some_and(|pipeline| {
            let family = pipeline.families.get(f);
            let selector = family.and_then(|family| family.selectors.get(s));
            selector.is_some_and(|selector| finds_none(pipeline, &selector.text, text))
        }),
        Part::Attribute(p, a) => pipeline(p).is_some_and(|pipeline| {
            let attribute = pipeline.attributes.get(a);
            attribute.is_some_and(|attribute| finds_none(pipeline, &attribute.selector, text))
        }),
        _ => false,
    }
}

/// Of the lines of a pipeline that `before` finds something in, `now` finds something in none.
fn finds_none(pipeline: &FoundPipeline, before: &str, now: &str) -> bool {
    let rules = pipeline.stages.iter().flat_map(|stage| &stage.rules);
    let lines = rules.map(|rule| rule.example.as_str());
    let lines: Vec<&str> = lines.filter(|line| finds(before, line)).collect();
    !lines.is_empty() && !lines.iter().any(|line| finds(now, line))
}

fn finds(selector: &str, line: &str) -> bool {
    if selector.contains("(?<") || selector.contains("(?P<") {
        matches(selector, line)
    } else {
        !values(line, selector).is_empty()
    }
}

fn fits(condition: &FoundCondition, line: &str) -> bool {
    match condition {
        FoundCondition::Pattern(pattern) => matches(pattern, line),
        FoundCondition::Equals { field, value } => values(line, field).contains(value),
        FoundCondition::Matches { field, pattern } => values(line, field)
            .iter()
            .any(|value| matches(pattern, value)),
    }
}

fn matches(pattern: &str, line: &str) -> bool {
    Pattern::new(pattern).is_ok_and(|pattern| pattern.regex().is_match(line.as_bytes()))
}

/// What a path leads to in a line that is one JSON object.
fn values(line: &str, path: &str) -> Vec<String> {
    let (text, mut found) = (line.trim().as_bytes(), Found::default());
    let wanted = Wanted::new([&FieldPath::new(path)]);
    if !fields::walk(text, &wanted, false, &mut found) {
        return Vec::new();
    }
    let values = found.hits.iter().map(|(_, value)| found.bytes(text, value));
    values
        .map(|value| String::from_utf8_lossy(value).into_owned())
        .collect()
}
