//! Everything that is in reach: each profile's account, its regions, their log groups, and when
//! each last had an event.
//!
//! A question of seconds and not evidence of anything: what does not answer soon is left out and
//! counted. It reads no log event.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::OrderBy;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::picture::{Account, LastEvent, Reach, Region};
use self::who::{Ask, Connected, Progress, connect};
use super::calls::Calls;
use super::client;
use super::discover::{self, Whose};
use super::fault::{Class, Failure, plain};
use super::groups::Wanted;
use super::listed::Listed;
use super::pace::{Pace, Paces};
use super::remedy::Attempt;
use super::settings::Settings;
use crate::domain::time::Timestamp;

pub mod picture;
pub mod who;

/// How long one region may take to answer.
const SOON: Duration = Duration::from_secs(5);
/// Regions asked at once.
const AT_ONCE: usize = 24;
/// So many groups are asked for their last event, a call each, the largest first.
pub const BUDGET: usize = 200;

/// How regions are asked.
struct Means {
    settings: Arc<Settings>,
    paces: Arc<Paces>,
    turns: Semaphore,
}

impl Means {
    fn calls(&self, pace: Arc<Pace>) -> Calls {
        Calls {
            settings: Arc::clone(&self.settings),
            pace,
        }
    }

    /// Lists the groups of one region.
    fn listing(&self, one: &Connected, region: &str) -> Calls {
        let (account, in_flight, limited) = self.limits(one);
        self.calls(self.paces.listing(account, region, in_flight, limited))
    }

    /// Asks for their streams.
    fn streams(&self, one: &Connected, region: &str) -> Calls {
        let (account, in_flight, limited) = self.limits(one);
        self.calls(self.paces.streams(account, region, in_flight, limited))
    }

    fn limits<'a>(&self, one: &'a Connected) -> (&'a str, usize, bool) {
        let caller = &one.caller;
        let account = caller.account.as_deref().unwrap_or(&caller.plan.name);
        let limited = one.config.endpoint_url().is_none();
        (account, self.settings.in_flight, limited)
    }
}

/// Looks around. `tell` hears how far it is.
pub async fn reach(ask: &Ask, settings: Settings, tell: &mut dyn FnMut(Progress)) -> Reach {
    let means = Arc::new(Means {
        settings: Arc::new(Settings {
            attempts: 2,
            silent_attempts: 2,
            attempt_timeout: SOON.min(settings.attempt_timeout),
            ..settings
        }),
        paces: Arc::default(),
        turns: Semaphore::new(AT_ONCE),
    });
    let (connected, unusable) = connect(ask, &means.settings, &means.paces, tell).await;
    let mut accounts = list(ask, &connected, &means, tell).await;
    last_events(&mut accounts, &connected, &means, tell).await;
    Reach { accounts, unusable }
}

type Answer = (usize, usize, Result<Vec<Listed>, Failure>);

/// Lists the groups of every region of every account.
async fn list(
    ask: &Ask,
    connected: &[Arc<Connected>],
    means: &Arc<Means>,
    tell: &mut dyn FnMut(Progress),
) -> Vec<Account> {
    let mut asked = JoinSet::new();
    for (number, one) in connected.iter().enumerate() {
        for (place, region) in one.regions.iter().enumerate() {
            let (one, means, region) = (Arc::clone(one), Arc::clone(means), region.clone());
            let globs = if ask.groups.is_empty() {
                vec!["*".to_owned()]
            } else {
                ask.groups.clone()
            };
            asked.spawn(async move {
                let _turn = means.turns.acquire().await;
                (number, place, groups(&one, &means, &region, &globs).await)
            });
        }
    }
    let of = asked.len();
    let mut answers: Vec<Answer> = Vec::new();
    while let Some(answer) = asked.join_next().await {
        answers.extend(answer);
        let done = answers.len();
        let what = "regions";
        tell(Progress { what, done, of });
    }
    answers.sort_by_key(|(number, place, _)| (*number, *place));
    let mut accounts: Vec<Account> = connected.iter().map(|one| account(one)).collect();
    for (number, place, answer) in answers {
        take(&mut accounts[number], &connected[number], place, answer);
    }
    accounts
}

async fn groups(
    one: &Connected,
    means: &Means,
    region: &str,
    globs: &[String],
) -> Result<Vec<Listed>, Failure> {
    let name = &one.caller.plan.name;
    // A glob that is none was refused before.
    let wanted = globs
        .iter()
        .filter_map(|glob| Wanted::new(glob, name, region).ok());
    let wanted: Vec<Wanted> = wanted.collect();
    let client = client::logs(&one.config, region);
    let calls = means.listing(one, region);
    let found = discover::groups(&client, &calls, &[Whose::Own], &wanted).await?;
    Ok(found.groups)
}

fn account(one: &Connected) -> Account {
    let caller = &one.caller;
    Account {
        name: caller.plan.name.to_string(),
        profile: caller.plan.profile.clone(),
        also: one.also.clone(),
        number: caller.account.clone(),
        arn: caller.arn.as_deref().map(plain),
        ..Account::default()
    }
}

/// What the region at this place said.
fn take(
    account: &mut Account,
    one: &Connected,
    place: usize,
    answer: Result<Vec<Listed>, Failure>,
) {
    let region = &one.regions[place];
    let failure = match answer {
        Ok(groups) if groups.is_empty() => {
            account.empty += 1;
            return;
        }
        Ok(groups) => {
            let groups = groups.into_iter().map(|g| (g, LastEvent::NotAsked));
            account.regions.push(Region {
                name: region.clone(),
                groups: groups.collect(),
            });
            return;
        }
        Err(failure) => failure,
    };
    if place < one.named {
        let attempt = Attempt {
            permission: "logs:DescribeLogGroups",
            region,
            group: "log groups",
        };
        account
            .faults
            .push(one.caller.fault(&failure, attempt, false));
    }
    match failure.class {
        Class::CredentialsUnknown | Class::RegionDisabled => account.disabled += 1,
        Class::Denied => account.denied += 1,
        _ => account.silent += 1,
    }
}

/// Asks the largest groups when they last had an event.
async fn last_events(
    accounts: &mut [Account],
    connected: &[Arc<Connected>],
    means: &Arc<Means>,
    tell: &mut dyn FnMut(Progress),
) {
    let mut places = Vec::new();
    for (a, account) in accounts.iter().enumerate() {
        for (r, region) in account.regions.iter().enumerate() {
            for (g, (group, _)) in region.groups.iter().enumerate() {
                places.push((Reverse(group.stored_bytes), a, r, g));
            }
        }
    }
    places.sort();
    places.truncate(BUDGET);
    let mut asked = JoinSet::new();
    for (_, a, r, g) in places {
        let region = &accounts[a].regions[r];
        let group = region.groups[g].0.name.clone();
        let client = client::logs(&connected[a].config, &region.name);
        let calls = means.streams(&connected[a], &region.name);
        let means = Arc::clone(means);
        asked.spawn(async move {
            let _turn = means.turns.acquire().await;
            (a, r, g, last_event(&client, &calls, &group).await)
        });
    }
    let (mut done, of) = (0, asked.len());
    while let Some(answer) = asked.join_next().await {
        if let Ok((a, r, g, last)) = answer {
            accounts[a].regions[r].groups[g].1 = last;
        }
        done += 1;
        let what = "log groups";
        tell(Progress { what, done, of });
    }
}

async fn last_event(client: &Client, calls: &Calls, group: &str) -> LastEvent {
    let ask = || {
        client
            .describe_log_streams()
            .log_group_name(group)
            .order_by(OrderBy::LastEventTime)
            .descending(true)
            .limit(1)
            .send()
    };
    let Ok(answer) = calls.call(None, ask).await else {
        return LastEvent::Unknown;
    };
    let Some(stream) = answer.log_streams().first() else {
        return LastEvent::Never;
    };
    // A stream without events has neither.
    let last = stream
        .last_event_timestamp()
        .or(stream.last_ingestion_time());
    last.map_or(LastEvent::Never, |at| LastEvent::At(Timestamp(at)))
}
