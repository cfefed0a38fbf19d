//! The built-in incident: it repeats itself, and its truth is what its logs say.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;

use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::sources::demo::delivery::DemoEvent;
use lastseen::sources::demo::incident::{INCIDENTS, Incident, Options, incident};
use lastseen::sources::demo::truth::Outcome;

fn small(messages: u64) -> Incident {
    told(&Options {
        messages,
        ..Options::default()
    })
}

fn told(options: &Options) -> Incident {
    incident("two-environments", options).unwrap()
}

#[test]
fn every_incident_has_a_name_and_no_other_has() {
    for name in INCIDENTS {
        assert_eq!(incident(name, &Options::default()).unwrap().name(), name);
    }
    assert!(incident("three-environments", &Options::default()).is_none());
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_seed_others() {
    let (one, two) = (small(150), small(150));
    assert!(one.all_events().eq(two.all_events()));
    assert_eq!(one.truth(), two.truth());
    let other = told(&Options {
        seed: 8,
        messages: 150,
        ..Options::default()
    });
    assert_ne!(other.truth().messages, one.truth().messages);
}

#[test]
fn the_default_ends_on_pi_day_and_every_event_lies_in_its_window() {
    let options = Options::default();
    assert_eq!(options.end.to_rfc3339(), "2026-03-14T03:20:00.000Z");
    let incident = small(400);
    assert_eq!(
        incident.span().from.to_rfc3339(),
        "2026-03-14T00:00:00.000Z"
    );
    let mut seen = BTreeSet::new();
    for (group, event) in incident.all_events() {
        assert!(incident.span().contains(event.timestamp), "{event:?}");
        assert!(
            !event
                .message
                .chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t')
        );
        seen.insert(group);
    }
    assert_eq!(
        seen.len(),
        incident.groups().len(),
        "every log group has events"
    );
}

/// What is shown and measured with the usual incident stays comparable.
#[test]
fn the_usual_incident_stays_the_same_to_the_byte() {
    let incident = told(&Options::usual("two-environments"));
    let rows = [
        (
            "dev",
            "eu-central-1",
            "acme-engine",
            (8_619, 0xb0cf_9aee_94ba_3444),
        ),
        (
            "qa",
            "us-east-1",
            "acme-lambda",
            (18_601, 0x2272_a5b0_d4ff_8f77),
        ),
    ];
    for (env, region, group, known) in rows {
        // FNV-1a, 64 bits.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut count = 0;
        for event in incident.events(env, region, group) {
            let (time, arrival) = (event.timestamp.0, event.ingestion.0);
            let line = format!("{time} {arrival} {} {}\n", event.stream, event.message);
            for byte in line.bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            count += 1;
        }
        assert_eq!((count, hash), known, "{env}/{region}/{group}");
    }
}

#[test]
fn the_end_moves_the_whole_incident() {
    let end = Timestamp(1_800_000_000_000);
    let moved = told(&Options {
        messages: 50,
        end,
        ..Options::default()
    });
    let usual = small(50);
    let shift = end.since(usual.span().to);
    let times = |i: &Incident| -> Vec<i64> { i.all_events().map(|(_, e)| e.timestamp.0).collect() };
    let expected: Vec<i64> = times(&usual).iter().map(|t| t + shift).collect();
    assert_eq!(times(&moved), expected);
}

#[test]
fn one_group_alone_tells_what_it_tells_among_all() {
    let incident = small(200);
    let mut by_group: BTreeMap<usize, Vec<DemoEvent>> = BTreeMap::new();
    for (group, event) in incident.all_events() {
        by_group.entry(group).or_default().push(event);
    }
    for (index, group) in incident.groups().iter().enumerate() {
        let alone: Vec<_> = incident
            .events(group.env, group.region, group.name)
            .collect();
        assert_eq!(Some(&alone), by_group.get(&index), "{group:?}");
    }
    assert_eq!(
        incident.events("prod", "us-east-1", "acme-engine").count(),
        0
    );
}

#[test]
fn events_arrive_in_order_of_ingestion_and_not_of_time() {
    for shuffle_late in [false, true] {
        let incident = told(&Options {
            messages: 300,
            shuffle_late,
            ..Options::default()
        });
        let events: Vec<DemoEvent> = incident.events("qa", "us-east-1", "acme-engine").collect();
        assert!(events.is_sorted_by_key(|e| e.ingestion));
        assert!(!events.is_sorted_by_key(|e| e.timestamp));
        let late = events
            .iter()
            .filter(|e| e.ingestion.since(e.timestamp) > 60_000)
            .count();
        assert_eq!(late > 0, shuffle_late, "{late} late");
    }
}

#[test]
fn lateness_changes_the_order_and_never_the_truth() {
    let usual = small(300);
    let shuffled = told(&Options {
        messages: 300,
        shuffle_late: true,
        ..Options::default()
    });
    assert_eq!(usual.truth(), shuffled.truth());
    let texts = |i: &Incident| -> BTreeSet<String> {
        i.all_events()
            .map(|(_, e)| format!("{} {}", e.timestamp, e.message))
            .collect()
    };
    assert_eq!(texts(&usual), texts(&shuffled));
}

#[test]
fn the_truth_adds_up() {
    let incident = small(6_000);
    let truth = incident.truth();
    for env in ["dev", "qa"] {
        let of_env = truth.messages.iter().filter(|m| m.env == env).count() as u64;
        let summed: u64 = Outcome::ALL.iter().map(|o| truth.count(env, *o)).sum();
        assert_eq!((of_env, summed), (6_000, 6_000));
        for outcome in Outcome::ALL {
            assert!(truth.count(env, outcome) > 0, "{env} has no {outcome:?}");
        }
    }
    let lost = truth.messages.iter().filter(|m| m.outcome == Outcome::Lost);
    let by_cause: u64 = truth.causes.iter().map(|c| c.lost).sum();
    assert_eq!(lost.clone().count() as u64, by_cause);
    assert!(
        lost.clone()
            .all(|m| m.cause.is_some() && m.outcome.verdict() == Verdict::Lost)
    );
    let ids: Vec<&String> = truth.messages.iter().flat_map(|m| &m.ids).collect();
    assert_eq!(
        ids.iter().collect::<HashSet<_>>().len(),
        ids.len(),
        "an ID names one message"
    );
    assert!(
        truth
            .messages
            .iter()
            .eq(incident.fates().collect::<Vec<_>>().iter())
    );
}

#[test]
fn each_cause_takes_messages_where_it_should() {
    let truth = small(6_000).truth();
    let taken: Vec<(&str, &str, &str, u64)> = truth
        .causes
        .iter()
        .map(|c| (c.cause, c.env, c.last_stage, c.lost))
        .collect();
    let expected = [
        ("kms-decrypt", "qa", "lambda", 299),
        ("old-engine", "dev", "queue", 157),
        ("old-engine", "dev", "engine", 239),
        ("swimlane-1-stopped", "qa", "engine", 1_356),
        ("swimlane-1-stopped", "qa", "processor", 1),
    ];
    assert_eq!(taken, expected);
}

#[test]
fn lost_ones_are_overdue_at_the_end_and_pending_ones_are_not() {
    let incident = small(3_000);
    let longest_allowance = 180_000;
    for message in incident.fates() {
        let quiet = incident.span().to.0 - message.last_seen_ms;
        match message.outcome {
            Outcome::Lost => assert!(quiet > longest_allowance + 300_000, "{message:?}"),
            Outcome::Pending => assert!(quiet < 30_000, "{message:?}"),
            _ => {}
        }
    }
}

#[test]
fn the_configuration_is_toml_and_its_patterns_are_patterns() {
    let incident = small(1);
    let config: toml::Table = incident.config().parse().unwrap();
    let orders = config["pipeline"]["orders"].as_table().unwrap();
    let stages = orders["stage"].as_array().unwrap();
    let names: Vec<&str> = stages.iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["intake", "topic", "lambda", "queue", "engine", "processor"]
    );
    let rules = ["enter", "exit", "skip", "retry", "dead_letter", "fail"];
    let texts: Vec<String> = incident.all_events().map(|(_, e)| e.message).collect();
    for stage in stages {
        for rule in rules.iter().filter_map(|key| stage.get(key)) {
            let Some(pattern) = rule.as_str() else {
                continue;
            };
            let pattern = regex::Regex::new(pattern).unwrap();
            assert!(pattern.capture_names().flatten().any(|name| name == "id"));
        }
    }
    let link = orders["link"][0].as_str().unwrap();
    let link = regex::Regex::new(link).unwrap();
    assert!(texts.iter().any(|text| link.is_match(text)));
}

#[test]
fn every_rule_of_the_configuration_meets_its_lines() {
    let incident = small(700);
    let texts: Vec<String> = incident.all_events().map(|(_, e)| e.message).collect();
    let config: toml::Table = incident.config().parse().unwrap();
    let stages = config["pipeline"]["orders"]["stage"].as_array().unwrap();
    for stage in stages {
        for (key, rule) in stage.as_table().unwrap() {
            let met = match rule {
                toml::Value::String(text) if !["name", "within"].contains(&key.as_str()) => {
                    let pattern = regex::Regex::new(text).unwrap();
                    texts.iter().any(|t| pattern.is_match(t))
                }
                toml::Value::Table(table) => {
                    let pointer =
                        format!("/{}", table["field"].as_str().unwrap().replace('.', "/"));
                    texts.iter().any(|t| {
                        serde_json::from_str::<serde_json::Value>(t).is_ok_and(|v| {
                            v.pointer(&pointer).and_then(|f| f.as_str()) == table["equals"].as_str()
                        })
                    })
                }
                _ => true,
            };
            assert!(met, "no line meets {key} of {}", stage["name"]);
        }
    }
}

#[test]
fn files_hold_what_is_told() {
    let incident = small(120);
    let folder = tempfile::tempdir().unwrap();
    incident.write(folder.path()).unwrap();
    for group in incident.groups() {
        let path = format!("logs/{}/{}/{}.jsonl", group.env, group.region, group.name);
        let text = fs::read_to_string(folder.path().join(path)).unwrap();
        assert!(text.ends_with('\n'));
        let read: Vec<(i64, i64, String, String)> = text
            .lines()
            .map(|line| {
                let v: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = |key: &str| v[key].as_str().unwrap().to_owned();
                let number = |key: &str| v[key].as_i64().unwrap();
                (
                    number("timestamp"),
                    number("ingestionTime"),
                    text("logStreamName"),
                    text("message"),
                )
            })
            .collect();
        let told: Vec<_> = incident
            .events(group.env, group.region, group.name)
            .map(|e| {
                (
                    e.timestamp.0,
                    e.ingestion.0,
                    e.stream.to_string(),
                    e.message,
                )
            })
            .collect();
        assert_eq!(read, told);
    }
    let config = fs::read_to_string(folder.path().join("lastseen.toml")).unwrap();
    assert_eq!(config, incident.config());
    let truth = fs::read(folder.path().join("truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_slice(&truth).unwrap();
    assert_eq!(
        truth["messages"].as_array().unwrap().len(),
        incident.truth().messages.len()
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let error = small(1).write(&in_the_way).unwrap_err().to_string();
    assert!(error.contains(in_the_way.to_str().unwrap()), "{error}");
}

#[test]
fn what_comes_first_does_not_wait_for_what_comes_last() {
    // All of it would be tens of gigabytes.
    let incident = told(&Options {
        messages: 20_000_000,
        ..Options::default()
    });
    let mut events = incident.events("qa", "us-east-1", "acme-api");
    let last = events.nth(2_000).unwrap();
    assert!(last.timestamp.since(incident.span().from) < 60_000);
}

#[test]
fn two_hundred_thousand_messages_are_told_as_they_come() {
    let incident = told(&Options {
        messages: 200_000,
        ..Options::default()
    });
    let (mut count, mut newest, mut queued) = (0_u64, Timestamp::MIN, 0_u64);
    for event in incident.events("qa", "ap-southeast-2", "acme-queue") {
        assert!(newest <= event.ingestion);
        newest = event.ingestion;
        count += 1;
        queued += u64::from(event.message.contains("job queued"));
    }
    // A fifth of the traffic enters there, and what the Lambda drops never gets so far.
    assert!((36_000..41_000).contains(&queued), "{queued} of {count}");
}
