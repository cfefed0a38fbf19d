//! One incident by name and options: the questions that need no log line to be made.

use std::sync::Arc;

use super::ack_before_work::AckBeforeWork;
use super::batch_other_region::BatchOtherRegion;
use super::forgotten_subscription::ForgottenSubscription;
use super::random::Random;
use super::script::{Cause, Script, Setting, Terms};
use super::silent_skip::SilentSkip;
use super::traffic::{Positions, Rhythm};
use super::trip::{Causes, Telling, Trip, Wanted, bit};
use super::two_environments::TwoEnvironments;
use super::variant::Variant;
use super::world::LogGroup;
use crate::domain::time::{Span, Timestamp};

const PURPOSE_TRIP: u64 = 0x100;
const PURPOSE_ARRIVAL: u64 = 0x500;

/// One of the incidents that there are.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: &'static str,
    /// What happens in it, in one line.
    pub about: &'static str,
    /// The ways it can go; the usual one first.
    pub variants: &'static [Variant],
    /// How many messages it usually has.
    pub messages: u64,
    minutes: i64,
    write: fn(&Terms) -> Arc<dyn Script>,
}

/// Every incident, the usual one first.
pub static LISTED: [Listed; 5] = [
    Listed {
        name: "two-environments",
        about: "three causes at once: a parameter not decrypted, an engine nobody knows, a stopped swimlane",
        variants: &[Variant::Usual, Variant::Healthy, Variant::Mute],
        messages: 6_000,
        minutes: 200,
        write: |terms| Arc::new(TwoEnvironments::new(terms)),
    },
    Listed {
        name: "ack-before-work",
        about: "a consumer acknowledges, then drops one in 3,000 while its pool is full, without a line",
        variants: &[Variant::Usual, Variant::Healthy, Variant::RightOrder],
        messages: 120_000,
        minutes: 360,
        write: |terms| Arc::new(AckBeforeWork::new(terms)),
    },
    Listed {
        name: "silent-skip",
        about: "a deploy drops all events of one kind: no error, no line, beside a skip that is right",
        variants: &[Variant::Usual, Variant::Healthy],
        messages: 30_000,
        minutes: 480,
        write: |terms| Arc::new(SilentSkip::new(terms)),
    },
    Listed {
        name: "forgotten-subscription",
        about: "topics become FIFO, and for ten hours nobody is subscribed to one of them",
        variants: &[Variant::Usual, Variant::Healthy],
        messages: 180_000,
        minutes: 960,
        write: |terms| Arc::new(ForgottenSubscription::new(terms)),
    },
    Listed {
        name: "batch-other-region",
        about: "a batch of five times the size stops a service in another region, again and again",
        variants: &[Variant::Usual, Variant::Healthy, Variant::Unlisted],
        messages: 40_000,
        minutes: 720,
        write: |terms| Arc::new(BatchOtherRegion::new(terms)),
    },
];

/// The names of the incidents, the default first.
pub const INCIDENTS: [&str; 5] = [
    LISTED[0].name,
    LISTED[1].name,
    LISTED[2].name,
    LISTED[3].name,
    LISTED[4].name,
];

/// What can be chosen about an incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Another seed, other messages; the causes stay.
    pub seed: u64,
    /// How many messages enter in each environment, or in the busiest one. More messages make it
    /// denser, not longer.
    pub messages: u64,
    /// When the incident ends and the logs are read: nothing bears a later timestamp.
    pub end: Timestamp,
    /// Deliver much of it late and out of order: one event in twelve up to four minutes late.
    pub shuffle_late: bool,
    /// Which way it goes.
    pub variant: Variant,
    /// Let the seed also draw names, hosts, versions, rates, sizes and the time of the causes.
    pub vary: bool,
    /// These causes, by name, do not happen; what the others take stays the same.
    pub without: Vec<&'static str>,
}

impl Default for Options {
    /// 6,000 messages an environment, ending 2026-03-14T03:20:00Z.
    fn default() -> Self {
        Self {
            seed: 7,
            messages: LISTED[0].messages,
            end: Timestamp(1_773_458_400_000),
            shuffle_late: false,
            variant: Variant::Usual,
            vary: false,
            without: Vec::new(),
        }
    }
}

impl Options {
    /// The default with as many messages as the incident of that name usually has.
    #[must_use]
    pub fn usual(name: &str) -> Self {
        let usual = Self::default();
        let messages = listed(name).map_or(usual.messages, |listed| listed.messages);
        Self { messages, ..usual }
    }
}

/// The incident of this name.
#[must_use]
pub fn listed(name: &str) -> Option<&'static Listed> {
    LISTED.iter().find(|listed| listed.name == name)
}

/// One incident, not yet told.
#[derive(Clone)]
pub struct Incident {
    listed: &'static Listed,
    pub(super) script: Arc<dyn Script>,
    pub(super) options: Options,
    without: Causes,
}

/// The incident of this name, or `None` where there is none, or none of this variant; see [`LISTED`].
#[must_use]
pub fn incident(name: &str, options: &Options) -> Option<Incident> {
    let listed = listed(name)?;
    if !listed.variants.contains(&options.variant) {
        return None;
    }
    let script = (listed.write)(&Terms {
        seed: options.seed,
        messages: options.messages,
        span: span(listed, options),
        variant: options.variant,
        vary: options.vary,
    });
    let causes = script.setting().causes.iter().enumerate();
    let without = causes
        .filter(|(_, cause)| options.without.contains(&cause.name))
        .fold(0, |set, (index, _)| set | bit(index));
    Some(Incident {
        listed,
        script,
        options: options.clone(),
        without,
    })
}

fn span(listed: &Listed, options: &Options) -> Span {
    Span::new(options.end.plus(-listed.minutes * 60_000), options.end)
}

impl Incident {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.listed.name
    }

    /// Its name with all that makes it another one: the same words for the same incident.
    #[must_use]
    pub fn identity(&self) -> String {
        let Options {
            seed,
            messages,
            variant,
            ..
        } = &self.options;
        let name = self.listed.name;
        format!("{name} {} {seed} {messages}", variant.word())
    }

    /// The configuration (TOML) that reads its logs, from files and from CloudWatch.
    #[must_use]
    pub fn config(&self) -> &str {
        &self.setting().config
    }

    /// The window it happens in.
    #[must_use]
    pub fn span(&self) -> Span {
        span(self.listed, &self.options)
    }

    /// What goes wrong in it.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.setting().causes
    }

    /// Every log group, environment by environment.
    #[must_use]
    pub fn groups(&self) -> &[LogGroup] {
        &self.setting().world.groups
    }

    pub(super) fn setting(&self) -> &Setting {
        self.script.setting()
    }

    /// The causes at work.
    pub(super) fn active(&self) -> Causes {
        let all = (0..self.causes().len()).fold(0, |set, cause| set | bit(cause));
        all & !self.without
    }

    /// How many lines that concern no message each machine writes: fewer where there are much fewer
    /// messages than usual.
    pub(super) fn noise_lines(&self) -> i64 {
        let tenths = 10.0 * self.options.messages as f64 / self.listed.messages as f64;
        ((600.0 * tenths) as i64).clamp(60, 600)
    }

    /// When each message of an environment enters, in that order.
    pub(super) fn arrivals(&self, place: usize) -> Arrivals<'_> {
        let share = self.setting().world.places[place].share;
        let count = (self.options.messages as f64 * share).max(1.0) as u64;
        Arrivals {
            incident: self,
            place,
            next: 0,
            count,
            positions: Positions::new(count),
        }
    }

    /// The whole way of one message. One that a removed cause would have stopped meets no cause at
    /// all, so that no other cause takes more for it.
    pub(super) fn trip(&self, arrival: Arrival, wanted: Wanted) -> Trip<'_> {
        let all = self.active() | self.without;
        let trip = self.travel(arrival, wanted, all);
        if trip.met & self.without == 0 {
            return trip;
        }
        if trip
            .cause
            .is_none_or(|cause| self.without & bit(cause) != 0)
        {
            return self.travel(arrival, wanted, 0);
        }
        let other = self.travel(arrival, wanted, self.active());
        if other.cause == trip.cause {
            other
        } else {
            trip
        }
    }

    fn travel(&self, arrival: Arrival, wanted: Wanted, active: Causes) -> Trip<'_> {
        let telling = Telling {
            world: &self.setting().world,
            span: self.span(),
            wanted,
            active,
        };
        let mut random = self.random(arrival.place, arrival.index);
        random.next();
        let mut trip = Trip::new(telling, arrival.place, arrival.entered, random);
        self.script.travel(&mut trip);
        trip
    }

    fn random(&self, place: usize, index: u64) -> Random {
        Random::new(self.options.seed, PURPOSE_TRIP + place as u64, index)
    }
}

/// One message that enters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) place: usize,
    pub(super) index: u64,
    pub(super) entered: Timestamp,
}

/// See [`Incident::arrivals`].
pub(super) struct Arrivals<'a> {
    incident: &'a Incident,
    place: usize,
    next: u64,
    count: u64,
    positions: Positions,
}

impl Iterator for Arrivals<'_> {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        let (incident, place, index) = (self.incident, self.place, self.next);
        if index == self.count {
            return None;
        }
        self.next += 1;
        let traffic = &incident.setting().traffic[place];
        let position = match traffic.rhythm {
            Rhythm::Even => {
                let jitter = incident.random(place, index).unit();
                self.positions.even(index, jitter)
            }
            Rhythm::Poisson => self.positions.poisson(index, |block| {
                let purpose = PURPOSE_ARRIVAL + place as u64;
                Random::new(incident.options.seed, purpose, block)
            }),
        };
        let entered = incident.span().from.plus(traffic.at(position));
        Some(Arrival {
            place,
            index,
            entered,
        })
    }
}
