//! Where Enter leads from the board.

use std::sync::Arc;

use super::board::{Board, Cursor, FlowRow, environment, panels, rows, unseen};
use super::filter::Filter;
use crate::diagnose::finding::{Finding, FindingKind};
use crate::domain::event::SourceId;
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, EnvironmentView, Overview, PipelineView};

/// Where Enter leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Opened {
    /// The list, filtered.
    Messages(Filter),
    /// A source.
    Source(SourceId),
}

/// Where Enter leads from where the cursor is.
#[must_use]
pub fn of(board: &Board, overview: &Overview, findings: &[Finding]) -> Option<Opened> {
    under(board.cursor(overview, findings), overview, findings)
}

/// Where Enter would lead from there.
#[must_use]
pub fn under(cursor: Cursor, overview: &Overview, findings: &[Finding]) -> Option<Opened> {
    match cursor {
        Cursor::Finding(i) => Some(of_finding(findings.get(i)?, overview)),
        Cursor::Unseen(i) => Some(Opened::Source(unseen(overview).get(i)?.id)),
        Cursor::Flow { panel, row } => {
            let (p, e) = panels(overview).get(panel).copied()?;
            let pipeline = overview.pipelines.get(p)?;
            of_row(pipeline, pipeline.environments.get(e)?, row)
        }
    }
}

/// The stage under the cursor at which no message was seen last, or out of which an edge under the cursor
/// lost none: nothing is behind it.
#[must_use]
pub fn nobody_at(board: &Board, overview: &Overview, findings: &[Finding]) -> Option<Arc<str>> {
    let Cursor::Flow { panel, row } = board.cursor(overview, findings) else {
        return None;
    };
    let env = environment(overview, panel)?;
    let stage = match rows(env).get(row)? {
        FlowRow::Stage(i) => env.stages.get(*i)?,
        FlowRow::Edge(i) if env.edges[*i].stuck.total() > 0 => return None,
        FlowRow::Edge(i) => {
            let from = &env.edges[*i].from;
            env.stages.iter().find(|stage| stage.name == *from)?
        }
    };
    (stage.here.total() == 0).then(|| Arc::clone(&stage.name))
}

/// Its messages, or the source that could not be seen.
#[must_use]
pub fn of_finding(finding: &Finding, overview: &Overview) -> Opened {
    if finding.kind == FindingKind::BlindSpot {
        let env = finding.env.as_ref();
        let mut here = unseen(overview);
        here.retain(|s| env.is_none_or(|env| *env == s.source.env));
        let named = here
            .iter()
            .find(|s| finding.title.contains(&*s.source.name));
        if let Some(source) = named.or(here.first()) {
            return Opened::Source(source.id);
        }
    }
    Opened::Messages(messages_of(finding))
}

/// The messages that a finding is about.
#[must_use]
pub fn messages_of(finding: &Finding) -> Filter {
    let query = finding.query();
    Filter {
        verdicts: query.verdicts,
        pipeline: query.pipeline,
        env: query.env,
        last_stage: query.last_stage,
        among: query.among,
        terms: query.terms,
        ..Filter::default()
    }
}

fn of_row(pipeline: &PipelineView, env: &EnvironmentView, row: usize) -> Option<Opened> {
    let (verdicts, stage) = match rows(env).get(row)? {
        FlowRow::Stage(i) => (Vec::new(), &env.stages[*i].name),
        FlowRow::Edge(i) => (stuck(&env.edges[*i]), &env.edges[*i].from),
    };
    Some(Opened::Messages(Filter {
        verdicts,
        pipeline: Some(Arc::clone(&pipeline.name)),
        env: Some(Arc::clone(&env.name)),
        last_stage: Some(Arc::clone(stage)),
        among: None,
        ..Filter::default()
    }))
}

/// The lost of an edge; where there are none, whatever else did not come out of it.
fn stuck(edge: &EdgeView) -> Vec<Verdict> {
    if edge.stuck.of(Verdict::Lost) > 0 {
        return vec![Verdict::Lost];
    }
    Verdict::ALL
        .into_iter()
        .filter(|v| *v != Verdict::Completed && edge.stuck.of(*v) > 0)
        .collect()
}
