//! A few examples beside a finding: IDs, and the last log event that names each of the first.

use super::access::{Access, SAMPLE};
use super::finding::EvidenceLine;
use crate::domain::sheet::Sheet;
use crate::domain::view::{Chosen, MessageHandle};

/// So many log events stand beside a finding.
const LINES: usize = 3;

/// Examples of these cases: the IDs, and the last lines of the first few.
#[must_use]
pub(super) fn of(
    sheet: &Sheet,
    cases: &[u32],
    access: Access<'_>,
) -> (Vec<String>, Vec<EvidenceLine>) {
    let mut sorted: Vec<&u32> = cases.iter().collect();
    sorted.sort_by_key(|case| sheet.cases[**case as usize].last);
    let handles = sorted
        .into_iter()
        .map(|case| sheet.cases[*case as usize].handle);
    of_handles(handles, access)
}

/// All of these cases, under a name.
pub(super) fn chosen(sheet: &Sheet, label: &str, cases: &[u32]) -> Chosen {
    let handles = cases.iter().map(|case| sheet.cases[*case as usize].handle);
    Chosen::new(label, handles.collect())
}

fn of_handles(
    handles: impl Iterator<Item = MessageHandle>,
    access: Access<'_>,
) -> (Vec<String>, Vec<EvidenceLine>) {
    let (mut ids, mut lines) = (Vec::new(), Vec::new());
    for handle in handles.take(SAMPLE) {
        let Some(mut view) = (access.lifecycle)(handle) else {
            continue;
        };
        ids.push(view.row.id);
        if lines.len() < LINES
            && let Some(last) = view.sightings.pop()
        {
            lines.push(EvidenceLine {
                source: last.source_name,
                time: last.time,
                raw: last.raw,
            });
        }
    }
    (ids, lines)
}
