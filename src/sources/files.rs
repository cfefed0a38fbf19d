//! Log events from files, folders, pipes and standard input.
//!
//! The way of a byte: [`input`] opens and unpacks, [`cut`] cuts where an event begins, [`decode`]
//! turns the piece into a batch, on whichever thread of the [`pool`] is free. Where the bytes are
//! cut never changes what the events are. It does not look into the text of an event.

pub mod calendar;
pub mod chunk;
pub mod claim;
pub mod cut;
pub mod cut_lines;
pub mod cut_page;
pub mod decode;
pub mod decoded;
pub mod discover;
pub mod document;
mod edges;
pub mod envelope;
pub mod find_document;
pub mod follow;
pub mod frame;
pub mod gather;
pub mod hunt;
pub mod input;
pub mod live;
pub mod missing;
pub mod newest;
pub mod notation;
pub mod open;
pub mod order;
pub mod origin;
pub mod pattern;
pub mod pool;
pub mod reading;
pub mod refuse;
pub mod rejects;
pub mod sieve;
pub mod stamp;
pub mod streams;
mod tree;
pub mod window;
