//! The sources of a run: what each has said of itself, and what that is worth as evidence.
//!
//! Coverage is kept here and nowhere else. It judges sources, not messages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::coverage::Coverage;
use super::event::{Source, SourceId, SourceKind};
use super::extract::Extracted;
use super::feed::{End, Fault, FaultKind, FeedEvent, Pulse, Reject, RejectReason};
use super::judge::{Evidence, Standing};
use super::time::{Span, Timestamp};
use super::view::{SourceState, SourceView};

/// What one source has said.
#[derive(Clone, Debug)]
struct Record {
    source: Arc<Source>,
    coverage: Coverage,
    caught_up: bool,
    /// See [`FeedEvent::Followed`].
    followed: bool,
    pulse: Option<Pulse>,
    spoiled: bool,
    end: Option<End>,
    seen: Option<Span>,
    events: u64,
    bytes: u64,
    matched: u64,
    rejects: BTreeMap<RejectReason, Reject>,
    faults: Vec<Fault>,
    note: String,
}

/// Every source of a run.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// By source id; ids that were given out and not opened yet are empty.
    records: Vec<Option<Record>>,
    /// In the order of opening.
    order: Vec<SourceId>,
}

/// At most so many faults are kept of one source; the oldest tell most.
const MAX_FAULTS: usize = 20;

impl Register {
    /// A source came into being.
    pub fn open(&mut self, id: SourceId, source: Arc<Source>) {
        let index = id.0 as usize;
        if self.records.len() <= index {
            self.records.resize(index + 1, None);
        }
        if self.records[index].is_none() {
            self.order.push(id);
            self.records[index] = Some(Record {
                source,
                coverage: Coverage::default(),
                caught_up: false,
                followed: false,
                pulse: None,
                spoiled: false,
                end: None,
                seen: None,
                events: 0,
                bytes: 0,
                matched: 0,
                rejects: BTreeMap::new(),
                faults: Vec::new(),
                note: String::new(),
            });
        }
    }

    /// Takes note of a report. Batches are counted by [`Register::count`].
    pub fn report(&mut self, event: FeedEvent) {
        match event {
            FeedEvent::Opened(id, source) => self.open(id, source),
            FeedEvent::Rejected(id, reject) => self.with(id, |r| r.reject(reject)),
            FeedEvent::Covered(id, span) => self.with(id, |r| {
                r.coverage.add(span);
                r.caught_up = true;
            }),
            FeedEvent::CaughtUp(id) => self.with(id, |r| (r.caught_up, r.followed) = (true, true)),
            FeedEvent::Followed(id, pulse) => self.with(id, |r| {
                r.followed = true;
                r.pulse = Some(pulse);
            }),
            FeedEvent::Fault(id, fault) => self.with(id, |r| {
                if r.faults.len() < MAX_FAULTS && !r.faults.contains(&fault) {
                    r.faults.push(fault);
                }
            }),
            FeedEvent::Note(id, note) => self.with(id, |r| r.note = note),
            FeedEvent::Ended(id, end) => self.with(id, |r| r.end = Some(end)),
            FeedEvent::Batch(_) => {}
        }
    }

    /// Something of a source was lost on the way here: no absence may rest on it any more.
    pub fn spoil(&mut self, id: SourceId) {
        self.with(id, |record| {
            record.spoiled = true;
            record.faults.push(Fault {
                kind: FaultKind::Failed,
                message: "a part of it could not be processed: an error in lastseen".to_owned(),
                remedy: "please report it, with the log file of --log-file".to_owned(),
            });
        });
    }

    /// Nothing more will come from anywhere: a source that did not end was cut short, unless it was
    /// read up to the present.
    pub fn close(&mut self) {
        for record in self
            .records
            .iter_mut()
            .flatten()
            .filter(|r| r.end.is_none())
        {
            if record.state() == SourceState::Live {
                record.end = Some(End::AsCovered);
                continue;
            }
            record.end = Some(if record.is_input() {
                End::UpTo(None)
            } else {
                End::AsCovered
            });
            record.faults.push(Fault {
                kind: FaultKind::Partial,
                message: "reading was stopped before the end".to_owned(),
                remedy: "load again to read the rest".to_owned(),
            });
        }
    }

    /// Counts what a batch came to.
    pub fn count(&mut self, extracted: &Extracted) {
        self.with(extracted.source, |record| {
            record.events += extracted.events;
            record.bytes += extracted.bytes;
            record.matched += extracted.matched;
            record.seen = match (record.seen, extracted.seen) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (a, b) => a.or(b),
            };
            if let Some(sample) = &extracted.ambiguous_sample {
                record.reject(Reject {
                    reason: RejectReason::Ambiguous,
                    count: extracted.ambiguous,
                    line: None,
                    sample: sample.clone(),
                });
            }
        });
    }

    fn with(&mut self, id: SourceId, change: impl FnOnce(&mut Record)) {
        if let Some(Some(record)) = self.records.get_mut(id.0 as usize) {
            change(record);
        }
    }

    /// What a source is.
    #[must_use]
    pub fn source(&self, id: SourceId) -> Option<&Arc<Source>> {
        Some(&self.records.get(id.0 as usize)?.as_ref()?.source)
    }

    /// Every source, in the order of opening.
    pub fn sources(&self) -> impl Iterator<Item = (SourceId, &Arc<Source>)> {
        self.order
            .iter()
            .filter_map(|id| Some((*id, self.source(*id)?)))
    }

    /// Whether a source exists as a place to look: a pattern that matched nothing does not, a file that is
    /// missing among those of its log does.
    #[must_use]
    pub fn exists(&self, id: SourceId) -> bool {
        self.record(id)
            .is_some_and(|r| r.state() != SourceState::Absent || r.has(FaultKind::Missing))
    }

    /// Whether no source is still being read.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.order
            .iter()
            .all(|id| self.record(*id).is_some_and(|r| r.end.is_some()))
    }

    /// Whether everything has been read up to the present, and something is read on as it grows.
    #[must_use]
    pub fn live(&self) -> bool {
        let mut states = self.order.iter().filter_map(|id| self.record(*id));
        !self.settled() && states.all(|r| r.state() != SourceState::Loading)
    }

    /// Whether the source at this index is read on as it grows.
    #[must_use]
    pub fn is_followed(&self, index: usize) -> bool {
        let record = self.records.get(index).and_then(Option::as_ref);
        record.is_some_and(|r| r.state() == SourceState::Live)
    }

    /// The time up to which something has been read anywhere, but for what arrives later than most.
    #[must_use]
    pub fn reads_to(&self) -> Option<Timestamp> {
        let records = self.order.iter().filter_map(|id| self.record(*id));
        let pulses = records.filter_map(|r| r.pulse.as_ref());
        pulses.map(|pulse| pulse.reads_to).max()
    }

    /// Log events read.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.order
            .iter()
            .filter_map(|id| self.record(*id))
            .map(|r| r.events)
            .sum()
    }

    fn record(&self, id: SourceId) -> Option<&Record> {
        self.records.get(id.0 as usize)?.as_ref()
    }

    /// The span of everything that came from files, none of it later than `now`.
    #[must_use]
    pub fn input(&self, now: Timestamp) -> Option<Span> {
        let files = self.order.iter().filter_map(|id| self.record(*id));
        let spans = files.filter(|r| r.is_input()).filter_map(|r| r.seen);
        let all = spans.reduce(Span::union)?;
        (all.from <= now).then(|| Span {
            from: all.from,
            to: all.to.min(now),
        })
    }

    /// What each source is worth, by source id.
    #[must_use]
    pub fn evidence(&self, now: Timestamp) -> Vec<Evidence> {
        let input = self.input(now);
        let read = self
            .order
            .iter()
            .filter_map(|id| self.record(*id))
            .all(|r| !r.is_input() || r.end.is_some() || r.caught_up);
        self.records
            .iter()
            .map(|record| match record {
                Some(record) => record.evidence(input.filter(|_| read)),
                None => Evidence {
                    coverage: Coverage::default(),
                    standing: Standing::Loading,
                },
            })
            .collect()
    }

    /// One source as the screens show it, with its evidence and the stages it serves.
    #[must_use]
    pub fn view(
        &self,
        id: SourceId,
        evidence: &Evidence,
        stages: Vec<String>,
    ) -> Option<SourceView> {
        let record = self.record(id)?;
        Some(SourceView {
            id,
            source: Arc::clone(&record.source),
            state: record.state(),
            covered: evidence.coverage.spans().to_vec(),
            pulse: record.pulse.clone(),
            seen: record.seen,
            events: record.events,
            bytes: record.bytes,
            matched: record.matched,
            rejects: record.rejects.values().cloned().collect(),
            faults: record.faults.clone(),
            note: record.note.clone(),
            stages,
        })
    }
}

impl Record {
    fn reject(&mut self, reject: Reject) {
        match self.rejects.get_mut(&reject.reason) {
            Some(known) => {
                // Reports may come in any order: the example is the earliest line.
                let count = known.count + reject.count;
                if reject.line.is_some() && (known.line.is_none() || reject.line < known.line) {
                    *known = reject;
                }
                known.count = count;
            }
            None => {
                self.rejects.insert(reject.reason, reject);
            }
        }
    }

    /// Files, streams and the built-in incident: they cover the span of the whole input.
    fn is_input(&self) -> bool {
        self.source.kind != SourceKind::CloudWatch
    }

    fn has(&self, kind: FaultKind) -> bool {
        self.faults.iter().any(|f| f.kind == kind)
    }

    fn state(&self) -> SourceState {
        let live = if self.is_input() {
            self.caught_up
        } else {
            self.followed
        };
        match self.end {
            None if live => SourceState::Live,
            None => SourceState::Loading,
            Some(_) if self.has(FaultKind::Failed) => SourceState::Failed,
            Some(_) if self.has(FaultKind::Denied) => SourceState::Denied,
            Some(_) if self.has(FaultKind::Absent) || self.has(FaultKind::Missing) => {
                SourceState::Absent
            }
            Some(End::Nothing) => SourceState::Failed,
            Some(End::UpTo(_)) => SourceState::Partial,
            Some(_) if self.has(FaultKind::Partial) => SourceState::Partial,
            Some(End::WholeInput | End::AsCovered) => SourceState::Complete,
        }
    }

    /// `input` is the span of all files once every one of them has been read.
    fn evidence(&self, input: Option<Span>) -> Evidence {
        if self.spoiled {
            return Evidence {
                coverage: Coverage::default(),
                standing: Standing::Dead,
            };
        }
        let mut coverage = Coverage::default();
        match (input, self.end) {
            _ if !self.is_input() => coverage = self.coverage.clone(),
            (Some(input), Some(End::WholeInput)) => coverage.add(input),
            (Some(input), None) => coverage = self.coverage.within(input),
            (Some(input), Some(End::UpTo(Some(to)))) if to >= input.from => {
                coverage.add(Span {
                    from: input.from,
                    to: to.min(input.to),
                });
            }
            (Some(input), Some(End::AsCovered)) if self.caught_up => {
                coverage = self.coverage.within(input);
            }
            (Some(_), Some(End::AsCovered)) => coverage = self.coverage.clone(),
            _ => {}
        }
        let standing = match self.state() {
            SourceState::Loading => Standing::Loading,
            // What it covers is not known before the whole input has been read.
            SourceState::Complete | SourceState::Live if self.is_input() && input.is_none() => {
                Standing::Loading
            }
            SourceState::Live if coverage.end().is_none() => Standing::Loading,
            // Only the end of what is followed still moves: what is missing before will not come.
            SourceState::Complete | SourceState::Live => Standing::Complete,
            _ => Standing::Dead,
        };
        Evidence { coverage, standing }
    }
}
