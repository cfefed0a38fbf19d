//! What the project is about: log events become sightings, sightings become lifecycles, and
//! lifecycles become verdicts on the evidence of coverage.
//!
//! Pure: no I/O, no clock (time is an argument), no asynchronous runtime, no screen, no cloud.

pub mod buckets;
pub mod census;
pub mod chunked;
pub mod coverage;
pub mod event;
pub mod extract;
pub mod feed;
pub mod fields;
pub mod flow;
mod folding;
pub mod graph;
pub mod hint;
pub mod hunt;
pub mod id;
pub mod identities;
pub mod json;
pub mod judge;
pub mod latency;
pub mod ledger;
pub mod lifecycle;
pub mod listing;
pub mod logfmt;
pub mod mention;
pub mod nearest;
pub mod overview;
pub mod pattern;
pub mod pipeline;
pub mod probe;
pub mod query;
mod reader;
pub mod register;
mod route;
pub mod rows;
pub mod rules;
pub mod safe;
mod scope;
pub mod seek;
pub mod sets;
pub mod sheet;
pub mod show;
mod sieve;
pub mod signals;
mod survey;
mod tally;
pub mod terms;
pub mod terms_scan;
pub mod terms_text;
pub mod time;
pub mod timeline;
pub mod verdict;
pub mod view;
pub mod wanted;
pub mod why;
