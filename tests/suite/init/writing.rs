//! What is written reads back, by our own reader, as what was meant.

use std::path::Path;

use lastseen::config::draft::{
    Draft, DraftEnvironment, DraftGroup, name_of, rank, stage_name, unique,
};
use lastseen::config::file::File;
use lastseen::config::write::text;

fn environment(name: &str, groups: &[&str]) -> DraftEnvironment {
    DraftEnvironment {
        name: name.to_owned(),
        profile: Some(format!("acme-{name}")),
        account: Some("123456789012".to_owned()),
        endpoint_url: None,
        regions: vec!["eu-central-1".to_owned(), "us-east-1".to_owned()],
        groups: groups
            .iter()
            .map(|name| DraftGroup {
                name: (*name).to_owned(),
                remark: None,
            })
            .collect(),
    }
}

fn read(text: &str) -> File {
    let file = File::parse("lastseen.toml", Path::new("/"), text);
    assert_eq!(file.errors, [], "{text}");
    assert_eq!(file.warnings, [], "{text}");
    file
}

/// The skeleton, as if somebody had taken the comment signs off and filled in the blanks.
fn filled_in(text: &str) -> String {
    let at = text.find("# [pipeline.").unwrap();
    let lines = text[at..]
        .lines()
        .map(|line| line.trim_start_matches("# ").trim_start_matches('#'));
    text[..at].to_owned() + &lines.collect::<Vec<_>>().join("\n")
}

fn globs(draft: &Draft) -> Vec<String> {
    draft
        .patterns()
        .into_iter()
        .map(|pattern| pattern.glob)
        .collect()
}

#[test]
fn what_is_written_reads_back() {
    let draft = Draft {
        environments: vec![
            environment(
                "qa",
                &["/acme/qa/engine", "/acme/qa/queue", "/acme/qa/dlq", "odd"],
            ),
            environment(
                "prod",
                &["/acme/prod/engine", "/acme/prod/queue", "/acme/prod/dlq"],
            ),
        ],
    };
    let text = text(&draft);
    let file = read(&text);
    assert!(
        file.pipelines.is_empty(),
        "nothing is claimed that nobody knows"
    );
    let [qa, prod] = file.environments.as_slice() else {
        panic!("{text}")
    };
    assert_eq!(
        (&*qa.name.text, qa.profile.as_deref()),
        ("qa", Some("acme-qa"))
    );
    assert_eq!(qa.account.as_deref(), Some("123456789012"));
    assert_eq!(qa.regions, ["eu-central-1", "us-east-1"]);
    let shared = ["/acme/{env}/dlq", "/acme/{env}/engine", "/acme/{env}/queue"];
    assert_eq!(prod.groups.as_deref().unwrap(), shared);
    assert_eq!(
        qa.groups.as_deref().unwrap(),
        [&shared[..], &["odd"]].concat()
    );
    let file = read(&filled_in(&text));
    let stages = &file.pipelines[0].stages;
    let names: Vec<&str> = stages.iter().map(|stage| &*stage.name).collect();
    assert_eq!(names, ["queue", "engine", "odd", "dlq"]);
    assert_eq!(
        stages[2].environments.as_deref(),
        Some(&["qa".to_owned()][..])
    );
    assert!(stages[3].dead_letter && stages[0].environments.is_none());
    assert_eq!(text.matches("FILL IN").count(), 1 + 4);
}

#[test]
fn hostile_names_stay_texts() {
    let odd = "x\"\n[evil]\u{202e}\u{1b}[2J";
    let mut environment = environment("qa", &["/a", odd]);
    environment.profile = Some(odd.to_owned());
    environment.groups[0].remark = Some(odd.to_owned());
    let draft = Draft {
        environments: vec![environment],
    };
    let text = text(&draft);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    let file = read(&text);
    assert_eq!(file.environments[0].profile.as_deref(), Some(odd));
    read(&filled_in(&text));
}

#[test]
fn more_groups_than_stages_are_told() {
    let names: Vec<String> = (0..100).map(|n| format!("/svc/{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let draft = Draft {
        environments: vec![environment("qa", &names)],
    };
    let text = text(&draft);
    assert!(
        text.contains("groups more than a pipeline can have stages"),
        "{text}"
    );
    let last = text.find("#\n# and ").unwrap();
    read(&filled_in(&text[..last]));
}

#[test]
fn env_stands_only_where_several_environments_show_it() {
    let two = |a: &[&str], b: &[&str]| Draft {
        environments: vec![environment("qa", a), environment("prod", b)],
    };
    assert_eq!(
        globs(&two(
            &["/acme/qa/a", "/acme/qa-2/b"],
            &["/acme/prod/a", "/acme/prod-2/b"]
        )),
        ["/acme/{env}-2/b", "/acme/{env}/a"]
    );
    // The word of the other environment, a part of a word, a group of one only, one for both.
    assert_eq!(
        globs(&two(
            &["/prod/x", "aquarium", "/qa/y"],
            &["/qa/x", "aprodrium", "both"]
        )),
        ["/prod/x", "/qa/x", "/qa/y", "aprodrium", "aquarium", "both"]
    );
    assert_eq!(globs(&two(&["shared"], &["shared"])), ["shared"]);
    let one = Draft {
        environments: vec![environment("qa", &["/acme/qa/a"])],
    };
    assert_eq!(globs(&one), ["/acme/qa/a"]);
}

#[test]
fn names_suggest_environments_stages_and_an_order() {
    let cases = [
        (Some("acme-qa"), "qa"),
        (Some("AcmeProd"), "AcmeProd"),
        (Some("prod.admin"), "prod"),
        (Some("my profile/1"), "my-profile-1"),
        (Some("default"), "aws"),
        (None, "aws"),
    ];
    for (profile, name) in cases {
        assert_eq!(name_of(profile), name);
    }
    assert_eq!(unique("qa", &|name| name == "qa" || name == "qa-2"), "qa-3");
    let stages = [
        ("/acme/{env}/engine", "engine"),
        ("/aws/lambda/acme-{env}-order-handler", "acme-order-handler"),
        ("/acme/engine/{env}", "engine"),
        ("{env}", "stage"),
    ];
    for (glob, name) in stages {
        assert_eq!(stage_name(glob), name);
    }
    let mut groups = [
        "/x/orders-dlq",
        "/x/delivery",
        "/aws/lambda/intake",
        "/x/engine",
        "/x/order-queue",
        "/x/thing",
    ];
    groups.sort_by_key(|group| rank(group));
    assert_eq!(
        groups,
        [
            "/aws/lambda/intake",
            "/x/order-queue",
            "/x/engine",
            "/x/thing",
            "/x/delivery",
            "/x/orders-dlq"
        ]
    );
}
