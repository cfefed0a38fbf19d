//! The policy allows every call that the source text makes, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use lastseen::config::accounts::Accounts;
use lastseen::config::plan::EnvironmentPlan;
use lastseen::sources::cloudwatch::policy::policy;
use regex::Regex;
use serde_json::Value;

use crate::support::alone::{alone, folder};

/// Needs no permission.
const FREE: &str = "sts:GetCallerIdentity";
/// Is not done unless asked for.
const ON_DEMAND: &str = "logs:StartLiveTail";

fn sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else {
            *out += &fs::read_to_string(path).unwrap();
        }
    }
}

/// Every operation that is called: what is said to a client of the SDK.
fn called() -> BTreeSet<String> {
    let mut text = String::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sources/cloudwatch"),
        &mut text,
    );
    // The name of every operation is of several words, that of no other method here.
    let call = Regex::new(r"\b(client|sts)\s*\.([a-z]+(?:_[a-z]+)+)\(\)").unwrap();
    let found: Vec<(String, String)> = call
        .captures_iter(&text)
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect();
    // Every request is sent, and every one that is sent was found.
    assert_eq!(text.matches(".send()").count(), found.len(), "{found:?}");
    let pascal = |method: &str| -> String {
        method
            .split('_')
            .map(|word| word[..1].to_uppercase() + &word[1..])
            .collect()
    };
    let name = |(client, method): &(String, String)| {
        let service = if client == "sts" { "sts" } else { "logs" };
        format!("{service}:{}", pascal(method))
    };
    found.iter().map(name).collect()
}

fn allowed(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Statement"].as_array().unwrap();
    assert!(statements.iter().all(|s| s["Effect"] == "Allow"));
    let actions = statements
        .iter()
        .flat_map(|s| s["Action"].as_array().unwrap());
    actions
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

fn parsed(environments: &[EnvironmentPlan], live_tail: bool) -> Value {
    let policy = policy(environments, live_tail);
    assert!(!policy.too_long);
    serde_json::from_str(&policy.json).unwrap()
}

#[test]
fn the_policy_allows_what_is_called_and_nothing_else() {
    let mut called = called();
    assert!(called.remove(FREE) && called.len() >= 3, "{called:?}");
    called.remove(ON_DEMAND);
    assert_eq!(allowed(&parsed(&[], false)), called);
    called.insert(ON_DEMAND.to_owned());
    assert_eq!(allowed(&parsed(&[], true)), called);
}

fn environment(groups: &[&str]) -> EnvironmentPlan {
    EnvironmentPlan {
        name: "qa".into(),
        account: Some("123456789012".to_owned()),
        regions: vec!["eu-central-1".to_owned()],
        groups: groups.iter().map(ToString::to_string).collect(),
        ..EnvironmentPlan::default()
    }
}

fn resources(environments: &[EnvironmentPlan]) -> Vec<String> {
    let policy = parsed(environments, false);
    assert_eq!(
        policy["Statement"][0]["Resource"], "*",
        "listing knows no group"
    );
    let resources = policy["Statement"][1]["Resource"].as_array().unwrap();
    resources
        .iter()
        .map(|r| r.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn groups_are_named_in_both_forms_and_never_more_narrowly() {
    assert_eq!(resources(&[]), ["*"]);
    assert_eq!(
        resources(&[environment(&["/acme/{env}/x"])]),
        [
            "arn:aws:logs:eu-central-1:123456789012:log-group:/acme/qa/x",
            "arn:aws:logs:eu-central-1:123456789012:log-group:/acme/qa/x:*",
        ]
    );
    for (glob, iam) in [
        ("/a/**", "/a/*"),
        ("/a/[x-z]b", "/a/?b"),
        ("/a/[]]b", "/a/?b"),
        ("/a/[!]]b", "/a/?b"),
        ("/a/{b,c{d,e}}f", "/a/*f"),
        ("/a/\\*?", "/a/*?"),
        ("/{region}/x", "/eu-central-1/x"),
    ] {
        let all = resources(&[environment(&[glob])]);
        assert!(
            all[0].ends_with(&format!(":log-group:{iam}")),
            "{glob}: {all:?}"
        );
    }
    let mut linked = environment(&["/a"]);
    linked.accounts = Accounts::Only(vec!["222233334444".to_owned()]);
    assert!(resources(&[linked.clone()])[0].contains(":222233334444:"));
    linked.accounts = Accounts::Linked;
    linked.regions = vec!["cn-north-1".to_owned()];
    assert_eq!(
        resources(&[linked])[0],
        "arn:aws-cn:logs:cn-north-1:*:log-group:/a"
    );
}

#[test]
fn a_policy_that_would_be_too_long_names_no_regions() {
    let names: Vec<String> = (0..20)
        .map(|n| format!("/acme/some/longer/name/{n}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut plan = environment(&names);
    plan.regions = ["eu-central-1", "us-east-1", "us-west-2", "eu-west-1"]
        .map(str::to_owned)
        .to_vec();
    let all = resources(&[plan.clone()]);
    assert_eq!(all.len(), 40);
    assert!(
        all.iter()
            .all(|arn| arn.starts_with("arn:aws:logs:*:123456789012:"))
    );
    let more: Vec<String> = (0..200).map(|n| format!("/acme/{n:03}")).collect();
    plan.groups = more;
    assert!(policy(&[plan], false).too_long);
}

fn init_policy(name: &str, config: Option<&str>, args: &[&str]) -> (Value, String) {
    let folder = folder(name);
    if let Some(text) = config {
        fs::write(folder.join("lastseen.toml"), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command
        .args(["init", "--policy"])
        .args(args)
        .current_dir(&folder);
    let output = alone(&mut command, &folder, &[]).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{err}");
    (serde_json::from_slice(&output.stdout).unwrap(), err)
}

#[test]
fn the_command_prints_the_policy_of_what_is_configured() {
    let (policy, err) = init_policy("policy-nothing", None, &[]);
    assert_eq!(policy["Statement"][1]["Resource"][0], "*");
    assert!(
        err.contains("note: this allows reading every log group"),
        "{err}"
    );
    let (policy, err) = init_policy(
        "policy-groups",
        None,
        &["--groups", "/acme/*", "--live-tail"],
    );
    assert_eq!(
        policy["Statement"][1]["Resource"][0],
        "arn:aws:logs:*:*:log-group:/acme/*"
    );
    assert_eq!(policy["Statement"][2]["Action"][0], ON_DEMAND);
    assert_eq!(err, "");
    let config = "[[environment]]\nname = \"qa\"\nregions = [\"eu-west-1\"]\naccount = \"123456789012\"\ngroups = [\"/acme/{env}/*\"]\nrole_arn = \"arn:aws:iam::123456789012:role/reader\"\n";
    let (policy, err) = init_policy("policy-config", Some(config), &[]);
    let resources = &policy["Statement"][1]["Resource"];
    assert_eq!(
        resources[0],
        "arn:aws:logs:eu-west-1:123456789012:log-group:/acme/qa/*"
    );
    assert_eq!(
        resources[1],
        "arn:aws:logs:eu-west-1:123456789012:log-group:/acme/qa/*:*"
    );
    assert!(
        err.contains("this belongs to arn:aws:iam::123456789012:role/reader"),
        "{err}"
    );
}
