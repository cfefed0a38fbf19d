//! Patterns, field paths, globs and rules, each checked where it stands in the file.
//!
//! What is built here cannot fail later: a pattern is compiled, a needed group is there.

use super::read::{Item, Table};
use super::tree::{Document, Written};
use crate::domain::pattern::{FieldPath, Pattern, PatternError};
use crate::domain::pipeline::{Glob, Rule, Selector};

/// Compiles a pattern, or reports it with a caret below the spot.
#[must_use]
pub fn pattern(document: &Document, written: &Written) -> Option<Pattern> {
    match Pattern::new(&written.text) {
        Ok(pattern) => {
            warn_of_quotes(document, written);
            Some(pattern)
        }
        Err(problem) => {
            document.report(of_pattern(document, written, &problem));
            None
        }
    }
}

fn of_pattern(
    document: &Document,
    written: &Written,
    problem: &PatternError,
) -> super::error::ConfigError {
    let message = format!("invalid pattern: {}", problem.message);
    let mut error = document.error(written.offset, &written.key, message);
    if let Some(position) = problem.position {
        // Only the line of the pattern that the caret points into.
        let before = written.text.get(..position).unwrap_or(&written.text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = written.text[start..].lines().next().unwrap_or_default();
        error.snippet = vec![
            line.to_owned(),
            format!("{}^", " ".repeat(before[start..].chars().count())),
        ];
    }
    let escape = problem.message.contains("escape");
    error.help(if escape {
        "between single quotes a backslash is written once: 'items=\\d+'"
    } else {
        "what is meant as itself needs a backslash before it: '\\(', '\\[', '\\*'"
    })
}

/// A quoted key in a pattern means that JSON is read as text. Of several at once no field can be asked.
fn warn_of_quotes(document: &Document, written: &Written) {
    let plain = written.text.replace("\\s*", "").replace([' ', '\\'], "");
    if plain.matches("\":").count() == 1 {
        let message = "this pattern reads JSON as text: a nested object or an escaped quote can forge a match";
        let warning = document.error(written.offset, &written.key, message);
        document.warn(warning.help("prefer { field = \"...\", equals = \"...\" }"));
    }
}

/// Whether a text is meant as a pattern rather than as a field's path.
fn is_pattern(text: &str) -> bool {
    text.contains("(?<") || text.contains("(?P<")
}

/// A path to a JSON field, or a report of why it is none.
#[must_use]
pub fn field(document: &Document, written: &Written, group: &str) -> Option<FieldPath> {
    let text = &written.text;
    let problem = if text.is_empty() || text.split('.').any(str::is_empty) {
        "an empty part in a field's path"
    } else if text.contains(['\\', '(', ')', '[', ']', '*', '+', '?', '|', '^']) {
        "looks like a pattern, but has no named group; without one it is read as a field's path"
    } else {
        return Some(FieldPath::new(text));
    };
    let error = document.error(written.offset, &written.key, format!("`{text}`: {problem}"));
    document.report(error.help(format!(
        "write a JSON field such as detail.order.id, or a pattern with a named group such as 'job=(?<{group}>[0-9a-f-]+)'"
    )));
    None
}

/// A way to find an ID: a field's path, a pattern with a group `id`, or such a pattern in one field.
#[must_use]
pub fn id(item: &Item<'_>) -> Option<Selector> {
    const WHAT: &str =
        "a JSON field, a pattern with a group `id`, or a table { field = ..., matches = ... }";
    let document = item.document();
    if item.is_table() {
        let table = item.table(WHAT)?;
        let path = table
            .required("field", "message")
            .and_then(|written| field(document, &written, "id"));
        let pattern = table
            .required("matches", "order (?<id>[0-9a-f-]+)")
            .and_then(|written| with_id(document, &written));
        table.finish();
        return path.zip(pattern).map(|(p, m)| Selector::Within(p, m));
    }
    let written = item.text(WHAT)?;
    if !is_pattern(&written.text) {
        return field(document, &written, "id").map(Selector::Field);
    }
    with_id(document, &written).map(Selector::Pattern)
}

fn with_id(document: &Document, written: &Written) -> Option<Pattern> {
    let pattern = pattern(document, written)?;
    has_groups(document, written, &pattern, &["id"]).then_some(pattern)
}

/// Whether a pattern has all of these groups; reports the first that it lacks.
#[must_use]
pub fn has_groups(
    document: &Document,
    written: &Written,
    pattern: &Pattern,
    groups: &[&str],
) -> bool {
    let Some(missing) = groups.iter().find(|group| !pattern.has_group(group)) else {
        return true;
    };
    let found: Vec<&str> = pattern.groups().collect();
    let found = match found.as_slice() {
        [] => "it has no named group".to_owned(),
        names => format!("it has {}", names.join(", ")),
    };
    let message = format!("the pattern has no group `{missing}`: {found}");
    let error = document.error(written.offset, &written.key, message);
    document.report(error.help(format!(
        "name the part that is the value: (?<{missing}>[0-9a-f-]+)"
    )));
    false
}

/// Every way to find an attribute: its names and selectors.
#[must_use]
pub fn attribute(document: &Document, written: &Written) -> Vec<(String, Selector)> {
    if !is_pattern(&written.text) {
        let path = field(document, written, "name");
        return path
            .map(|path| (path.name().to_owned(), Selector::Field(path)))
            .into_iter()
            .collect();
    }
    let Some(pattern) = pattern(document, written) else {
        return Vec::new();
    };
    let names: Vec<String> = pattern.groups().map(str::to_owned).collect();
    names
        .into_iter()
        .map(|name| (name, Selector::Pattern(pattern.clone())))
        .collect()
}

/// Globs on log group names or paths.
#[must_use]
pub fn globs(document: &Document, item: &Item<'_>) -> Vec<Glob> {
    let mut globs = Vec::new();
    for written in item.texts("a glob on log group names or paths") {
        match check_glob(&written.text) {
            Ok(()) => globs.push(Glob(written.text)),
            Err(problem) => {
                let error = document.error(written.offset, &written.key, problem);
                document.report(error.help(
                    "for example \"/acme/{env}/engine*\"; * stands for any text, {env} and {region} for the source's own",
                ));
            }
        }
    }
    globs
}

/// Whether `text` is a glob in which only `{env}` and `{region}` stand for something.
///
/// # Errors
/// One sentence: what is wrong with it.
pub fn check_glob(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    let plain = text.replace("{env}", "x").replace("{region}", "x");
    globset::Glob::new(&plain)
        .map(|_glob| ())
        .map_err(|error| format!("`{text}` is not a glob: {}", error.kind()))
}

/// The rules under one key: a pattern, a `{ field, equals | matches }` table, or a list of either.
#[must_use]
pub fn rules(item: &Item<'_>) -> Vec<Rule> {
    let items = item.items();
    if items.is_empty() {
        item.fail(
            "is an empty list: it would never match",
            "leave the key out, or write a pattern",
        );
    }
    items.iter().filter_map(rule).collect()
}

fn rule(item: &Item<'_>) -> Option<Rule> {
    const WHAT: &str = "a pattern, a table { field = ..., equals = ... } or { field = ..., matches = ... }, or a list of those";
    if item.is_table() {
        return field_rule(item.table(WHAT)?);
    }
    let written = item.text(WHAT)?;
    if written.text.is_empty() {
        item.fail(
            "is an empty pattern: it would match everything",
            "write '.' if every log event is meant",
        );
        return None;
    }
    pattern(item.document(), &written).map(Rule::Pattern)
}

fn field_rule(table: Table<'_>) -> Option<Rule> {
    let document = table.document();
    let path = table
        .required("field", "event")
        .and_then(|written| field(document, &written, "id"));
    let rule = match (table.get("equals"), table.get("matches")) {
        (Some(equals), None) => equals.scalar().zip(path).map(|(v, p)| Rule::Equals(p, v)),
        (None, Some(matches)) => matches
            .text("a pattern")
            .and_then(|written| pattern(document, &written))
            .zip(path)
            .map(|(pattern, path)| Rule::Matches(path, pattern)),
        (both, _) => {
            let found = if both.is_some() { "both" } else { "neither" };
            table.item.fail(
                format!("found {found} of `equals` and `matches`"),
                "write one of them: { field = \"event\", equals = \"done\" }",
            );
            None
        }
    };
    table.finish();
    rule
}
