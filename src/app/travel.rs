//! Back, forward, and to the view before, each as it was left.
//!
//! Esc goes one level up and knows nothing of this.

use super::evidencing;
use super::history::{History, Spot};
use super::lifecycle::Lifecycle;
use super::model::Model;
use super::place::Place;

/// Where one is.
#[must_use]
pub fn here(model: &Model) -> Spot {
    Spot {
        place: model.place,
        trail: model.trail.clone(),
        board: model.board.clone(),
        list: model.messages.spot(),
        message: model.lifecycle.as_ref().map(|l| (l.handle, l.cursor)),
        sources: model.sources.clone(),
        logs: model.logs.spot(),
        finding: model.evidence.as_ref().and_then(|e| e.rank),
    }
}

/// Back there.
pub fn restore(model: &mut Model, spot: Spot) {
    model.place = spot.place;
    model.trail = spot.trail;
    model.board = spot.board;
    model.messages.restore(spot.list);
    model.sources = spot.sources;
    // What was not in front then may have changed meanwhile.
    if spot.place == Place::Logs {
        model.logs.restore(spot.logs);
    }
    if let (Place::Evidence, Some(rank)) = (spot.place, spot.finding) {
        evidencing::open(model, rank);
    }
    if let Some((handle, row)) = spot.message {
        let raw = model.lifecycle.as_ref().is_some_and(|l| l.raw);
        match &mut model.lifecycle {
            Some(lifecycle) if lifecycle.handle == handle => lifecycle.cursor = row,
            other => *other = Some(Lifecycle::new(handle, raw).at(row)),
        }
    }
    model.refit();
}

/// Whether another view, or another message, is in front.
fn left(spot: &Spot, model: &Model) -> bool {
    let message = model.lifecycle.as_ref().map(|l| l.handle);
    let finding = model.evidence.as_ref().and_then(|e| e.rank);
    spot.place != model.place
        || (model.place == Place::Evidence && spot.finding != finding)
        || (model.place == Place::Lifecycle && spot.message.map(|(handle, _)| handle) != message)
}

/// Does something, and remembers the place if it was left by that.
pub fn recorded(model: &mut Model, act: impl FnOnce(&mut Model)) {
    let before = here(model);
    act(model);
    if left(&before, model) {
        model.history.ahead.clear();
        model.history.push(before);
    }
}

/// Back, or forward again.
pub fn step(model: &mut Model, forward: bool) {
    let now = here(model);
    let History { back, ahead } = &mut model.history;
    let (from, to) = if forward {
        (ahead, back)
    } else {
        (back, ahead)
    };
    if let Some(spot) = from.pop() {
        to.push(now);
        restore(model, spot);
    } else {
        let words = if forward {
            "no place to go forward to"
        } else {
            "no place to go back to"
        };
        model.notice = Some(words.into());
    }
}

/// To the view that was in front before this one.
pub fn last_view(model: &mut Model) {
    let now = here(model);
    let mut back = model.history.back.iter();
    match back.rfind(|spot| spot.place != now.place).cloned() {
        Some(spot) => {
            model.history.push(now);
            restore(model, spot);
        }
        None => model.notice = Some("there is no view before this one".into()),
    }
}
