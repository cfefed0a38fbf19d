//! What can be copied from the view in front, and as which text.
//!
//! [`give`] is the one place from which a text leaves for a clipboard.

use super::action::Action;
use super::awscli::Wanted;
use super::board::{self, Cursor, FlowRow};
use super::evidence::{Evidence, Pane};
use super::input::{Copied, Effect};
use super::model::{Asking, Mode, Model};
use super::opened::{self, Opened};
use super::place::Place;
use super::reading::Text;
use super::sources;
use crate::domain::event::{Source, SourceId};
use crate::domain::safe::{is_safe, safe};
use crate::domain::time::Span;
use crate::domain::timeline::Kind;
use crate::domain::view::{MessageRow, SourceView};

/// So many commands at most where several sources are meant.
const COMMANDS: usize = 10;

/// Carries out an action that copies; false where it is none.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) -> bool {
    let text = match action {
        Action::Copy => {
            model.mode = Mode::Copy;
            return true;
        }
        Action::CopyView => {
            give(model, "the view", Copied::Screen, effects);
            return true;
        }
        Action::CopyToFile => {
            again(model, effects);
            return true;
        }
        Action::CopyRaw => {
            raw(model, effects);
            return true;
        }
        Action::CopyLine => line(model).map(|text| ("the line", plain(&text))),
        Action::CopyId => id(model).map(|id| ("the ID", safe(&id).into_owned())),
        Action::CopyMessage => message(model).map(|text| ("the message", text)),
        Action::CopyCommand => commands(model).map(|text| ("the command", text)),
        Action::CopyLink => link(model).map(|text| ("the link", text)),
        _ => return false,
    };
    match text {
        Ok((what, text)) => give(model, what, Copied::Text(text), effects),
        Err(why) => model.notice = Some(why),
    }
    true
}

/// Whether there is anything to copy that way in the view in front.
#[must_use]
pub fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::CopyRaw => shown(model).is_some(),
        Action::CopyToFile => model.copied.is_some(),
        Action::CopyLine => line(model).is_ok(),
        Action::CopyId => id(model).is_ok(),
        Action::CopyMessage => message(model).is_ok(),
        Action::CopyCommand => commands(model).is_ok(),
        Action::CopyLink => link(model).is_ok(),
        _ => true,
    }
}

/// The one place from which a text leaves for a clipboard: whatever must be masked is masked here.
fn give(model: &mut Model, what: &'static str, copied: Copied, effects: &mut Vec<Effect>) {
    let copied = masked(model, copied);
    model.copied = Some((what, copied.clone()));
    effects.push(Effect::Copy(what, copied));
}

/// As others may see it, while they look on. The picture of the screen is masked where it is drawn.
fn masked(model: &Model, copied: Copied) -> Copied {
    match copied {
        Copied::Text(text) => Copied::Text(model.share.shown(&text)),
        Copied::Screen => Copied::Screen,
    }
}

/// The same text into a file, for who has no clipboard that anything arrives in.
fn again(model: &mut Model, effects: &mut Vec<Effect>) {
    match &model.copied {
        // It may have been copied before others looked on.
        Some((what, copied)) => {
            effects.push(Effect::CopyToFile(what, masked(model, copied.clone())));
        }
        None => model.notice = Some("nothing was copied yet".into()),
    }
}

/// Without controls, line by line.
fn plain(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(safe).collect();
    lines.join("\n")
}

/// The log line that is on the screen.
fn shown(model: &Model) -> Option<&str> {
    match (model.place, &model.lifecycle) {
        (Place::Lifecycle, Some(lifecycle)) => match &lifecycle.text {
            Text::Ready(_, text) => Some(&text.text),
            _ => None,
        },
        (Place::Evidence, _) => {
            let evidence = model.evidence.as_ref()?;
            match evidence
                .texts
                .get(evidence.line)
                .filter(|_| on_lines(evidence))?
            {
                Text::Ready(_, text) => Some(&text.text),
                _ => None,
            }
        }
        (Place::Logs, _) => match (&model.logs.text, model.logs.selected()?) {
            (Text::Ready(at, text), line) if *at == line.key.raw => Some(&text.text),
            (_, line) => std::str::from_utf8(line.whole.as_ref()?).ok(),
        },
        (Place::Timeline, _) => {
            let entry = model.timeline.entry()?;
            let line = (entry.kind == Kind::Line).then_some(&*entry.reference.line);
            Some(line.unwrap_or(&entry.text))
        }
        _ => None,
    }
}

/// Whether one of the log lines of a finding is selected.
const fn on_lines(evidence: &Evidence) -> bool {
    matches!(evidence.pane, Pane::Lines | Pane::Log(_))
}

fn line(model: &Model) -> Result<String, String> {
    if let Some(text) = shown(model) {
        return Ok(text.to_owned());
    }
    let on_board = || match model.board.cursor(&model.overview, &model.findings) {
        Cursor::Finding(i) => model.findings.get(i).map(|f| f.title.to_string()),
        _ => None,
    };
    let found = match model.place {
        Place::Board => on_board(),
        Place::Evidence => model.evidence.as_ref().map(|e| e.finding.title.to_string()),
        Place::Learnt => {
            let guess = model.learnt.as_ref().and_then(|view| view.selected());
            guess.map(|guess| guess.text.clone())
        }
        _ => None,
    };
    found.ok_or_else(|| "no log line is selected: v in this menu copies the view".into())
}

/// As it stands in the log. Where that could command a terminal, only when somebody agrees.
fn raw(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(text) = shown(model).map(str::to_owned) else {
        model.notice = Some("no log line is selected".into());
        return;
    };
    if text.chars().all(|c| is_safe(c) || matches!(c, '\n' | '\t')) {
        give(model, "the raw line", Copied::Text(text), effects);
    } else {
        model.mode = Mode::Question(Asking::CopyRaw(text));
    }
}

/// Somebody agreed.
pub fn raw_after_all(model: &mut Model, text: String, effects: &mut Vec<Effect>) {
    give(model, "the raw line", Copied::Text(text), effects);
}

/// The message that is meant.
fn row(model: &Model) -> Option<&MessageRow> {
    match model.place {
        Place::Lifecycle => Some(&model.lifecycle.as_ref()?.view.as_ref()?.row),
        Place::Messages => model.messages.selected(),
        Place::Evidence => {
            let evidence = model.evidence.as_ref();
            evidence
                .filter(|e| e.pane == Pane::Messages)?
                .messages
                .selected()
        }
        _ => None,
    }
}

fn id(model: &Model) -> Result<String, String> {
    let pinned = || match model.place {
        Place::Timeline => model.timeline.entry()?.reference.ids.first().cloned(),
        _ => None,
    };
    let id = row(model).map(|row| row.id.clone()).or_else(pinned);
    id.ok_or_else(|| "no message is selected".into())
}

/// What is known of a message, as lines.
fn message(model: &Model) -> Result<String, String> {
    let row = row(model).ok_or("no message is selected")?;
    let mut lines = vec![
        format!("{} {}", row.verdict.word().replace('_', " "), row.id),
        format!("{} / {}", row.pipeline, row.env),
        format!(
            "last seen {} at {} in {}",
            row.last_seen, row.last_stage, row.last_source
        ),
    ];
    let others: Vec<&str> = row
        .ids
        .iter()
        .filter(|id| **id != row.id)
        .map(String::as_str)
        .collect();
    if !others.is_empty() {
        lines.push(format!("also {}", others.join(" ")));
    }
    let view = match model.place {
        Place::Lifecycle => model.lifecycle.as_ref().and_then(|l| l.view.as_ref()),
        _ => None,
    };
    if let Some(view) = view {
        lines.push(view.why.clone());
        for sighting in &view.sightings {
            let stage = sighting.stage.and_then(|i| view.steps.get(i));
            let stage = stage.map_or("?", |step| &*step.stage);
            let mark = sighting.mark.word();
            let (time, source) = (sighting.time, &sighting.source_name);
            lines.push(format!("{time} {stage} {mark} {source}"));
        }
        let missing = view.steps.iter().find(|step| step.missing);
        lines.extend(missing.map(|step| format!("never seen at {}", step.stage)));
    }
    Ok(plain(&lines.join("\n")))
}

/// Sources, a time, and a text.
type Meant<'a> = (Vec<&'a SourceView>, Option<Span>, Option<&'a str>);

/// Which sources are meant, over which time, and which text in them.
fn meant(model: &Model) -> Result<Meant<'_>, String> {
    let by_name = |name: &str| {
        let mut all = model.overview.sources.iter();
        all.find(|view| &*view.source.name == name)
            .into_iter()
            .collect::<Vec<_>>()
    };
    let window = model.overview.window;
    let (sources, span, text) = match model.place {
        Place::Messages | Place::Lifecycle => {
            let row = row(model).ok_or("no message is selected")?;
            let sighting = model
                .lifecycle
                .as_ref()
                .filter(|_| model.place == Place::Lifecycle);
            let sighting = sighting.and_then(|lifecycle| lifecycle.shown_sighting());
            let name = sighting.map_or(&row.last_source, |sighting| &sighting.source_name);
            let id = sighting.map_or(&row.id, |sighting| &sighting.id);
            let span = Span::new(row.first_seen, row.last_seen);
            (by_name(name), Some(span), Some(id.as_str()))
        }
        Place::Timeline => {
            let entry = model.timeline.entry().ok_or("nothing is selected")?;
            let at = entry.reference.at.unwrap_or(entry.time);
            let id = entry.reference.ids.first().map(String::as_str);
            (
                by_name(&entry.reference.source),
                Some(Span::new(at, at)),
                id,
            )
        }
        Place::Sources => {
            let list = sources::ordered(&model.overview);
            let cursor = model.sources.cursor(&list);
            (
                list.get(cursor).copied().into_iter().collect(),
                window,
                None,
            )
        }
        Place::Logs => {
            let key = model.logs.selected().ok_or("no log line is selected")?.key;
            let sources = model.overview.sources.iter();
            let source = sources.filter(|view| view.id == key.source);
            (source.collect(), Some(Span::new(key.time, key.time)), None)
        }
        Place::Board => (of_board(model), window, None),
        Place::Evidence => match (row(model), &model.evidence) {
            (Some(row), _) => {
                let span = Span::new(row.first_seen, row.last_seen);
                (by_name(&row.last_source), Some(span), Some(row.id.as_str()))
            }
            (None, Some(evidence)) => match evidence.finding.lines.get(evidence.line) {
                Some(line) => {
                    let at = on_lines(evidence).then(|| Span::new(line.time, line.time));
                    (by_name(&line.source), at.or(window), None)
                }
                None => (Vec::new(), None, None),
            },
            (None, None) => (Vec::new(), None, None),
        },
        Place::Hunt | Place::Compare | Place::Learnt => (Vec::new(), None, None),
    };
    if sources.is_empty() {
        return Err("no log group is meant here: choose a message, a stage or a source".into());
    }
    Ok((sources, span, text))
}

fn of_board(model: &Model) -> Vec<&SourceView> {
    let overview = &model.overview;
    let of = |ids: &[SourceId]| {
        let all = overview.sources.iter();
        all.filter(|view| ids.contains(&view.id)).collect()
    };
    let (env, stage) = match model.board.cursor(overview, &model.findings) {
        Cursor::Unseen(_) => match opened::of(&model.board, overview, &model.findings) {
            Some(Opened::Source(id)) => return of(&[id]),
            _ => return Vec::new(),
        },
        Cursor::Finding(i) => {
            let Some(finding) = model.findings.get(i) else {
                return Vec::new();
            };
            let (Some(env), Some((from, _))) = (&finding.env, &finding.edge) else {
                return Vec::new();
            };
            let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
            let found = environments.clone().find(|e| e.name == *env);
            let Some(found) = found else {
                return Vec::new();
            };
            (found, from.clone())
        }
        Cursor::Flow { panel, row } => {
            let Some(env) = board::environment(overview, panel) else {
                return Vec::new();
            };
            let stage = match board::rows(env).get(row) {
                Some(FlowRow::Stage(i)) => env.stages[*i].name.clone(),
                Some(FlowRow::Edge(i)) => env.edges[*i].from.clone(),
                None => return Vec::new(),
            };
            (env, stage)
        }
    };
    let stage = env.stages.iter().find(|known| known.name == stage);
    stage.map_or_else(Vec::new, |stage| of(&stage.sources))
}

fn wanted<'a>(
    model: &'a Model,
    source: &'a Source,
    span: Option<Span>,
    text: Option<&'a str>,
) -> Wanted<'a> {
    let of_env = model.profiles.iter().find(|(env, _)| *env == source.env);
    Wanted {
        source,
        profile: of_env.map(|(_, profile)| profile.as_str()),
        span,
        text,
    }
}

fn commands(model: &Model) -> Result<String, String> {
    let (sources, span, text) = meant(model)?;
    let each = sources.iter().take(COMMANDS);
    let lines: Result<Vec<String>, String> = each
        .map(|view| wanted(model, &view.source, span, text).command())
        .collect();
    Ok(lines?.join("\n"))
}

fn link(model: &Model) -> Result<String, String> {
    let (sources, span, text) = meant(model)?;
    let first = sources.first().ok_or("no log group is meant here")?;
    wanted(model, &first.source, span, text).link()
}
