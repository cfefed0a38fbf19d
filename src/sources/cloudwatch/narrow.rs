//! Which lines of a log group need not be fetched at all: a filter pattern for the service that
//! provably keeps every sighting and every link, or none.
//!
//! A log event says something only where a rule finds an ID in it, and each way to find one needs
//! some text to stand there: the name of the field, or a literal of the pattern. If all of them do,
//! the lines without any of those texts can stay where they are. Pure; whether it is used is
//! configured, because findings are made of the other lines too.

use std::sync::Arc;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

use crate::config::plan::EnvironmentPlan;
use crate::domain::event::{Source, SourceKind};
use crate::domain::pattern::{FieldPath, Pattern};
use crate::domain::pipeline::{LinkEnds, Pipeline, Rule, Selector};
use crate::domain::rules::{links_in, serves};

/// A text shorter than this stands in too many lines.
const SHORTEST: usize = 3;
/// More texts than this are no narrow filter.
const MOST_TEXTS: usize = 12;
/// The service takes 1,024 characters.
const LONGEST: usize = 500;

/// In JSON any character may be written as `\u00XX`: what looks so is kept, whatever it spells.
const ESCAPED: &str = "u00";

/// What is asked for of a log group's lines; everything where `None`.
#[must_use]
pub fn of_group(plan: &EnvironmentPlan, region: &str, group: &str) -> Option<String> {
    let source = Source {
        name: group.into(),
        env: Arc::clone(&plan.name),
        region: region.into(),
        group: group.into(),
        kind: SourceKind::CloudWatch,
    };
    filter(plan.narrow.iter().map(|pipeline| &**pipeline), &source)
}

/// The filter pattern for one source; `None` where every line may matter.
#[must_use]
pub fn filter<'a>(
    pipelines: impl IntoIterator<Item = &'a Pipeline>,
    source: &Source,
) -> Option<String> {
    let mut texts: Vec<String> = Vec::new();
    for pipeline in pipelines {
        texts.extend(needed(pipeline, source)?);
    }
    if texts.is_empty() {
        return None;
    }
    texts.push(ESCAPED.to_owned());
    texts.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        // Whoever holds a longer text holds what stands in it.
        if !kept.iter().any(|known| text.contains(known.as_str())) {
            kept.push(text);
        }
    }
    let pattern = format!("%{}%", kept.join("|"));
    (kept.len() <= MOST_TEXTS && pattern.len() <= LONGEST).then_some(pattern)
}

/// Texts of which one stands in every log event that says something of a message. `None` where there
/// are no such.
fn needed(pipeline: &Pipeline, source: &Source) -> Option<Vec<String>> {
    let stages: Vec<_> = pipeline
        .stages
        .iter()
        .filter(|s| serves(s, source))
        .collect();
    let mut texts = Vec::new();
    if !stages.is_empty() {
        for id in &pipeline.ids {
            texts.extend(match id {
                Selector::Field(path) => vec![of_field(path)?],
                Selector::Pattern(pattern) => of_pattern(pattern)?,
                Selector::Within(path, pattern) => {
                    of_pattern(pattern).or_else(|| Some(vec![of_field(path)?]))?
                }
            });
        }
    }
    for (_, rule) in stages.iter().flat_map(|stage| &stage.rules) {
        // A rule without an ID of its own says something only of what has been named otherwise.
        match rule {
            Rule::Pattern(pattern) if pattern.has_group("id") => texts.extend(of_pattern(pattern)?),
            Rule::Matches(path, pattern) if pattern.has_group("id") => texts.push(of_field(path)?),
            Rule::Pattern(_) | Rule::Matches(..) | Rule::Equals(..) => {}
        }
    }
    for link in links_in(pipeline, source) {
        match link {
            LinkEnds::Pattern(pattern) => texts.extend(of_pattern(pattern)?),
            LinkEnds::Fields(a, b) => texts.push(of_field(a).or_else(|| of_field(b))?),
        }
    }
    Some(texts)
}

/// The longest part of a key that the path leads through.
fn of_field(path: &FieldPath) -> Option<String> {
    let runs = path
        .parts()
        .iter()
        .filter_map(|key| plain_run(key.as_bytes()));
    runs.max_by_key(String::len)
}

/// Texts of which one stands in whatever the pattern matches.
fn of_pattern(pattern: &Pattern) -> Option<Vec<String>> {
    let mut parser = ParserBuilder::new().utf8(false).build();
    of_hir(&parser.parse(pattern.as_str()).ok()?)
}

fn of_hir(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => plain_run(&literal.0).map(|run| vec![run]),
        HirKind::Capture(capture) => of_hir(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_hir(&repetition.sub),
        HirKind::Concat(parts) => {
            let texts = parts.iter().filter_map(of_hir);
            // The choice whose weakest text is strongest, of those the one with the fewest.
            texts.max_by_key(|texts| {
                let weakest = texts.iter().map(String::len).min();
                (weakest, std::cmp::Reverse(texts.len()))
            })
        }
        HirKind::Alternation(parts) => {
            let texts: Option<Vec<Vec<String>>> = parts.iter().map(of_hir).collect();
            Some(texts?.concat())
        }
        _ => None,
    }
}

/// The longest run of characters that mean themselves, in a filter pattern as in JSON.
fn plain_run(text: &[u8]) -> Option<String> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_#=@;,-".contains(b);
    let runs = text.split(|b| !plain(b));
    let longest = runs.max_by_key(|run| run.len())?;
    let text = String::from_utf8_lossy(longest).into_owned();
    (text.len() >= SHORTEST).then_some(text)
}
