//! One incident by name and options: the questions that need no log line to be made.

use std::sync::Arc;

use super::random::Random;
use super::script::{Cause, Script, Trip};
use super::two_environments::{self, TwoEnvironments};
use super::world::LogGroup;
use crate::domain::time::{Span, Timestamp};

/// The names of the incidents, the default first.
pub const INCIDENTS: [&str; 1] = [two_environments::NAME];

/// How long an incident lasts, in milliseconds.
const LENGTH_MS: i64 = 200 * 60_000;
/// Quiet before the first message, so that none begins before the window.
const LEAD_IN_MS: i64 = 10_000;

const PURPOSE_TRIP: u64 = 0x100;

/// What can be chosen about an incident.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Another seed, other messages; the causes stay.
    pub seed: u64,
    /// How many messages enter in each environment. More messages make it denser, not longer.
    pub messages: u64,
    /// When the incident ends and the logs are read: nothing bears a later timestamp.
    pub end: Timestamp,
    /// Deliver much of it late and out of order: one event in twelve up to four minutes late.
    pub shuffle_late: bool,
}

impl Default for Options {
    /// 6,000 messages an environment, ending 2026-03-14T03:20:00Z.
    fn default() -> Self {
        Self {
            seed: 7,
            messages: 6_000,
            end: Timestamp(1_773_458_400_000),
            shuffle_late: false,
        }
    }
}

/// One incident, not yet told.
#[derive(Clone)]
pub struct Incident {
    pub(super) script: Arc<dyn Script>,
    pub(super) options: Options,
}

/// The incident of this name, or `None` where there is none; see [`INCIDENTS`].
#[must_use]
pub fn incident(name: &str, options: &Options) -> Option<Incident> {
    let span = Span::new(options.end.plus(-LENGTH_MS), options.end);
    let script: Arc<dyn Script> = match name {
        two_environments::NAME => Arc::new(TwoEnvironments::new(options.seed, span)),
        _ => return None,
    };
    Some(Incident {
        script,
        options: *options,
    })
}

impl Incident {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.script.name()
    }

    /// The configuration (TOML) that reads its logs, from files and from CloudWatch.
    #[must_use]
    pub fn config(&self) -> &'static str {
        self.script.config()
    }

    /// The window it happens in.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.options.end.plus(-LENGTH_MS), self.options.end)
    }

    /// What goes wrong in it.
    #[must_use]
    pub fn causes(&self) -> &'static [Cause] {
        self.script.causes()
    }

    /// Every log group, environment by environment and region by region.
    #[must_use]
    pub fn groups(&self) -> &[LogGroup] {
        &self.script.world().groups
    }

    /// When message `index` of an environment enters; grows with the index.
    pub(super) fn entered(&self, place: usize, index: u64) -> Timestamp {
        let jitter = self.random(place, index).unit();
        let room = (LENGTH_MS - LEAD_IN_MS) as f64;
        let position = (index as f64 + jitter) / self.options.messages as f64;
        self.span().from.plus(LEAD_IN_MS + (room * position) as i64)
    }

    /// The whole way of message `index` of an environment.
    pub(super) fn trip(&self, place: usize, index: u64) -> Trip {
        let mut random = self.random(place, index);
        random.next();
        self.script
            .travel(place, self.entered(place, index), random)
    }

    fn random(&self, place: usize, index: u64) -> Random {
        Random::new(self.options.seed, PURPOSE_TRIP + place as u64, index)
    }
}
