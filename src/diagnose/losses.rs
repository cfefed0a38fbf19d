//! When the lost messages of a finding were last seen, and whether something else happened just then.
//!
//! That two things happen at the same time is seen; that one is the reason of the other is inferred.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::finding::Finding;
use crate::domain::sheet::Sheet;
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;

/// So large a share of both must lie in the time of the other.
const MOSTLY: f64 = 0.8;
/// More than one coincidence in so many is none.
const CHANCE: f64 = 1e-3;
/// The ends of a loss are known to one part in so many of its length.
const BLUR: i64 = 10;

/// The lost messages that a finding is about.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    /// When each was last seen, in order.
    pub times: Vec<Timestamp>,
}

/// How much of the one lies in the time of the other.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Coincidence {
    /// Lost messages last seen just then.
    pub within: u64,
    /// All of them.
    pub lost: u64,
    /// How large a share of the window that time is.
    pub time: f64,
    /// How often chance alone would put so many there.
    pub chance: f64,
}

impl Losses {
    /// Those on the edge of a finding, as far as it names any.
    #[must_use]
    pub fn of(finding: &Finding, sheets: &[Sheet]) -> Self {
        let mut losses = Self::default();
        let Some((from, _)) = &finding.edge else {
            return losses;
        };
        let same = |sheet: &&Sheet| {
            finding.env.as_ref() == Some(&sheet.env)
                && finding
                    .pipeline
                    .as_ref()
                    .is_none_or(|p| *p == sheet.pipeline)
        };
        for sheet in sheets.iter().filter(same) {
            let Some(stage) = sheet.stages.iter().position(|s| s.name == *from) else {
                continue;
            };
            let lost = sheet.cases.iter().zip(&sheet.stages[stage].times);
            let lost = lost.filter(|(case, _)| {
                case.verdict == Verdict::Lost
                    && usize::from(case.last_stage) == stage
                    && finding
                        .concerned
                        .as_ref()
                        .is_none_or(|c| c.has(case.handle))
            });
            losses.times.extend(lost.map(|(_, time)| *time));
        }
        losses.times.sort_unstable();
        losses
    }

    /// From the first to the last.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Some(Span::new(*self.times.first()?, *self.times.last()?))
    }

    /// Whether what was counted at these times (each with how often) coincides with them; both are known
    /// to `width_ms`.
    #[must_use]
    pub fn coincide(
        &self,
        counted: &[(Timestamp, u64)],
        width_ms: i64,
        window: Span,
    ) -> Option<Coincidence> {
        let lost = self.span()?;
        let (from, to) = (counted.first()?.0, counted.last()?.0);
        let wider = |span: Span, by: i64| Span::new(span.from.plus(-by), span.to.plus(by));
        let around = wider(lost, width_ms + lost.to.since(lost.from) / BLUR);
        let near = counted.iter().filter(|(time, _)| around.contains(*time));
        let near: u64 = near.map(|(_, count)| count).sum();
        let all: u64 = counted.iter().map(|(_, count)| count).sum();
        let then = Span::new(from.plus(-width_ms), to.plus(2 * width_ms));
        let within = self
            .times
            .iter()
            .filter(|time| then.contains(**time))
            .count();
        let number = self.times.len();
        let length = |span: Span| span.to.since(span.from).max(1) as f64;
        let time = (length(then) / length(window)).min(1.0);
        // Each lost message falls into that time by chance with the share of it: binomial.
        let chance = match (within as u64).checked_sub(1) {
            None => 1.0,
            Some(less) => Binomial::new(time, number as u64).map_or(1.0, |drawn| drawn.sf(less)),
        };
        let share = |part: f64, whole: f64| part >= MOSTLY * whole;
        let both = share(near as f64, all as f64) && share(within as f64, number as f64);
        (both && chance <= CHANCE).then_some(Coincidence {
            within: within as u64,
            lost: number as u64,
            time,
            chance,
        })
    }
}
