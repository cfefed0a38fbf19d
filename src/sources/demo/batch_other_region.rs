//! The incident `batch-other-region`: a batch of five times the usual size, and a second service in
//! another region that has not the memory for it.
//!
//! Items go scheduler, importer, enricher, archive. The enricher logs in another region, in another
//! format and by another clock on the wall. Usual batches pass; in the big one its memory climbs to the
//! limit, the process stops, and somebody starts it again: four times. What it had finished shortly
//! before is done twice; some of what it had begun is never done. In the variant `unlisted` the
//! configuration does not know that other region.

use cast::{ARCHIVE, Cast, ENRICHER, IMPORTER, PROD, SCHEDULER, STAGES};
use lines::Item;

use super::random::Random;
use super::script::{Cause, Onset, Script, Setting, Sign, Terms};
use super::trip::{Causes, FIRST, Pen, SECOND, Trip};
use super::variant::Variant;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Mark;

mod cast;
mod lines;

const STOPPED: usize = 0;

/// What an item takes in the second service, about.
const ENRICH_MS: f64 = 3_000.0;
/// About so many items are lost at each stop, however many there are.
const LOST_EACH: f64 = 16.0;
/// What was finished so shortly before a stop is not known to be finished afterwards.
const UNSAVED_MS: i64 = 20_000;

/// See the top of this file.
pub(super) struct BatchOtherRegion {
    setting: Setting,
    cast: Cast,
    /// By environment, the log group of each stage.
    groups: Vec<Vec<usize>>,
    /// How many items a usual batch has, by environment.
    batch_size: [u64; 2],
    /// How often an item is lost that is under way at a stop.
    lost: f64,
    variant: Variant,
}

impl BatchOtherRegion {
    pub(super) fn new(terms: &Terms) -> Self {
        let cast = Cast::new(terms);
        let (world, groups) = cast.world(terms);
        let messages = terms.messages as f64;
        let share = |place: usize| messages * world.places[place].share;
        let heap = (cast.limit * 97 / 100).to_string();
        let batch_size = [(share(0) / 8.0) as u64, (share(1) / 4.0) as u64];
        let big = (5 * batch_size[PROD]).to_string();
        let first_stop = cast.runs.first().map_or(terms.span.from, |run| run.to);
        let cause = Cause {
            name: "out-of-memory",
            env: world.places[PROD].name,
            title: format!(
                "the enricher stops at its limit of {} MB, and what it had begun is not done",
                cast.limit
            ),
            signs: vec![Sign::new(
                STAGES[ENRICHER],
                &[("heap", &heap), ("batch", "settle-4"), ("batchSize", &big)],
                Onset::At(first_stop),
            )],
        };
        let healthy = terms.variant == Variant::Healthy;
        Self {
            batch_size,
            lost: (LOST_EACH / (cast.rate(messages) * ENRICH_MS)).min(1.0),
            setting: Setting {
                traffic: cast.traffic(terms),
                config: cast.config(terms.variant),
                causes: if healthy { Vec::new() } else { vec![cause] },
                world,
            },
            cast,
            groups,
            variant: terms.variant,
        }
    }

    fn item(&self, place: usize, now: Timestamp, random: &mut Random) -> Item {
        let batch = self.cast.batch(now);
        let big = place == PROD && batch == 3;
        Item {
            id: self.cast.ids.make(random),
            reference: format!("E{}", random.text(b"0123456789ABCDEF", 20)),
            request: random.uuid(),
            batch: batch + 1,
            batch_size: self.batch_size[place] * if big { 5 } else { 1 },
        }
    }

    /// Scheduler and importer; whether the item goes on.
    fn import(trip: &mut Trip<'_>, item: &Item, groups: &[usize]) -> bool {
        let node = trip.any(groups[SCHEDULER]);
        trip.sight(node, Mark::Enter, FIRST, |pen| lines::scheduled(pen, item));
        trip.wait(900.0, 0.7);
        let node = trip.any(groups[IMPORTER]);
        trip.sight(node, Mark::Enter, FIRST, |pen| {
            lines::importer(pen, item, "item loaded", "")
        });
        trip.wait(60.0, 0.5);
        if trip.random.chance(0.002) {
            let more = " error=\"currency is missing\"";
            trip.sight(node, Mark::Fail, FIRST, |pen| {
                lines::importer(pen, item, "item refused", more)
            });
            return false;
        }
        let more = format!(" enrich_ref={}", item.reference);
        trip.sight(node, Mark::Exit, FIRST | SECOND, |pen| {
            lines::importer(pen, item, "item handed over", &more)
        });
        trip.wait(500.0, 0.6);
        true
    }

    /// The second service; whether the item comes out of it. What is under way when it stops, or was
    /// finished too shortly before, is done again after the next start.
    fn enrich(&self, trip: &mut Trip<'_>, item: &Item, groups: &[usize]) -> bool {
        let mut came_out = false;
        loop {
            if trip.place == PROD
                && let Some(started) = self.cast.down_until(trip.now)
                && trip.meets(STOPPED)
            {
                trip.wait_until(started);
                trip.wait_between(3_000, 90_000);
            }
            let node = trip.any(groups[ENRICHER]);
            let thread = trip.random.between(1, 12);
            let stops = self.cast.stops(trip.now).filter(|_| trip.place == PROD);
            self.enricher_line(trip, node, item, "begin", thread);
            let ends = trip.now.plus(trip.random.latency(ENRICH_MS, 0.5));
            if let Some(stop) = stops
                && stop < ends
                && trip.meets(STOPPED)
            {
                trip.wait_until(stop);
                if !came_out && trip.random.chance(self.lost) {
                    trip.cause = Some(STOPPED);
                    return false;
                }
                trip.now = stop.plus(1);
                continue;
            }
            trip.wait_until(ends);
            self.enricher_line(trip, node, item, "end", thread);
            came_out = true;
            self.archive(trip, item, groups);
            let unsaved = stops.filter(|stop| stop.since(ends) < UNSAVED_MS);
            match unsaved {
                Some(stop) if trip.meets(STOPPED) => trip.now = stop.plus(1),
                _ => return true,
            }
        }
    }

    fn enricher_line(
        &self,
        trip: &mut Trip<'_>,
        node: usize,
        item: &Item,
        did: &'static str,
        thread: i64,
    ) {
        let mark = if did == "end" {
            Mark::Exit
        } else {
            Mark::Enter
        };
        trip.sight(node, mark, SECOND, |pen| {
            lines::enricher(pen, &self.cast, item, did, thread)
        });
    }

    fn archive(&self, trip: &mut Trip<'_>, item: &Item, groups: &[usize]) {
        trip.wait(350.0, 0.5);
        if self.variant == Variant::Healthy && trip.random.chance(0.01) {
            trip.wait_between(60_000, 400_000);
        }
        let bytes = trip.random.between(900, 64_000);
        let node = trip.any(groups[ARCHIVE]);
        trip.sight(node, Mark::Exit, FIRST | SECOND, |pen| {
            lines::archived(pen, item, bytes)
        });
    }
}

impl Script for BatchOtherRegion {
    fn setting(&self) -> &Setting {
        &self.setting
    }

    fn travel(&self, trip: &mut Trip<'_>) {
        let groups = &self.groups[trip.place];
        let item = self.item(trip.place, trip.now, &mut trip.random);
        trip.ids = vec![item.id.clone(), item.reference.clone()];
        if Self::import(trip, &item, groups) {
            self.enrich(trip, &item, groups);
        }
    }

    fn hum(&self, pen: &Pen<'_>, random: &mut Random) -> Option<String> {
        lines::noise(pen, &self.cast, random)
    }

    fn speaks(&self, node: usize, time: Timestamp, active: Causes) -> bool {
        let node = &self.setting.world.nodes[node];
        let down = node.place == PROD && node.stage == ENRICHER && active != 0;
        !down || self.cast.down_until(time).is_none()
    }
}
