//! Reading the log: what the keys of the dashboard mean for it, and how other views lead there.

use super::action::Action;
use super::input::{Effect, Question};
use super::logs::{Logs, Pane};
use super::model::{Mode, Model};
use super::opening;
use super::place::Place;
use super::prompt::{LogPrompt, Prompt};
use super::reading::Text;
use super::sources;
use crate::domain::log::LogKey;
use crate::domain::log::needle::{LogTerm, Needle};
use crate::domain::log::view::{LogPage, LogQuery, LogRow, LogScope};
use crate::domain::mask::Mask;

/// More terms than this are no filter that anybody understands.
const MOST_TERMS: usize = 8;

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
        Place::Sources => {
            let list = sources::ordered(&model.overview);
            let Some(source) = list.get(model.sources.cursor(&list)) else {
                return;
            };
            model.logs.choose(LogScope::Source(source.id));
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
        model.logs.scope = LogScope::All;
        model.logs.filter.clear();
    }
    model.logs.show(key);
    model.go(Place::Logs);
}

/// Asks for what the view needs and has not got.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.place != Place::Logs {
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
    if said.is_some() {
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
        Action::LogSearch => type_text(model, LogPrompt::Search),
        Action::LogKeep => type_text(model, LogPrompt::Keep),
        Action::LogDrop => type_text(model, LogPrompt::Drop),
        Action::NextMatch | Action::PreviousMatch if logs.needle.is_none() => {
            model.notice = Some("nothing to search for yet: / takes a text".into());
        }
        Action::NextMatch => logs.search(false),
        Action::PreviousMatch => logs.search(true),
        Action::NextGap | Action::PreviousGap => {
            logs.search_for(Needle::Error, action == Action::PreviousGap);
            return logs.seek.is_some();
        }
        Action::ClearFilters => {
            logs.filter.clear();
            logs.scope = LogScope::All;
            logs.rebuild();
        }
        Action::FilterEnvironment => {
            logs.scope = logs.next_env(&model.overview);
            logs.rebuild();
        }
        Action::LogSource => this_source(logs),
        _ => return model.logs.act(action, model.size, &model.overview),
    }
    true
}

fn this_source(logs: &mut Logs) {
    if matches!(logs.scope, LogScope::Source(_)) {
        logs.widen();
    } else if let Some(line) = logs.selected() {
        let source = line.key.source;
        logs.choose(LogScope::Source(source));
    }
    logs.rebuild();
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

fn type_text(model: &mut Model, typing: LogPrompt) {
    if typing != LogPrompt::Search && model.logs.filter.len() >= MOST_TERMS {
        model.notice = Some(format!(
            "there are {MOST_TERMS} terms already; c shows all lines"
        ));
        return;
    }
    model.mode = Mode::LogText(Prompt::default(), typing);
}

/// Carries out an action while a text is typed.
pub fn typed(model: &mut Model, action: Action, mut prompt: Prompt, typing: LogPrompt) {
    match action {
        Action::Back => return,
        Action::Open => match Needle::parse(prompt.text()) {
            _ if prompt.text().is_empty() => return,
            Ok(needle) => return apply(model, needle, typing),
            Err(error) => model.notice = Some(format!("not a pattern: {}", error.message)),
        },
        Action::DeleteBack => prompt.delete_back(),
        Action::DeleteAll => prompt.clear(),
        Action::DeleteWord => prompt.delete_word(),
        _ => {}
    }
    model.mode = Mode::LogText(prompt, typing);
}

fn apply(model: &mut Model, needle: Needle, typing: LogPrompt) {
    let logs = &mut model.logs;
    if typing == LogPrompt::Search {
        logs.needle = Some(needle);
        logs.search(false);
        return;
    }
    let out = typing == LogPrompt::Drop;
    logs.filter.push(LogTerm { out, needle });
    logs.rebuild();
}
