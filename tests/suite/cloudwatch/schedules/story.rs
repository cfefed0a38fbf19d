//! What happens in one run: which faults, and which of them never end. A function of the seed.

use std::time::Duration;

use crate::support::fake_cloudwatch::call::Hash;
use crate::support::fake_cloudwatch::schedule::{Schedule, passing};
use crate::support::fake_cloudwatch::{Call, Gate, Trouble};
use crate::support::fleet::{ENVIRONMENTS, Fleet, Place, REGIONS, group_name};

/// A fault that does not end.
#[derive(Clone, Debug)]
pub(super) enum Lasting {
    /// Everything ends.
    Nothing,
    /// This log group may not be read.
    Denied(Place),
    /// From the second page on, the session of this environment is over in this region.
    Expired(&'static str, &'static str),
    /// Nothing but this ever comes from this region.
    Endless(&'static str, Trouble),
    /// This region does not answer before all others are done.
    Slow(&'static str, Gate),
}

/// One run.
#[derive(Clone, Debug)]
pub(super) struct Story {
    passing: Schedule,
    pub(super) lasting: Lasting,
    /// Calls may hang, which only patience ends.
    pub(super) hangs: bool,
}

impl Story {
    pub(super) fn new(seed: u64, fleet: &Fleet) -> Self {
        let mut kinds = passing();
        let draw =
            |salt: i64, sides: usize| (Hash::new(seed).number(salt).end() % sides as u64) as usize;
        let (percent, longest) = (10 + draw(1, 40) as u64, 1 + draw(2, 3) as u64);
        let hangs = seed % 20 == 19;
        let lasting = match seed % 10 {
            0 => {
                let places: Vec<Place> = fleet.places().collect();
                Lasting::Denied(places[draw(3, places.len())])
            }
            1 => Lasting::Expired(ENVIRONMENTS[draw(4, 2)].0, REGIONS[draw(5, 5)]),
            2 => {
                let endless = [Trouble::Throttle, Trouble::Status(503), Trouble::CutBody];
                Lasting::Endless(REGIONS[draw(6, 5)], endless[draw(7, 3)].clone())
            }
            3 => Lasting::Slow(REGIONS[draw(8, 5)], Gate::default()),
            _ => Lasting::Nothing,
        };
        let passing = if hangs {
            Schedule::new(seed, 2, 1, vec![Trouble::Hang])
        } else if seed % 10 == 4 || seed % 10 == 5 {
            let alone = kinds.swap_remove((seed / 5) as usize % kinds.len());
            Schedule::new(seed, percent, longest, vec![alone])
        } else {
            let keep = draw(9, 1 << kinds.len()) | 1 << draw(10, kinds.len());
            let kept = kinds.into_iter().enumerate();
            let kept = kept.filter(|(n, _)| keep & (1 << n) != 0);
            Schedule::new(seed, percent, longest, kept.map(|(_, kind)| kind).collect())
        };
        Self {
            passing,
            lasting,
            hangs,
        }
    }

    /// What happens to a call.
    pub(super) fn trouble(&self, call: &Call) -> Option<Trouble> {
        let lasting = if call.operation == "FilterLogEvents" {
            self.stays(call)
        } else {
            None
        };
        lasting.or_else(|| self.passing.trouble(call))
    }

    fn stays(&self, call: &Call) -> Option<Trouble> {
        let env = ENVIRONMENTS
            .iter()
            .find(|(_, account)| *account == call.account);
        let env = env.map_or("", |(env, _)| *env);
        match &self.lasting {
            Lasting::Denied(place) => {
                (place.1 == call.region && group_name(*place) == call.group).then_some(
                    Trouble::Error(400, "AccessDeniedException", "not authorized"),
                )
            }
            Lasting::Expired(of, region) => {
                let over = *of == env && *region == call.region && call.position.is_some();
                over.then_some(Trouble::Error(400, "ExpiredTokenException", "expired"))
            }
            Lasting::Endless(region, trouble) => (*region == call.region).then(|| trouble.clone()),
            // What it answers then may be disturbed the next time it is asked.
            Lasting::Slow(region, gate) => {
                (*region == call.region && call.attempt == 0).then(|| Trouble::Wait(gate.clone()))
            }
            Lasting::Nothing => None,
        }
    }

    /// Whether something of this log group is never read.
    pub(super) fn hides(&self, place: Place) -> bool {
        match &self.lasting {
            Lasting::Denied(denied) => *denied == place,
            Lasting::Expired(env, region) => (*env, *region) == (place.0, place.1),
            Lasting::Endless(region, _) => *region == place.1,
            Lasting::Nothing | Lasting::Slow(..) => false,
        }
    }

    /// How long an answer may take.
    pub(super) fn patience(&self) -> Duration {
        // Only a call that hangs is worth giving up on.
        Duration::from_secs(if self.hangs { 2 } else { 60 })
    }
}
