//! What is said of a log group at its end, and what is still said when the run is cancelled.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::fetch::Fetch;
use super::following::Phase;
use super::group::{Group, Outcome};
use super::notes::Topic;
use super::outlet::Outlet;
use super::remedy::Attempt;
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent};
use crate::domain::time::Span;
use crate::sources::channel::Stopped;

/// Ends a group of which nothing is left to do.
///
/// # Errors
/// When the feed stopped.
pub async fn tell(fetch: &Fetch, group: &Group, outcome: Outcome) -> Result<(), Stopped> {
    let (source, out) = (group.source, &fetch.out);
    for span in outcome.covered {
        out.tell(FeedEvent::Covered(source, span)).await?;
    }
    // Whatever came of it, nobody is asked again.
    let mut note = group.notes.say(Topic::Silence, String::new());
    if let Some((failure, span)) = outcome.failure {
        let attempt = Attempt {
            permission: "logs:FilterLogEvents",
            region: &fetch.region,
            group: group.identifier(),
        };
        let mut fault = fetch.caller.fault(&failure, attempt, outcome.any_page);
        if fault.kind == FaultKind::Partial {
            let rest = format!("; not read: {} to {}", span.from, span.to);
            fault.message.push_str(&rest);
        }
        out.tell(FeedEvent::Fault(source, fault)).await?;
    }
    if let Some(gone) = outcome.unretained.filter(|_| outcome.any_page) {
        let fault = retention_fault(group, gone);
        out.tell(FeedEvent::Fault(source, fault)).await?;
    }
    let throttled = group.throttled.load(Ordering::Relaxed);
    if throttled > 0 {
        let text = format!("throttled {throttled} times; every page was asked for again");
        note = group.notes.say(Topic::Pace, text).or(note);
    }
    if let Some(note) = note {
        out.tell(FeedEvent::Note(source, note)).await?;
    }
    let end = if outcome.any_page {
        End::AsCovered
    } else {
        End::Nothing
    };
    over(out, group, end).await
}

/// Nothing more is to be done for a group, unless it is followed.
///
/// # Errors
/// When the feed stopped.
pub async fn over(out: &Outlet, group: &Group, end: End) -> Result<(), Stopped> {
    match &group.following {
        Some(following) if end == End::AsCovered => {
            following.reached(Phase::Whole);
            return Ok(());
        }
        Some(following) => following.reached(Phase::Never),
        None => {}
    }
    out.tell(FeedEvent::Ended(group.source, end)).await
}

/// The run was cancelled: what was read until then stays covered. That it is not complete is known
/// from its not having ended.
pub async fn cut_short(out: &Outlet, groups: &[Arc<Group>]) {
    for group in groups {
        for span in group.unfinished().into_iter().flatten() {
            if out
                .last_word(FeedEvent::Covered(group.source, span))
                .await
                .is_err()
            {
                return;
            }
        }
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
