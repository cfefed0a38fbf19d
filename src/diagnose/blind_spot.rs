//! Detector 7: what could not be seen: stages without a source, sources not read completely, and ways of
//! which nobody knows where they end.
//!
//! A blind spot explains no loss; it says for how many messages nothing can be said because of it.

use std::sync::Arc;

use super::access::{Access, SAMPLE};
use super::finding::{Finding, FindingKind};

use crate::domain::feed::FaultKind;
use crate::domain::overview::DONE;
use crate::domain::show::count_of;
use crate::domain::verdict::Verdict;
use crate::domain::view::{
    EnvironmentView, MessageQuery, Overview, PipelineView, SourceState, SourceView, StageView,
};

/// One finding for each stage without a source and each source that is not complete, those that
/// make most messages blind first.
#[must_use]
pub fn find(overview: &Overview, access: Access<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pipeline in &overview.pipelines {
        for env in &pipeline.environments {
            // A pipeline of which nothing at all is logged here does not run here.
            if env.counts.total() == 0 && env.stages.iter().all(|s| s.sources.is_empty()) {
                continue;
            }
            let open = env.stages.iter().filter(|stage| stage.may_end > 0);
            findings.extend(open.map(|stage| of_open_ends(pipeline, env, stage, access)));
            let bare = env.stages.iter().filter(|stage| stage.sources.is_empty());
            let found = bare.map(|stage| (stage.optional, of_stage(pipeline, env, stage, access)));
            // Messages may pass by an optional stage: its silence matters only if it hides some.
            let found = found.filter(|(optional, finding)| !optional || finding.of > 0);
            findings.extend(found.map(|(_, finding)| finding));
        }
    }
    let sources = overview.sources.iter().filter(|source| is_gone(source));
    findings.extend(sources.map(|source| of_source(overview, source, access)));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.of));
    findings
}

/// Not complete and not going to be, where a stage needs it or where nobody can know who does.
fn is_gone(source: &SourceView) -> bool {
    match source.state {
        SourceState::Loading | SourceState::Live | SourceState::Complete => false,
        SourceState::Denied | SourceState::Failed => true,
        SourceState::Partial | SourceState::Absent => !source.stages.is_empty(),
    }
}

fn of_stage(
    pipeline: &PipelineView,
    env: &EnvironmentView,
    stage: &StageView,
    access: Access<'_>,
) -> Finding {
    let (blind, messages) = blind(pipeline, env, &stage.name, access);
    let title = format!(
        "{}: no source covers stage {} of {}{}",
        env.name,
        stage.name,
        pipeline.name,
        because(blind)
    );
    Finding {
        pipeline: Some(Arc::clone(&pipeline.name)),
        ..finding(title, &env.name, blind, messages)
    }
}

/// Messages of which nobody can say whether more was to come.
fn of_open_ends(
    pipeline: &PipelineView,
    env: &EnvironmentView,
    stage: &StageView,
    access: Access<'_>,
) -> Finding {
    let messages = blind_at(pipeline, env, &stage.name, access);
    let title = format!(
        "{}: {} with {} last seen at {}, as all of their kind: done there, or never taken up? (`ends` settles it)",
        env.name,
        count_of(stage.may_end, "message"),
        stage.may_end_with.join(" or "),
        stage.name,
    );
    Finding {
        pipeline: Some(Arc::clone(&pipeline.name)),
        ..finding(title, &env.name, stage.may_end, messages)
    }
}

fn of_source(overview: &Overview, view: &SourceView, access: Access<'_>) -> Finding {
    let source = &view.source;
    let mut total = 0;
    let mut messages = Vec::new();
    for pipeline in &overview.pipelines {
        for env in pipeline
            .environments
            .iter()
            .filter(|e| e.name == source.env)
        {
            let needs = |stage: &&StageView| {
                let name = format!("{}/{}", pipeline.name, stage.name);
                view.stages.contains(&name)
            };
            for stage in env.stages.iter().filter(needs) {
                let (blind, some) = blind(pipeline, env, &stage.name, access);
                total += blind;
                messages.extend(some);
            }
        }
    }
    messages.truncate(SAMPLE);
    let serves = match view.stages.as_slice() {
        [] => String::new(),
        stages => format!(" (serves {})", stages.join(", ")),
    };
    let title = format!(
        "{}: {} {}{serves}{}",
        source.env,
        source.name,
        state(view),
        because(total)
    );
    finding(title, &source.env, total, messages)
}

fn state(source: &SourceView) -> &'static str {
    match source.state {
        _ if source
            .faults
            .iter()
            .any(|fault| fault.kind == FaultKind::Missing) =>
        {
            "is missing among the files"
        }
        SourceState::Loading => "is still being read",
        SourceState::Live => "is being followed",
        SourceState::Complete => "was read completely",
        SourceState::Partial => "was read only in part",
        SourceState::Denied => "may not be read",
        SourceState::Absent => "does not exist",
        SourceState::Failed => "could not be read",
    }
}

fn because(blind: u64) -> String {
    if blind == 0 {
        return String::new();
    }
    format!(
        "; {} may have gone there unseen",
        count_of(blind, "message")
    )
}

fn finding(title: String, env: &Arc<str>, blind: u64, messages: Vec<String>) -> Finding {
    Finding {
        kind: FindingKind::BlindSpot,
        title: title.into(),
        env: Some(Arc::clone(env)),
        pipeline: None,
        edge: None,
        lost: 0,
        of: blind,
        span: None,
        onset: None,
        attributes: Vec::new(),
        evidence: Vec::new(),
        concerned: None,
        messages,
        lines: Vec::new(),
    }
}

/// Blind messages that this stage's sources could have shown: those that wait before it, and those
/// that would come out of it if nothing follows it. With some of their IDs.
fn blind(
    pipeline: &PipelineView,
    env: &EnvironmentView,
    stage: &Arc<str>,
    access: Access<'_>,
) -> (u64, Vec<String>) {
    let mut from: Vec<&Arc<str>> = Vec::new();
    for edge in &env.edges {
        let shows = edge.to == *stage || (edge.from == *stage && &*edge.to == DONE);
        if shows && !from.contains(&&edge.from) {
            from.push(&edge.from);
        }
    }
    let mut total = 0;
    let mut messages = Vec::new();
    for name in from {
        let before = env.stages.iter().find(|s| s.name == *name);
        // Of those that may be done there nothing would have been seen.
        let here = before.map_or(0, |s| s.here.of(Verdict::Blind) - s.may_end);
        total += here;
        if here > 0 && messages.len() < SAMPLE {
            messages.extend(blind_at(pipeline, env, name, access));
        }
    }
    messages.truncate(SAMPLE);
    (total, messages)
}

/// IDs of some of the blind messages that are last seen at a stage.
fn blind_at(
    pipeline: &PipelineView,
    env: &EnvironmentView,
    stage: &Arc<str>,
    access: Access<'_>,
) -> Vec<String> {
    let page = (access.messages)(&MessageQuery {
        verdicts: vec![Verdict::Blind],
        pipeline: Some(Arc::clone(&pipeline.name)),
        env: Some(Arc::clone(&env.name)),
        last_stage: Some(Arc::clone(stage)),
        limit: SAMPLE,
        ..MessageQuery::default()
    });
    page.rows.into_iter().map(|row| row.id).collect()
}
