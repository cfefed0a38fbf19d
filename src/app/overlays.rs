//! What keys and pasted text do while something lies over the view: help, palette, filter, question.

use super::action::Action;
use super::comparing;
use super::copying;
use super::input::Effect;
use super::keymap;
use super::layout;
use super::model::{Asking, Mode, Model};
use super::moves;
use super::palette::Palette;
use super::prompt::Prompt;
use super::timelining;

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
        Mode::Filter(prompt, before) => in_filter(model, action, prompt, before),
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
        Mode::Filter(prompt, _) => {
            prompt.push(text);
            let typed = prompt.text().to_owned();
            model.messages.set_text(&typed);
        }
        Mode::Sides(prompt) => prompt.push(text),
        Mode::Palette(palette) => {
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
        Asking::StopLoad => {
            model.stopped = true;
            effects.push(Effect::StopLoad);
        }
        Asking::CopyRaw(text) => copying::raw_after_all(model, text, effects),
    }
}

fn in_help(model: &mut Model, action: Action, top: usize) {
    if action != Action::Back {
        let keys = keymap::keyed(model.place.context()).count();
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
            let chosen = palette.selected().map(|binding| binding.action);
            if chosen.is_none() {
                model.notice = Some("no such action; ? shows the keys".into());
            }
            return chosen;
        }
        Action::DeleteBack => palette.prompt.delete_back(),
        Action::DeleteAll => palette.prompt.clear(),
        _ => {
            let len = palette.entries().len();
            palette.cursor = moves::target(action, palette.cursor, len, 1).unwrap_or(0);
        }
    }
    if matches!(action, Action::DeleteBack | Action::DeleteAll) {
        palette.cursor = 0;
    }
    model.mode = Mode::Palette(palette);
    None
}

fn in_sides(model: &mut Model, action: Action, mut prompt: Prompt) {
    match action {
        Action::Open if comparing::accept(model, prompt.text()) => return,
        Action::Back => return,
        Action::DeleteBack => prompt.delete_back(),
        Action::DeleteAll => prompt.clear(),
        _ => {}
    }
    model.mode = Mode::Sides(prompt);
}

fn in_filter(model: &mut Model, action: Action, mut prompt: Prompt, before: String) {
    match action {
        Action::Open => return,
        Action::Back => {
            model.messages.set_text(&before);
            return;
        }
        Action::DeleteBack => prompt.delete_back(),
        Action::DeleteAll => prompt.clear(),
        _ => {
            let rows = layout::list_rows(model.size);
            model.messages.act(action, rows, &model.overview);
        }
    }
    model.messages.set_text(prompt.text());
    model.mode = Mode::Filter(prompt, before);
}
