//! The incident `forgotten-subscription`: topics become FIFO, and one of them has no subscriber.
//!
//! Catalog changes go publisher, topic, queue, applier. A deploy makes every topic FIFO, that is, a new
//! topic; for one of them nobody subscribes the queue. For ten hours everything published there is
//! accepted by SNS and delivered to no one. When that is put right, changes out of sequence fail and
//! hold up the message groups they head: what is behind them is late, they themselves are put aside,
//! and none of it is lost.

use cast::{APPLIER, Cast, Groups, MESSAGE_GROUPS, PROD, PUBLISHER, STAGES};
use lines::Change;

use super::random::Random;
use super::script::{Cause, Onset, Script, Setting, Sign, Terms};
use super::trip::{Causes, FIRST, Pen, SECOND, THIRD, Trip};
use super::variant::Variant;
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Mark;

mod cast;
mod lines;

const FORGOTTEN: usize = 0;

const PURPOSE_BLOCKED: u64 = 3;

/// So many message groups of a hundred are held up once the subscription is there.
const BLOCKED_OF_100: u64 = 30;
/// So many of a held up group fail.
const POISONED: f64 = 0.2;
/// After so many attempts the queue puts a change aside.
const ATTEMPTS: i64 = 5;

/// See the top of this file.
pub(super) struct ForgottenSubscription {
    setting: Setting,
    cast: Cast,
    groups: Vec<Groups>,
    /// By message group of the forgotten topic.
    blocked: Vec<Option<Span>>,
    variant: Variant,
    end: Timestamp,
}

impl ForgottenSubscription {
    pub(super) fn new(terms: &Terms) -> Self {
        let cast = Cast::new(terms);
        let (world, groups) = cast.world(terms);
        let healthy = terms.variant == Variant::Healthy;
        let topic = format!("{}.fifo", cast.topics[cast.forgotten]);
        let cause = Cause {
            name: "no-subscription",
            env: world.places[PROD].name,
            title: format!(
                "nobody has subscribed to the topic {topic}: what is published there is delivered to no one"
            ),
            signs: vec![Sign::new(
                STAGES[PUBLISHER],
                &[("topic", &topic)],
                Onset::At(cast.deployed),
            )],
        };
        Self {
            setting: Setting {
                world,
                traffic: Cast::traffic(terms),
                config: cast.config(),
                causes: if healthy { Vec::new() } else { vec![cause] },
            },
            blocked: if healthy {
                Vec::new()
            } else {
                blocked(&cast, terms)
            },
            cast,
            groups,
            variant: terms.variant,
            end: terms.span.to,
        }
    }

    fn change(&self, now: Timestamp, random: &mut Random) -> (Change, usize) {
        let topic = random.weighted(&self.cast.weights);
        let name = self.cast.topics[topic];
        let change = Change {
            id: self.cast.ids.make(random),
            sns: random.uuid(),
            sqs: random.uuid(),
            request: random.uuid(),
            topic: if now < self.cast.deployed {
                name.to_owned()
            } else {
                format!("{name}.fifo")
            },
            group: random.below(MESSAGE_GROUPS),
        };
        (change, topic)
    }

    /// Until when a change's message group is held up, if it is.
    fn held_up(&self, trip: &Trip<'_>, change: &Change, topic: usize) -> Option<Timestamp> {
        let concerned = trip.place == PROD && topic == self.cast.forgotten;
        let blocked = self.blocked.get(change.group as usize).copied().flatten()?;
        (concerned && blocked.contains(trip.now)).then_some(blocked.to)
    }

    fn publish(trip: &mut Trip<'_>, change: &Change, groups: &Groups) {
        let began = trip.now;
        let node = trip.any(groups.publisher);
        trip.sight(node, Mark::Enter, FIRST, |pen| lines::accepted(pen, change));
        trip.wait(22.0, 0.5);
        trip.sight(node, Mark::Exit, FIRST | SECOND, |pen| {
            lines::published(pen, change)
        });
        trip.wait(2.0, 0.4);
        let (ms, memory) = (trip.now.since(began), trip.random.between(84, 99));
        trip.mutter(node, |pen| lines::report(pen, change, ms, memory));
    }

    /// Polled from the queue and applied; one that fails holds its place until it is put aside.
    fn apply(trip: &mut Trip<'_>, change: &Change, groups: &Groups, poisoned: bool) {
        let attempts = if poisoned { ATTEMPTS } else { 1 };
        for count in 1..=attempts {
            let node = trip.any(groups.queue);
            trip.sight(node, Mark::Enter, THIRD, |pen| {
                lines::received(pen, change, count)
            });
            trip.wait(250.0, 0.6);
            let thread = trip.random.between(1, 8);
            let node = trip.any(groups.applier);
            if !poisoned {
                trip.sight(node, Mark::Exit, THIRD, |pen| {
                    lines::applied(pen, change, thread)
                });
                return;
            }
            trip.sight(node, Mark::Fail, THIRD, |pen| {
                lines::failed(pen, change, thread)
            });
            trip.wait_between(120_000, 121_500);
        }
        let node = trip.any(groups.aside);
        trip.sight(node, Mark::DeadLetter, THIRD, |pen| {
            lines::put_aside(pen, change, attempts + 1)
        });
    }
}

/// The message groups that are held up when the subscription is there, and how long.
fn blocked(cast: &Cast, terms: &Terms) -> Vec<Option<Span>> {
    let group = |group| {
        let mut random = Random::new(terms.seed, PURPOSE_BLOCKED, group);
        let from = cast.missing.to.plus(random.between(60_000, 1_800_000));
        let to = from.plus(random.between(900_000, 2_700_000));
        (random.below(100) < BLOCKED_OF_100).then(|| Span::new(from, to))
    };
    (0..MESSAGE_GROUPS).map(group).collect()
}

impl Script for ForgottenSubscription {
    fn setting(&self) -> &Setting {
        &self.setting
    }

    fn travel(&self, trip: &mut Trip<'_>) {
        let groups = &self.groups[trip.place];
        let (change, topic) = self.change(trip.now, &mut trip.random);
        trip.ids = vec![change.id.clone(), change.sns.clone(), change.sqs.clone()];
        let fifo = usize::from(trip.now >= self.cast.deployed);
        let concerned = trip.place == PROD && topic == self.cast.forgotten && fifo == 1;
        Self::publish(trip, &change, groups);
        if concerned && self.cast.missing.contains(trip.now) && trip.meets(FORGOTTEN) {
            trip.cause = Some(FORGOTTEN);
            return;
        }
        let dwell_ms = trip.wait(35.0, 0.5);
        let request = trip.random.uuid();
        let node = trip.any(groups.topics[topic][fifo]);
        trip.sight(node, Mark::Enter, SECOND | THIRD, |pen| {
            lines::delivered(pen, &change, dwell_ms, &request)
        });
        trip.wait(400.0, 0.7);
        let held_up = self.held_up(trip, &change, topic);
        let poisoned = held_up.is_some() && trip.random.chance(POISONED);
        if let (Some(until), false) = (held_up, poisoned) {
            trip.wait_until(until);
            trip.wait_between(200, 45_000);
        }
        // One that waits at the end could not be told from a lost one.
        let slow = if self.variant == Variant::Healthy {
            0.01
        } else {
            0.001
        };
        if trip.random.chance(slow) && self.end.since(trip.now) > 40 * 60_000 {
            trip.wait_between(120_000, 700_000);
        }
        Self::apply(trip, &change, groups, poisoned);
    }

    fn hum(&self, pen: &Pen<'_>, random: &mut Random) -> Option<String> {
        lines::noise(pen, random)
    }

    fn speaks(&self, _: usize, _: Timestamp, _: Causes) -> bool {
        true
    }
}

/// Where it is applied is where it ends well.
const _: () = assert!(APPLIER == STAGES.len() - 2);
