//! Which log groups exist in one region, of those that are wanted.
//!
//! DescribeLogGroups is paged by hand, per literal prefix. A listing that does not end properly is
//! a failure: a group that was not listed must not look as if it did not exist.

use std::collections::{BTreeMap, HashSet};

use aws_sdk_cloudwatchlogs::Client;

use super::calls::Calls;
use super::fault::{Class, Failure};
use super::groups::{Wanted, prefixes};

/// The groups of one region, and how long each keeps its events (in days; `None`: for ever).
pub type Found = BTreeMap<String, Option<i32>>;

/// Pages of names read to find a likely one: 50 names each.
const PAGES_FOR_NAMES: usize = 10;

/// The groups that any of `wanted` means, each once.
///
/// # Errors
/// When a listing cannot be read to its end.
pub async fn groups(client: &Client, calls: &Calls, wanted: &[Wanted]) -> Result<Found, Failure> {
    let mut found = Found::new();
    for prefix in prefixes(wanted) {
        for (name, retention) in list(client, calls, prefix, usize::MAX).await? {
            if wanted.iter().any(|w| w.matches(&name)) {
                found.insert(name, retention);
            }
        }
    }
    Ok(found)
}

/// Names of groups, wanted or not, to find one like a name that does not exist.
pub async fn some_names(client: &Client, calls: &Calls) -> Vec<String> {
    let listed = list(client, calls, "", PAGES_FOR_NAMES).await;
    listed.unwrap_or_default().into_keys().collect()
}

async fn list(
    client: &Client,
    calls: &Calls,
    prefix: &str,
    most_pages: usize,
) -> Result<Found, Failure> {
    let mut found = Found::new();
    let mut tokens = HashSet::new();
    let mut token: Option<String> = None;
    for _ in 0..most_pages {
        let page = calls
            .call(None, || {
                client
                    .describe_log_groups()
                    .set_log_group_name_prefix((!prefix.is_empty()).then(|| prefix.to_owned()))
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        for group in page.log_groups() {
            if let Some(name) = group.log_group_name() {
                found.insert(name.to_owned(), group.retention_in_days());
            }
        }
        let Some(next) = page.next_token else { break };
        if !tokens.insert(next.clone()) {
            let text = "the listing of log groups repeats itself";
            return Err(Failure::new(Class::Other, text));
        }
        token = Some(next);
    }
    Ok(found)
}
