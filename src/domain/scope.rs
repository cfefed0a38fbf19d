//! One pipeline in one environment: its graph, and the sources that serve its stages.

use std::sync::Arc;

use super::event::SourceId;
use super::graph::Graph;

/// One pipeline in one environment.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) pipeline: usize,
    pub(super) env: Arc<str>,
    pub(super) graph: Graph,
    /// By stage: the sources that serve it.
    pub(super) sources: Vec<Vec<SourceId>>,
}
