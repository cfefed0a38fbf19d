//! Reads the log groups of one region: a few workers take pieces of time, newest first.
//!
//! Every piece is walked page by page until its token runs out (`walk`), each page goes into the
//! spool and out as batches, and what was read completely is told as covered.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use tokio::task::JoinSet;

use super::calls::{Calls, Told};
use super::fault::{Class, Failure, plain};
use super::group::{Group, Outcome};
use super::page;
use super::remedy::{Attempt, Caller};
use super::walk::{Step, Walk};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent, Reject, RejectReason};
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::{Feed, Stopped};
use crate::sources::spool::Spool;

/// 9999-12-31T23:59:59.999Z.
const LATEST_MS: i64 = 253_402_300_799_999;

/// All that reading in one region needs.
pub struct Fetch {
    /// Where to call.
    pub client: Arc<Client>,
    /// How to call.
    pub calls: Calls,
    /// Where reports go.
    pub feed: Feed,
    /// Where raw text stays.
    pub spool: Arc<Spool>,
    /// Who calls, for the words of a fault.
    pub caller: Arc<Caller>,
    /// The region's name.
    pub region: String,
}

type Queue = Mutex<VecDeque<(Arc<Group>, Span)>>;

/// Events of one page that are to be passed on, and the counts of those that are not.
#[derive(Default)]
struct Sorted {
    events: Vec<(Timestamp, FilteredLogEvent)>,
    rejects: Vec<Reject>,
}

impl Fetch {
    /// Reads `groups` completely, or until the feed stops.
    pub async fn read(self: Arc<Self>, groups: Vec<Arc<Group>>) {
        let mut pieces: Vec<(Arc<Group>, Span)> = Vec::new();
        for group in groups {
            let windows = group.windows();
            if windows.is_empty() {
                // All of it lies in the future: nothing to read, nothing to claim.
                let ended = FeedEvent::Ended(group.source, End::AsCovered);
                if self.feed.send(ended).await.is_err() {
                    return;
                }
            }
            pieces.extend(windows.into_iter().map(|w| (Arc::clone(&group), w)));
        }
        // The newest time of every group before older times of any: the first picture is of now.
        pieces.sort_by_key(|(_, window)| std::cmp::Reverse(window.to));
        let queue: Arc<Queue> = Arc::new(Mutex::new(pieces.into()));
        let mut workers = JoinSet::new();
        for _ in 0..self.calls.settings.in_flight {
            let (fetch, queue) = (Arc::clone(&self), Arc::clone(&queue));
            workers.spawn(async move { fetch.work(&queue).await });
        }
        while workers.join_next().await.is_some() {}
    }

    async fn work(&self, queue: &Queue) -> Result<(), Stopped> {
        loop {
            let next = queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            let Some((group, window)) = next else {
                return Ok(());
            };
            if !group.is_given_up() {
                self.piece(&group, window).await?;
            }
            if let Some(outcome) = group.piece_done() {
                self.end(&group, outcome).await?;
            }
        }
    }

    /// Reads one piece of one group and tells what of it was read.
    async fn piece(&self, group: &Group, window: Span) -> Result<(), Stopped> {
        let mut walk = Walk::new(window);
        // What could not be passed on was not read.
        let mut certain;
        let failure = loop {
            certain = walk.certain();
            let step = match self.ask(group, &walk).await {
                Ok(output) => {
                    let next = output.next_token.clone();
                    let sorted = sort(&mut walk, output);
                    if let Err(failure) = self.pass_on(group, sorted).await? {
                        break Some(failure);
                    }
                    walk.turn(next)
                }
                Err(failure) if failure.class == Class::TokenExpired && walk.token().is_some() => {
                    walk.expired()
                }
                Err(failure) => break Some(failure),
            };
            match step {
                Step::More => {}
                Step::Done => break None,
                Step::Broken(why) => break Some(Failure::new(Class::Other, why)),
            }
        };
        let read = match failure {
            None => Some(window),
            Some(failure) => {
                let from = certain.map_or(window.from, |span| span.to.plus(1));
                let to = window.to;
                group.failed(Span { from, to }, failure);
                certain
            }
        };
        if let Some(covered) = read.and_then(|span| group.read(span)) {
            self.feed
                .send(FeedEvent::Covered(group.source, covered))
                .await?;
        }
        Ok(())
    }

    async fn ask(&self, group: &Group, walk: &Walk) -> Result<FilterLogEventsOutput, Failure> {
        let told = Told {
            feed: &self.feed,
            source: group.source,
            throttled: &group.throttled,
        };
        let span = walk.span();
        self.calls
            .call(Some(&told), || {
                // Amazon ignores `interleaved` and always does it; emulators need to be asked.
                #[expect(deprecated, reason = "the order of pages rests on it")]
                self.client
                    .filter_log_events()
                    .set_log_group_name(group.arn.is_none().then(|| group.name.clone()))
                    .set_log_group_identifier(group.arn.clone())
                    .start_time(span.from.0)
                    .end_time(span.to.0)
                    .interleaved(true)
                    .set_limit(self.calls.settings.page_events)
                    .set_next_token(walk.token().map(str::to_owned))
                    .send()
            })
            .await
    }

    /// Keeps and sends the events of one page. The inner error is a spool that cannot be written.
    async fn pass_on(&self, group: &Group, sorted: Sorted) -> Result<Result<(), Failure>, Stopped> {
        let lag = |(time, event): &(Timestamp, FilteredLogEvent)| {
            event.ingestion_time().map(|at| Timestamp(at).since(*time))
        };
        group.page_read(sorted.events.iter().filter_map(lag));
        for reject in sorted.rejects {
            self.feed
                .send(FeedEvent::Rejected(group.source, reject))
                .await?;
        }
        let (source, spool) = (group.source, Arc::clone(&self.spool));
        let made =
            tokio::task::spawn_blocking(move || page::batches(source, &spool, &sorted.events));
        let batches = match made.await {
            Ok(Ok(batches)) => batches,
            Ok(Err(error)) => {
                let text = format!("fetched pages cannot be kept: {error}");
                return Ok(Err(Failure::new(Class::Other, &text)));
            }
            Err(_) => return Err(Stopped),
        };
        for batch in batches {
            self.feed.send(FeedEvent::Batch(batch)).await?;
        }
        Ok(Ok(()))
    }

    async fn end(&self, group: &Group, outcome: Outcome) -> Result<(), Stopped> {
        let source = group.source;
        for span in outcome.covered {
            self.feed.send(FeedEvent::Covered(source, span)).await?;
        }
        if let Some((failure, span)) = outcome.failure {
            let attempt = Attempt {
                permission: "logs:FilterLogEvents",
                region: &self.region,
                group: group.identifier(),
            };
            let mut fault = self.caller.fault(&failure, attempt, outcome.any_page);
            if fault.kind == FaultKind::Partial {
                let rest = format!("; not read: {} to {}", span.from, span.to);
                fault.message.push_str(&rest);
            }
            self.feed.send(FeedEvent::Fault(source, fault)).await?;
        }
        if let Some(gone) = group.unretained().filter(|_| outcome.any_page) {
            let fault = retention_fault(group, gone);
            self.feed.send(FeedEvent::Fault(source, fault)).await?;
        }
        let throttled = group.throttled.load(std::sync::atomic::Ordering::Relaxed);
        if throttled > 0 {
            let note = format!("throttled {throttled} times; every page was asked for again");
            self.feed.send(FeedEvent::Note(source, note)).await?;
        }
        let end = if outcome.any_page {
            End::AsCovered
        } else {
            End::Nothing
        };
        self.feed.send(FeedEvent::Ended(source, end)).await
    }
}

fn retention_fault(group: &Group, gone: Span) -> Fault {
    Fault {
        kind: FaultKind::Partial,
        message: format!(
            "log group {} keeps nothing this old: {} to {} may be gone",
            group.name, gone.from, gone.to
        ),
        remedy: "ask for a window within the group's retention, or read an export of it".to_owned(),
    }
}

/// What of a page is new and has a time.
fn sort(walk: &mut Walk, output: FilterLogEventsOutput) -> Sorted {
    let mut sorted = Sorted::default();
    for event in output.events.unwrap_or_default() {
        let reason = match event.timestamp() {
            None => RejectReason::NoTimestamp,
            Some(time) if !(0..=LATEST_MS).contains(&time) => RejectReason::BadTimestamp,
            Some(time) if walk.admit(event.event_id(), Timestamp(time)) => {
                sorted.events.push((Timestamp(time), event));
                continue;
            }
            Some(_) => RejectReason::Repeated,
        };
        match sorted.rejects.iter_mut().find(|r| r.reason == reason) {
            Some(reject) => reject.count += 1,
            None => sorted.rejects.push(Reject {
                reason,
                count: 1,
                line: None,
                sample: sample(&event),
            }),
        }
    }
    sorted
}

/// The beginning of an event's text, at most 200 bytes.
fn sample(event: &FilteredLogEvent) -> String {
    let text: String = event
        .message()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect();
    let mut text = plain(&text);
    text.truncate(text.floor_char_boundary(200));
    text
}
