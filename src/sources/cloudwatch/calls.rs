//! One call, with patience: what is repeated, how often, and how long is waited in between.
//!
//! Throttling is never a failure, however long it lasts; only the end of the run ends it. What may
//! work the next time is tried a few times. Everything else is handed back at once.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::fault::{Class, Failure};
use super::outlet::Outlet;
use super::pace::Pace;
use super::settings::Settings;
use crate::domain::event::SourceId;
use crate::domain::feed::FeedEvent;

/// Makes calls in one region of one account.
#[derive(Clone)]
pub struct Calls {
    /// How patient.
    pub settings: Arc<Settings>,
    /// How fast.
    pub pace: Arc<Pace>,
}

/// Whom to tell that a call is being throttled.
pub struct Told<'a> {
    /// Where to.
    pub out: &'a Outlet,
    /// On whose behalf.
    pub source: SourceId,
    /// How often it happened to this source.
    pub throttled: &'a AtomicU64,
}

impl Calls {
    /// Calls until there is an answer, or a failure that waiting does not cure.
    ///
    /// # Errors
    /// That failure.
    pub async fn call<T, E, F>(
        &self,
        told: Option<&Told<'_>>,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (mut throttled, mut failed) = (0, 0);
        loop {
            let answer = {
                let _in_flight = self.pace.turn().await;
                attempt().await
            };
            let failure = match answer {
                Ok(answer) => return Ok(answer),
                Err(error) => Failure::of_call(&error),
            };
            let wait = match failure.class {
                Class::Throttled => {
                    throttled += 1;
                    if let Some(told) = told {
                        told.about_throttling().await;
                    }
                    self.settings.wait(throttled)
                }
                Class::Transient if failed + 1 < self.settings.attempts => {
                    failed += 1;
                    self.settings.wait(failed)
                }
                _ => return Err(failure),
            };
            tokio::time::sleep(wait).await;
        }
    }
}

impl Told<'_> {
    async fn about_throttling(&self) {
        if self.throttled.fetch_add(1, Ordering::Relaxed) == 0 {
            let note = "throttled by CloudWatch, slowing down".to_owned();
            // A stopped feed is noticed by whoever waits for the call.
            let _ = self.out.tell(FeedEvent::Note(self.source, note)).await;
        }
    }
}
