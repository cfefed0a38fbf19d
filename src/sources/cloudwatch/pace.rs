//! Not faster than allowed: one limiter per account, region and API, shared by all that call there.
//!
//! FilterLogEvents has a small quota that cannot be raised, and other people's tools live on it
//! too. It never refuses, it only makes calls wait their turn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::circuit::Circuit;
use super::rate::Rate;

/// Calls a second that FilterLogEvents is granted per account, by region. Source: "CloudWatch Logs
/// service quotas" in the AWS documentation.
fn quota(region: &str) -> f64 {
    match region {
        "us-east-1" => 25.0,
        "eu-central-1" | "ap-northeast-3" | "ap-southeast-3" | "ca-west-1" | "il-central-1" => 5.0,
        _ => 10.0,
    }
}

/// The same for DescribeLogGroups and DescribeLogStreams, everywhere.
const LISTING_QUOTA: f64 = 10.0;
const STREAMS_QUOTA: f64 = 25.0;

/// The limiter of one API in one region of one account.
#[derive(Debug)]
pub struct Pace {
    rate: Mutex<Rate>,
    in_flight: Semaphore,
    /// Whether the region answers at all: one for all its APIs.
    pub circuit: Arc<Circuit>,
}

impl Pace {
    /// Waits for a turn. The call is in flight until the permit is dropped.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed, so this is always a permit.
        let permit = self.in_flight.acquire().await.ok();
        let mut mine = self.book(Instant::now());
        loop {
            sleep_until(mine).await;
            // Whoever had a turn when everybody was told to pause takes another.
            let now = Instant::now();
            if self.rate().pause(now).is_none() {
                return permit;
            }
            mine = self.book(now);
        }
    }

    /// Takes the next free time from `now` on.
    pub fn book(&self, now: Instant) -> Instant {
        self.rate().book(now)
    }

    /// A call was answered.
    pub fn answered(&self, now: Instant) {
        self.rate().answered(now);
    }

    /// A call was throttled that was made at `sent`; returns the new rate if it has to change.
    pub fn throttled(&self, sent: Instant, pause: Duration, slowest: f64) -> Option<f64> {
        self.rate().throttled(sent, Instant::now(), pause, slowest)
    }

    fn rate(&self) -> MutexGuard<'_, Rate> {
        self.rate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Account and region.
type Place = (String, String);

/// Every limiter of a run.
#[derive(Debug, Default)]
pub struct Paces {
    paces: Mutex<HashMap<(Place, &'static str), Arc<Pace>>>,
    circuits: Mutex<HashMap<Place, Arc<Circuit>>>,
}

impl Paces {
    /// The limiter of FilterLogEvents for this account (or whatever stands for one) and region.
    /// Where it is not `limited`, there is none until the endpoint asks for one.
    pub fn of(&self, account: &str, region: &str, in_flight: usize, limited: bool) -> Arc<Pace> {
        let quota = limited.then(|| quota(region));
        self.pace(account, region, "FilterLogEvents", in_flight, quota)
    }

    /// The same for DescribeLogGroups.
    pub fn listing(
        &self,
        account: &str,
        region: &str,
        in_flight: usize,
        limited: bool,
    ) -> Arc<Pace> {
        let quota = limited.then_some(LISTING_QUOTA);
        self.pace(account, region, "DescribeLogGroups", in_flight, quota)
    }

    /// The same for DescribeLogStreams.
    pub fn streams(
        &self,
        account: &str,
        region: &str,
        in_flight: usize,
        limited: bool,
    ) -> Arc<Pace> {
        let quota = limited.then_some(STREAMS_QUOTA);
        self.pace(account, region, "DescribeLogStreams", in_flight, quota)
    }

    fn pace(
        &self,
        account: &str,
        region: &str,
        api: &'static str,
        in_flight: usize,
        quota: Option<f64>,
    ) -> Arc<Pace> {
        let place = (account.to_owned(), region.to_owned());
        let mut circuits = lock(&self.circuits);
        let circuit = Arc::clone(circuits.entry(place.clone()).or_default());
        let mut paces = lock(&self.paces);
        let known = paces.entry((place, api)).or_insert_with(|| {
            Arc::new(Pace {
                rate: Mutex::new(Rate::new(quota, Instant::now())),
                in_flight: Semaphore::new(in_flight),
                circuit,
            })
        });
        Arc::clone(known)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
