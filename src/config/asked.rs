//! What a plan asks, for the case that keeps it.
//!
//! Profiles and roles are names; whom a URL names before its host is left out.

use std::path::{Path, PathBuf};

use super::accounts::{Accounts, LINKED};
use super::file::File;
use super::overrides::Overrides;
use super::plan::EnvironmentPlan;
use super::question::{Question, Reach, Text, Typed, without_user};
use super::resolve::Resolved;

/// What `resolved` asks, made of `file` and `flags`; `existing` are the sources that existed.
#[must_use]
pub fn question(
    file: &File,
    flags: &Overrides,
    existing: &[PathBuf],
    resolved: &Resolved,
) -> Question {
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let plan = &resolved.plan;
    let config = file.text().and_then(|(name, text)| {
        Some(Text {
            name: name.to_owned(),
            base: path(&file.base),
            text: without_users(text, file)?,
        })
    });
    let mut reach: Vec<Reach> = plan.environments.iter().map(reach).collect();
    reach.sort();
    Question {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        asked_at: flags.now.0,
        configured: file.text().is_some(),
        config,
        typed: Typed {
            sources: flags.sources.clone(),
            env: flags.env.clone(),
            regions: flags.regions.clone(),
            profile: flags.profile.clone(),
            since: flags.since.clone(),
            from: flags.from.clone(),
            to: flags.to.clone(),
            endpoint_url: flags.endpoint_url.as_deref().map(without_user),
            folder: path(&flags.folder),
            aws_region: flags.aws_region.clone(),
        },
        existing: existing.iter().map(|p| path(p)).collect(),
        window: plan.window.map(|span| (span.from.0, span.to.0)),
        zone: resolved.zone.name().to_owned(),
        reach,
        inputs: !plan.files.is_empty() || plan.stdin.is_some(),
    }
}

fn reach(plan: &EnvironmentPlan) -> Reach {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    Reach {
        env: plan.name.to_string(),
        profile: plan.profile.clone(),
        role_arn: plan.role_arn.clone(),
        account: plan.account.clone(),
        accounts: match &plan.accounts {
            Accounts::Own => Vec::new(),
            Accounts::Linked => vec![LINKED.to_owned()],
            Accounts::Only(numbers) => sorted(numbers),
        },
        regions: sorted(&plan.regions),
        endpoint_url: plan.endpoint_url.as_deref().map(without_user),
        groups: sorted(&plan.groups),
        narrow: !plan.narrow.is_empty(),
    }
}

/// A configuration in which no URL names a user. `None` where they cannot be found in the text.
fn without_users(text: &str, file: &File) -> Option<String> {
    let mut text = text.to_owned();
    let environments = file.environments.iter();
    for url in environments.filter_map(|e| e.endpoint_url.as_ref()) {
        let bare = without_user(url);
        if bare == *url {
            continue;
        }
        if !text.contains(url.as_str()) {
            return None;
        }
        text = text.replace(url.as_str(), &bare);
    }
    Some(text)
}
