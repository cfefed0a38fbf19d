//! Stand-ins for what the configuration names and a run does not ask for: sources that nobody reads,
//! so that the stages they serve are blind there and no message looks lost for it.

use std::sync::Arc;

use crate::config::plan::LeftOut;
use crate::domain::event::{Source, SourceId, SourceKind};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent};
use crate::sources::channel::{Feed, Stopped};
use crate::sources::cloudwatch::groups::expand;

/// Opens and ends one source for each; they are no part of a case.
///
/// # Errors
/// When nobody reads the feed.
pub(super) fn stand_in(left_out: &[LeftOut], feed: &Feed) -> Result<Vec<SourceId>, Stopped> {
    let mut ids = Vec::new();
    for one in left_out {
        let group = expand(&one.glob, &one.env, &one.region);
        let place = match one.region.as_str() {
            "" => one.env.to_string(),
            region => format!("{}/{region}", one.env),
        };
        let source = Source {
            name: format!("{place}:{group}").into(),
            env: Arc::clone(&one.env),
            region: one.region.as_str().into(),
            group: group.into(),
            kind: SourceKind::CloudWatch,
        };
        let fault = Fault {
            kind: FaultKind::Partial,
            message: format!("not asked for: {}", one.why),
            remedy: one.remedy.clone(),
        };
        let id = feed.ids.source();
        feed.send_blocking(FeedEvent::Opened(id, Arc::new(source)))?;
        feed.send_blocking(FeedEvent::Fault(id, fault))?;
        // It covers nothing. `End::Nothing` would be a failure, and nothing failed.
        feed.send_blocking(FeedEvent::Ended(id, End::AsCovered))?;
        ids.push(id);
    }
    Ok(ids)
}
