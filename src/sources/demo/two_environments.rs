//! The incident `two-environments`: three causes at once, in two environments and three regions.
//!
//! Orders go API, topic, Lambda, job queue, engine, processor. In qa the Lambda may not decrypt one
//! parameter for a while, so refunds stay there, and an error is logged that names no message. In
//! dev an old engine that nobody knows of takes jobs which then vanish; first it logs that it
//! picked them up, later its log agent is dead and it logs nothing. In qa the processor of swimlane
//! 1 stops, and most test orders are pinned to swimlane 1.

use cast::{Cast, KIND_WEIGHTS, KINDS, PARAMETERS};
use causes::{KMS, OLD_ENGINE, OLD_REGION, SWIMLANE};
use layout::{DEV, ENGINE, FirstGroups, INTAKE, LAMBDA, QA, QUEUE, TOPIC};
use lines::{Line, Message};

use super::random::Random;
use super::script::{Script, Setting, Terms};
use super::traffic::{LEAD_IN_MS, Rhythm, Traffic};
use super::trip::{Causes, Pen, Trip, bit};
use super::variant::Variant;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Mark;

mod cast;
mod causes;
mod layout;
mod lines;
mod noise;

/// What becomes of a message if none of the causes takes it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Plain,
    /// The engine tries again, with success.
    Retried,
    /// The queue hands it out twice, and it is processed twice.
    Doubled,
    /// The engine leaves it out, rightly, and says so.
    Skipped,
    /// The engine fails three times and the queue puts it aside.
    DeadLettered,
    /// The processor gives up, and says so.
    Failed,
    /// It waits long in the queue, and comes through.
    Slow,
}

const FATES: [(Fate, u64); 7] = [
    (Fate::Plain, 9_430),
    (Fate::Retried, 200),
    (Fate::Doubled, 100),
    (Fate::Skipped, 120),
    (Fate::DeadLettered, 50),
    (Fate::Failed, 80),
    (Fate::Slow, 20),
];

/// See the top of this file.
pub(super) struct TwoEnvironments {
    setting: Setting,
    cast: Cast,
    first: FirstGroups,
    old_engine: Option<usize>,
    variant: Variant,
    end: Timestamp,
}

impl TwoEnvironments {
    /// The incident between two times; its causes end well before the end, so that every verdict is
    /// out by then.
    pub(super) fn new(terms: &Terms) -> Self {
        let cast = Cast::new(terms);
        let (mut world, first) = layout::world(&cast, terms);
        let healthy = terms.variant == Variant::Healthy;
        let group = layout::group(&first, DEV, OLD_REGION, ENGINE);
        let old_engine = (!healthy).then(|| layout::old_engine(&mut world, &cast, group));
        let setting = Setting {
            world,
            traffic: vec![traffic(terms); cast.layouts.len()],
            config: cast.config(),
            causes: if healthy {
                Vec::new()
            } else {
                causes::causes(&cast)
            },
        };
        Self {
            setting,
            cast,
            first,
            old_engine,
            variant: terms.variant,
            end: terms.span.to,
        }
    }

    fn group(&self, place: usize, region: usize, stage: usize) -> usize {
        layout::group(&self.first, place, region, stage)
    }

    fn message(&self, place: usize, entered: Timestamp, random: &mut Random) -> Message {
        let mut lanes: [u64; 4] = match place {
            QA if entered < self.cast.repinned => [60, 15, 15, 10],
            QA => [0, 40, 35, 25],
            _ => [30, 30, 20, 20],
        };
        if place == QA {
            lanes.swap(0, self.cast.lane - 1);
        }
        let (id, job) = (self.cast.ids.make(random), self.cast.ids.make(random));
        let request = random.uuid();
        let kind = random.weighted(&KIND_WEIGHTS);
        Message {
            company: self.cast.company,
            id,
            job,
            request,
            kind: KINDS[kind],
            parameter: PARAMETERS[kind],
            swimlane: random.weighted(&lanes) + 1,
            items: random.between(1, 24),
        }
    }

    fn fate(&self, now: Timestamp, random: &mut Random) -> Fate {
        let mut weights = FATES.map(|(_, weight)| weight);
        if self.variant == Variant::Healthy {
            weights[FATES.len() - 1] *= 10;
        }
        let fate = FATES[random.weighted(&weights)].0;
        // One that waits at the end could not be told from a lost one.
        let too_late = self.end.since(now) < 15 * 60_000;
        if fate == Fate::Slow && too_late {
            Fate::Plain
        } else {
            fate
        }
    }

    /// API and topic.
    fn intake(&self, trip: &mut Trip<'_>, message: &Message, region: usize) {
        let node = trip.any(self.group(trip.place, region, INTAKE));
        sight(trip, message, node, Mark::Enter, Line::Accepted);
        trip.wait(12.0, 0.6);
        sight(trip, message, node, Mark::Exit, Line::Published);
        let dwell_ms = trip.wait(60.0, 0.5);
        let node = trip.any(self.group(trip.place, region, TOPIC));
        sight(
            trip,
            message,
            node,
            Mark::Enter,
            Line::Delivered { dwell_ms },
        );
    }

    /// The Lambda, with two more attempts as Lambda makes them. False when all of them failed.
    fn lambda(&self, trip: &mut Trip<'_>, message: &Message, region: usize) -> bool {
        for attempt in 1..=3 {
            trip.wait(40.0, 0.5);
            let began = trip.now;
            let node = trip.any(self.group(trip.place, region, LAMBDA));
            mutter(trip, message, node, Line::InvocationStarted);
            trip.wait(3.0, 0.4);
            sight(trip, message, node, Mark::Enter, Line::Received { attempt });
            trip.wait(70.0, 0.5);
            let concerned = trip.place == QA && message.kind == KINDS[self.cast.denied_kind];
            let denied = concerned && self.cast.denied.contains(trip.now) && trip.meets(KMS);
            if denied {
                mutter(trip, message, node, Line::ParameterDenied);
            } else {
                sight(trip, message, node, Mark::Exit, Line::QueuedAsJob);
            }
            trip.wait(2.0, 0.4);
            mutter(trip, message, node, Line::InvocationEnded);
            let (ms, memory) = (trip.now.since(began), trip.random.between(88, 104));
            mutter(trip, message, node, Line::InvocationReport { ms, memory });
            if !denied {
                return true;
            }
            trip.wait_between(55_000 * attempt, 65_000 * attempt);
        }
        false
    }

    /// Whether the old engine takes the job that has just been queued; says what it logs.
    fn taken_by_old_engine(&self, trip: &mut Trip<'_>, message: &Message, region: usize) -> bool {
        let there = trip.place == DEV && region == OLD_REGION;
        if !there || !self.cast.old_runs.contains(trip.now) {
            return false;
        }
        if !trip.random.chance(self.cast.old_share) || !trip.meets(OLD_ENGINE) {
            return false;
        }
        if let Some(node) = self.old_engine
            && trip.now < self.cast.old_mute
        {
            let worker = trip.random.between(1, 2);
            sight(trip, message, node, Mark::Enter, Line::PickedUp { worker });
        }
        true
    }

    /// One run through an engine of the fleet, as far as the handing over.
    fn engine(&self, trip: &mut Trip<'_>, message: &Message, region: usize, fate: Fate) {
        let failures = match fate {
            Fate::Retried => 1,
            Fate::DeadLettered => 3,
            _ => 0,
        };
        let engines = self.group(trip.place, region, ENGINE);
        let worker = trip.random.between(1, 8);
        for attempt in 1..=failures {
            let node = trip.any(engines);
            sight(trip, message, node, Mark::Enter, Line::PickedUp { worker });
            trip.wait_between(5_000, 5_400);
            let line = Line::Retrying { attempt, worker };
            sight(trip, message, node, Mark::Retry, line);
            trip.wait_between(4_000, 12_000);
        }
        if fate == Fate::DeadLettered {
            trip.wait_between(8_000, 12_000);
            let queue = trip.any(self.group(trip.place, region, QUEUE));
            let line = Line::DeadLettered { attempts: failures };
            sight(trip, message, queue, Mark::DeadLetter, line);
            return;
        }
        let node = trip.any(engines);
        sight(trip, message, node, Mark::Enter, Line::PickedUp { worker });
        if fate == Fate::Skipped {
            trip.wait(300.0, 0.5);
            sight(trip, message, node, Mark::Skip, Line::Skipped { worker });
            return;
        }
        trip.wait(2_500.0, 0.6);
        sight(trip, message, node, Mark::Exit, Line::HandedOver { worker });
    }

    /// The processor of the message's swimlane. A stopped one says nothing more, even of what it
    /// had begun.
    fn processor(&self, trip: &mut Trip<'_>, message: &Message, fate: Fate) {
        let world = &self.setting.world;
        let node = layout::processor(world, &self.cast, &self.first, trip.place, message.swimlane);
        trip.wait(400.0, 0.6);
        let began = trip.now;
        let mut lines = vec![(began, Mark::Enter, Line::Started)];
        if fate == Fate::Failed {
            let ms = trip.wait_between(30_000, 31_000);
            lines.push((trip.now, Mark::Fail, Line::TimedOut { ms }));
        } else {
            let half = trip.wait(3_000.0, 0.5);
            if half > 4_000 {
                lines.push((trip.now, Mark::Note, Line::Progress { percent: 50 }));
            }
            trip.wait(3_000.0, 0.5);
            let ms = trip.now.since(began);
            lines.push((trip.now, Mark::Exit, Line::Done { ms }));
        }
        for (at, mark, line) in lines {
            if self.lane_stopped(node, at) && trip.meets(SWIMLANE) {
                trip.cause = Some(SWIMLANE);
                return;
            }
            trip.now = at;
            sight(trip, message, node, mark, line);
        }
    }

    fn lane_stopped(&self, node: usize, time: Timestamp) -> bool {
        let machine = &self.setting.world.nodes[node];
        machine.place == QA && machine.tag == self.cast.lane && time >= self.cast.lane_stopped
    }
}

fn sight(trip: &mut Trip<'_>, message: &Message, node: usize, mark: Mark, line: Line) {
    trip.sight(node, mark, line.ids(), |pen| {
        lines::render(line, message, pen)
    });
}

fn mutter(trip: &mut Trip<'_>, message: &Message, node: usize, line: Line) {
    trip.mutter(node, |pen| lines::render(line, message, pen));
}

/// Even all along; where nothing is to be taken for granted, as it comes, with a quiet night before.
fn traffic(terms: &Terms) -> Traffic {
    let length_ms = terms.span.to.since(terms.span.from);
    if terms.variant == Variant::Healthy {
        let night = 60 * 60_000 - LEAD_IN_MS;
        let day = length_ms - 60 * 60_000;
        let stretches = vec![
            (LEAD_IN_MS, 0.0),
            (night, 0.1),
            (day / 2, 1.0),
            (day - day / 2, 0.6),
        ];
        return Traffic::new(Rhythm::Poisson, stretches);
    }
    let rhythm = if terms.vary {
        Rhythm::Poisson
    } else {
        Rhythm::Even
    };
    Traffic::new(
        rhythm,
        vec![(LEAD_IN_MS, 0.0), (length_ms - LEAD_IN_MS, 1.0)],
    )
}

impl Script for TwoEnvironments {
    fn setting(&self) -> &Setting {
        &self.setting
    }

    fn travel(&self, trip: &mut Trip<'_>) {
        let region = trip.random.weighted(self.cast.layouts[trip.place].traffic);
        let fate = self.fate(trip.now, &mut trip.random);
        let message = self.message(trip.place, trip.now, &mut trip.random);
        trip.ids = vec![message.id.clone(), message.job.clone()];
        self.intake(trip, &message, region);
        if !self.lambda(trip, &message, region) {
            trip.cause = Some(KMS);
            return;
        }
        trip.wait(30.0, 0.5);
        let queue = trip.any(self.group(trip.place, region, QUEUE));
        let depth = trip.random.between(0, 40);
        sight(trip, &message, queue, Mark::Enter, Line::Enqueued { depth });
        trip.wait(1_800.0, 0.7);
        if self.taken_by_old_engine(trip, &message, region) {
            trip.cause = Some(OLD_ENGINE);
            return;
        }
        if fate == Fate::Slow {
            trip.wait_between(240_000, 420_000);
        }
        let runs = if fate == Fate::Doubled { 2 } else { 1 };
        for _ in 0..runs {
            self.engine(trip, &message, region, fate);
            if matches!(fate, Fate::Skipped | Fate::DeadLettered) {
                break;
            }
            self.processor(trip, &message, fate);
        }
    }

    fn hum(&self, pen: &Pen<'_>, random: &mut Random) -> Option<String> {
        noise::render(pen, random)
    }

    fn speaks(&self, node: usize, time: Timestamp, active: Causes) -> bool {
        let stopped = active & bit(SWIMLANE) != 0 && self.lane_stopped(node, time);
        let absent = self.variant == Variant::Mute || active & bit(OLD_ENGINE) == 0;
        !(stopped || absent && self.old_engine == Some(node))
    }
}
