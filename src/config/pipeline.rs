//! One `[pipeline.NAME]` table becomes a pipeline of the domain.
//!
//! Goes on after an error, so that everything wrong in a file is told at once.

use std::sync::Arc;

use super::error::suggest;
use super::read::{Item, Table};
use super::stages::Order;
use super::tree::{Document, Written};
use super::{duration, early_ends, rule, stages, unlink};
use crate::domain::pipeline::{Attribute, Link, LinkEnds, Pipeline, Stage};
use crate::domain::verdict::Mark;

/// The environments a stage may be bound to; `None` where they are captured from paths.
pub type Known = Option<Vec<String>>;

/// Reads one pipeline; what could not be read is left out and reported.
#[must_use]
pub fn read(name: &str, table: Table<'_>, known: &Known) -> Pipeline {
    let ids = table.get("id").map(|item| item.items());
    let ids: Vec<_> = ids
        .unwrap_or_else(|| {
            table.item.fail(
                "`id` is missing: nothing says which log events belong to one message",
                "add `id = [\"messageId\"]` (JSON fields, or patterns with a group `id`)",
            );
            Vec::new()
        })
        .iter()
        .filter_map(rule::id)
        .collect();
    let attributes = table
        .get("attributes")
        .map(|item| attributes(&item))
        .unwrap_or_default();
    let pipeline = Pipeline {
        name: name.into(),
        apart: table
            .get("unlink")
            .map(|item| unlink::read(&item, &ids))
            .unwrap_or_default(),
        ids,
        links: table
            .get("link")
            .map(|item| links(&item))
            .unwrap_or_default(),
        stages: all_stages(name, &table, known, &attributes),
        attributes,
        reuse_after_ms: millis(&table, "reuse_after").unwrap_or(Pipeline::DEFAULT_REUSE_AFTER_MS),
        max_links: table
            .get("max_links")
            .and_then(|item| item.integer(1, 10_000))
            .map_or(Pipeline::DEFAULT_MAX_LINKS, |number| number as usize),
    };
    table.finish();
    pipeline
}

/// A duration above zero.
fn millis(table: &Table<'_>, key: &'static str) -> Option<i64> {
    let item = table.get(key)?;
    if item.is_number() {
        item.fail(
            "found a bare number, expected a duration",
            format!("write the unit too: {key} = \"30s\" (d, h, m, s or ms)"),
        );
        return None;
    }
    let written = item.text("a duration such as \"30s\"")?;
    match duration::parse(&written.text) {
        Ok(millis @ 1..) => Some(millis),
        Ok(_) => {
            item.fail(
                "must be longer than nothing",
                format!("for example {key} = \"30s\""),
            );
            None
        }
        Err(problem) => {
            item.fail(problem, format!("for example {key} = \"30s\""));
            None
        }
    }
}

fn links(item: &Item<'_>) -> Vec<Link> {
    item.items().iter().filter_map(link).collect()
}

fn link(item: &Item<'_>) -> Option<Link> {
    const WHAT: &str =
        "a pattern with groups a and b, or a table { fields = [...] } or { pattern = ... }";
    if !item.is_table() {
        let ends = link_pattern(item.document(), &item.text(WHAT)?)?;
        return Some(Link {
            from: Vec::new(),
            ends,
        });
    }
    let table = item.table(WHAT)?;
    let document = table.document();
    let from = table.get("from").map(|from| rule::globs(document, &from));
    let ends = match (table.get("pattern"), table.get("fields")) {
        (Some(pattern), None) => pattern
            .text("a pattern")
            .and_then(|written| link_pattern(document, &written)),
        (None, Some(fields)) => link_fields(&fields),
        (both, _) => {
            let found = if both.is_some() { "both" } else { "neither" };
            table.item.fail(
                format!("found {found} of `pattern` and `fields`"),
                "write one of them: { fields = [\"requestId\", \"jobId\"] }",
            );
            None
        }
    };
    table.finish();
    let from = from.unwrap_or_default();
    ends.map(|ends| Link { from, ends })
}

fn link_pattern(document: &Document, written: &Written) -> Option<LinkEnds> {
    let pattern = rule::pattern(document, written)?;
    let sound = rule::has_groups(document, written, &pattern, &["a", "b"]);
    sound.then_some(LinkEnds::Pattern(pattern))
}

fn link_fields(item: &Item<'_>) -> Option<LinkEnds> {
    let fields = item.texts("a JSON field");
    let [a, b] = fields.as_slice() else {
        item.fail(
            format!("found {} fields, expected two", fields.len()),
            "name the two fields that hold the IDs: fields = [\"requestId\", \"jobId\"]",
        );
        return None;
    };
    let document = item.document();
    let (a, b) = (rule::field(document, a, "a"), rule::field(document, b, "b"));
    a.zip(b).map(|(a, b)| LinkEnds::Fields(a, b))
}

fn attributes(item: &Item<'_>) -> Vec<Attribute> {
    let mut found: Vec<Attribute> = Vec::new();
    for written in item.texts("a JSON field or a pattern with a named group") {
        for (name, selector) in rule::attribute(item.document(), &written) {
            let name: Arc<str> = name.into();
            found.push(Attribute { name, selector });
        }
    }
    found
}

fn all_stages(
    name: &str,
    table: &Table<'_>,
    known: &Known,
    attributes: &[Attribute],
) -> Vec<Stage> {
    let document = table.document();
    let tables = table
        .get("stage")
        .map(|item| item.tables())
        .unwrap_or_default();
    if tables.is_empty() {
        table.item.fail(
            "has no stage",
            format!("add [[pipeline.{name}.stage]] with `name`, `from` and `enter`"),
        );
    }
    if let Some(first) = tables.get(Pipeline::MAX_STAGES) {
        first.item.fail(
            format!(
                "{} stages; a pipeline has at most {}",
                tables.len(),
                Pipeline::MAX_STAGES
            ),
            "split it into two pipelines",
        );
    }
    let mut orders = Vec::new();
    let mut found = Vec::new();
    for table in tables {
        let (order, stage) = stage(table, known, attributes);
        orders.push(order);
        found.push(stage);
    }
    let after = stages::resolve(document, name, &orders);
    for (stage, after) in found.iter_mut().zip(after) {
        stage.after = after;
    }
    warn_of_order(document, &orders, &found);
    found
}

fn stage(table: Table<'_>, known: &Known, attributes: &[Attribute]) -> (Order, Stage) {
    let document = table.document();
    let name = table.required("name", "engine").unwrap_or_else(|| Written {
        text: String::new(),
        offset: table.item.offset(),
        key: table.item.key.clone(),
    });
    let after = table
        .get("after")
        .map(|item| item.texts("the name of a stage"));
    let from = table.get("from");
    if from.as_ref().is_none_or(|item| item.items().is_empty()) {
        let glob = if name.text.is_empty() {
            "queue"
        } else {
            &name.text
        };
        table.item.fail(
            "does not say where it logs: `from` is missing or empty",
            format!(
                "add `from = [\"*{glob}*\"]` (globs on log groups or paths), or from = [\"**\"] if every source may hold it"
            ),
        );
    }
    let from = from.map(|item| rule::globs(document, &item));
    let mut rules = Vec::new();
    let mut dead_letter = false;
    for mark in Mark::ALL {
        let Some(item) = table.get(mark.word()) else {
            continue;
        };
        match item.as_boolean().filter(|_| mark == Mark::DeadLetter) {
            Some(whole_stage) => dead_letter = whole_stage,
            None => rules.extend(rule::rules(&item).into_iter().map(|rule| (mark, rule))),
        }
    }
    let stage = Stage {
        name: name.text.as_str().into(),
        after: Vec::new(),
        from: from.unwrap_or_default(),
        rules,
        within_ms: millis(&table, "within"),
        environments: table.get("environments").map(|item| bound_to(&item, known)),
        optional: table
            .get("optional")
            .and_then(|item| item.boolean())
            .unwrap_or(false),
        dead_letter,
        ends: [("ends", true), ("may_end", false)]
            .into_iter()
            .filter_map(|(key, sure)| Some((table.get(key)?, sure)))
            .flat_map(|(item, sure)| early_ends::read(&item, sure, attributes))
            .collect(),
    };
    table.finish();
    (Order { name, after }, stage)
}

fn bound_to(item: &Item<'_>, known: &Known) -> Vec<String> {
    let mut names = Vec::new();
    for written in item.texts("the name of an environment") {
        if let Some(known) = known
            && !known.contains(&written.text)
        {
            let allowed: Vec<&str> = known.iter().map(String::as_str).collect();
            let message = format!("unknown environment `{}`", written.text);
            let document = item.document();
            let error = document.error(written.offset, &written.key, message);
            document.report(error.help(suggest(&written.text, &allowed)));
        }
        names.push(written.text);
    }
    names
}

/// What is allowed in the order of stages, but hardly ever meant.
fn warn_of_order(document: &Document, orders: &[Order], found: &[Stage]) {
    for (index, (order, stage)) in orders.iter().zip(found).enumerate() {
        let warn = |message: String, help: &str| {
            let warning = document.error(order.name.offset, &order.name.key, message);
            document.warn(warning.help(help));
        };
        if let (None, Some(above)) = (&order.after, index.checked_sub(1))
            && found[above].dead_letter
        {
            warn(
                format!(
                    "stage `{}` comes after the dead-letter stage `{}`",
                    stage.name, found[above].name
                ),
                "name the stage it really follows with `after`",
            );
        }
        let terminal = !found
            .iter()
            .any(|other| other.after.contains(&index) && !other.dead_letter);
        let ends = [Mark::Exit, Mark::Enter, Mark::Skip];
        // Where messages only fail, and others pass by, nobody has to be done.
        let fails = stage.optional && stage.has(Mark::Fail);
        if terminal && !stage.dead_letter && !fails && !ends.iter().any(|mark| stage.has(*mark)) {
            warn(
                format!(
                    "the last stage `{}` has neither `exit` nor `enter`: nothing can complete there",
                    stage.name
                ),
                "add the rule by which a message is known to be done",
            );
        }
    }
}
