//! Detector 1: an edge that messages entered and did not come out of.
//!
//! Says how many, when, and where; not why.

use std::sync::Arc;

use super::access::{Access, SAMPLE};
use super::finding::{EvidenceLine, Finding, FindingKind};
use super::sentence::Sentence;

use crate::domain::overview::DONE;
use crate::domain::sheet::Sheet;
use crate::domain::show::{count, percent};
use crate::domain::verdict::Verdict;
use crate::domain::view::{
    EdgeView, EnvironmentView, MessageQuery, MessageRow, Overview, PipelineView, Sort,
};

/// So many log events stand beside a finding.
const LINES: usize = 3;

/// One finding for each edge with losses, most losses first.
#[must_use]
pub fn find(overview: &Overview, access: Access<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pipeline in &overview.pipelines {
        for env in &pipeline.environments {
            let edges = env.edges.iter().filter(|e| e.stuck.of(Verdict::Lost) > 0);
            findings.extend(edges.map(|edge| of_edge(pipeline, env, edge, access)));
        }
    }
    // Stable: equal ones stay in the order of the configuration.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.lost));
    findings
}

/// Whether it is the gap after this stage.
#[must_use]
pub fn is_of(gap: &Finding, sheet: &Sheet, stage: usize) -> bool {
    let from = gap.edge.as_ref().map(|(from, _)| from);
    from == Some(&sheet.stages[stage].name)
        && gap.env.as_ref() == Some(&sheet.env)
        && gap.pipeline.as_ref() == Some(&sheet.pipeline)
}

fn of_edge(
    pipeline: &PipelineView,
    env: &EnvironmentView,
    edge: &EdgeView,
    access: Access<'_>,
) -> Finding {
    let page = (access.messages)(&MessageQuery {
        verdicts: vec![Verdict::Lost],
        pipeline: Some(Arc::clone(&pipeline.name)),
        env: Some(Arc::clone(&env.name)),
        last_stage: Some(Arc::clone(&edge.from)),
        sort: Sort::LastSeen,
        limit: SAMPLE,
        ..MessageQuery::default()
    });
    Finding {
        kind: FindingKind::Gap,
        title: title(env, edge),
        env: Some(Arc::clone(&env.name)),
        pipeline: Some(Arc::clone(&pipeline.name)),
        edge: Some((Arc::clone(&edge.from), Arc::clone(&edge.to))),
        lost: edge.stuck.of(Verdict::Lost),
        of: edge.entered,
        span: edge.lost_span,
        onset: None,
        attributes: Vec::new(),
        evidence: Vec::new(),
        concerned: None,
        lines: lines(&page.rows, access),
        messages: page.rows.into_iter().map(|row| row.id).collect(),
    }
}

/// The last log event that names each of the first few messages.
fn lines(rows: &[MessageRow], access: Access<'_>) -> Vec<EvidenceLine> {
    let of_row = |row: &MessageRow| {
        let last = (access.lifecycle)(row.handle)?.sightings.pop()?;
        Some(EvidenceLine {
            source: last.source_name,
            time: last.time,
            raw: last.raw,
        })
    };
    rows.iter().take(LINES).filter_map(of_row).collect()
}

fn title(env: &EnvironmentView, edge: &EdgeView) -> Sentence {
    let lost = edge.stuck.of(Verdict::Lost);
    let what = if &*edge.to == DONE {
        "never came out of it".to_owned()
    } else {
        format!("never reached {}", edge.to)
    };
    let when = edge.lost_span.map_or_else(Sentence::default, |span| {
        Sentence::from(", first ")
            .clock(span.from)
            .say(", last ")
            .clock_in_zone(span.to)
    });
    let (name, from) = (&env.name, &edge.from);
    let (lost, of, share) = (
        count(lost),
        count(edge.entered),
        percent(lost, edge.entered),
    );
    Sentence::from(format!(
        "{name}: {lost} of {of} messages entered {from} and {what}"
    ))
    .then(&when)
    .say(&format!(" ({share})"))
}
