//! What is said of a finding, in parts whose height is known, so that scrolling and drawing agree.

use super::layout;
use super::size::Size;
use super::words::words;
use super::zone::Zone;
use crate::diagnose::finding::{Finding, FindingKind, Onset};
use crate::diagnose::telling::Telling;
use crate::domain::overview::DONE;
use crate::domain::show::{count, percent};
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, Overview};

/// How a text is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// The sentence itself.
    Title,
    /// What was seen.
    Seen,
    /// Where, how sure.
    Beside,
    /// What was concluded, not seen.
    Inferred,
}

/// A part of what is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Lines of text.
    Text(Tone, Vec<String>),
    /// Both sides of one attribute, by its index.
    Attribute(usize),
    /// What happened over time.
    Chart(Chart),
}

/// Rows of the parts of a chart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chart {
    /// Rows of each lane.
    pub tall: usize,
    /// The edge's lanes: entered, passed, lost, and blind where some are; 0 where no edge is known.
    pub edge: usize,
    /// Series of measurements.
    pub series: usize,
    /// There is an onset to be marked.
    pub onset: bool,
    /// There are starts to be marked.
    pub starts: bool,
}

/// Rows of both sides of an attribute.
const ATTRIBUTE: usize = 3;
/// That this many were spared by chance is believed down to this.
const SPARED: f64 = 0.01;
/// More series than this tell nothing more.
const SERIES: usize = 4;

impl Part {
    /// How many rows it takes.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Text(_, lines) => lines.len(),
            Self::Attribute(_) => ATTRIBUTE,
            Self::Chart(chart) => chart.rows(),
        }
    }
}

impl Chart {
    /// How many rows it takes: heading, lanes, marks, axis.
    #[must_use]
    pub fn rows(&self) -> usize {
        let lanes = (self.edge + self.series) * self.tall;
        2 + lanes + usize::from(self.onset) + usize::from(self.starts)
    }

    /// The chart of one edge by itself, in at most so many rows.
    #[must_use]
    pub fn of_edge(edge: &EdgeView, onset: bool, rows: usize) -> Self {
        let lanes = lanes(edge);
        Self {
            tall: (rows.saturating_sub(3) / lanes).clamp(1, 3),
            edge: lanes,
            series: 0,
            onset,
            starts: false,
        }
    }
}

/// Entered, passed, lost, and blind where some are.
fn lanes(edge: &EdgeView) -> usize {
    3 + usize::from(edge.series.iter().any(|(_, flow)| flow.blind > 0))
}

/// The edge that a finding is about.
#[must_use]
pub fn edge<'a>(finding: &Finding, overview: &'a Overview) -> Option<&'a EdgeView> {
    let (from, to) = finding.edge.as_ref()?;
    let pipelines = overview.pipelines.iter();
    let here = pipelines.filter(|p| finding.pipeline.as_ref().is_none_or(|n| *n == p.name));
    let mut environments = here.flat_map(|p| &p.environments);
    let env = environments.find(|e| Some(&e.name) == finding.env.as_ref())?;
    env.edges.iter().find(|e| e.from == *from && e.to == *to)
}

/// Everything that is said of it.
#[must_use]
pub fn parts(
    finding: &Finding,
    telling: Option<&Telling>,
    overview: &Overview,
    zone: Zone,
    size: Size,
) -> Vec<Part> {
    let width = layout::evidence_columns(size).saturating_sub(4);
    let text = |tone, text: &str| Part::Text(tone, words(text, width));
    let empty = || Part::Text(Tone::Beside, vec![String::new()]);
    let mut parts = vec![
        text(tone(&finding.title, Tone::Title), &finding.title),
        text(Tone::Seen, &place(finding, overview)),
        text(Tone::Seen, &when(finding, overview, zone)),
        empty(),
    ];
    parts.extend((0..finding.attributes.len()).map(Part::Attribute));
    if !finding.attributes.is_empty() {
        parts.push(empty());
    }
    for said in &finding.evidence {
        parts.push(text(tone(said, Tone::Beside), said));
    }
    if let Some(chart) = chart(finding, telling, overview, size) {
        if !finding.evidence.is_empty() {
            parts.push(empty());
        }
        parts.push(Part::Chart(chart));
    }
    parts
}

/// Detectors say of an inference that it is one.
fn tone(said: &str, otherwise: Tone) -> Tone {
    let inferred = ["inferred", "may have", "might "];
    if inferred.iter().any(|word| said.contains(word)) {
        Tone::Inferred
    } else {
        otherwise
    }
}

fn place(finding: &Finding, overview: &Overview) -> String {
    let mut said: Vec<String> = Vec::new();
    said.extend(finding.env.iter().map(ToString::to_string));
    said.extend(finding.pipeline.iter().map(ToString::to_string));
    if let Some((from, to)) = &finding.edge {
        let to = if &**to == DONE { "out" } else { to };
        said.push(format!("{from} → {to}"));
    }
    let (lost, of) = (count(finding.lost), count(finding.of));
    let here = edge(finding, overview).map(|edge| edge.stuck.of(Verdict::Lost));
    match (finding.lost, finding.of) {
        (0, 0) => {}
        (0, _) => said.push(format!("{of} concerned")),
        // It explains a part of what was lost on its edge.
        (_, all) if here == Some(all) => said.push(format!("{lost} of the {of} lost there")),
        (part, all) => {
            let share = percent(part, all);
            said.push(format!("{lost} lost of {of} ({share})"));
        }
    }
    said.join(" · ")
}

fn when(finding: &Finding, overview: &Overview, zone: Zone) -> String {
    let clock = |time| zone.clock_in(time, overview.window);
    let seen = finding.span.map_or_else(String::new, |span| {
        let (first, last) = (clock(span.from), clock(span.to));
        format!("; concerned were last seen from {first} to {last}")
    });
    let Some(Onset {
        at,
        low,
        high,
        until,
    }) = finding.onset
    else {
        // A count of losses of several causes has none, and nobody looked for one.
        let counted = matches!(
            finding.kind,
            FindingKind::Gap | FindingKind::EnvironmentDifference | FindingKind::ResourceCreep
        );
        let looked_for = finding
            .evidence
            .iter()
            .any(|said| said.starts_with("diffuse"));
        let none = if counted && !looked_for {
            "no onset of its own"
        } else {
            "diffuse, no onset"
        };
        return format!("{none}{seen}");
    };
    let end = match until {
        Some(until) => format!("until {}", clock(until)),
        None => match stopped(finding, at, overview) {
            Some(last) => format!("none later than {} in what was read", clock(last)),
            None => "to the end of what was read".to_owned(),
        },
    };
    let (at, low, high) = (clock(at), clock(low), clock(high));
    format!("since {at} (between {low} and {high}), {end}{seen}")
}

/// The last one concerned, where so many would hardly have been spared behind it by chance: all of them
/// lie in a share q of the time with the chance q to the power of their number. What came within
/// the allowance before the end is not judged yet.
fn stopped(finding: &Finding, since: Timestamp, overview: &Overview) -> Option<Timestamp> {
    let (span, window) = (finding.span?, overview.window?);
    let edge = edge(finding, overview)?;
    let judged = window.to.plus(-edge.allowance_ms);
    let (all, hit) = (judged.since(since), span.to.since(since));
    let share = hit.max(0) as f64 / all.max(1) as f64;
    (share.powf(finding.lost as f64) < SPARED).then_some(span.to)
}

fn chart(
    finding: &Finding,
    telling: Option<&Telling>,
    overview: &Overview,
    size: Size,
) -> Option<Chart> {
    let edge = edge(finding, overview).filter(|edge| !edge.series.is_empty());
    let series = telling.map_or(0, |t| t.series.len().min(SERIES));
    let lanes = edge.map_or(0, lanes);
    (lanes + series > 0 && overview.window.is_some()).then(|| Chart {
        tall: match size.body() {
            ..30 => 1,
            30..50 => 2,
            _ => 3,
        },
        edge: lanes,
        series,
        onset: finding.onset.is_some(),
        starts: telling.is_some_and(|t| !t.starts.is_empty()),
    })
}
