//! What the keys of the dashboard mean for what was learnt: accept, reject, change, undo, save; and what
//! follows when the run is judged again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::action::Action;
use super::filter::Filter;
use super::input::{Effect, Saved};
use super::learnt::LearntView;
use super::logs::Logs;
use super::logspot::LogKept;
use super::marks::{Marked, MarkedMessage};
use super::messages::Messages;
use super::model::{Asking, Mode, Model};
use super::place::Place;
use super::prompt::Prompt;
use super::typed_guess;
use super::typing::{Purpose, Typing, Wrong};
use crate::domain::correction::{Part, Ruling};
use crate::domain::log::LogKey;
use crate::domain::seek::{Seek, Step};
use crate::domain::show::count;
use crate::domain::terms::Terms;
use crate::domain::verdict::Verdict;

const NOTHING: &str = "nothing was learnt here: the configuration says what everything is";

/// Opens the view.
pub fn view(model: &mut Model) {
    if model.learnt.is_some() {
        model.go(Place::Learnt);
    } else {
        model.notice = Some(NOTHING.into());
    }
}

/// Carries out an action of the view; false where it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    let size = model.size;
    let Some(view) = &mut model.learnt else {
        return false;
    };
    let notice = match action {
        Action::AcceptGuess => decide(view, Ruling::Accepted),
        Action::RejectGuess => decide(view, Ruling::Rejected),
        Action::UndoDecision | Action::RedoDecision => {
            let again = action == Action::RedoDecision;
            view.go_back(again, size)
        }
        Action::SaveConfiguration => {
            let place = view.saved.as_ref().filter(|_| view.is_saved());
            let word = place.map(|(_, path)| format!("{path} says all of it already"));
            if word.is_none() && model.share.on {
                let path = view.basis.target.display().to_string();
                model.mode = Mode::Question(Asking::Save(path));
            } else {
                view.save = word.is_none().then_some(false);
                model.notice = word;
            }
            return true;
        }
        Action::ChangeGuess => {
            match begin(view) {
                Ok((part, text)) => change(model, part, &text),
                Err(why) => model.notice = Some(why),
            }
            return true;
        }
        _ => return view.act(action, size),
    };
    model.notice = Some(notice.unwrap_or_else(|why| why));
    true
}

/// Decides of the selected guess; a word about it.
fn decide(view: &mut LearntView, ruling: Ruling) -> Result<String, String> {
    let Some(guess) = view.selected().cloned() else {
        return Err("nothing is selected".into());
    };
    match guess.part {
        Part::Place(_) => return Err("formats are recognised line by line".into()),
        Part::Missing(_) => return Err("only a configuration can say it; w saves one".into()),
        Part::Path(_) if ruling == Ruling::Rejected && !guess.text.contains("{env}") => {
            return Err("it tells no environments; e changes it".into());
        }
        _ => {}
    }
    if guess.ruling.as_ref() == Some(&ruling) {
        return Err(format!("{} already; u undoes", ruling.word()));
    }
    let word = match (guess.part, &ruling) {
        (Part::Refused(_), Ruling::Accepted) => "taken after all",
        _ => ruling.word(),
    };
    // What was changed and is right now stays as it was changed.
    let keeps = matches!(guess.ruling, Some(Ruling::Changed(_))) && ruling == Ruling::Accepted;
    if keeps {
        return Err("changed by you, and taken as it is; u undoes".into());
    }
    view.decide(guess.part, ruling)?;
    Ok(format!("{word}: {}; u undoes", guess.text))
}

/// What can be typed for the selected guess.
fn begin(view: &LearntView) -> Result<(Part, String), String> {
    let guess = view.selected().ok_or("nothing is selected")?;
    let found = &view.basis.found;
    let part = match guess.part {
        Part::Family(p, f) => {
            let one = found.pipelines.get(p).and_then(|p| p.families.get(f));
            if one.is_some_and(|family| family.selectors.len() > 1) {
                return Err("choose the name to change below".into());
            }
            Part::Selector(p, f, 0)
        }
        part => part,
    };
    let value = part.value(found, &view.rulings);
    let value = value.ok_or("this can only be right (a) or wrong (d)")?;
    Ok((part, value))
}

fn change(model: &mut Model, part: Part, text: &str) {
    let prompt = Prompt::new(text);
    let echo = echo(model, part, text);
    model.mode = Mode::Typing(Typing {
        purpose: Purpose::Guess(part),
        prompt,
        echo,
    });
}

/// What a typed text would mean, or what is wrong with it.
///
/// # Errors
/// What is wrong with it.
pub fn echo(model: &Model, part: Part, text: &str) -> Result<String, Wrong> {
    let view = model.learnt.as_ref();
    let tried = view.map(|view| view.tried(part, Some(Ruling::Changed(text.trim().to_owned()))));
    match tried {
        Some(Err(message)) => Err(Wrong { at: None, message }),
        _ if text.trim().is_empty() => Err(Wrong {
            at: None,
            message: "nothing is typed; esc leaves it as it is".into(),
        }),
        _ if view.is_some_and(|view| typed_guess::misses(&view.basis.found, part, text.trim())) => {
            Ok("matches none of its example lines; enter: judged again by it".into())
        }
        _ => Ok("enter: judged again by it".into()),
    }
}

/// Takes what was typed.
pub fn changed(model: &mut Model, part: Part, text: &str) {
    let size = model.size;
    let Some(view) = &mut model.learnt else {
        return;
    };
    let text = text.trim();
    if part.value(&view.basis.found, &view.rulings).as_deref() == Some(text) {
        model.notice = Some("as it was".into());
        return;
    }
    let done = view.decide(part, Ruling::Changed(text.to_owned()));
    view.select(part, size);
    model.notice = Some(match done {
        Ok(()) => format!("changed: {text}; u undoes"),
        Err(why) => why,
    });
}

/// Lets out what is to be judged or saved.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    let lost = model.overview.totals().of(Verdict::Lost);
    let Some(view) = &mut model.learnt else {
        return;
    };
    if std::mem::take(&mut view.judge) {
        view.judging.get_or_insert(lost);
        effects.push(Effect::Judge(view.text.clone()));
    }
    if let Some(replace) = view.save.take() {
        effects.push(Effect::SaveConfiguration {
            path: view.basis.target.clone(),
            text: view.text.clone(),
            replace,
        });
    }
}

/// Another run has taken the place of the one before: what is shown of that is let go, by what has a
/// name it is found again.
pub fn judged(model: &mut Model, begun: Result<(), String>) {
    if let Err(why) = begun {
        if let Some(view) = &mut model.learnt {
            view.judging = None;
        }
        model.notices.failed(&format!("not judged again: {why}"));
        return;
    }
    let list = &model.messages;
    let (selected, at) = list.selected().map_or((None, None), |row| {
        (Some(row.id.clone()), Some(row.first_seen))
    });
    let mut messages = Messages::default();
    (messages.sort, messages.descending) = (list.sort, list.descending);
    let renamed = model.learnt.as_mut().map(|view| view.renamed());
    messages.filter = followed(&list.filter, &renamed.unwrap_or_default());
    if let Some(id) = selected {
        messages.look_for(Seek::Match {
            terms: Terms::id(&id),
            from: 0,
            step: Step::Here,
        });
    }
    model.messages = messages;
    let line = model.logs.selected().map(|line| line.key.time).or(at);
    let mut logs = Logs::default();
    (logs.filter, logs.context) = (model.logs.filter.clone(), model.logs.context);
    logs.form = model.logs.form;
    model.logs = logs;
    if let Some(time) = line {
        model.logs.show(LogKey::at(time));
    }
    (model.preview, model.lifecycle, model.evidence) = (Messages::default(), None, None);
    model.history.back.clear();
    model.history.ahead.clear();
    let gone = |place: &Place| matches!(place, Place::Lifecycle | Place::Evidence);
    model.trail.retain(|place| !gone(place));
    if gone(&model.place) {
        model.place = model.trail.pop().unwrap_or(Place::Board);
    }
    model.marks.0.retain(|_, marked| match marked {
        Marked::Message(MarkedMessage { handle, .. }) => {
            *handle = None;
            true
        }
        // Another run numbers its sources and texts anew.
        Marked::Line(line) => {
            (line.key, line.kept) = (LogKey::at(line.key.time), LogKept::default());
            true
        }
        Marked::Place(_) => false,
    });
    (model.started, model.stopped) = (model.now, false);
}

/// A filter after pipelines got other names: by the new one, or without one that is gone.
fn followed(filter: &Filter, renamed: &BTreeMap<String, Option<String>>) -> Filter {
    let mut filter = Filter {
        among: None,
        ..filter.clone()
    };
    let now = filter
        .pipeline
        .as_deref()
        .and_then(|name| renamed.get(name));
    if let Some(now) = now.cloned() {
        filter.pipeline = now.map(Arc::from);
    }
    // What was typed stands for names that are not there any more.
    if !renamed.is_empty() && filter.text.contains("pipeline:") {
        (filter.text, filter.terms) = (String::new(), Terms::default());
    }
    filter
}

/// News of the run: once it has ended, what the decisions have changed.
pub fn follow(model: &mut Model) {
    let lost = model.overview.totals().of(Verdict::Lost);
    if model.loading() {
        return;
    }
    let Some(before) = model.learnt.as_mut().and_then(|view| view.judging.take()) else {
        return;
    };
    if model.mode == Mode::Normal {
        let (lost, before) = (count(lost), count(before));
        let word = if model.overview.totals().total() == 0 {
            "judged again: NO MESSAGE IS SEEN ANY MORE".to_owned()
        } else {
            format!("judged again: {lost} lost, {before} before")
        };
        model.notice = Some(match model.notice.take() {
            Some(said) => format!("{word}; {said}"),
            None => word,
        });
    }
}

/// The configuration was saved, or was not.
pub fn saved(model: &mut Model, saved: Saved) {
    let Some(view) = &mut model.learnt else {
        return;
    };
    let failed = match saved {
        Saved::Written(path, text) => {
            let word = format!("saved in {path}: the next run goes by it");
            view.saved_as(text, path);
            model.notice = Some(word);
            return;
        }
        Saved::Exists(path) if model.mode == Mode::Normal => {
            model.mode = Mode::Question(Asking::Replace(path));
            return;
        }
        Saved::Exists(path) => format!("not saved: {path} is there already"),
        Saved::Failed(why) => format!("not saved: {why}"),
    };
    model.notices.failed(&failed);
}

/// The configuration may be saved; whether in the place of a file that is there.
pub fn save(model: &mut Model, replace: bool) {
    if let Some(view) = &mut model.learnt {
        view.save = Some(replace);
    }
}

/// Goes on with what was decided in the last session.
pub fn resume(model: &mut Model, decided: Vec<(String, Ruling)>) {
    let Some(view) = model.learnt.as_mut().filter(|_| !decided.is_empty()) else {
        return;
    };
    let all = decided.len();
    match view.resume(decided) {
        Ok(0) => {}
        Ok(gone) => {
            let word = format!("{gone} of {all} decisions of the last session fit nothing here");
            model.notice = Some(word);
        }
        Err(why) => {
            model.notice = Some(format!(
                "the decisions of the last session do not fit: {why}"
            ));
        }
    }
}
