//! The incident `ack-before-work`: a consumer acknowledges first and hands over to its pool then.
//!
//! Shipments go gateway, broker, consumer, worker. The consumer tells the broker that it has a
//! shipment and only then looks for a free thread; where the pool is full, one in some hundreds is
//! dropped, and nothing says so. That is one in 3,000 of all. In the variant `right-order` what finds
//! the pool full goes back to the broker, and the acknowledgement follows the work.

use cast::{BROKER, CONSUMER, Cast, FULL_AT_PEAK, GATEWAY, PROD, STAGES, WORKER};
use lines::Shipment;

use super::random::Random;
use super::script::{Cause, Onset, Script, Setting, Sign, Terms};
use super::trip::{Causes, FIRST, Pen, Trip};
use super::variant::Variant;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Mark;

mod cast;
mod lines;

const DROPPED: usize = 0;

const KINDS: [&str; 4] = ["parcel", "express", "pallet", "letter"];
const KIND_WEIGHTS: [u64; 4] = [55, 20, 10, 15];

/// What becomes of a shipment that is not dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Plain,
    /// The broker hands it out twice.
    Redelivered,
    /// The work fails, and a line says so.
    Failed,
    /// It waits long in the broker, and comes through.
    Slow,
}

const FATES: [(Fate, u64); 4] = [
    (Fate::Plain, 9_900),
    (Fate::Redelivered, 50),
    (Fate::Failed, 40),
    (Fate::Slow, 10),
];

/// See the top of this file.
pub(super) struct AckBeforeWork {
    setting: Setting,
    cast: Cast,
    /// By environment and region, the log group of each stage.
    groups: Vec<Vec<usize>>,
    /// How often a shipment is dropped that finds the pool full.
    dropped: f64,
    variant: Variant,
    end: Timestamp,
}

impl AckBeforeWork {
    pub(super) fn new(terms: &Terms) -> Self {
        let cast = Cast::new(terms);
        let (world, groups) = cast.world(terms);
        let traffic = cast.traffic(terms);
        let pool = cast.pool.to_string();
        let cause = Cause {
            name: "acked-then-dropped",
            env: world.places[PROD].name,
            title: format!(
                "the consumer acknowledges, and drops what then finds its pool of {pool} full"
            ),
            signs: vec![Sign::new(
                STAGES[CONSUMER],
                &[("inflight", &pool)],
                Onset::Diffuse,
            )],
        };
        let usual = terms.variant == Variant::Usual;
        Self {
            dropped: if usual {
                cast.share(&traffic[PROD])
            } else {
                0.0
            },
            setting: Setting {
                world,
                traffic,
                config: cast.config(),
                causes: if usual { vec![cause] } else { Vec::new() },
            },
            cast,
            groups,
            variant: terms.variant,
            end: terms.span.to,
        }
    }

    fn shipment(&self, random: &mut Random) -> Shipment {
        Shipment {
            id: self.cast.ids.make(random),
            kind: KINDS[random.weighted(&KIND_WEIGHTS)],
            priority: random.between(1, 5),
        }
    }

    fn fate(&self, now: Timestamp, random: &mut Random) -> Fate {
        let mut weights = FATES.map(|(_, weight)| weight);
        if self.variant == Variant::Healthy {
            weights[FATES.len() - 1] *= 20;
        }
        let fate = FATES[random.weighted(&weights)].0;
        // One that waits at the end could not be told from a lost one.
        if fate == Fate::Slow && self.end.since(now) < 30 * 60_000 {
            Fate::Plain
        } else {
            fate
        }
    }

    /// How many threads of the pool are busy.
    fn inflight(&self, trip: &mut Trip<'_>) -> i64 {
        let pool = self.cast.pool;
        if !self.cast.at_peak(trip.place, trip.now) {
            return trip.random.between(pool / 16, pool * 3 / 4);
        }
        if trip.random.chance(FULL_AT_PEAK) {
            pool
        } else {
            trip.random.between(pool * 3 / 4, pool - 1)
        }
    }

    /// Gateway and broker.
    fn publish(&self, trip: &mut Trip<'_>, shipment: &Shipment, groups: &[usize]) {
        let node = trip.any(groups[GATEWAY]);
        trip.sight(node, Mark::Enter, FIRST, |pen| {
            lines::gateway(pen, shipment, "accepted")
        });
        trip.wait(9.0, 0.5);
        trip.sight(node, Mark::Exit, FIRST, |pen| {
            lines::gateway(pen, shipment, "published")
        });
        trip.wait(6.0, 0.5);
        let peak = self.cast.at_peak(trip.place, trip.now);
        let depth = trip.random.between(0, if peak { 900 } else { 30 });
        let node = trip.any(groups[BROKER]);
        trip.sight(node, Mark::Enter, FIRST, |pen| {
            lines::broker(pen, shipment, depth)
        });
        trip.wait(if peak { 1_400.0 } else { 40.0 }, 0.6);
    }

    /// The consumer as it is, false where it drops the shipment; and as it should be.
    fn consume(&self, trip: &mut Trip<'_>, shipment: &Shipment, groups: &[usize]) -> bool {
        let pool = self.cast.pool;
        let node = trip.any(groups[CONSUMER]);
        trip.sight(node, Mark::Enter, FIRST, |pen| {
            lines::consumer(pen, shipment, "received", None)
        });
        trip.wait(3.0, 0.4);
        let inflight = self.inflight(trip);
        let full = inflight == pool;
        let threads = Some((inflight, pool));
        if self.variant == Variant::RightOrder {
            if full {
                trip.sight(node, Mark::Retry, FIRST, |pen| {
                    lines::consumer(pen, shipment, "requeued", threads)
                });
                trip.wait_between(2_000, 9_000);
                let node = trip.any(groups[CONSUMER]);
                trip.sight(node, Mark::Enter, FIRST, |pen| {
                    lines::consumer(pen, shipment, "received", None)
                });
            }
            return true;
        }
        trip.sight(node, Mark::Ack, FIRST, |pen| {
            lines::consumer(pen, shipment, "acknowledged", threads)
        });
        if full && trip.random.chance(self.dropped) && trip.meets(DROPPED) {
            trip.cause = Some(DROPPED);
            return false;
        }
        trip.wait(if full { 2_500.0 } else { 4.0 }, 0.5);
        true
    }

    fn work(&self, trip: &mut Trip<'_>, shipment: &Shipment, groups: &[usize], fate: Fate) {
        let node = trip.any(groups[WORKER]);
        trip.sight(node, Mark::Enter, FIRST, |pen| {
            lines::worker(pen, shipment, "begin", "")
        });
        let ms = trip.wait(700.0, 0.6);
        if fate == Fate::Failed {
            let error = r#","err":{"type":"AddressRejected","code":422}"#;
            trip.sight(node, Mark::Fail, FIRST, |pen| {
                lines::worker(pen, shipment, "failed", error)
            });
            return;
        }
        let took = format!(r#","took_ms":{ms}"#);
        trip.sight(node, Mark::Exit, FIRST, |pen| {
            lines::worker(pen, shipment, "complete", &took)
        });
        if self.variant == Variant::RightOrder {
            trip.wait(4.0, 0.4);
            let inflight = self.inflight(trip);
            let node = trip.any(groups[CONSUMER]);
            trip.sight(node, Mark::Ack, FIRST, |pen| {
                lines::consumer(
                    pen,
                    shipment,
                    "acknowledged",
                    Some((inflight, self.cast.pool)),
                )
            });
        }
    }
}

impl Script for AckBeforeWork {
    fn setting(&self) -> &Setting {
        &self.setting
    }

    fn travel(&self, trip: &mut Trip<'_>) {
        let of_env = &self.groups[trip.place];
        let region = trip.random.below((of_env.len() / STAGES.len()) as u64) as usize;
        let groups = &of_env[region * STAGES.len()..][..STAGES.len()];
        let fate = self.fate(trip.now, &mut trip.random);
        let shipment = self.shipment(&mut trip.random);
        trip.ids = vec![shipment.id.clone()];
        self.publish(trip, &shipment, groups);
        if fate == Fate::Slow {
            trip.wait_between(90_000, 400_000);
        }
        let runs = if fate == Fate::Redelivered { 2 } else { 1 };
        for _ in 0..runs {
            if !self.consume(trip, &shipment, groups) {
                return;
            }
            self.work(trip, &shipment, groups, fate);
            trip.wait_between(1_000, 20_000);
        }
    }

    fn hum(&self, pen: &Pen<'_>, random: &mut Random) -> Option<String> {
        Some(lines::noise(pen, self.cast.pool, random))
    }

    fn speaks(&self, _: usize, _: Timestamp, _: Causes) -> bool {
        true
    }
}
