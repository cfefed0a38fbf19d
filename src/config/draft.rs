//! What `lastseen init` writes down: environments and log groups as they were chosen, and what
//! their names alone suggest. Names suggest little, and nothing here claims more.

use std::collections::{BTreeMap, BTreeSet};

use super::places::check_name;

/// A configuration to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The environments, each with at least one group.
    pub environments: Vec<DraftEnvironment>,
}

/// One environment of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftEnvironment {
    /// Its name.
    pub name: String,
    /// Profile of its credentials; else the default chain.
    pub profile: Option<String>,
    /// The account they lead to.
    pub account: Option<String>,
    /// Another endpoint than Amazon's.
    pub endpoint_url: Option<String>,
    /// The regions that hold its groups.
    pub regions: Vec<String>,
    /// Its groups.
    pub groups: Vec<DraftGroup>,
}

/// One log group of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftGroup {
    /// Its name.
    pub name: String,
    /// What whoever reads the file should know of it.
    pub remark: Option<String>,
}

/// A glob that means log groups of one or several environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The glob, with `{env}` where the names differ only by that.
    pub glob: String,
    /// Indices of the environments that have such a group.
    pub environments: BTreeSet<usize>,
}

/// Words that name an environment when they stand in the name of a profile.
const ENVIRONMENTS: [&str; 20] = [
    "acc",
    "alpha",
    "beta",
    "demo",
    "dev",
    "development",
    "int",
    "integration",
    "live",
    "load",
    "nonprod",
    "preprod",
    "prod",
    "production",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "test",
    "uat",
];

/// What an environment is probably called whose credentials come from this profile.
#[must_use]
pub fn name_of(profile: Option<&str>) -> String {
    let Some(profile) = profile.filter(|name| *name != "default") else {
        return "aws".to_owned();
    };
    let mut words = profile.split(|c: char| !c.is_alphanumeric());
    match words.rfind(|word| ENVIRONMENTS.contains(&word.to_lowercase().as_str())) {
        Some(word) => word.to_owned(),
        None => plain_name(profile),
    }
}

/// `profile` as the name of an environment can be written.
#[must_use]
pub fn plain_name(profile: &str) -> String {
    let sound = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let name: String = profile
        .chars()
        .map(|c| if sound(c) { c } else { '-' })
        .collect();
    if check_name(&name) {
        name
    } else {
        "aws".to_owned()
    }
}

/// Where `wanted` is taken: the next of `wanted-2`, `wanted-3` that is not.
#[must_use]
pub fn unique(wanted: &str, taken: &dyn Fn(&str) -> bool) -> String {
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let mut number = 2;
    loop {
        let name = format!("{wanted}-{number}");
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

impl Draft {
    /// The globs that mean all groups and no others, in the order of their names.
    #[must_use]
    pub fn patterns(&self) -> Vec<Pattern> {
        let mut by_template: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (index, environment) in self.environments.iter().enumerate() {
            for group in &environment.groups {
                if let Some(template) = template(&group.name, &environment.name) {
                    by_template.entry(template).or_default().insert(index);
                }
            }
        }
        // One environment alone does not show that the word in the name is its own.
        by_template.retain(|_, environments| environments.len() > 1);
        let mut patterns: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (index, environment) in self.environments.iter().enumerate() {
            for group in &environment.groups {
                let template = template(&group.name, &environment.name);
                let shared = template.filter(|template| by_template.contains_key(template));
                let glob = shared.unwrap_or_else(|| globset::escape(&group.name));
                patterns.entry(glob).or_default().insert(index);
            }
        }
        patterns
            .into_iter()
            .map(|(glob, environments)| Pattern { glob, environments })
            .collect()
    }
}

/// `name` with `{env}` wherever `env` stands as a word of its own; `None` where it does not.
fn template(name: &str, env: &str) -> Option<String> {
    let (name, env) = (globset::escape(name), globset::escape(env));
    let ends = |text: &str| !text.ends_with(char::is_alphanumeric);
    let begins = |text: &str| !text.starts_with(char::is_alphanumeric);
    let (mut out, mut rest, mut found) = (String::new(), name.as_str(), false);
    while let Some(at) = rest.find(&env) {
        let (before, after) = (&rest[..at], &rest[at + env.len()..]);
        let so_far = format!("{out}{before}");
        if ends(&so_far) && begins(after) {
            found = true;
            out = so_far + "{env}";
        } else {
            out = so_far + &env;
        }
        rest = after;
    }
    found.then(|| out + rest)
}

/// What words in a name say about how far along a message is; an educated guess, no more.
const ORDER: [&[&str]; 8] = [
    &[
        "api", "gateway", "ingress", "intake", "ingest", "entry", "edge", "front", "receiver",
        "webhook", "upload",
    ],
    &["topic", "sns", "publish", "event", "router", "dispatch"],
    &["handler", "function", "trigger", "validate", "lambda"],
    &[
        "queue", "sqs", "stream", "kinesis", "kafka", "broker", "schedul",
    ],
    &["engine", "core"],
    &["worker", "process", "job", "batch", "consumer", "task"],
    &[
        "deliver", "notif", "mail", "send", "export", "store", "sink", "writer", "egress",
        "archive",
    ],
    &["dlq", "dead", "letter", "parked"],
];

/// Names that say nothing stand in the middle.
const NOWHERE: usize = 4;

/// How far along a group of this glob is likely to be: by the last part of its name that says
/// anything, else by any part.
#[must_use]
pub fn rank(glob: &str) -> usize {
    let lower = glob.to_lowercase();
    let in_part = |part: &str| {
        let says = |words: &[&str]| words.iter().any(|word| part.contains(word));
        // Dead letters first: `order-queue-dlq` is no queue on the way.
        ORDER
            .iter()
            .rposition(|words| words.contains(&"dlq") && says(words))
            .or_else(|| ORDER.iter().position(|words| says(words)))
    };
    lower.rsplit('/').find_map(in_part).unwrap_or(NOWHERE)
}

/// What a stage that logs there may be called.
#[must_use]
pub fn stage_name(glob: &str) -> String {
    let word = |c: char| c.is_alphanumeric();
    let mut parts = glob.rsplit('/').map(|part| {
        let words = part.replace("{env}", "-");
        let words = words.split(|c: char| !word(c) && c != '_' && c != '.');
        words
            .filter(|w| w.contains(word))
            .collect::<Vec<_>>()
            .join("-")
    });
    parts
        .find(|part| !part.is_empty())
        .unwrap_or_else(|| "stage".to_owned())
}
