//! What every built-in incident keeps to: it repeats itself, its parts fit, its variants do what they
//! say, and what its truth claims can be found in its logs.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::domain::view::{AttributeValue, MessageQuery, MessageRow};
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::delivery::DemoEvent;
use lastseen::sources::demo::incident::{INCIDENTS, Incident, LISTED, Options, incident, listed};
use lastseen::sources::demo::script::Onset;
use lastseen::sources::demo::truth::{MessageTruth, Outcome};
use lastseen::sources::demo::variant::Variant;
use lastseen::sources::demo::world::LogGroup;
use regex::Regex;
use serde_json::Value;

use crate::support::incidents::{Case, OTHERS, USUAL, read};

fn sized(case: &Case, messages: u64) -> Incident {
    case.with(&Options {
        messages,
        ..case.options()
    })
}

fn outcomes(incident: &Incident, outcome: Outcome) -> Vec<MessageTruth> {
    incident.fates().filter(|m| m.outcome == outcome).collect()
}

#[test]
fn every_incident_is_listed_with_its_variants() {
    let names: Vec<&str> = LISTED.iter().map(|listed| listed.name).collect();
    assert_eq!(names, INCIDENTS);
    for one in &LISTED {
        assert_eq!(one.variants[..2], [Variant::Usual, Variant::Healthy]);
        for variant in Variant::ALL {
            let options = Options {
                variant,
                ..Options::usual(one.name)
            };
            assert_eq!(options.messages, one.messages);
            let told = incident(one.name, &options);
            assert_eq!(told.is_some(), one.variants.contains(&variant));
            assert!(told.is_none_or(|told| told.name() == one.name));
            assert_eq!(Variant::from_word(variant.word()), Some(variant));
        }
    }
    let cases = USUAL.iter().chain(&OTHERS);
    let cases: BTreeSet<_> = cases.map(|case| (case.name, case.variant)).collect();
    let all = LISTED
        .iter()
        .flat_map(|l| l.variants.iter().map(|v| (l.name, *v)));
    assert_eq!(cases, all.collect(), "the tests take every one");
    assert!(listed("three-environments").is_none());
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_seed_others() {
    for case in &USUAL[1..] {
        let (one, two) = (sized(case, 60), sized(case, 60));
        assert!(one.all_events().eq(two.all_events()));
        assert_eq!(one.truth(), two.truth());
        let seed = 99;
        let options = Options {
            seed,
            messages: 60,
            ..Options::default()
        };
        assert_ne!(case.with(&options).truth().messages, one.truth().messages);
    }
}

#[test]
fn one_group_alone_tells_what_it_tells_among_all() {
    for case in &USUAL[1..] {
        let incident = sized(case, 40);
        let mut by_group: BTreeMap<usize, Vec<DemoEvent>> = BTreeMap::new();
        for (group, event) in incident.all_events() {
            assert!(incident.span().contains(event.timestamp), "{event:?}");
            by_group.entry(group).or_default().push(event);
        }
        for (index, group) in incident.groups().iter().enumerate() {
            let alone: Vec<_> = incident
                .events(group.env, group.region, group.name)
                .collect();
            let among = by_group.remove(&index).unwrap_or_default();
            assert_eq!(alone, among, "{group:?}");
            assert!(among.is_sorted_by_key(|event| event.ingestion));
        }
    }
}

#[test]
fn what_comes_first_does_not_wait_for_what_comes_last() {
    // All of it would be tens of gigabytes.
    for case in &USUAL {
        let incident = sized(case, 20_000_000);
        let last = incident.all_events().nth(2_000).unwrap().1;
        let first = incident.fates().next().unwrap();
        assert!(last.timestamp.0 - first.last_seen_ms < 120_000, "{case:?}");
    }
}

/// Every text that an incident can write, whichever way it goes.
fn texts(name: &str) -> Vec<String> {
    let cases = USUAL.iter().chain(&OTHERS).filter(|case| case.name == name);
    cases
        .flat_map(|case| {
            let incident = case.told();
            incident
                .all_events()
                .map(|(_, e)| e.message)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn at(json: &Value, path: &str) -> Option<String> {
    let mut here = json.clone();
    for part in path.split('.') {
        if let Value::String(text) = &here {
            here = serde_json::from_str(text).ok()?;
        }
        here = here.get(part)?.clone();
    }
    here.as_str().map_or_else(
        || here.is_number().then(|| here.to_string()),
        |s| Some(s.to_owned()),
    )
}

/// A field's path or a pattern of a configuration, and the value that it must have.
fn meets(texts: &[(String, Value)], written: &str, equals: Option<&str>) -> bool {
    let pattern = written.contains("(?<") || written.contains(' ');
    let pair = format!(r"(?:^|\s){}=\S", regex::escape(written));
    let regex = Regex::new(if pattern { written } else { &pair }).unwrap();
    texts.iter().any(|(text, json)| {
        let field = at(json, written);
        let equal = |found: String| equals.is_none_or(|equals| found == equals);
        regex.is_match(text) || field.is_some_and(equal)
    })
}

#[test]
fn every_rule_id_and_attribute_of_every_configuration_meets_its_lines() {
    for case in &USUAL {
        let texts = texts(case.name).into_iter().map(|text| {
            let json = serde_json::from_str(&text).unwrap_or_default();
            (text, json)
        });
        let texts: Vec<(String, Value)> = texts.collect();
        let config: toml::Table = case.told().config().parse().unwrap();
        let (_, pipeline) = config["pipeline"]
            .as_table()
            .unwrap()
            .iter()
            .next()
            .unwrap();
        for list in ["id", "attributes"] {
            for written in pipeline[list].as_array().unwrap() {
                let written = written.as_str().unwrap();
                assert!(
                    meets(&texts, written, None),
                    "{}: {list} {written}",
                    case.name
                );
            }
        }
        for stage in pipeline["stage"].as_array().unwrap() {
            for (key, rule) in stage.as_table().unwrap() {
                let met = match rule {
                    toml::Value::String(text) if !["name", "within"].contains(&key.as_str()) => {
                        meets(&texts, text, None)
                    }
                    toml::Value::Table(rule) => {
                        let text = |key: &str| rule[key].as_str().unwrap();
                        meets(&texts, text("field"), Some(text("equals")))
                    }
                    _ => true,
                };
                assert!(
                    met,
                    "{}: no line meets {key} of {}",
                    case.name, stage["name"]
                );
            }
        }
    }
}

/// What the program knows of every message, by its first ID.
fn rows(incident: &Incident) -> BTreeMap<String, MessageRow> {
    let page = read(incident).messages(&MessageQuery {
        limit: usize::MAX,
        ..MessageQuery::default()
    });
    page.rows
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect()
}

#[test]
fn the_lost_have_in_common_what_the_truth_says() {
    for case in &USUAL {
        let incident = case.told();
        let truth = incident.truth();
        let rows = rows(&incident);
        let causes: BTreeSet<&str> = truth.causes.iter().map(|count| count.cause).collect();
        assert_eq!(
            causes.len(),
            incident.causes().len(),
            "{case:?}: a cause takes none"
        );
        for count in &truth.causes {
            assert!(!count.culprit.is_empty(), "{count:?}");
            let mut lost = truth
                .messages
                .iter()
                .filter(|m| (m.cause, m.last_stage) == (Some(count.cause), count.last_stage));
            assert_eq!(lost.clone().count() as u64, count.lost);
            for wanted in &count.culprit {
                let bears = |message: &MessageTruth| {
                    let row = &rows[&message.ids[0]];
                    let mut own = row
                        .attributes
                        .iter()
                        .filter(|(name, _)| **name == *wanted.name);
                    own.any(|(_, value)| reaches(value, &wanted.value))
                        || (wanted.name == "region" && row.last_source.contains(&wanted.value))
                };
                let stray = lost.find(|message| !bears(message));
                assert_eq!(stray, None, "{case:?}: {wanted:?}");
            }
            if let Onset::At(onset) = count.onset {
                let mut lost = lost.clone();
                let early = lost.find(|m| m.last_seen_ms < onset.0 - 300_000);
                assert_eq!(early, None, "{case:?}: {count:?}");
            }
        }
    }
}

/// The same value, or a number at least as high.
fn reaches(found: &AttributeValue, wanted: &str) -> bool {
    let reaches = |found: &String| {
        let numbers = found.parse::<f64>().ok().zip(wanted.parse::<f64>().ok());
        numbers.map_or_else(|| found == wanted, |(found, wanted)| found >= wanted)
    };
    match found {
        AttributeValue::One(value) => reaches(value),
        AttributeValue::Mixed(least, greatest) => reaches(least) || reaches(greatest),
    }
}

#[test]
fn on_a_good_day_nothing_is_lost() {
    for one in &LISTED {
        for seed in [1, 2] {
            for vary in [false, true] {
                let options = Options {
                    seed,
                    vary,
                    messages: 800,
                    variant: Variant::Healthy,
                    ..Options::default()
                };
                let incident = incident(one.name, &options).unwrap();
                assert!(incident.causes().is_empty());
                assert_eq!(outcomes(&incident, Outcome::Lost), []);
                assert!(incident.fates().count() > 400);
            }
        }
    }
    let controls = USUAL.iter().map(|case| Options {
        without: case
            .told()
            .causes()
            .iter()
            .map(|cause| cause.name)
            .collect(),
        ..case.options()
    });
    for (case, options) in USUAL.iter().zip(controls) {
        assert_eq!(outcomes(&case.with(&options), Outcome::Lost), []);
    }
}

#[test]
fn without_one_cause_the_others_take_the_same() {
    let case = &USUAL[0];
    let lost = |without: &[&'static str]| {
        let incident = case.with(&Options {
            messages: 1_500,
            without: without.to_vec(),
            ..case.options()
        });
        let lost: BTreeSet<(Option<&str>, String, &str)> = outcomes(&incident, Outcome::Lost)
            .into_iter()
            .map(|mut m| (m.cause, m.ids.swap_remove(0), m.last_stage))
            .collect();
        (lost, incident.fates().count())
    };
    let (all, entered) = lost(&[]);
    for cause in case.told().causes() {
        let (rest, still) = lost(&[cause.name]);
        assert_eq!(still, entered);
        let expected = all.iter().filter(|(by, ..)| *by != Some(cause.name));
        assert!(expected.eq(rest.iter()), "{}", cause.name);
    }
}

#[test]
fn varied_incidents_differ_in_names_places_and_times() {
    for case in &USUAL {
        let varied = |seed| {
            case.with(&Options {
                seed,
                vary: true,
                messages: 300,
                ..Options::default()
            })
        };
        let (mut names, mut configs, mut onsets) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for incident in (0..8).map(varied) {
            names.extend(incident.groups().iter().map(LogGroup::cloudwatch_name));
            configs.insert(incident.config().to_owned());
            for sign in incident.causes().iter().flat_map(|cause| &cause.signs) {
                if let Onset::At(onset) = sign.onset {
                    assert!(incident.span().contains(onset));
                    onsets.insert(onset);
                }
            }
            let file = File::parse("lastseen.toml", Path::new("."), incident.config());
            let resolved = resolve(&file, &Overrides::default(), &|_| false).unwrap();
            assert!(resolved.warnings.is_empty(), "{:?}", resolved.warnings);
        }
        assert!(names.len() > 2 * case.told().groups().len(), "{names:?}");
        assert!(configs.len() > 4, "{case:?}");
        assert!(
            onsets.len() > 4 || case.name == "ack-before-work",
            "{case:?}"
        );
    }
}

#[test]
fn a_full_pool_is_where_one_in_3000_is_dropped() {
    let incident = sized(&USUAL[1], 20_000);
    let lost = outcomes(&incident, Outcome::Lost);
    assert!((3..=14).contains(&lost.len()), "{}", lost.len());
    assert!(
        lost.iter()
            .all(|m| m.env == "prod" && m.last_stage == "consumer")
    );
}

#[test]
fn a_kind_is_dropped_without_an_error_beside_a_logged_skip() {
    let incident = sized(&USUAL[2], 1_000);
    let lost = outcomes(&incident, Outcome::Lost).len();
    assert!((40..75).contains(&lost), "{lost}");
    let mut skipped = 0;
    for (_, event) in incident.all_events() {
        let text = event.message.to_lowercase();
        skipped += usize::from(text.contains("skipped"));
        for word in ["error", "warn", "fail", "exception"] {
            assert!(
                !text.replace("failedentrycount\":0", "").contains(word),
                "{text}"
            );
        }
    }
    assert!(skipped > 20, "{skipped}");
}

#[test]
fn a_quarter_is_published_to_a_topic_that_nobody_reads() {
    let incident = sized(&USUAL[3], 4_000);
    let count = |outcome| outcomes(&incident, outcome).len();
    let lost = count(Outcome::Lost);
    assert!((940..=1_060).contains(&lost), "{lost}");
    assert!((1..=10).contains(&count(Outcome::DeadLettered)));
}

#[test]
fn a_batch_loses_fewer_than_a_hundred_however_large_it_is() {
    for messages in [8_000, 24_000] {
        let incident = sized(&USUAL[4], messages);
        let lost = outcomes(&incident, Outcome::Lost).len();
        assert!((12..100).contains(&lost), "{lost} of {messages}");
    }
}

#[test]
fn items_are_done_twice_when_a_service_is_started_by_hand() {
    let incident = USUAL[4].told();
    let mut archived: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    let mut starts = 0;
    for (group, event) in incident.all_events() {
        if incident.groups()[group].name == "archive"
            && let Ok(json) = serde_json::from_str(&event.message)
            && let Some(id) = at(&json, "item.id")
        {
            archived.entry(id).or_default().insert(event.timestamp.0);
        }
        starts += usize::from(event.message.contains("started by operator"));
    }
    assert!(archived.values().filter(|times| times.len() > 1).count() > 3);
    assert!(starts > 0);
}

#[test]
fn a_region_that_is_not_listed_is_neither_configured_nor_read() {
    let case = OTHERS
        .iter()
        .find(|case| case.variant == Variant::Unlisted)
        .unwrap();
    let (incident, usual) = (case.told(), USUAL[4].told());
    assert!(usual.groups().iter().all(|group| group.listed));
    let hidden = incident.groups().iter().filter(|group| !group.listed);
    for group in hidden.clone() {
        assert_eq!((group.name, group.region), ("enricher", "eu-central-1"));
    }
    assert_eq!(hidden.count(), 2);
    assert!(!incident.config().contains("eu-central-1"));
    assert!(usual.config().contains("eu-central-1"));
    // It is the same incident for all that.
    assert!(incident.all_events().eq(usual.all_events()));
}
