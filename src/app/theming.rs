//! Choosing a theme: each step in the list shows it at once.

use super::action::Action;
use super::input::Effect;
use super::model::{Mode, Model};
use super::moves;

/// Opens the list.
pub fn open(model: &mut Model) {
    if model.themes.names.is_empty() {
        model.notice = Some("without colour there is nothing to choose from".into());
        return;
    }
    let current = &model.themes.current;
    let at = model.themes.names.iter().position(|n| n.name == *current);
    model.mode = Mode::Themes(at.unwrap_or(0));
}

/// In the list: each step shows the theme at once; Esc brings back the one before.
pub fn act(model: &mut Model, action: Action, cursor: usize, effects: &mut Vec<Effect>) {
    let names = &model.themes.names;
    match action {
        Action::Back => effects.push(Effect::Theme(model.themes.current.clone())),
        Action::Open => {
            if let Some(chosen) = names.get(cursor) {
                model.themes.current.clone_from(&chosen.name);
                model.themes.chosen = true;
                model.notice = Some(format!(
                    "theme {0}, here from now on; for everything: theme = \"{0}\" in the configuration",
                    chosen.name
                ));
            }
        }
        _ => {
            let page = usize::from(model.size.rows) / 2;
            let next = moves::target(action, cursor, names.len(), page).unwrap_or(cursor);
            if let Some(named) = names.get(next).filter(|_| next != cursor) {
                effects.push(Effect::Theme(named.name.clone()));
            }
            model.mode = Mode::Themes(next);
        }
    }
}
