//! The truth of the built-in incidents, found again from nothing but their log lines and their own
//! configurations, in the plainest way there is.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};

use lastseen::sources::demo::incident::{Incident, Options};
use lastseen::sources::demo::truth::Outcome;
use lastseen::sources::demo::variant::Variant;
use regex::Regex;
use serde_json::Value;

use crate::support::incidents::{Case, OTHERS, USUAL};

/// A way to find IDs, or to recognise a line.
enum Reading {
    Pattern(Regex),
    Field(String),
    Equals(String, String),
    Any,
}

struct Stage {
    name: String,
    /// Beginnings of the file names of its log groups.
    groups: Vec<String>,
    rules: Vec<(String, Reading)>,
    default: &'static str,
    within_ms: i64,
    aside: bool,
}

struct Config {
    ids: Vec<Reading>,
    link: Option<Regex>,
    stages: Vec<Stage>,
}

fn config(incident: &Incident) -> Config {
    let table: toml::Table = incident.config().parse().unwrap();
    let (_, pipeline) = table["pipeline"].as_table().unwrap().iter().next().unwrap();
    let selector = |value: &toml::Value| {
        let text = value.as_str().unwrap();
        if text.contains("(?<") {
            Reading::Pattern(Regex::new(text).unwrap())
        } else {
            Reading::Field(text.to_owned())
        }
    };
    let link = pipeline.get("link").map(|link| link[0].as_str().unwrap());
    Config {
        ids: pipeline["id"]
            .as_array()
            .unwrap()
            .iter()
            .map(selector)
            .collect(),
        link: link.map(|link| Regex::new(link).unwrap()),
        stages: pipeline["stage"]
            .as_array()
            .unwrap()
            .iter()
            .map(stage)
            .collect(),
    }
}

fn stage(value: &toml::Value) -> Stage {
    let table = value.as_table().unwrap();
    let marks = [
        "dead_letter",
        "fail",
        "skip",
        "exit",
        "ack",
        "retry",
        "enter",
    ];
    let rule = |mark: &&str| {
        let reading = match table.get(*mark)? {
            toml::Value::String(text) => Reading::Pattern(Regex::new(text).unwrap()),
            toml::Value::Boolean(_) => Reading::Any,
            rule => Reading::Equals(
                rule["field"].as_str().unwrap().to_owned(),
                rule["equals"].as_str().unwrap().to_owned(),
            ),
        };
        Some(((*mark).to_owned(), reading))
    };
    let within = table.get("within").map_or("0s", |w| w.as_str().unwrap());
    let (number, unit) = within.split_at(within.len() - 1);
    let from = table["from"].as_array().unwrap().iter();
    Stage {
        name: table["name"].as_str().unwrap().to_owned(),
        groups: from
            .map(|glob| glob.as_str().unwrap().trim_end_matches('*').to_owned())
            .filter(|glob| !glob.contains('/'))
            .collect(),
        rules: marks.iter().filter_map(rule).collect(),
        default: if table.contains_key("enter") {
            "note"
        } else {
            "enter"
        },
        within_ms: number.parse::<i64>().unwrap() * if unit == "m" { 60_000 } else { 1_000 },
        aside: table.contains_key("dead_letter") && table["dead_letter"].is_bool(),
    }
}

/// The text at a path, also through strings that hold JSON.
fn at(json: &Value, path: &str) -> Option<String> {
    let mut here = json.clone();
    for part in path.split('.') {
        if let Value::String(text) = &here {
            here = serde_json::from_str(text).ok()?;
        }
        here = here.get(part)?.clone();
    }
    here.as_str().map(str::to_owned)
}

impl Reading {
    fn find(&self, text: &str, json: &Value) -> Vec<String> {
        match self {
            Self::Pattern(regex) if regex.capture_names().flatten().any(|name| name == "id") => {
                regex
                    .captures_iter(text)
                    .map(|c| c["id"].to_owned())
                    .collect()
            }
            Self::Field(path) => at(json, path).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn holds(&self, text: &str, json: &Value) -> bool {
        match self {
            Self::Pattern(regex) => regex.is_match(text),
            Self::Field(path) => at(json, path).is_some(),
            Self::Equals(path, wanted) => at(json, path).as_ref() == Some(wanted),
            Self::Any => true,
        }
    }
}

/// Everything seen of one message: time, stage, mark.
type Sightings = BTreeSet<(i64, usize, String)>;

/// All sightings by ID, and the IDs that stand together in some line.
#[derive(Default)]
struct Seen {
    by_id: BTreeMap<String, Sightings>,
    together: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    fn add(&mut self, ids: &BTreeSet<String>, sighting: (i64, usize, &str)) {
        let (time, stage, mark) = sighting;
        for id in ids {
            let sightings = self.by_id.entry(id.clone()).or_default();
            sightings.insert((time, stage, mark.to_owned()));
            self.together
                .entry(id.clone())
                .or_default()
                .extend(ids.clone());
        }
    }

    /// Takes out everything that hangs together with one ID.
    fn take(&mut self, id: &str) -> (BTreeSet<String>, Sightings) {
        let (mut ids, mut sightings) = (BTreeSet::new(), Sightings::new());
        let mut todo = vec![id.to_owned()];
        while let Some(id) = todo.pop() {
            if ids.insert(id.clone()) {
                sightings.extend(self.by_id.remove(&id).unwrap_or_default());
                todo.extend(self.together.get(&id).into_iter().flatten().cloned());
            }
        }
        (ids, sightings)
    }
}

fn read(incident: &Incident, config: &Config) -> Seen {
    let mut seen = Seen::default();
    for (group, event) in incident.all_events() {
        let group = incident.groups()[group].name;
        let serves = |s: &Stage| s.groups.iter().any(|g| group.starts_with(g));
        let at = config.stages.iter().position(serves).unwrap();
        let text = &event.message;
        let json: Value = serde_json::from_str(text).unwrap_or_default();
        let stage = &config.stages[at];
        let rule = stage
            .rules
            .iter()
            .find(|(_, reading)| reading.holds(text, &json));
        let mark = rule.map_or(stage.default, |(mark, _)| mark);
        let selectors = config.ids.iter().chain(rule.map(|(_, reading)| reading));
        let mut ids: BTreeSet<String> = selectors.flat_map(|r| r.find(text, &json)).collect();
        if let Some(ends) = config.link.as_ref().and_then(|link| link.captures(text)) {
            ids.extend([ends["a"].to_owned(), ends["b"].to_owned()]);
        }
        seen.add(&ids, (event.timestamp.0, at, mark));
    }
    seen
}

fn outcome(sightings: &Sightings, config: &Config, end: i64) -> Outcome {
    let terminal = config
        .stages
        .iter()
        .rposition(|stage| !stage.aside)
        .unwrap();
    let has = |mark: &str| sightings.iter().any(|(_, _, m)| m == mark);
    let (last_seen, ..) = sightings.last().unwrap();
    let furthest = sightings.iter().map(|(_, stage, _)| *stage).max().unwrap();
    let allowance = config.stages[(furthest + 1).min(terminal)].within_ms;
    let came_out = |(_, stage, mark): &(i64, usize, String)| *stage == terminal && mark == "exit";
    if sightings.iter().any(came_out) {
        Outcome::Completed
    } else if has("skip") {
        Outcome::Skipped
    } else if has("dead_letter") {
        Outcome::DeadLettered
    } else if has("fail") {
        Outcome::Failed
    } else if last_seen + allowance < end {
        Outcome::Lost
    } else {
        Outcome::Pending
    }
}

fn agree(incident: &Incident) {
    let config = config(incident);
    let mut seen = read(incident, &config);
    for message in incident.fates() {
        let (ids, sightings) = seen.take(&message.ids[0]);
        let own: BTreeSet<String> = message.ids.iter().cloned().collect();
        assert_eq!(ids, own, "{message:?}");
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
        let found = outcome(&sightings, &config, incident.span().to.0);
        assert_eq!(found, message.outcome, "{message:?}");
    }
    assert_eq!(
        seen.by_id,
        BTreeMap::new(),
        "no other ID is logged than the truth knows"
    );
}

#[test]
fn the_logs_and_the_configuration_give_the_truth() {
    for case in USUAL {
        agree(&case.told());
    }
}

#[test]
fn so_they_do_where_an_incident_goes_another_way() {
    for case in OTHERS {
        if case.variant != Variant::Unlisted {
            agree(&case.told());
        }
    }
}

#[test]
fn so_they_do_with_other_names_and_late_and_out_of_order() {
    for (number, case) in USUAL.iter().enumerate() {
        agree(&varied(case, 20 + number as u64));
    }
}

fn varied(case: &Case, seed: u64) -> Incident {
    case.with(&Options {
        seed,
        messages: 150,
        shuffle_late: true,
        vary: true,
        ..Options::default()
    })
}
