//! The answers the ledger gives: plain data, complete in itself and without references into the ledger,
//! so that whoever reads never waits for whoever writes. Nothing here decides anything.

use std::sync::Arc;

use super::buckets::Buckets;
use super::event::{Source, SourceId, TextRef};
use super::feed::{Fault, Pulse, Reject, RejectReason};
use super::flow::Flow;
use super::latency::Basis;
use super::seek::{Seek, Sought};
use super::terms::Terms;
use super::time::{Span, Timestamp};
use super::verdict::{Counts, Flags, Mark, Verdict};

/// How far a source has been read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceState {
    /// Still being read.
    Loading,
    /// Read up to the present, and read on as it grows.
    Live,
    /// Read completely over what was asked for.
    Complete,
    /// Read in part; the rest will not come.
    Partial,
    /// May not be read.
    Denied,
    /// Does not exist.
    Absent,
    /// Could not be read.
    Failed,
}

impl SourceState {
    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Live => "live",
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Denied => "denied",
            Self::Absent => "absent",
            Self::Failed => "failed",
        }
    }
}

/// One source and what is known of its completeness.
#[derive(Clone, Debug)]
pub struct SourceView {
    /// Its id within the run.
    pub id: SourceId,
    /// What it is.
    pub source: Arc<Source>,
    /// How far it has been read.
    pub state: SourceState,
    /// The spans read completely, in order, disjoint.
    pub covered: Vec<Span>,
    /// How following it goes, where it is followed.
    pub pulse: Option<Pulse>,
    /// First and last event time.
    pub seen: Option<Span>,
    /// Log events read.
    pub events: u64,
    /// Bytes of text read.
    pub bytes: u64,
    /// Log events that named at least one message.
    pub matched: u64,
    /// What did not become a log event, summed by reason.
    pub rejects: Vec<Reject>,
    /// What went wrong, oldest first.
    pub faults: Vec<Fault>,
    /// The newest word of the source that changes nothing.
    pub note: String,
    /// The stages it serves, as `pipeline/stage`. Empty: the configuration names no use for it.
    pub stages: Vec<String>,
}

impl SourceView {
    /// How much was set aside for this reason.
    #[must_use]
    pub fn rejected(&self, reason: RejectReason) -> u64 {
        let of_reason = self.rejects.iter().filter(|r| r.reason == reason);
        of_reason.map(|r| r.count).sum()
    }
}

/// One stage of a pipeline in one environment.
#[derive(Clone, Debug)]
pub struct StageView {
    /// Its name.
    pub name: Arc<str>,
    /// Distance from the entry: stages of equal depth are alternatives.
    pub depth: usize,
    /// Nothing comes before it.
    pub entry: bool,
    /// Nothing comes after it.
    pub terminal: bool,
    /// Messages may pass by it.
    pub optional: bool,
    /// Messages with a sighting here.
    pub reached: u64,
    /// Messages that are here and nowhere further, by verdict.
    pub here: Counts,
    /// Those of them that nobody knows whether they should have gone on.
    pub may_end: u64,
    /// Which those are: attributes with their values.
    pub may_end_with: Vec<String>,
    /// The sources that serve it.
    pub sources: Vec<SourceId>,
}

/// One edge between stages in one environment.
#[derive(Clone, Debug)]
pub struct EdgeView {
    /// Name of the stage it leaves.
    pub from: Arc<str>,
    /// Name of the stage it leads to; `(done)` for the way out of a terminal stage.
    pub to: Arc<str>,
    /// Messages that reached `from` and did not take another edge.
    pub entered: u64,
    /// Messages that came out of it.
    pub passed: u64,
    /// Messages that did not, by verdict (only on the main edge out of a stage).
    pub stuck: Counts,
    /// Median time of those that passed, in milliseconds.
    pub p50_ms: Option<i64>,
    /// 99th percentile of the same.
    pub p99_ms: Option<i64>,
    /// How long a message may take before it counts as lost.
    pub allowance_ms: i64,
    /// Where the allowance comes from.
    pub basis: Basis,
    /// First and last time a lost message of this edge was last seen.
    pub lost_span: Option<Span>,
    /// The same messages over time; see [`super::flow`].
    pub series: Arc<Buckets<Flow>>,
}

/// One pipeline in one environment.
#[derive(Clone, Debug)]
pub struct EnvironmentView {
    /// The environment.
    pub name: Arc<str>,
    /// Messages seen at an entry stage.
    pub entered: u64,
    /// All messages by verdict.
    pub counts: Counts,
    /// Messages flagged as processed twice.
    pub duplicates: u64,
    /// Messages flagged as late.
    pub late: u64,
    /// IDs that link too many others to be messages, and were therefore not followed.
    pub hubs: Vec<String>,
    /// The stages, in the order of the configuration.
    pub stages: Vec<StageView>,
    /// The edges, in the order of the stages they lead to.
    pub edges: Vec<EdgeView>,
}

/// One pipeline in all its environments.
#[derive(Clone, Debug)]
pub struct PipelineView {
    /// Its name.
    pub name: Arc<str>,
    /// The names of its attributes, each once.
    pub attributes: Vec<Arc<str>>,
    /// Where it runs.
    pub environments: Vec<EnvironmentView>,
}

/// One consistent picture of everything read so far.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// What the answer is about: the window asked for, else the span of what was read.
    pub window: Option<Span>,
    /// The time up to which something has been read anywhere.
    pub horizon: Option<Timestamp>,
    /// No source is still being read.
    pub settled: bool,
    /// Everything has been read up to the present, and something is read on as it grows.
    pub live: bool,
    /// Log events read.
    pub events: u64,
    /// Sightings that were kept without their attributes: there were too many different ones.
    pub unattributed: u64,
    /// Every source, in the order they were opened.
    pub sources: Vec<SourceView>,
    /// Every pipeline, in the order of the configuration.
    pub pipelines: Vec<PipelineView>,
}

impl Overview {
    /// All verdicts of all pipelines and environments together.
    #[must_use]
    pub fn totals(&self) -> Counts {
        let mut sum = Counts::default();
        for env in self.pipelines.iter().flat_map(|p| &p.environments) {
            for (sum, one) in sum.0.iter_mut().zip(env.counts.0) {
                *sum += one;
            }
        }
        sum
    }
}

/// Names one lifecycle within a run; stays valid while the run lasts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MessageHandle {
    /// The ledger's number for one of its IDs.
    pub node: u32,
    /// Which use of the ID, counted from 0: an ID may come again days later.
    pub generation: u32,
}

/// What the list of messages may be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Sort {
    /// Lost first, then by last seen.
    #[default]
    Verdict,
    /// By newest sighting.
    LastSeen,
    /// By oldest sighting.
    FirstSeen,
    /// By ID.
    Id,
    /// By last stage, in the order of the pipeline.
    LastStage,
}

/// Some messages chosen by somebody, under a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// What they have in common, in a few words.
    pub label: Arc<str>,
    /// The time that the label ends with, or two between which it was; told in whatever zone is chosen.
    pub times: Vec<Timestamp>,
    /// The messages, in order.
    pub handles: Arc<[MessageHandle]>,
}

impl Chosen {
    /// These messages, in whatever order.
    #[must_use]
    pub fn new(label: &str, mut handles: Vec<MessageHandle>) -> Self {
        handles.sort_unstable();
        Self {
            label: label.into(),
            times: Vec::new(),
            handles: handles.into(),
        }
    }

    /// The same, its label going on with these times.
    #[must_use]
    pub fn at(self, times: Vec<Timestamp>) -> Self {
        Self { times, ..self }
    }

    /// Whether a message is among them.
    #[must_use]
    pub fn has(&self, handle: MessageHandle) -> bool {
        self.handles.binary_search(&handle).is_ok()
    }
}

/// Which messages are wanted. Empty parts ask for everything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MessageQuery {
    /// Only these verdicts; empty means all.
    pub verdicts: Vec<Verdict>,
    /// Only this pipeline.
    pub pipeline: Option<Arc<str>>,
    /// Only this environment.
    pub env: Option<Arc<str>>,
    /// Only those whose last stage this is.
    pub last_stage: Option<Arc<str>>,
    /// Only these.
    pub among: Option<Chosen>,
    /// Only those for which all of this holds.
    pub terms: Terms,
    /// The order.
    pub sort: Sort,
    /// Reverse it.
    pub descending: bool,
    /// Answer with the rows around this message instead of those at `offset`, if it is among them.
    pub around: Option<MessageHandle>,
    /// Answer with the rows around what is looked for instead, if it is found.
    pub seek: Option<Box<Seek>>,
    /// Skip so many.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

/// What is known of one attribute of one message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttributeValue {
    /// Every sighting that bore it said this.
    One(String),
    /// The sightings differ: the least and the greatest of what they said.
    Mixed(String, String),
}

/// One message in a list.
#[derive(Clone, Debug)]
pub struct MessageRow {
    /// To ask for more.
    pub handle: MessageHandle,
    /// The ID it entered with (else the first seen).
    pub id: String,
    /// Every ID, that one included.
    pub ids: Vec<String>,
    /// The pipeline.
    pub pipeline: Arc<str>,
    /// The environment.
    pub env: Arc<str>,
    /// What can be said of it.
    pub verdict: Verdict,
    /// What is remarkable about it.
    pub flags: Flags,
    /// The furthest stage on the graph where it was seen.
    pub last_stage: Arc<str>,
    /// Time of its oldest sighting.
    pub first_seen: Timestamp,
    /// Time of its newest sighting.
    pub last_seen: Timestamp,
    /// Name of the source of its newest sighting.
    pub last_source: Arc<str>,
    /// For each stage of the pipeline: 0 not seen, 1 seen, 2 passed.
    pub progress: Vec<u8>,
    /// Attributes that any sighting bore, by name.
    pub attributes: Vec<(Arc<str>, AttributeValue)>,
}

/// A part of the answer to a [`MessageQuery`].
#[derive(Clone, Debug, Default)]
pub struct MessagePage {
    /// How many messages match in all.
    pub total: usize,
    /// Where this part begins.
    pub offset: usize,
    /// The messages.
    pub rows: Vec<MessageRow>,
    /// Where something was looked for: what was found.
    pub sought: Option<Sought>,
}

/// One sighting of one message.
#[derive(Clone, Debug)]
pub struct SightingView {
    /// The log event's own time.
    pub time: Timestamp,
    /// Index of the stage in the pipeline; `None` where the source serves several.
    pub stage: Option<usize>,
    /// What it says.
    pub mark: Mark,
    /// Where it was read.
    pub source: SourceId,
    /// Name of that source.
    pub source_name: Arc<str>,
    /// The log stream; may be empty.
    pub stream: Arc<str>,
    /// Where the raw text can be read again.
    pub raw: TextRef,
    /// The ID by which the event named the message.
    pub id: String,
}

/// One stage on the way of one message.
#[derive(Clone, Debug)]
pub struct StepView {
    /// The stage's name.
    pub stage: Arc<str>,
    /// First sighting there.
    pub first: Option<Timestamp>,
    /// Last sighting there.
    pub last: Option<Timestamp>,
    /// Where it should have come next and did not.
    pub missing: bool,
    /// Whether it is passed.
    pub passed: bool,
}

/// One message's whole lifecycle.
#[derive(Clone, Debug)]
pub struct LifecycleView {
    /// As in the list.
    pub row: MessageRow,
    /// Every stage that exists in its environment, in the order of the configuration.
    pub steps: Vec<StepView>,
    /// Every sighting, oldest first.
    pub sightings: Vec<SightingView>,
    /// One or two sentences: why the verdict holds.
    pub why: String,
}
