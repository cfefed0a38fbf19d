//! What a click and the wheel mean: the row under them. Everything they do a key does too.

use std::sync::Arc;

use super::acting;
use super::action::Action;
use super::board::Cursor;
use super::hunt;
use super::layout;
use super::learnt;
use super::lifecycle;
use super::logs;
use super::model::{Mode, Model};
use super::mouse_event::{Mouse, Target};
use super::place::Place;
use super::sources;

/// Rows that a notch of the wheel moves.
const NOTCH: usize = 3;

/// Does what it means.
pub fn act(model: &mut Model, mouse: Mouse) {
    if model.mode != Mode::Normal || !model.size.fits() {
        return;
    }
    match mouse {
        Mouse::WheelUp => acting::act(model, Action::Up, Some(NOTCH)),
        Mouse::WheelDown => acting::act(model, Action::Down, Some(NOTCH)),
        // Only who draws knows what is there.
        Mouse::Click(..) => {}
        Mouse::On(target) => clicked(model, target),
    }
}

/// What was said of the last key is not said of a click.
fn clicked(model: &mut Model, target: Option<Target>) {
    model.notice = None;
    match target.and_then(|target| select(model, target)) {
        // The second click opens.
        Some(true) => acting::act(model, Action::Open, None),
        Some(false) => {}
        None => model.notice = Some("nothing to click there".into()),
    }
}

/// Selects it; whether it was selected already, `None` where it is not there any more.
fn select(model: &mut Model, target: Target) -> Option<bool> {
    let overview = Arc::clone(&model.overview);
    let at = model.board.cursor(&overview, &model.findings);
    let on_board = |to: Cursor, model: &mut Model| {
        model.board.select(to);
        at == to
    };
    match target {
        Target::View(place) => {
            match place.action() {
                Some(action) => acting::act(model, action, None),
                None => {
                    model.notice = Some(format!("{} is in front already", place.context().title()));
                }
            }
            Some(false)
        }
        Target::Row(row) => in_list(model, row),
        Target::Finding(i) => Some(on_board(Cursor::Finding(i), model)),
        Target::Flow(panel, row) => Some(on_board(Cursor::Flow { panel, row }, model)),
        Target::Unseen(i) => Some(on_board(Cursor::Unseen(i), model)),
        Target::Message(row) => {
            let parts = model.evidence.as_ref()?;
            let rows = parts.layout(model.size, &overview, model.zone);
            let rows = layout::evidence_messages(&rows);
            model.evidence.as_mut()?.select_message(row, rows)
        }
        Target::Line(line) => model.evidence.as_mut()?.select_line(line),
        Target::About => {
            model.evidence.as_mut()?.read_about();
            Some(false)
        }
        Target::Detail => detail(model),
        // It was pressed instead.
        Target::Key(_) => Some(false),
    }
}

/// What is known of the selected row gets the keys; where there is nothing more to read of it, it is opened.
fn detail(model: &mut Model) -> Option<bool> {
    let in_list = match model.place {
        Place::Board | Place::Messages | Place::Timeline => return Some(true),
        Place::Evidence => return model.evidence.as_mut()?.read_line().then_some(false),
        Place::Sources => model.sources.pane == sources::Pane::List,
        Place::Lifecycle => model.lifecycle.as_ref()?.pane == lifecycle::Pane::Sightings,
        Place::Logs => model.logs.pane == logs::Pane::Lines,
        Place::Hunt => model.hunt.as_ref()?.pane == hunt::Pane::List,
        Place::Learnt => model.learnt.as_ref()?.pane == learnt::Pane::List,
        Place::Compare => return None,
    };
    if in_list {
        acting::act(model, Action::NextPane, None);
    }
    Some(false)
}

fn in_list(model: &mut Model, row: usize) -> Option<bool> {
    let size = model.size;
    let rows = layout::list_rows(size);
    match model.place {
        Place::Messages => {
            let list = &mut model.messages;
            let again = row == list.cursor;
            (row < list.page.total).then(|| list.go(row, rows, false))?;
            Some(again)
        }
        Place::Sources => {
            let list = sources::ordered(&model.overview);
            let again = row == model.sources.cursor(&list);
            let id = list.get(row)?.id;
            let overview = Arc::clone(&model.overview);
            model.sources.select(id, size, &overview);
            Some(again)
        }
        Place::Lifecycle => model.lifecycle.as_mut()?.select(row, size),
        Place::Logs => {
            let overview = Arc::clone(&model.overview);
            model.logs.select(row, size, &overview)
        }
        Place::Timeline => {
            let id = model.timeline.timeline.entries().get(row)?.id;
            let again = row == model.timeline.cursor();
            model.timeline.select(id, rows);
            Some(again)
        }
        Place::Compare => {
            let again = row == model.compare.cursor;
            (row < model.compare.rows().len()).then(|| {
                model.compare.cursor = row;
                again
            })
        }
        Place::Hunt => model.hunt.as_mut()?.select(row, size),
        Place::Learnt => {
            let view = model.learnt.as_mut()?;
            let again = row == view.cursor && view.pane == learnt::Pane::List;
            let part = view.rows.get(row)?.part;
            view.pane = learnt::Pane::List;
            view.select(part, size);
            Some(again)
        }
        Place::Board | Place::Evidence => None,
    }
}
