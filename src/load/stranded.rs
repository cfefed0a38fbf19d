//! Which messages of a run are worth a hunt: the lost ones, some of each gap.

use std::collections::VecDeque;
use std::sync::Arc;

use super::answers::Answers;
use super::hunt::Loaded;
use crate::config::plan::Plan;
use crate::domain::hunt::{LastSeen, Target};
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;
use crate::domain::view::{MessageQuery, MessageRow, Overview, Sort, SourceState};

/// At most `most` messages that are lost (or went where nothing was read), spread over all gaps and
/// environments, and the time from the first to the last sighting of any.
#[must_use]
pub fn targets(answers: &dyn Answers, most: usize) -> (Vec<Target>, Option<Span>) {
    let mut rows: Vec<MessageRow> = Vec::new();
    for verdict in [Verdict::Lost, Verdict::Blind] {
        let mut gaps: Vec<VecDeque<MessageRow>> = queries(&answers.overview(), verdict)
            .into_iter()
            .map(|query| {
                answers.messages(&MessageQuery {
                    limit: most,
                    ..query
                })
            })
            .map(|page| page.rows.into())
            .collect();
        while rows.len() < most && gaps.iter().any(|gap| !gap.is_empty()) {
            let round = gaps.iter_mut().filter_map(VecDeque::pop_front);
            rows.extend(round);
        }
    }
    rows.truncate(most);
    of_rows(rows)
}

/// These messages as targets, and the time from the first to the last sighting of any.
#[must_use]
pub fn of_rows(rows: Vec<MessageRow>) -> (Vec<Target>, Option<Span>) {
    let spans = rows.iter().map(|r| Span::new(r.first_seen, r.last_seen));
    let span = spans.reduce(Span::union);
    (rows.into_iter().map(target).collect(), span)
}

/// The time in which messages of this span may be mentioned: with the room that a load takes too,
/// and to now, unless the run is about a time that ended.
#[must_use]
pub fn around(span: Span, plan: &Plan, now: Timestamp) -> Span {
    let room = plan.margin_ms;
    let end = plan.window.map_or(now, |window| window.to.plus(room));
    Span::new(span.from.plus(-room), end.min(now).max(span.to))
}

fn target(row: MessageRow) -> Target {
    Target {
        last: Some(LastSeen {
            env: row.env,
            pipeline: row.pipeline,
            stage: row.last_stage,
            time: row.last_seen,
        }),
        id: row.id,
        ids: row.ids,
    }
}

/// One for each stage after which messages of this verdict are missing, in every environment.
fn queries(overview: &Overview, verdict: Verdict) -> Vec<MessageQuery> {
    let mut queries = Vec::new();
    for pipeline in &overview.pipelines {
        for env in &pipeline.environments {
            let stages = env.stages.iter().filter(|s| s.here.of(verdict) > 0);
            queries.extend(stages.map(|stage| MessageQuery {
                verdicts: vec![verdict],
                pipeline: Some(Arc::clone(&pipeline.name)),
                env: Some(Arc::clone(&env.name)),
                last_stage: Some(Arc::clone(&stage.name)),
                sort: Sort::LastSeen,
                ..MessageQuery::default()
            }));
        }
    }
    queries
}

/// The log groups that serve a stage and that the run has read completely, or still reads. Into any
/// other nobody has looked for these messages.
#[must_use]
pub fn loaded(overview: &Overview) -> Vec<Loaded> {
    let read = overview
        .sources
        .iter()
        .filter(|view| matches!(view.state, SourceState::Complete | SourceState::Loading))
        .filter(|view| !view.stages.is_empty());
    read.map(|view| {
        let (env, region) = (&view.source.env, &view.source.region);
        // `qa/us-east-1:/acme/x`, or `qa/us-east-1/222233334444:/acme/x` in another account.
        let within = view.source.name.strip_prefix(&format!("{env}/{region}"));
        let key = within.and_then(|name| name.strip_prefix([':', '/']));
        let key = key.unwrap_or(&view.source.group).into();
        (Arc::clone(env), Arc::clone(region), key)
    })
    .collect()
}
