//! Which environment reads a log group that several of them mean: the first of the configuration.
//!
//! A message seen in two environments would be two messages, and one of them lost. Decided by the
//! order of the configuration and not by who is quicker, so that every run decides alike.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::SetOnce;
use tokio::time::timeout;

use super::groups::Wanted;
use super::listed::Listed;
use super::remedy::Caller;
use crate::config::accounts::Accounts;
use crate::config::plan::EnvironmentPlan;

/// Every environment of a run, in the order of the configuration.
#[derive(Debug, Default)]
pub struct Claims(Vec<Claim>);

#[derive(Debug)]
struct Claim {
    plan: EnvironmentPlan,
    who: SetOnce<Who>,
}

/// What became of the credentials of an environment.
#[derive(Debug)]
enum Who {
    /// They are good for this account.
    Account(String),
    /// They are good; nobody says for what.
    Unknown,
    /// Nothing is read with them.
    Nobody,
}

impl Claims {
    /// The claims of these environments; each must be settled.
    #[must_use]
    pub fn new(plans: &[EnvironmentPlan]) -> Self {
        let claim = |plan: &EnvironmentPlan| Claim {
            plan: plan.clone(),
            who: SetOnce::new(),
        };
        Self(plans.iter().map(claim).collect())
    }

    /// This environment is read by this caller, or not at all.
    pub fn settle(&self, env: &str, caller: Option<&Caller>) {
        let who = match caller {
            None => Who::Nobody,
            Some(caller) => match &caller.account {
                Some(account) => Who::Account(account.clone()),
                None => Who::Unknown,
            },
        };
        if let Some(claim) = self.0.iter().find(|claim| &*claim.plan.name == env) {
            // Settled twice is settled.
            let _ = claim.who.set(who);
        }
    }

    /// The environment before that of `caller` which reads this very group. One that does not say
    /// within `patience` who it is has no claim: it must not hold up another.
    pub async fn before(
        &self,
        caller: &Caller,
        region: &str,
        group: &Listed,
        patience: Duration,
    ) -> Option<Arc<str>> {
        let me = &caller.plan;
        let earlier = self.0.iter().take_while(|c| c.plan.name != me.name);
        for claim in earlier.filter(|c| means(&c.plan, me, region, &group.name)) {
            let Ok(who) = timeout(patience, claim.who.wait()).await else {
                continue;
            };
            if reads(&claim.plan, who, caller, group) {
                return Some(Arc::clone(&claim.plan.name));
            }
        }
        None
    }
}

/// Whether a group of this name in this region is meant by `plan` too.
fn means(plan: &EnvironmentPlan, me: &EnvironmentPlan, region: &str, group: &str) -> bool {
    let wanted =
        |glob: &String| Wanted::new(glob, &plan.name, region).is_ok_and(|w| w.matches(group));
    plan.endpoint_url == me.endpoint_url
        && plan.regions.iter().any(|name| name == region)
        && plan.groups.iter().any(wanted)
}

/// Whether it is the same group and not one of the same name in another account.
fn reads(plan: &EnvironmentPlan, who: &Who, caller: &Caller, group: &Listed) -> bool {
    let me = &caller.plan;
    let owner = group.account.as_ref().or(caller.account.as_ref());
    match (who, owner) {
        (Who::Nobody, _) => false,
        (Who::Account(account), Some(owner)) => match &plan.accounts {
            Accounts::Own => account == owner,
            // Who is linked to another monitoring account is not known here.
            Accounts::Linked => account == owner || Some(account) == caller.account.as_ref(),
            Accounts::Only(numbers) => numbers.contains(owner),
        },
        // The same credentials are the same account, whichever it is.
        _ => plan.profile == me.profile && plan.role_arn == me.role_arn,
    }
}
