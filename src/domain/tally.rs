//! What a survey counts, and what it leaves behind for whoever asks.
//!
//! Data only: `survey` fills it, `overview`, `query` and `why` read it.

use std::sync::Arc;

use super::buckets::Buckets;
use super::flow::Flow;
use super::judge::{Court, Evidence};
use super::latency::{Basis, Histogram};
use super::scope::Scope;
use super::time::{Span, Timestamp};
use super::verdict::Counts;
use super::view::Overview;

/// The result of the last look.
#[derive(Default)]
pub(super) struct Survey {
    /// Something has come since.
    pub(super) stale: bool,
    /// How many looks there were.
    pub(super) version: u64,
    pub(super) evidence: Vec<Evidence>,
    pub(super) horizon: Option<Timestamp>,
    /// When it was taken.
    pub(super) now: Timestamp,
    pub(super) courts: Vec<Court>,
    pub(super) tallies: Vec<Tally>,
    pub(super) overview: Arc<Overview>,
}

/// What is counted in one scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) entered: u64,
    pub(super) counts: Counts,
    pub(super) duplicates: u64,
    pub(super) late: u64,
    /// By stage: messages with a sighting there.
    pub(super) reached: Vec<u64>,
    /// By stage: messages that came no further, by verdict.
    pub(super) here: Vec<Counts>,
    /// By stage: those of them that nobody knows whether they should have gone on.
    pub(super) may_end: Vec<u64>,
    /// By stage: first and last time a lost message was last seen.
    pub(super) lost_spans: Vec<Option<Span>>,
    /// By edge: messages that passed it.
    pub(super) passed: Vec<u64>,
    /// By edge: messages that passed it, over time.
    pub(super) flows: Vec<Buckets<Flow>>,
    /// By stage: messages that came no further and did not come out, over time.
    pub(super) stuck_flows: Vec<Buckets<Flow>>,
    /// By stage: when the message at hand reached it. Only the stages that it was seen at count.
    pub(super) times: Vec<Timestamp>,
    /// By edge.
    pub(super) latencies: Vec<Histogram>,
    /// By edge: allowance in milliseconds, and where it comes from.
    pub(super) allowances: Vec<(i64, Basis)>,
}

impl Tally {
    /// Nothing counted yet.
    pub(super) fn new(scope: &Scope) -> Self {
        let (stages, edges) = (scope.graph.nodes.len(), scope.graph.edges.len());
        Self {
            reached: vec![0; stages],
            here: vec![Counts::default(); stages],
            may_end: vec![0; stages],
            lost_spans: vec![None; stages],
            passed: vec![0; edges],
            times: vec![Timestamp::default(); stages],
            flows: vec![Buckets::default(); edges],
            stuck_flows: vec![Buckets::default(); stages],
            latencies: vec![Histogram::default(); edges],
            allowances: vec![(0, Basis::Default); edges],
            ..Self::default()
        }
    }
}
