//! How fast calls may be made, as a state machine: time is an argument, nothing waits here.
//!
//! Additive increase, multiplicative decrease, between a floor and a share of the quota. An endpoint
//! whose quota is not known is not limited until it says so itself.

use std::time::Duration;

use tokio::time::Instant;

/// The share of the quota that is used at first, and at most.
const FIRST: f64 = 0.6;
const MOST: f64 = 0.9;
/// Calls a second that a second without throttling adds.
const GROWTH: f64 = 0.2;
/// What it adds at least where no quota is known, as a share of what is allowed.
const GROWTH_UNKNOWN: f64 = 0.1;

/// The rate of one API in one account and region.
#[derive(Debug)]
pub struct Rate {
    /// Calls a second.
    allowed: Option<f64>,
    most: f64,
    /// The next free time.
    next: Instant,
    /// Nobody calls before this.
    paused: Instant,
    /// When it last became faster or slower.
    changed: Instant,
    /// Calls since the beginning of a second, and in the second before.
    second: Instant,
    calls: (f64, f64),
}

impl Rate {
    /// Of an API with this quota, in calls a second; `None` where it is not known.
    #[must_use]
    pub const fn new(quota: Option<f64>, now: Instant) -> Self {
        let (allowed, most) = match quota {
            Some(quota) => (Some(quota * FIRST), quota * MOST),
            None => (None, f64::INFINITY),
        };
        Self {
            allowed,
            most,
            next: now,
            paused: now,
            changed: now,
            second: now,
            calls: (0.0, 0.0),
        }
    }

    /// Calls a second that are allowed now; `None` for any number.
    #[must_use]
    pub const fn allowed(&self) -> Option<f64> {
        self.allowed
    }

    /// Takes the next free time from `now` on.
    pub fn book(&mut self, now: Instant) -> Instant {
        let mine = self.next.max(now).max(self.paused);
        self.next = match self.allowed {
            Some(rate) => mine + Duration::from_secs_f64(1.0 / rate),
            None => mine,
        };
        if now.duration_since(self.second) >= Duration::from_secs(1) {
            self.second = now;
            self.calls = (0.0, self.calls.0);
        }
        self.calls.0 += 1.0;
        mine
    }

    /// Until when everybody pauses, if at all.
    #[must_use]
    pub fn pause(&self, now: Instant) -> Option<Instant> {
        (self.paused > now).then_some(self.paused)
    }

    /// A call was answered.
    pub fn answered(&mut self, now: Instant) {
        if let Some(rate) = &mut self.allowed {
            let since = now.saturating_duration_since(self.changed).as_secs_f64();
            let mut growth = GROWTH;
            if self.most.is_infinite() {
                growth = growth.max(*rate * GROWTH_UNKNOWN);
            }
            *rate = (*rate + growth * since.min(1.0)).min(self.most);
            self.changed = self.changed.max(now);
        }
    }

    /// A call that was made at `sent` was throttled. Returns the new rate; `None` where that call was
    /// made before the last slowing down, which it says nothing about.
    pub fn throttled(
        &mut self,
        sent: Instant,
        now: Instant,
        pause: Duration,
        slowest: f64,
    ) -> Option<f64> {
        if sent < self.paused {
            return None;
        }
        let before = self.allowed.unwrap_or(self.calls.0.max(self.calls.1));
        let rate = (before / 2.0).max(slowest).min(self.most);
        self.allowed = Some(rate);
        self.paused = now + pause;
        self.changed = self.paused;
        self.next = self.paused;
        Some(rate)
    }
}
