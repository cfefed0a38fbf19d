//! What was discovered, written down as the configuration that a person would have written.
//!
//! The run goes by this text and by nothing else, so that the same file gives the same answer again.

use std::fmt::Write as _;

use super::plan::EnvironmentPlan;
use crate::domain::discovery::{
    Confidence, Discovery, Doubtful, FoundCondition, FoundEnd, FoundPipeline, FoundRule,
    FoundSelector, FoundStage,
};
use crate::domain::safe::safe;
use crate::domain::toml::{key, quoted};
use crate::domain::verdict::Mark;

const HEAD: &str = "\
# Learnt from the logs themselves by lastseen: everything here is a guess, with what it rests on.
# Correct what is wrong; this file alone says how the logs are read.
";

/// A run follows no ID to more others.
const MOST_LINKS: usize = 254;
/// A remark is no longer, in characters.
const REMARK: usize = 110;

/// The file.
#[must_use]
pub fn text(found: &Discovery) -> String {
    let mut out = HEAD.to_owned();
    for path in &found.paths {
        let _infallible = write!(out, "\n[[files]]\npath = {}\n", quoted(&path.path));
        if let Some(env) = &path.env {
            let _infallible = writeln!(out, "env  = {}", quoted(env));
        }
        if let Some(zone) = &path.timezone {
            let _infallible = writeln!(out, "timezone = {}", quoted(zone));
        }
        if let Some(sure) = &path.confidence {
            remark(&mut out, &sureness(sure));
        }
    }
    let mut taken: Vec<String> = Vec::new();
    let mut named = |pipeline: &FoundPipeline| {
        let mut name = pipeline.name.clone();
        while taken.contains(&name) {
            name.push_str("-2");
        }
        taken.push(name.clone());
        name
    };
    for pipeline in &found.pipelines {
        push_pipeline(&mut out, &named(pipeline), pipeline);
    }
    for doubtful in &found.doubtful {
        let name = named(&doubtful.pipeline);
        push_doubtful(&mut out, &name, doubtful);
    }
    push_refused(&mut out, found);
    for missing in &found.missing {
        remark(&mut out, &format!("MISSING: {missing}"));
    }
    out
}

/// The file with what was configured before in front of it.
#[must_use]
pub fn after(own: &str, found: &Discovery) -> String {
    if own.is_empty() {
        text(found)
    } else {
        format!("{own}\n{}", text(found))
    }
}

/// Where log groups were read, to stand in front of what was learnt from them.
#[must_use]
pub fn environments(plans: &[EnvironmentPlan]) -> String {
    let mut out = String::new();
    for plan in plans {
        push_environment(&mut out, plan);
    }
    out.trim_start().to_owned()
}

/// What a file says, without its remarks.
#[must_use]
pub fn said(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
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
        if link.confidence.is_ruled() {
            remark(out, &format!("  {}", sureness(&link.confidence)));
        }
    }
    let mut ids: Vec<String> = Vec::new();
    for selector in found.families.iter().flat_map(|f| &f.selectors) {
        let id = written(selector);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    push_written(out, "id", &ids);
    push_vetoed(out, found);
    if let Some(after) = found.reuse_after_ms {
        let why = match found.reused {
            0 => "not used again: who came in once more after so long had not come out".to_owned(),
            again => format!("used again: {again} IDs came out and came in once more"),
        };
        remark(out, &why);
        let _infallible = writeln!(out, "reuse_after = \"{}s\"", (after / 1000).max(1));
    }
    if found.joins_many {
        remark(out, "joined by an ID of many messages, as you wanted:");
        let _infallible = writeln!(out, "max_links = {MOST_LINKS}");
    }
    let attributes: Vec<&str> = found
        .attributes
        .iter()
        .map(|a| a.selector.as_str())
        .collect();
    if !attributes.is_empty() {
        push_list(out, "attributes", &attributes);
    }
    for index in 0..found.stages.len() {
        push_stage(out, name, index, &found.stages);
    }
}

/// As a remark, ready to be taken all the same.
fn push_doubtful(out: &mut String, name: &str, found: &Doubtful) {
    out.push('\n');
    remark(out, &format!("NOT TAKEN: {name}: {}", found.why));
    remark(
        out,
        "If it is a pipeline all the same, remove the `#| ` before each of these lines:",
    );
    let mut text = String::new();
    push_pipeline(&mut text, name, &found.pipeline);
    for line in text.lines().filter(|line| !line.is_empty()) {
        let _infallible = writeln!(out, "#| {line}");
    }
}

fn push_stage(out: &mut String, pipeline: &str, index: usize, all: &[FoundStage]) {
    let stage = &all[index];
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
    if let Some(within) = &stage.within {
        let _infallible = writeln!(out, "within = {}", quoted(within));
    }
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
        let telling = |rule: &&&FoundRule| rule.mark == Mark::Skip || rule.confidence.is_ruled();
        for rule in rules.iter().filter(telling) {
            let sure = sureness(&rule.confidence);
            remark(out, &format!("{}: {sure}", mark.word()));
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
    push_ends(out, stage);
    if !can_end(index, all) {
        remark(
            out,
            "nothing tells what is done here: whatever comes here is",
        );
        out.push_str("enter = \".\"\n");
    }
    if !stage.environments.is_empty() {
        let names: Vec<String> = stage.environments.iter().map(|e| quoted(e)).collect();
        let _infallible = writeln!(out, "environments = [{}]", names.join(", "));
    }
    if stage.optional {
        out.push_str("optional = true\n");
    }
}

/// Which messages may go no further.
fn push_ends(out: &mut String, stage: &FoundStage) {
    for (key, sure) in [("ends", true), ("may_end", false)] {
        let ends = stage.ends.iter().filter(|end| end.sure == sure);
        let words: Vec<String> = ends.clone().map(FoundEnd::words).collect();
        for (end, words) in ends.zip(&words) {
            remark(out, &format!("{words}: {}", sureness(&end.confidence)));
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if !words.is_empty() {
            push_list(out, key, &words);
        }
    }
}

/// Whether messages can go on from a stage, or be done there.
fn can_end(index: usize, all: &[FoundStage]) -> bool {
    let stage = &all[index];
    let mut others = all.iter().filter(|other| !other.dead_letter);
    let ends = [Mark::Exit, Mark::Enter, Mark::Skip];
    let fails = || stage.rules.iter().any(|rule| rule.mark == Mark::Fail);
    stage.dead_letter
        || stage.optional && fails()
        || others.any(|other| other.after.contains(&index))
        || stage.rules.iter().any(|rule| ends.contains(&rule.mark))
}

/// IDs that stay two messages, although log events bear both.
fn push_vetoed(out: &mut String, found: &FoundPipeline) {
    if found.vetoed.is_empty() {
        return;
    }
    let texts = |family: usize| -> String {
        let selectors = found.families.get(family).into_iter();
        let selectors = selectors.flat_map(|family| &family.selectors);
        let texts: Vec<String> = selectors.map(written).collect();
        texts.join(", ")
    };
    remark(
        out,
        "Log events bear both of these; you said that they are two messages:",
    );
    out.push_str("unlink = [\n");
    for link in &found.vetoed {
        let (a, b) = (texts(link.between.0), texts(link.between.1));
        let _infallible = writeln!(out, "  {{ a = [{a}], b = [{b}] }},");
    }
    out.push_str("]\n");
}

fn push_refused(out: &mut String, found: &Discovery) {
    let decided = [
        ("Confirmed or changed by you:", &found.confirmed),
        ("Taken out by you:", &found.rejected),
    ];
    for (heading, names) in decided.iter().filter(|(_, names)| !names.is_empty()) {
        out.push('\n');
        remark(out, heading);
        for name in *names {
            remark(out, &format!("  {name}"));
        }
    }
    if found.refused.is_empty() {
        return;
    }
    out.push('\n');
    remark(out, "Looked like IDs or links, and were not taken:");
    for refused in found.refused.iter().take(40) {
        let what = refused.what.word();
        let name = match &refused.families[..] {
            [a, b] => format!("{} with {}", plain(&a.name), plain(&b.name)),
            _ => plain(&refused.name).to_owned(),
        };
        remark(
            out,
            &format!("  {what} {name} in {}: {}", refused.place, refused.why),
        );
    }
}

fn condition(condition: &FoundCondition) -> String {
    match condition {
        FoundCondition::Pattern(pattern) => literal(pattern),
        FoundCondition::Equals { field, value } => of_field(field, "equals", &quoted(value)),
        FoundCondition::Matches { field, pattern } => of_field(field, "matches", &literal(pattern)),
    }
}

/// A way to find an ID.
fn written(selector: &FoundSelector) -> String {
    match &selector.within {
        Some(field) => of_field(field, "matches", &literal(&selector.text)),
        None => literal(&selector.text),
    }
}

fn of_field(field: &str, key: &str, value: &str) -> String {
    format!("{{ field = {}, {key} = {value} }}", quoted(field))
}

fn push_list(out: &mut String, key: &str, items: &[&str]) {
    let items: Vec<String> = items.iter().map(|item| literal(item)).collect();
    push_written(out, key, &items);
}

fn push_written(out: &mut String, key: &str, items: &[String]) {
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

/// A pattern without the syntax around its value; that of a column is nothing but syntax.
fn plain(text: &str) -> &str {
    text.split("(?<")
        .next()
        .filter(|t| !t.is_empty() && !t.starts_with('^'))
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
