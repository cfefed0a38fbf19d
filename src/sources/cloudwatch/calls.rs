//! One call, with patience: what is repeated, how often, and how long is waited in between.
//!
//! Throttling is never a failure, however long it lasts; only the end of the run ends it. What may
//! work the next time is tried a few times, what brings no answer at all in turn with everybody else
//! who calls there (`circuit`). Everything else is handed back at once.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::time::Instant;

use super::circuit::Visit;
use super::fault::{Class, Failure, Silence};
use super::group::Group;
use super::notes::Topic;
use super::outlet::Outlet;
use super::pace::Pace;
use super::settings::Settings;
use crate::domain::feed::FeedEvent;

/// Makes calls in one region of one account.
#[derive(Clone)]
pub struct Calls {
    /// How patient.
    pub settings: Arc<Settings>,
    /// How fast.
    pub pace: Arc<Pace>,
}

/// Whom to tell what happens to a call.
pub struct Told<'a> {
    /// Where to.
    pub out: &'a Outlet,
    /// On whose behalf.
    pub group: &'a Group,
}

/// How often one call failed in which way.
#[derive(Default)]
struct Tries {
    throttled: u32,
    failed: u32,
    /// Somebody has answered there before.
    known: bool,
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
        let mut tries = Tries::default();
        let mut visit = self.pace.circuit.visit(told.map(|told| told.group.source));
        loop {
            visit.enter().await?;
            let (answer, sent) = {
                let _in_flight = self.pace.turn().await;
                let sent = Instant::now();
                (attempt().await, sent)
            };
            let failure = match answer {
                Ok(answer) => {
                    visit.answered();
                    self.pace.answered(Instant::now());
                    return Ok(answer);
                }
                Err(error) => Failure::of_call(&error),
            };
            if failure.is_silence() {
                tries.known = visit.silent(self.settings.silent_in_a_row);
            } else {
                visit.answered();
            }
            let wait = self.after(&failure, sent, &mut tries, told).await;
            let Some(wait) = wait else {
                self.give_up(&mut visit, &failure);
                return Err(failure);
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// How long to wait before the call is made again, if it is.
    async fn after(
        &self,
        failure: &Failure,
        sent: Instant,
        tries: &mut Tries,
        told: Option<&Told<'_>>,
    ) -> Option<Duration> {
        let settings = &self.settings;
        match failure.class {
            Class::Throttled => {
                tries.throttled += 1;
                let slower = self
                    .pace
                    .throttled(sent, settings.pause(), settings.slowest);
                if let Some(told) = told {
                    told.about_throttling(slower).await;
                }
                // The pace makes everybody wait; this one waits longer each time.
                Some(settings.wait(tries.throttled))
            }
            Class::Transient => {
                tries.failed += 1;
                let again = tries.failed < self.most_attempts(failure, tries.known);
                if again
                    && failure.is_silence()
                    && let Some(told) = told
                {
                    told.about_silence(failure).await;
                }
                again.then(|| settings.wait(tries.failed))
            }
            _ => None,
        }
    }

    /// How often a call is made that fails like this. Where `known`, others were answered before.
    fn most_attempts(&self, failure: &Failure, known: bool) -> u32 {
        let settings = &self.settings;
        match failure.silence {
            Silence::Answered => settings.attempts,
            Silence::Unreachable if known => settings.patient_attempts,
            _ => settings.silent_attempts.min(settings.attempts),
        }
    }

    fn give_up(&self, visit: &mut Visit<'_>, failure: &Failure) {
        if failure.is_silence() {
            visit.spent(failure, self.settings.silence);
        }
    }
}

impl Told<'_> {
    async fn about_throttling(&self, slower: Option<f64>) {
        self.group.throttled.fetch_add(1, Ordering::Relaxed);
        if let Some(rate) = slower {
            let text = format!("throttled by CloudWatch, slowing down to {rate:.1} calls/s");
            self.note(Topic::Pace, text).await;
        }
    }

    async fn about_silence(&self, failure: &Failure) {
        let text = format!("{}, asking again", failure.text);
        self.note(Topic::Silence, text).await;
    }

    async fn note(&self, topic: Topic, text: String) {
        if let Some(note) = self.group.notes.say(topic, text) {
            // A stopped feed is noticed by whoever waits for the call.
            let _ = self
                .out
                .tell(FeedEvent::Note(self.group.source, note))
                .await;
        }
    }
}
