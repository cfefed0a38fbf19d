//! Searches the log groups of one region: every page to its end, every event checked by ourselves.
//!
//! The service's filter only brings candidates (an emulator may not filter at all); what counts is
//! whether the event's own text names an ID.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::SdkError;
use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use tokio::task::JoinSet;

use super::candidates::Candidate;
use super::list::Spent;
use super::pattern::Round;
use crate::domain::event::SourceKind;
use crate::domain::hunt::{Cause, ENOUGH, Place, Unsearched};
use crate::domain::time::{Span, Timestamp};
use crate::sources::cloudwatch::calls::Calls;
use crate::sources::cloudwatch::fault::{Class, Failure};
use crate::sources::cloudwatch::remedy::{Attempt, Caller};
use crate::sources::cloudwatch::walk::{Step, Walk};
use crate::sources::hunt::Tally;

/// All that searching in one region needs.
pub struct Search {
    /// Where to call.
    pub client: Arc<Client>,
    /// How to call.
    pub calls: Calls,
    /// Who calls, for the words of a failure.
    pub caller: Arc<Caller>,
    /// The names of the account's environments.
    pub env: Arc<str>,
    /// The region's name.
    pub region: Arc<str>,
    /// What is asked for.
    pub rounds: Arc<[Round]>,
    /// The time that is searched.
    pub window: Span,
    /// Count every mention instead of stopping at evidence enough.
    pub all_hits: bool,
    /// The books.
    pub tally: Arc<Tally>,
}

type Queue = Mutex<VecDeque<Candidate>>;

impl Search {
    /// Searches these groups, the first ones first.
    pub async fn groups(self: Arc<Self>, groups: Vec<Candidate>) {
        let queue: Arc<Queue> = Arc::new(Mutex::new(groups.into()));
        let mut workers = JoinSet::new();
        for _ in 0..self.calls.settings.in_flight {
            let (search, queue) = (Arc::clone(&self), Arc::clone(&queue));
            workers.spawn(async move {
                while let Some(group) = next(&queue).filter(|_| !search.tally.is_spent()) {
                    search.group(&group).await;
                }
            });
        }
        while workers.join_next().await.is_some() {}
    }

    async fn group(&self, group: &Candidate) {
        let own = self.caller.account.as_deref();
        let mut place = Place {
            env: Arc::clone(&group.env),
            region: Arc::clone(&self.region),
            account: group.account.as_deref().or(own).map(Into::into),
            name: group.key.as_str().into(),
            group: group.name.as_str().into(),
            kind: SourceKind::CloudWatch,
            standing: group.standing,
            familiar: group.rank == 0,
            early: false,
            finds: Vec::new(),
        };
        for round in &*self.rounds {
            if let Err(failure) = self.round(round, group, &mut place).await {
                // What the budget did not allow stays in the books as not searched.
                if !(self.tally.is_spent() && failure.class == Class::Other) {
                    self.give_up(group, &failure);
                }
                return;
            }
        }
        if let Some(from) = group.kept_from {
            self.tally.note(Unsearched {
                env: Arc::clone(&self.env),
                region: Arc::clone(&self.region),
                groups: vec![group.key.clone()],
                cause: Cause::Retention,
                why: format!("nothing is kept from before {from}"),
                remedy: String::new(),
            });
        }
        self.tally.ended(&self.env, &self.region, &group.key, true);
    }

    /// Follows the pages of one pattern to their end, or until there is evidence enough.
    async fn round(
        &self,
        round: &Round,
        group: &Candidate,
        place: &mut Place,
    ) -> Result<(), Failure> {
        let mut walk = Walk::new(self.window);
        loop {
            let step = match self.ask(group, &round.pattern, &walk).await {
                Ok(mut output) => {
                    let next = output.next_token.take();
                    self.look(&mut walk, output, place);
                    let enough = |id: &String| place.hits(id) >= ENOUGH;
                    if !self.all_hits && next.is_some() && round.ids.iter().all(enough) {
                        place.early = true;
                        self.tally.publish(place);
                        return Ok(());
                    }
                    walk.turn(next)
                }
                Err(failure) if failure.class == Class::TokenExpired && walk.token().is_some() => {
                    walk.expired()
                }
                Err(failure) => return Err(failure),
            };
            match step {
                Step::More => {}
                Step::Done => return Ok(()),
                Step::Broken(why) => return Err(Failure::new(Class::Other, why)),
            }
        }
    }

    fn look(&self, walk: &mut Walk, output: FilterLogEventsOutput, place: &mut Place) {
        let (mut bytes, mut hits) = (0, 0);
        for event in output.events.unwrap_or_default() {
            let text = event.message().unwrap_or_default();
            let stream = event.log_stream_name().unwrap_or_default();
            bytes += text.len() + stream.len();
            // A mention without a time is a mention: it counts as the beginning of what is asked for.
            let time = event.timestamp().map_or(self.window.from, Timestamp);
            if walk.admit(event.event_id(), time) {
                hits += self.tally.look(place, time, stream, text.as_bytes());
            }
        }
        self.tally.answered(bytes as u64);
        if hits > 0 {
            self.tally.publish(place);
        }
    }

    async fn ask(
        &self,
        group: &Candidate,
        pattern: &str,
        walk: &Walk,
    ) -> Result<FilterLogEventsOutput, Failure> {
        let span = walk.span();
        self.calls
            .call(None, || {
                let may = self.tally.take_call();
                // Amazon ignores `interleaved` and always does it; emulators need to be asked.
                #[expect(deprecated, reason = "the order of pages rests on it")]
                let request = self
                    .client
                    .filter_log_events()
                    .set_log_group_name(group.arn.is_none().then(|| group.name.clone()))
                    .set_log_group_identifier(group.arn.clone())
                    .filter_pattern(pattern)
                    .start_time(span.from.0)
                    .end_time(span.to.0)
                    .interleaved(true)
                    .set_limit(self.calls.settings.page_events)
                    .set_next_token(walk.token().map(str::to_owned))
                    .send();
                async move {
                    if may {
                        request.await
                    } else {
                        Err(SdkError::construction_failure(Spent))
                    }
                }
            })
            .await
    }

    fn give_up(&self, group: &Candidate, failure: &Failure) {
        let permission = "logs:FilterLogEvents";
        let attempt = Attempt {
            permission,
            region: &self.region,
            group: &group.name,
        };
        let (cause, why) = match failure.class {
            Class::Denied => (Cause::Denied, format!("{permission} is not allowed")),
            Class::InfrequentAccess => (Cause::Class, "class INFREQUENT_ACCESS".to_owned()),
            Class::NotFound => (Cause::Failed, "deleted while it was searched".to_owned()),
            Class::CredentialsExpired => (Cause::Failed, "the credentials have expired".to_owned()),
            _ => (Cause::Failed, failure.text.clone()),
        };
        self.tally.skip(Unsearched {
            env: Arc::clone(&self.env),
            region: Arc::clone(&self.region),
            groups: vec![group.key.clone()],
            cause,
            why,
            remedy: self.caller.fault(failure, attempt, false).remedy,
        });
    }
}

fn next(queue: &Queue) -> Option<Candidate> {
    queue
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop_front()
}
