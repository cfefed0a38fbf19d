//! The configuration: the file as written, then as resolved with the flags.
//!
//! Errors name file, line, key, what was found, what is allowed, and the nearest right name.

pub mod plan;
