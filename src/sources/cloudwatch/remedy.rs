//! A failure in sentences: what happened, and what to do about it.
//!
//! Names profiles, roles, regions, log groups and permissions; never a key or a token.

use super::fault::{Class, Failure, plain};
use super::listed::QUERY_INSTEAD;
use super::regions::{OPT_IN, PUBLIC, is_known};
use crate::config::plan::EnvironmentPlan;
use crate::domain::feed::{Fault, FaultKind};
use crate::domain::nearest::nearest;

/// Who calls, for the sentences.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Profile, role, endpoint.
    pub plan: EnvironmentPlan,
    /// Account number, where known.
    pub account: Option<String>,
    /// Who the service says is calling, where known.
    pub arn: Option<String>,
}

/// What was tried when it failed.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// `logs:FilterLogEvents`.
    pub permission: &'static str,
    /// Empty where a whole environment failed.
    pub region: &'a str,
    /// The log group or pattern; an ARN where the group is another account's.
    pub group: &'a str,
}

impl Caller {
    /// The fault that `failure` is. `read` says whether part of the log group was read before.
    #[must_use]
    pub fn fault(&self, failure: &Failure, attempt: Attempt<'_>, read: bool) -> Fault {
        let kind = match failure.class {
            _ if read => FaultKind::Partial,
            Class::Denied | Class::InfrequentAccess => FaultKind::Denied,
            // A group that was listed and is gone leaves a hole; a pattern that matches nothing does not.
            Class::NotFound if attempt.permission != "logs:FilterLogEvents" => FaultKind::Absent,
            _ => FaultKind::Failed,
        };
        let class = self.meaning(failure.class, attempt);
        Fault {
            kind,
            message: self.message(class, failure, attempt),
            remedy: self.remedy(class, attempt),
        }
    }

    /// The fault of credentials that are another account's than the configuration says.
    #[must_use]
    pub fn other_account(&self, expected: &str, actual: &str) -> Fault {
        let who = self.arn.as_deref().map_or_else(|| self.who(), plain);
        Fault {
            kind: FaultKind::Failed,
            message: format!(
                "environment {} is account {expected}, but {} leads to account {actual}, as {who}",
                self.plan.name,
                self.who()
            ),
            remedy: match &self.plan.profile {
                Some(profile) => format!(
                    "correct `account` in the configuration, or the account of profile {profile} (--profile beats the configuration)"
                ),
                None => "set `profile`: without it AWS_ACCESS_KEY_ID and AWS_PROFILE decide; or correct `account`".to_owned(),
            },
        }
    }

    /// Credentials that were good for one region and are not known in another.
    fn meaning(&self, class: Class, attempt: Attempt<'_>) -> Class {
        let listing = attempt.permission == "logs:DescribeLogGroups";
        match class {
            Class::CredentialsUnknown if listing && self.account.is_some() => Class::RegionDisabled,
            Class::CredentialsUnknown => Class::CredentialsRejected,
            class => class,
        }
    }

    /// A region that does not answer and that nobody has heard of.
    fn is_odd(&self, region: &str) -> bool {
        !region.is_empty() && self.plan.endpoint_url.is_none() && !is_known(region)
    }

    fn message(&self, class: Class, failure: &Failure, attempt: Attempt<'_>) -> String {
        let who = self.who();
        let place = if attempt.region.is_empty() {
            attempt.group.to_owned()
        } else {
            format!("{} in {}", attempt.group, attempt.region)
        };
        let said = if failure.text.is_empty() {
            String::new()
        } else {
            format!(": {}", failure.text)
        };
        match class {
            Class::Throttled => format!("CloudWatch refused {place} for too many calls{said}"),
            Class::Denied => format!("{who} may not read {place}{said}"),
            Class::CredentialsMissing => format!("no credentials from {who}{said}"),
            Class::CredentialsExpired => format!("the credentials of {who} have expired"),
            Class::CredentialsRejected | Class::CredentialsUnknown => {
                format!("AWS does not accept the credentials of {who}")
            }
            Class::RegionDisabled => format!(
                "region {} is not enabled for account {}",
                attempt.region,
                self.account.as_deref().unwrap_or("(not known)")
            ),
            Class::ClockWrong => {
                format!("AWS refuses {who}, because the clock of this machine is wrong")
            }
            Class::NotFound => format!("log group {place} does not exist"),
            Class::InfrequentAccess => {
                format!(
                    "the log events of {place} cannot be listed, because of the group's class{said}"
                )
            }
            Class::TokenExpired => format!("the pages of {place} expire before they are read"),
            Class::Transient if self.is_odd(attempt.region) => format!(
                "{} is no region that is known here, and nothing answers in it{said}",
                attempt.region
            ),
            Class::Transient => format!("{} does not answer for {place}{said}", self.endpoint()),
            Class::Other => format!("{place} could not be read{said}"),
        }
    }

    fn remedy(&self, class: Class, attempt: Attempt<'_>) -> String {
        match class {
            Class::Denied => self.permission_remedy(attempt),
            Class::CredentialsMissing | Class::CredentialsExpired => self.login_remedy(class),
            Class::CredentialsRejected | Class::CredentialsUnknown => format!(
                "check the keys of {}: whether they are complete, and not deleted",
                self.who()
            ),
            Class::RegionDisabled => format!(
                "take {} out of `regions`, or enable it for the account (Account, AWS Regions)",
                attempt.region
            ),
            Class::ClockWrong => "set the clock of this machine, then run it again".to_owned(),
            Class::NotFound => "check the group's name, the account and the region".to_owned(),
            Class::InfrequentAccess => QUERY_INSTEAD.to_owned(),
            Class::Throttled | Class::TokenExpired => "ask for a shorter window".to_owned(),
            Class::Transient if self.is_odd(attempt.region) => {
                let known = PUBLIC.iter().chain(OPT_IN).copied();
                match nearest(attempt.region, known) {
                    Some(region) => format!("did you mean {region}?"),
                    None => "write it like eu-central-1".to_owned(),
                }
            }
            Class::Transient => "check the endpoint and the network, then run it again".to_owned(),
            Class::Other => "check what the message names, then run it again".to_owned(),
        }
    }

    fn permission_remedy(&self, attempt: Attempt<'_>) -> String {
        if attempt.permission.starts_with("sts:") {
            return format!(
                "allow {} on {}, in the caller's policy and in the role's trust policy",
                attempt.permission, attempt.group
            );
        }
        let to = self.arn.as_deref().map_or_else(|| self.who(), plain);
        if attempt.group.starts_with("arn:") {
            return format!(
                "allow {} on {}:* to {to}, and let the link between the accounts share log groups",
                attempt.permission, attempt.group
            );
        }
        let account = self.account.as_deref().unwrap_or("*");
        let region = if attempt.region.is_empty() {
            "*"
        } else {
            attempt.region
        };
        let group = if attempt.permission.ends_with("DescribeLogGroups") {
            "*"
        } else {
            attempt.group
        };
        format!(
            "allow {} on arn:aws:logs:{region}:{account}:log-group:{group}:* to {to}",
            attempt.permission
        )
    }

    fn login_remedy(&self, class: Class) -> String {
        match &self.plan.profile {
            Some(profile) => format!(
                "run `aws sso login --profile {profile}`; where it does not log in by SSO, renew its keys"
            ),
            None if class == Class::CredentialsExpired => {
                "renew what the environment or ~/.aws holds, for example by `aws sso login`".to_owned()
            }
            None => "set `profile` in the configuration (or --profile), or put credentials into the environment".to_owned(),
        }
    }

    /// Whose credentials are used.
    #[must_use]
    pub fn who(&self) -> String {
        let base = match &self.plan.profile {
            Some(profile) => format!("profile {profile}"),
            None => "the default credential chain".to_owned(),
        };
        match &self.plan.role_arn {
            Some(role) => format!("role {role} (by {base})"),
            None => base,
        }
    }

    /// Who is called, without a user name or password in the URL.
    fn endpoint(&self) -> String {
        let Some(url) = &self.plan.endpoint_url else {
            return "CloudWatch Logs".to_owned();
        };
        let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        plain(&format!("{scheme}{host}"))
    }
}
