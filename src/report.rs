//! Answers written down: JSON, NDJSON and CSV for programs; plain text, Markdown and HTML for people.
//!
//! Writes to any writer; knows no terminal, and never lets log text command one.

pub mod document;
pub mod html;
pub mod hunt;
pub mod hunt_json;
pub mod json;
pub mod markdown;
pub mod material;
pub mod paint;
pub mod redrive;
pub mod rows;
pub mod story;
pub mod strict;
pub mod stuck;
pub mod text;
pub mod times;
pub mod unseen;
pub mod veil;
pub mod why;
pub mod wrap;
