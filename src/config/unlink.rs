//! `unlink`: IDs that stay two messages, although log events carry both.
//!
//! Names them by what `id` says, so that a name that is not there is told.

use super::error::suggest;
use super::read::Item;
use super::rule;
use crate::domain::pipeline::Selector;

/// The pairs, as indices into the IDs of the pipeline.
#[must_use]
pub fn read(item: &Item<'_>, ids: &[Selector]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let items = item.items();
    for table in items.iter().filter_map(|item| item.table("a table")) {
        let end = |key| {
            let item = table.get(key);
            if item.is_none() {
                table.item.fail(
                    format!("`{key}` is missing"),
                    "write both sides: { a = [\"requestId\"], b = [\"jobId\"] }",
                );
            }
            item.map_or_else(Vec::new, |item| named(&item, ids))
        };
        let (a, b) = (end("a"), end("b"));
        pairs.extend(a.iter().flat_map(|a| b.iter().map(move |b| (*a, *b))));
        table.finish();
    }
    pairs
}

/// Which of the IDs these texts are.
fn named(item: &Item<'_>, ids: &[Selector]) -> Vec<usize> {
    let written: Vec<String> = ids.iter().map(text).collect();
    let mut found = Vec::new();
    for item in item.items() {
        if item.is_table() {
            let Some(id) = rule::id(&item) else {
                continue;
            };
            let index = ids.iter().position(|known| *known == id);
            found.extend(index);
            if index.is_none() {
                item.fail(
                    "is none of the pipeline's `id`",
                    "write it exactly as `id` has it",
                );
            }
            continue;
        }
        let Some(name) = item.text("one of the pipeline's `id`") else {
            continue;
        };
        let index = written.iter().position(|id| *id == name.text);
        found.extend(index);
        if index.is_none() {
            let known: Vec<&str> = written.iter().map(String::as_str).collect();
            let document = item.document();
            let message = format!("`{}` is none of the pipeline's `id`", name.text);
            let error = document.error(name.offset, &name.key, message);
            document.report(error.help(suggest(&name.text, &known)));
        }
    }
    found
}

fn text(id: &Selector) -> String {
    match id {
        Selector::Field(path) => path.to_string(),
        Selector::Pattern(pattern) => pattern.as_str().to_owned(),
        Selector::Within(path, pattern) => {
            format!("{{ field = \"{path}\", matches = '{}' }}", pattern.as_str())
        }
    }
}
