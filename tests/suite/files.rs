//! Reading log events from files: every format and trap, and that nothing is lost silently.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    unreachable_pub,
    reason = "helpers and tables of tests"
)]

mod documents;
mod follow;
mod formats;
mod framing;
mod gather;
mod holes;
mod inputs;
mod layouts;
mod places;
mod support;
mod tables;
mod timestamps;
