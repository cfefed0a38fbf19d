//! Why: ranked statements about many messages, each with its evidence.
//!
//! Reads the ledger's answers; does no I/O and draws nothing. A detector says what was seen, and
//! marks inference as inference.

pub mod finding;
