//! A run that never was: a small picture with losses, behind the real interfaces.

use std::io;
use std::sync::Arc;

use lastseen::diagnose;
use lastseen::diagnose::access::Access;
use lastseen::diagnose::finding::Finding;
use lastseen::domain::event::{Source, SourceId, SourceKind, TextRef};
use lastseen::domain::feed::{Fault, FaultKind, Reject, RejectReason};
use lastseen::domain::latency::Basis;
use lastseen::domain::log::view::{LogPage, LogQuery};
use lastseen::domain::sheet::Sheet;
use lastseen::domain::signals::view::Signals;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::{Counts, Flags, Verdict};
use lastseen::domain::view::{
    AttributeValue, EdgeView, EnvironmentView, LifecycleView, MessageHandle, MessagePage,
    MessageQuery, MessageRow, Overview, PipelineView, Sort, SourceState, SourceView, StageView,
};
use lastseen::load::answers::Answers;
use lastseen::sources::texts::RawEvent;

/// 2026-11-22T02:00:00Z, in milliseconds.
pub(crate) const TWO: i64 = 1_795_312_800_000;

/// A time so many milliseconds after two o'clock.
pub(crate) const fn at(millis: i64) -> Timestamp {
    Timestamp(TWO + millis)
}

/// Answers that stand still.
#[derive(Clone, Default)]
pub(crate) struct Still {
    /// The picture.
    pub(crate) overview: Overview,
    /// The messages, in no order.
    pub(crate) rows: Vec<MessageRow>,
}

impl Answers for Still {
    fn version(&self) -> u64 {
        1
    }

    fn overview(&self) -> Arc<Overview> {
        Arc::new(self.overview.clone())
    }

    fn findings(&self) -> Arc<Vec<Finding>> {
        Arc::new(diagnose::findings(
            &self.overview,
            &[],
            &self.signals(),
            Access {
                messages: &|query| self.messages(query),
                lifecycle: &|handle| self.lifecycle(handle),
            },
        ))
    }

    fn signals(&self) -> Arc<Signals> {
        Arc::default()
    }

    fn sheets(&self) -> Vec<Sheet> {
        Vec::new()
    }

    fn messages(&self, query: &MessageQuery) -> MessagePage {
        let mut rows: Vec<&MessageRow> = self
            .rows
            .iter()
            .filter(|row| query.verdicts.is_empty() || query.verdicts.contains(&row.verdict))
            .filter(|row| query.env.as_ref().is_none_or(|env| *env == row.env))
            .filter(|row| {
                query
                    .last_stage
                    .as_ref()
                    .is_none_or(|s| *s == row.last_stage)
            })
            .collect();
        if query.sort == Sort::LastSeen {
            rows.sort_by_key(|row| row.last_seen);
        }
        MessagePage {
            total: rows.len(),
            offset: query.offset,
            sought: None,
            rows: rows
                .into_iter()
                .skip(query.offset)
                .take(query.limit)
                .cloned()
                .collect(),
        }
    }

    fn lifecycle(&self, _handle: MessageHandle) -> Option<LifecycleView> {
        None
    }

    fn log(&self, _: &LogQuery) -> LogPage {
        LogPage::default()
    }

    fn text(&self, _reference: TextRef) -> io::Result<RawEvent> {
        Err(io::Error::other("gone"))
    }

    fn stop(&self) {}
}

/// Counts with these verdicts.
pub(crate) fn counts(list: &[(Verdict, u64)]) -> Counts {
    let mut counts = Counts::default();
    for (verdict, number) in list {
        counts.0[*verdict as usize] = *number;
    }
    counts
}

/// A complete source of one stage.
pub(crate) fn source(id: u32, name: &str, stage: &str) -> SourceView {
    let all = Span::new(at(0), at(3_600_000));
    SourceView {
        id: SourceId(id),
        source: Arc::new(Source {
            name: name.into(),
            env: "qa".into(),
            region: "eu-central-1".into(),
            group: name.into(),
            kind: SourceKind::CloudWatch,
        }),
        state: SourceState::Complete,
        covered: vec![all],
        pulse: None,
        seen: Some(all),
        events: 1_000,
        bytes: 250_000,
        matched: 900,
        rejects: Vec::new(),
        faults: Vec::new(),
        note: String::new(),
        stages: vec![format!("orders/{stage}")],
    }
}

/// A stage with one source.
pub(crate) fn stage(name: &str, depth: usize, here: Counts, source: u32) -> StageView {
    StageView {
        name: name.into(),
        depth,
        entry: depth == 0,
        terminal: depth == 1,
        optional: false,
        reached: 10_240,
        here,
        may_end: 0,
        may_end_with: Vec::new(),
        sources: vec![SourceId(source)],
    }
}

/// An edge.
pub(crate) fn edge(from: &str, to: &str, entered: u64, passed: u64, stuck: Counts) -> EdgeView {
    let lost = stuck.of(Verdict::Lost) > 0;
    EdgeView {
        from: from.into(),
        to: to.into(),
        entered,
        passed,
        stuck,
        p50_ms: Some(1_250),
        p99_ms: Some(8_000),
        allowance_ms: 31_000,
        basis: Basis::Learnt,
        lost_span: lost.then(|| Span::new(at(664_123), at(6_012_001))),
        series: Arc::default(),
    }
}

/// A message in `qa`, last seen at `queue`.
pub(crate) fn row(id: &str, verdict: Verdict, last_seen: i64) -> MessageRow {
    MessageRow {
        handle: MessageHandle {
            node: 0,
            generation: 0,
        },
        id: id.to_owned(),
        ids: vec![id.to_owned()],
        pipeline: "orders".into(),
        env: "qa".into(),
        verdict,
        flags: Flags::default(),
        last_stage: "queue".into(),
        first_seen: at(0),
        last_seen: at(last_seen),
        last_source: "/acme/qa/queue".into(),
        progress: vec![1, 0],
        attributes: vec![
            ("host".into(), AttributeValue::One("ip-10-0-0-7".to_owned())),
            (
                "items".into(),
                AttributeValue::Mixed("1".to_owned(), "3".to_owned()),
            ),
        ],
    }
}

/// Two stages in one environment: these lost and blind between them, everything else came out.
pub(crate) fn picture(lost: u64, blind: u64) -> Still {
    let stuck = counts(&[(Verdict::Lost, lost), (Verdict::Blind, blind)]);
    let passed = 10_240_u64.saturating_sub(lost + blind);
    let mut all = stuck;
    all.0[Verdict::Completed as usize] = passed;
    let overview = Overview {
        window: Some(Span::new(at(0), at(7_200_000))),
        horizon: Some(at(7_200_000)),
        settled: true,
        live: false,
        events: 20_480,
        unattributed: 0,
        sources: vec![
            source(0, "/acme/qa/queue", "queue"),
            source(1, "/acme/qa/engine", "engine"),
        ],
        pipelines: vec![PipelineView {
            name: "orders".into(),
            attributes: Vec::new(),
            environments: vec![EnvironmentView {
                name: "qa".into(),
                entered: 10_240,
                counts: all,
                duplicates: 2,
                late: 3,
                hubs: Vec::new(),
                stages: vec![
                    stage("queue", 0, stuck, 0),
                    stage("engine", 1, counts(&[(Verdict::Completed, passed)]), 1),
                ],
                edges: vec![
                    edge("queue", "engine", 10_240, passed, stuck),
                    edge("engine", "(done)", passed, passed, Counts::default()),
                ],
            }],
        }],
    };
    let many = |verdict: Verdict, number: u64| {
        (0..number).map(move |n| {
            row(
                &format!("{}-{n:04}", verdict.word()),
                verdict,
                664_123 + n as i64,
            )
        })
    };
    let rows = many(Verdict::Lost, lost)
        .chain(many(Verdict::Blind, blind))
        .collect();
    Still { overview, rows }
}

/// Something that stands between a source and a complete answer.
pub(crate) fn fault(kind: FaultKind, message: &str, remedy: &str) -> Fault {
    Fault {
        kind,
        message: message.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// Lines that were no log events.
pub(crate) fn reject(sample: &str) -> Reject {
    Reject {
        reason: RejectReason::BadJson,
        count: 3,
        line: Some(17),
        sample: sample.to_owned(),
    }
}
