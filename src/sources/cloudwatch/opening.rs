//! How a source of CloudWatch is named and brought into being, also one that cannot be read.

use std::sync::Arc;

use super::groups::expand;
use super::keep::Kept;
use super::outlet::Outlet;
use crate::config::plan::EnvironmentPlan;
use crate::domain::event::{Source, SourceId, SourceKind};
use crate::domain::feed::Fault;
use crate::sources::channel::Stopped;

/// Which group of which place a source is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Empty where none can be named.
    pub region: &'a str,
    /// Whose it is, where it is not the caller's own.
    pub account: Option<&'a str>,
    /// The caller's account, where it is known.
    pub reader: Option<&'a str>,
    /// The group, or the pattern it was looked for with.
    pub group: &'a str,
}

/// Opens the source of a log group; returns what earlier runs kept of it too. It is called
/// `qa/us-east-1:/acme/x`, or `qa/us-east-1/222233334444:/acme/x`.
///
/// # Errors
/// When the feed stopped.
pub async fn open(
    out: &Outlet,
    env: &Arc<str>,
    place: Place<'_>,
) -> Result<(SourceId, Vec<Kept>), Stopped> {
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
    out.open(source, place.reader).await
}

/// Reports a glob that cannot be read as a source of its own: its group is the glob.
///
/// # Errors
/// When the feed stopped.
pub async fn unread(
    out: &Outlet,
    (plan, reader): (&EnvironmentPlan, Option<&str>),
    region: &str,
    glob: &str,
    fault: &Fault,
) -> Result<(), Stopped> {
    let place = Place {
        region,
        account: None,
        reader,
        group: &expand(glob, &plan.name, region),
    };
    let (id, _) = open(out, &plan.name, place).await?;
    out.unreadable(id, fault.clone()).await
}
