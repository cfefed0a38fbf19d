//! What keys and pasted text do while something lies over the view: help, palette, filter, question.

use super::action::Action;
use super::comparing;
use super::copying;
use super::input::Effect;
use super::layout;
use super::learning;
use super::logtyping;
use super::marking;
use super::model::{Asking, Mode, Model};
use super::moves;
use super::palette::Palette;
use super::prompt::Prompt;
use super::sharing;
use super::theming;
use super::timelining;
use super::travel;
use super::typed;
use super::typing::{Purpose, Typing};

/// Rows of a page in the list of what was said.
const PAGE: usize = 10;

/// Carries out an action over the view; what the palette chose is left to the caller.
pub fn act(
    model: &mut Model,
    action: Action,
    mode: Mode,
    effects: &mut Vec<Effect>,
) -> Option<Action> {
    match mode {
        Mode::Normal => return Some(action),
        Mode::Help(list) => return in_list(model, action, list, Mode::Help),
        Mode::Palette(list) => return in_list(model, action, list, Mode::Palette),
        Mode::Themes(cursor) => theming::act(model, action, cursor, effects),
        Mode::Typing(typing) => in_typing(model, action, typing),
        Mode::LogText(typing) => logtyping::act(model, action, *typing),
        Mode::Marks(row) => in_marks(model, action, row),
        Mode::Notices(row) if action != Action::Back => {
            let all = model.notices.list().len();
            let row = moves::target(action, row, all, PAGE).unwrap_or(row);
            model.mode = Mode::Notices(row);
        }
        Mode::Notices(_) => {}
        Mode::Note(noting) => timelining::typing(model, action, noting),
        // Chosen from the menu: as if it had been chosen in the palette.
        Mode::Copy => return (action != Action::Back).then_some(action),
        Mode::Sides(prompt) => in_sides(model, action, prompt),
        Mode::Question(asking) => {
            if action == Action::Confirm {
                confirmed(model, asking, effects);
            }
        }
    }
    None
}

/// Takes text where text is typed; false elsewhere.
pub fn typed(model: &mut Model, text: &str) -> bool {
    match &mut model.mode {
        Mode::Typing(typing) => {
            let mut typing = typing.clone();
            typing.prompt.push(text);
            typed::changed(model, typing);
        }
        Mode::LogText(typing) => {
            let mut typing = typing.clone();
            typing.prompt.push(text);
            logtyping::changed(model, typing);
        }
        Mode::Sides(prompt) => prompt.push(text),
        Mode::Help(palette) | Mode::Palette(palette) => {
            palette.prompt.push(text);
            palette.cursor = 0;
        }
        Mode::Note(noting) => {
            noting.wrong = None;
            noting.prompt().push(text);
        }
        _ => return false,
    }
    true
}

fn confirmed(model: &mut Model, asking: Asking, effects: &mut Vec<Effect>) {
    match asking {
        Asking::Quit => effects.push(Effect::Quit),
        Asking::Reveal => sharing::reveal(model, effects),
        Asking::Save(_) => learning::save(model, false),
        Asking::Replace(_) => learning::save(model, true),
        Asking::StopLoad => {
            model.stopped = true;
            effects.push(Effect::StopLoad);
        }
        Asking::CopyRaw(text) => copying::raw_after_all(model, text, effects),
    }
}

/// In the palette or the help, both of which run what is chosen.
fn in_list(
    model: &mut Model,
    action: Action,
    mut list: Palette,
    mode: fn(Palette) -> Mode,
) -> Option<Action> {
    match action {
        Action::Back => return None,
        Action::Open => {
            let chosen = list.selected(&model.keys).map(|bound| bound.action);
            if chosen.is_none() {
                model.notice = Some("no such action; ? shows the keys".into());
            }
            return chosen;
        }
        Action::DeleteBack => list.prompt.delete_back(),
        Action::DeleteWord => list.prompt.delete_word(),
        Action::DeleteAll => list.prompt.clear(),
        _ => {
            let len = list.entries(&model.keys).len();
            let page = usize::from(model.size.rows.saturating_sub(6));
            list.cursor = moves::target(action, list.cursor, len, page).unwrap_or(0);
        }
    }
    if matches!(
        action,
        Action::DeleteBack | Action::DeleteWord | Action::DeleteAll
    ) {
        list.cursor = 0;
    }
    model.mode = mode(list);
    None
}

fn in_sides(model: &mut Model, action: Action, mut prompt: Prompt) {
    match action {
        Action::Open if comparing::accept(model, prompt.text()) => return,
        Action::Back => return,
        Action::DeleteBack => prompt.delete_back(),
        Action::DeleteWord => prompt.delete_word(),
        Action::DeleteAll => prompt.clear(),
        _ => {}
    }
    model.mode = Mode::Sides(prompt);
}

fn in_typing(model: &mut Model, action: Action, mut typing: Typing) {
    match action {
        Action::Open => return travel::recorded(model, |model| typed::accept(model, typing)),
        Action::Back => return typed::cancel(model, typing),
        Action::DeleteBack => typing.prompt.delete_back(),
        Action::DeleteWord => typing.prompt.delete_word(),
        Action::DeleteAll => typing.prompt.clear(),
        _ => {
            if let Purpose::Filter(_) = typing.purpose {
                let rows = layout::list_rows(model.size);
                model.messages.act(action, 1, rows);
            }
            model.mode = Mode::Typing(typing);
            return;
        }
    }
    typed::changed(model, typing);
}

fn in_marks(model: &mut Model, action: Action, row: usize) {
    let letters: Vec<char> = model.marks.list().map(|(letter, _)| letter).collect();
    match action {
        Action::Back => {}
        Action::Open => {
            if let Some(letter) = letters.get(row) {
                travel::recorded(model, |model| marking::jump(model, *letter));
            }
        }
        _ => {
            let row = moves::target(action, row, letters.len(), 1).unwrap_or(row);
            model.mode = Mode::Marks(row);
        }
    }
}
