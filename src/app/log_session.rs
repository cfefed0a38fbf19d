//! What is kept of the log between sessions: where it stood, what it kept, which lines are marked.
//!
//! By time and by the names of sources: another run numbers its sources and texts anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::kept::{KeptLine, KeptLog, KeptTerm};
use super::logspot::{LogKept, LogSpot};
use super::marks::{Marked, MarkedLine};
use super::model::Model;
use crate::domain::event::SourceId;
use crate::domain::log::LogKey;
use crate::domain::log::needle::{LogTerm, Needle};
use crate::domain::log::view::LogScope;
use crate::domain::time::Timestamp;

/// Where the log stands.
#[must_use]
pub fn of(model: &Model) -> KeptLog {
    let spot = model.logs.spot();
    let (env, source) = match &spot.kept.scope {
        LogScope::All => (None, None),
        LogScope::Env(env) => (Some(env.to_string()), None),
        LogScope::Source(id) => (None, name(model, *id)),
    };
    let terms = spot.kept.filter.iter().map(|term| KeptTerm {
        out: term.out,
        text: term.needle.text().to_owned(),
    });
    KeptLog {
        env,
        source,
        terms: terms.collect(),
        context: spot.kept.context,
        at: spot.at.filter(|_| !spot.follow).map(|key| key.time.0),
    }
}

/// The marked lines.
#[must_use]
pub fn marks(model: &Model) -> BTreeMap<char, KeptLine> {
    let marks = model.marks.0.iter();
    let lines = marks.filter_map(|(letter, marked)| match marked {
        Marked::Line(line) => Some((
            *letter,
            KeptLine {
                at: line.key.time.0,
                source: name(model, line.key.source)?,
                words: line.words.clone(),
            },
        )),
        _ => None,
    });
    lines.collect()
}

/// Goes on there, as far as its sources are still known.
pub fn resume(model: &mut Model, log: KeptLog, lines: BTreeMap<char, KeptLine>) {
    for (letter, line) in lines {
        if let Some(source) = id(model, &line.source) {
            let key = LogKey {
                source,
                ..LogKey::at(Timestamp(line.at))
            };
            let line = MarkedLine {
                key,
                kept: LogKept::default(),
                words: line.words,
            };
            model.marks.0.insert(letter, Marked::Line(Box::new(line)));
        }
    }
    let source = log.source.and_then(|name| id(model, &name));
    let scope = match (source, log.env) {
        (Some(id), _) => LogScope::Source(id),
        (None, Some(env)) => LogScope::Env(Arc::from(env)),
        (None, None) => LogScope::All,
    };
    let filter = log.terms.into_iter().filter_map(|term| {
        let needle = Needle::parse(&term.text).ok()?;
        let out = term.out;
        Some(LogTerm { out, needle })
    });
    model.logs.restore(LogSpot {
        kept: LogKept {
            scope,
            filter: filter.collect(),
            context: log.context,
        },
        at: log.at.map(|at| LogKey::at(Timestamp(at))),
        ..LogSpot::default()
    });
}

fn name(model: &Model, id: SourceId) -> Option<String> {
    let mut sources = model.overview.sources.iter();
    let source = sources.find(|s| s.id == id)?;
    Some(source.source.name.to_string())
}

fn id(model: &Model, name: &str) -> Option<SourceId> {
    let mut sources = model.overview.sources.iter();
    sources.find(|s| &*s.source.name == name).map(|s| s.id)
}
