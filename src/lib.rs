//! `lastseen` finds every message that went into a system and never came out.
//!
//! The layers, each knowing only those to its right (a test holds this):
//!
//! ```text
//! cli -> runtime -> ui -> app -> load -> case -> sources -> config -> domain
//!                   ui -> theme          report -> diagnose -> domain
//! ```
//!
//! A log event moves once through: page, [`domain::feed::FeedEvent`], bounded channel, extract,
//! ledger, touched IDs, verdicts, view.

pub mod app;
pub mod case;
pub mod cli;
pub mod clock;
pub mod config;
pub mod diagnose;
pub mod domain;
pub mod load;
pub mod report;
pub mod runtime;
pub mod sources;
pub mod theme;
pub mod ui;
