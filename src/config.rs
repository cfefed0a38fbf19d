//! The configuration: the file as written, then as resolved with the flags.
//!
//! Errors name file, line, key, what was found, what is allowed, and the nearest right name.
//! Finding the file is the only I/O here; everything after it is a function of text and flags.

pub mod accounts;
pub mod asked;
pub mod choose;
pub mod date_order;
pub mod draft;
pub mod duration;
mod early_ends;
pub mod error;
pub mod file;
pub mod keys;
pub mod learnt;
pub mod left_out;
pub mod look;
pub mod lookup;
pub mod overrides;
pub mod period;
pub mod pipeline;
pub mod places;
pub mod plan;
pub mod question;
pub mod read;
pub mod resolve;
pub mod rule;
pub mod sources;
pub mod stages;
pub mod tree;
pub mod unlink;
pub mod when;
pub mod write;
pub mod zone;
