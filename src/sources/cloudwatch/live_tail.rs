//! Live Tail as an alarm clock: a log event that it shows wakes the poll of its log group.
//!
//! Never evidence: it samples and drops, and its events have no ids. What is read, counted and
//! covered is what the poll reads; without Live Tail the same is read a little later. It costs
//! money by the minute, so it is only started where somebody agreed to that.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_cloudwatchlogs::config::timeout::TimeoutConfig;
use aws_sdk_cloudwatchlogs::config::{
    ConfigBag, Intercept, RuntimeComponents, StalledStreamProtectionConfig,
};
use aws_sdk_cloudwatchlogs::error::{BoxError, ProvideErrorMetadata};
use aws_sdk_cloudwatchlogs::types::{LiveTailSessionMetadata, StartLiveTailResponseStream};
use tokio::time::sleep;

use super::fault::{Class, Failure, plain};
use super::fetch::Fetch;
use super::group::Group;

/// Log groups in one session.
pub const GROUPS: usize = 10;
/// Sessions at once in one account.
pub const SESSIONS: usize = 15;
/// Before a session is tried again that the account has no room for.
const NO_ROOM: Duration = Duration::from_mins(1);

/// One session over some groups of a region.
pub struct LiveTail {
    /// Whom to call.
    pub fetch: Arc<Fetch>,
    /// At most [`GROUPS`].
    pub groups: Vec<Arc<Group>>,
}

/// How a session ended.
enum Ended {
    /// After its three hours.
    InTime,
    /// It may work the next time.
    Broken(String),
    /// There are too many sessions.
    Full(String),
    /// It will not work the next time either.
    Refused(String),
}

impl LiveTail {
    /// Keeps a session going for as long as that is possible.
    pub async fn run(self) {
        let mut failed = 0;
        loop {
            let ended = self.session(&mut failed).await;
            let (why, wait) = match ended {
                Ended::InTime => continue,
                Ended::Broken(why) => {
                    failed += 1;
                    (why, self.fetch.calls.settings.wait(failed))
                }
                Ended::Full(why) => (why, NO_ROOM),
                Ended::Refused(why) => {
                    self.say(&format!("Live Tail off: {why}"), false);
                    return;
                }
            };
            self.say(&format!("Live Tail broken off: {why}"), false);
            sleep(wait).await;
        }
    }

    async fn session(&self, failed: &mut u32) -> Ended {
        let client = patient(&self.fetch.access.client());
        let groups = self.groups.iter().map(|group| self.arn(group));
        let started = client
            .start_live_tail()
            .set_log_group_identifiers(Some(groups.collect()))
            .send()
            .await;
        let mut stream = match started {
            Ok(output) => output.response_stream,
            Err(error) => return refused(Failure::of_call(&error)),
        };
        loop {
            match stream.recv().await {
                Ok(Some(StartLiveTailResponseStream::SessionUpdate(update))) => {
                    *failed = 0;
                    let sampled = update
                        .session_metadata()
                        .is_some_and(LiveTailSessionMetadata::sampled);
                    self.say(
                        if sampled {
                            "Live Tail on, sampled"
                        } else {
                            "Live Tail on"
                        },
                        true,
                    );
                    for event in update.session_results() {
                        self.ring(event.log_group_identifier().unwrap_or_default());
                    }
                }
                Ok(Some(_)) => self.say("Live Tail on", true),
                Ok(None) => return Ended::Broken("the session ended".to_owned()),
                Err(error) if error.code() == Some("SessionTimeoutException") => {
                    return Ended::InTime;
                }
                Err(error) => {
                    let code = error.code().unwrap_or("the answer broke off");
                    return Ended::Broken(plain(code));
                }
            }
        }
    }

    /// Wakes the group of this name, ARN, or account and name.
    fn ring(&self, identifier: &str) {
        let is = |group: &&Arc<Group>| {
            identifier
                .strip_suffix(group.name.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with(':'))
        };
        if let Some(following) = self
            .groups
            .iter()
            .find(is)
            .and_then(|g| g.following.as_ref())
        {
            following.bell.notify_one();
        }
    }

    fn say(&self, words: &str, on: bool) {
        let all = self.groups.iter().filter_map(|g| g.following.as_ref());
        all.for_each(|following| following.woken(on, words));
    }

    fn arn(&self, group: &Group) -> String {
        if let Some(arn) = group.following.as_ref().and_then(|f| f.arn.clone()) {
            return arn;
        }
        let (region, name) = (&self.fetch.region, &group.name);
        let account = self.fetch.caller.account.as_deref().unwrap_or_default();
        format!("arn:aws:logs:{region}:{account}:log-group:{name}")
    }
}

fn refused(failure: Failure) -> Ended {
    match failure.class {
        Class::Throttled => Ended::Full(failure.text),
        Class::Transient | Class::CredentialsExpired => Ended::Broken(failure.text),
        _ => Ended::Refused(failure.text),
    }
}

/// The same client for a call that lasts hours and may say nothing for long.
fn patient(client: &Client) -> Client {
    let config = client.config();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .disable_operation_timeout()
        .disable_operation_attempt_timeout()
        .disable_read_timeout();
    let builder = config
        .to_builder()
        .timeout_config(timeouts.build())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .interceptor(PlainHost);
    Client::from_conf(builder.build())
}

/// The host of a stream gets a prefix, which no endpoint but Amazon's has.
#[derive(Debug)]
struct PlainHost;

impl Intercept for PlainHost {
    fn name(&self) -> &'static str {
        "no prefix before the host of another endpoint"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let uri = request.uri();
        if !uri.contains(".amazonaws.com") {
            let plain = uri.replacen("//stream-", "//", 1);
            request.set_uri(plain)?;
        }
        Ok(())
    }
}
