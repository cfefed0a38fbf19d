//! Every wrong configuration gets its errors, all of them, at their place; right ones resolve.
//!
//! `tests/config/invalid/NAME.toml` is told apart by `NAME.txt` beside it: exactly what is printed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use lastseen::config::accounts::Accounts;
use lastseen::config::choose::{Choice, choose};
use lastseen::config::error::ConfigErrors;
use lastseen::config::file::File;
use lastseen::config::lookup;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::{Resolved, resolve};
use lastseen::domain::nearest::nearest;
use lastseen::domain::pattern::FieldPath;
use lastseen::domain::pipeline::{Glob, LinkEnds, Rule, Selector};
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Mark;
use proptest::prelude::*;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/config")
        .join(name)
}

fn resolved(text: &str, flags: &Overrides) -> Result<Resolved, ConfigErrors> {
    let file = File::parse("lastseen.toml", Path::new("/base"), text);
    resolve(&file, flags, &|_| false)
}

#[test]
fn every_wrong_configuration_is_told_exactly() {
    let mut names: Vec<PathBuf> = fs::read_dir(folder("invalid"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    names.sort();
    assert!(
        names.len() >= 25,
        "only {} wrong configurations",
        names.len()
    );
    let mut wrong = String::new();
    for path in names {
        let text = fs::read_to_string(&path).unwrap();
        let told = match resolved(&text, &Overrides::default()) {
            Ok(_) => "no error".to_owned(),
            Err(errors) => errors.to_string(),
        };
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if told.trim_end() != expected.trim_end() {
            let name = path.display();
            writeln!(wrong, "=== {name}\n{told}\n--- expected\n{expected}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn valid(name: &str) -> String {
    fs::read_to_string(folder("valid").join(name)).unwrap()
}

/// Flags for a run on 2026-11-22 at 03:00 UTC.
fn flags() -> Overrides {
    Overrides {
        now: Timestamp(1_795_316_400_000),
        folder: "/here".into(),
        ..Overrides::default()
    }
}

#[test]
fn the_example_of_the_documentation_resolves() {
    let Resolved { plan, warnings, .. } =
        resolved(&valid("design_example.toml"), &flags()).unwrap();
    assert_eq!(warnings, []);
    let [qa] = plan.environments.as_slice() else {
        panic!("{:?}", plan.environments)
    };
    assert_eq!((&*qa.name, qa.profile.as_deref()), ("qa", Some("acme-qa")));
    assert_eq!(qa.regions, ["us-east-1", "eu-central-1"]);
    assert_eq!(qa.groups, ["/acme/{env}/queue*", "/acme/{env}/engine*"]);
    assert!(qa.narrow.is_empty());
    let [json, log] = plan.files.as_slice() else {
        panic!("{:?}", plan.files)
    };
    assert_eq!(
        (json.base.as_path(), &*json.env, json.explicit),
        (Path::new("/base"), "local", false)
    );
    assert_eq!(
        (log.timezone, log.year),
        (Some(Tz::Europe__Berlin), Some(2025))
    );
    assert_eq!(log.multiline.as_ref().unwrap().as_str(), "start pattern");
    // CloudWatch without times: the last hour, with room on both sides.
    let window = plan.window.unwrap();
    assert_eq!(
        (window.to, window.to.since(window.from)),
        (flags().now, 3_600_000)
    );
    assert_eq!(plan.margin_ms, 600_000);
    let pipeline = &plan.pipelines[0];
    assert_eq!((pipeline.ids.len(), pipeline.links.len()), (3, 1));
    let names: Vec<&str> = pipeline.attributes.iter().map(|a| &*a.name).collect();
    assert_eq!(names, ["host", "version", "swimlane", "kind", "items"]);
    let engine = &pipeline.stages[1];
    assert_eq!(
        (engine.after.as_slice(), engine.within_ms, engine.optional),
        (&[0][..], Some(30_000), true)
    );
    assert_eq!(engine.environments.as_deref(), Some(&["qa".to_owned()][..]));
    assert!(engine.has(Mark::Enter) && engine.has(Mark::Exit) && engine.has(Mark::Fail));
}

#[test]
fn every_form_of_a_rule_is_understood() {
    let Resolved { plan, warnings, .. } = resolved(&valid("every_form.toml"), &flags()).unwrap();
    // `second entry` follows a dead-letter stage in the file, but says where it comes in.
    assert_eq!(warnings, []);
    let pipeline = &plan.pipelines[0];
    assert_eq!(
        pipeline.ids,
        [Selector::Field(FieldPath::new("detail.order.id"))]
    );
    assert_eq!(
        (pipeline.reuse_after_ms, pipeline.max_links),
        (7_200_000, 3)
    );
    assert_eq!(pipeline.links[1].from, [Glob("*bridge*".to_owned())]);
    assert_eq!(
        pipeline.links[2].ends,
        LinkEnds::Fields(FieldPath::new("requestId"), FieldPath::new("detail.jobId"))
    );
    let names: Vec<&str> = pipeline.attributes.iter().map(|a| &*a.name).collect();
    assert_eq!(names, ["host", "kind", "size"]);
    let [api, worker, parked, second] = pipeline.stages.as_slice() else {
        panic!()
    };
    assert_eq!(api.rules.len(), 3);
    assert_eq!(
        api.rules[1].1,
        Rule::Equals(FieldPath::new("event"), "3".to_owned())
    );
    assert!(matches!(&api.rules[2].1, Rule::Matches(_, p) if p.as_str() == "st.*"));
    assert_eq!(
        (worker.after.as_slice(), worker.within_ms),
        (&[0][..], Some(5_400_000))
    );
    assert!(parked.dead_letter && !parked.has(Mark::DeadLetter));
    assert_eq!(parked.after, [0]);
    assert!(!second.dead_letter && second.has(Mark::DeadLetter) && second.after.is_empty());
    assert_eq!(plan.environments[0].groups, ["/acme/{env}/*"]);
    assert_eq!(
        plan.environments[0].endpoint_url.as_deref(),
        Some("http://localhost:5000")
    );
    assert_eq!(plan.margin_ms, 2 * 5_400_000);
    let accounts: Vec<&Accounts> = plan.environments.iter().map(|e| &e.accounts).collect();
    let two = Accounts::Only(vec!["123456789012".to_owned(), "222233334444".to_owned()]);
    let one = Accounts::Only(vec!["222233334444".to_owned()]);
    assert_eq!(accounts, [&two, &Accounts::Linked, &one]);
    assert_eq!(
        plan.environments[0].account.as_deref(),
        Some("123456789012")
    );
    assert_eq!(plan.environments[1].account, None);
}

#[test]
fn an_empty_file_is_a_plan_with_nothing_in_it() {
    let plan = resolved(&valid("nothing.toml"), &flags()).unwrap().plan;
    assert!(plan.pipelines.is_empty() && plan.environments.is_empty() && plan.files.is_empty());
    assert_eq!(plan.window, None);
}

#[test]
fn what_is_probably_not_meant_is_warned_of() {
    let text = r#"
[pipeline.orders]
id = ["messageId"]
[[pipeline.orders.stage]]
name = "queue"
from = ["*queue*"]
enter = '"event"\s*:\s*"in"'
[[pipeline.orders.stage]]
name = "parked"
from = ["*dlq*"]
enter = 'msg="parked" job'
dead_letter = true
[[pipeline.orders.stage]]
name = "engine"
from = ["*engine*"]
fail = 'no'
"#;
    let warnings = resolved(text, &flags()).unwrap().warnings;
    let told: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "lastseen.toml:7:9: pipeline.orders.stage[1].enter: this pattern reads JSON as text: a nested object or an escaped quote can forge a match",
            "lastseen.toml:14:8: pipeline.orders.stage[3].name: stage `engine` comes after the dead-letter stage `parked`",
            "lastseen.toml:14:8: pipeline.orders.stage[3].name: the last stage `engine` has neither `exit` nor `enter`: nothing can complete there",
        ]
    );
}

const TWO: &str = r#"
[[environment]]
name = "qa"
regions = ["eu-central-1"]
[[environment]]
name = "prod"
[[files]]
path = "logs/{env}/{group}.log"
[[files]]
path = "more.log"
env = "prod"
[[files]]
path = "plain.log"
"#;

#[test]
fn an_environment_can_be_chosen() {
    let mut one = flags();
    one.env = Some("qa".to_owned());
    let plan = resolved(TWO, &one).unwrap().plan;
    let paths: Vec<(&str, &str)> = plan
        .files
        .iter()
        .map(|f| (f.path.as_str(), &*f.env))
        .collect();
    assert_eq!(paths, [("logs/qa/{group}.log", "qa"), ("plain.log", "qa")]);
    assert_eq!(plan.environments.len(), 1);

    let only = TWO.split("[[files]]").next().unwrap();
    one.env = Some("qaa".to_owned());
    let errors = resolved(only, &one).unwrap_err().to_string();
    assert_eq!(
        errors,
        "error: --env: unknown environment `qaa`\nhelp: did you mean `qa`? allowed: qa, prod"
    );
}

#[test]
fn the_region_comes_from_the_flag_the_file_or_the_variables() {
    let regions = |flags: &Overrides| -> Vec<Vec<String>> {
        let plan = resolved(TWO, flags).unwrap().plan;
        plan.environments.into_iter().map(|e| e.regions).collect()
    };
    let errors = resolved(TWO, &flags()).unwrap_err().to_string();
    assert!(errors.starts_with(
        "error: lastseen.toml:6:8: environment[2].name: environment `prod` has no region"
    ));
    let mut flags = flags();
    flags.aws_region = Some("us-east-1".to_owned());
    assert_eq!(regions(&flags), [["eu-central-1"], ["us-east-1"]]);
    flags.regions = vec!["eu-west-1".to_owned()];
    assert_eq!(regions(&flags), [["eu-west-1"], ["eu-west-1"]]);
}

#[test]
fn flags_that_do_not_fit_are_told_together() {
    let mut flags = flags();
    flags.aws_region = Some("us-east-1".to_owned());
    flags.profile = Some("acme".to_owned());
    flags.endpoint_url = Some("localhost".to_owned());
    flags.tz = Some("Berlin".to_owned());
    flags.to = Some("noonish".to_owned());
    let errors = resolved(TWO, &flags).unwrap_err();
    let mut keys: Vec<&str> = errors.errors.iter().map(|e| e.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["--endpoint-url", "--profile", "--to", "--tz"]);
    assert!(errors.errors.iter().all(|e| e.help.is_some()), "{errors}");
}

#[test]
fn sources_on_the_command_line_replace_those_of_the_file() {
    let mut flags = flags();
    flags.sources = vec!["app.log".to_owned(), "-".to_owned()];
    let plan = resolved(TWO, &flags).unwrap().plan;
    assert!(plan.environments.is_empty() && plan.window.is_none());
    let [file] = plan.files.as_slice() else {
        panic!()
    };
    assert_eq!(
        (file.path.as_str(), file.base.as_path(), file.explicit),
        ("app.log", Path::new("/here"), true)
    );
    assert_eq!(&*plan.stdin.unwrap().env, "local");

    flags.aws_region = Some("us-east-1".to_owned());
    flags.sources = vec!["/aws/lambda/*".to_owned(), "engine*".to_owned()];
    let plan = resolved(TWO, &flags).unwrap().plan;
    assert!(plan.files.is_empty());
    assert_eq!(plan.environments.len(), 2);
    assert!(
        plan.environments
            .iter()
            .all(|e| e.groups == ["/aws/lambda/*", "engine*"])
    );
    assert!(plan.window.is_some());
}

#[test]
fn a_log_group_needs_no_configured_environment_but_a_region() {
    let mut flags = flags();
    flags.sources = vec!["/aws/lambda/orders".to_owned()];
    let errors = resolved("", &flags).unwrap_err().to_string();
    assert!(
        errors.contains("no region is given") && errors.contains("--region eu-central-1"),
        "{errors}"
    );
    flags.regions = vec!["eu-central-1".to_owned()];
    flags.profile = Some("acme-qa".to_owned());
    let plan = resolved("", &flags).unwrap().plan;
    assert_eq!(
        (
            &*plan.environments[0].name,
            plan.environments[0].groups.len()
        ),
        ("acme-qa", 1)
    );
}

#[test]
fn a_source_is_told_by_its_form_and_by_the_disk() {
    let exists = |path: &Path| {
        ["/var/log", "/aws/real.log", "app", "logs"]
            .iter()
            .any(|p| Path::new(p) == path)
    };
    let path = |text: &str| Choice::Path(text.to_owned());
    let groups = |text: &str| Choice::Groups(text.to_owned());
    let rows = [
        // (source, without environments, with environments)
        ("-", Choice::Stdin, Choice::Stdin),
        ("app", path("app"), path("app")),
        ("ap", path("ap"), groups("ap")),
        ("app*", path("app*"), groups("app*")),
        ("app.log", path("app.log"), path("app.log")),
        (
            "logs/{env}/*.jsonl",
            path("logs/{env}/*.jsonl"),
            path("logs/{env}/*.jsonl"),
        ),
        (
            "/var/log/*.log",
            path("/var/log/*.log"),
            path("/var/log/*.log"),
        ),
        (
            "/var/log/gone.log",
            path("/var/log/gone.log"),
            path("/var/log/gone.log"),
        ),
        (
            "/aws/lambda/orders",
            groups("/aws/lambda/orders"),
            groups("/aws/lambda/orders"),
        ),
        (
            "/aws/real.log",
            path("/aws/real.log"),
            path("/aws/real.log"),
        ),
        (
            "/acme/qa/engine",
            groups("/acme/qa/engine"),
            groups("/acme/qa/engine"),
        ),
        (
            "/acme/{env}/*",
            groups("/acme/{env}/*"),
            groups("/acme/{env}/*"),
        ),
        ("/gone.log", path("/gone.log"), groups("/gone.log")),
    ];
    for (source, without, with) in rows {
        assert_eq!(choose(source, false, &exists), without, "{source}");
        assert_eq!(choose(source, true, &exists), with, "{source}");
    }
}

#[test]
fn the_nearest_name_is_near() {
    assert_eq!(nearest("exti", ["enter", "exit", "retry"]), Some("exit"));
    assert_eq!(nearest("EXIT", ["enter", "exit"]), Some("exit"));
    assert_eq!(nearest("colour", ["enter", "exit"]), None);
    assert_eq!(nearest("x", []), None);
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_remedy() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let load = |name: &str| lookup::load(Some(Path::new(name)), here).map(|f| f.errors.len());
    fs::write(here.join("lastseen.toml"), "").unwrap();
    let missing = load("lastsen.toml").unwrap_err().to_string();
    assert!(
        missing.starts_with("error: --config: lastsen.toml does not exist\nhelp: did you mean "),
        "{missing}"
    );
    assert!(missing.ends_with("lastseen.toml?"), "{missing}");
    fs::write(here.join("latin1.toml"), b"# ok\nname = \"M\xfcnchen\"\n").unwrap();
    let latin = load("latin1.toml").unwrap_err().to_string();
    assert!(
        latin.contains("latin1.toml: line 2 is not UTF-8"),
        "{latin}"
    );
    let folder = load(".").unwrap_err().to_string();
    assert!(folder.contains("is a folder"), "{folder}");
    // The one in the current folder is found without being named.
    let found = lookup::load(None, here).unwrap();
    assert_eq!(found.base, here);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A configuration cut, doubled or changed anywhere is told or taken, without a panic.
    #[test]
    fn no_file_is_too_odd(from in 0_usize..1_200, length in 0_usize..40, put in "[\\]\\[{}\"'=.,#\\n\\\\a1é]{0,6}") {
        let text = valid("every_form.toml");
        let cut: String = text
            .chars()
            .take(from)
            .chain(put.chars())
            .chain(text.chars().skip(from + length))
            .collect();
        if let Err(errors) = resolved(&cut, &flags()) {
            prop_assert!(!errors.errors.is_empty());
            prop_assert!(errors.errors.iter().all(|e| e.place.is_some()), "{errors}");
        }
    }
}

#[test]
fn messages_come_in_at_the_first_stages_that_exist() {
    let text = r#"
[[environment]]
name = "qa"
region = "r"
narrow = true
[[environment]]
name = "dev"
region = "r"
[pipeline.p]
id = ["id"]
[[pipeline.p.stage]]
name = "front"
from = ["front*"]
enter = 'x'
environments = ["qa"]
[[pipeline.p.stage]]
name = "back"
from = ["back", "rear"]
enter = 'x'
[[pipeline.p.stage]]
name = "end"
from = ["end"]
enter = 'x'
[[pipeline.p.stage]]
name = "side"
from = ["side"]
enter = 'x'
after = []
"#;
    let plan = resolved(text, &flags()).unwrap().plan;
    let [qa, dev] = plan.environments.as_slice() else {
        panic!("{:?}", plan.environments)
    };
    assert_eq!(qa.entries, ["front*", "side"]);
    assert_eq!(dev.entries, ["back", "rear", "side"]);
    assert_eq!((qa.narrow.len(), dev.narrow.len()), (1, 0));
}

/// Environment, region, glob and why of all that is left out.
fn left_out(environment: &str, flags: &Overrides) -> Vec<[String; 3]> {
    let text = format!(
        r#"
[pipeline.orders]
id = ['order=(?<id>\\d+)']
[[pipeline.orders.stage]]
name = "queue"
from = ["/shop/{{env}}/queue"]
enter = 'in'
[[pipeline.orders.stage]]
name = "engine"
from = ["*engine", "/old/engine"]
enter = 'in'
exit = 'out'
[[environment]]
name = "qa"
{environment}
"#
    );
    let plan = resolved(&text, flags).unwrap().plan;
    let one = |l: &lastseen::config::plan::LeftOut| [&l.region, &l.glob, &l.why].map(Clone::clone);
    plan.left_out.iter().map(one).collect()
}

const REGIONS: &str = r#"regions = ["us-east-1", "eu-central-1"]"#;

#[test]
fn all_that_is_configured_is_asked_for_without_flags() {
    assert_eq!(left_out(REGIONS, &flags()), [[""; 3]; 0]);
    let mut flags = flags();
    flags.regions = vec!["us-east-1".to_owned(), "eu-central-1".to_owned()];
    assert_eq!(left_out(REGIONS, &flags), [[""; 3]; 0]);
    // Files alone ask nothing of the cloud.
    flags.sources = vec!["engine.log".to_owned()];
    assert_eq!(left_out(REGIONS, &flags), [[""; 3]; 0]);
}

#[test]
fn a_region_that_is_not_asked_for_is_left_out() {
    let mut flags = flags();
    flags.regions = vec!["us-east-1".to_owned()];
    let why = "--region us-east-1 leaves out eu-central-1";
    let globs = ["/shop/{env}/queue", "*engine", "/old/engine"];
    let expected = globs.map(|glob| ["eu-central-1", glob, why]);
    assert_eq!(left_out(REGIONS, &flags), expected);
}

#[test]
fn groups_of_the_environment_leave_out_what_they_do_not_hold() {
    let groups = |groups: &str| {
        let text = format!("regions = [\"us-east-1\"]\ngroups = {groups}");
        let all = left_out(&text, &flags());
        all.into_iter().map(|[_, glob, _]| glob).collect::<Vec<_>>()
    };
    assert_eq!(groups(r#"["*"]"#), [""; 0]);
    assert_eq!(groups(r#"["/shop/qa/*", "*engine"]"#), [""; 0]);
    assert_eq!(groups(r#"["/shop/*", "/old/*"]"#), ["*engine"]);
    assert_eq!(groups(r#"["/shop/qa/que?e", "*eng*"]"#), ["*engine"]);
}

#[test]
fn sources_of_the_command_line_are_about_the_stages_that_they_serve() {
    let mut flags = flags();
    flags.sources = vec!["/old/engine".to_owned()];
    let why = "the sources of the command line leave out *engine";
    let expected = [
        ["us-east-1", "*engine", why],
        ["eu-central-1", "*engine", why],
    ];
    assert_eq!(left_out(REGIONS, &flags), expected);
    flags.sources = vec!["*engine".to_owned()];
    assert_eq!(left_out(REGIONS, &flags), [[""; 3]; 0]);
    flags.sources = vec!["/shop/qa/queue".to_owned(), "/shop/qa/engine".to_owned()];
    assert_eq!(left_out(REGIONS, &flags).len(), 4);
}
