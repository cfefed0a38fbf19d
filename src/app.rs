//! The dashboard without a screen: what it shows, what it may be told, what it asks for.
//!
//! A model, `update(Input) -> Vec<Effect>`, named actions and one key table. It knows no terminal, no
//! clock (time comes with the input), and does no I/O: whatever must be fetched leaves as an effect
//! and comes back as an input.

pub mod about;
pub mod acting;
pub mod action;
pub mod awscli;
pub mod board;
pub mod chord;
pub mod compare;
pub mod comparing;
pub mod copying;
pub mod evidence;
pub mod evidencing;
pub mod hunt;
pub mod hunting;
pub mod input;
pub mod keymap;
pub mod layout;
pub mod lifecycle;
pub mod logtext;
pub mod messages;
pub mod model;
pub mod moves;
pub mod note;
pub mod opened;
pub mod opening;
pub mod overlays;
pub mod palette;
pub mod pinning;
pub mod prompt;
pub mod reading;
pub mod sources;
pub mod timeline;
pub mod timelining;
pub mod update;
pub mod words;
pub mod zone;
