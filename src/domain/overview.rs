//! The survey's figures as the picture that screens and reports show.
//!
//! Only names and arranges what was counted.

use std::sync::Arc;

use super::event::{Source, SourceId, SourceKind};
use super::graph::{Edge, bit};
use super::ledger::Ledger;
use super::scope::Scope;
use super::tally::Tally;
use super::time::{Span, Timestamp};
use super::verdict::{Counts, Verdict};
use super::view::{EdgeView, EnvironmentView, Overview, PipelineView, SourceView, StageView};

/// The name of what a message comes to behind a terminal stage.
pub const DONE: &str = "(done)";

impl Ledger {
    /// The picture as of the last refresh.
    #[must_use]
    pub fn overview(&self) -> Arc<Overview> {
        Arc::clone(&self.survey.overview)
    }

    pub(super) fn draw_overview(&self) -> Overview {
        let mut sources: Vec<SourceView> = self
            .register
            .sources()
            .filter_map(|(id, _)| {
                let evidence = self.survey.evidence.get(id.0 as usize)?;
                self.register.view(id, evidence, self.stages_of(id))
            })
            .collect();
        sources.sort_by(|a, b| a.source.name.cmp(&b.source.name));
        let seen = sources.iter().filter_map(|s| s.seen).reduce(Span::union);
        let pipelines = self.pipelines.iter().enumerate().map(|(index, pipeline)| {
            let scopes = self.scopes.iter().zip(&self.survey.tallies).enumerate();
            let mut environments: Vec<EnvironmentView> = scopes
                .filter(|(_, (scope, _))| scope.pipeline == index)
                .filter(|(_, (scope, _))| scope.sources.iter().any(|s| !s.is_empty()))
                .map(|(number, (scope, tally))| self.environment(number, scope, tally))
                .collect();
            environments.sort_by(|a, b| a.name.cmp(&b.name));
            let mut attributes: Vec<Arc<str>> = Vec::new();
            for attribute in &pipeline.attributes {
                if !attributes.contains(&attribute.name) {
                    attributes.push(Arc::clone(&attribute.name));
                }
            }
            PipelineView {
                name: Arc::clone(&pipeline.name),
                attributes,
                environments,
            }
        });
        Overview {
            window: self
                .window
                .map_or(seen, |window| self.up_to_now(window, seen)),
            horizon: self.survey.horizon,
            settled: self.register.settled(),
            live: self.register.live(),
            events: self.register.events(),
            unattributed: self.unattributed,
            pipelines: pipelines.collect(),
            sources,
        }
    }

    /// A window without an end goes on to the present; where only files are read, to their newest
    /// event, which may be long ago.
    fn up_to_now(&self, window: Span, seen: Option<Span>) -> Option<Span> {
        if window.to < Timestamp::MAX {
            return Some(window);
        }
        let cloud = |(_, source): (_, &Arc<Source>)| source.kind == SourceKind::CloudWatch;
        let end = if self.register.sources().any(cloud) {
            self.survey.now
        } else {
            seen?.to.min(self.survey.now)
        };
        Some(Span {
            from: window.from.min(end),
            to: end,
        })
    }

    fn stages_of(&self, id: SourceId) -> Vec<String> {
        let mut stages = Vec::new();
        for scope in &self.scopes {
            let pipeline = &self.pipelines[scope.pipeline];
            for (stage, sources) in pipeline.stages.iter().zip(&scope.sources) {
                if sources.contains(&id) {
                    stages.push(format!("{}/{}", pipeline.name, stage.name));
                }
            }
        }
        stages
    }

    fn environment(&self, number: usize, scope: &Scope, tally: &Tally) -> EnvironmentView {
        let hubs = self.identities.hubs().iter();
        let hubs = hubs.filter(|id| usize::from(self.identities.scope(**id)) == number);
        EnvironmentView {
            name: Arc::clone(&scope.env),
            entered: tally.entered,
            counts: tally.counts,
            duplicates: tally.duplicates,
            late: tally.late,
            hubs: hubs.map(|id| self.identities.text(*id)).collect(),
            stages: self.stages(scope, tally),
            edges: self.edges(scope, tally),
        }
    }

    fn stages(&self, scope: &Scope, tally: &Tally) -> Vec<StageView> {
        let graph = &scope.graph;
        let stages = self.pipelines[scope.pipeline].stages.iter().enumerate();
        stages
            .filter(|(index, _)| graph.nodes[*index].exists)
            .map(|(index, stage)| StageView {
                name: Arc::clone(&stage.name),
                depth: graph.nodes[index].depth,
                entry: graph.entries & bit(index) != 0,
                terminal: graph.terminals & bit(index) != 0,
                optional: stage.optional,
                reached: tally.reached[index],
                here: tally.here[index],
                may_end: tally.may_end[index],
                may_end_with: stage
                    .ends
                    .iter()
                    .filter(|end| !end.sure)
                    .map(|end| format!("{}={}", end.attribute, end.value))
                    .collect(),
                sources: scope.sources[index].clone(),
            })
            .collect()
    }

    fn edges(&self, scope: &Scope, tally: &Tally) -> Vec<EdgeView> {
        let edges = scope.graph.edges.iter().enumerate();
        edges
            .filter_map(|(index, edge)| {
                let main = main_edge(scope, tally, edge.from) == Some(index);
                (main || !edge.side || tally.passed[index] > 0)
                    .then(|| self.edge(scope, tally, (index, edge), main))
            })
            .collect()
    }

    fn edge(
        &self,
        scope: &Scope,
        tally: &Tally,
        (index, edge): (usize, &Edge),
        main: bool,
    ) -> EdgeView {
        let stages = &self.pipelines[scope.pipeline].stages;
        let mut stuck = if main {
            tally.here[edge.from]
        } else {
            Counts::default()
        };
        stuck.0[Verdict::Completed as usize] = 0;
        stuck.0[Verdict::Unentered as usize] = 0;
        let (allowance_ms, basis) = tally.allowances[index];
        let mut series = tally.flows[index].clone();
        if main {
            series.merge(&tally.stuck_flows[edge.from]);
        }
        EdgeView {
            from: Arc::clone(&stages[edge.from].name),
            to: edge
                .to
                .map_or_else(|| DONE.into(), |to| Arc::clone(&stages[to].name)),
            entered: tally.passed[index] + stuck.total(),
            passed: tally.passed[index],
            stuck,
            p50_ms: tally.latencies[index].quantile(0.5),
            p99_ms: tally.latencies[index].quantile(0.99),
            allowance_ms,
            basis,
            lost_span: if main {
                tally.lost_spans[edge.from]
            } else {
                None
            },
            series: Arc::new(series),
        }
    }
}

/// The edge on which messages that stay at a stage are counted: the main way on, by passages.
fn main_edge(scope: &Scope, tally: &Tally, stage: usize) -> Option<usize> {
    let out = scope.graph.nodes[stage].out.iter().copied();
    out.max_by_key(|edge| {
        let side = scope.graph.edges[*edge].side;
        (!side, tally.passed[*edge], std::cmp::Reverse(*edge))
    })
}
