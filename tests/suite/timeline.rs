//! The incident's timeline: pinned, written, changed, undone, kept, opened again and exported.

mod kept;
mod model;
mod program;
mod typed;
