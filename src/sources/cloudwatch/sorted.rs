//! The events of one page, sorted: those that are to be passed on, and the counts of those that are
//! not, with their reasons.

use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;

use super::fault::plain;
use super::walk::Walk;
use crate::domain::feed::{Reject, RejectReason};
use crate::domain::time::Timestamp;

/// 9999-12-31T23:59:59.999Z.
const LATEST_MS: i64 = 253_402_300_799_999;

/// See the module.
#[derive(Default)]
pub struct Sorted {
    /// In the order of the page.
    pub events: Vec<(Timestamp, FilteredLogEvent)>,
    /// One for each reason.
    pub rejects: Vec<Reject>,
}

/// What of a page is new and has a time. What belongs to another piece is left to it.
pub fn sort(walk: &mut Walk, output: FilterLogEventsOutput) -> Sorted {
    let mut sorted = Sorted::default();
    for event in output.events.unwrap_or_default() {
        let reason = match event.timestamp() {
            None => RejectReason::NoTimestamp,
            Some(time) if !(0..=LATEST_MS).contains(&time) => RejectReason::BadTimestamp,
            Some(time) if !walk.owns(event.event_id(), Timestamp(time)) => continue,
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
