//! The lost of one stage, and those that went on from it: two sides to be compared.
//!
//! Both sides are asked only what was said up to that stage, for of the lost nothing later is known.

use crate::domain::graph::bit;
use crate::domain::sheet::{Case, Column, Sheet};
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;

/// See the module. Members are indices into [`Sheet::cases`], in the order of their time here.
#[derive(Clone, Debug)]
pub struct Population<'a> {
    /// Where the members stand.
    pub sheet: &'a Sheet,
    /// The stage.
    pub stage: usize,
    /// Those that vanished after it.
    pub lost: Vec<u32>,
    /// Those that went on.
    pub kept: Vec<u32>,
    /// The columns that speak of this stage or one before it.
    pub columns: Vec<&'a Column>,
}

impl<'a> Population<'a> {
    /// The two sides of a stage.
    #[must_use]
    pub fn new(sheet: &'a Sheet, stage: usize) -> Self {
        let upstream = sheet.stages[stage].upstream;
        // Of the stage itself only what was known when they came: what was said later may be of the loss.
        let early = |c: &Column| {
            let mut all = sheet.columns.iter();
            all.any(|other| other.entry && (other.stage, other.name) == (c.stage, c.name))
        };
        let fits = |c: &&Column| c.entry == (c.stage == stage && early(c));
        let columns = sheet.columns.iter().filter(fits);
        let mut population = Self {
            sheet,
            stage,
            lost: Vec::new(),
            kept: Vec::new(),
            columns: columns.filter(|c| upstream & bit(c.stage) != 0).collect(),
        };
        for (index, case) in sheet.cases.iter().enumerate() {
            if is_lost(case, stage) {
                population.lost.push(index as u32);
            } else if case.passed & bit(stage) != 0 {
                population.kept.push(index as u32);
            }
        }
        let times = &sheet.stages[stage].times;
        let by_time = |index: &u32| (times[*index as usize], *index);
        population.lost.sort_by_key(by_time);
        population.kept.sort_by_key(by_time);
        population
    }

    /// When a member was first seen here: when it came, whatever held it afterwards.
    #[must_use]
    pub fn came(&self, member: u32) -> Timestamp {
        self.sheet.stages[self.stage].came[member as usize]
    }

    /// When a member was last seen here.
    #[must_use]
    pub fn time(&self, member: u32) -> Timestamp {
        self.sheet.stages[self.stage].times[member as usize]
    }

    /// From the first to the last of these.
    #[must_use]
    pub fn span(&self, members: &[u32]) -> Option<Span> {
        let times = members.iter().map(|m| self.time(*m));
        Some(Span::new(times.clone().min()?, times.max()?))
    }

    /// Those that went on within a span.
    #[must_use]
    pub fn kept_in(&self, span: Span) -> Vec<u32> {
        let kept = self.kept.iter().copied();
        kept.filter(|m| span.contains(self.time(*m))).collect()
    }

    /// How many lost messages so many members stand for.
    #[must_use]
    pub fn lost_count(&self, members: u64) -> u64 {
        (members as f64 * self.sheet.lost_weight).round() as u64
    }

    /// The same for those that went on.
    #[must_use]
    pub fn kept_count(&self, members: u64) -> u64 {
        (members as f64 * self.sheet.kept_weight).round() as u64
    }
}

fn is_lost(case: &Case, stage: usize) -> bool {
    case.verdict == Verdict::Lost && usize::from(case.last_stage) == stage
}
