//! A text typed to search the log or to filter it: what it means shows while it is typed, and Esc takes
//! all of it back.

use super::action::Action;
use super::model::{Mode, Model};
use super::prompt::{LogPrompt, LogTyping, Prompt};
use crate::domain::log::LogKey;
use crate::domain::log::needle::{LogTerm, Needle};

/// More terms than this are no filter that anybody understands.
const MOST_TERMS: usize = 8;

/// Begins to type.
pub fn begin(model: &mut Model, what: LogPrompt) {
    let logs = &model.logs;
    if what != LogPrompt::Search && logs.filter.len() >= MOST_TERMS {
        model.notice = Some(format!(
            "there are {MOST_TERMS} terms already; u takes one back, c shows all lines"
        ));
        return;
    }
    model.mode = Mode::LogText(Box::new(LogTyping {
        prompt: Prompt::default(),
        what,
        before: logs.spot(),
        sought: logs.needle.clone(),
        wrong: None,
    }));
}

/// Carries out an action while a text is typed.
pub fn act(model: &mut Model, action: Action, mut typing: LogTyping) {
    match action {
        Action::Open if typing.prompt.text().is_empty() => return cancel(model, typing),
        Action::Open if typing.wrong.is_none() => return accept(model, typing),
        Action::Back => return cancel(model, typing),
        Action::DeleteBack => typing.prompt.delete_back(),
        Action::DeleteAll => typing.prompt.clear(),
        Action::DeleteWord => typing.prompt.delete_word(),
        _ => {
            model.mode = Mode::LogText(Box::new(typing));
            return;
        }
    }
    changed(model, Box::new(typing));
}

/// What was typed changed. What is no pattern (yet) changes nothing but what is said of it.
pub fn changed(model: &mut Model, mut typing: Box<LogTyping>) {
    let text = typing.prompt.text();
    let needle = if text.is_empty() {
        Ok(None)
    } else {
        Needle::parse(text).map(Some)
    };
    match needle {
        Ok(needle) => {
            typing.wrong = None;
            try_out(model, &typing, needle);
        }
        Err(error) => typing.wrong = Some(error.message),
    }
    model.mode = Mode::LogText(typing);
}

fn try_out(model: &mut Model, typing: &LogTyping, needle: Option<Needle>) {
    let logs = &mut model.logs;
    if typing.what == LogPrompt::Search {
        logs.restore(typing.before.clone());
        logs.seek = None;
        logs.sought(needle.clone());
        if let Some(needle) = needle {
            logs.seek_from(needle, typing.before.at.unwrap_or(LogKey::FIRST), false);
        }
        return;
    }
    let mut kept = typing.before.kept.clone();
    let out = typing.what == LogPrompt::Drop;
    kept.filter
        .extend(needle.map(|needle| LogTerm { out, needle }));
    logs.try_out(kept, typing.before.at);
}

fn accept(model: &mut Model, typing: LogTyping) {
    let logs = &mut model.logs;
    if typing.what == LogPrompt::Search {
        if logs.seek.is_none() && logs.hit().is_none() {
            model.notice = Some(format!("no {:?} below this line", typing.prompt.text()));
        }
    } else {
        logs.typed(typing.before.kept);
    }
}

fn cancel(model: &mut Model, typing: LogTyping) {
    let logs = &mut model.logs;
    logs.seek = None;
    logs.restore(typing.before);
    logs.sought(typing.sought);
}
