//! One environment from its credentials to the end of its last log group.
//!
//! Whatever cannot be read appears as a source with a fault, so that the stages it would have
//! served are blind and not lost. What concerns the whole environment is told once, not per region.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_config::SdkConfig;
use tokio::task::JoinSet;

use super::backfill;
use super::calls::Calls;
use super::client;
use super::clock::Skew;
use super::discover::{self, Found};
use super::fault::{Class, Failure, plain};
use super::fetch::Fetch;
use super::group::Group;
use super::groups::{Wanted, expand, nearest};
use super::keep::Kept;
use super::notes::Topic;
use super::outlet::Outlet;
use super::pace::Paces;
use super::remedy::{Attempt, Caller};
use super::settings::Settings;
use crate::config::plan::EnvironmentPlan;
use crate::domain::event::{Source, SourceId, SourceKind};
use crate::domain::feed::{Fault, FaultKind, FeedEvent};
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::Stopped;

/// What every environment of a run shares.
pub struct Shared {
    /// All that is asked of each log group; `None` when it lies in the future.
    pub span: Option<Span>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Where reports go and pages stay.
    pub out: Outlet,
    /// How calls are made.
    pub settings: Arc<Settings>,
    /// How fast.
    pub paces: Paces,
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

type Listed = (Arc<Region>, Vec<Wanted>, Result<Found, Failure>);

/// Reads one environment.
///
/// # Errors
/// When the feed stopped.
pub async fn run(shared: Arc<Shared>, plan: EnvironmentPlan) -> Result<(), Stopped> {
    let globs = compilable(&shared.out, &plan).await?;
    let mut caller = Caller {
        plan: plan.clone(),
        account: None,
        arn: None,
    };
    let failed = match client::connect(&plan, &shared.settings).await {
        Ok(config) => match identity(&shared, &config, &plan).await {
            Ok((account, arn)) => {
                (caller.account, caller.arn) = (account, arn);
                let caller = Arc::new(caller);
                let connected = Connected {
                    shared,
                    config,
                    caller,
                };
                return connected.read(&globs).await;
            }
            Err(failure) => failure,
        },
        Err(failure) => failure,
    };
    let environment = format!("environment {}", plan.name);
    let attempt = Attempt {
        permission: "sts:AssumeRole",
        region: "",
        group: &environment,
    };
    let fault = caller.fault(&failed, attempt, false);
    for glob in globs {
        unread(&shared.out, &plan, region_of(&plan, &glob), &glob, &fault).await?;
    }
    Ok(())
}

/// The globs of an environment, each once; one that is no glob is reported and left out.
async fn compilable(out: &Outlet, plan: &EnvironmentPlan) -> Result<Vec<String>, Stopped> {
    let mut globs = Vec::new();
    for glob in plan.groups.iter().collect::<BTreeSet<_>>() {
        match Wanted::new(glob, &plan.name, region_of(plan, glob)) {
            Ok(_) => globs.push(glob.clone()),
            Err(why) => {
                let fault = Fault {
                    kind: FaultKind::Failed,
                    message: format!("`{glob}` is not a pattern for log groups: {why}"),
                    remedy: "correct it in the configuration".to_owned(),
                };
                unread(out, plan, region_of(plan, glob), glob, &fault).await?;
            }
        }
    }
    Ok(globs)
}

/// The region to name when a glob failed in the whole environment: none where there are several,
/// unless the glob itself names one.
fn region_of<'a>(plan: &'a EnvironmentPlan, glob: &str) -> &'a str {
    match plan.regions.as_slice() {
        [first, rest @ ..] if rest.is_empty() || glob.contains("{region}") => first,
        _ => "",
    }
}

/// Reports a glob that cannot be read as a source of its own: its group is the glob.
async fn unread(
    out: &Outlet,
    plan: &EnvironmentPlan,
    region: &str,
    glob: &str,
    fault: &Fault,
) -> Result<(), Stopped> {
    let pattern = expand(glob, &plan.name, region);
    let (id, _) = open(out, plan, region, &pattern).await?;
    out.unreadable(id, fault.clone()).await
}

async fn open(
    out: &Outlet,
    plan: &EnvironmentPlan,
    region: &str,
    group: &str,
) -> Result<(SourceId, Vec<Kept>), Stopped> {
    let name = if region.is_empty() {
        format!("{}:{group}", plan.name)
    } else {
        format!("{}/{region}:{group}", plan.name)
    };
    let source = Source {
        name: name.into(),
        env: Arc::clone(&plan.name),
        region: region.into(),
        group: group.into(),
        kind: SourceKind::CloudWatch,
    };
    out.open(source).await
}

/// Account and ARN of the caller; not to be allowed to ask is not a failure.
async fn identity(
    shared: &Shared,
    config: &SdkConfig,
    plan: &EnvironmentPlan,
) -> Result<(Option<String>, Option<String>), Failure> {
    let sts = aws_sdk_sts::Client::new(config);
    let calls = Calls {
        settings: Arc::clone(&shared.settings),
        pace: shared.paces.of(&plan.name, "sts", 1, false),
    };
    match calls.call(None, || sts.get_caller_identity().send()).await {
        Ok(identity) => Ok((identity.account, identity.arn)),
        Err(failure) => match failure.class {
            Class::CredentialsMissing | Class::CredentialsExpired | Class::CredentialsRejected => {
                Err(failure)
            }
            // Behind one endpoint of its own, nothing else will answer either.
            Class::Transient if plan.endpoint_url.is_some() => Err(failure),
            _ => Ok((None, None)),
        },
    }
}

impl Connected {
    /// Every source is opened before the first is read: a stage that is served by several must not
    /// look complete while one of them is not known yet.
    async fn read(self, globs: &[String]) -> Result<(), Stopped> {
        let mut listings = self.list(globs);
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
                        *matched |= found.keys().any(|name| wanted.matches(name));
                    }
                    let groups = self.open_groups(&region, found).await?;
                    opened.push((region, groups));
                }
                Err(failure) => {
                    all_listed = false;
                    self.report_unlisted(&region, globs, &failure).await?;
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
        let mut reading = JoinSet::new();
        for (region, groups) in opened {
            reading.spawn(backfill::read(Arc::new(self.fetch(&region)), groups));
        }
        while reading.join_next().await.is_some() {}
        Ok(())
    }

    /// Lists every region at once.
    fn list(&self, globs: &[String]) -> JoinSet<Listed> {
        let mut listings = JoinSet::new();
        let plan = &self.caller.plan;
        for name in &plan.regions {
            let region = Arc::new(self.region(name));
            // Every glob compiled before, with another region in it.
            let wanted: Vec<Wanted> = globs
                .iter()
                .filter_map(|glob| Wanted::new(glob, &plan.name, name).ok())
                .collect();
            listings.spawn(async move {
                let found = discover::groups(&region.client, &region.listing, &wanted).await;
                (region, wanted, found)
            });
        }
        listings
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

    async fn open_groups(&self, region: &Region, found: Found) -> Result<Vec<Arc<Group>>, Stopped> {
        let (shared, plan) = (&self.shared, &self.caller.plan);
        let entries = plan.entries.iter();
        let entries = entries.filter_map(|glob| Wanted::new(glob, &plan.name, &region.name).ok());
        let entries: Vec<Wanted> = entries.collect();
        let mut groups = Vec::new();
        for (name, retention) in found {
            let entry = entries.iter().any(|wanted| wanted.matches(&name));
            let (id, kept) = open(&shared.out, &self.caller.plan, &region.name, &name).await?;
            let group = Group::new(id, name, shared.span, shared.asked_at, retention, kept)
                .feeding_entry(entry);
            if let Some(note) = group.notes.say(Topic::Caller, self.note()) {
                shared.out.tell(FeedEvent::Note(id, note)).await?;
            }
            groups.push(Arc::new(group));
        }
        Ok(groups)
    }

    fn note(&self) -> String {
        match (&self.caller.account, &self.caller.arn) {
            (Some(account), Some(arn)) => plain(&format!("account {account}, as {arn}")),
            _ => format!("account not known; as {}", self.caller.who()),
        }
    }

    async fn report_unlisted(
        &self,
        region: &Region,
        globs: &[String],
        failure: &Failure,
    ) -> Result<(), Stopped> {
        let plan = &self.caller.plan;
        for glob in globs {
            let pattern = expand(glob, &plan.name, &region.name);
            let attempt = Attempt {
                permission: "logs:DescribeLogGroups",
                region: &region.name,
                group: &pattern,
            };
            let fault = self.caller.fault(failure, attempt, false);
            unread(&self.shared.out, plan, &region.name, glob, &fault).await?;
        }
        Ok(())
    }

    async fn report_absent(&self, regions: &[&Region], absent: &[&String]) -> Result<(), Stopped> {
        if absent.is_empty() {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        for region in regions {
            names.extend(discover::some_names(&region.client, &region.listing).await);
        }
        let plan = &self.caller.plan;
        for glob in absent {
            let region = region_of(plan, glob);
            let pattern = expand(glob, &plan.name, region);
            let account = self.caller.account.as_deref().unwrap_or("(not known)");
            let fault = Fault {
                kind: FaultKind::Absent,
                message: format!(
                    "no log group in {} of account {account} matches {pattern}",
                    plan.regions.join(", ")
                ),
                remedy: match nearest(&pattern, names.iter().map(String::as_str)) {
                    Some(name) => format!("the nearest that exists is {name}"),
                    None => "check the pattern, the account and the regions".to_owned(),
                },
            };
            unread(&self.shared.out, plan, region, glob, &fault).await?;
        }
        Ok(())
    }
}
