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
pub mod bound;
pub mod browsing;
pub mod chord;
pub mod compare;
pub mod comparing;
pub mod copying;
pub mod evidence;
pub mod evidencing;
pub mod filter;
pub mod filtering;
pub mod history;
pub mod hunt;
pub mod hunting;
pub mod input;
pub mod kept;
pub mod keymap;
pub mod layout;
pub mod lifecycle;
pub mod list_state;
pub mod logcolumns;
pub mod logline;
pub mod logs;
pub mod logtext;
pub mod logwindow;
pub mod marking;
pub mod marks;
pub mod messages;
pub mod model;
pub mod moment;
pub mod mouse;
pub mod mouse_event;
pub mod moves;
pub mod note;
pub mod opened;
pub mod opening;
pub mod overlays;
pub mod palette;
pub mod pending;
pub mod pinning;
pub mod place;
pub mod prompt;
pub mod reading;
pub mod remap;
pub mod session;
pub mod sorting;
pub mod sources;
pub mod timeline;
pub mod timelining;
pub mod travel;
pub mod typed;
pub mod typing;
pub mod update;
pub mod words;
pub mod zone;
