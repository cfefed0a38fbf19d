//! The truth of the built-in incident, found again from nothing but its log lines and its own
//! configuration, in the plainest way there is.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};

use lastseen::sources::demo::incident::{Incident, Options, incident};
use lastseen::sources::demo::truth::Outcome;
use regex::Regex;
use serde_json::Value;

/// A way to find IDs, or to recognise a line.
enum Reading {
    Pattern(Regex),
    Field(String),
    Equals(String, String),
}

struct Stage {
    name: String,
    group: String,
    rules: Vec<(String, Reading)>,
    within_ms: i64,
}

struct Config {
    ids: Vec<Reading>,
    link: Regex,
    stages: Vec<Stage>,
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

fn config(incident: &Incident) -> Config {
    let table: toml::Table = incident.config().parse().unwrap();
    let orders = &table["pipeline"]["orders"];
    let selector = |value: &toml::Value| {
        let text = value.as_str().unwrap();
        if text.contains("(?<") {
            Reading::Pattern(Regex::new(text).unwrap())
        } else {
            Reading::Field(pointer(text))
        }
    };
    let stages = orders["stage"]
        .as_array()
        .unwrap()
        .iter()
        .map(stage)
        .collect();
    Config {
        ids: orders["id"]
            .as_array()
            .unwrap()
            .iter()
            .map(selector)
            .collect(),
        link: Regex::new(orders["link"][0].as_str().unwrap()).unwrap(),
        stages,
    }
}

fn stage(value: &toml::Value) -> Stage {
    let table = value.as_table().unwrap();
    let marks = ["enter", "exit", "skip", "retry", "fail", "dead_letter"];
    let rule = |mark: &&str| {
        let reading = match table.get(*mark)? {
            toml::Value::String(text) => Reading::Pattern(Regex::new(text).unwrap()),
            rule => Reading::Equals(
                pointer(rule["field"].as_str().unwrap()),
                rule["equals"].as_str().unwrap().to_owned(),
            ),
        };
        Some(((*mark).to_owned(), reading))
    };
    let within = table.get("within").map_or("0s", |w| w.as_str().unwrap());
    let (number, unit) = within.split_at(within.len() - 1);
    Stage {
        name: table["name"].as_str().unwrap().to_owned(),
        group: table["from"][1]
            .as_str()
            .unwrap()
            .trim_end_matches('*')
            .to_owned(),
        rules: marks.iter().filter_map(rule).collect(),
        within_ms: number.parse::<i64>().unwrap() * if unit == "m" { 60_000 } else { 1_000 },
    }
}

impl Reading {
    fn find(&self, text: &str, json: &Value) -> Vec<String> {
        match self {
            Self::Pattern(regex) => regex
                .captures_iter(text)
                .map(|c| c["id"].to_owned())
                .collect(),
            Self::Field(path) | Self::Equals(path, _) => json
                .pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .into_iter()
                .collect(),
        }
    }

    fn holds(&self, text: &str, json: &Value) -> bool {
        match self {
            Self::Pattern(regex) => regex.is_match(text),
            Self::Field(path) => json.pointer(path).is_some(),
            Self::Equals(path, wanted) => {
                json.pointer(path).and_then(Value::as_str) == Some(wanted)
            }
        }
    }
}

/// Everything seen of one ID: time, stage, mark.
type Sightings = BTreeSet<(i64, usize, String)>;

/// All sightings by ID, and for each job ID the message ID it is linked with.
fn read(
    incident: &Incident,
    config: &Config,
) -> (BTreeMap<String, Sightings>, BTreeMap<String, String>) {
    let mut seen: BTreeMap<String, Sightings> = BTreeMap::new();
    let mut links = BTreeMap::new();
    for (group, event) in incident.all_events() {
        let group = incident.groups()[group].name;
        let at = config
            .stages
            .iter()
            .position(|s| group.starts_with(&s.group))
            .unwrap();
        let text = &event.message;
        let json: Value = serde_json::from_str(text).unwrap_or_default();
        let rules = &config.stages[at].rules;
        let rule = rules.iter().find(|(_, reading)| reading.holds(text, &json));
        let mark = rule.map_or("note", |(mark, _)| mark);
        let mut ids: Vec<String> = config
            .ids
            .iter()
            .flat_map(|r| r.find(text, &json))
            .collect();
        if let Some((_, pattern @ Reading::Pattern(_))) = rule {
            ids = pattern.find(text, &json);
        }
        for id in ids {
            seen.entry(id)
                .or_default()
                .insert((event.timestamp.0, at, mark.to_owned()));
        }
        if let Some(ends) = config.link.captures(text) {
            links.insert(ends["b"].to_owned(), ends["a"].to_owned());
        }
    }
    (seen, links)
}

fn outcome(sightings: &Sightings, config: &Config, end: i64) -> Outcome {
    let terminal = config.stages.len() - 1;
    let has = |mark: &str| sightings.iter().any(|(_, _, m)| m == mark);
    let (last_seen, _, last_mark) = sightings.last().unwrap();
    let furthest = sightings.iter().map(|(_, stage, _)| *stage).max().unwrap();
    let allowance = config.stages[(furthest + 1).min(terminal)].within_ms;
    if sightings
        .iter()
        .any(|(_, stage, mark)| *stage == terminal && mark == "exit")
    {
        Outcome::Completed
    } else if has("skip") {
        Outcome::Skipped
    } else if has("dead_letter") {
        Outcome::DeadLettered
    } else if last_mark == "fail" {
        Outcome::Failed
    } else if last_seen + allowance < end {
        Outcome::Lost
    } else {
        Outcome::Pending
    }
}

fn agree(options: &Options) {
    let incident = incident("two-environments", options).unwrap();
    let config = config(&incident);
    let (mut seen, links) = read(&incident, &config);
    for (job, message) in &links {
        let of_job = seen.remove(job).unwrap_or_default();
        seen.get_mut(message).unwrap().extend(of_job);
    }
    let truth = incident.truth();
    assert_eq!(
        truth.messages.len(),
        seen.len(),
        "no other ID is logged than the truth knows"
    );
    for message in &truth.messages {
        let sightings = &seen[&message.ids[0]];
        let furthest = sightings.iter().map(|(_, stage, _)| *stage).max().unwrap();
        assert_eq!(
            config.stages[furthest].name, message.last_stage,
            "{message:?}"
        );
        assert_eq!(
            sightings.last().unwrap().0,
            message.last_seen_ms,
            "{message:?}"
        );
        let found = outcome(sightings, &config, incident.span().to.0);
        assert_eq!(found, message.outcome, "{message:?}");
        let linked = message.ids.get(1).map(|job| links.get(job));
        assert!(
            linked.is_none_or(|m| m == Some(&message.ids[0])),
            "{message:?}"
        );
    }
}

#[test]
fn the_logs_and_the_configuration_give_the_truth() {
    agree(&Options {
        messages: 800,
        ..Options::default()
    });
}

#[test]
fn so_they_do_with_other_seeds_late_and_out_of_order() {
    for seed in [1, 2, 3] {
        agree(&Options {
            seed,
            messages: 250,
            shuffle_late: true,
            ..Options::default()
        });
    }
}
