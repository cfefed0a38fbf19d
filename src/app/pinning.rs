//! What is selected in the view in front, as an entry of the timeline.

use super::board::{self, Cursor, FlowRow};
use super::evidence::{Evidence, Pane};
use super::lifecycle::Lifecycle;
use super::model::Model;
use super::place::Place;
use super::reading::Text;
use crate::diagnose::finding::Finding;
use crate::domain::event::TextRef;
use crate::domain::show::count;
use crate::domain::time::Timestamp;
use crate::domain::timeline::{Entry, EntryId, Kind, Reference};
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, MessageRow, SightingView};

/// The selected thing. Its name is given to it when it is put on the timeline.
///
/// # Errors
/// Why there is nothing to pin.
pub fn of(model: &Model) -> Result<Entry, String> {
    match model.place {
        Place::Board => of_board(model),
        Place::Messages => {
            let row = model.messages.selected();
            row.map(message)
                .ok_or_else(|| "no message is selected".into())
        }
        Place::Lifecycle => {
            let lifecycle = model.lifecycle.as_ref().ok_or("no message is open")?;
            of_lifecycle(lifecycle)
        }
        Place::Evidence => {
            let evidence = model.evidence.as_ref().ok_or("no finding is open")?;
            of_evidence(evidence, model)
        }
        Place::Logs => of_log(model),
        Place::Compare | Place::Sources | Place::Hunt | Place::Timeline | Place::Learnt => {
            Err("pin a message, a log line, a finding or a gap; :note writes one".into())
        }
    }
}

/// The time and the environment of what is selected, for a note about it.
#[must_use]
pub fn here(model: &Model) -> (Option<Timestamp>, String) {
    if let Some(entry) = model
        .timeline
        .entry()
        .filter(|_| model.place == Place::Timeline)
    {
        return (Some(entry.time), entry.env.clone());
    }
    match of(model) {
        Ok(entry) => (Some(entry.time), entry.env),
        Err(_) => (None, String::new()),
    }
}

/// An entry without a name.
fn entry(kind: Kind, env: &str, time: Timestamp, text: String, reference: Reference) -> Entry {
    Entry {
        id: EntryId::default(),
        time,
        kind,
        env: env.to_owned(),
        text,
        reference: Reference {
            at: Some(time),
            ..reference
        },
    }
}

fn of_board(model: &Model) -> Result<Entry, String> {
    let window = model.overview.window.map(|window| window.from);
    let window = window.unwrap_or(model.now);
    match model.board.cursor(&model.overview, &model.findings) {
        Cursor::Finding(i) => {
            let finding = model.findings.get(i).ok_or("no finding is selected")?;
            Ok(of_finding(finding, window))
        }
        Cursor::Flow { panel, row } => {
            let (p, e) = board::panels(&model.overview)
                .get(panel)
                .copied()
                .ok_or("nothing was read yet")?;
            let pipeline = &model.overview.pipelines[p];
            let env = &pipeline.environments[e];
            match board::rows(env).get(row) {
                Some(FlowRow::Edge(i)) => gap(&pipeline.name, &env.name, &env.edges[*i], window),
                _ => Err("a stage has no time: pin a gap (x), a finding or a message".into()),
            }
        }
        Cursor::Unseen(_) => Err("a source has no time; :note writes one about it".into()),
    }
}

/// A finding, at its onset.
#[must_use]
pub fn of_finding(finding: &Finding, window: Timestamp) -> Entry {
    let onset = finding.onset.map(|onset| onset.at);
    let time = onset
        .or(finding.span.map(|span| span.from))
        .unwrap_or(window);
    let edge = finding.edge.as_ref();
    let reference = Reference {
        pipeline: finding.pipeline.as_deref().unwrap_or_default().to_owned(),
        edge: edge.map(|(from, to)| (from.to_string(), to.to_string())),
        line: finding.title.utc(),
        ..Reference::default()
    };
    let env = finding.env.as_deref().unwrap_or_default();
    entry(Kind::Finding, env, time, finding.title.utc(), reference)
}

/// A gap, where the first message of it was last seen.
fn gap(pipeline: &str, env: &str, edge: &EdgeView, window: Timestamp) -> Result<Entry, String> {
    let lost = edge.stuck.of(Verdict::Lost);
    if lost == 0 {
        return Err("nothing was lost here: there is no gap to pin".into());
    }
    let time = edge.lost_span.map_or(window, |span| span.from);
    let lost = count(lost);
    let text = format!(
        "{} -> {}: {lost} lost of {}",
        edge.from,
        edge.to,
        count(edge.entered)
    );
    let reference = Reference {
        pipeline: pipeline.to_owned(),
        edge: Some((edge.from.to_string(), edge.to.to_string())),
        ..Reference::default()
    };
    Ok(entry(Kind::Gap, env, time, text, reference))
}

/// A message, at its newest sighting.
#[must_use]
pub fn message(row: &MessageRow) -> Entry {
    let verdict = row.verdict.word().replace('_', " ");
    let text = format!("{} {verdict}, last seen at {}", row.id, row.last_stage);
    entry(Kind::Message, &row.env, row.last_seen, text, reference(row))
}

fn reference(row: &MessageRow) -> Reference {
    let others = row.ids.iter().filter(|id| **id != row.id);
    Reference {
        ids: std::iter::once(&row.id).chain(others).cloned().collect(),
        pipeline: row.pipeline.to_string(),
        source: row.last_source.to_string(),
        ..Reference::default()
    }
}

fn of_lifecycle(lifecycle: &Lifecycle) -> Result<Entry, String> {
    let view = lifecycle
        .view
        .as_ref()
        .ok_or("the message is still being read")?;
    if let Some(sighting) = lifecycle.sighting() {
        return line(&view.row, sighting, &lifecycle.text);
    }
    let step = lifecycle.missing().ok_or("nothing is selected")?;
    let id = &view.row.id;
    let text = format!("{id} never seen at {}", step.stage);
    let edge = Some((view.row.last_stage.to_string(), step.stage.to_string()));
    let reference = Reference {
        edge,
        ..reference(&view.row)
    };
    Ok(entry(
        Kind::Gap,
        &view.row.env,
        view.row.last_seen,
        text,
        reference,
    ))
}

/// The finding, one of its messages, or one of its log lines.
fn of_evidence(evidence: &Evidence, model: &Model) -> Result<Entry, String> {
    let finding = &evidence.finding;
    match evidence.pane {
        Pane::About(_) => {
            let window = model.overview.window.map(|window| window.from);
            Ok(of_finding(finding, window.unwrap_or(model.now)))
        }
        Pane::Messages => {
            let row = evidence.messages.selected();
            row.map(message)
                .ok_or_else(|| "no message is selected".into())
        }
        Pane::Lines | Pane::Log(_) => {
            let line = finding
                .lines
                .get(evidence.line)
                .ok_or("no log line is selected")?;
            let text = evidence.texts.get(evidence.line).unwrap_or(&Text::None);
            let text = words(line.raw, text)?;
            let reference = Reference {
                pipeline: finding.pipeline.as_deref().unwrap_or_default().to_owned(),
                source: line.source.to_string(),
                raw: Some(line.raw),
                ..Reference::default()
            };
            let env = finding.env.as_deref().unwrap_or_default();
            Ok(quoted(env, line.time, text, reference))
        }
    }
}

/// The selected line of the log.
fn of_log(model: &Model) -> Result<Entry, String> {
    let line = model.logs.selected().ok_or("no log line is selected")?;
    let text = match &line.whole {
        Some(text) => String::from_utf8_lossy(text).into_owned(),
        None => words(line.key.raw, &model.logs.text)?,
    };
    let mut sources = model.overview.sources.iter();
    let source = sources.find(|view| view.id == line.key.source);
    let reference = Reference {
        source: source.map_or(String::new(), |view| view.source.name.to_string()),
        raw: Some(line.key.raw),
        ..Reference::default()
    };
    let env = source.map_or("", |view| &*view.source.env);
    Ok(quoted(env, line.key.time, text, reference))
}

/// The text of a log line: it is kept with the pin, so that it can be read where the log is not.
fn words(raw: TextRef, text: &Text) -> Result<String, String> {
    match text {
        Text::Ready(at, text) if *at == raw => Ok(text.text.clone()),
        Text::Failed(at, why) if *at == raw => Ok(format!("(could not be read: {why})")),
        _ => Err("the log line is still being read; p again pins it".into()),
    }
}

fn quoted(env: &str, time: Timestamp, line: String, reference: Reference) -> Entry {
    let first = line.lines().next().unwrap_or_default();
    let shown = first.replace('\t', " ").chars().take(SHOWN).collect();
    let reference = Reference { line, ..reference };
    entry(Kind::Line, env, time, shown, reference)
}

/// A log line of a message.
fn line(row: &MessageRow, sighting: &SightingView, text: &Text) -> Result<Entry, String> {
    let reference = Reference {
        source: sighting.source_name.to_string(),
        raw: Some(sighting.raw),
        ..reference(row)
    };
    let line = words(sighting.raw, text)?;
    Ok(quoted(&row.env, sighting.time, line, reference))
}

/// So much of a log line stands in the list; all of it is kept beside.
const SHOWN: usize = 200;
