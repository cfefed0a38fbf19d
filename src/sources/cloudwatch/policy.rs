//! The IAM policy of a reader of logs: every operation that is called here, and no other.
//!
//! A test compares it with the calls in this folder's source text. GetCallerIdentity needs no
//! permission, and a role is assumed with the rights of whoever assumes it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::groups::expand;
use crate::config::accounts::Accounts;
use crate::config::plan::EnvironmentPlan;

/// Listing groups knows no group.
const LIST: [&str; 1] = ["logs:DescribeLogGroups"];
/// What is asked of a group.
const READ: [&str; 2] = ["logs:DescribeLogStreams", "logs:FilterLogEvents"];
/// What costs money, and is only done on demand.
const LIVE_TAIL: [&str; 1] = ["logs:StartLiveTail"];

/// More characters, without spaces, are not accepted as one managed policy.
const LONGEST: usize = 6_144;

/// A policy, and whether it is longer than AWS accepts.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The policy as JSON.
    pub json: String,
    /// It is too long even with `*` for the regions.
    pub too_long: bool,
}

/// The policy for reading the log groups of these environments; every group where there is none.
#[must_use]
pub fn policy(environments: &[EnvironmentPlan], live_tail: bool) -> Policy {
    let exact = document(&resources(environments, false), live_tail);
    let (policy, length) = if exact.to_string().len() <= LONGEST {
        (exact, 0)
    } else {
        let wide = document(&resources(environments, true), live_tail);
        let length = wide.to_string().len();
        (wide, length)
    };
    Policy {
        json: format!("{policy:#}"),
        too_long: length > LONGEST,
    }
}

fn document(resources: &BTreeSet<String>, live_tail: bool) -> Value {
    let mut statements = vec![
        json!({"Sid": "ListLogGroups", "Effect": "Allow", "Action": LIST, "Resource": "*"}),
        json!({"Sid": "ReadLogEvents", "Effect": "Allow", "Action": READ, "Resource": resources}),
    ];
    if live_tail {
        statements.push(
            json!({"Sid": "LiveTail", "Effect": "Allow", "Action": LIVE_TAIL, "Resource": resources}),
        );
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Groups are named in two forms: some operations check the one with `:*` behind it, some do not.
fn resources(environments: &[EnvironmentPlan], any_region: bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for plan in environments {
        let accounts: Vec<&str> = match (&plan.accounts, &plan.account) {
            (Accounts::Own, Some(account)) => vec![account],
            (Accounts::Own, None) | (Accounts::Linked, _) => vec!["*"],
            (Accounts::Only(numbers), _) => numbers.iter().map(String::as_str).collect(),
        };
        for region in &plan.regions {
            let partition = partition(region);
            let region = if any_region { "*" } else { region };
            for glob in &plan.groups {
                let group = iam_pattern(&expand(glob, &plan.name, region));
                for account in &accounts {
                    let arn = format!("arn:{partition}:logs:{region}:{account}:log-group:{group}");
                    all.insert(format!("{arn}:*"));
                    all.insert(arn);
                }
            }
        }
    }
    if all.is_empty() {
        all.insert("*".to_owned());
    }
    all
}

fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// A glob as IAM has it, which knows `*` and `?` only; never narrower than the glob.
fn iam_pattern(glob: &str) -> String {
    let (mut out, mut rest) = (String::new(), glob.chars());
    while let Some(c) = rest.next() {
        match c {
            '[' => {
                // A bracket right behind the first one (or its `!`) stands for itself.
                let mut first = true;
                for c in rest.by_ref() {
                    if c == ']' && !first {
                        break;
                    }
                    first = first && (c == '!' || c == '^');
                }
                out.push('?');
            }
            '{' => {
                let mut depth = 1;
                for c in rest.by_ref() {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    if depth == 0 {
                        break;
                    }
                }
                out.push('*');
            }
            '\\' => out.extend(rest.next()),
            '*' if out.ends_with('*') => {}
            c => out.push(c),
        }
    }
    out
}
