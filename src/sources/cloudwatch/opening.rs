//! How a source of CloudWatch is named and brought into being, also one that cannot be read.

use std::sync::Arc;

use super::groups::expand;
use crate::config::plan::EnvironmentPlan;
use crate::domain::event::{Source, SourceId, SourceKind};
use crate::domain::feed::{End, Fault, FeedEvent};
use crate::sources::channel::{Feed, Stopped};

/// Which group of which place a source is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Empty where none can be named.
    pub region: &'a str,
    /// Whose it is, where it is not the caller's own.
    pub account: Option<&'a str>,
    /// The group, or the pattern it was looked for with.
    pub group: &'a str,
}

/// Opens the source of a log group: `qa/us-east-1:/acme/x`, `qa/us-east-1/222233334444:/acme/x`.
///
/// # Errors
/// When the feed stopped.
pub async fn open(feed: &Feed, env: &Arc<str>, place: Place<'_>) -> Result<SourceId, Stopped> {
    let id = feed.ids.source();
    let mut name = env.to_string();
    for part in [Some(place.region), place.account].into_iter().flatten() {
        if !part.is_empty() {
            name = format!("{name}/{part}");
        }
    }
    let source = Source {
        name: format!("{name}:{}", place.group).into(),
        env: Arc::clone(env),
        region: place.region.into(),
        group: place.group.into(),
        kind: SourceKind::CloudWatch,
    };
    feed.send(FeedEvent::Opened(id, Arc::new(source))).await?;
    Ok(id)
}

/// Ends a source of which nothing can be read.
///
/// # Errors
/// When the feed stopped.
pub async fn refuse(feed: &Feed, id: SourceId, fault: Fault) -> Result<(), Stopped> {
    feed.send(FeedEvent::Fault(id, fault)).await?;
    feed.send(FeedEvent::Ended(id, End::Nothing)).await
}

/// Reports a glob that cannot be read as a source of its own: its group is the glob.
///
/// # Errors
/// When the feed stopped.
pub async fn unread(
    feed: &Feed,
    plan: &EnvironmentPlan,
    region: &str,
    glob: &str,
    fault: &Fault,
) -> Result<(), Stopped> {
    let place = Place {
        region,
        account: None,
        group: &expand(glob, &plan.name, region),
    };
    let id = open(feed, &plan.name, place).await?;
    refuse(feed, id, fault.clone()).await
}
