//! `lastseen init --policy`: the IAM policy on standard output, and how to narrow it beside.

use std::path::Path;

use crate::cli::complain::{Complaint, say};
use crate::cli::exit::{ExitStatus, written};
use crate::cli::flags::{self, Common, InitFlags};
use crate::cli::streams::Streams;
use crate::cli::surroundings::Surroundings;
use crate::config::file::File;
use crate::config::plan::EnvironmentPlan;
use crate::config::{lookup, resolve};
use crate::sources::cloudwatch::policy;

/// Prints the policy for what is configured, or for the groups that are given.
///
/// # Errors
/// When the configuration is wrong.
pub fn run(
    init: &InitFlags,
    common: &Common,
    around: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    let environments = environments(init, common, around)?;
    let policy = policy::policy(&environments, init.live_tail);
    let text = policy.json + "\n";
    let status = written(streams.out.write_all(text.as_bytes()));
    let mut note = |text: &str, help: &str| say("note", text, help, streams.err);
    if environments.iter().all(|plan| plan.groups.is_empty()) {
        note(
            "this allows reading every log group",
            "narrow it: lastseen init --policy --groups '/acme/*' --region eu-central-1, or where a lastseen.toml is",
        );
    }
    if policy.too_long {
        note(
            "this is longer than AWS accepts as one managed policy",
            "use fewer, wider globs: --groups '/acme/*'",
        );
    }
    for plan in &environments {
        if let Some(role) = &plan.role_arn {
            note(
                &format!("environment {}: this belongs to {role}", plan.name),
                "whoever assumes the role needs sts:AssumeRole on it",
            );
        }
    }
    Ok(status)
}

fn environments(
    init: &InitFlags,
    common: &Common,
    around: &Surroundings,
) -> Result<Vec<EnvironmentPlan>, Complaint> {
    let file = lookup::load(common.config.as_deref(), &around.folder)?;
    if file.environments.is_empty() {
        return Ok(unconfigured(init, common));
    }
    let mut plans = resolved(&file, common, around)?;
    if !init.groups.is_empty() {
        for plan in &mut plans {
            plan.groups.clone_from(&init.groups);
        }
    }
    Ok(plans)
}

fn resolved(
    file: &File,
    common: &Common,
    around: &Surroundings,
) -> Result<Vec<EnvironmentPlan>, Complaint> {
    let overrides = flags::overrides(common, &[], around);
    let exists = |path: &Path| around.folder.join(path).exists();
    Ok(resolve::resolve(file, &overrides, &exists)?
        .plan
        .environments)
}

/// What the flags alone say: in every region and account where they do not name one.
fn unconfigured(init: &InitFlags, common: &Common) -> Vec<EnvironmentPlan> {
    let mut regions = common.region.clone();
    if regions.is_empty() {
        regions.push("*".to_owned());
    }
    let wild = |text: &Option<String>| text.clone().unwrap_or_else(|| "*".to_owned());
    vec![EnvironmentPlan {
        name: wild(&common.env).as_str().into(),
        regions,
        groups: init.groups.clone(),
        ..EnvironmentPlan::default()
    }]
}
