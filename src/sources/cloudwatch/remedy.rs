//! A failure in sentences: what happened, and what to do about it.
//!
//! Names profiles, roles, regions, log groups and permissions; never a key or a token.

use super::fault::{Class, Failure, plain};
use crate::config::plan::EnvironmentPlan;
use crate::domain::feed::{Fault, FaultKind};

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
    /// The log group or pattern.
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
        Fault {
            kind,
            message: self.message(failure, attempt),
            remedy: self.remedy(failure.class, attempt),
        }
    }

    fn message(&self, failure: &Failure, attempt: Attempt<'_>) -> String {
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
        match failure.class {
            Class::Throttled => format!("CloudWatch refused {place} for too many calls{said}"),
            Class::Denied => format!("{who} may not read {place}{said}"),
            Class::CredentialsMissing => format!("no credentials from {who}{said}"),
            Class::CredentialsExpired => format!("the credentials of {who} have expired"),
            Class::CredentialsRejected => format!("AWS does not accept the credentials of {who}"),
            Class::NotFound => format!("log group {place} does not exist"),
            Class::InfrequentAccess => {
                format!(
                    "the log events of {place} cannot be listed, because of the group's class{said}"
                )
            }
            Class::TokenExpired => format!("the pages of {place} expire before they are read"),
            Class::Transient => format!("{} does not answer for {place}{said}", self.endpoint()),
            Class::Other => format!("{place} could not be read{said}"),
        }
    }

    fn remedy(&self, class: Class, attempt: Attempt<'_>) -> String {
        match class {
            Class::Denied => self.permission_remedy(attempt),
            Class::CredentialsMissing | Class::CredentialsExpired => self.login_remedy(),
            Class::CredentialsRejected => format!(
                "check the keys of {}, this machine's clock, and that {} is enabled for the account",
                self.who(),
                if attempt.region.is_empty() {
                    "the region"
                } else {
                    attempt.region
                },
            ),
            Class::NotFound => "check the group's name, the account and the region".to_owned(),
            Class::InfrequentAccess => {
                "export the group to files, or read it with Logs Insights".to_owned()
            }
            Class::Throttled | Class::TokenExpired => "ask for a shorter window".to_owned(),
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
        let to = self.arn.as_deref().map_or_else(|| self.who(), plain);
        format!(
            "allow {} on arn:aws:logs:{region}:{account}:log-group:{group}:* to {to}",
            attempt.permission
        )
    }

    fn login_remedy(&self) -> String {
        match &self.plan.profile {
            Some(profile) => format!(
                "run `aws sso login --profile {profile}`, or define the profile in ~/.aws/config"
            ),
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
