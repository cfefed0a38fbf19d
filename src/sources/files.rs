//! Log events from files, folders, pipes and standard input.
//!
//! The way of a byte: [`input`] opens and unpacks, [`cut`] cuts where an event begins, [`decode`]
//! turns the piece into a batch, on whichever thread of the [`pool`] is free. Where the bytes are
//! cut never changes what the events are. It does not look into the text of an event.

pub mod broken;
pub mod calendar;
pub mod chunk;
pub mod claim;
pub mod cli_text;
pub mod cut;
pub mod cut_lines;
pub mod cut_page;
pub mod decode;
mod decode_elements;
mod decode_rows;
pub mod decoded;
pub mod discover;
pub mod document;
mod edges;
pub mod entry;
pub mod envelope;
pub mod find_document;
pub mod follow;
pub mod frame;
pub mod gather;
pub mod holes;
pub mod hunt;
pub mod inner_time;
pub mod input;
pub mod layout;
pub mod learn;
pub mod learn_table;
pub mod live;
pub mod missing;
pub mod newest;
pub mod notation;
pub mod numeric;
pub mod object_reading;
pub mod object_time;
pub mod open;
pub mod order;
pub mod origin;
pub mod otlp_body;
pub mod page_keys;
pub mod pairs;
pub mod pattern;
pub mod pool;
pub mod reading;
pub mod refuse;
pub mod rejects;
pub mod sample;
pub mod series;
pub mod settle;
pub mod sieve;
pub mod sink;
pub mod stamp;
pub mod streams;
pub mod table;
pub mod tabs;
pub mod tai64n;
mod tree;
pub mod window;
