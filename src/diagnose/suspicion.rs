//! One cause as the detectors look at it: where, which messages, what they share, and when.

use super::began_with::{self, Began};
use super::condition::Condition;
use super::finding::Onset;
use super::onset::{Slack, Step, Stretch, set_in, stretch};
use super::population::Population;
use super::sentence::Sentence;
use super::separate::Separation;
use crate::domain::overview::DONE;
use crate::domain::show::count;
use crate::domain::time::Timestamp;

/// One spared for so many lost is hardly anybody.
const SPARED: u64 = 10;

/// See the module.
pub struct Suspicion<'a> {
    /// Both sides of the stage.
    pub population: &'a Population<'a>,
    /// What separates them.
    pub separation: &'a Separation<'a>,
    /// The time it lasted; `None` where none can be told.
    pub stretch: Option<Stretch>,
    /// That time was found among those who have the property, and not among all.
    pub of_property: bool,
    /// What came up with it.
    pub began: Option<Began<'a>>,
}

impl<'a> Suspicion<'a> {
    /// Looks when it lasted: among those who have the property, else, where they were lost from the
    /// first on, among everybody.
    #[must_use]
    pub fn new(population: &'a Population<'a>, separation: &'a Separation<'a>) -> Self {
        let condition = separation.conditions.first();
        let own = steps(population, &population.lost, &population.kept, condition);
        let own = stretch(&own);
        // Where hardly anybody with the property was spared, it is the property that set in.
        let alone = separation.table.kept_with * SPARED <= separation.table.lost_with;
        let wider = || {
            let all = steps(population, &separation.lost, &population.kept, None);
            stretch(&all).or_else(|| set_in(&all).filter(|_| alone))
        };
        let set_off = own.filter(|s| s.onset.is_some());
        let wide = if set_off.is_some() { None } else { wider() };
        let stretch = set_off.or(wide).or(own);
        let set_in = stretch.is_some_and(|s| s.onset.is_some());
        let began = condition.filter(|_| set_in);
        Self {
            population,
            separation,
            stretch,
            of_property: wide.is_none(),
            began: began.and_then(|c| began_with::find(population, c, &separation.lost)),
        }
    }

    /// When it began, as far as clocks and what came up with it allow.
    #[must_use]
    pub fn onset(&self, slack: Slack) -> Option<Onset> {
        let onset = Onset::of(self.stretch?)?.widened(slack);
        let came_up = self.began.as_ref().map_or(onset.low, |began| began.low);
        Some(Onset {
            low: onset.low.min(came_up),
            ..onset
        })
    }

    /// Lost messages from before it began, if any.
    #[must_use]
    pub fn strays(&self) -> Option<Sentence> {
        let onset = self.stretch?.onset?;
        strays(self.population, &self.separation.lost, onset.at)
    }

    /// What separates best.
    #[must_use]
    pub fn condition(&self) -> Option<&'a Condition<'a>> {
        self.separation.conditions.first()
    }

    /// The environment.
    #[must_use]
    pub fn env(&self) -> &'a str {
        &self.population.sheet.env
    }

    /// The stage.
    #[must_use]
    pub fn stage(&self) -> &'a str {
        &self.population.sheet.stages[self.population.stage].name
    }

    /// `never reached engine`, `never came out`.
    #[must_use]
    pub fn gone(&self) -> String {
        gone(self.population)
    }

    /// `299`.
    #[must_use]
    pub fn lost(&self) -> String {
        count(self.separation.table.lost_with)
    }

    /// All that they share, the strongest first: `host=a (version=2)`. Where a line stood is told only if
    /// nothing else is.
    #[must_use]
    pub fn properties(&self) -> String {
        let sheet = self.population.sheet;
        let conditions = &self.separation.conditions;
        let first = conditions
            .first()
            .map_or_else(String::new, |c| c.text(sheet));
        let also = conditions.iter().skip(1).filter(|c| !c.implied(sheet));
        let also: Vec<String> = also.take(2).map(|c| c.text(sheet)).collect();
        if also.is_empty() {
            first
        } else {
            format!("{first} ({})", also.join(", "))
        }
    }
}

/// What became of the lost of a stage.
#[must_use]
pub fn gone(population: &Population<'_>) -> String {
    gone_to(&population.sheet.stages[population.stage].next)
}

/// How many of these came before it began, where any did: its beginning stands after the first of them.
#[must_use]
pub fn strays(population: &Population<'_>, lost: &[u32], onset: Timestamp) -> Option<Sentence> {
    let came = lost.iter().map(|member| population.came(*member));
    let earlier: Vec<Timestamp> = came.filter(|time| *time < onset).collect();
    let first = earlier.iter().min()?;
    let number = population.lost_count(earlier.len() as u64);
    Some(
        Sentence::from(format!("{} earlier, from ", count(number)))
            .clock_in_zone(*first)
            .say(" on, too few to be the beginning"),
    )
}

/// What became of those that went to this stage and were not seen there.
#[must_use]
pub fn gone_to(next: &str) -> String {
    match next {
        DONE => "never came out".to_owned(),
        next => format!("never reached {next}"),
    }
}

/// Lost and kept messages in the order of their time; only those with a property, where one is given.
#[must_use]
pub fn steps(
    population: &Population<'_>,
    lost: &[u32],
    kept: &[u32],
    condition: Option<&Condition<'_>>,
) -> Vec<Step> {
    let sheet = population.sheet;
    let lost = lost.iter().map(|m| (*m, true, sheet.lost_weight));
    let kept = kept.iter().map(|m| (*m, false, sheet.kept_weight));
    let has = |m: u32| condition.is_none_or(|c| c.holds(sheet, m));
    let members = lost.chain(kept).filter(|(m, _, _)| has(*m));
    let mut steps: Vec<Step> = members
        .map(|(m, lost, weight)| (population.came(m), lost, weight))
        .collect();
    steps.sort_by_key(|(time, lost, _)| (*time, *lost));
    steps
}
