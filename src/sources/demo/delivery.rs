//! From what happened to what can be read: clocks, lateness, repeats, and the end of the window.
//!
//! Merges the trips of all messages with the noise of all machines in the order log events arrive.
//! Holds what has happened and not yet arrived, never the whole.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::incident::{Arrival, Arrivals, Incident};
use super::random::Random;
use super::trip::{Pen, Wanted};
use crate::domain::time::Timestamp;

const PURPOSE_DELIVERY: u64 = 0x200;
const PURPOSE_NOISE: u64 = 0x300;

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
    /// By environment: who enters next, and who after that.
    messages: Vec<(Option<Arrival>, Arrivals<'a>)>,
    /// The next noise line of all machines together.
    noise: (Timestamp, u64),
    /// How often each machine writes one.
    noise_every_ms: i64,
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
        let world = &incident.setting().world;
        // Environments that nobody reads stay silent.
        let read = |place: usize| {
            wanted.is_none_or(|group| world.groups[group].env == world.places[place].name)
        };
        let messages = (0..world.places.len()).filter(|place| read(*place));
        Self {
            incident,
            wanted,
            underway: BinaryHeap::new(),
            messages: messages
                .map(|place| {
                    let mut arrivals = incident.arrivals(place);
                    (arrivals.next(), arrivals)
                })
                .collect(),
            noise: (incident.span().from, 0),
            noise_every_ms: incident.span().to.since(incident.span().from) / incident.noise_lines(),
            sent: 0,
        }
    }

    /// Who enters next, and when.
    fn next_message(&self) -> Option<(usize, Arrival)> {
        let next = self.messages.iter().enumerate();
        next.filter_map(|(place, (arrival, _))| Some((place, (*arrival)?)))
            .min_by_key(|(_, arrival)| arrival.entered)
    }

    /// Makes the events of whatever happens next.
    fn advance(&mut self) {
        match self.next_message() {
            Some((place, arrival)) if arrival.entered <= self.noise.0 => {
                self.tell(arrival);
                let (next, arrivals) = &mut self.messages[place];
                *next = arrivals.next();
            }
            _ => self.hum(),
        }
    }

    /// Nothing that is made later arrives before this time.
    fn frontier(&self) -> Timestamp {
        let message = self.next_message().map(|(_, arrival)| arrival.entered);
        message.map_or(self.noise.0, |time| time.min(self.noise.0))
    }

    /// The lines of one message.
    fn tell(&mut self, arrival: Arrival) {
        let wanted = self.wanted.map_or(Wanted::All, Wanted::Group);
        let trip = self.incident.trip(arrival, wanted);
        let purpose = PURPOSE_DELIVERY + arrival.place as u64;
        let mut random = Random::new(self.incident.options.seed, purpose, arrival.index);
        for step in trip.steps {
            // The same draws whichever log group is read.
            let arrival = self.arrival(step.at, &mut random);
            let again = random
                .chance(REPEATED)
                .then(|| arrival.plus(random.between(1, 900)));
            let Some(text) = step.text else { continue };
            if let Some(again) = again {
                self.send(step.node, step.time, again, text.clone());
            }
            self.send(step.node, step.time, arrival, text);
        }
    }

    /// One line of noise: each machine in its turn.
    fn hum(&mut self) {
        let incident = self.incident;
        let (world, span) = (&incident.setting().world, incident.span());
        let (at, tick) = self.noise;
        let count = world.nodes.len() as u64;
        let index = (tick % count) as usize;
        let next = (tick + 1) as i64 * self.noise_every_ms / count as i64;
        let next = span.from.plus(next);
        let over = next > span.to;
        self.noise = (if over { Timestamp::MAX } else { next }, tick + 1);
        let mut random = Random::new(incident.options.seed, PURPOSE_NOISE, tick);
        let arrival = self.arrival(at, &mut random);
        let node = &world.nodes[index];
        let time = at.plus(node.skew_ms);
        let wanted = self.wanted.is_none_or(|group| group == node.group);
        let speaks = wanted
            && span.contains(time)
            && node.alive.contains(at)
            && incident.script.speaks(index, at, incident.active());
        let pen = Pen { world, node, time };
        if let Some(text) = speaks
            .then(|| incident.script.hum(&pen, &mut random))
            .flatten()
        {
            self.send(index, time, arrival, text);
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

    fn send(&mut self, node: usize, timestamp: Timestamp, ingestion: Timestamp, message: String) {
        let machine = &self.incident.setting().world.nodes[node];
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
