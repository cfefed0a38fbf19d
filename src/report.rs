//! Answers written down: JSON for programs, plain text for people.
//!
//! Writes to any writer; knows no terminal, and never lets log text command one.

pub mod hunt;
pub mod hunt_json;
pub mod json;
pub mod material;
pub mod paint;
pub mod strict;
pub mod stuck;
pub mod text;
pub mod times;
pub mod unseen;
pub mod wrap;
