//! `hunt --json`: one object, schema 1, complete where the text lists only a few.
//!
//! Times are RFC 3339 in UTC with milliseconds, counts are integers.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::strict;
use crate::diagnose::suggest::{Suggestion, suggestions};
use crate::domain::hunt::{Find, Hunt, Place, Target, Unsearched};
use crate::domain::time::Timestamp;

/// What the object looks like; stands in the help.
pub const SHAPE: &str = r#"--json prints one object:
  { "schema": 1, "found", "complete", "cancelled", "window": {"from","to"},
    "regions", "regions_asked", "total", "searched",
    "calls", "max_calls", "bytes", "max_bytes",
    "targets": [ {"id","ids","places","last_stage","last_seen"} ],
    "places": [ {"env","region","account","group","name","kind","standing":
        "new|configured|loaded","early", "ids": [ {"id","target","hits","first",
        "last","samples": [ {"timestamp","stream","text"} ]} ]} ],
    "not_searched": [ {"env","region","groups","cause": "budget|cancelled|denied|
        class|retention|failed|set_aside|not_enabled|younger","why","remedy"} ],
    "suggestions": [ {"env","region","glob","sentence","lines"} ] }"#;

/// Writes the object.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, hunt: &Hunt) -> io::Result<()> {
    let window = json!({
        "from": hunt.window.map(|span| time(span.from)),
        "to": hunt.window.map(|span| time(span.to)),
    });
    let facts = [
        ("found", json!(hunt.found())),
        ("complete", json!(hunt.complete())),
        ("cancelled", json!(hunt.cancelled)),
        ("window", window),
        ("regions", json!(hunt.regions.1)),
        ("regions_asked", json!(hunt.regions.0)),
        ("total", json!(hunt.total)),
        ("searched", json!(hunt.searched)),
        ("calls", json!(hunt.calls)),
        ("max_calls", json!(hunt.budget.calls)),
        ("bytes", json!(hunt.bytes)),
        ("max_bytes", json!(hunt.budget.bytes)),
    ];
    write!(out, "{{\n\"schema\": 1")?;
    for (name, value) in facts {
        write!(out, ",\n\"{name}\": ")?;
        strict::write(out, &value)?;
    }
    let targets = hunt.targets.iter().enumerate();
    list(out, "targets", targets.map(|(at, t)| target(hunt, at, t)))?;
    list(out, "places", hunt.places.iter().map(place))?;
    list(out, "not_searched", hunt.unsearched.iter().map(unsearched))?;
    list(out, "suggestions", suggestions(hunt).iter().map(suggestion))?;
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

fn time(time: Timestamp) -> Value {
    match time {
        Timestamp::MIN | Timestamp::MAX => Value::Null,
        time => Value::String(time.to_rfc3339()),
    }
}

fn target(hunt: &Hunt, index: usize, target: &Target) -> Value {
    let last = target.last.as_ref();
    json!({
        "id": target.id,
        "ids": target.ids,
        "places": hunt.places_of(index),
        "last_stage": last.map(|last| &*last.stage),
        "last_seen": last.map(|last| time(last.time)),
    })
}

fn place(place: &Place) -> Value {
    let ids: Vec<Value> = place.finds.iter().map(find).collect();
    json!({
        "env": &*place.env,
        "region": &*place.region,
        "account": place.account.as_deref(),
        "group": &*place.group,
        "name": &*place.name,
        "kind": place.kind.word(),
        "standing": place.standing.word(),
        "early": place.early,
        "ids": ids,
    })
}

fn find(find: &Find) -> Value {
    let samples = find.samples.iter().map(|sample| {
        json!({
            "timestamp": time(sample.time),
            "stream": sample.stream,
            "text": sample.text,
        })
    });
    json!({
        "id": &*find.id,
        "target": find.target,
        "hits": find.hits,
        "first": time(find.first),
        "last": time(find.last),
        "samples": samples.collect::<Vec<_>>(),
    })
}

fn unsearched(skipped: &Unsearched) -> Value {
    json!({
        "env": &*skipped.env,
        "region": &*skipped.region,
        "groups": skipped.groups,
        "cause": skipped.cause.word(),
        "why": skipped.why,
        "remedy": skipped.remedy,
    })
}

fn suggestion(suggestion: &Suggestion) -> Value {
    json!({
        "env": &*suggestion.env,
        "region": &*suggestion.region,
        "glob": suggestion.glob,
        "sentence": suggestion.sentence,
        "lines": suggestion.lines,
    })
}
