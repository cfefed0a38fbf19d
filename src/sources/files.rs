//! Log events from files and standard input.

pub mod frame;
