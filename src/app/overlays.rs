//! What keys and pasted text do while something lies over the view: help, palette, filter, question.

use super::action::Action;
use super::input::Effect;
use super::layout;
use super::marking;
use super::model::{Asking, Mode, Model};
use super::moves;
use super::palette::Palette;
use super::travel;
use super::typed;
use super::typing::{Purpose, Typing};

/// Carries out an action over the view; what the palette chose is left to the caller.
pub fn act(
    model: &mut Model,
    action: Action,
    mode: Mode,
    effects: &mut Vec<Effect>,
) -> Option<Action> {
    match mode {
        Mode::Normal => return Some(action),
        Mode::Help(top) => in_help(model, action, top),
        Mode::Palette(palette) => return in_palette(model, action, palette),
        Mode::Typing(typing) => in_typing(model, action, typing),
        Mode::Marks(row) => in_marks(model, action, row),
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
        Mode::Palette(palette) => {
            palette.prompt.push(text);
            palette.cursor = 0;
        }
        _ => return false,
    }
    true
}

fn confirmed(model: &mut Model, asking: Asking, effects: &mut Vec<Effect>) {
    match asking {
        Asking::Quit => effects.push(Effect::Quit),
        Asking::StopLoad => {
            model.stopped = true;
            effects.push(Effect::StopLoad);
        }
    }
}

fn in_help(model: &mut Model, action: Action, top: usize) {
    if action != Action::Back {
        let keys = model.keys.bindings(model.place.context()).count();
        let (_, len) = layout::help(model.size, keys);
        let page = usize::from(model.size.rows.saturating_sub(4));
        let top = moves::target(action, top, len.saturating_sub(page) + 1, page).unwrap_or(top);
        model.mode = Mode::Help(top);
    }
}

fn in_palette(model: &mut Model, action: Action, mut palette: Palette) -> Option<Action> {
    match action {
        Action::Back => return None,
        Action::Open => {
            let chosen = palette.selected(&model.keys).map(|binding| binding.action);
            if chosen.is_none() {
                model.notice = Some("no such action; ? shows the keys".into());
            }
            return chosen;
        }
        Action::DeleteBack => palette.prompt.delete_back(),
        Action::DeleteWord => palette.prompt.delete_word(),
        Action::DeleteAll => palette.prompt.clear(),
        _ => {
            let len = palette.entries(&model.keys).len();
            palette.cursor = moves::target(action, palette.cursor, len, 1).unwrap_or(0);
        }
    }
    if matches!(
        action,
        Action::DeleteBack | Action::DeleteWord | Action::DeleteAll
    ) {
        palette.cursor = 0;
    }
    model.mode = Mode::Palette(palette);
    None
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
