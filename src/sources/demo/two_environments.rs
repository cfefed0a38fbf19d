//! The incident `two-environments`: three causes at once, in two environments and three regions.
//!
//! Orders go API, topic, Lambda, job queue, engine, processor. In qa the Lambda may not decrypt one
//! parameter for a while, so refunds stay there, and an error is logged that names no message. In
//! dev an old engine that nobody knows of takes jobs which then vanish; first it logs that it
//! picked them up, later its log agent is dead and it logs nothing. In qa the processor of swimlane
//! 1 stops, and most test orders are pinned to swimlane 1.

use super::lines::{Line, Message};
use super::random::Random;
use super::script::{Cause, Script, Trip, minutes};
use super::world::{ENGINE, INTAKE, LAMBDA, PLACES, QUEUE, TOPIC, World};
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Mark;

/// The name of the incident.
pub(super) const NAME: &str = "two-environments";

const DEV: usize = 0;
const QA: usize = 1;
/// The region of the old engine, in dev.
const EU_CENTRAL_1: usize = 1;

const KMS: usize = 0;
const OLD_ENGINE: usize = 1;
const SWIMLANE: usize = 2;

const CAUSES: [Cause; 3] = [
    Cause {
        name: "kms-decrypt",
        env: "qa",
        title: "the Lambda may not decrypt a parameter that refunds need, and drops them after three attempts",
    },
    Cause {
        name: "old-engine",
        env: "dev",
        title: "an engine 2.9.0 on an unknown host takes jobs from the queue, and they vanish",
    },
    Cause {
        name: "swimlane-1-stopped",
        env: "qa",
        title: "the processor of swimlane 1 stopped, and most test orders are pinned to it",
    },
];

const KINDS: [&str; 4] = [
    "order.created",
    "order.amended",
    "order.cancelled",
    "order.refunded",
];
const KIND_WEIGHTS: [u64; 4] = [45, 20, 15, 20];
const REFUNDED: &str = "order.refunded";

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
    world: World,
    end: Timestamp,
    kms_denied: Span,
    old_engine_runs: Span,
    old_engine_mute: Timestamp,
    lane_stopped: Timestamp,
    tests_repinned: Timestamp,
    old_engine: usize,
}

impl TwoEnvironments {
    /// The incident between two times; its causes end well before `end`, so that every verdict is
    /// out by then.
    pub(super) fn new(seed: u64, span: Span) -> Self {
        let mut world = World::new(seed);
        let group = world.group(DEV, EU_CENTRAL_1, ENGINE);
        let old_engine = world.intrude(group, "ip-10-9-44-7", "2.9.0");
        Self {
            world,
            end: span.to,
            kms_denied: minutes(span.from, 72, 125),
            old_engine_runs: minutes(span.from, 48, 182),
            old_engine_mute: span.from.plus(130 * 60_000),
            lane_stopped: span.from.plus(106 * 60_000),
            tests_repinned: span.from.plus(184 * 60_000),
            old_engine,
        }
    }

    fn message(&self, place: usize, entered: Timestamp, random: &mut Random) -> Message {
        let lanes: [u64; 4] = match place {
            QA if entered < self.tests_repinned => [60, 15, 15, 10],
            QA => [0, 40, 35, 25],
            _ => [30, 30, 20, 20],
        };
        Message {
            id: random.uuid(),
            job: random.uuid(),
            request: random.uuid(),
            kind: KINDS[random.weighted(&KIND_WEIGHTS)],
            swimlane: random.weighted(&lanes) + 1,
            items: random.between(1, 24),
        }
    }

    fn fate(&self, now: Timestamp, random: &mut Random) -> Fate {
        let weights = FATES.map(|(_, weight)| weight);
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
    fn intake(&self, trip: &mut Trip, place: usize, region: usize) {
        let node = self.world.any(place, region, INTAKE, &mut trip.random);
        trip.sight(node, Mark::Enter, Line::Accepted);
        trip.wait(12.0, 0.6);
        trip.sight(node, Mark::Exit, Line::Published);
        let dwell_ms = trip.wait(60.0, 0.5);
        let node = self.world.any(place, region, TOPIC, &mut trip.random);
        trip.sight(node, Mark::Enter, Line::Delivered { dwell_ms });
    }

    /// The Lambda, with two more attempts as Lambda makes them. False when all of them failed.
    fn lambda(&self, trip: &mut Trip, place: usize, region: usize) -> bool {
        for attempt in 1..=3 {
            trip.wait(40.0, 0.5);
            let began = trip.now;
            let node = self.world.any(place, region, LAMBDA, &mut trip.random);
            trip.mutter(node, Line::InvocationStarted);
            trip.wait(3.0, 0.4);
            trip.sight(node, Mark::Enter, Line::Received { attempt });
            trip.wait(70.0, 0.5);
            let denied =
                place == QA && trip.message.kind == REFUNDED && self.kms_denied.contains(trip.now);
            if denied {
                trip.mutter(node, Line::ParameterDenied);
            } else {
                trip.sight(node, Mark::Exit, Line::QueuedAsJob);
            }
            trip.wait(2.0, 0.4);
            trip.mutter(node, Line::InvocationEnded);
            let (ms, memory) = (trip.now.since(began), trip.random.between(88, 104));
            trip.mutter(node, Line::InvocationReport { ms, memory });
            if !denied {
                return true;
            }
            trip.wait_between(55_000 * attempt, 65_000 * attempt);
        }
        false
    }

    /// Whether the old engine takes the job that has just been queued; says what it logs.
    fn taken_by_old_engine(&self, trip: &mut Trip, place: usize, region: usize) -> bool {
        let there = place == DEV && region == EU_CENTRAL_1;
        if !there || !self.old_engine_runs.contains(trip.now) || !trip.random.chance(0.2) {
            return false;
        }
        if trip.now < self.old_engine_mute {
            let worker = trip.random.between(1, 2);
            trip.sight(self.old_engine, Mark::Enter, Line::PickedUp { worker });
        }
        true
    }

    /// One run through an engine of the fleet, as far as the handing over.
    fn engine(&self, trip: &mut Trip, place: usize, region: usize, fate: Fate) {
        let failures = match fate {
            Fate::Retried => 1,
            Fate::DeadLettered => 3,
            _ => 0,
        };
        let worker = trip.random.between(1, 8);
        for attempt in 1..=failures {
            let node = self.world.any(place, region, ENGINE, &mut trip.random);
            trip.sight(node, Mark::Enter, Line::PickedUp { worker });
            trip.wait_between(5_000, 5_400);
            trip.sight(node, Mark::Retry, Line::Retrying { attempt, worker });
            trip.wait_between(4_000, 12_000);
        }
        if fate == Fate::DeadLettered {
            trip.wait_between(8_000, 12_000);
            let queue = self.world.any(place, region, QUEUE, &mut trip.random);
            trip.sight(
                queue,
                Mark::DeadLetter,
                Line::DeadLettered { attempts: failures },
            );
            return;
        }
        let node = self.world.any(place, region, ENGINE, &mut trip.random);
        trip.sight(node, Mark::Enter, Line::PickedUp { worker });
        if fate == Fate::Skipped {
            trip.wait(300.0, 0.5);
            trip.sight(node, Mark::Skip, Line::Skipped { worker });
            return;
        }
        trip.wait(2_500.0, 0.6);
        trip.sight(node, Mark::Exit, Line::HandedOver { worker });
    }

    /// The processor of the message's swimlane. A stopped one says nothing more, even of what it
    /// had begun.
    fn processor(&self, trip: &mut Trip, place: usize, fate: Fate) {
        let node = self.world.processor(place, trip.message.swimlane);
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
            if !self.speaks(node, at) {
                trip.cause = Some(SWIMLANE);
                return;
            }
            trip.now = at;
            trip.sight(node, mark, line);
        }
    }
}

impl Script for TwoEnvironments {
    fn name(&self) -> &'static str {
        NAME
    }

    fn config(&self) -> &'static str {
        include_str!("two_environments.toml")
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn causes(&self) -> &'static [Cause] {
        &CAUSES
    }

    fn travel(&self, place: usize, entered: Timestamp, mut random: Random) -> Trip {
        let region = random.weighted(PLACES[place].traffic);
        let fate = self.fate(entered, &mut random);
        let mut trip = Trip {
            message: self.message(place, entered, &mut random),
            steps: Vec::with_capacity(16),
            cause: None,
            now: entered,
            random,
        };
        self.intake(&mut trip, place, region);
        if !self.lambda(&mut trip, place, region) {
            trip.cause = Some(KMS);
            return trip;
        }
        trip.wait(30.0, 0.5);
        let queue = self.world.any(place, region, QUEUE, &mut trip.random);
        let depth = trip.random.between(0, 40);
        trip.sight(queue, Mark::Enter, Line::Enqueued { depth });
        trip.wait(1_800.0, 0.7);
        if self.taken_by_old_engine(&mut trip, place, region) {
            trip.cause = Some(OLD_ENGINE);
            return trip;
        }
        if fate == Fate::Slow {
            trip.wait_between(240_000, 420_000);
        }
        let runs = if fate == Fate::Doubled { 2 } else { 1 };
        for _ in 0..runs {
            self.engine(&mut trip, place, region, fate);
            if matches!(fate, Fate::Skipped | Fate::DeadLettered) {
                break;
            }
            self.processor(&mut trip, place, fate);
        }
        trip
    }

    fn speaks(&self, node: usize, time: Timestamp) -> bool {
        let machine = &self.world.nodes[node];
        let stopped = PLACES[machine.place].name == "qa" && machine.swimlane == 1;
        !stopped || time < self.lane_stopped
    }
}
