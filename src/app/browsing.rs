//! Reading the log: what the keys of the dashboard mean for it, and how other views lead there.

use super::action::Action;
use super::evidence;
use super::input::{Effect, Question};
use super::logs::{Logs, Pane, Seek};
use super::logspot::LogKept;
use super::logtyping;
use super::model::{Mode, Model};
use super::opening;
use super::place::Place;
use super::prompt::LogPrompt;
use super::reading::Text;
use super::sources;
use crate::domain::log::LogKey;
use crate::domain::log::needle::Needle;
use crate::domain::log::view::{LogPage, LogQuery, LogRow, LogScope};
use crate::domain::mask::Mask;
use crate::domain::show::count_of;

/// Shows the log; the first time a live one at its end.
pub fn view(model: &mut Model) {
    if model.overview.live && !model.logs.window.begun() {
        model.logs.show_end();
    }
    model.go(Place::Logs);
}

/// Shows the log of what is selected: a sighting with its neighbours of all sources, the lines around
/// the time when a message was last seen, the lines of a source.
pub fn here(model: &mut Model) {
    let key = match model.place {
        Place::Lifecycle => model.lifecycle.as_ref().and_then(|lifecycle| {
            let sighting = lifecycle.shown_sighting()?;
            Some(LogKey {
                time: sighting.time,
                source: sighting.source,
                raw: sighting.raw,
            })
        }),
        Place::Messages => {
            let selected = model.messages.selected();
            selected.map(|row| LogKey::at(row.last_seen))
        }
        Place::Evidence => of_evidence(model),
        Place::Sources => {
            let list = sources::ordered(&model.overview);
            let Some(source) = list.get(model.sources.cursor(&list)) else {
                return;
            };
            let scope = LogScope::Source(source.id);
            let kept = LogKept {
                scope,
                ..model.logs.kept()
            };
            model.logs.keep(kept);
            Some(LogKey::FIRST)
        }
        _ => None,
    };
    let Some(key) = key else {
        model.notice = Some("nothing is selected".into());
        return;
    };
    if model.place != Place::Sources {
        // A filter would hide the very neighbours that are asked for.
        let context = model.logs.context;
        if !model.logs.filter.is_empty() {
            model.notice = Some("all lines, to show its neighbours; u filters again".into());
        }
        model.logs.keep(LogKept {
            context,
            ..LogKept::default()
        });
    }
    model.logs.show(key);
    model.go(Place::Logs);
}

/// The selected log line of a finding, the last sighting of its selected message, or where it began.
fn of_evidence(model: &Model) -> Option<LogKey> {
    let evidence = model.evidence.as_ref()?;
    let finding = &evidence.finding;
    match evidence.pane {
        evidence::Pane::Lines | evidence::Pane::Log(_) => {
            let line = finding.lines.get(evidence.line)?;
            let mut sources = model.overview.sources.iter();
            let source = sources.find(|s| s.source.name == line.source);
            Some(source.map_or(LogKey::at(line.time), |source| LogKey {
                time: line.time,
                source: source.id,
                raw: line.raw,
            }))
        }
        evidence::Pane::Messages => {
            let selected = evidence.messages.selected();
            selected.map(|row| LogKey::at(row.last_seen))
        }
        evidence::Pane::About(_) => {
            let onset = finding.onset.map(|onset| onset.at);
            let time = onset.or(finding.span.map(|span| span.from))?;
            Some(LogKey::at(time))
        }
    }
}

/// Asks for what the view needs and has not got.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.place != Place::Logs {
        model.logs.leave();
        return;
    }
    let loading = model.loading();
    if let Some(query) = model.logs.question(model.size, loading) {
        effects.push(Effect::Ask(Question::Log(query)));
    }
    if let Some(text) = model.logs.text_question(model.size, model.share.mask()) {
        if let Some(lifecycle) = &mut model.lifecycle
            && matches!(lifecycle.text, Text::Reading(_))
        {
            // Only the newest question for a text is answered.
            lifecycle.text = Text::None;
        }
        effects.push(Effect::Ask(Question::Text(text)));
    }
}

/// Takes a page of the log. While others look on, its texts are masked before they are cut or searched.
pub fn answer(model: &mut Model, query: &LogQuery, mut page: LogPage) {
    if let Some(mask) = model.share.mask() {
        for row in &mut page.rows {
            mask_row(mask, row);
        }
    }
    let said = model.logs.answer(query, page, model.size, &model.overview);
    if said.is_some() && model.mode == Mode::Normal {
        model.notice = said;
    }
}

/// The text of a row is the beginning of a log event: what it breaks off in may be half a secret.
fn mask_row(mask: &Mask, row: &mut LogRow) {
    let Ok(text) = &mut row.text else { return };
    if row.more > 0 {
        let whole = text.iter().rposition(u8::is_ascii_whitespace).unwrap_or(0);
        row.more += text.len() - whole;
        text.truncate(whole);
    }
    *text = mask.mask_bytes(text);
}

/// Carries out an action of the view; false where it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    let logs = &mut model.logs;
    match action {
        Action::Open => open(model),
        Action::LogSearch => logtyping::begin(model, LogPrompt::Search),
        Action::LogKeep => logtyping::begin(model, LogPrompt::Keep),
        Action::LogDrop => logtyping::begin(model, LogPrompt::Drop),
        Action::NextMatch | Action::PreviousMatch if logs.needle.is_none() => {
            model.notice = Some("nothing to search for yet: / takes a text".into());
        }
        Action::NextMatch | Action::PreviousMatch => {
            let backward = action == Action::PreviousMatch;
            model.notice = search_on(logs, backward);
        }
        Action::NextGap | Action::PreviousGap => {
            logs.search_for(Needle::Error, action == Action::PreviousGap);
            return logs.seek.is_some();
        }
        Action::UndoFilter | Action::RedoFilter => {
            let redo = action == Action::RedoFilter;
            if !logs.undo(redo) {
                let words = if redo { "redo" } else { "undo" };
                model.notice = Some(format!("no filter to {words}"));
            }
        }
        Action::ClearFilters => all_lines(model),
        Action::FilterEnvironment => {
            let scope = logs.next_env(&model.overview);
            logs.keep(LogKept {
                scope,
                ..logs.kept()
            });
            model.notice = Some(scoped(model));
        }
        Action::LogSource => {
            this_source(logs);
            model.notice = Some(scoped(model));
        }
        Action::ContextMore | Action::ContextLess => {
            let before = logs.context;
            logs.act(action, model.size, &model.overview);
            model.notice = around(&model.logs, before);
        }
        _ => return model.logs.act(action, model.size, &model.overview),
    }
    true
}

/// Searches on, unless that goes on already or it is known that there is nothing; a word of why not.
fn search_on(logs: &mut Logs, backward: bool) -> Option<String> {
    let needle = logs.needle.as_ref()?;
    let same = |seek: &Seek| seek.backward == backward && seek.needle == *needle;
    if logs.seek.as_ref().is_some_and(same) {
        return Some(format!("still searching {:?}; esc ends it", needle.text()));
    }
    if logs.is_nowhere() {
        return Some(format!("no match for {:?}", needle.text()));
    }
    logs.search(backward);
    None
}

/// Every line, the selected one in its place.
fn all_lines(model: &mut Model) {
    let before = model.logs.kept();
    let context = before.context;
    model.logs.keep(LogKept {
        context,
        ..LogKept::default()
    });
    model.notice = Some(if model.logs.kept() == before {
        "all lines are shown already".into()
    } else {
        "all lines, this one in its place; u filters again".into()
    });
}

fn this_source(logs: &mut Logs) {
    let scope = match (&logs.scope, logs.selected()) {
        (LogScope::Source(_), _) => LogScope::All,
        (_, Some(line)) => LogScope::Source(line.key.source),
        (_, None) => return,
    };
    logs.keep(LogKept {
        scope,
        ..logs.kept()
    });
}

/// Whose lines are shown now.
fn scoped(model: &Model) -> String {
    match whose(model) {
        Some(name) => format!("only {name}; u takes it back"),
        None => "the lines of all sources; u takes it back".to_owned(),
    }
}

/// The environment or the source whose lines alone the log keeps.
#[must_use]
pub fn whose(model: &Model) -> Option<String> {
    match &model.logs.scope {
        LogScope::All => None,
        LogScope::Env(env) => Some(env.to_string()),
        LogScope::Source(id) => {
            let source = model.overview.sources.iter().find(|s| s.id == *id);
            Some(source.map_or_else(|| "one source".to_owned(), |s| s.source.name.to_string()))
        }
    }
}

/// What is to be said of as many lines around each kept one, where that is not seen.
fn around(logs: &Logs, before: usize) -> Option<String> {
    let lines = count_of(logs.context as u64, "line");
    match logs.context {
        0 if before == 0 => Some("no lines around a kept one are shown already".into()),
        now if now == before => Some(format!("{lines} around a kept one are the most")),
        _ if logs.filter.is_empty() => Some(format!("{lines} around each line that & keeps")),
        _ => None,
    }
}

/// The message that a line names; else its text.
fn open(model: &mut Model) {
    let logs = &mut model.logs;
    match (logs.pane, logs.selected().map(|line| line.names)) {
        (_, None) => model.notice = Some("no line to open".into()),
        (Pane::Lines, Some(None)) => logs.pane = Pane::Text(0),
        (_, Some(Some(handle))) => opening::message(model, handle),
        (Pane::Text(_), Some(None)) => {
            model.notice = Some("this line names no message".into());
        }
    }
}
