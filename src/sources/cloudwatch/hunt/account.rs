//! The accounts that the environments lead to, each once: two environments of one account share
//! their log groups, and searching them twice would only spend the budget twice.

use std::sync::Arc;

use aws_config::SdkConfig;

use crate::config::plan::EnvironmentPlan;
use crate::domain::feed::FaultKind;
use crate::domain::hunt::{Cause, Unsearched};
use crate::sources::cloudwatch::discover::Whose;
use crate::sources::cloudwatch::identity;
use crate::sources::cloudwatch::pace::Paces;
use crate::sources::cloudwatch::remedy::Caller;
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

    /// Whose log groups are in reach: its own, and those of linked accounts that are configured.
    #[must_use]
    pub fn whose(&self) -> Vec<Whose> {
        let mut all = vec![Whose::Own];
        for env in &self.envs {
            for whose in Whose::all(&env.accounts, self.caller.account.as_deref()) {
                if !all.contains(&whose) {
                    all.push(whose);
                }
            }
        }
        all
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
        if tally.is_spent() {
            tally.skip(skipped(plan, Cause::Budget, "the budget is spent", ""));
            continue;
        }
        match identity::identify(plan, settings, paces).await {
            Ok((config, caller)) => {
                // To know who calls was one call.
                tally.take_call();
                let same = |known: &&mut Account| {
                    known.caller.account.is_some()
                        && known.caller.account == caller.account
                        && known.caller.plan.endpoint_url == plan.endpoint_url
                };
                match accounts.iter_mut().find(same) {
                    Some(known) => known.envs.push(plan.clone()),
                    None => accounts.push(Account {
                        config,
                        caller,
                        envs: vec![plan.clone()],
                    }),
                }
            }
            Err(fault) => {
                let cause = match fault.kind {
                    FaultKind::Denied => Cause::Denied,
                    _ => Cause::Failed,
                };
                tally.skip(skipped(plan, cause, &fault.message, &fault.remedy));
            }
        }
    }
    accounts
}

fn skipped(plan: &EnvironmentPlan, cause: Cause, why: &str, remedy: &str) -> Unsearched {
    Unsearched {
        env: Arc::clone(&plan.name),
        region: "".into(),
        groups: Vec::new(),
        cause,
        why: why.to_owned(),
        remedy: remedy.to_owned(),
    }
}
