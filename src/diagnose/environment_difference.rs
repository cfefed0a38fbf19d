//! Detector 12: the same pipeline in two environments, edge by edge: where one loses and another does
//! not.

use super::finding::{Finding, FindingKind};
use super::sentence::Sentence;
use super::statistics::Table;
use crate::domain::show::percent;
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, EnvironmentView, Overview, PipelineView};

/// A difference is believed when chance alone would give it in fewer than one comparison of so many.
pub const SURE: f64 = 0.001;
/// Fewer lost messages than this make no difference.
pub const FEWEST: u64 = 3;
/// Fewer messages than this tell nothing about how it should be.
const ENOUGH: u64 = 100;
/// One loses so many times more than the other.
const TIMES: f64 = 3.0;

/// The edges that lose messages in one environment and hardly any in the best other one.
#[must_use]
pub fn find(overview: &Overview) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pipeline in &overview.pipelines {
        let environments = &pipeline.environments;
        let tried: usize = environments.iter().map(|e| e.edges.len()).sum();
        for env in environments {
            for edge in &env.edges {
                let others = environments.iter().filter(|other| other.name != env.name);
                let others = others.filter_map(|other| same(other, edge).map(|e| (other, e)));
                let best = others.min_by(|a, b| rate(a.1).total_cmp(&rate(b.1)));
                if let Some((other, twin)) = best
                    && differ(edge, twin, tried)
                {
                    findings.push(finding(pipeline, (env, edge), (other, twin)));
                }
            }
        }
    }
    findings
}

fn lost(edge: &EdgeView) -> u64 {
    edge.stuck.of(Verdict::Lost)
}

fn rate(edge: &EdgeView) -> f64 {
    super::statistics::share(lost(edge), edge.entered)
}

fn same<'a>(env: &'a EnvironmentView, edge: &EdgeView) -> Option<&'a EdgeView> {
    let mut edges = env.edges.iter();
    edges.find(|e| e.from == edge.from && e.to == edge.to && e.passed >= ENOUGH)
}

fn differ(edge: &EdgeView, twin: &EdgeView, tried: usize) -> bool {
    let table = Table {
        lost_with: lost(edge),
        lost: lost(edge) + lost(twin),
        kept_with: edge.passed,
        kept: edge.passed + twin.passed,
    };
    lost(edge) >= FEWEST
        && rate(edge) >= TIMES * rate(twin)
        && table.chance() * (tried as f64) < SURE
}

fn finding(
    pipeline: &PipelineView,
    (env, edge): (&EnvironmentView, &EdgeView),
    (other, twin): (&EnvironmentView, &EdgeView),
) -> Finding {
    let share = |e: &EdgeView| percent(lost(e), e.entered);
    Finding {
        kind: FindingKind::EnvironmentDifference,
        title: Sentence::from(format!(
            "{}: {} to {} loses {}, in {} {}",
            env.name,
            edge.from,
            edge.to,
            share(edge),
            other.name,
            share(twin)
        )),
        env: Some(env.name.clone()),
        pipeline: Some(pipeline.name.clone()),
        edge: Some((edge.from.clone(), edge.to.clone())),
        lost: lost(edge),
        of: edge.entered,
        span: edge.lost_span,
        onset: None,
        attributes: Vec::new(),
        concerned: None,
        evidence: vec![Sentence::from(format!(
            "{}: p50 {} p99 {}; {}: p50 {} p99 {} (milliseconds)",
            env.name,
            figure(edge.p50_ms),
            figure(edge.p99_ms),
            other.name,
            figure(twin.p50_ms),
            figure(twin.p99_ms)
        ))],
        messages: Vec::new(),
        lines: Vec::new(),
    }
}

fn figure(ms: Option<i64>) -> String {
    ms.map_or_else(|| "unknown".to_owned(), |ms| ms.to_string())
}
