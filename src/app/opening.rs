//! To where something leads: a message, a list of them, a source.

use super::lifecycle::Lifecycle;
use super::model::Model;
use super::opened::Opened;
use super::place::Place;
use crate::domain::view::MessageHandle;

/// Opens one message.
pub fn message(model: &mut Model, handle: MessageHandle) {
    let raw = model.lifecycle.as_ref().is_some_and(|l| l.raw);
    if model.lifecycle.as_ref().is_none_or(|l| l.handle != handle) {
        model.lifecycle = Some(Lifecycle::new(handle, raw));
    }
    model.go(Place::Lifecycle);
}

/// Opens what something leads to.
pub fn open(model: &mut Model, to: Opened) {
    match to {
        Opened::Messages(filter) => {
            model.messages.show(filter);
            model.go(Place::Messages);
        }
        Opened::Source(id) => {
            model.sources.select(id, model.size, &model.overview);
            model.go(Place::Sources);
        }
    }
}
