//! What was discovered, written down as the configuration that a person would have written.
//!
//! The run goes by this text and by nothing else, so that the same file gives the same answer again.

use std::fmt::Write as _;

use super::plan::EnvironmentPlan;
use crate::domain::discovery::{
    Confidence, Discovery, FoundCondition, FoundPipeline, FoundRule, FoundStage, RefusedWhat,
};
use crate::domain::safe::safe;
use crate::domain::toml::{key, quoted};
use crate::domain::verdict::Mark;

const HEAD: &str = "\
# Learnt from the logs themselves by lastseen: everything here is a guess, with what it rests on.
# Correct what is wrong; this file alone says how the logs are read.
";

/// A remark is no longer, in characters.
const REMARK: usize = 110;

/// The file.
#[must_use]
pub fn text(found: &Discovery) -> String {
    text_of(&[], found)
}

/// The file, with the places that were read.
#[must_use]
pub fn text_of(environments: &[EnvironmentPlan], found: &Discovery) -> String {
    let mut out = HEAD.to_owned();
    for environment in environments {
        push_environment(&mut out, environment);
    }
    for path in &found.paths {
        let _infallible = write!(out, "\n[[files]]\npath = {}\n", quoted(&path.path));
        if let Some(env) = &path.env {
            let _infallible = writeln!(out, "env  = {}", quoted(env));
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for pipeline in &found.pipelines {
        let mut name = pipeline.name.clone();
        while names.contains(&name.as_str()) {
            name.push_str("-2");
        }
        push_pipeline(&mut out, &name, pipeline);
        names.push(&pipeline.name);
    }
    push_refused(&mut out, found);
    for missing in &found.missing {
        remark(&mut out, &format!("MISSING: {missing}"));
    }
    out
}

fn push_environment(out: &mut String, plan: &EnvironmentPlan) {
    out.push_str("\n[[environment]]\n");
    let name = Some(plan.name.to_string());
    for (key, value) in [
        ("name", &name),
        ("profile", &plan.profile),
        ("role_arn", &plan.role_arn),
        ("account", &plan.account),
        ("endpoint_url", &plan.endpoint_url),
    ] {
        if let Some(value) = value {
            let _infallible = writeln!(out, "{key} = {}", quoted(value));
        }
    }
    let regions: Vec<&str> = plan.regions.iter().map(String::as_str).collect();
    push_list(out, "regions", &regions);
}

fn push_pipeline(out: &mut String, name: &str, found: &FoundPipeline) {
    let _infallible = writeln!(out, "\n[pipeline.{}]", key(name));
    for (index, family) in found.families.iter().enumerate() {
        let names: Vec<&str> = family.selectors.iter().map(|s| s.text.as_str()).collect();
        let sure = sureness(&family.confidence);
        remark(
            out,
            &format!(
                "ID {}: {}; {sure}",
                index + 1,
                plain(names.first().unwrap_or(&""))
            ),
        );
    }
    for link in &found.links {
        let (a, b) = (link.between.0 + 1, link.between.1 + 1);
        let (lines, place) = (link.lines, &link.place);
        remark(
            out,
            &format!("ID {a} and ID {b} are one message: {lines} log events of {place} bear both"),
        );
    }
    let mut ids: Vec<&str> = Vec::new();
    for selector in found.families.iter().flat_map(|f| &f.selectors) {
        if !ids.contains(&selector.text.as_str()) {
            ids.push(&selector.text);
        }
    }
    push_list(out, "id", &ids);
    let attributes: Vec<&str> = found
        .attributes
        .iter()
        .map(|a| a.selector.as_str())
        .collect();
    if !attributes.is_empty() {
        push_list(out, "attributes", &attributes);
    }
    for stage in &found.stages {
        push_stage(out, name, stage, &found.stages);
    }
}

fn push_stage(out: &mut String, pipeline: &str, stage: &FoundStage, all: &[FoundStage]) {
    out.push('\n');
    remark(out, &sureness(&stage.confidence));
    let _infallible = writeln!(out, "[[pipeline.{}.stage]]", key(pipeline));
    let _infallible = writeln!(out, "name  = {}", quoted(&stage.name));
    let after: Vec<String> = stage
        .after
        .iter()
        .filter_map(|s| all.get(*s))
        .map(|s| quoted(&s.name))
        .collect();
    let _infallible = writeln!(out, "after = [{}]", after.join(", "));
    let from: Vec<String> = stage.from.iter().map(|glob| quoted(glob)).collect();
    let _infallible = writeln!(out, "from  = [{}]", from.join(", "));
    for mark in Mark::ALL {
        let rules: Vec<&FoundRule> = stage
            .rules
            .iter()
            .filter(|rule| rule.mark == mark)
            .collect();
        if mark == Mark::DeadLetter && stage.dead_letter {
            out.push_str("dead_letter = true\n");
            continue;
        }
        match rules.as_slice() {
            [] => {}
            [one] => {
                let _infallible =
                    writeln!(out, "{:<5} = {}", mark.word(), condition(&one.condition));
            }
            several => {
                let _infallible = writeln!(out, "{:<5} = [", mark.word());
                for rule in several {
                    let _infallible = writeln!(out, "  {},", condition(&rule.condition));
                }
                out.push_str("]\n");
            }
        }
    }
    if !stage.environments.is_empty() {
        let names: Vec<String> = stage.environments.iter().map(|e| quoted(e)).collect();
        let _infallible = writeln!(out, "environments = [{}]", names.join(", "));
    }
    if stage.optional {
        out.push_str("optional = true\n");
    }
}

fn push_refused(out: &mut String, found: &Discovery) {
    if found.refused.is_empty() {
        return;
    }
    out.push('\n');
    remark(out, "Looked like IDs or links, and were not taken:");
    for refused in found.refused.iter().take(40) {
        let what = match refused.what {
            RefusedWhat::Hub => "ID",
            RefusedWhat::Link => "link",
        };
        remark(
            out,
            &format!(
                "  {what} {} in {}: {}",
                plain(&refused.name),
                refused.place,
                refused.why
            ),
        );
    }
}

fn condition(condition: &FoundCondition) -> String {
    match condition {
        FoundCondition::Pattern(pattern) => literal(pattern),
        FoundCondition::Equals { field, value } => {
            format!(
                "{{ field = {}, equals = {} }}",
                quoted(field),
                quoted(value)
            )
        }
    }
}

fn push_list(out: &mut String, key: &str, items: &[&str]) {
    let items: Vec<String> = items.iter().map(|item| literal(item)).collect();
    let line = format!("{key} = [{}]", items.join(", "));
    if line.len() <= 100 {
        let _infallible = writeln!(out, "{line}");
        return;
    }
    let _infallible = writeln!(out, "{key} = [");
    for item in items {
        let _infallible = writeln!(out, "  {item},");
    }
    out.push_str("]\n");
}

fn sureness(confidence: &Confidence) -> String {
    let words = format!("{} ({} confidence)", confidence.evidence, confidence.word());
    if confidence.is_low() {
        format!("LOOK AT THIS: {words}")
    } else {
        words
    }
}

/// A comment on one line.
fn remark(out: &mut String, text: &str) {
    let text = safe(text).replace(['\n', '\r', '\t'], " ");
    let text: String = text.chars().take(REMARK).collect();
    let _infallible = writeln!(out, "# {}", text.trim_end());
}

/// A pattern without the syntax around its value.
fn plain(text: &str) -> &str {
    text.split("(?<")
        .next()
        .filter(|t| !t.is_empty())
        .unwrap_or(text)
}

/// A pattern between single quotes, where it can stand there.
fn literal(text: &str) -> String {
    let sound = |c: char| c != '\'' && !c.is_control();
    if text.contains('\\') && text.chars().all(sound) {
        format!("'{text}'")
    } else {
        quoted(text)
    }
}
