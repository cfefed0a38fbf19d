//! Whose credentials are in reach: every profile and the default chain, each account once.

use std::sync::Arc;

use aws_config::SdkConfig;
use tokio::task::JoinSet;

use crate::config::draft::{name_of, plain_name, unique};
use crate::config::plan::EnvironmentPlan;
use crate::domain::feed::Fault;
use crate::sources::cloudwatch::identity::identify;
use crate::sources::cloudwatch::pace::Paces;
use crate::sources::cloudwatch::profiles::Profiles;
use crate::sources::cloudwatch::regions::in_reach;
use crate::sources::cloudwatch::remedy::Caller;
use crate::sources::cloudwatch::settings::Settings;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Only this profile.
    pub profile: Option<String>,
    /// Only these regions.
    pub regions: Vec<String>,
    /// Another endpoint than Amazon's.
    pub endpoint_url: Option<String>,
    /// The region that the environment variables name.
    pub aws_region: Option<String>,
    /// Only the environment of this name; the name of the only one.
    pub env: Option<String>,
    /// Only groups that one of these globs means; all where there is none.
    pub groups: Vec<String>,
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// What is being asked.
    pub what: &'static str,
    /// Answers so far.
    pub done: usize,
    /// Answers in all.
    pub of: usize,
}

/// Credentials that work.
pub struct Connected {
    /// What clients are made of.
    pub config: SdkConfig,
    /// Who they are; the plan bears the name of the environment.
    pub caller: Caller,
    /// The regions to look at.
    pub regions: Vec<String>,
    /// How many of them were asked for by name; they come first.
    pub named: usize,
    /// Other credentials that lead to the same account.
    pub also: Vec<String>,
}

/// Credentials of every profile and of the default chain; those of one account once.
pub async fn connect(
    ask: &Ask,
    settings: &Arc<Settings>,
    paces: &Arc<Paces>,
    tell: &mut dyn FnMut(Progress),
) -> (Vec<Arc<Connected>>, Vec<Fault>) {
    let plans = plans(ask, settings).await;
    let several = plans.len() > 1;
    let mut asked = JoinSet::new();
    let of = plans.len();
    for (index, plan) in plans.into_iter().enumerate() {
        let (settings, paces) = (Arc::clone(settings), Arc::clone(paces));
        asked.spawn(async move {
            let identified = identify(&plan, &settings, &paces).await;
            (index, plan, identified)
        });
    }
    let mut answers = Vec::new();
    while let Some(answer) = asked.join_next().await {
        answers.extend(answer);
        let done = answers.len();
        let what = "profiles";
        tell(Progress { what, done, of });
    }
    answers.sort_by_key(|(index, ..)| *index);
    let mut connected: Vec<Connected> = Vec::new();
    let mut unusable = Vec::new();
    for (_, plan, identified) in answers {
        let (config, caller) = match identified {
            Ok(known) => known,
            // Where there are profiles, to have nothing else is no news.
            Err(_) if plan.profile.is_none() && several => continue,
            Err(fault) => {
                unusable.push(fault);
                continue;
            }
        };
        let same =
            |c: &&mut Connected| caller.account.is_some() && c.caller.account == caller.account;
        if let Some(known) = connected.iter_mut().find(same) {
            known.also.push(caller.who());
            continue;
        }
        let (regions, named) = if ask.regions.is_empty() {
            (in_reach(&plan.regions), plan.regions.len())
        } else {
            (ask.regions.clone(), ask.regions.len())
        };
        connected.push(Connected {
            config,
            caller,
            regions,
            named,
            also: Vec::new(),
        });
    }
    name(&mut connected, ask.env.as_deref());
    (connected.into_iter().map(Arc::new).collect(), unusable)
}

/// What to try: every profile with the region it is meant for, then the default chain.
async fn plans(ask: &Ask, settings: &Settings) -> Vec<EnvironmentPlan> {
    let profiles = Profiles::load(settings).await.unwrap_or_default();
    let plan = |profile: Option<&str>| {
        let own = profile.and_then(|name| profiles.get(name)?.region.clone());
        let own = own.or_else(|| ask.aws_region.clone());
        EnvironmentPlan {
            name: name_of(profile).into(),
            profile: profile.map(str::to_owned),
            regions: match ask.regions.first() {
                Some(region) => vec![region.clone()],
                None => own.into_iter().collect(),
            },
            endpoint_url: ask.endpoint_url.clone(),
            ..EnvironmentPlan::default()
        }
    };
    if let Some(profile) = &ask.profile {
        return vec![plan(Some(profile))];
    }
    let named = profiles.all.iter().map(|profile| plan(Some(&profile.name)));
    named.chain([plan(None)]).collect()
}

/// Gives each a name of its own, and keeps those of the name asked for.
fn name(connected: &mut Vec<Connected>, wanted: Option<&str>) {
    let short: Vec<Arc<str>> = connected
        .iter()
        .map(|c| Arc::clone(&c.caller.plan.name))
        .collect();
    let mut taken: Vec<Arc<str>> = Vec::new();
    for one in connected.iter_mut() {
        let plan = &mut one.caller.plan;
        let shared = short.iter().filter(|name| **name == plan.name).count() > 1;
        let name = match &plan.profile {
            Some(profile) if shared => plain_name(profile),
            _ => plan.name.to_string(),
        };
        plan.name = unique(&name, &|name| taken.iter().any(|t| **t == *name)).into();
        taken.push(Arc::clone(&plan.name));
    }
    let Some(wanted) = wanted else { return };
    if let [only] = connected.as_mut_slice() {
        only.caller.plan.name = wanted.into();
    }
    connected.retain(|one| &*one.caller.plan.name == wanted);
}
