//! Messages as rows: NDJSON for programs, CSV for spreadsheets.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use super::json;
use super::material::Material;
use super::strict;
use crate::domain::safe::safe;
use crate::domain::time::Timestamp;
use crate::domain::view::{AttributeValue, MessageQuery, MessageRow};

/// One JSON object a line: a message as in `check --json`, with its verdict and when it was first seen.
///
/// # Errors
/// Those of the writer.
pub fn ndjson(
    out: &mut dyn Write,
    material: &Material<'_>,
    query: &MessageQuery,
) -> io::Result<u64> {
    let mut written = 0;
    material.each_of(query, &mut |row| {
        written += 1;
        strict::write(out, &object(row))?;
        out.write_all(b"\n")
    })?;
    Ok(written)
}

/// A message with its verdict and when it was first seen.
pub(super) fn object(row: &MessageRow) -> Value {
    let mut value = json::message(row);
    value["verdict"] = json!(row.verdict.word());
    value["first_seen"] = json!(row.first_seen.to_rfc3339());
    value
}

/// RFC 4180 with a head; every attribute that any of them bears is a column.
///
/// # Errors
/// Those of the writer.
pub fn csv(out: &mut dyn Write, material: &Material<'_>, query: &MessageQuery) -> io::Result<u64> {
    const FIXED: [&str; 9] = [
        "verdict",
        "id",
        "ids",
        "env",
        "pipeline",
        "first_seen",
        "last_stage",
        "last_seen",
        "last_source",
    ];
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    material.each_of(query, &mut |row| {
        for (name, _) in &row.attributes {
            if !names.contains(name) {
                names.insert(Arc::clone(name));
            }
        }
        Ok(())
    })?;
    let mut writer = csv::Writer::from_writer(out);
    let head = FIXED.iter().map(|name| (*name).to_owned());
    writer.write_record(head.chain(names.iter().map(|name| cell(name))))?;
    let mut written = 0;
    material.each_of(query, &mut |row| {
        written += 1;
        let attributes = names.iter().map(|name| {
            let found = row.attributes.iter().find(|(of, _)| of == name);
            found.map_or_else(String::new, |(_, value)| cell(&words(value)))
        });
        Ok(writer.write_record(fixed(row).into_iter().chain(attributes))?)
    })?;
    writer.flush()?;
    Ok(written)
}

fn fixed(row: &MessageRow) -> [String; 9] {
    let time = |time: Timestamp| time.to_rfc3339();
    [
        row.verdict.word().to_owned(),
        cell(&row.id),
        cell(&row.ids.join(" ")),
        cell(&row.env),
        cell(&row.pipeline),
        time(row.first_seen),
        cell(&row.last_stage),
        time(row.last_seen),
        cell(&row.last_source),
    ]
}

fn words(value: &AttributeValue) -> String {
    match value {
        AttributeValue::One(value) => value.clone(),
        AttributeValue::Mixed(least, greatest) => format!("{least}..{greatest}"),
    }
}

/// A value that no spreadsheet takes for a formula: OWASP, "CSV Injection".
fn cell(text: &str) -> String {
    let text = safe(text);
    if text.starts_with(['=', '+', '-', '@']) {
        return format!("'{text}");
    }
    text.into_owned()
}
