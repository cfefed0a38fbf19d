//! `check --json`: one object, schema 1.
//!
//! Times are RFC 3339 in UTC with milliseconds, counts are integers. The lists of messages are
//! complete and are streamed, so that millions of them need no memory. An attribute whose sightings
//! differ is a list of the least and the greatest value.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::material::Material;
use super::strict;
use crate::diagnose::finding::Finding;
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;
use crate::domain::view::{
    AttributeValue, EdgeView, EnvironmentView, MessageRow, PipelineView, SourceView,
};

/// Writes the object; `also` adds the messages of another verdict under its name.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    material: &Material<'_>,
    also: Option<Verdict>,
) -> io::Result<()> {
    let overview = material.overview;
    write!(out, "{{\n\"schema\": 1,\n\"window\": ")?;
    strict::write(out, &window(overview.window))?;
    list(out, "sources", overview.sources.iter().map(source))?;
    list(out, "pipelines", overview.pipelines.iter().map(pipeline))?;
    let findings = material.findings.iter().enumerate();
    list(
        out,
        "findings",
        findings.map(|(rank, f)| finding(rank + 1, f, material)),
    )?;
    messages(out, Verdict::Lost, material)?;
    if let Some(verdict) = also.filter(|verdict| *verdict != Verdict::Lost) {
        messages(out, verdict, material)?;
    }
    out.write_all(b"\n}\n")
}

/// One member of the object: a list with one line for each part.
fn list(out: &mut dyn Write, name: &str, values: impl Iterator<Item = Value>) -> io::Result<()> {
    write!(out, ",\n\"{name}\": [")?;
    for (index, value) in values.enumerate() {
        out.write_all(if index == 0 { b"\n  " } else { b",\n  " })?;
        strict::write(out, &value)?;
    }
    out.write_all(b"]")
}

fn messages(out: &mut dyn Write, verdict: Verdict, material: &Material<'_>) -> io::Result<()> {
    write!(out, ",\n\"{verdict}\": [")?;
    let mut first = true;
    material.each(verdict, &mut |row| {
        out.write_all(if first { b"\n  " } else { b",\n  " })?;
        first = false;
        strict::write(out, &message(row))
    })?;
    out.write_all(b"]")
}

/// The ends of time mean that there was no limit.
fn time(time: Timestamp) -> Value {
    match time {
        Timestamp::MIN | Timestamp::MAX => Value::Null,
        time => Value::String(time.to_rfc3339()),
    }
}

fn window(span: Option<Span>) -> Value {
    json!({
        "from": span.map(|span| time(span.from)),
        "to": span.map(|span| time(span.to)),
    })
}

fn source(view: &SourceView) -> Value {
    let source = &view.source;
    // What was read completely; a file read to its end may cover more than time can say.
    let covered = view.covered.iter().copied().reduce(Span::union);
    let bounded = |span: &Span| span.from > Timestamp::MIN && span.to < Timestamp::MAX;
    let span = covered.filter(bounded).or(view.seen);
    let note = view
        .faults
        .last()
        .map_or(&view.note, |fault| &fault.message);
    json!({
        "name": &*source.name,
        "env": &*source.env,
        "region": &*source.region,
        "group": &*source.group,
        "state": view.state.word(),
        "from": span.map(|span| time(span.from)),
        "to": span.map(|span| time(span.to)),
        "events": view.events,
        "bytes": view.bytes,
        "note": note,
    })
}

fn pipeline(view: &PipelineView) -> Value {
    let environments: Vec<Value> = view.environments.iter().map(environment).collect();
    json!({ "name": &*view.name, "environments": environments })
}

fn environment(view: &EnvironmentView) -> Value {
    let edges: Vec<Value> = view.edges.iter().map(edge).collect();
    json!({
        "name": &*view.name,
        "entered": view.entered,
        "completed": view.counts.of(Verdict::Completed),
        "failed": view.counts.of(Verdict::Failed),
        "dead_lettered": view.counts.of(Verdict::DeadLettered),
        "pending": view.counts.of(Verdict::Pending),
        "blind": view.counts.of(Verdict::Blind),
        "lost": view.counts.of(Verdict::Lost),
        "unentered": view.counts.of(Verdict::Unentered),
        "duplicates": view.duplicates,
        "late": view.late,
        "edges": edges,
    })
}

fn edge(view: &EdgeView) -> Value {
    json!({
        "from": &*view.from,
        "to": &*view.to,
        "entered": view.entered,
        "passed": view.passed,
        "lost": view.stuck.of(Verdict::Lost),
        "p50_ms": view.p50_ms,
        "p99_ms": view.p99_ms,
        "allowance_ms": view.allowance_ms,
    })
}

fn finding(rank: usize, finding: &Finding, material: &Material<'_>) -> Value {
    let attributes: Vec<Value> = finding
        .attributes
        .iter()
        .map(|a| {
            json!({
                "name": a.name, "value": a.value, "lost_with": a.lost_with, "lost": a.lost,
                "kept_with": a.kept_with, "kept": a.kept,
            })
        })
        .collect();
    let lines: Vec<Value> = finding
        .lines
        .iter()
        .map(|line| {
            json!({
                "source": &*line.source,
                "timestamp": time(line.time),
                "text": material.line(line.raw),
            })
        })
        .collect();
    let (edge, onset) = (finding.edge.as_ref(), finding.onset);
    json!({
        "rank": rank,
        "kind": finding.kind.word(),
        "title": &*finding.title,
        "env": finding.env.as_deref(),
        "pipeline": finding.pipeline.as_deref(),
        "edge": edge.map(|(from, to)| json!({ "from": &**from, "to": &**to })),
        "lost": finding.lost,
        "of": finding.of,
        "onset": onset.map(|o| time(o.at)),
        "onset_low": onset.map(|o| time(o.low)),
        "onset_high": onset.map(|o| time(o.high)),
        "attributes": attributes,
        "messages": finding.messages,
        "log_events": lines,
    })
}

/// One message, as in the lists.
pub(super) fn message(row: &MessageRow) -> Value {
    let attributes: Map<String, Value> = row
        .attributes
        .iter()
        .map(|(name, value)| (name.to_string(), attribute(value)))
        .collect();
    json!({
        "id": row.id,
        "ids": row.ids,
        "env": &*row.env,
        "pipeline": &*row.pipeline,
        "last_stage": &*row.last_stage,
        "last_seen": time(row.last_seen),
        "last_source": &*row.last_source,
        "attributes": attributes,
    })
}

pub(super) fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::One(value) => json!(value),
        AttributeValue::Mixed(least, greatest) => json!([least, greatest]),
    }
}
