//! All sightings of one message folded into what its verdict rests on.
//!
//! The fold only takes minima, maxima and unions, so that neither the order of arrival nor an event
//! that arrives twice changes the result. It knows no coverage and no clock.

use super::graph::{Graph, StageSet, bit, stages_in};
use super::latency;
use super::pipeline::NO_STAGE;
use super::time::Timestamp;
use super::verdict::{Flags, Mark, Verdict};

/// One sighting, as the fold needs it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fact {
    /// When.
    pub time: Timestamp,
    /// Stage index, or `NO_STAGE`.
    pub stage: u8,
    /// What it says.
    pub mark: Mark,
    /// Stream and attributes.
    pub set: u32,
    /// Which clock made the time: equal numbers are the same source and stream.
    pub clock: u64,
    /// The row it came from.
    pub row: u32,
    /// The ID by which the event named the message.
    pub id: u32,
}

/// How far a lifecycle has come, before coverage is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum Course {
    /// Not a message: no sighting at any stage, or another ID stands for it.
    #[default]
    None,
    /// Came out.
    Completed,
    /// Put aside, and not taken up again.
    DeadLettered,
    /// Failed, and nothing moved after it.
    Failed,
    /// Should still go somewhere.
    Open,
}

/// What is kept of one lifecycle.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Oldest sighting.
    pub first: Timestamp,
    /// Newest sighting.
    pub last: Timestamp,
    /// Stages with a sighting.
    pub seen: StageSet,
    /// How far it has come.
    pub course: Course,
    /// What can be said, as of the last survey.
    pub verdict: Verdict,
    /// The furthest stage where it was seen.
    pub last_stage: u8,
    /// What is remarkable about it.
    pub flags: Flags,
    /// Nobody knows whether it should go on from there.
    pub may_end: bool,
}

impl Outcome {
    /// Of what is no message.
    pub const NONE: Self = Self {
        first: Timestamp::MAX,
        last: Timestamp::MIN,
        seen: 0,
        course: Course::None,
        verdict: Verdict::Pending,
        last_stage: NO_STAGE,
        flags: Flags(0),
        may_end: false,
    };
}

/// One lifecycle: its outcome and how long each of its steps took.
#[derive(Clone, Debug)]
pub struct Use {
    /// What is kept of it.
    pub outcome: Outcome,
    /// See [`Fold::outcome`].
    pub passes: Vec<u16>,
}

/// First and last sighting of one kind at one stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Times {
    /// The oldest.
    pub first: Timestamp,
    /// The newest.
    pub last: Timestamp,
}

impl Times {
    const NONE: Self = Self {
        first: Timestamp::MAX,
        last: Timestamp::MIN,
    };

    /// Whether there was any.
    #[must_use]
    pub fn any(self) -> bool {
        self.first <= self.last
    }

    fn add(&mut self, time: Timestamp) {
        self.first = self.first.min(time);
        self.last = self.last.max(time);
    }

    fn differ(self) -> bool {
        self.first < self.last
    }
}

/// What happened at one stage.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// Any sighting.
    pub seen: Times,
    /// `enter` marks.
    pub enter: Times,
    /// `exit` marks.
    pub exit: Times,
    /// Newest `enter`, `exit` or `retry`.
    moved: Timestamp,
    /// Newest `enter` or `retry`.
    taken_up: Timestamp,
    /// The clock of the oldest sighting.
    pub clock: u64,
}

impl Visit {
    const NONE: Self = Self {
        seen: Times::NONE,
        enter: Times::NONE,
        exit: Times::NONE,
        moved: Timestamp::MIN,
        taken_up: Timestamp::MIN,
        clock: 0,
    };
}

impl Visit {
    fn add(&mut self, fact: &Fact) {
        if (fact.time, fact.clock) < (self.seen.first, self.clock) {
            self.clock = fact.clock;
        }
        self.seen.add(fact.time);
        match fact.mark {
            Mark::Enter => self.enter.add(fact.time),
            Mark::Exit => self.exit.add(fact.time),
            _ => {}
        }
        if matches!(fact.mark, Mark::Enter | Mark::Exit | Mark::Retry) {
            self.moved = self.moved.max(fact.time);
        }
        if matches!(fact.mark, Mark::Enter | Mark::Retry) {
            self.taken_up = self.taken_up.max(fact.time);
        }
    }
}

/// Clocks of different hosts may differ by so much, in milliseconds: a sighting of another stage counts as
/// "after" only beyond it.
pub const SKEW_MS: i64 = 10_000;

/// The fold. Reused from message to message.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    /// By stage.
    pub visits: Vec<Visit>,
    seen: StageSet,
    all: Option<Times>,
    /// Newest `fail` of each stage.
    fails: Vec<(Timestamp, u8)>,
    dead_letter: Option<Timestamp>,
    skipped: bool,
    retried: bool,
}

impl Fold {
    /// Folds the facts of one lifecycle.
    pub fn run(&mut self, graph: &Graph, facts: &[Fact]) {
        let (mut visits, mut fails) = (
            std::mem::take(&mut self.visits),
            std::mem::take(&mut self.fails),
        );
        visits.clear();
        visits.resize(graph.nodes.len(), Visit::NONE);
        fails.clear();
        *self = Self {
            visits,
            fails,
            ..Self::default()
        };
        for fact in facts {
            self.add(graph, fact);
        }
    }

    fn add(&mut self, graph: &Graph, fact: &Fact) {
        self.all.get_or_insert(Times::NONE).add(fact.time);
        let stage = usize::from(fact.stage);
        let aside = stage < self.visits.len() && graph.dead_letter & bit(stage) != 0;
        if let Some(visit) = self.visits.get_mut(stage) {
            self.seen |= bit(stage);
            visit.add(fact);
        }
        if aside || fact.mark == Mark::DeadLetter {
            self.dead_letter = self.dead_letter.max(Some(fact.time));
        }
        match fact.mark {
            Mark::Retry => self.retried = true,
            Mark::Skip => self.skipped = true,
            Mark::Fail => match self.fails.iter_mut().find(|fail| fail.1 == fact.stage) {
                Some(fail) => fail.0 = fail.0.max(fact.time),
                None => self.fails.push((fact.time, fact.stage)),
            },
            _ => {}
        }
    }

    /// What the facts come to; `passes` gets, by stage, 1 + the bucket of the time since the stage
    /// before it, and last the same for the way out. 0 stands for "not measured".
    #[must_use]
    pub fn outcome(&self, graph: &Graph, passes: &mut [u16]) -> Outcome {
        passes.fill(0);
        let live = self.seen & !graph.dead_letter;
        let furthest = graph.furthest(if live == 0 { self.seen } else { live });
        let (Some(all), Some(last_stage)) = (self.all, furthest) else {
            return Outcome::NONE;
        };
        let mut flags = self.repeats();
        for stage in stages_in(self.seen) {
            if let Some(before) = nearest_before(graph, self.seen, stage) {
                let (a, b) = (&self.visits[before], &self.visits[stage]);
                let took = b.seen.first.since(a.seen.first);
                passes[stage] = 1 + latency::bucket(took);
                if took < 0 {
                    let same_clock = a.clock == b.clock;
                    flags = flags.with(if same_clock {
                        Flags::OUT_OF_ORDER
                    } else {
                        Flags::SKEWED
                    });
                }
            }
        }
        let course = self.course(graph);
        if let Some(out) = stages_in(self.seen & graph.by_exit).find(|s| self.visits[*s].exit.any())
        {
            let visit = &self.visits[out];
            let took = visit.exit.first.since(visit.seen.first);
            passes[graph.nodes.len()] = 1 + latency::bucket(took);
        }
        let last_stage = match course {
            Course::DeadLettered => graph.furthest(self.seen).unwrap_or(last_stage),
            _ => last_stage,
        };
        Outcome {
            first: all.first,
            last: all.last,
            seen: self.seen,
            course,
            verdict: Verdict::Pending,
            last_stage: last_stage as u8,
            flags,
            may_end: false,
        }
    }

    fn repeats(&self) -> Flags {
        let mut flags = Flags::default();
        if self.retried || self.visits.iter().any(|v| v.enter.differ()) {
            flags = flags.with(Flags::RETRIED);
        }
        if self.visits.iter().any(|v| v.exit.differ()) {
            flags = flags.with(Flags::DUPLICATE);
        }
        flags
    }

    fn course(&self, graph: &Graph) -> Course {
        let ends = self.seen & graph.terminals;
        // Who only came into the last stage can still fail or be put aside; who went out of it cannot.
        let out = stages_in(ends).any(|s| self.visits[s].exit.any());
        if self.skipped || out {
            return Course::Completed;
        }
        let (failed, put_aside) = (self.failed(graph), self.put_aside(graph));
        let mut by_entering = stages_in(ends & !graph.by_exit);
        if !failed && !put_aside && by_entering.any(|s| self.visits[s].enter.any()) {
            return Course::Completed;
        }
        if put_aside {
            return Course::DeadLettered;
        }
        if failed { Course::Failed } else { Course::Open }
    }

    /// It failed somewhere, was not seen further on, and was not taken up again. Those before may say
    /// afterwards that it failed; that changes nothing.
    fn failed(&self, graph: &Graph) -> bool {
        let mut fails = self.fails.iter();
        fails.any(|(time, stage)| self.failed_at(graph, *time, usize::from(*stage)))
    }

    fn failed_at(&self, graph: &Graph, time: Timestamp, stage: usize) -> bool {
        let further = graph.nodes.get(stage).map_or(0, |n| n.descendants);
        further & !graph.dead_letter & self.seen == 0
            && self.visits.iter().enumerate().all(|(s, visit)| {
                if s == stage {
                    visit.moved <= time
                } else {
                    visit.taken_up <= time.plus(SKEW_MS)
                }
            })
    }

    /// It was put aside and not taken up again.
    fn put_aside(&self, graph: &Graph) -> bool {
        self.dead_letter.is_some_and(|time| {
            stages_in(self.seen & !graph.dead_letter)
                .all(|s| self.visits[s].taken_up <= time.plus(SKEW_MS))
        })
    }

    /// Whether a message is through with a stage: it went out, or was seen further on.
    #[must_use]
    pub fn passed(&self, graph: &Graph, stage: usize) -> bool {
        self.visits[stage].exit.any() || graph.nodes[stage].descendants & self.seen != 0
    }
}

/// The nearest stage before `stage` in `seen` that an edge leads from.
#[must_use]
pub fn nearest_before(graph: &Graph, seen: StageSet, stage: usize) -> Option<usize> {
    graph.furthest(graph.nodes[stage].previous & seen)
}

/// Splits the facts of one ID, sorted by time, into its uses: an entry so long after the sighting
/// before it is another message. A mere mention is no entry; where clocks differ, the entry may come
/// a little after the first sighting of the new use. Gives the bounds of each use.
pub fn uses(graph: &Graph, facts: &mut [Fact], reuse_after_ms: i64, out: &mut Vec<(usize, usize)>) {
    out.clear();
    let span = facts.iter().fold(Times::NONE, |mut times, fact| {
        times.add(fact.time);
        times
    });
    if span.last.since(span.first) < reuse_after_ms {
        out.push((0, facts.len()));
        return;
    }
    facts.sort_unstable_by_key(|f| (f.time, f.stage, f.mark, f.clock));
    let enters = |fact: &Fact| {
        matches!(fact.mark, Mark::Enter | Mark::Exit)
            && fact.stage < NO_STAGE
            && graph.entries & bit(usize::from(fact.stage)) != 0
    };
    let mut start = 0;
    for index in 1..facts.len() {
        let time = facts[index].time;
        if time.since(facts[index - 1].time) >= reuse_after_ms
            && facts[index..]
                .iter()
                .take_while(|f| f.time.since(time) <= SKEW_MS)
                .any(enters)
        {
            out.push((start, index));
            start = index;
        }
    }
    out.push((start, facts.len()));
}
