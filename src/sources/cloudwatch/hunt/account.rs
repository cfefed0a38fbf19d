//! The accounts that the environments lead to, each once: two environments of one account share
//! their log groups, and searching them twice would only spend the budget twice.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_cloudwatchlogs::error::SdkError;

use super::list::Spent;
use crate::config::plan::EnvironmentPlan;
use crate::domain::hunt::{Cause, Unsearched};
use crate::sources::cloudwatch::calls::Calls;
use crate::sources::cloudwatch::client;
use crate::sources::cloudwatch::fault::{Class, Failure};
use crate::sources::cloudwatch::pace::Paces;
use crate::sources::cloudwatch::remedy::{Attempt, Caller};
use crate::sources::cloudwatch::settings::Settings;
use crate::sources::hunt::Tally;

/// An account whose credentials work.
pub struct Account {
    /// What its clients are made of.
    pub config: SdkConfig,
    /// Who calls there.
    pub caller: Caller,
    /// The environments that lead to it.
    pub envs: Vec<EnvironmentPlan>,
}

impl Account {
    /// The names of its environments, to tell what was not searched.
    #[must_use]
    pub fn names(&self) -> Arc<str> {
        let names: Vec<&str> = self.envs.iter().map(|env| &*env.name).collect();
        names.join(", ").into()
    }

    /// Every region that is configured for it, in the order of the configuration.
    #[must_use]
    pub fn regions(&self) -> Vec<String> {
        let mut regions: Vec<String> = Vec::new();
        for region in self.envs.iter().flat_map(|env| &env.regions) {
            if !regions.contains(region) {
                regions.push(region.clone());
            }
        }
        regions
    }
}

/// The accounts of `environments`; an environment without credentials is told, and left out.
pub async fn connect(
    environments: &[EnvironmentPlan],
    settings: &Arc<Settings>,
    paces: &Paces,
    tally: &Tally,
) -> Vec<Account> {
    let mut accounts: Vec<Account> = Vec::new();
    for plan in environments {
        tally.configured(&plan.name, &plan.regions);
        match one(plan, settings, paces, tally).await {
            Ok(account) => {
                let same = |known: &&mut Account| {
                    let url = |account: &Account| account.caller.plan.endpoint_url.clone();
                    known.caller.account.is_some()
                        && known.caller.account == account.caller.account
                        && url(known) == url(&account)
                };
                match accounts.iter_mut().find(same) {
                    Some(known) => known.envs.push(plan.clone()),
                    None => accounts.push(account),
                }
            }
            Err(skipped) => tally.skip(*skipped),
        }
    }
    accounts
}

async fn one(
    plan: &EnvironmentPlan,
    settings: &Arc<Settings>,
    paces: &Paces,
    tally: &Tally,
) -> Result<Account, Box<Unsearched>> {
    let mut caller = Caller {
        plan: plan.clone(),
        account: None,
        arn: None,
    };
    let failure = match client::connect(plan, settings).await {
        Ok(config) => match identity(&config, plan, settings, paces, tally).await {
            Ok((account, arn)) => {
                (caller.account, caller.arn) = (account, arn);
                let envs = vec![plan.clone()];
                return Ok(Account {
                    config,
                    caller,
                    envs,
                });
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
    let fault = caller.fault(&failure, attempt, false);
    Err(Box::new(Unsearched {
        env: Arc::clone(&plan.name),
        region: "".into(),
        groups: Vec::new(),
        cause: if failure.class == Class::Denied {
            Cause::Denied
        } else {
            Cause::Failed
        },
        why: fault.message,
        remedy: fault.remedy,
    }))
}

/// Account and ARN of the caller; not to be allowed to ask is not a failure.
async fn identity(
    config: &SdkConfig,
    plan: &EnvironmentPlan,
    settings: &Arc<Settings>,
    paces: &Paces,
    tally: &Tally,
) -> Result<(Option<String>, Option<String>), Failure> {
    let sts = aws_sdk_sts::Client::new(config);
    let calls = Calls {
        settings: Arc::clone(settings),
        pace: paces.of(&plan.name, "sts", 1, false),
    };
    let answer = calls.call(None, || {
        let may = tally.take_call();
        let request = sts.get_caller_identity().send();
        async move {
            if may {
                request.await
            } else {
                Err(SdkError::construction_failure(Spent))
            }
        }
    });
    match answer.await {
        Ok(identity) => Ok((identity.account, identity.arn)),
        Err(failure) => match failure.class {
            class if class.concerns_credentials() => Err(failure),
            // Behind one endpoint of its own, nothing else will answer either.
            Class::Transient if plan.endpoint_url.is_some() => Err(failure),
            _ => Ok((None, None)),
        },
    }
}
