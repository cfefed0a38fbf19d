//! What a click and the wheel mean: the row under them. Everything they do a key does too.

use std::sync::Arc;

use super::acting;
use super::action::Action;
use super::layout;
use super::model::{Mode, Model};
use super::mouse_event::Mouse;
use super::place::Place;
use super::sources;

/// Rows that a notch of the wheel moves.
const NOTCH: usize = 3;
/// The header.
const HEAD: u16 = 1;

/// Does what it means.
pub fn act(model: &mut Model, mouse: Mouse) {
    if model.mode != Mode::Normal || !model.size.fits() {
        return;
    }
    match mouse {
        Mouse::WheelUp => acting::act(model, Action::Up, Some(NOTCH)),
        Mouse::WheelDown => acting::act(model, Action::Down, Some(NOTCH)),
        Mouse::Click(row) => {
            let Some(line) = row
                .checked_sub(HEAD)
                .filter(|line| *line < model.size.body())
            else {
                return;
            };
            match select(model, line) {
                // The second click opens.
                Some(true) => acting::act(model, Action::Open, None),
                Some(false) => {}
                None => model.notice = Some("nothing to click there".into()),
            }
        }
    }
}

/// Selects the row on a line of the body; whether it was selected already, `None` where there is none.
fn select(model: &mut Model, line: u16) -> Option<bool> {
    let size = model.size;
    let below = |heading: u16, rows: u16| {
        let line = line.checked_sub(heading)?;
        (line < rows).then_some(usize::from(line))
    };
    match model.place {
        Place::Messages => {
            let rows = layout::list_rows(size);
            let list = &mut model.messages;
            let row = list.top + below(1, layout::messages(size).list)?;
            let again = row == list.cursor;
            (row < list.page.total).then(|| list.go(row, rows, false))?;
            Some(again)
        }
        Place::Sources => {
            let list = sources::ordered(&model.overview);
            let rows = model.sources.layout(size, &model.overview).list;
            let row = model.sources.top + below(1, rows)?;
            let again = row == model.sources.cursor(&list);
            let id = list.get(row)?.id;
            let overview = Arc::clone(&model.overview);
            model.sources.select(id, size, &overview);
            Some(again)
        }
        Place::Lifecycle => {
            let lifecycle = model.lifecycle.as_mut()?;
            let parts = lifecycle.layout(size);
            let row = below(
                parts.head + parts.lanes + 1,
                parts.sightings.saturating_sub(1),
            )?;
            lifecycle.select(lifecycle.top + row, size)
        }
        Place::Learnt => {
            let view = model.learnt.as_mut()?;
            let row = view.top + below(1, view.layout(size).list)?;
            let again = row == view.cursor;
            let part = view.rows.get(row)?.part;
            view.select(part, size);
            Some(again)
        }
        // Their rows differ in height: the keys and the wheel move there.
        Place::Board
        | Place::Logs
        | Place::Hunt
        | Place::Timeline
        | Place::Evidence
        | Place::Compare => None,
    }
}
