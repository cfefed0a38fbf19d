//! Globs behind which nothing can be read: no globs at all, not listed, or matching nothing. Each
//! becomes a source with a fault, so that the stages it would have served are blind and not lost.

use std::collections::BTreeSet;

use super::fault::Failure;
use super::groups::{Wanted, expand, nearest};
use super::opening::unread;
use super::outlet::Outlet;
use super::remedy::{Attempt, Caller};
use crate::config::accounts::Accounts;
use crate::config::plan::EnvironmentPlan;
use crate::domain::feed::{Fault, FaultKind};
use crate::sources::channel::Stopped;

/// The globs of an environment, each once; one that is no glob is reported and left out.
///
/// # Errors
/// When the feed stopped.
pub async fn compilable(out: &Outlet, plan: &EnvironmentPlan) -> Result<Vec<String>, Stopped> {
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
                unread(out, (plan, None), region_of(plan, glob), glob, &fault).await?;
            }
        }
    }
    Ok(globs)
}

/// The region to name when a glob failed in the whole environment: none where there are several,
/// unless the glob itself names one.
#[must_use]
pub fn region_of<'a>(plan: &'a EnvironmentPlan, glob: &str) -> &'a str {
    match plan.regions.as_slice() {
        [first, rest @ ..] if rest.is_empty() || glob.contains("{region}") => first,
        _ => "",
    }
}

/// Reports that the groups of a region cannot be listed.
///
/// # Errors
/// When the feed stopped.
pub async fn unlisted(
    out: &Outlet,
    caller: &Caller,
    region: &str,
    globs: &[String],
    failure: &Failure,
) -> Result<(), Stopped> {
    let plan = &caller.plan;
    for glob in globs {
        let pattern = expand(glob, &plan.name, region);
        let attempt = Attempt {
            permission: "logs:DescribeLogGroups",
            region,
            group: &pattern,
        };
        let fault = caller.fault(failure, attempt, false);
        let read = (plan, caller.account.as_deref());
        unread(out, read, region, glob, &fault).await?;
    }
    Ok(())
}

/// Reports globs that match no group; `names` are some that exist.
///
/// # Errors
/// When the feed stopped.
pub async fn absent(
    out: &Outlet,
    caller: &Caller,
    globs: &[&String],
    names: &BTreeSet<String>,
) -> Result<(), Stopped> {
    let plan = &caller.plan;
    let own = caller.account.as_deref().unwrap_or("(not known)");
    let accounts = match &plan.accounts {
        Accounts::Own => format!("account {own}"),
        Accounts::Linked => format!("account {own} and those linked to it"),
        Accounts::Only(numbers) => {
            format!("account {}, seen from account {own}", numbers.join(", "))
        }
    };
    for glob in globs {
        let region = region_of(plan, glob);
        let pattern = expand(glob, &plan.name, region);
        let fault = Fault {
            kind: FaultKind::Absent,
            message: format!(
                "no log group in {} of {accounts} matches {pattern}",
                plan.regions.join(", ")
            ),
            remedy: match nearest(&pattern, names.iter().map(String::as_str)) {
                Some(name) => format!("the nearest that exists is {name}"),
                None => "check the pattern, the account and the regions".to_owned(),
            },
        };
        let read = (plan, caller.account.as_deref());
        unread(out, read, region, glob, &fault).await?;
    }
    Ok(())
}
