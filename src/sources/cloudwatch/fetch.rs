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
use super::keep::Piece;
use super::outlet::Outlet;
use super::page::{self, At};
use super::remedy::{Attempt, Caller};
use super::walk::{Step, Walk};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent, Reject, RejectReason};
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::Stopped;

/// 9999-12-31T23:59:59.999Z.
const LATEST_MS: i64 = 253_402_300_799_999;

/// All that reading in one region needs.
pub struct Fetch {
    /// Where to call.
    pub client: Arc<Client>,
    /// How to call.
    pub calls: Calls,
    /// Where reports go and pages stay.
    pub out: Outlet,
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
                if self.out.tell(ended).await.is_err() {
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
        let number = match self.begin(group, window) {
            Ok(number) => number,
            Err(failure) => {
                group.failed(window, failure);
                return Ok(());
            }
        };
        // What could not be passed on was not read.
        let mut certain;
        let failure = loop {
            certain = walk.certain();
            let step = match self.ask(group, &walk).await {
                Ok(output) => {
                    let next = output.next_token.clone();
                    let sorted = sort(&mut walk, output);
                    let step = walk.turn(next);
                    let at = At {
                        source: group.source,
                        piece: number,
                        after: walk.after(step),
                    };
                    if let Err(failure) = self.pass_on(group, at, sorted).await? {
                        break Some(failure);
                    }
                    step
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
            self.out
                .tell(FeedEvent::Covered(group.source, covered))
                .await?;
        }
        Ok(())
    }

    /// Writes down that a piece begins; returns its number.
    fn begin(&self, group: &Group, span: Span) -> Result<u32, Failure> {
        let piece = Piece {
            number: group.next_piece(),
            span,
            asked_at: group.asked_at,
        };
        let kept = self.out.keep.begin(group.source, &piece);
        kept.map_err(|error| not_kept(&error))?;
        Ok(piece.number)
    }

    async fn ask(&self, group: &Group, walk: &Walk) -> Result<FilterLogEventsOutput, Failure> {
        let told = Told {
            out: &self.out,
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

    /// Keeps and tells the events of one page. The inner error is a page that cannot be kept.
    async fn pass_on(
        &self,
        group: &Group,
        at: At,
        sorted: Sorted,
    ) -> Result<Result<(), Failure>, Stopped> {
        let lag = |(time, event): &(Timestamp, FilteredLogEvent)| {
            event.ingestion_time().map(|at| Timestamp(at).since(*time))
        };
        group.page_read(sorted.events.iter().filter_map(lag));
        for reject in sorted.rejects {
            self.out
                .tell(FeedEvent::Rejected(group.source, reject))
                .await?;
        }
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
        Ok(Ok(()))
    }

    async fn end(&self, group: &Group, outcome: Outcome) -> Result<(), Stopped> {
        let source = group.source;
        for span in outcome.covered {
            self.out.tell(FeedEvent::Covered(source, span)).await?;
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
            self.out.tell(FeedEvent::Fault(source, fault)).await?;
        }
        if let Some(gone) = group.unretained().filter(|_| outcome.any_page) {
            let fault = retention_fault(group, gone);
            self.out.tell(FeedEvent::Fault(source, fault)).await?;
        }
        let throttled = group.throttled.load(std::sync::atomic::Ordering::Relaxed);
        if throttled > 0 {
            let note = format!("throttled {throttled} times; every page was asked for again");
            self.out.tell(FeedEvent::Note(source, note)).await?;
        }
        let end = if outcome.any_page {
            End::AsCovered
        } else {
            End::Nothing
        };
        self.out.tell(FeedEvent::Ended(source, end)).await
    }
}

fn not_kept(error: &std::io::Error) -> Failure {
    Failure::new(
        Class::Other,
        &format!("fetched pages cannot be kept: {error}"),
    )
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
