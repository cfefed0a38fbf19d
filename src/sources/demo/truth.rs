//! What really became of every message, to hold the tool's answers against.
//!
//! Follows from what was logged until the end, for that is all that can be known; it is never read
//! by anything that judges.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::incident::{Arrival, Incident};
use super::script::{Attribute, Cause, Onset, Sign};
use super::trip::Wanted;
use crate::domain::verdict::{Mark, Verdict};

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It came out.
    Completed,
    /// It was left out, rightly: complete as well.
    Skipped,
    /// It vanished.
    Lost,
    /// It failed, and a log line says so.
    Failed,
    /// It was put aside.
    DeadLettered,
    /// Still on its way at the end.
    Pending,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] = [
        Self::Completed,
        Self::Skipped,
        Self::Lost,
        Self::Failed,
        Self::DeadLettered,
        Self::Pending,
    ];

    /// The verdict that says the same.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Completed | Self::Skipped => Verdict::Completed,
            Self::Lost => Verdict::Lost,
            Self::Failed => Verdict::Failed,
            Self::DeadLettered => Verdict::DeadLettered,
            Self::Pending => Verdict::Pending,
        }
    }
}

/// The truth about one message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MessageTruth {
    /// Its environment.
    pub env: &'static str,
    /// Every ID that was logged for it, the one it entered with first.
    pub ids: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The furthest stage that logged it.
    pub last_stage: &'static str,
    /// Its newest log event that names it, by the clock of whoever wrote that.
    pub last_seen_ms: i64,
    /// The name of what stopped it, where it is lost.
    pub cause: Option<&'static str>,
}

/// How many messages of one environment had one outcome.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OutcomeCount {
    /// The environment.
    pub env: &'static str,
    /// The outcome.
    pub outcome: Outcome,
    /// How many.
    pub messages: u64,
}

/// How many messages one cause took after one stage.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CauseCount {
    /// Its short name.
    pub cause: &'static str,
    /// Its environment.
    pub env: &'static str,
    /// One sentence.
    pub title: String,
    /// The last stage that saw them.
    pub last_stage: &'static str,
    /// The stage they should have come to; `None` where they should have come out.
    pub next_stage: Option<&'static str>,
    /// How many.
    pub lost: u64,
    /// What they have in common; empty where nothing that is logged tells them apart.
    pub culprit: Vec<Attribute>,
    /// When it began: a true time in milliseconds since the epoch, or `"diffuse"`.
    pub onset: Onset,
}

/// The truth about an incident, with that about its messages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Truth<M = Vec<MessageTruth>> {
    /// Which incident.
    pub incident: &'static str,
    /// Its seed.
    pub seed: u64,
    /// When its window begins, in milliseconds since the epoch.
    pub from_ms: i64,
    /// When it ends.
    pub to_ms: i64,
    /// By environment and outcome; every pair is there.
    pub outcomes: Vec<OutcomeCount>,
    /// By cause and last stage; only what occurred.
    pub causes: Vec<CauseCount>,
    /// Every message, environment by environment in the order they entered.
    pub messages: M,
}

/// Every message as it is asked for, so that none has to be kept.
pub(super) struct Fates<'a>(&'a Incident);

impl Serialize for Fates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.fates())
    }
}

impl<M> Truth<M> {
    /// How many messages of an environment had this outcome.
    #[must_use]
    pub fn count(&self, env: &str, outcome: Outcome) -> u64 {
        let mut counts = self.outcomes.iter();
        counts
            .find(|c| c.env == env && c.outcome == outcome)
            .map_or(0, |c| c.messages)
    }
}

/// What there is to count: by environment and outcome, and by cause and last stage.
#[derive(Default)]
struct Tally {
    outcomes: BTreeMap<(&'static str, Outcome), u64>,
    causes: BTreeMap<(&'static str, &'static str), u64>,
}

impl Tally {
    fn add(&mut self, message: &MessageTruth) {
        *self
            .outcomes
            .entry((message.env, message.outcome))
            .or_default() += 1;
        if let Some(cause) = message.cause {
            *self.causes.entry((cause, message.last_stage)).or_default() += 1;
        }
    }
}

impl Incident {
    /// What became of every message. Takes memory for each; the log events are not kept.
    #[must_use]
    pub fn truth(&self) -> Truth {
        let messages: Vec<MessageTruth> = self.fates().collect();
        let mut tally = Tally::default();
        for message in &messages {
            tally.add(message);
        }
        self.told(&tally, messages)
    }

    /// The same without keeping a message: each is asked for twice.
    pub(super) fn truth_in_passing(&self) -> Truth<Fates<'_>> {
        let mut tally = Tally::default();
        for message in self.fates() {
            tally.add(&message);
        }
        self.told(&tally, Fates(self))
    }

    fn told<M>(&self, tally: &Tally, messages: M) -> Truth<M> {
        let world = &self.setting().world;
        let mut outcomes = Vec::new();
        for place in &world.places {
            for outcome in Outcome::ALL {
                outcomes.push(OutcomeCount {
                    env: place.name,
                    outcome,
                    messages: count(&tally.outcomes, &(place.name, outcome)),
                });
            }
        }
        let mut causes = Vec::new();
        for cause in self.causes() {
            for stage in world.stages {
                let lost = count(&tally.causes, &(cause.name, *stage));
                if lost > 0 {
                    causes.push(self.counted(cause, stage, lost));
                }
            }
        }
        Truth {
            incident: self.name(),
            seed: self.options.seed,
            from_ms: self.span().from.0,
            to_ms: self.span().to.0,
            outcomes,
            causes,
            messages,
        }
    }

    /// The truth about one message after the other, environment by environment in the order they
    /// entered; keeps nothing.
    pub fn fates(&self) -> impl Iterator<Item = MessageTruth> + '_ {
        (0..self.setting().world.places.len())
            .flat_map(|place| self.arrivals(place))
            .filter_map(|arrival| self.fate(arrival))
    }

    /// `None` where nothing of it was logged by the end.
    fn fate(&self, arrival: Arrival) -> Option<MessageTruth> {
        let trip = self.trip(arrival, Wanted::Nothing);
        let world = &self.setting().world;
        let mut seen = Vec::new();
        let mut named = 0;
        for step in &trip.steps {
            if let Some(mark) = step.mark
                && self.span().contains(step.time)
            {
                seen.push((step.at, step.time, world.nodes[step.node].stage, mark));
                named |= step.ids;
            }
        }
        let last_seen = seen.iter().map(|(_, time, ..)| *time).max()?;
        let last_stage = seen.iter().map(|(_, _, stage, _)| *stage).max()?;
        let (.., last_mark) = *seen.iter().max_by_key(|(at, ..)| *at)?;
        let mut exits = seen.iter().filter(|(.., mark)| *mark == Mark::Exit);
        let has = |wanted: Mark| seen.iter().any(|(.., mark)| *mark == wanted);
        let outcome = if exits.any(|(_, _, stage, _)| world.terminal(*stage)) {
            Outcome::Completed
        } else if has(Mark::Skip) {
            Outcome::Skipped
        } else if has(Mark::DeadLetter) {
            Outcome::DeadLettered
        } else if last_mark == Mark::Fail {
            Outcome::Failed
        } else if trip.cause.is_some() {
            Outcome::Lost
        } else {
            Outcome::Pending
        };
        let ids = trip.ids.into_iter().enumerate();
        let cause = trip.cause.filter(|_| outcome == Outcome::Lost);
        Some(MessageTruth {
            env: world.places[arrival.place].name,
            ids: ids
                .filter(|(index, _)| named & (1 << index) != 0)
                .map(|(_, id)| id)
                .collect(),
            outcome,
            last_stage: world.stages[last_stage],
            last_seen_ms: last_seen.0,
            cause: cause.map(|index| self.causes()[index].name),
        })
    }

    fn counted(&self, cause: &Cause, last_stage: &'static str, lost: u64) -> CauseCount {
        let stages = self.setting().world.stages;
        let at = stages.iter().position(|stage| *stage == last_stage);
        let next = at.filter(|at| !self.setting().world.terminal(*at));
        let unknown = Sign::new(last_stage, &[], Onset::Diffuse);
        let sign = cause
            .signs
            .iter()
            .find(|sign| sign.last_stage == last_stage);
        let Sign { culprit, onset, .. } = sign.cloned().unwrap_or(unknown);
        CauseCount {
            cause: cause.name,
            env: cause.env,
            title: cause.title.clone(),
            last_stage,
            next_stage: next.and_then(|at| stages.get(at + 1).copied()),
            lost,
            culprit,
            onset,
        }
    }
}

fn count<K: Ord>(counts: &BTreeMap<K, u64>, key: &K) -> u64 {
    counts.get(key).copied().unwrap_or_default()
}
