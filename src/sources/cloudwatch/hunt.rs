//! Where was this ID ever mentioned: every region and log group that the credentials reach.
//!
//! First every region is asked for its log groups, then they are searched, those with a familiar
//! name first, because the budget may not last for all. Nothing here is evidence for a verdict.
//!
//! ```text
//! accounts of the environments, each once     account
//!   region: all its log groups                list
//!     which of them, in which order           candidates
//!       IDs as filter patterns                pattern
//!         pages, checked event by event       search
//! ```

pub mod account;
pub mod candidates;
pub mod list;
pub mod pattern;
pub mod search;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::{JoinHandle, JoinSet};

use self::account::Account;
use self::candidates::{Candidate, Fate, Sieve};
use self::pattern::Round;
use self::search::Search;
use super::calls::Calls;
use super::client;
use super::discover::Whose;
use super::fault::{Class, Failure};
use super::listed::{Listed, QUERY_INSTEAD};
use super::pace::{Pace, Paces};
use super::regions;
use super::remedy::{Attempt, Caller};
use super::settings::Settings;
use crate::config::plan::EnvironmentPlan;
use crate::domain::hunt::{Cause, Unsearched};
use crate::domain::time::{Span, Timestamp};
use crate::sources::hunt::Tally;

/// A region that does not answer within this is not waited for.
const PROBE: Duration = Duration::from_secs(5);
/// Ranks of candidates: one is searched everywhere before the next is begun anywhere.
const RANKS: u8 = 3;

/// What is asked of AWS.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The time that is searched.
    pub window: Span,
    /// Now.
    pub asked_at: Timestamp,
    /// Only these regions; empty: every one there is.
    pub regions: Vec<String>,
    /// Environment, region and log group of what was read by the run.
    pub loaded: Vec<(Arc<str>, Arc<str>, Arc<str>)>,
    /// Search that again too.
    pub again: bool,
    /// Count every mention instead of stopping at evidence enough.
    pub all_hits: bool,
}

/// Starts the hunt and returns at once. The task ends when everything is searched, the budget is
/// spent, or soon after the hunt is cancelled.
pub fn spawn(
    environments: &[EnvironmentPlan],
    ask: Ask,
    tally: &Arc<Tally>,
    runtime: &Handle,
    settings: Settings,
) -> JoinHandle<()> {
    let (environments, tally) = (environments.to_vec(), Arc::clone(tally));
    runtime.spawn(async move {
        let hunter = Hunter {
            ask,
            settings: Arc::new(settings),
            paces: Paces::default(),
            tally: Arc::clone(&tally),
        };
        tokio::select! {
            () = tally.cancelled() => {}
            () = hunter.run(&environments) => {}
        }
    })
}

struct Hunter {
    ask: Ask,
    settings: Arc<Settings>,
    paces: Paces,
    tally: Arc<Tally>,
}

/// A region before its groups are known.
struct Region {
    search: Search,
    sieve: Sieve,
    /// Whose log groups are asked for.
    whose: Vec<Whose>,
    /// How.
    listing: Calls,
    /// It is named in the configuration.
    configured: bool,
    patience: Duration,
}

impl Hunter {
    async fn run(&self, environments: &[EnvironmentPlan]) {
        let (rounds, refused) = pattern::rounds(&self.tally.ids());
        for (_, why) in refused {
            self.tally.note(Unsearched {
                env: "".into(),
                region: "".into(),
                groups: Vec::new(),
                cause: Cause::Failed,
                why,
                remedy: "search an export of the logs for it: files take any ID".to_owned(),
            });
        }
        if rounds.is_empty() {
            return;
        }
        let rounds: Arc<[Round]> = rounds.into();
        let accounts =
            account::connect(environments, &self.settings, &self.paces, &self.tally).await;
        let mut listings = JoinSet::new();
        for account in &accounts {
            for region in self.regions(account, &rounds) {
                listings.spawn(listed(region));
            }
        }
        let mut found = Vec::new();
        while let Some(listed) = listings.join_next().await {
            found.extend(listed.ok().flatten());
        }
        for rank in 0..RANKS {
            let mut searches = JoinSet::new();
            for (search, candidates) in &found {
                let of_rank = candidates.iter().filter(|c| c.rank == rank);
                let groups: Vec<Candidate> = of_rank.cloned().collect();
                searches.spawn(Arc::clone(search).groups(groups));
            }
            while searches.join_next().await.is_some() {}
        }
    }

    fn regions(&self, account: &Account, rounds: &Arc<[Round]>) -> Vec<Region> {
        let configured = account.regions();
        let names = if self.ask.regions.is_empty() {
            regions::in_reach(&configured)
        } else {
            self.ask.regions.clone()
        };
        let (env, caller) = (account.names(), Arc::new(account.caller.clone()));
        let regions = names.into_iter().map(|name| {
            let region: Arc<str> = name.as_str().into();
            self.tally.region(&env, &region);
            let search = Search {
                client: client::logs(&account.config, &name),
                calls: self.calls(account, &name, Paces::of),
                caller: Arc::clone(&caller),
                env: Arc::clone(&env),
                region,
                rounds: Arc::clone(rounds),
                window: self.ask.window,
                all_hits: self.ask.all_hits,
                tally: Arc::clone(&self.tally),
            };
            Region {
                sieve: self.sieve(account, &name),
                whose: account.whose(),
                listing: self.calls(account, &name, Paces::listing),
                search,
                configured: configured.contains(&name),
                patience: PROBE.min(self.settings.attempt_timeout),
            }
        });
        regions.collect()
    }

    fn sieve(&self, account: &Account, region: &str) -> Sieve {
        let ours = |env: &str| account.envs.iter().any(|plan| *plan.name == *env);
        let loaded = self.ask.loaded.iter();
        let loaded: HashSet<String> = loaded
            .filter(|(env, at, _)| ours(env) && **at == *region)
            .map(|(_, _, group)| group.to_string())
            .collect();
        let (window, asked_at) = (self.ask.window, self.ask.asked_at);
        let loaded = (loaded, self.ask.again);
        let own = account.caller.account.as_deref();
        Sieve::new(region, own, &account.envs, loaded, window, asked_at)
    }

    fn calls(
        &self,
        account: &Account,
        region: &str,
        pace: fn(&Paces, &str, &str, usize, bool) -> Arc<Pace>,
    ) -> Calls {
        let caller = &account.caller;
        let name = caller.account.as_deref().unwrap_or(&caller.plan.name);
        // Amazon's quota is no matter of another endpoint.
        let limited = account.config.endpoint_url().is_none();
        let in_flight = self.settings.in_flight;
        Calls {
            settings: Arc::clone(&self.settings),
            pace: pace(&self.paces, name, region, in_flight, limited),
        }
    }
}

/// Asks a region for its groups, and books what becomes of each.
async fn listed(region: Region) -> Option<(Arc<Search>, Vec<Candidate>)> {
    let search = region.search;
    let mut probe = region.listing;
    if !region.configured {
        // Most of these regions are of no interest: one try each.
        probe.settings = Arc::new(Settings {
            attempts: 1,
            silent_attempts: 1,
            ..(*probe.settings).clone()
        });
    }
    let tally = Arc::clone(&search.tally);
    let groups = match list::every(
        &search.client,
        &probe,
        &region.whose,
        &tally,
        region.patience,
    )
    .await
    {
        Ok(groups) => groups,
        Err(failure) => {
            // What the budget did not allow stays in the books as not searched.
            if !(tally.is_spent() && failure.class == Class::Other) {
                tally.skip(unlisted(&search, region.configured, &failure));
            }
            return None;
        }
    };
    let mut candidates = sifted(&search, &region.sieve, &groups);
    candidates::sort(&mut candidates);
    let names = candidates.iter().map(|c| c.key.clone()).collect();
    tally.expect(&search.env, &search.region, names);
    Some((Arc::new(search), candidates))
}

fn sifted(search: &Search, sieve: &Sieve, groups: &[Listed]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for group in groups {
        match sieve.fate(group) {
            Fate::Search(candidate) => candidates.push(candidate),
            Fate::Known => {}
            Fate::Skip(cause, why) => search.tally.skip(Unsearched {
                env: Arc::clone(&search.env),
                region: Arc::clone(&search.region),
                groups: vec![group.name.clone()],
                cause,
                why,
                remedy: match cause {
                    Cause::Class => QUERY_INSTEAD.to_owned(),
                    _ => String::new(),
                },
            }),
        }
    }
    candidates
}

/// Why a region is not searched.
fn unlisted(search: &Search, configured: bool, failure: &Failure) -> Unsearched {
    let permission = "logs:DescribeLogGroups";
    let attempt = Attempt {
        permission,
        region: &search.region,
        group: "*",
    };
    let caller: &Caller = &search.caller;
    let mut remedy = caller.fault(failure, attempt, false).remedy;
    let opt_in = !configured && !regions::PUBLIC.contains(&&*search.region);
    let (cause, why) = match failure.class {
        // The credentials were accepted elsewhere a moment ago.
        Class::CredentialsUnknown | Class::RegionDisabled if opt_in => {
            remedy = String::new();
            let why = "not enabled for the account";
            (Cause::NotEnabled, why.to_owned())
        }
        Class::Denied => (Cause::Denied, format!("{permission} is not allowed")),
        Class::Transient => (Cause::Failed, format!("does not answer: {}", failure.text)),
        Class::CredentialsRejected | Class::CredentialsUnknown => (
            Cause::Failed,
            "the region does not accept the credentials".to_owned(),
        ),
        Class::CredentialsExpired => (Cause::Failed, "the credentials have expired".to_owned()),
        _ => (Cause::Failed, failure.text.clone()),
    };
    Unsearched {
        env: Arc::clone(&search.env),
        region: Arc::clone(&search.region),
        groups: Vec::new(),
        cause,
        why,
        remedy,
    }
}
