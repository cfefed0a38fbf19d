//! This machine's clock against the service's: a clock that is fast must not claim that a time was
//! read which has not come yet.
//!
//! Every answer bears the service's own time, in whole seconds. It is compared with when the run
//! began plus what has passed since, so that a clock that is set on the way does no harm.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_cloudwatchlogs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudwatchlogs::error::BoxError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use tokio::time::Instant;

use crate::domain::time::Timestamp;

/// A difference below this is not worth a word.
const TOLD_FROM_MS: i64 = 5_000;
/// The service tells whole seconds, and an answer takes its time: this much is no difference.
const PRECISION_MS: i64 = 2_000;

/// How far this machine is ahead of the service.
#[derive(Debug)]
pub struct Skew {
    asked_at: Timestamp,
    began: Instant,
    /// The least that was measured: an answer that was slow to come makes it look like more.
    ahead_ms: AtomicI64,
}

impl Skew {
    /// Nothing is known at the beginning, which this machine calls `asked_at`.
    #[must_use]
    pub fn new(asked_at: Timestamp) -> Arc<Self> {
        Arc::new(Self {
            asked_at,
            began: Instant::now(),
            ahead_ms: AtomicI64::new(i64::MAX),
        })
    }

    /// An answer that has just come says that it is `time`.
    pub fn told(&self, time: Timestamp) {
        let passed = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.measured(self.asked_at.plus(passed).since(time));
    }

    /// This machine was seen to be so far ahead.
    pub fn measured(&self, ahead_ms: i64) {
        self.ahead_ms.fetch_min(ahead_ms, Ordering::Relaxed);
    }

    /// What the service would have called `time`, at the latest.
    #[must_use]
    pub fn corrected(&self, time: Timestamp) -> Timestamp {
        match self.ahead_ms.load(Ordering::Relaxed) {
            i64::MAX | ..PRECISION_MS => time,
            ahead => time.plus(-ahead),
        }
    }

    /// What to say of it, if anything.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let ahead = match self.ahead_ms.load(Ordering::Relaxed) {
            i64::MAX => return None,
            ahead => ahead,
        };
        let (seconds, word) = (
            (ahead.abs() + 500) / 1000,
            if ahead > 0 { "ahead of" } else { "behind" },
        );
        let length = match (seconds / 60, seconds % 60) {
            (0, seconds) => format!("{seconds} s"),
            (minutes, seconds) => format!("{minutes} min {seconds} s"),
        };
        (ahead.abs() > TOLD_FROM_MS).then(|| format!("this machine's clock is {length} {word} AWS"))
    }

    /// The same client, whose answers are listened to.
    #[must_use]
    pub fn watching(self: &Arc<Self>, client: &Client) -> Arc<Client> {
        let listener = Listener(Arc::clone(self));
        let config = client.config().to_builder().interceptor(listener).build();
        Arc::new(Client::from_conf(config))
    }
}

#[derive(Debug)]
struct Listener(Arc<Skew>);

impl Intercept for Listener {
    fn name(&self) -> &'static str {
        "the time of the service"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let time = date.and_then(|text| DateTime::from_str(text, Format::HttpDate).ok());
        if let Some(time) = time.and_then(|time| time.to_millis().ok()) {
            self.0.told(Timestamp(time));
        }
        Ok(())
    }
}
