//! What the project is about: log events become sightings, sightings become lifecycles, and
//! lifecycles become verdicts on the evidence of coverage.
//!
//! Pure: no I/O, no clock (time is an argument), no asynchronous runtime, no screen, no cloud.

pub mod event;
pub mod feed;
pub mod pattern;
pub mod pipeline;
pub mod safe;
pub mod show;
pub mod time;
pub mod verdict;
pub mod view;
