//! Random pipelines, sources and messages for the property tests, as plain facts; and the same facts
//! as log lines and as a pipeline of the domain.
//!
//! What a fact means is judged in `oracle`; this file only makes and renders.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

use std::fmt;
use std::sync::Arc;

use lastseen::domain::event::{Source, SourceId, SourceKind};
use lastseen::domain::feed::{End, Fault, FaultKind, FeedEvent};
use lastseen::domain::pattern::{FieldPath, Pattern};
use lastseen::domain::pipeline::{Glob, Link, LinkEnds, Pipeline, Rule, Selector, Stage};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::Mark;
use proptest::collection::vec;
use proptest::prelude::*;

use super::engine::Line;

/// 2026-03-14T02:00:00Z.
pub(crate) const START: i64 = 1_773_453_600_000;
/// Everything happens within this hour (and, for reused IDs, the same hour three days later).
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;
/// The environment of every source.
pub(crate) const ENV: &str = "qa";

/// One stage.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is one key of the configuration"
)]
pub(crate) struct StageFact {
    pub(crate) after: Vec<usize>,
    pub(crate) within_ms: Option<i64>,
    /// Exists in the environment of the test.
    pub(crate) exists: bool,
    pub(crate) optional: bool,
    pub(crate) dead_letter: bool,
    pub(crate) enter_rule: bool,
    pub(crate) exit_rule: bool,
}

/// How a source stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// A file read to its end.
    Whole,
    /// Still being read.
    Loading,
    /// Answered every page of what it told to be covered.
    Complete,
    /// Ended, with parts missing.
    Partial,
    /// A file that breaks off.
    UpTo(i64),
    Denied,
    Absent,
    Failed,
}

/// One source.
#[derive(Clone, Debug)]
pub(crate) struct SourceFact {
    pub(crate) stages: Vec<usize>,
    /// What it told to be covered.
    pub(crate) spans: Vec<(i64, i64)>,
    pub(crate) standing: Standing,
}

/// One log line.
#[derive(Clone, Debug)]
pub(crate) struct LineFact {
    pub(crate) source: usize,
    pub(crate) time: i64,
    pub(crate) json: bool,
    pub(crate) says: Says,
}

/// What a line says.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// The words of this mark of this stage, about this ID.
    Sighting(usize, Mark, String),
    /// These two IDs are one message; the first also by the pipeline's `id`.
    Link(String, String),
    /// Nothing about anybody.
    Nothing,
}

/// Everything a test feeds and judges.
#[derive(Clone)]
pub(crate) struct World {
    /// All sources are files; else all are log groups.
    pub(crate) files: bool,
    pub(crate) stages: Vec<StageFact>,
    pub(crate) sources: Vec<SourceFact>,
    pub(crate) lines: Vec<LineFact>,
}

type RawStage = (u8, u8, u8);
type RawSource = (u8, u8, u8, [u16; 4]);
type RawSighting = (u8, u8, u16, u8, u8);
type RawMessage = (Vec<RawSighting>, u8, bool);

/// Any world: two to five stages, up to eight sources, up to eight messages.
pub(crate) fn any_world() -> impl Strategy<Value = World> {
    (
        any::<bool>(),
        vec(any::<RawStage>(), 2..=5),
        vec(any::<RawSource>(), 1..=8),
        vec(
            (vec(any::<RawSighting>(), 1..=7), any::<u8>(), any::<bool>()),
            1..=8,
        ),
    )
        .prop_map(|(files, stages, sources, messages)| {
            let stages = make_stages(&stages);
            let sources = make_sources(files, &stages, &sources);
            let lines = make_lines(&stages, &sources, &messages);
            World {
                files,
                stages,
                sources,
                lines,
            }
        })
}

fn make_stages(raw: &[RawStage]) -> Vec<StageFact> {
    const WITHIN: [Option<i64>; 6] = [
        None,
        Some(1_000),
        Some(10_000),
        Some(30_000),
        Some(60_000),
        Some(600_000),
    ];
    let last = raw.len() - 1;
    let mut stages: Vec<StageFact> = raw
        .iter()
        .enumerate()
        .map(|(number, (mask, within, bits))| {
            let mut after: Vec<usize> = (0..number).filter(|n| mask >> n & 1 == 1).collect();
            if after.is_empty() && number > 0 {
                after.push(number - 1);
            }
            StageFact {
                after,
                within_ms: WITHIN[usize::from(*within) % WITHIN.len()],
                exists: bits & 7 != 7,
                optional: bits & 0x18 == 0x18,
                dead_letter: number == last && number > 1 && bits & 0x60 == 0x60,
                enter_rule: bits & 3 != 2,
                exit_rule: bits & 0x84 != 0x84,
            }
        })
        .collect();
    if stages.iter().all(|s| !s.exists || s.dead_letter) {
        stages[0].exists = true;
    }
    // What optional means for the first and the last stage is nowhere settled.
    let inner = super::oracle::inner_stages(&stages);
    for (number, stage) in stages.iter_mut().enumerate() {
        stage.optional &= inner.contains(&number);
    }
    stages
}

fn make_sources(files: bool, stages: &[StageFact], raw: &[RawSource]) -> Vec<SourceFact> {
    let mut sources: Vec<SourceFact> = raw
        .iter()
        .map(|(first, second, kind, ends)| {
            let pick = |n: &u8| usize::from(*n) % stages.len();
            let mut serves = vec![pick(first)];
            if second % 5 == 0 && pick(&(second / 5)) != serves[0] {
                serves.push(pick(&(second / 5)));
            }
            let at = |n: u16| i64::from(n) % 7200 * 500;
            let (a, b) = (at(ends[0]).min(at(ends[1])), at(ends[0]).max(at(ends[1])));
            let (c, d) = (at(ends[2]).min(at(ends[3])), at(ends[2]).max(at(ends[3])));
            let spans = vec![(START + a, START + b), (START + c, START + d)];
            let whole = vec![(START - HOUR, START + HOUR + b)];
            let short = vec![(START - HOUR, START + b)];
            let (standing, spans) = match (files, kind % 16) {
                (true, 0..=9) => (Standing::Whole, vec![]),
                (true, 10 | 11) => (Standing::UpTo(START + a), vec![]),
                (true, 12) => (Standing::Loading, vec![]),
                (false, 0..=5) => (Standing::Complete, whole),
                (false, 6 | 7) => (Standing::Complete, short),
                (false, 8) => (Standing::Loading, spans),
                (false, 9) => (Standing::Loading, short),
                (false, 10 | 11) => (Standing::Partial, spans),
                (false, 12) => (Standing::Denied, spans),
                (_, 13) => (Standing::Denied, vec![]),
                (_, 14) => (Standing::Failed, vec![]),
                _ => (Standing::Absent, vec![]),
            };
            SourceFact {
                stages: serves,
                spans,
                standing,
            }
        })
        .collect();
    // Most stages get a source that answers, else nearly everything would be blind.
    for (number, stage) in stages.iter().enumerate() {
        if stage.within_ms != Some(1_000) && !sources.iter().any(|s| s.stages.contains(&number)) {
            sources.push(SourceFact {
                stages: vec![number],
                spans: if files {
                    vec![]
                } else {
                    vec![(START - HOUR, START + HOUR)]
                },
                standing: if files {
                    Standing::Whole
                } else {
                    Standing::Complete
                },
            });
        }
    }
    sources
}

fn make_lines(stages: &[StageFact], sources: &[SourceFact], raw: &[RawMessage]) -> Vec<LineFact> {
    const MARKS: [Mark; 16] = [
        Mark::Enter,
        Mark::Enter,
        Mark::Enter,
        Mark::Enter,
        Mark::Enter,
        Mark::Exit,
        Mark::Exit,
        Mark::Exit,
        Mark::Note,
        Mark::Note,
        Mark::Ack,
        Mark::Retry,
        Mark::Fail,
        Mark::Fail,
        Mark::Skip,
        Mark::DeadLetter,
    ];
    let can_speak: Vec<usize> = (0..sources.len())
        .filter(|n| !matches!(sources[*n].standing, Standing::Absent | Standing::Failed))
        .filter(|n| sources[*n].stages.iter().all(|s| stages[*s].exists))
        .collect();
    let mut lines = vec![];
    if can_speak.is_empty() {
        return lines;
    }
    let nothing = |source, time| LineFact {
        source,
        time,
        json: false,
        says: Says::Nothing,
    };
    lines.push(nothing(can_speak[0], START + 1_800_000));
    for (number, (sightings, aliases, again)) in raw.iter().enumerate() {
        let aliases = usize::from(aliases % 3) + 1;
        let id = |alias: usize| name(number, alias);
        let mut linked = 1;
        for (source, mark, time, pick, alias) in sightings {
            let source = can_speak[usize::from(*source) % can_speak.len()];
            let serves = &sources[source].stages;
            let stage = serves[usize::from(*pick) % serves.len()];
            let mark = match MARKS[usize::from(*mark) % MARKS.len()] {
                // What leaves or moves inside a dead-letter stage is nowhere settled.
                _ if stages[stage].dead_letter => Mark::Enter,
                mark => mark,
            };
            let alias = usize::from(*alias) % aliases;
            let later = if *again && pick & 0x80 != 0 {
                3 * DAY
            } else {
                0
            };
            let time = START + i64::from(*time) % 7200 * 500 + later;
            lines.push(LineFact {
                source,
                time,
                json: pick & 0x40 != 0,
                says: Says::Sighting(stage, mark, id(alias)),
            });
            // Links of a chain, spread over the first sources that come along.
            if linked < aliases {
                lines.push(LineFact {
                    source,
                    time,
                    json: pick & 0x20 != 0,
                    says: Says::Link(id(linked - 1), id(linked)),
                });
                linked += 1;
            }
        }
    }
    lines
}

/// Every third message goes by UUIDs.
fn name(message: usize, alias: usize) -> String {
    if message.is_multiple_of(3) {
        format!("{message:08x}-0000-4000-8000-{alias:012x}")
    } else {
        format!("m{message}a{alias}")
    }
}

/// One line a fact, times as seconds from the start: a failing case must be readable.
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: i64| (time - START) as f64 / 1000.0;
        writeln!(f)?;
        for (number, stage) in self.stages.iter().enumerate() {
            writeln!(f, "  s{number}: {stage:?}")?;
        }
        for (number, source) in self.sources.iter().enumerate() {
            let spans = source.spans.iter();
            let spans: Vec<_> = spans.map(|(a, b)| (seconds(*a), seconds(*b))).collect();
            let (stages, standing) = (&source.stages, source.standing);
            writeln!(
                f,
                "  source {number}: {standing:?} stages {stages:?} covered {spans:?}"
            )?;
        }
        for line in &self.lines {
            let (time, source, says) = (seconds(line.time), line.source, &line.says);
            writeln!(f, "  {time} source {source}: {says:?}")?;
        }
        Ok(())
    }
}

impl World {
    /// The pipeline of the domain that says the same.
    pub(crate) fn pipeline(&self) -> Arc<Pipeline> {
        let pattern = |text: &str| Pattern::new(text).unwrap();
        let stages = self.stages.iter().enumerate().map(|(number, stage)| Stage {
            name: format!("s{number}").into(),
            after: stage.after.clone(),
            from: self.groups(number),
            rules: Mark::ALL
                .into_iter()
                .filter(|mark| *mark != Mark::Note)
                .filter(|mark| stage.enter_rule || *mark != Mark::Enter)
                .filter(|mark| stage.exit_rule || *mark != Mark::Exit)
                .map(|mark| (mark, Rule::Pattern(pattern(&words(number, mark)))))
                .collect(),
            within_ms: stage.within_ms,
            environments: (!stage.exists).then(|| vec!["elsewhere".to_owned()]),
            optional: stage.optional,
            dead_letter: stage.dead_letter,
            ends: Vec::new(),
        });
        Arc::new(Pipeline {
            name: "p".into(),
            ids: vec![
                Selector::Field(FieldPath::new("id")),
                Selector::Pattern(pattern("about=(?<id>[a-z0-9-]+)")),
            ],
            links: vec![
                Link {
                    from: vec![],
                    ends: LinkEnds::Fields(FieldPath::new("id"), FieldPath::new("was")),
                },
                Link {
                    from: vec![],
                    ends: LinkEnds::Pattern(pattern("about=(?<a>[a-z0-9-]+) was=(?<b>[a-z0-9-]+)")),
                },
            ],
            apart: vec![],
            attributes: vec![],
            stages: stages.collect(),
            reuse_after_ms: Pipeline::DEFAULT_REUSE_AFTER_MS,
            max_links: Pipeline::DEFAULT_MAX_LINKS,
        })
    }

    fn groups(&self, stage: usize) -> Vec<Glob> {
        let serving = self.sources.iter().filter(|s| s.stages.contains(&stage));
        let mut globs: Vec<Glob> = serving.map(|s| Glob(group(&s.stages))).collect();
        globs.push(Glob(format!("/nobody/logs/here/{stage}")));
        globs.dedup();
        globs
    }

    /// A source of the domain; `copy` tells the parts of one that was split.
    pub(crate) fn source(&self, number: usize, copy: usize) -> Arc<Source> {
        let fact = &self.sources[number];
        Arc::new(Source {
            name: format!("source {number}, part {copy}").into(),
            env: ENV.into(),
            region: format!("region-{number}-{copy}").into(),
            group: group(&fact.stages).into(),
            kind: if self.files {
                SourceKind::File
            } else {
                SourceKind::CloudWatch
            },
        })
    }

    /// What a source says about its coverage.
    pub(crate) fn coverage(&self, number: usize, id: SourceId) -> Vec<FeedEvent> {
        let spans = self.sources[number].spans.iter();
        spans
            .map(|(from, to)| FeedEvent::Covered(id, Span::new(Timestamp(*from), Timestamp(*to))))
            .collect()
    }

    /// What a source says at its end.
    pub(crate) fn end(&self, number: usize, id: SourceId) -> Vec<FeedEvent> {
        let fault = |kind| {
            let message = "as the world has it".to_owned();
            let remedy = String::new();
            FeedEvent::Fault(
                id,
                Fault {
                    kind,
                    message,
                    remedy,
                },
            )
        };
        let ended = |end| FeedEvent::Ended(id, end);
        match self.sources[number].standing {
            Standing::Whole => vec![ended(End::WholeInput)],
            Standing::Loading => vec![],
            Standing::Complete => vec![ended(End::AsCovered)],
            Standing::Partial => vec![fault(FaultKind::Partial), ended(End::AsCovered)],
            Standing::UpTo(time) => vec![
                fault(FaultKind::Partial),
                ended(End::UpTo(Some(Timestamp(time)))),
            ],
            Standing::Denied => vec![fault(FaultKind::Denied), ended(End::AsCovered)],
            Standing::Absent => vec![fault(FaultKind::Absent), ended(End::Nothing)],
            Standing::Failed => vec![fault(FaultKind::Failed), ended(End::Nothing)],
        }
    }
}

impl LineFact {
    /// The log line that says this.
    pub(crate) fn line(&self) -> Line {
        let text = match (&self.says, self.json) {
            (Says::Nothing, _) => "nothing about anybody".to_owned(),
            (Says::Sighting(stage, mark, id), false) => {
                format!("INFO {} about={id}", words(*stage, *mark))
            }
            (Says::Sighting(stage, mark, id), true) => {
                let says = words(*stage, *mark);
                format!(
                    r#"{{"deep":{{"id":"{id}x","says":"s0 exit."}},"says":"{says}","id":"{id}"}}"#
                )
            }
            (Says::Link(a, b), false) => format!("INFO about={a} was={b}"),
            (Says::Link(a, b), true) => format!(r#"{{"was":"{b}","id":"{a}"}}"#),
        };
        Line {
            time: Timestamp(self.time),
            stream: format!("stream-{}", self.source).into(),
            text: text.into_bytes(),
        }
    }
}

/// The words of a mark: the rule of every mark but `note` is this text.
fn words(stage: usize, mark: Mark) -> String {
    format!("s{stage} {}.", mark.word())
}

/// The log group of a source that serves these stages.
fn group(stages: &[usize]) -> String {
    let names: Vec<String> = stages.iter().map(|s| format!("s{s}")).collect();
    format!("/test/{}", names.join("-"))
}
