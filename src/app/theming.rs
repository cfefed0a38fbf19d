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
    let shown = shown(model);
    let at = model.themes.names.iter().position(|n| n.name == *shown);
    model.mode = Mode::Themes(at.unwrap_or(0));
}

/// The theme that everything is shown in: while others look on, the one for them.
pub fn shown(model: &Model) -> &String {
    if model.share.on {
        &model.themes.projector
    } else {
        &model.themes.current
    }
}

/// In the list: each step shows the theme at once; Esc brings back the one before.
pub fn act(model: &mut Model, action: Action, cursor: usize, effects: &mut Vec<Effect>) {
    let names = &model.themes.names;
    match action {
        Action::Back => effects.push(Effect::Theme(shown(model).clone())),
        Action::Open => {
            if let Some(chosen) = names.get(cursor).filter(|_| model.share.on) {
                model.notice = Some(format!("theme {}, as long as others look on", chosen.name));
                model.themes.projector.clone_from(&chosen.name);
            } else if let Some(chosen) = names.get(cursor) {
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
