//! One run: sources feed a bounded channel, workers extract, the ledger correlates.
//!
//! Shared by `check` and the dashboard. Answers are asked for and given as plain data
//! ([`crate::domain::view`]); nobody outside holds the ledger's lock.
