//! One environment from its credentials to the end of its last log group.
//!
//! Whatever cannot be read appears as a source with a fault, so that the stages it would have
//! served are blind and not lost. What concerns the whole environment is told once, not per region.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_config::SdkConfig;
use tokio::task::JoinSet;

use super::calls::Calls;
use super::claims::Claims;
use super::client;
use super::clock::Skew;
use super::discover::{self, Found, Whose};
use super::fault::{Failure, plain};
use super::fetch::Fetch;
use super::group::Group;
use super::groups::Wanted;
use super::identity::identify;
use super::keep::Kept;
use super::listed::Listed;
use super::narrow;
use super::notes::Topic;
use super::opening::{Place, open, unread};
use super::outlet::Outlet;
use super::pace::Paces;
use super::remedy::Caller;
use super::request::Request;
use super::settings::Settings;
use super::unfound::{self, compilable, region_of};
use super::watch::Watch;
use crate::config::accounts::Accounts;
use crate::config::plan::EnvironmentPlan;
use crate::domain::event::SourceId;
use crate::domain::feed::{Fault, FaultKind, FeedEvent};
use crate::domain::time::Timestamp;
use crate::sources::channel::Stopped;

/// What every environment of a run shares.
pub struct Shared {
    /// What is asked of each log group.
    pub request: Request,
    /// Where reports go and pages stay.
    pub out: Outlet,
    /// How calls are made.
    pub settings: Arc<Settings>,
    /// How fast.
    pub paces: Paces,
    /// Who reads a group that several environments mean.
    pub claims: Claims,
    /// The service's time.
    pub skew: Arc<Skew>,
}

/// An environment whose credentials work.
struct Connected {
    shared: Arc<Shared>,
    config: SdkConfig,
    caller: Arc<Caller>,
}

/// One region of it.
struct Region {
    name: String,
    client: Arc<aws_sdk_cloudwatchlogs::Client>,
    /// How events are read.
    calls: Calls,
    /// How groups are listed: another quota.
    listing: Calls,
}

type Listing = (Arc<Region>, Vec<Wanted>, Result<Found, Failure>);

/// Reads one environment.
///
/// # Errors
/// When the feed stopped.
pub async fn run(shared: Arc<Shared>, plan: EnvironmentPlan) -> Result<(), Stopped> {
    let globs = compilable(&shared.out, &plan).await?;
    let identified = identify(&plan, &shared.settings, &shared.paces).await;
    let caller = identified.as_ref().ok().map(|(_, caller)| caller);
    shared.claims.settle(&plan.name, caller);
    let fault = match identified {
        Ok((config, caller)) => {
            let caller = Arc::new(caller);
            let connected = Connected {
                shared,
                config,
                caller,
            };
            return connected.read(&globs).await;
        }
        Err(fault) => fault,
    };
    for glob in globs {
        unread(&shared.out, &plan, region_of(&plan, &glob), &glob, &fault).await?;
    }
    Ok(())
}

impl Connected {
    /// Every source is opened before the first is read: a stage that is served by several must not
    /// look complete while one of them is not known yet.
    async fn read(self, globs: &[String]) -> Result<(), Stopped> {
        let names = self.caller.plan.regions.iter();
        let regions: Vec<_> = names.map(|name| Arc::new(self.region(name))).collect();
        let request = self.shared.request;
        let mut watch = Watch::new(self.shared.settings.follow.as_ref(), request.asked_at);
        let mut listings = self.list(&regions, globs);
        let mut matched = vec![false; globs.len()];
        let mut opened = Vec::new();
        let mut all_listed = true;
        while let Some(listed) = listings.join_next().await {
            let Ok((region, wanted, found)) = listed else {
                return Err(Stopped);
            };
            match found {
                Ok(found) => {
                    for (matched, wanted) in matched.iter_mut().zip(&wanted) {
                        *matched |= found.groups.iter().any(|group| wanted.matches(&group.name));
                    }
                    let groups = self
                        .open_groups(&region, found, request, &mut watch)
                        .await?;
                    opened.push((region, groups));
                }
                Err(failure) => {
                    all_listed = false;
                    let out = &self.shared.out;
                    unfound::unlisted(out, &self.caller, &region.name, globs, &failure).await?;
                }
            }
        }
        // A region that could not be listed has reported every glob already, and may have them.
        if all_listed {
            let absent = globs.iter().zip(matched).filter(|(_, matched)| !matched);
            let absent: Vec<&String> = absent.map(|(glob, _)| glob).collect();
            let regions: Vec<&Region> = opened.iter().map(|(region, _)| &**region).collect();
            self.report_absent(&regions, &absent).await?;
        }
        for (region, groups) in opened {
            watch.start(self.fetch(&region), groups);
        }
        while let Some(now) = watch.next_look().await {
            self.look_again(&regions, globs, now, &mut watch).await?;
        }
        Ok(())
    }

    /// Reads the groups that have come into being like the others.
    async fn look_again(
        &self,
        regions: &[Arc<Region>],
        globs: &[String],
        now: Timestamp,
        watch: &mut Watch,
    ) -> Result<(), Stopped> {
        let asked_at = self.shared.skew.corrected(now);
        let request = Request {
            asked_at,
            ..self.shared.request
        };
        let mut listings = self.list(regions, globs);
        let mut all_listed = true;
        while let Some(listed) = listings.join_next().await {
            let Ok((region, _, Ok(found))) = listed else {
                all_listed = false;
                continue;
            };
            let new = self.open_groups(&region, found, request, watch).await?;
            if !new.is_empty() {
                watch.start(self.fetch(&region), new);
            }
        }
        if all_listed {
            watch.listed(asked_at);
        }
        Ok(())
    }

    /// Lists every region at once.
    fn list(&self, regions: &[Arc<Region>], globs: &[String]) -> JoinSet<Listing> {
        let mut listings = JoinSet::new();
        let plan = &self.caller.plan;
        for region in regions {
            let region = Arc::clone(region);
            // Every glob compiled before, with another region in it.
            let wanted: Vec<Wanted> = globs
                .iter()
                .filter_map(|glob| Wanted::new(glob, &plan.name, &region.name).ok())
                .collect();
            let whose = self.whose();
            listings.spawn(async move {
                let (client, calls) = (&region.client, &region.listing);
                let found = discover::groups(client, calls, &whose, &wanted).await;
                (region, wanted, found)
            });
        }
        listings
    }

    fn whose(&self) -> Vec<Whose> {
        Whose::all(&self.caller.plan.accounts, self.caller.account.as_deref())
    }

    fn region(&self, name: &str) -> Region {
        let account = self.caller.account.as_deref();
        let account = account.unwrap_or(&self.caller.plan.name);
        // Amazon's quota is no matter of another endpoint.
        let limited = self.config.endpoint_url().is_none();
        let shared = &self.shared;
        let in_flight = shared.settings.in_flight;
        let calls = |pace| Calls {
            settings: Arc::clone(&shared.settings),
            pace,
        };
        Region {
            name: name.to_owned(),
            client: shared.skew.watching(&client::logs(&self.config, name)),
            calls: calls(shared.paces.of(account, name, in_flight, limited)),
            listing: calls(shared.paces.listing(account, name, in_flight, limited)),
        }
    }

    fn fetch(&self, region: &Region) -> Fetch {
        let shared = &self.shared;
        let (calls, name) = (region.calls.clone(), &region.name);
        Fetch::new(
            &region.client,
            calls,
            &shared.out,
            &self.caller,
            name,
            &shared.skew,
        )
    }

    /// Opens a source for each group that has none yet.
    async fn open_groups(
        &self,
        region: &Region,
        found: Found,
        request: Request,
        watch: &mut Watch,
    ) -> Result<Vec<Arc<Group>>, Stopped> {
        let (shared, plan) = (&self.shared, &self.caller.plan);
        let entries = plan.entries.iter();
        let entries = entries.filter_map(|glob| Wanted::new(glob, &plan.name, &region.name).ok());
        let entries: Vec<Wanted> = entries.collect();
        let mut groups = Vec::new();
        for group in found.groups {
            if !watch.is_new(&region.name, &group) {
                continue;
            }
            let place = Place {
                region: &region.name,
                account: self.foreign(&group),
                group: &group.name,
            };
            let (id, kept) = open(&shared.out, &plan.name, place).await?;
            let refused = self.refusal(region, &group).await;
            let note = self.note(&group, found.throttled);
            let opened = self.group(region, (id, kept), group, request, &entries);
            let _told_with_the_next = opened.notes.say(Topic::Narrowed, narrowed(&opened));
            if let Some(note) = opened.notes.say(Topic::Caller, note) {
                shared.out.tell(FeedEvent::Note(id, note)).await?;
            }
            match refused {
                Some(fault) => shared.out.unreadable(id, fault).await?,
                None => groups.push(Arc::new(opened)),
            }
        }
        Ok(groups)
    }

    fn group(
        &self,
        region: &Region,
        (id, kept): (SourceId, Vec<Kept>),
        group: Listed,
        request: Request,
        entries: &[Wanted],
    ) -> Group {
        let entry = entries.iter().any(|wanted| wanted.matches(&group.name));
        let foreign = self.foreign(&group).is_some();
        let arn = group.arn.clone().filter(|_| foreign);
        let filter = narrow::of_group(&self.caller.plan, &region.name, &group.name);
        let (name, retention) = (group.name, group.retention);
        let (span, asked_at) = (request.span(), request.asked_at);
        let opened = Group::new(id, name, span, asked_at, retention, kept)
            .feeding_entry(entry)
            .of_account(arn)
            .narrowed(filter);
        match &self.shared.settings.follow {
            Some(follow) => {
                let began = (request.from(), self.shared.skew.corrected(asked_at));
                opened.followed(follow.clone(), began, group.arn)
            }
            None => opened,
        }
    }

    /// Whose the group is, if it is not the caller's own.
    fn foreign<'a>(&self, group: &'a Listed) -> Option<&'a str> {
        let linked = self.caller.plan.accounts != Accounts::Own;
        let owner = group.account.as_deref().filter(|_| linked);
        owner.filter(|owner| self.caller.account.as_deref() != Some(owner))
    }

    /// Why a group that exists is not read.
    async fn refusal(&self, region: &Region, group: &Listed) -> Option<Fault> {
        let plan = &self.caller.plan;
        // Where nobody would say who we are, the first group does.
        if let (Some(expected), Some(owner), None, Accounts::Own) = (
            &plan.account,
            &group.account,
            &self.caller.account,
            &plan.accounts,
        ) && expected != owner
        {
            return Some(self.caller.other_account(expected, owner));
        }
        if let Some(fault) = group.unreadable(&region.name) {
            return Some(fault);
        }
        let shared = &self.shared;
        let patience = shared.settings.attempt_timeout;
        let earlier = shared
            .claims
            .before(&self.caller, &region.name, group, patience);
        let earlier = earlier.await?;
        Some(Fault {
            kind: FaultKind::Failed,
            message: format!(
                "log group {} in {} is the same as in environment {earlier}, and is read there",
                group.name, region.name
            ),
            remedy: format!(
                "give {} globs of its own ({{env}} in them helps), or the credentials of another account",
                plan.name
            ),
        })
    }

    fn note(&self, group: &Listed, throttled: u64) -> String {
        let mut said = vec![match (&self.caller.account, &self.caller.arn) {
            (Some(account), Some(arn)) => plain(&format!("account {account}, as {arn}")),
            _ => format!("account not known; as {}", self.caller.who()),
        }];
        if let Some(owner) = self.foreign(group) {
            said[0] = format!("linked account {owner}, read by {}", said[0]);
        }
        said.extend(group.reservations());
        if throttled > 0 {
            said.push(format!(
                "listing the log groups was throttled {throttled} times"
            ));
        }
        said.join("; ")
    }

    async fn report_absent(&self, regions: &[&Region], absent: &[&String]) -> Result<(), Stopped> {
        if absent.is_empty() {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        let whose = self.whose();
        for region in regions {
            names.extend(discover::some_names(&region.client, &region.listing, &whose).await);
        }
        unfound::absent(&self.shared.out, &self.caller, absent, &names).await
    }
}

fn narrowed(group: &Group) -> String {
    let filter = group.filter.as_ref();
    filter.map_or_else(String::new, |filter| {
        format!("narrowed to the lines that match {filter}")
    })
}
