//! Findings in the summary: one line each, or with all that they rest on.

use std::io::{self, Write};

use super::times::Times;
use crate::diagnose::finding::{AttributeEvidence, Finding};
use crate::diagnose::sentence::Sentence;
use crate::domain::safe::safe;
use crate::domain::show::{count, count_of};
use crate::domain::time::Span;

/// So many lines, so that the figures below stay on the screen.
const SHORT: usize = 8;

/// Writes them under a heading; nothing where there are none.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    heading: &str,
    findings: &[&Finding],
    times: Times,
    evidence: bool,
) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}")?;
    let shown = if evidence { findings.len() } else { SHORT };
    for finding in findings.iter().take(shown) {
        let kind = finding.kind.word().replace('_', " ");
        writeln!(out, "  {kind}: {}", safe(&finding.title))?;
        if evidence {
            rests_on(out, finding, times)?;
        }
    }
    if findings.len() > shown {
        let more = count((findings.len() - shown) as u64);
        writeln!(
            out,
            "  ... and {more} more; --plain tells all, and what they rest on"
        )?;
    }
    Ok(())
}

fn rests_on(out: &mut dyn Write, finding: &Finding, times: Times) -> io::Result<()> {
    if finding.lost > 0 {
        let of = count_of(finding.of, "message");
        writeln!(out, "    {} lost of {of}", count(finding.lost))?;
    }
    if let Some(onset) = finding.onset {
        let between = times.span(Span::new(onset.low, onset.high));
        writeln!(
            out,
            "    since {} (between {between})",
            times.exact(onset.at)
        )?;
    }
    let (statistics, said): (Vec<&Sentence>, Vec<&Sentence>) = finding
        .evidence
        .iter()
        .partition(|said| said.is_statistic());
    for sentence in said {
        writeln!(out, "    {}", safe(sentence))?;
    }
    for of in &finding.attributes {
        writeln!(out, "    {}", safe(&sides(of)))?;
    }
    for sentence in statistics {
        writeln!(out, "    {}", safe(sentence))?;
    }
    if !finding.messages.is_empty() {
        let some: Vec<_> = finding.messages.iter().take(3).map(|id| safe(id)).collect();
        writeln!(out, "    for example {}", some.join(", "))?;
    }
    Ok(())
}

fn sides(of: &AttributeEvidence) -> String {
    format!(
        "{}: {} of {} lost have it, {} of {} that went on{}",
        of.text(),
        count(of.lost_with),
        count(of.lost),
        count(of.kept_with),
        count(of.kept),
        if of.meanwhile { " meanwhile" } else { "" }
    )
}
