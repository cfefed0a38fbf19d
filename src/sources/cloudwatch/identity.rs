//! Who we are: working credentials, the account they belong to, and whether it is the right one.
//!
//! Asks GetCallerIdentity once, in a region that answers. It never shows or keeps a credential.

use std::sync::Arc;

use aws_config::SdkConfig;

use super::calls::Calls;
use super::client;
use super::fault::{Class, Failure};
use super::pace::Paces;
use super::profiles::Profiles;
use super::regions::PUBLIC;
use super::remedy::{Attempt, Caller};
use super::settings::Settings;
use crate::config::plan::EnvironmentPlan;
use crate::domain::feed::{Fault, FaultKind};

/// Finds the credentials of `plan` and who they are.
///
/// # Errors
/// Why nothing can be read with them, in sentences.
pub async fn identify(
    plan: &EnvironmentPlan,
    settings: &Arc<Settings>,
    paces: &Paces,
) -> Result<(SdkConfig, Caller), Fault> {
    let mut caller = Caller {
        plan: plan.clone(),
        account: None,
        arn: None,
    };
    if let Some(profile) = &plan.profile
        && let Some(fault) = unknown_profile(Some(profile), settings).await
    {
        return Err(fault);
    }
    let (config, (account, arn)) = match ask_somewhere(plan, settings, paces).await {
        Ok(known) => known,
        Err(failure) => {
            if plan.profile.is_none()
                && failure.class == Class::CredentialsMissing
                && let Some(fault) = unknown_profile(None, settings).await
            {
                return Err(fault);
            }
            let environment = format!("environment {}", plan.name);
            let attempt = Attempt {
                permission: "sts:AssumeRole",
                region: "",
                group: &environment,
            };
            return Err(caller.fault(&failure, attempt, false));
        }
    };
    (caller.account, caller.arn) = (account, arn);
    match (&plan.account, &caller.account) {
        (Some(expected), Some(actual)) if expected != actual => {
            Err(caller.other_account(expected, actual))
        }
        _ => Ok((config, caller)),
    }
}

type Known = (SdkConfig, (Option<String>, Option<String>));

/// Asks in one region after the other: what is refused in one that is not enabled, or that does
/// not exist, may be good in the next.
async fn ask_somewhere(
    plan: &EnvironmentPlan,
    settings: &Arc<Settings>,
    paces: &Paces,
) -> Result<Known, Failure> {
    let (mut first, mut usable) = (None, None);
    for region in places_to_ask(&plan.regions) {
        let there = EnvironmentPlan {
            regions: vec![region.to_owned()],
            ..plan.clone()
        };
        let failure = match client::connect(&there, settings).await {
            Ok(config) => match who(&config, &there, settings, paces).await {
                Ok(identity) => return Ok((config, identity)),
                Err(failure) => {
                    usable.get_or_insert(config);
                    failure
                }
            },
            Err(failure) => failure,
        };
        let class = failure.class;
        first.get_or_insert(failure);
        let next_may_do = match class {
            Class::CredentialsUnknown => true,
            // Behind one endpoint of its own, nothing else will answer either.
            Class::Transient => plan.endpoint_url.is_none(),
            _ => false,
        };
        if !next_may_do {
            break;
        }
    }
    let failure = first.unwrap_or_else(|| Failure::new(Class::Other, "no region to ask in"));
    match usable {
        // Who can reach CloudWatch and nothing else can read all the same.
        Some(config) if failure.class == Class::Transient && plan.endpoint_url.is_none() => {
            Ok((config, (None, None)))
        }
        _ => Err(failure),
    }
}

/// One of the regions, if possible one that every account has, and the first of its partition.
fn places_to_ask(regions: &[String]) -> Vec<&str> {
    let mut own = regions.iter().map(String::as_str);
    let usual = own.clone().find(|region| PUBLIC.contains(region));
    let region = usual.or(own.next()).unwrap_or_default();
    let partition = if region.starts_with("cn-") {
        "cn-north-1"
    } else if region.starts_with("us-gov-") {
        "us-gov-west-1"
    } else {
        "us-east-1"
    };
    let mut places = vec![region, partition];
    places.dedup();
    places.retain(|place| !place.is_empty());
    places
}

/// Account and ARN of the caller; not to be allowed to ask is not a failure.
async fn who(
    config: &SdkConfig,
    plan: &EnvironmentPlan,
    settings: &Arc<Settings>,
    paces: &Paces,
) -> Result<(Option<String>, Option<String>), Failure> {
    let sts = aws_sdk_sts::Client::new(config);
    let calls = Calls {
        settings: Arc::clone(settings),
        // Each place has its own: one that does not answer must not close the next.
        pace: paces.of(
            &plan.name,
            &format!("sts/{}", plan.regions.concat()),
            1,
            false,
        ),
    };
    match calls.call(None, || sts.get_caller_identity().send()).await {
        Ok(identity) => Ok((identity.account, identity.arn)),
        Err(failure) => match failure.class {
            class if class.concerns_credentials() || class == Class::Transient => Err(failure),
            _ => Ok((None, None)),
        },
    }
}

/// The SDK tells of a missing profile in the words of whatever it tried last. `None` is the one that
/// AWS_PROFILE names.
async fn unknown_profile(name: Option<&str>, settings: &Settings) -> Option<Fault> {
    let profiles = Profiles::load(settings).await?;
    let chosen = (profiles.selected != "default").then_some(&*profiles.selected);
    let name = name.or(chosen)?;
    if profiles.get(name).is_some() {
        return None;
    }
    Some(Fault {
        kind: FaultKind::Failed,
        message: format!("there is no profile {name} on this machine"),
        remedy: profiles.instead_of(name),
    })
}
