//! Log events from files and standard input.

pub mod calendar;
pub mod chunk;
pub mod cut;
pub mod decode;
pub mod document;
pub mod envelope;
pub mod frame;
pub mod json;
pub mod notation;
pub mod rejects;
pub mod stamp;
pub mod streams;
