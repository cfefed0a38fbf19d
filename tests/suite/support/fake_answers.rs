//! An incident made up for the screens: two environments, three regions, several kinds of trouble.
//!
//! Everything follows from the index of a message, so that every run draws the same pictures.

#![expect(clippy::too_many_lines, reason = "data, read from top to bottom")]

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering as Memory};
use std::sync::{Arc, Mutex, OnceLock};

use lastseen::diagnose::finding::{AttributeEvidence, EvidenceLine, Finding, FindingKind, Onset};
use lastseen::domain::buckets::{Buckets, Cell as _};
use lastseen::domain::event::{OriginId, Source, SourceId, SourceKind, TextRef};
use lastseen::domain::feed::{Fault, FaultKind, Pulse, Reject, RejectReason};
use lastseen::domain::flow::Flow;
use lastseen::domain::latency::Basis;
use lastseen::domain::log::LogKey;
use lastseen::domain::log::view::{LogPage, LogQuery};
use lastseen::domain::seek::{Round, Seek, Sought, Step};
use lastseen::domain::sheet::{Case, Column, Name, Sheet, SheetStage};
use lastseen::domain::signals::view::{Activity, Amount, Range, Series, Signals};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::{Counts, Flags, Mark, Verdict};
use lastseen::domain::view::{
    AttributeValue, Chosen, EdgeView, EnvironmentView, LifecycleView, MessageHandle, MessagePage,
    MessageQuery, MessageRow, Overview, PipelineView, SightingView, Sort, SourceState, SourceView,
    StageView, StepView,
};
use lastseen::load::answers::Answers;
use lastseen::sources::texts::RawEvent;

use super::brute::Facts;
use super::fake_log::FakeLog;

/// 2026-11-22T02:00:00Z.
pub(crate) const START: Timestamp = Timestamp(1_795_312_800_000);
/// An hour later.
pub(crate) const END: Timestamp = Timestamp(START.0 + 3_600_000);

const STAGES: [&str; 5] = ["api", "queue", "engine", "processor", "store"];
const REGIONS: [&str; 3] = ["us-east-1", "eu-central-1", "ap-southeast-2"];
const HOSTS: [&str; 4] = ["eng-1", "eng-2", "eng-3", "eng-4"];

/// A run that has been read, or is being read.
pub(crate) struct FakeAnswers {
    overview: Arc<Overview>,
    findings: Arc<Vec<Finding>>,
    lifecycles: Vec<LifecycleView>,
    texts: HashMap<TextRef, RawEvent>,
    pub(crate) log: Mutex<FakeLog>,
    version: AtomicU64,
    pub(crate) stopped: AtomicBool,
}

impl FakeAnswers {
    /// The whole incident.
    pub(crate) fn incident() -> Arc<Self> {
        static MADE: OnceLock<Arc<FakeAnswers>> = OnceLock::new();
        Arc::clone(MADE.get_or_init(|| Arc::new(Self::make())))
    }

    fn make() -> Self {
        let mut made = Made::default();
        for i in 0..1200 {
            made.message("prod", i);
        }
        for i in 0..300 {
            made.message("qa", i);
        }
        made.finish(true, sources(true))
    }

    /// A small part of it, for what is done very often.
    pub(crate) fn small() -> Self {
        let mut made = Made::default();
        for i in 0..70 {
            made.message("prod", i);
        }
        for i in 0..30 {
            made.message("qa", i);
        }
        made.finish(true, sources(true))
    }

    /// The same, in the middle of loading.
    pub(crate) fn loading() -> Self {
        let mut made = Made::default();
        for i in 0..250 {
            made.message("prod", i);
        }
        made.finish(false, sources(false))
    }

    /// Everything was read and is followed; the first source has not answered for a minute if it is
    /// `silent`.
    pub(crate) fn live(silent: bool) -> Self {
        let mut fake = Self::make();
        let mut overview = (*fake.overview).clone();
        overview
            .sources
            .retain(|s| s.state == SourceState::Complete);
        (overview.settled, overview.live) = (false, true);
        for (number, source) in overview.sources.iter_mut().enumerate() {
            let silent = silent && number == 0;
            source.state = SourceState::Live;
            source.covered = vec![Span::new(START, END.plus(-600_000))];
            source.pulse = Some(Pulse {
                asked: END,
                reads_to: END.plus(-40_000),
                silent_since: silent.then(|| END.plus(-60_000)),
                words: if silent {
                    "the credentials of profile acme have expired (run `aws sso login`); asked again every 30s"
                } else {
                    "asked every 5s; log events arrive up to 40s late"
                }
                .into(),
            });
        }
        fake.overview = Arc::new(overview);
        fake
    }

    /// Nothing was lost and everything was read.
    pub(crate) fn calm() -> Self {
        let mut made = Made {
            calm: true,
            ..Made::default()
        };
        for i in 0..40 {
            made.message("prod", i);
        }
        let mut all = sources(true);
        all.retain(|source| source.state == SourceState::Complete);
        made.finish(true, all)
    }

    /// The whole incident, but nothing is found except what could not be seen.
    pub(crate) fn blind() -> Self {
        let mut fake = Self::make();
        let mut findings = (*fake.findings).clone();
        findings.retain(|f| f.kind == FindingKind::BlindSpot);
        fake.findings = Arc::new(findings);
        fake
    }

    /// The same incident, with other findings.
    pub(crate) fn finding(change: impl FnOnce(&mut Vec<Finding>)) -> Self {
        let mut fake = Self::make();
        let mut findings = (*fake.findings).clone();
        change(&mut findings);
        fake.findings = Arc::new(findings);
        fake
    }

    /// Nothing is found in it.
    pub(crate) fn find_nothing(&mut self) {
        self.findings = Arc::default();
    }

    /// So many sources, each as the first one.
    pub(crate) fn sources(&mut self, count: u32) {
        let mut overview = (*self.overview).clone();
        let first = overview.sources[0].clone();
        let one = |number| SourceView {
            id: SourceId(number),
            ..first.clone()
        };
        overview.sources = (0..count).map(one).collect();
        self.overview = Arc::new(overview);
    }

    /// Nothing was read at all.
    pub(crate) fn nothing() -> Self {
        Self {
            overview: Arc::new(Overview {
                settled: true,
                ..Overview::default()
            }),
            findings: Arc::default(),
            lifecycles: Vec::new(),
            texts: HashMap::new(),
            log: Mutex::default(),
            version: AtomicU64::new(1),
            stopped: AtomicBool::new(false),
        }
    }

    /// Every text that a log can put on a screen is this one.
    pub(crate) fn hostile(text: &str) -> Self {
        let mut fake = Self::make();
        let arc: Arc<str> = text.into();
        let mut overview = (*fake.overview).clone();
        for pipeline in &mut overview.pipelines {
            pipeline.name = Arc::clone(&arc);
            for env in &mut pipeline.environments {
                env.name = Arc::clone(&arc);
                env.hubs.push(text.into());
                for stage in &mut env.stages {
                    stage.name = Arc::clone(&arc);
                }
                for edge in &mut env.edges {
                    edge.from = Arc::clone(&arc);
                    edge.to = Arc::clone(&arc);
                }
            }
        }
        for source in &mut overview.sources {
            source.source = Arc::new(Source {
                name: Arc::clone(&arc),
                env: Arc::clone(&arc),
                region: Arc::clone(&arc),
                group: Arc::clone(&arc),
                kind: SourceKind::File,
            });
            source.note = text.into();
            source.stages = vec![text.into()];
            for fault in &mut source.faults {
                fault.message = text.into();
                fault.remedy = text.into();
            }
            for reject in &mut source.rejects {
                reject.sample = text.into();
            }
        }
        fake.overview = Arc::new(overview);
        let mut findings = (*fake.findings).clone();
        for finding in &mut findings {
            finding.title = text.into();
            finding.evidence = vec![text.into()];
            for attribute in &mut finding.attributes {
                (attribute.name, attribute.value) = (text.into(), text.into());
            }
            for line in &mut finding.lines {
                line.source = Arc::clone(&arc);
            }
            finding.env = Some(Arc::clone(&arc));
            finding.pipeline = None;
            finding.edge = None;
        }
        fake.findings = Arc::new(findings);
        for view in &mut fake.lifecycles {
            hostile_lifecycle(view, &arc);
        }
        for event in fake.texts.values_mut() {
            event.raw = text.as_bytes().to_vec();
            event.text = format!("{{\"a\":{}}}", serde_json::Value::from(text)).into_bytes();
        }
        fake.log = Mutex::new(log(&fake.lifecycles, &fake.texts, &fake.overview.sources));
        fake
    }
}

fn hostile_lifecycle(view: &mut LifecycleView, arc: &Arc<str>) {
    let row = &mut view.row;
    row.id = arc.to_string();
    row.ids = vec![arc.to_string(), format!("{arc}2")];
    row.pipeline = Arc::clone(arc);
    row.env = Arc::clone(arc);
    row.last_stage = Arc::clone(arc);
    row.last_source = Arc::clone(arc);
    row.attributes = vec![(Arc::clone(arc), AttributeValue::One(arc.to_string()))];
    view.why = arc.to_string();
    for step in &mut view.steps {
        step.stage = Arc::clone(arc);
    }
    for sighting in &mut view.sightings {
        sighting.source_name = Arc::clone(arc);
        sighting.stream = Arc::clone(arc);
        sighting.id = arc.to_string();
    }
}

#[derive(Default)]
struct Made {
    calm: bool,
    lifecycles: Vec<LifecycleView>,
    texts: HashMap<TextRef, RawEvent>,
    offset: u64,
}

/// What becomes of a message: its verdict, the last stage it reaches, and its flags.
fn fate(env: &str, i: usize) -> (Verdict, usize, Flags) {
    let none = Flags::default();
    match (env, i) {
        ("prod", i) if i >= 1190 => (Verdict::Pending, 2, none),
        ("prod", i) if i >= 400 && i % 4 == 2 && i % 3 == 1 => (Verdict::Lost, 1, none),
        ("prod", i) if i % 97 == 11 => (Verdict::Lost, 3, Flags::RETRIED),
        ("prod", i) if i % 151 == 7 => (Verdict::Failed, 3, Flags::RETRIED),
        ("prod", 500) => (Verdict::Unentered, 2, Flags::TRUNCATED),
        ("prod", i) if i % 211 == 3 => (Verdict::DeadLettered, 3, none),
        ("qa", i) if i % 41 == 5 => (Verdict::Lost, 3, none),
        ("qa", i) if i % 3 == 1 && i >= 200 => (Verdict::Blind, 1, none),
        (_, i) if i % 53 == 9 => (Verdict::Completed, 4, Flags::DUPLICATE.with(Flags::LATE)),
        _ => (Verdict::Completed, 4, none),
    }
}

fn id(env: &str, i: usize) -> String {
    let mixed = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (env.len() as u64) << 60;
    let low = mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        mixed >> 32,
        mixed >> 16 & 0xffff,
        mixed & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

impl Made {
    fn message(&mut self, env: &'static str, i: usize) {
        let (verdict, reach, flags) = if self.calm {
            (Verdict::Completed, 4, Flags::default())
        } else {
            fate(env, i)
        };
        let gap = if env == "prod" { 3_000 } else { 12_000 };
        let start = START.plus(i as i64 * gap);
        let region = REGIONS[i % 3];
        let host = HOSTS[i % 4];
        let id = id(env, i);
        let first = usize::from(verdict == Verdict::Unentered) * 2;
        let mut sightings = Vec::new();
        let mut time = start;
        for stage in first..=reach {
            let delay = [0, 40, 900, 1_800, 240][stage] + (i as i64 * 37 % 700);
            time = time.plus(delay);
            let mut marks = vec![Mark::Enter];
            if stage < reach || verdict == Verdict::Completed {
                marks.push(Mark::Exit);
            } else if verdict == Verdict::Failed {
                marks.extend([Mark::Retry, Mark::Fail]);
            } else if verdict == Verdict::DeadLettered {
                marks.push(Mark::DeadLetter);
            }
            for mark in marks {
                sightings.push(self.sighting(&id, (env, region, host), stage, mark, time));
                time = time.plus(12 + i as i64 * 53 % 480);
            }
        }
        let newest = sightings.iter().map(|s| s.time).max().unwrap_or(start);
        let missing = match verdict {
            Verdict::Completed | Verdict::DeadLettered | Verdict::Failed => None,
            _ => Some(reach + 1),
        };
        let steps = STAGES.iter().enumerate().map(|(stage, name)| {
            let mut times = sightings.iter().filter(|s| s.stage == Some(stage));
            StepView {
                stage: (*name).into(),
                first: times.clone().map(|s| s.time).min(),
                last: times.clone().map(|s| s.time).max(),
                missing: missing == Some(stage),
                passed: times.any(|s| s.mark == Mark::Exit),
            }
        });
        let steps: Vec<_> = steps.collect();
        let progress = steps
            .iter()
            .map(|s| u8::from(s.first.is_some()) + u8::from(s.passed));
        let mut ids = vec![id.clone()];
        if reach >= 2 {
            ids.push(format!("job-{:05}", i * 7 + 1000));
        }
        let attribute = |name: &str, value: String| (name.into(), AttributeValue::One(value));
        let row = MessageRow {
            handle: MessageHandle {
                node: self.lifecycles.len() as u32,
                generation: 0,
            },
            id,
            ids,
            pipeline: "orders".into(),
            env: env.into(),
            verdict,
            flags,
            last_stage: STAGES[reach].into(),
            first_seen: start,
            last_seen: newest,
            last_source: sightings
                .last()
                .map_or("".into(), |s| Arc::clone(&s.source_name)),
            progress: progress.collect(),
            attributes: vec![
                attribute("host", host.into()),
                attribute("version", if i % 4 == 2 { "2.8.1" } else { "2.8.0" }.into()),
                (
                    "items".into(),
                    AttributeValue::Mixed("1".into(), (i % 9 + 1).to_string()),
                ),
            ],
        };
        self.lifecycles.push(LifecycleView {
            why: why(verdict, reach, env),
            row,
            steps,
            sightings,
        });
    }

    fn sighting(
        &mut self,
        id: &str,
        (env, region, host): (&str, &str, &str),
        stage: usize,
        mark: Mark,
        time: Timestamp,
    ) -> SightingView {
        let at = TextRef {
            origin: OriginId(stage as u32),
            offset: self.offset,
        };
        self.offset += 251;
        let name = STAGES[stage];
        let place = usize::from(env != "prod");
        let zone = REGIONS.iter().position(|r| *r == region).unwrap_or(0);
        let text = match (stage, mark) {
            (3, Mark::Fail) => format!(
                "ERROR job={id} failed after 3 attempts\njava.lang.IllegalStateException: quota\n\tat com.acme.Processor.run(Processor.java:118)\n\tat com.acme.Main.main(Main.java:7)"
            ),
            (1, _) => format!("INFO received messageId={id} depth={}", self.offset % 90),
            _ => format!(
                "{{\"level\":\"info\",\"event\":\"{}\",\"messageId\":\"{id}\",\"host\":\"{host}\",\"took_ms\":{},\"order\":{{\"items\":[{{\"sku\":\"A-17\",\"qty\":2}}],\"express\":false,\"note\":null}}}}",
                mark.word(),
                self.offset % 700
            ),
        };
        let raw = serde_json::json!({
            "timestamp": time.0, "ingestionTime": time.0 + 812,
            "logStreamName": format!("{host}/{name}/0a1b2c"), "message": text,
        });
        self.texts.insert(
            at,
            RawEvent {
                raw: raw.to_string().into_bytes(),
                text: text.into_bytes(),
            },
        );
        SightingView {
            time,
            stage: Some(stage),
            mark,
            source: SourceId(
                (place * REGIONS.len() + zone) as u32 * STAGES.len() as u32 + stage as u32,
            ),
            source_name: format!("{env}/{region}//acme/{env}/{name}").into(),
            stream: format!("{host}/{name}/0a1b2c").into(),
            raw: at,
            id: id.into(),
        }
    }

    fn finish(self, settled: bool, sources: Vec<SourceView>) -> FakeAnswers {
        let mut names: Vec<Arc<str>> = Vec::new();
        for view in &self.lifecycles {
            if !names.contains(&view.row.env) {
                names.push(Arc::clone(&view.row.env));
            }
        }
        let environments: Vec<_> = names
            .iter()
            .map(|name| environment(name, &self.lifecycles, &sources))
            .collect();
        let mut pipelines = vec![PipelineView {
            name: "orders".into(),
            attributes: ["host", "version", "items"].map(Into::into).to_vec(),
            environments,
        }];
        if settled && !self.calm {
            pipelines.push(refunds(&sources));
        }
        let horizon = if settled { END } else { START.plus(800_000) };
        let findings = if self.calm || !settled {
            Vec::new()
        } else {
            findings(&self.lifecycles)
        };
        let log = log(&self.lifecycles, &self.texts, &sources);
        FakeAnswers {
            log: Mutex::new(log),
            overview: Arc::new(Overview {
                window: Some(Span::new(START, END)),
                horizon: Some(horizon),
                settled,
                live: false,
                events: sources.iter().map(|s| s.events).sum(),
                unattributed: 0,
                sources,
                pipelines,
            }),
            findings: Arc::new(findings),
            lifecycles: self.lifecycles,
            texts: self.texts,
            version: AtomicU64::new(1),
            stopped: AtomicBool::new(false),
        }
    }
}

fn why(verdict: Verdict, reach: usize, env: &str) -> String {
    let here = STAGES[reach];
    match verdict {
        Verdict::Lost => format!(
            "It left {here} and was awaited at {} for longer than the learnt 41s, while all 3 sources of {} were read completely over that time. 118 later messages of the same edge came out.",
            STAGES[reach + 1], STAGES[reach + 1]
        ),
        Verdict::Blind => format!(
            "The allowance of 41s has passed, but {env}/eu-central-1//acme/{env}/engine could not be read (denied): it may have gone on unseen."
        ),
        Verdict::Pending => format!("The allowance of 41s for {here} reaches past the horizon: it may still come."),
        Verdict::Failed => format!("Its last sighting, at {here}, is a failure that names it, and nothing moved after it."),
        Verdict::DeadLettered => format!("It was put aside at {here}."),
        Verdict::Unentered => "It was first seen at engine although the sources of api were read completely before that.".into(),
        Verdict::Completed => "Its exit at store was seen.".into(),
    }
}

fn environment(name: &Arc<str>, all: &[LifecycleView], sources: &[SourceView]) -> EnvironmentView {
    let mine: Vec<_> = all.iter().filter(|v| v.row.env == *name).collect();
    let mut counts = Counts::default();
    for view in &mine {
        counts.0[view.row.verdict as usize] += 1;
    }
    let reached = |stage: usize| {
        mine.iter()
            .filter(|v| v.steps[stage].first.is_some())
            .count() as u64
    };
    let stuck = |stage: usize| {
        let mut stuck = Counts::default();
        for view in mine.iter().filter(|v| &*v.row.last_stage == STAGES[stage]) {
            if view.row.verdict != Verdict::Completed {
                stuck.0[view.row.verdict as usize] += 1;
            }
        }
        stuck
    };
    let stages = (0..STAGES.len()).map(|i| StageView {
        name: STAGES[i].into(),
        depth: i,
        entry: i == 0,
        terminal: i == 4,
        optional: false,
        reached: reached(i),
        here: stuck(i),
        may_end: 0,
        may_end_with: Vec::new(),
        sources: sources
            .iter()
            .filter(|s| s.stages.contains(&format!("orders/{}", STAGES[i])))
            .map(|s| s.id)
            .collect(),
    });
    let edges = (0..STAGES.len()).map(|i| EdgeView {
        from: STAGES[i].into(),
        to: STAGES.get(i + 1).map_or("(done)", |s| *s).into(),
        entered: reached(i),
        passed: if i == 4 { reached(i) } else { reached(i + 1) },
        stuck: stuck(i),
        p50_ms: Some([52, 940, 1_830, 260, 14][i]),
        p99_ms: Some([380, 2_400, 9_800, 810, 95][i]),
        allowance_ms: [5_000, 41_000, 60_000, 5_000, 5_000][i],
        basis: Basis::Learnt,
        lost_span: None,
        series: Arc::new(series(&mine, i)),
    });
    EnvironmentView {
        name: Arc::clone(name),
        entered: reached(0),
        counts,
        duplicates: mine
            .iter()
            .filter(|v| v.row.flags.has(Flags::DUPLICATE))
            .count() as u64,
        late: mine.iter().filter(|v| v.row.flags.has(Flags::LATE)).count() as u64,
        hubs: Vec::new(),
        stages: stages.collect(),
        edges: edges.collect(),
    }
}

/// The messages that reached a stage, at the time at which they did.
fn series(mine: &[&LifecycleView], stage: usize) -> Buckets<Flow> {
    let mut series = Buckets::default();
    for view in mine {
        let Some(time) = view.steps[stage].first else {
            continue;
        };
        let flow: &mut Flow = series.at(time);
        flow.entered += 1;
        let stays = &*view.row.last_stage == STAGES[stage];
        match view.row.verdict {
            Verdict::Lost if stays => flow.lost += 1,
            Verdict::Blind if stays => flow.blind += 1,
            _ if stays && view.row.verdict != Verdict::Completed => {}
            _ => flow.passed += 1,
        }
    }
    series
}

/// What the logs measured: the engine's depth rises to its limit when messages begin to vanish.
fn measured(sources: &[SourceView]) -> Signals {
    let at = |minute: i64| START.plus(minute * 60_000);
    let series =
        |source: SourceId, stream: Option<&str>, key: &str, limit, value: fn(i64) -> i64| {
            let mut over_time: Buckets<Range> = Buckets::new(128);
            for minute in 0..60 {
                let amount = Amount(value(minute) * 1000);
                over_time.at(at(minute)).absorb(&Range {
                    low: amount,
                    high: amount,
                    sum: i128::from(amount.0),
                    count: 1,
                });
            }
            Series {
                source,
                stream: stream.map(Into::into),
                key: key.into(),
                limit,
                count: 60,
                first: at(0),
                last: at(59),
                over_time,
                peak: (
                    Amount(value(59) * 1000),
                    at(59),
                    TextRef {
                        origin: OriginId(0),
                        offset: 0,
                    },
                ),
            }
        };
    let of = |stage: &str| {
        let wanted = format!("prod/us-east-1//acme/prod/{stage}");
        sources
            .iter()
            .find(|s| *s.source.name == *wanted)
            .map(|s| s.id)
    };
    let (Some(engine), Some(queue)) = (of("engine"), of("queue")) else {
        return Signals::default();
    };
    let depth = |minute: i64| {
        if minute < 20 {
            8 + minute % 3
        } else {
            61 + minute % 4
        }
    };
    let steady = |minute: i64| 200 + minute % 5;
    let mut activity = Activity {
        source: engine,
        stream: Some("eng-3/engine/0a1b2c".into()),
        events: 60,
        first: at(0),
        last: at(59),
        over_time: Buckets::default(),
        last_line: None,
        started: 2,
        starts: vec![at(20), at(41)],
    };
    *activity.over_time.at(at(0)) += 60;
    Signals {
        series: vec![
            series(queue, None, "memory_mb", Some(Amount(512_000)), steady),
            series(engine, None, "inflight", Some(Amount(64_000)), depth),
            series(
                engine,
                Some("eng-3/engine/0a1b2c"),
                "inflight",
                Some(Amount(64_000)),
                depth,
            ),
        ],
        streams: vec![activity],
        ..Signals::default()
    }
}

/// The messages of an environment side by side, with the region of every stage.
fn sheet(name: &Arc<str>, all: &[LifecycleView]) -> Sheet {
    let mine: Vec<_> = all.iter().filter(|v| v.row.env == *name).collect();
    let time = |v: &LifecycleView, stage: usize| v.steps[stage].last.unwrap_or(Timestamp::MIN);
    let first = |v: &LifecycleView, stage: usize| v.steps[stage].first.unwrap_or(Timestamp::MIN);
    let stages = (0..STAGES.len()).map(|i| SheetStage {
        name: STAGES[i].into(),
        upstream: (1 << (i + 1)) - 1,
        next: STAGES.get(i + 1).map_or("(done)", |s| *s).into(),
        came: mine.iter().map(|v| first(v, i)).collect(),
        times: mine.iter().map(|v| time(v, i)).collect(),
    });
    let region = |v: &LifecycleView| REGIONS.iter().position(|r| v.row.last_source.contains(r));
    let columns = (0..STAGES.len()).map(|stage| Column {
        stage,
        name: 0,
        entry: false,
        cells: mine
            .iter()
            .map(|v| region(v).map_or(0, |r| r as u32 + 1))
            .collect(),
    });
    let case = |v: &&LifecycleView| {
        let set = |of: &dyn Fn(usize) -> bool| {
            (0..STAGES.len())
                .filter(|i| of(*i))
                .fold(0, |set, i| set | 1 << i)
        };
        let last = STAGES
            .iter()
            .position(|s| **s == *v.row.last_stage)
            .unwrap_or(0);
        let done = v.row.verdict == Verdict::Completed;
        Case {
            handle: v.row.handle,
            verdict: v.row.verdict,
            last_stage: last as u8,
            seen: set(&|i| v.steps[i].first.is_some()),
            passed: set(&|i| i < last && v.steps[i].first.is_some() || i == last && done),
            acked: 0,
            acked_early: 0,
            flags: v.row.flags,
            first: v.row.first_seen,
            last: v.row.last_seen,
        }
    };
    Sheet {
        pipeline: "orders".into(),
        env: Arc::clone(name),
        stages: stages.collect(),
        names: vec![Name {
            text: "region".into(),
            implied: true,
            values: REGIONS.iter().map(|r| (*r).into()).collect(),
        }],
        columns: columns.collect(),
        cases: mine.iter().map(case).collect(),
        lost_weight: 1.0,
        kept_weight: 1.0,
    }
}

/// A small pipeline with two ways out, of which one may be passed by.
fn refunds(sources: &[SourceView]) -> PipelineView {
    let stage = |name: &str, depth, reached, optional| StageView {
        name: name.into(),
        depth,
        entry: depth == 0,
        terminal: depth == 1,
        optional,
        reached,
        here: Counts::default(),
        may_end: 0,
        may_end_with: Vec::new(),
        sources: if name == "sms" {
            Vec::new()
        } else {
            vec![sources[0].id]
        },
    };
    let edge = |from: &str, to: &str, n, stuck| EdgeView {
        from: from.into(),
        to: to.into(),
        entered: n,
        passed: n,
        stuck,
        p50_ms: None,
        p99_ms: None,
        allowance_ms: 300_000,
        basis: Basis::Default,
        lost_span: None,
        series: Arc::default(),
    };
    let none = Counts::default();
    let mut counts = none;
    counts.0[Verdict::Completed as usize] = 37;
    counts.0[Verdict::Blind as usize] = 3;
    let mut blind = none;
    blind.0[Verdict::Blind as usize] = 3;
    PipelineView {
        name: "refunds".into(),
        attributes: Vec::new(),
        environments: vec![EnvironmentView {
            name: "prod".into(),
            entered: 40,
            counts,
            duplicates: 0,
            late: 0,
            hubs: vec!["tenant-1".into()],
            stages: vec![
                stage("intake", 0, 40, false),
                stage("email", 1, 37, false),
                stage("sms", 1, 0, true),
            ],
            edges: vec![
                edge("intake", "email", 37, blind),
                edge("email", "(done)", 37, none),
                edge("intake", "sms", 3, none),
                edge("sms", "(done)", 0, none),
            ],
        }],
    }
}

/// Two causes of one edge, told apart only by what they separate.
fn causes(all: &[LifecycleView]) -> Vec<Finding> {
    let cause = |version: &str, share: fn(usize) -> bool, title: &str| {
        let lost: Vec<_> = all
            .iter()
            .filter(|v| &*v.row.env == "prod" && v.row.verdict == Verdict::Lost)
            .filter(|v| &*v.row.last_stage == "queue")
            .enumerate()
            .filter(|(i, _)| share(*i))
            .map(|(_, v)| v)
            .collect();
        let handles = lost.iter().map(|v| v.row.handle).collect();
        Finding {
            kind: FindingKind::CommonCause,
            title: title.replace('#', &lost.len().to_string()).into(),
            env: Some("prod".into()),
            pipeline: Some("orders".into()),
            edge: Some(("queue".into(), "engine".into())),
            lost: lost.len() as u64,
            of: 66,
            span: Some(Span::new(START.plus(1_219_000), START.plus(3_540_000))),
            onset: Some(Onset {
                at: START.plus(1_219_000),
                low: START.plus(1_202_000),
                high: START.plus(1_222_000),
                until: (version == "2.8.1").then(|| START.plus(3_550_000)),
            }),
            attributes: vec![AttributeEvidence {
                name: "version".into(),
                value: version.into(),
                lost_with: lost.len() as u64,
                lost: 66,
                kept_with: 200,
                kept: 1_133,
                meanwhile: true,
            }],
            evidence: vec![
                "by chance in 1e-12 of searches (G = 92, 14 properties tried, Bonferroni)".into(),
                "taken by a consumer whose log is not loaded (inferred)".into(),
            ],
            concerned: Some(Chosen::new(&format!("version={version}"), handles)),
            messages: lost.iter().take(20).map(|v| v.row.id.clone()).collect(),
            lines: lost
                .iter()
                .take(3)
                .filter_map(|v| v.sightings.last())
                .map(|s| EvidenceLine {
                    source: Arc::clone(&s.source_name),
                    time: s.time,
                    raw: s.raw,
                })
                .collect(),
        }
    };
    vec![
        cause(
            "2.8.1",
            |i| i % 3 > 0,
            "prod: # of 66 lost after queue have version=2.8.1 (host=eng-3), but 200 of 1,133 that went on: never reached engine",
        ),
        cause(
            "2.9.0",
            |i| i % 3 == 0,
            "prod: # of 66 lost after queue have version=2.9.0, but 0 of 1,133 that went on: never reached engine",
        ),
    ]
}

fn findings(all: &[LifecycleView]) -> Vec<Finding> {
    let gap = |env: &str, from: &str, to: &str, title: &str| {
        let lost: Vec<_> = all
            .iter()
            .filter(|v| {
                &*v.row.env == env && &*v.row.last_stage == from && v.row.verdict == Verdict::Lost
            })
            .collect();
        Finding {
            kind: FindingKind::Gap,
            title: format!("{} {title}", lost.len()).into(),
            env: Some(env.into()),
            pipeline: Some("orders".into()),
            edge: Some((from.into(), to.into())),
            lost: lost.len() as u64,
            of: all.len() as u64,
            span: None,
            onset: None,
            evidence: Vec::new(),
            concerned: None,
            attributes: vec![AttributeEvidence {
                name: "host".into(),
                value: "eng-3".into(),
                lost_with: 66,
                lost: 66,
                kept_with: 200,
                kept: 1000,
                meanwhile: true,
            }],
            messages: lost.iter().take(20).map(|v| v.row.id.clone()).collect(),
            lines: lost
                .iter()
                .take(1)
                .flat_map(|v| &v.sightings)
                .map(|s| EvidenceLine {
                    source: Arc::clone(&s.source_name),
                    time: s.time,
                    raw: s.raw,
                })
                .collect(),
        }
    };
    let mut list = causes(all);
    list.extend([
        gap(
            "prod",
            "queue",
            "engine",
            "of 1,199 messages were lost between queue and engine, the first at 02:20:11; all were on host eng-3",
        ),
        gap(
            "prod",
            "processor",
            "store",
            "of 1,101 messages were lost between processor and store",
        ),
        gap(
            "qa",
            "processor",
            "store",
            "of 267 messages were lost between processor and store",
        ),
    ]);
    list.push(Finding {
        kind: FindingKind::BlindSpot,
        title: "33 messages cannot be judged: 1 of 3 sources of engine may not be read".into(),
        env: Some("qa".into()),
        pipeline: None,
        edge: None,
        lost: 0,
        of: 33,
        span: None,
        onset: None,
        concerned: None,
        attributes: Vec::new(),
        evidence: Vec::new(),
        messages: Vec::new(),
        lines: Vec::new(),
    });
    list
}

fn sources(settled: bool) -> Vec<SourceView> {
    let mut list = Vec::new();
    for env in ["prod", "qa"] {
        for region in REGIONS {
            for stage in STAGES {
                let id = list.len() as u32;
                list.push(source(id, (env, region, stage), settled));
            }
        }
    }
    let id = list.len() as u32;
    let mut unused = source(id, ("prod", "us-east-1", "legacy-batch"), settled);
    unused.stages.clear();
    unused.matched = 0;
    list.push(unused);
    list
}

fn source(id: u32, (env, region, step): (&str, &str, &str), settled: bool) -> SourceView {
    let group = format!("/acme/{env}/{step}");
    let whole = Span::new(START.plus(-600_000), END.plus(600_000));
    let fault = |kind, message: &str, remedy: &str| Fault {
        kind,
        message: message.into(),
        remedy: remedy.into(),
    };
    let (mut state, mut covered, mut faults) = (SourceState::Complete, vec![whole], Vec::new());
    let mut rejects = Vec::new();
    match (env, region, step) {
        ("qa", "eu-central-1", "engine") => {
            state = SourceState::Denied;
            covered.clear();
            faults.push(fault(
                FaultKind::Denied,
                "AccessDeniedException: acme-qa is not authorized to perform logs:FilterLogEvents",
                "Allow logs:FilterLogEvents on arn:aws:logs:eu-central-1:111122223333:log-group:/acme/qa/engine:*",
            ));
        }
        ("qa", "ap-southeast-2", "store") => {
            state = SourceState::Absent;
            covered.clear();
            faults.push(fault(
                FaultKind::Absent,
                "no log group matches /acme/qa/store in ap-southeast-2",
                "Check the pattern in lastseen.toml, or remove the region",
            ));
        }
        ("prod", "ap-southeast-2", "processor") => {
            state = SourceState::Partial;
            covered = vec![
                Span::new(START.plus(-600_000), START.plus(1_500_000)),
                Span::new(START.plus(2_100_000), END.plus(600_000)),
            ];
            faults.push(fault(
                FaultKind::Partial,
                "ThrottlingException went on for 60s; 10 minutes were given up",
                "Run again with a narrower --since",
            ));
        }
        ("prod", "us-east-1", "api") => {
            rejects = vec![
                Reject {
                    reason: RejectReason::NoTimestamp,
                    count: 12,
                    line: Some(4_711),
                    sample: "banner: welcome to api \u{1b}[32mOK\u{1b}[0m".into(),
                },
                Reject {
                    reason: RejectReason::BadJson,
                    count: 2,
                    line: Some(9),
                    sample: "{\"level\":\"info\",".into(),
                },
            ];
        }
        (_, "us-east-1", "queue") => {
            rejects = vec![Reject {
                reason: RejectReason::Ambiguous,
                count: 1,
                line: None,
                sample: "{\"jobId\":\"a\",\"jobId\":\"b\"}".into(),
            }];
        }
        _ if !settled && id % 2 == 1 => {
            state = SourceState::Loading;
            covered = vec![Span::new(START, START.plus(800_000))];
        }
        _ => {}
    }
    let events = if covered.is_empty() {
        0
    } else {
        1_200 + u64::from(id) * 317
    };
    SourceView {
        id: SourceId(id),
        source: Arc::new(Source {
            name: format!("{env}/{region}/{group}").into(),
            env: env.into(),
            region: region.into(),
            group: group.into(),
            kind: SourceKind::CloudWatch,
        }),
        state,
        covered,
        pulse: None,
        seen: (events > 0).then(|| Span::new(START.plus(412), END.plus(-1_733))),
        events,
        bytes: events * 251,
        matched: events * 9 / 10,
        rejects,
        faults,
        note: if step == "queue" {
            "throttled once, slowed down".into()
        } else {
            String::new()
        },
        stages: vec![format!("orders/{step}")],
    }
}

impl Answers for FakeAnswers {
    fn version(&self) -> u64 {
        self.version.load(Memory::Relaxed)
    }

    fn overview(&self) -> Arc<Overview> {
        Arc::clone(&self.overview)
    }

    fn findings(&self) -> Arc<Vec<Finding>> {
        Arc::clone(&self.findings)
    }

    fn signals(&self) -> Arc<Signals> {
        Arc::new(measured(&self.overview.sources))
    }

    fn sheets(&self) -> Vec<Sheet> {
        let environments = self.overview.pipelines.iter().take(1);
        let names = environments.flat_map(|p| p.environments.iter().map(|e| &e.name));
        names.map(|name| sheet(name, &self.lifecycles)).collect()
    }

    fn messages(&self, query: &MessageQuery) -> MessagePage {
        let mut rows: Vec<_> = self
            .lifecycles
            .iter()
            .map(|v| &v.row)
            .filter(|row| matches(row, query))
            .collect();
        rows.sort_by(|a, b| order(a, b, query.sort));
        if query.descending {
            rows.reverse();
        }
        let around = query
            .around
            .and_then(|handle| rows.iter().position(|row| row.handle == handle));
        let sought = query.seek.as_ref().map(|seek| sought(&rows, seek));
        let around = sought.and_then(|sought| sought.row).or(around);
        let offset = around.map_or(query.offset, |i| i.saturating_sub(query.limit / 2));
        MessagePage {
            sought,
            total: rows.len(),
            offset,
            rows: rows
                .into_iter()
                .skip(offset)
                .take(query.limit)
                .cloned()
                .collect(),
        }
    }

    fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView> {
        self.lifecycles.get(handle.node as usize).cloned()
    }

    fn text(&self, reference: TextRef) -> io::Result<RawEvent> {
        self.log.lock().unwrap().text(reference)
    }

    fn log(&self, query: &LogQuery) -> LogPage {
        self.log.lock().unwrap().page(query)
    }

    fn stop(&self) {
        self.stopped.store(true, Memory::Relaxed);
    }
}

/// Every sighting as a log event.
fn log(
    all: &[LifecycleView],
    texts: &HashMap<TextRef, RawEvent>,
    sources: &[SourceView],
) -> FakeLog {
    let mut log = FakeLog::default();
    for source in sources {
        log.source(source.id, &source.source.env);
    }
    for view in all {
        for seen in &view.sightings {
            let key = LogKey {
                time: seen.time,
                source: seen.source,
                raw: seen.raw,
            };
            let text = texts.get(&seen.raw).cloned();
            log.push(key, &seen.stream, text, Some(view.row.handle));
        }
    }
    log
}

fn matches(row: &MessageRow, query: &MessageQuery) -> bool {
    (query.verdicts.is_empty() || query.verdicts.contains(&row.verdict))
        && query.pipeline.as_ref().is_none_or(|p| *p == row.pipeline)
        && query.env.as_ref().is_none_or(|e| *e == row.env)
        && query
            .last_stage
            .as_ref()
            .is_none_or(|s| *s == row.last_stage)
        && query.among.as_ref().is_none_or(|a| a.has(row.handle))
        && Facts::of_row(row).hold(&query.terms)
}

fn sought(rows: &[&MessageRow], seek: &Seek) -> Sought {
    let (terms, from, step) = match seek {
        Seek::Time(time) => {
            let late = rows
                .iter()
                .enumerate()
                .filter(|(_, r)| r.last_seen >= *time);
            return Sought {
                row: late.min_by_key(|(i, r)| (r.last_seen, *i)).map(|(i, _)| i),
                ..Sought::default()
            };
        }
        Seek::Match { terms, from, step } => (terms, *from, *step),
    };
    let matches: Vec<usize> = (0..rows.len())
        .filter(|i| Facts::of_row(rows[*i]).hold(terms))
        .collect();
    let mut at = from;
    let mut row = None;
    let (count, forward, round) = match step {
        Step::Stay => (0, true, false),
        Step::Here => (usize::from(!matches.contains(&from)), true, true),
        Step::Forward(count, round) => (count, true, round == Round::Yes),
        Step::Backward(count, round) => (count, false, round == Round::Yes),
    };
    if step == Step::Here && matches.contains(&from) {
        row = Some(from);
    }
    // One match after the other, as somebody would who presses the key so often.
    for _ in 0..count {
        let (next, other_end) = if forward {
            (matches.iter().find(|m| **m > at), matches.first())
        } else {
            (matches.iter().rfind(|m| **m < at), matches.last())
        };
        let Some(next) = next.or(other_end.filter(|_| round)) else {
            break;
        };
        at = *next;
        row = Some(at);
    }
    let counted = Some(from).filter(|from| step == Step::Stay && matches.contains(from));
    Sought {
        row,
        matches: matches.len(),
        number: row.or(counted).map_or(0, |row| {
            matches.iter().position(|m| *m == row).unwrap_or(0) + 1
        }),
    }
}

fn order(a: &MessageRow, b: &MessageRow, sort: Sort) -> Ordering {
    let stage = |row: &MessageRow| STAGES.iter().position(|s| *s == &*row.last_stage);
    let first = match sort {
        Sort::Verdict => (a.verdict, a.last_seen).cmp(&(b.verdict, b.last_seen)),
        Sort::LastSeen => a.last_seen.cmp(&b.last_seen),
        Sort::FirstSeen => a.first_seen.cmp(&b.first_seen),
        Sort::Id => a.id.cmp(&b.id),
        Sort::LastStage => stage(a).cmp(&stage(b)),
    };
    first.then_with(|| a.id.cmp(&b.id))
}
