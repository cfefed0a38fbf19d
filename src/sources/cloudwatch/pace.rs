//! Not faster than allowed: one limiter per account and region, shared by all that call there.
//!
//! FilterLogEvents has a small quota that cannot be raised, and other people's tools live on it
//! too. It never refuses, it only makes calls wait their turn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// The share of the quota that is used.
const SHARE: f64 = 0.6;

/// Calls a second that FilterLogEvents is granted per account, by region. Source: "CloudWatch Logs
/// service quotas" in the AWS documentation.
fn quota(region: &str) -> f64 {
    match region {
        "us-east-1" => 25.0,
        "eu-central-1" | "ap-northeast-3" | "ap-southeast-3" | "ca-west-1" | "il-central-1" => 5.0,
        _ => 10.0,
    }
}

/// The limiter of one account in one region.
#[derive(Debug)]
pub struct Pace {
    /// Time between two calls; zero where there is no limit.
    interval: Duration,
    next: Mutex<Instant>,
    in_flight: Semaphore,
}

impl Pace {
    /// Waits for a turn. The call is in flight until the permit is dropped.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed, so this is always a permit.
        let permit = self.in_flight.acquire().await.ok();
        if !self.interval.is_zero() {
            sleep_until(self.book(Instant::now())).await;
        }
        permit
    }

    /// Takes the next free time from `now` on.
    pub fn book(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = (*next).max(now);
        *next = mine + self.interval;
        mine
    }
}

/// Every limiter of a run.
#[derive(Debug, Default)]
pub struct Paces(Mutex<HashMap<(String, String), Arc<Pace>>>);

impl Paces {
    /// The limiter of this account (or whatever stands for one) and region.
    pub fn of(&self, account: &str, region: &str, in_flight: usize, limited: bool) -> Arc<Pace> {
        let interval = if limited {
            Duration::from_secs_f64(1.0 / (quota(region) * SHARE))
        } else {
            Duration::ZERO
        };
        let key = (account.to_owned(), region.to_owned());
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = paces.entry(key).or_insert_with(|| {
            Arc::new(Pace {
                interval,
                next: Mutex::new(Instant::now()),
                in_flight: Semaphore::new(in_flight),
            })
        });
        Arc::clone(pace)
    }
}
