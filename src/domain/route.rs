//! The edges that a message took, by the stages at which it was seen.
//!
//! There are few combinations of stages, so each is worked out once for a survey.

use std::collections::HashMap;

use super::graph::{Edge, Graph, StageSet, bit, stages_in};
use super::lifecycle::nearest_before;

/// An edge whose passing was measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) edge: usize,
    /// Where its latency stands; see [`super::lifecycle::Fold::outcome`].
    pub(super) place: usize,
    pub(super) from: usize,
    pub(super) to: Option<usize>,
}

/// Which edges a message with these stages took.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    /// None before those that lead to where it begins.
    pub(super) measured: Vec<Step>,
    /// Edges that must have been passed, with the last stage before them where it was seen.
    pub(super) inferred: Vec<(usize, usize)>,
}

/// Routes by the stages seen.
#[derive(Default)]
pub(super) struct Routes {
    known: HashMap<StageSet, usize>,
    last: Option<(StageSet, usize)>,
    all: Vec<Route>,
}

impl Routes {
    pub(super) fn of(&mut self, graph: &Graph, seen: StageSet) -> &Route {
        let index = match self.last {
            Some((last, index)) if last == seen => index,
            _ => *self.known.entry(seen).or_insert_with(|| {
                self.all.push(Route::new(graph, seen));
                self.all.len() - 1
            }),
        };
        self.last = Some((seen, index));
        &self.all[index]
    }
}

impl Route {
    fn new(graph: &Graph, seen: StageSet) -> Self {
        let mut route = Self::default();
        let find = |from: usize, to: Option<usize>| {
            graph
                .edges
                .iter()
                .position(|e| e.from == from && e.to == to)
        };
        let step = |from: usize, to: Option<usize>| {
            Some(Step {
                edge: find(from, to)?,
                place: to.unwrap_or(graph.nodes.len()),
                from,
                to,
            })
        };
        for stage in stages_in(seen).filter(|s| *s < graph.nodes.len()) {
            if let Some(before) = nearest_before(graph, seen, stage) {
                route.measured.extend(step(before, Some(stage)));
            } else {
                route.infer(graph, seen, stage);
            }
            if graph.by_exit & bit(stage) != 0 {
                route.measured.extend(step(stage, None));
            }
        }
        let depth = |step: &Step| step.to.map_or(usize::MAX, |to| graph.nodes[to].depth);
        route.measured.sort_by_key(depth);
        route
    }

    /// A stage was reached although none right before it was seen: the way from the furthest one seen
    /// earlier is passed, unmeasured.
    fn infer(&mut self, graph: &Graph, seen: StageSet, stage: usize) {
        let Some(start) = graph.furthest(graph.before(stage) & seen) else {
            return;
        };
        let mut at = start;
        while at != stage {
            let leads = |e: &&Edge| {
                let to = e.to.map_or(0, |to| bit(to) | graph.nodes[to].descendants);
                e.from == at && !e.side && to & bit(stage) != 0
            };
            let Some(edge) = graph.edges.iter().find(leads) else {
                return;
            };
            let Some(index) = graph.edges.iter().position(|e| e == edge) else {
                return;
            };
            if !self.inferred.iter().any(|(known, _)| *known == index) {
                self.inferred.push((index, start));
            }
            let Some(to) = edge.to else { return };
            at = to;
        }
    }
}
