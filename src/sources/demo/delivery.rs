//! From what happened to what can be read: clocks, lateness, repeats, and the end of the window.
//!
//! Merges the trips of all messages with the noise of all machines in the order log events arrive.
//! Holds what has happened and not yet arrived, never the whole.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::incident::Incident;
use super::random::Random;
use super::world::PLACES;
use super::{lines, noise};
use crate::domain::time::Timestamp;

const PURPOSE_DELIVERY: u64 = 0x200;
const PURPOSE_NOISE: u64 = 0x300;

/// How often each machine writes a line that concerns no message.
const NOISE_EVERY_MS: i64 = 20_000;

/// How events reach the log group.
struct Lateness {
    share: f64,
    most_ms: i64,
}

const USUAL: Lateness = Lateness {
    share: 0.005,
    most_ms: 40_000,
};
const SHUFFLED: Lateness = Lateness {
    share: 0.08,
    most_ms: 240_000,
};

/// How many log events are delivered twice.
const REPEATED: f64 = 0.004;

/// One log event of a demo, as CloudWatch would hand it over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemoEvent {
    /// By the clock of whoever wrote it.
    pub timestamp: Timestamp,
    /// When it arrived.
    pub ingestion: Timestamp,
    /// Its log stream.
    pub stream: Arc<str>,
    /// Its text; may hold line ends.
    pub message: String,
}

impl Incident {
    /// The log events of one log group, in the order they arrive; empty for an unknown one.
    pub fn events<'a>(
        &'a self,
        env: &str,
        region: &str,
        group: &str,
    ) -> impl Iterator<Item = DemoEvent> + use<'a> {
        let wanted = self
            .groups()
            .iter()
            .position(|g| (g.env, g.region, g.name) == (env, region, group));
        wanted
            .map(|index| Deliveries::new(self, Some(index)).map(|(_, event)| event))
            .into_iter()
            .flatten()
    }

    /// The log events of all log groups, each with its index into [`Incident::groups`], in the order
    /// they arrive.
    pub fn all_events(&self) -> impl Iterator<Item = (usize, DemoEvent)> {
        Deliveries::new(self, None)
    }
}

/// Log events in the order they arrive, each with the index of its log group.
pub(super) struct Deliveries<'a> {
    incident: &'a Incident,
    /// Only this log group.
    wanted: Option<usize>,
    underway: BinaryHeap<Reverse<Underway>>,
    /// The next message of each environment, and when it enters.
    messages: Vec<(Timestamp, u64)>,
    /// The next noise line of all machines together.
    noise: (Timestamp, u64),
    sent: u64,
}

struct Underway {
    /// Arrival; then the order of making, so that equal times keep their order.
    key: (Timestamp, u64),
    group: usize,
    event: DemoEvent,
}

impl PartialEq for Underway {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl Eq for Underway {}
impl PartialOrd for Underway {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Underway {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl<'a> Deliveries<'a> {
    pub(super) fn new(incident: &'a Incident, wanted: Option<usize>) -> Self {
        let mut deliveries = Self {
            incident,
            wanted,
            underway: BinaryHeap::new(),
            messages: vec![(Timestamp::MAX, 0); PLACES.len()],
            noise: (incident.span().from, 0),
            sent: 0,
        };
        for place in 0..PLACES.len() {
            deliveries.schedule(place, 0);
        }
        deliveries
    }

    /// Notes when the message at `index` enters. Environments that nobody reads stay silent.
    fn schedule(&mut self, place: usize, index: u64) {
        let world = self.incident.script.world();
        let name = PLACES[place].name;
        let unread = self
            .wanted
            .is_some_and(|group| world.groups[group].env != name);
        let enters = if unread || index >= self.incident.options.messages {
            Timestamp::MAX
        } else {
            self.incident.entered(place, index)
        };
        self.messages[place] = (enters, index);
    }

    /// Nothing that is made later arrives before this time.
    fn frontier(&self) -> Timestamp {
        let messages = self.messages.iter().map(|(time, _)| *time).min();
        messages.map_or(self.noise.0, |time| time.min(self.noise.0))
    }

    /// Makes the events of whatever happens next.
    fn advance(&mut self) {
        let next = self
            .messages
            .iter()
            .enumerate()
            .min_by_key(|(_, (time, _))| *time);
        match next {
            Some((place, (enters, index))) if *enters <= self.noise.0 => {
                let index = *index;
                self.tell(place, index);
                self.schedule(place, index + 1);
            }
            _ => self.hum(),
        }
    }

    /// The lines of one message.
    fn tell(&mut self, place: usize, index: u64) {
        let trip = self.incident.trip(place, index);
        let purpose = PURPOSE_DELIVERY + place as u64;
        let mut random = Random::new(self.incident.options.seed, purpose, index);
        let world = self.incident.script.world();
        for step in &trip.steps {
            // The same draws whichever log group is read.
            let arrival = self.arrival(step.at, &mut random);
            let again = random
                .chance(REPEATED)
                .then(|| arrival.plus(random.between(1, 900)));
            let Some(time) = self.stamped(step.node, step.at) else {
                continue;
            };
            let text = lines::render(step.line, &trip.message, world, step.node, time);
            if let Some(again) = again {
                self.send(step.node, time, again, text.clone());
            }
            self.send(step.node, time, arrival, text);
        }
    }

    /// One line of noise: each machine in its turn.
    fn hum(&mut self) {
        let world = self.incident.script.world();
        let (at, tick) = self.noise;
        let count = world.nodes.len() as u64;
        let node = (tick % count) as usize;
        let next = self
            .incident
            .span()
            .from
            .plus((tick + 1) as i64 * NOISE_EVERY_MS / count as i64);
        let over = next > self.incident.options.end;
        self.noise = (if over { Timestamp::MAX } else { next }, tick + 1);
        let mut random = Random::new(self.incident.options.seed, PURPOSE_NOISE, tick);
        let arrival = self.arrival(at, &mut random);
        let speaks = self.incident.script.speaks(node, at);
        if let (true, Some(time)) = (speaks, self.stamped(node, at))
            && let Some(text) = noise::render(&world.nodes[node], time, &mut random)
        {
            self.send(node, time, arrival, text);
        }
    }

    fn arrival(&self, at: Timestamp, random: &mut Random) -> Timestamp {
        let lateness = if self.incident.options.shuffle_late {
            SHUFFLED
        } else {
            USUAL
        };
        let late = random.chance(lateness.share);
        let extra = random.between(5_000, lateness.most_ms);
        let usual = random.latency(350.0, 0.5);
        at.plus(if late { extra } else { usual })
    }

    /// The time that a machine's own clock gives; `None` where the event is not read.
    fn stamped(&self, node: usize, at: Timestamp) -> Option<Timestamp> {
        let machine = &self.incident.script.world().nodes[node];
        let wanted = self.wanted.is_none_or(|group| group == machine.group);
        let time = at.plus(machine.skew_ms);
        (wanted && self.incident.span().contains(time)).then_some(time)
    }

    fn send(&mut self, node: usize, timestamp: Timestamp, ingestion: Timestamp, message: String) {
        let machine = &self.incident.script.world().nodes[node];
        let event = DemoEvent {
            timestamp,
            ingestion,
            stream: machine.stream.clone(),
            message,
        };
        let key = (ingestion, self.sent);
        self.sent += 1;
        self.underway.push(Reverse(Underway {
            key,
            group: machine.group,
            event,
        }));
    }
}

impl Iterator for Deliveries<'_> {
    type Item = (usize, DemoEvent);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let frontier = self.frontier();
            let ready = self
                .underway
                .peek()
                .is_some_and(|Reverse(u)| u.key.0 <= frontier);
            if ready || frontier == Timestamp::MAX {
                let Reverse(underway) = self.underway.pop()?;
                return Some((underway.group, underway.event));
            }
            self.advance();
        }
    }
}
