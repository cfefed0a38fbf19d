//! Why: ranked statements about many messages, each with its evidence.
//!
//! Reads the ledger's answers; does no I/O and draws nothing. A detector says what was seen, and
//! marks inference as inference.

use access::Access;
use finding::Finding;

use crate::domain::view::Overview;

pub mod access;
pub mod blind_spot;
pub mod finding;
pub mod gap;
pub mod suggest;

/// All findings, most telling first: what explains most losses, then what hides most messages.
#[must_use]
pub fn findings(overview: &Overview, access: Access<'_>) -> Vec<Finding> {
    let mut findings = gap::find(overview, access);
    findings.extend(blind_spot::find(overview, access));
    findings
}
