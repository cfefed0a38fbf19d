//! What the board says of a finding, in lines whose number is known: how the screen is divided rests on it.

use super::size::Size;
use super::wide;
use super::words::words;
use crate::diagnose::finding::{Finding, FindingKind};
use crate::domain::show;

/// Columns of a finding before its words: mark, sign, environment, count.
pub const BEFORE_WORDS: usize = 4 + 6 + 1 + 7 + 2;
/// A finding's sentence is cut behind so many lines.
const LINES: usize = 2;

/// How many lost messages a finding is about; where none are lost, how many are concerned.
#[must_use]
pub const fn finding_amount(finding: &Finding) -> u64 {
    if finding.lost > 0 {
        finding.lost
    } else {
        finding.of
    }
}

/// The lines of a finding's sentence; a gap is not a sentence but a row of columns.
#[must_use]
pub fn finding_lines(size: Size, finding: &Finding) -> Vec<String> {
    if finding.kind == FindingKind::Gap && finding.edge.is_some() {
        return vec![String::new()];
    }
    let title = finding.title.as_str();
    // The environment stands in front already.
    let env = finding.env.as_deref().unwrap_or_default();
    let rest = title.strip_prefix(env).and_then(|t| t.strip_prefix(": "));
    let width = usize::from(wide::findings_columns(size)).saturating_sub(BEFORE_WORDS + 1);
    let rest = rest.unwrap_or(title);
    // So does the count.
    let amount = format!("{} ", show::count(finding_amount(finding)));
    let mut lines = words(rest.strip_prefix(&amount).unwrap_or(rest), width);
    if lines.len() > LINES {
        // The end is cut where it is drawn, and an ellipsis says so.
        let tail = lines.split_off(LINES - 1).join(" ");
        lines.push(tail);
    }
    lines
}
