//! Why: ranked statements about many messages, each with its evidence.
//!
//! Reads the ledger's answers; does no I/O and draws nothing. A detector says what was seen, and
//! marks inference as inference.

use access::Access;
use finding::Finding;

use crate::domain::sheet::Sheet;
use crate::domain::view::Overview;

pub mod access;
pub mod blind_spot;
pub mod cause;
pub mod condition;
pub mod finding;
pub mod gap;
pub mod onset;
pub mod population;
mod sample;
pub mod separate;
pub mod statistics;

/// All findings, most telling first: causes by how many losses each explains, then the bare gaps,
/// then what hides most messages.
#[must_use]
pub fn findings(overview: &Overview, sheets: &[Sheet], access: Access<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for sheet in sheets {
        findings.extend(cause::find(sheet, access).0);
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.lost));
    findings.extend(gap::find(overview, access));
    findings.extend(blind_spot::find(overview, access));
    findings
}
