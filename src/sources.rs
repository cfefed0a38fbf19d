//! Where log events come from: CloudWatch, files, standard input, the built-in incident.
//!
//! A source only reads and reports ([`crate::domain::feed::FeedEvent`]) on one bounded channel. It
//! knows neither the ledger nor the screen, and never decides what an absence means.

pub mod channel;
pub mod cloudwatch;
pub mod demo;
pub mod files;
pub mod hunt;
pub mod spool;
pub mod texts;
