//! What reading in one region is made of: which pieces to ask for, how to ask for a page, and how a
//! page is kept and told.
//!
//! Decides nothing about order or coverage (`backfill`, `chain`).

use std::sync::Arc;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;

use super::access::Access;
use super::calls::{Calls, Told};
use super::clock::Skew;
use super::fault::{Class, Failure};
use super::group::Group;
use super::keep::Piece;
use super::outlet::Outlet;
use super::page::{self, At};
use super::remedy::Caller;
use super::sorted::Sorted;
use super::walk::Walk;
use super::windows::{pieces, without};
use super::work::{Job, Task, Work};
use crate::domain::feed::FeedEvent;
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::Stopped;

/// All that reading in one region needs.
pub struct Fetch {
    /// Whom to call.
    pub access: Access,
    /// How to call.
    pub calls: Calls,
    /// Where reports go and pages stay.
    pub out: Outlet,
    /// Who calls, for the words of a fault.
    pub caller: Arc<Caller>,
    /// The region's name.
    pub region: String,
    /// The service's time.
    pub skew: Arc<Skew>,
}

impl Fetch {
    /// Reading in `region` by `client`.
    #[must_use]
    pub fn new(
        client: &Arc<Client>,
        calls: Calls,
        out: &Outlet,
        caller: &Arc<Caller>,
        region: &str,
        skew: &Arc<Skew>,
    ) -> Self {
        Self {
            access: Access::new(client, skew),
            calls,
            out: out.clone(),
            caller: Arc::clone(caller),
            region: region.to_owned(),
            skew: Arc::clone(skew),
        }
    }

    /// Queues the pieces of a group, without the time that `read` holds.
    pub fn queue(&self, group: &Arc<Group>, work: &Work, read: &[Span]) {
        let settings = &self.calls.settings;
        let all = group.span.map(|span| pieces(span, settings.newest_piece));
        let left = all.into_iter().flatten().flat_map(|p| without(p, read));
        let left: Vec<Span> = left.collect();
        group.asked(&left, self.asked_at(group));
        for span in left {
            work.add(Task {
                group: Arc::clone(group),
                job: Job::Read(span),
            });
        }
    }

    /// When what is asked of a group counts as asked: never later than the service says.
    #[must_use]
    pub fn asked_at(&self, group: &Group) -> Timestamp {
        self.skew.corrected(group.asked_at)
    }

    /// Writes down that a piece begins.
    ///
    /// # Errors
    /// When there is no place for its pages.
    pub fn begin(&self, group: &Group, span: Span) -> Result<(Piece, Walk), Failure> {
        let piece = self.begin_at(group, span, self.asked_at(group))?;
        Ok((piece, Walk::hashed(span, group.hasher.clone())))
    }

    /// The same for one that is asked for at another time than the rest.
    ///
    /// # Errors
    /// When there is no place for its pages.
    pub fn begin_at(
        &self,
        group: &Group,
        span: Span,
        asked_at: Timestamp,
    ) -> Result<Piece, Failure> {
        let piece = Piece {
            number: group.next_piece(),
            span,
            asked_at,
        };
        let kept = self.out.keep.begin(group.source, &piece);
        kept.map_err(|error| not_kept(&error))?;
        Ok(piece)
    }

    /// Asks for the next page of a chain.
    ///
    /// # Errors
    /// When there is none to be had.
    pub async fn ask(&self, group: &Group, walk: &Walk) -> Result<FilterLogEventsOutput, Failure> {
        let told = Told {
            out: &self.out,
            group,
        };
        let (span, settings) = (walk.span(), &self.calls.settings);
        let mut renewed = false;
        loop {
            let client = self.access.client();
            let answer = self.calls.call(Some(&told), || {
                // Amazon ignores `interleaved` and always does it; emulators need to be asked.
                #[expect(deprecated, reason = "the order of pages rests on it")]
                client
                    .filter_log_events()
                    .set_log_group_name(group.arn.is_none().then(|| group.name.clone()))
                    .set_log_group_identifier(group.arn.clone())
                    .start_time(span.from.0)
                    .end_time(span.to.0)
                    .interleaved(true)
                    .set_filter_pattern(group.filter.clone())
                    .set_limit(settings.page_events)
                    .set_next_token(walk.token().map(str::to_owned))
                    .send()
            });
            match answer.await {
                Ok(output) => {
                    self.access.answered();
                    return Ok(output);
                }
                Err(failure) => {
                    let again = failure.class == Class::CredentialsExpired
                        && !std::mem::replace(&mut renewed, true);
                    let region = &self.region;
                    if !again
                        || !self
                            .access
                            .renew(&client, &self.caller, region, settings)
                            .await
                    {
                        return Err(failure);
                    }
                }
            }
        }
    }

    /// Keeps and tells the events of one page. The inner error is a page that cannot be kept.
    ///
    /// # Errors
    /// When the feed stopped.
    pub async fn pass_on(
        &self,
        group: &Group,
        at: At,
        mut sorted: Sorted,
    ) -> Result<Result<(), Failure>, Stopped> {
        let following = group.following.as_ref();
        if let Some(following) = following {
            sorted
                .events
                .retain(|(time, event)| !following.has(*time, event));
        }
        let lag = |(time, event): &(Timestamp, FilteredLogEvent)| {
            event.ingestion_time().map(|at| Timestamp(at).since(*time))
        };
        group.page_read(sorted.events.iter().filter_map(lag));
        for reject in sorted.rejects {
            self.out
                .tell(FeedEvent::Rejected(group.source, reject))
                .await?;
        }
        let traces = following.map(|following| following.traces(&sorted.events));
        let keep = Arc::clone(&self.out.keep);
        let made = tokio::task::spawn_blocking(move || page::keep(&at, &*keep, &sorted.events));
        let batches = match made.await {
            Ok(Ok(batches)) => batches,
            Ok(Err(error)) => return Ok(Err(not_kept(&error))),
            Err(_) => return Err(Stopped),
        };
        for batch in batches {
            self.out.tell(FeedEvent::Batch(batch)).await?;
        }
        if let (Some(following), Some(traces)) = (following, traces) {
            following.tail().passed_on(&traces);
        }
        Ok(Ok(()))
    }
}

/// The failure that pages cannot be kept.
#[must_use]
pub fn not_kept(error: &std::io::Error) -> Failure {
    Failure::new(
        Class::Other,
        &format!("fetched pages cannot be kept: {error}"),
    )
}
