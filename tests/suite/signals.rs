//! What all log lines tell: activity, troubles, resources, and the edges over time.
//!
//! Told through the ledger, as findings and charts see it. The order of arrival, and how lines are
//! grouped into batches, must not change a figure.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod activity;
mod buckets;
mod edges;
mod load;
mod series;
mod templates;

use std::sync::Arc;

use lastseen::domain::event::{Source, SourceId, SourceKind};
use lastseen::domain::signals::view::Signals;
use lastseen::domain::time::Timestamp;

use crate::support::engine::{Engine, Line};

/// 2026-03-14T02:00:00Z.
const TWO: i64 = 1_773_453_600_000;

/// A line of a stream, so many milliseconds after two o'clock.
fn line(ms: i64, stream: &str, text: impl AsRef<[u8]>) -> Line {
    Line {
        time: Timestamp(TWO + ms),
        stream: stream.into(),
        text: text.as_ref().to_vec(),
    }
}

fn source(id: u32) -> Arc<Source> {
    Arc::new(Source {
        name: format!("qa//acme/group-{id}").into(),
        env: "qa".into(),
        region: "".into(),
        group: format!("/acme/group-{id}").into(),
        kind: SourceKind::File,
    })
}

/// Lines of every kind that is looked for, and of none.
const KINDS: [&str; 9] = [
    "tick {n}",
    "2026-03-14 02:00:00 INFO all is well {n}",
    "2026-03-14 02:00:00 ERROR could not store {n}",
    r#"{"level":"warn","msg":"slow","ms":{n}}"#,
    "Task timed out after {n} seconds",
    "WARN late {n}",
    "inflight={n}/64 heap=0.{n}GB",
    r#"{"queue_depth":{n},"pool":{"memory":1.0{n}}}"#,
    "listening on :{n}",
];

/// Lines of several sources.
type Lines = [(u32, Line)];

/// What these lines tell, without any pipeline, each source as one batch.
fn told(lines: &Lines) -> Signals {
    told_in(lines, usize::MAX)
}

/// The same, at most so many lines a batch, in the order given. A line's place in its source is its
/// place here, so that it is the same line in any order if it is given with its number.
fn told_in(lines: &Lines, batch: usize) -> Signals {
    let placed: Vec<(usize, &(u32, Line))> = lines.iter().enumerate().collect();
    told_of(&placed, batch)
}

fn told_of(lines: &[(usize, &(u32, Line))], batch: usize) -> Signals {
    let mut engine = Engine::new(Vec::new(), None);
    for (_, (id, _)) in lines {
        engine.open(SourceId(*id), source(*id));
    }
    let mut rest = lines;
    while let Some((_, (id, _))) = rest.first() {
        let same = rest
            .iter()
            .take_while(|(_, (other, _))| other == id)
            .count();
        let (now, later) = rest.split_at(same.min(batch));
        let lines: Vec<(usize, &Line)> = now.iter().map(|(place, (_, l))| (*place, l)).collect();
        lines
            .chunks(2_000)
            .for_each(|part| engine.feed(SourceId(*id), part));
        rest = later;
    }
    engine.signals()
}
