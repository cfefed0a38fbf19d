//! Which log groups exist in one region, of those that are wanted.
//!
//! DescribeLogGroups is paged by hand, per literal prefix. A listing that does not end properly is
//! a failure: a group that was not listed must not look as if it did not exist.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_cloudwatchlogs::Client;

use super::calls::Calls;
use super::fault::{Class, Failure};
use super::groups::{Wanted, prefixes};
use super::listed::Listed;
use crate::config::accounts::Accounts;

/// Pages of names read to find a likely one: 50 names each.
const PAGES_FOR_NAMES: usize = 10;
/// More accounts than this cannot be asked for at once.
const ACCOUNTS_AT_ONCE: usize = 20;

/// The groups of one region that are wanted.
#[derive(Debug, Default)]
pub struct Found {
    /// Each once, by name, then by account.
    pub groups: Vec<Listed>,
    /// How often the listing was throttled.
    pub throttled: u64,
}

/// Whose groups one listing asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whose {
    /// The caller's.
    Own,
    /// The caller's, and those of every linked account.
    Linked,
    /// Those of these linked accounts.
    Accounts(Vec<String>),
}

impl Whose {
    /// What has to be listed for `accounts`, asked by an account of this number.
    #[must_use]
    pub fn all(accounts: &Accounts, own: Option<&str>) -> Vec<Self> {
        let numbers = match accounts {
            Accounts::Own => return vec![Self::Own],
            Accounts::Linked => return vec![Self::Linked],
            Accounts::Only(numbers) => numbers,
        };
        let is_own = |number: &&String| own == Some(number.as_str());
        let others: Vec<String> = numbers.iter().filter(|n| !is_own(n)).cloned().collect();
        let mut all: Vec<Self> = others
            .chunks(ACCOUNTS_AT_ONCE)
            .map(|some| Self::Accounts(some.to_vec()))
            .collect();
        if numbers.iter().any(|number| is_own(&number)) {
            all.push(Self::Own);
        }
        all
    }
}

/// The groups that any of `wanted` means.
///
/// # Errors
/// When a listing cannot be read to its end.
pub async fn groups(
    client: &Client,
    calls: &Calls,
    whose: &[Whose],
    wanted: &[Wanted],
) -> Result<Found, Failure> {
    let mut found = BTreeMap::new();
    let listing = Listing::new(client, calls);
    for whose in whose {
        for prefix in prefixes(wanted) {
            for group in listing.list(whose, prefix, usize::MAX).await? {
                if wanted.iter().any(|w| w.matches(&group.name)) {
                    found.insert((group.name.clone(), group.account.clone()), group);
                }
            }
        }
    }
    Ok(Found {
        groups: found.into_values().collect(),
        throttled: listing.throttled.into_inner(),
    })
}

/// Names of groups, wanted or not, to find one like a name that does not exist.
pub async fn some_names(client: &Client, calls: &Calls, whose: &[Whose]) -> Vec<String> {
    let listing = Listing::new(client, calls);
    let mut names = Vec::new();
    for whose in whose {
        let listed = listing.list(whose, "", PAGES_FOR_NAMES).await;
        names.extend(listed.unwrap_or_default().into_iter().map(|g| g.name));
    }
    names
}

struct Listing<'a> {
    client: &'a Client,
    calls: &'a Calls,
    throttled: AtomicU64,
}

impl<'a> Listing<'a> {
    const fn new(client: &'a Client, calls: &'a Calls) -> Self {
        Self {
            client,
            calls,
            throttled: AtomicU64::new(0),
        }
    }

    async fn list(
        &self,
        whose: &Whose,
        prefix: &str,
        most_pages: usize,
    ) -> Result<Vec<Listed>, Failure> {
        let accounts = match whose {
            Whose::Accounts(numbers) => Some(numbers.clone()),
            Whose::Own | Whose::Linked => None,
        };
        let linked = (*whose != Whose::Own).then_some(true);
        let mut found = Vec::new();
        let mut tokens = HashSet::new();
        let mut token: Option<String> = None;
        for _ in 0..most_pages {
            let ask = || async {
                let answer = self
                    .client
                    .describe_log_groups()
                    .set_log_group_name_prefix((!prefix.is_empty()).then(|| prefix.to_owned()))
                    .set_include_linked_accounts(linked)
                    .set_account_identifiers(accounts.clone())
                    .set_next_token(token.clone())
                    .send()
                    .await;
                if let Err(error) = &answer
                    && Failure::of_call(error).class == Class::Throttled
                {
                    self.throttled.fetch_add(1, Ordering::Relaxed);
                }
                answer
            };
            let page = self.calls.call(None, ask).await?;
            found.extend(page.log_groups().iter().filter_map(Listed::of));
            let Some(next) = page.next_token else { break };
            if !tokens.insert(next.clone()) {
                let text = "the listing of log groups repeats itself";
                return Err(Failure::new(Class::Other, text));
            }
            token = Some(next);
        }
        Ok(found)
    }
}
