//! Two sides side by side: which ones, what is known of them, which edge is selected.

use std::sync::Arc;

use super::layout;
use super::size::Size;
use super::zone::Zone;
use crate::config::when;
use crate::diagnose::compare::{Comparison, Row, Side, Sides, sentence};
use crate::diagnose::finding::Finding;
use crate::domain::time::{Span, Timestamp};
use crate::domain::view::{Overview, PipelineView};

/// The view's own state.
#[derive(Clone, Debug, Default)]
pub struct Compare {
    /// What is compared; `None` until there is something.
    pub sides: Option<Sides>,
    /// Which side the keys change.
    pub focus: usize,
    /// The selected edge.
    pub cursor: usize,
    /// The first visible edge.
    pub top: usize,
    /// What came of it.
    pub comparison: Option<Arc<Comparison>>,
    asked: Option<Sides>,
    waiting: bool,
    stale: bool,
}

impl Compare {
    /// The sides are chosen where nobody has: two environments, regions, or times.
    pub fn begin(&mut self, overview: &Overview, findings: &[Finding]) {
        if self.sides.is_none() {
            self.sides = first(overview, findings);
            self.stale = true;
        }
    }

    /// Compares these.
    pub fn set(&mut self, sides: Sides) {
        if self.sides.as_ref() != Some(&sides) {
            self.sides = Some(sides);
            self.stale = true;
        }
    }

    /// More has been read.
    pub const fn refresh(&mut self) {
        self.stale = true;
    }

    /// What to ask now, if anything; not before the last answer has come, unless it is about others.
    pub fn question(&mut self) -> Option<Sides> {
        let same = self.asked == self.sides;
        if !self.stale || (self.waiting && same) {
            return None;
        }
        let sides = self.sides.clone()?;
        (self.stale, self.waiting) = (false, true);
        self.asked = Some(sides.clone());
        Some(sides)
    }

    /// An answer; one about others is dropped.
    pub fn answer(&mut self, sides: &Sides, comparison: Arc<Comparison>, size: Size) {
        if self.asked.as_ref() != Some(sides) {
            return;
        }
        self.waiting = false;
        let edge = |row: &Row| (Arc::clone(&row.from), Arc::clone(&row.to));
        let was = self.row().map(edge);
        let same = comparison.rows.iter().position(|r| Some(edge(r)) == was);
        let differs = comparison.rows.iter().position(|row| row.differs);
        self.comparison = Some(comparison);
        self.cursor = same.or(differs).unwrap_or(0);
        self.refit(size);
    }

    /// The screen or the data changed.
    pub fn refit(&mut self, size: Size) {
        let len = self.rows().len();
        self.cursor = self.cursor.min(len.saturating_sub(1));
        let rows = usize::from(layout::compare(size, len).list);
        self.top = layout::keep_in_sight(self.top, self.cursor, rows, len);
    }

    /// The edges.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        self.comparison.as_ref().map_or(&[], |c| &c.rows)
    }

    /// The selected edge.
    #[must_use]
    pub fn row(&self) -> Option<&Row> {
        self.rows().get(self.cursor)
    }

    /// Whether what is shown is about what is chosen.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.comparison.is_some() && self.asked == self.sides
    }

    /// What differs: the selected edge first, then the others on which the sides differ in their losses,
    /// then those that are only slower.
    #[must_use]
    pub fn sentences(&self, zone: Zone) -> Vec<String> {
        let Some(sides) = &self.sides else {
            return Vec::new();
        };
        let names = sides.both.each_ref().map(|side| name(side, zone));
        let names = [names[0].as_str(), names[1].as_str()];
        let of = |wanted: fn(&Row) -> bool| {
            let others = self.rows().iter().enumerate();
            let others = others.filter(move |(i, row)| *i != self.cursor && wanted(row));
            others.map(|(_, row)| row)
        };
        let said = self.row().into_iter().chain(of(|row| row.differs));
        let said = said.chain(of(|row| row.slower && !row.differs));
        said.map(|row| sentence(row, names)).collect()
    }
}

/// A side in words: `qa`, `qa eu-central-1`, `qa 02:00–03:00`.
#[must_use]
pub fn name(side: &Side, zone: Zone) -> String {
    let mut said = side.env.to_string();
    if let Some(region) = &side.region {
        said = format!("{said} {region}");
    }
    if let Some(window) = side.window {
        let whole = |t: Timestamp| t.0 % 60_000 == 0;
        let pattern = if whole(window.from) && whole(window.to) {
            "%H:%M"
        } else {
            "%H:%M:%S"
        };
        let [from, to] = [window.from, window.to].map(|t| zone.format(t, pattern));
        said = format!("{said} {from}–{to}");
    }
    said
}

/// Everything that a side can be in one pipeline: its environments, their regions, and the time before
/// and since the first onset that was found.
#[must_use]
pub fn choices(pipeline: &PipelineView, overview: &Overview, findings: &[Finding]) -> Vec<Side> {
    let environments = || pipeline.environments.iter().map(|e| &e.name);
    let mut list: Vec<Side> = environments().map(Side::whole).collect();
    for env in environments() {
        let sources = overview.sources.iter().filter(|s| s.source.env == *env);
        let mut regions: Vec<&Arc<str>> = sources.map(|s| &s.source.region).collect();
        regions.retain(|region| !region.is_empty());
        regions.sort();
        regions.dedup();
        if regions.len() > 1 {
            list.extend(regions.into_iter().map(|region| Side {
                region: Some(Arc::clone(region)),
                ..Side::whole(env)
            }));
        }
    }
    for env in environments() {
        for window in halves(env, pipeline, overview, findings)
            .into_iter()
            .flatten()
        {
            list.push(Side {
                window: Some(window),
                ..Side::whole(env)
            });
        }
    }
    list
}

/// Before and since the first onset of an environment; where none was found, both halves of the window.
fn halves(
    env: &Arc<str>,
    pipeline: &PipelineView,
    overview: &Overview,
    findings: &[Finding],
) -> Option<[Span; 2]> {
    let window = overview.window?;
    let here =
        |f: &&Finding| f.env.as_ref() == Some(env) && f.pipeline.as_ref() == Some(&pipeline.name);
    let onset = findings.iter().filter(here).find_map(|f| f.onset);
    let half = window.from.plus(window.to.since(window.from) / 2);
    let at = onset.map_or(half, |onset| onset.at);
    let end = onset.and_then(|onset| onset.until).unwrap_or(window.to);
    let span = |from, to: Timestamp| Span::new(from, to);
    Some([span(window.from, at.plus(-1)), span(at, end)])
}

fn first(overview: &Overview, findings: &[Finding]) -> Option<Sides> {
    let telling = findings.first().and_then(|f| f.pipeline.as_ref());
    let pipelines = &overview.pipelines;
    let pipeline = pipelines
        .iter()
        .find(|p| Some(&p.name) == telling)
        .or_else(|| pipelines.first())?;
    let choices = choices(pipeline, overview, findings);
    let (wholes, parts) = choices.split_at(pipeline.environments.len());
    let both = match (wholes, parts) {
        ([a, b, ..], _) | ([_], [a, b, ..]) => [a.clone(), b.clone()],
        _ => return None,
    };
    Some(Sides {
        pipeline: Arc::clone(&pipeline.name),
        both,
    })
}

/// What was typed: `qa vs prod`, `qa eu-central-1 vs qa us-east-1`, `02:00-03:00 vs 03:00-04:00`. What a
/// side leaves out is as it was.
///
/// # Errors
/// What was not understood, and what can be written.
pub fn parse(text: &str, now: &Sides, overview: &Overview, zone: Zone) -> Result<Sides, String> {
    const EXAMPLE: &str = "write qa vs prod, or 02:00-03:00 vs 03:00-04:00";
    let lower = text.trim();
    let (a, b) = lower
        .split_once(" vs ")
        .ok_or_else(|| format!("no \" vs \" in it; {EXAMPLE}"))?;
    let side = |text: &str, was: &Side| -> Result<Side, String> {
        let mut side = Side::whole(&was.env);
        for word in text.split_whitespace() {
            let names = overview.pipelines.iter().flat_map(|p| &p.environments);
            let sources = overview.sources.iter().map(|s| &s.source);
            if let Some(env) = names.map(|e| &e.name).find(|e| ***e == *word) {
                side.env = Arc::clone(env);
            } else if let Some(source) = sources.clone().find(|s| *s.region == *word) {
                side.region = Some(Arc::clone(&source.region));
            } else if let Some(window) = window(word, overview, zone) {
                side.window = Some(window);
            } else {
                return Err(format!(
                    "{word} is no environment, region or time; {EXAMPLE}"
                ));
            }
        }
        Ok(side)
    };
    Ok(Sides {
        pipeline: Arc::clone(&now.pipeline),
        both: [side(a, &now.both[0])?, side(b, &now.both[1])?],
    })
}

/// `02:00-03:00`, read in the zone shown; a time alone is the latest one within the window.
fn window(word: &str, overview: &Overview, zone: Zone) -> Option<Span> {
    let whole = overview.window?;
    let dashes = word.match_indices(['-', '–']);
    let mut ends = dashes.filter_map(|(at, dash)| {
        let (from, to) = (&word[..at], &word[at + dash.len()..]);
        let to = when::parse(to, whole.to, zone.tz()).ok()?;
        let from = when::parse(from, to, zone.tz()).ok()?;
        (from < to).then(|| Span::new(from, to.plus(-1)))
    });
    ends.next_back()
}
