//! The format of the scenario files in `tests/scenarios/`: log lines in, verdicts out.
//!
//! ```toml
//! about  = "One sentence: which rule or trap this is"
//! window = ["02:00:00", "03:00:00"]      # optional
//! base   = "two-stages"                  # tests/scenarios/base/two-stages.toml
//! config = '''…'''                       # added to the base, or instead of one
//! [[source]]
//! group  = "/acme/qa/engine"             # also: name, env (default "qa"), region
//! end    = "whole"                       # or loading, denied, absent, failed, partial, { up_to = "02:10:00" }
//! covered = [["02:00:00", "02:30:00"]]   # spans read completely; the source then ends "as covered"
//! escapes = true                         # `\xNN` in the lines is one byte
//! lines  = """
//! 02:00:01.000 stream-a | picked up job=J1
//! 02:00:01 x250 +100ms stream-a | picked up job=R{n}
//! """
//! [expect]
//! total = 1
//! [expect.messages]
//! J1 = { verdict = "lost" }              # whatever is not named is not checked
//! "J1@prod" = { verdict = "lost" }       # the one in that environment
//! J2 = [{ verdict = "lost" }, {}]        # several lifecycles of one ID, oldest first
//! ```
//!
//! Times are on 2026-03-14 UTC unless a date is given (`2026-03-17T02:00:00`). A line is time, stream
//! (optional), `|`, text. `xN +STEP` repeats it; `{n}` in the text is then the number, from 0.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use lastseen::domain::event::{Source, SourceId, SourceKind};
use lastseen::domain::feed::{End, Fault, FaultKind, FeedEvent};
use lastseen::domain::time::{Span, Timestamp};
use serde::Deserialize;

use super::engine::Line;

/// One scenario file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) about: String,
    window: Option<[String; 2]>,
    base: Option<String>,
    #[serde(default)]
    config: String,
    #[serde(default, rename = "source")]
    pub(crate) sources: Vec<SourceText>,
    pub(crate) expect: Expect,
}

/// One source with its log lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceText {
    name: Option<String>,
    #[serde(default = "qa")]
    env: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    group: String,
    end: Option<EndText>,
    covered: Option<Vec<[String; 2]>>,
    #[serde(default)]
    escapes: bool,
    #[serde(default)]
    lines: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum EndText {
    Word(String),
    UpTo { up_to: String },
}

/// What must come out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    /// How many messages in all.
    pub(crate) total: Option<u64>,
    /// environment -> verdict -> how many.
    #[serde(default)]
    pub(crate) counts: BTreeMap<String, BTreeMap<String, u64>>,
    /// Log events set aside for a duplicated key, over all sources.
    pub(crate) ambiguous: Option<u64>,
    /// IDs not followed, over all environments, sorted.
    pub(crate) hubs: Option<Vec<String>>,
    /// `from>to` in the first environment -> its allowance.
    #[serde(default)]
    pub(crate) edges: BTreeMap<String, ExpectEdge>,
    /// By any of its IDs.
    #[serde(default)]
    pub(crate) messages: BTreeMap<String, OneOrMore>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectEdge {
    /// Accepted within 4 %: the histogram's buckets are 3 % wide.
    pub(crate) allowance_ms: Option<i64>,
    pub(crate) learnt: Option<bool>,
    pub(crate) lost: Option<u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    More(Vec<ExpectMessage>),
    One(Box<ExpectMessage>),
}

impl OneOrMore {
    pub(crate) fn list(&self) -> Vec<&ExpectMessage> {
        match self {
            Self::One(one) => vec![one],
            Self::More(list) => list.iter().collect(),
        }
    }
}

/// What is expected of one message.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ExpectMessage {
    pub(crate) verdict: Option<String>,
    pub(crate) last_stage: Option<String>,
    /// Exactly these.
    pub(crate) flags: Option<Vec<String>>,
    /// Exactly these, in any order.
    pub(crate) ids: Option<Vec<String>>,
    /// The ID it goes by.
    pub(crate) id: Option<String>,
    pub(crate) env: Option<String>,
    pub(crate) pipeline: Option<String>,
    pub(crate) first_seen: Option<String>,
    pub(crate) last_seen: Option<String>,
    pub(crate) last_source: Option<String>,
    /// Exactly these; a list of two is "mixed".
    pub(crate) attributes: Option<BTreeMap<String, OneOrTwo>>,
    /// `stage mark` of every sighting, oldest first; `-` for no stage.
    pub(crate) sightings: Option<Vec<String>>,
    /// Stages where it should have come next and did not.
    pub(crate) missing: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrTwo {
    One(String),
    Two([String; 2]),
}

fn qa() -> String {
    "qa".to_owned()
}

/// Where the scenario files are.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// Every scenario with its name, sorted by it.
pub(crate) fn all() -> Vec<(String, Scenario)> {
    let mut list: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let scenario = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, scenario)
        })
        .collect();
    list.sort_by(|a, b| a.0.cmp(&b.0));
    list
}

impl Scenario {
    /// The configuration as one TOML text.
    pub(crate) fn config(&self) -> String {
        let base = self.base.as_ref().map_or_else(String::new, |name| {
            let path = folder().join("base").join(format!("{name}.toml"));
            std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        });
        format!("{base}\n{}", self.config)
    }

    pub(crate) fn window(&self) -> Option<Span> {
        let [from, to] = self.window.as_ref()?;
        Some(Span::new(time(from), time(to)))
    }
}

impl SourceText {
    pub(crate) fn source(&self) -> Arc<Source> {
        let name = self
            .name
            .clone()
            .unwrap_or_else(|| format!("{}/{}/{}", self.env, self.region, self.group));
        Arc::new(Source {
            name: name.into(),
            env: self.env.as_str().into(),
            region: self.region.as_str().into(),
            group: self.group.as_str().into(),
            kind: if self.covered.is_some() {
                SourceKind::CloudWatch
            } else {
                SourceKind::File
            },
        })
    }

    /// What it says about its coverage, without the end.
    pub(crate) fn coverage(&self, id: SourceId) -> Vec<FeedEvent> {
        self.covered
            .iter()
            .flatten()
            .map(|[from, to]| FeedEvent::Covered(id, Span::new(time(from), time(to))))
            .collect()
    }

    /// What it says at its end: nothing while it loads.
    pub(crate) fn end(&self, id: SourceId) -> Vec<FeedEvent> {
        let fault = |kind| {
            FeedEvent::Fault(
                id,
                Fault {
                    kind,
                    message: "as the scenario says".to_owned(),
                    remedy: String::new(),
                },
            )
        };
        let ended = |end| FeedEvent::Ended(id, end);
        let read = if self.covered.is_some() {
            End::AsCovered
        } else {
            End::WholeInput
        };
        let unread = if self.covered.is_some() {
            End::AsCovered
        } else {
            End::Nothing
        };
        match &self.end {
            None => vec![ended(read)],
            Some(EndText::UpTo { up_to }) => vec![
                fault(FaultKind::Partial),
                ended(End::UpTo(Some(time(up_to)))),
            ],
            Some(EndText::Word(word)) => match word.as_str() {
                "whole" => vec![ended(read)],
                "loading" => vec![],
                "denied" => vec![fault(FaultKind::Denied), ended(unread)],
                "absent" => vec![fault(FaultKind::Absent), ended(unread)],
                "failed" => vec![fault(FaultKind::Failed), ended(unread)],
                "partial" => vec![fault(FaultKind::Partial), ended(unread)],
                other => panic!("end = {other:?} is not known"),
            },
        }
    }

    /// Its log lines, in the order they are written.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.lines
            .lines()
            .filter(|line| !line.trim().is_empty())
            .flat_map(|line| self.line(line))
            .collect()
    }

    fn line(&self, line: &str) -> Vec<Line> {
        let (head, text) = line
            .split_once('|')
            .unwrap_or_else(|| panic!("no `|` in {line:?}"));
        let text = text.strip_prefix(' ').unwrap_or(text);
        let mut words = head.split_whitespace();
        let start = time(
            words
                .next()
                .unwrap_or_else(|| panic!("no time in {line:?}")),
        );
        let mut rest: Vec<&str> = words.collect();
        let repeat = if rest.len() >= 2 && rest[0].starts_with('x') && rest[1].starts_with('+') {
            let count: i64 = rest[0][1..].parse().unwrap();
            let step = millis(&rest[1][1..]);
            rest.drain(..2);
            Some((count, step))
        } else {
            None
        };
        let stream: Arc<str> = rest.join(" ").into();
        let one = |time: Timestamp, text: &str| Line {
            time,
            stream: Arc::clone(&stream),
            text: if self.escapes {
                unescape(text)
            } else {
                text.as_bytes().to_vec()
            },
        };
        match repeat {
            None => vec![one(start, text)],
            Some((count, step)) => (0..count)
                .map(|n| one(start.plus(n * step), &text.replace("{n}", &n.to_string())))
                .collect(),
        }
    }
}

/// `\xNN` becomes one byte; everything else stays.
fn unescape(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

fn millis(text: &str) -> i64 {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: i64 = digits.parse().unwrap();
    match &text[digits.len()..] {
        "ms" => number,
        "s" => number * 1000,
        "m" => number * 60_000,
        other => panic!("{other:?} is no unit of time"),
    }
}

/// A time of day on 2026-03-14, or a date and time; UTC.
pub(crate) fn time(text: &str) -> Timestamp {
    let moment = if text.contains('T') {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
    } else {
        NaiveTime::parse_from_str(text, "%H:%M:%S%.f")
            .map(|time| NaiveDate::from_ymd_opt(2026, 3, 14).unwrap().and_time(time))
    };
    let moment = moment.unwrap_or_else(|e| panic!("{text:?} is no time: {e}"));
    Timestamp(moment.and_utc().timestamp_millis())
}
