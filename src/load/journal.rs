//! What sources report, for the log file: their words about themselves, never the text of a log event.

use crate::domain::feed::FeedEvent;

/// Writes one report down.
pub(super) fn write(report: &FeedEvent) {
    match report {
        FeedEvent::Opened(id, source) => {
            tracing::info!(source = id.0, name = ?source.name, "opened");
        }
        FeedEvent::Rejected(id, reject) => {
            let (reason, count) = (reject.reason.text(), reject.count);
            tracing::debug!(source = id.0, reason, count, "rejected");
        }
        FeedEvent::Covered(id, span) => {
            tracing::debug!(source = id.0, from = %span.from, to = %span.to, "covered");
        }
        FeedEvent::CaughtUp(id) => tracing::debug!(source = id.0, "caught up"),
        FeedEvent::Followed(id, pulse) => {
            tracing::debug!(source = id.0, to = %pulse.reads_to, words = ?pulse.words, "followed");
        }
        FeedEvent::Fault(id, fault) => {
            tracing::warn!(source = id.0, kind = ?fault.kind, message = ?fault.message, "fault");
        }
        FeedEvent::Note(id, note) => tracing::info!(source = id.0, ?note, "note"),
        FeedEvent::Ended(id, end) => tracing::info!(source = id.0, ?end, "ended"),
        FeedEvent::Batch(_) => {}
    }
}
