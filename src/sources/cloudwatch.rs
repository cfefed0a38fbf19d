//! CloudWatch Logs: every environment, region and matching log group, read at once by
//! FilterLogEvents.
//!
//! The only part of the project that knows the AWS SDK. It reports what it read and what it could
//! not read; a page that is missing, denied, throttled away or cut short must end as a span that
//! is not covered, never as an absence. It decides nothing about messages, and it never prints or
//! keeps a credential.
//!
//! ```text
//! environment: credentials, identity        identity, client, profiles, remedy
//!   region: list the groups                 discover, groups, listed, claims, opening
//!     group: pieces of time, newest first   backfill, work, group, windows, lag, replay
//!       piece: a chain of pages             chain, fetch, walk, sorted, page
//!         call: paced, repeated, classified calls, pace, circuit, access, fault
//!     group: its end, again and again       watch, follow, following, tail, seen, live_tail
//! ```
//!
//! What is fetched is kept (`keep`) before it is told (`outlet`). `reach` looks around without
//! reading anything, `policy` says what all this must be allowed to do.

pub mod access;
pub mod backfill;
pub mod calls;
pub mod chain;
pub mod circuit;
pub mod claims;
pub mod client;
pub mod clock;
pub mod discover;
pub mod ending;
pub mod environment;
pub mod fault;
pub mod fetch;
pub mod follow;
pub mod following;
pub mod group;
pub mod groups;
pub mod hunt;
pub mod identity;
pub mod ids;
pub mod keep;
pub mod lag;
pub mod latest_listing;
pub mod listed;
pub mod live_tail;
pub mod narrow;
pub mod notes;
pub mod opening;
pub mod outlet;
pub mod pace;
pub mod page;
pub mod policy;
pub mod profiles;
pub mod rate;
pub mod reach;
pub mod regions;
pub mod remedy;
pub mod replay;
pub mod request;
pub mod seen;
pub mod settings;
pub mod sorted;
pub mod tail;
pub mod unfound;
pub mod walk;
pub mod watch;
pub mod windows;
pub mod work;

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use self::claims::Claims;
use self::clock::Skew;
use self::environment::Shared;
use self::keep::Keep;
use self::outlet::Outlet;
use self::pace::Paces;
pub use self::request::Request;
use self::settings::Settings;
use super::channel::Feed;
use crate::config::plan::EnvironmentPlan;

/// How often a task that waits looks whether the run was cancelled.
const STOP_POLL: Duration = Duration::from_millis(20);
/// How long a cancelled run has to say what it has read.
const LAST_WORDS: Duration = Duration::from_millis(60);

/// Starts reading every environment, one task each (its regions and groups are tasks below it), and
/// returns at once. The tasks end when everything is read, or soon after the feed stops.
pub fn spawn(
    environments: &[EnvironmentPlan],
    request: Request,
    feed: &Feed,
    keep: Arc<dyn Keep>,
    runtime: &Handle,
    settings: Settings,
) -> Vec<JoinHandle<()>> {
    let shared = Arc::new(Shared {
        request,
        out: Outlet::new(feed, keep),
        settings: Arc::new(settings),
        paces: Paces::default(),
        claims: Claims::new(environments),
        skew: Skew::new(request.asked_at),
    });
    let with_groups = environments.iter().filter(|plan| !plan.groups.is_empty());
    with_groups
        .map(|plan| {
            let (plan, feed, shared) = (plan.clone(), feed.clone(), Arc::clone(&shared));
            runtime.spawn(async move {
                let mut run = std::pin::pin!(environment::run(shared, plan));
                tokio::select! {
                    _ = &mut run => {}
                    () = stopped(&feed) => {
                        // Time to say what was read.
                        let _ = tokio::time::timeout(LAST_WORDS, run).await;
                    }
                }
            })
        })
        .collect()
}

/// Waits until the run is cancelled.
async fn stopped(feed: &Feed) {
    while !feed.is_stopped() {
        tokio::time::sleep(STOP_POLL).await;
    }
}
