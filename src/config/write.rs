//! A draft as the text of a configuration file, with comments for whoever goes on with it.
//!
//! What it cannot know it leaves out: the pipeline is a commented form to be filled in.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::draft::{Draft, DraftEnvironment, Pattern, rank, stage_name, unique};
use crate::domain::pipeline::Pipeline;
use crate::domain::safe::safe;
use crate::domain::toml::quoted;

const HEAD: &str = "\
# Written by `lastseen init`. What is missing for a first answer is the pipeline at the end.
";

const PIPELINE: &str = "
# TO BE FILLED IN: the way of a message. Which ID it bears and what is logged where cannot be known
# from the names of log groups. Take the `# ` off the lines below and put in what your logs say.
# The stages are the log groups chosen, in an order guessed from their names: set it right.
#
# [pipeline.messages]
# id = [\"messageId\"]              # FILL IN: JSON fields, or patterns with a group (?<id>...)
";

/// The file. Reading it back gives the environments; with the comments taken off, the stages too.
#[must_use]
pub fn text(draft: &Draft) -> String {
    let patterns = draft.patterns();
    let mut out = HEAD.to_owned();
    for (index, environment) in draft.environments.iter().enumerate() {
        let own = patterns.iter().filter(|p| p.environments.contains(&index));
        push_environment(&mut out, environment, &own.collect::<Vec<_>>());
    }
    out.push_str(PIPELINE);
    push_stages(&mut out, draft, &patterns);
    out
}

fn push_environment(out: &mut String, environment: &DraftEnvironment, patterns: &[&Pattern]) {
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line("\n[[environment]]".to_owned());
    line(format!("name    = {}", quoted(&environment.name)));
    match &environment.profile {
        Some(profile) => line(format!("profile = {}", quoted(profile))),
        None => line("# profile: none, the default credential chain is asked".to_owned()),
    }
    if let Some(account) = &environment.account {
        let account = quoted(account);
        line(format!(
            "account = {account}  # credentials of any other account are refused"
        ));
    }
    if let Some(url) = &environment.endpoint_url {
        line(format!("endpoint_url = {}", quoted(url)));
    }
    let regions: Vec<String> = environment.regions.iter().map(|r| quoted(r)).collect();
    line(format!("regions = [{}]", regions.join(", ")));
    line("groups  = [  # without this key: those that the stages name".to_owned());
    for pattern in patterns {
        let glob = quoted(&pattern.glob);
        match remark(environment, pattern) {
            Some(remark) => line(format!("    {glob},  # {}", safe(remark))),
            None => line(format!("    {glob},")),
        }
    }
    line("]".to_owned());
}

/// What is to be known of the group that `pattern` means in this environment.
fn remark<'a>(environment: &'a DraftEnvironment, pattern: &Pattern) -> Option<&'a str> {
    let name = pattern.glob.replace("{env}", &environment.name);
    let mut groups = environment.groups.iter();
    let group = groups.find(|group| globset::escape(&group.name) == name)?;
    group.remark.as_deref()
}

fn push_stages(out: &mut String, draft: &Draft, patterns: &[Pattern]) {
    let mut ordered: Vec<&Pattern> = patterns.iter().collect();
    ordered.sort_by_key(|pattern| rank(&pattern.glob));
    let mut names: BTreeSet<String> = BTreeSet::new();
    for pattern in ordered.iter().take(Pipeline::MAX_STAGES) {
        let name = unique(&stage_name(&pattern.glob), &|name| names.contains(name));
        let glob = quoted(&pattern.glob);
        let _infallible = write!(
            out,
            "#\n# [[pipeline.messages.stage]]\n# name  = {}\n# from  = [{glob}]\n# enter = 'FILL IN (?<id>[0-9a-f-]{{36}})'   # what is logged when a message arrives here\n",
            quoted(&name)
        );
        if pattern.environments.len() < draft.environments.len() {
            let here = pattern.environments.iter();
            let here: Vec<String> = here.map(|e| quoted(&draft.environments[*e].name)).collect();
            let _infallible = writeln!(out, "# environments = [{}]", here.join(", "));
        }
        if rank(&pattern.glob) == rank("dlq") {
            out.push_str("# dead_letter = true\n");
        }
        names.insert(name);
    }
    if ordered.len() > Pipeline::MAX_STAGES {
        let more = ordered.len() - Pipeline::MAX_STAGES;
        let _infallible = writeln!(
            out,
            "#\n# and {more} groups more than a pipeline can have stages"
        );
    }
}
