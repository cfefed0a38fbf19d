//! The proof: one generated incident in two accounts and three regions, told to an emulated Amazon
//! through its API, read back by the real program, and held against the truth message by message.
//!
//! The incident ended an hour ago, and the window asked for is the incident. With the room that
//! every window gets, the program reads ten minutes more, and these too ended so long ago that no
//! lateness that is reckoned with leaves them in doubt. No allowance is that long, so every verdict
//! is certain: what the truth calls pending at the incident's end is followed by ten minutes that
//! were read completely and hold nothing of it, and must be lost; for everything else the truth
//! holds as it is.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use serde_json::{Value, json};

use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::Verdict;
use lastseen::sources::demo::incident::{Incident, Options, incident};
use lastseen::sources::demo::truth::{MessageTruth, Outcome, Truth};

use crate::support::alone::folder;
use crate::support::binary::{KEYS, Ran, check};
use crate::support::emulator::{OTHER_ROLE, emulator, now};

/// How an incident is told to Amazon.
struct Telling {
    /// The environment that is the account of [`OTHER_ROLE`]; the other belongs to the plain keys.
    behind_role: &'static str,
    /// Log events that one PutLogEvents carries.
    call: usize,
}

/// What is read on either side of a window: ten minutes, for no allowance is longer than three.
const ROOM_MS: i64 = 10 * 60_000;

/// How many events each source was told, by its name.
type Told = BTreeMap<String, u64>;

/// What was put where.
#[derive(Default)]
struct Delivered {
    told: Told,
    /// Events that came in a later call than a younger event of the same stream.
    overtaken: usize,
}

fn an_hour_ago() -> Timestamp {
    now().plus(-60 * 60_000)
}

async fn clients(telling: &Telling, incident: &Incident) -> Vec<Client> {
    let mut clients = Vec::new();
    for group in incident.groups() {
        let client = if group.env == telling.behind_role {
            emulator().other_client(group.region).await
        } else {
            emulator().client(group.region)
        };
        let name = group.cloudwatch_name();
        let made = client.create_log_group().log_group_name(name).send().await;
        made.unwrap();
        clients.push(client);
    }
    clients
}

/// What is waiting to be put into one log stream.
#[derive(Default)]
struct Stream {
    exists: bool,
    waiting: Vec<InputLogEvent>,
    /// The newest time that it holds.
    newest: i64,
}

/// Puts every event in the order of its arrival; only within one call in the order of their times,
/// as the service demands. What arrives late comes in a later call than younger events.
async fn deliver(telling: &Telling, incident: &Incident) -> Delivered {
    let clients = clients(telling, incident).await;
    let mut streams: HashMap<(usize, String), Stream> = HashMap::new();
    let mut delivered = Delivered::default();
    let name = |group: usize| incident.groups()[group].cloudwatch_name();
    for (group, event) in incident.all_events() {
        let place = incident.groups()[group];
        let source = format!("{}/{}:{}", place.env, place.region, name(group));
        *delivered.told.entry(source).or_default() += 1;
        let key = (group, event.stream.to_string());
        let stream = streams.entry(key.clone()).or_default();
        let input = InputLogEvent::builder()
            .timestamp(event.timestamp.0)
            .message(event.message);
        stream.waiting.push(input.build().unwrap());
        if stream.waiting.len() == telling.call {
            delivered.overtaken += put(&clients[group], &name(group), &key.1, stream).await;
        }
    }
    for ((group, stream_name), mut stream) in streams {
        if !stream.waiting.is_empty() {
            delivered.overtaken +=
                put(&clients[group], &name(group), &stream_name, &mut stream).await;
        }
    }
    delivered
}

/// One call; returns how many of its events are older than what the stream holds.
async fn put(client: &Client, group: &str, name: &str, stream: &mut Stream) -> usize {
    if !std::mem::replace(&mut stream.exists, true) {
        let create = client.create_log_stream().log_group_name(group);
        create.log_stream_name(name).send().await.unwrap();
    }
    let mut events = std::mem::take(&mut stream.waiting);
    events.sort_by_key(InputLogEvent::timestamp);
    let overtaken = events.partition_point(|event| event.timestamp() < stream.newest);
    let newest = events.last().map(InputLogEvent::timestamp);
    stream.newest = stream.newest.max(newest.unwrap_or_default());
    let call = client.put_log_events().log_group_name(group);
    let call = call.log_stream_name(name).set_log_events(Some(events));
    call.send().await.unwrap();
    overtaken
}

/// The incident's own configuration with its environments in the cloud added.
fn configure(telling: &Telling, incident: &Incident, folder: &Path) {
    let url = emulator().url();
    let mut text = incident.config().to_owned();
    let mut regions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for group in incident.groups() {
        let of_env = regions.entry(group.env).or_default();
        if !of_env.contains(&group.region) {
            of_env.push(group.region);
        }
    }
    for (env, regions) in regions {
        let role = if env == telling.behind_role {
            format!("role_arn = \"{OTHER_ROLE}\"\n")
        } else {
            String::new()
        };
        write!(
            text,
            "\n[[environment]]\nname = \"{env}\"\n{role}regions = {regions:?}\nendpoint_url = \"{url}\"\n"
        )
        .unwrap();
    }
    fs::write(folder.join("lastseen.toml"), text).unwrap();
}

/// The verdict ten minutes after the incident ended: see the top of this file.
fn verdict(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Pending => Verdict::Lost,
        ended => ended.verdict(),
    }
}

fn lost(message: &MessageTruth) -> bool {
    verdict(message.outcome) == Verdict::Lost
}

/// What the answer must say of every lost message, by ID.
fn expected_losses(truth: &Truth) -> BTreeMap<String, Value> {
    let rows = truth.messages.iter().filter(|m| lost(m)).map(|m| {
        let mut ids: Vec<&str> = m.ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        let last_seen = Timestamp(m.last_seen_ms).to_rfc3339();
        let row =
            json!({"env": m.env, "ids": ids, "last_stage": m.last_stage, "last_seen": last_seen});
        (m.ids[0].clone(), row)
    });
    rows.collect()
}

/// What it does say.
fn losses(ran: &Ran) -> BTreeMap<String, Value> {
    let lost = ran.answer["lost"].as_array().unwrap();
    let rows: BTreeMap<String, Value> = lost
        .iter()
        .map(|m| {
            let mut ids: Vec<&str> = m["ids"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            ids.sort_unstable();
            let row = json!({"env": m["env"], "ids": ids, "last_stage": m["last_stage"], "last_seen": m["last_seen"]});
            (m["id"].as_str().unwrap().to_owned(), row)
        })
        .collect();
    assert_eq!(rows.len(), lost.len(), "a message is listed twice");
    rows
}

fn agree(ran: &Ran, truth: &Truth) {
    for env in ["dev", "qa"] {
        let of_env = || truth.messages.iter().filter(|m| m.env == env);
        let count = |wanted: Verdict| of_env().filter(|m| verdict(m.outcome) == wanted).count();
        let expected: BTreeMap<&str, usize> = Verdict::ALL
            .iter()
            .map(|v| (v.word(), count(*v)))
            .chain([("entered", of_env().count())])
            .collect();
        let said: BTreeMap<&str, usize> = expected
            .keys()
            .map(|word| {
                let count = ran.environment(env)[word].as_u64();
                (*word, count.unwrap() as usize)
            })
            .collect();
        assert_eq!(said, expected, "{env}");
    }
    let (said, expected) = (losses(ran), expected_losses(truth));
    assert_eq!(said.len(), expected.len());
    for (id, row) in &expected {
        assert_eq!(said.get(id), Some(row), "{id}");
    }
}

/// Every log group of every region was found, and nothing of any was missed or read twice. All
/// that is not there is what the configuration has for files.
fn read_completely(ran: &Ran, told: &Told) {
    let sources = ran.answer["sources"].as_array().unwrap();
    let (absent, there): (Vec<&Value>, Vec<&Value>) = sources
        .iter()
        .partition(|source| source["state"] == "absent");
    for source in &absent {
        let name = source["name"].as_str().unwrap();
        let for_files = name.starts_with("logs/") || name.contains(":acme-");
        assert!(for_files, "{source}");
    }
    let warnings = ran.err.lines().filter(|l| l.starts_with("warning: "));
    assert_eq!(warnings.count(), absent.len(), "{}", ran.err);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let read: Told = there
        .iter()
        .map(|source| {
            assert_eq!(source["state"], "complete", "{source}");
            let name = source["name"].as_str().unwrap().to_owned();
            (name, source["events"].as_u64().unwrap())
        })
        .collect();
    assert_eq!((&read, there.len()), (told, told.len()));
}

/// Everything that is there was read over the window and the room on both sides of it.
fn covered(ran: &Ran, window: Span) {
    let from = window.from.plus(-ROOM_MS).to_rfc3339();
    let to = window.to.plus(ROOM_MS).to_rfc3339();
    let sources = ran.answer["sources"].as_array().unwrap();
    for source in sources.iter().filter(|s| s["state"] == "complete") {
        assert_eq!(
            (&source["from"], &source["to"]),
            (&json!(from), &json!(to)),
            "{source}"
        );
    }
}

/// An incident that Amazon has been told, and that is configured in a folder.
struct Staged {
    incident: Incident,
    truth: Truth,
    delivered: Delivered,
    folder: PathBuf,
}

fn stage(name: &str, telling: &Telling, options: &Options) -> Staged {
    let incident = incident("two-environments", options).unwrap();
    let truth = incident.truth();
    let causes: Vec<&str> = truth.causes.iter().map(|c| c.cause).collect();
    for cause in incident.causes() {
        assert!(causes.contains(&cause.name), "nothing is lost by {cause:?}");
    }
    for outcome in Outcome::ALL {
        let some = ["dev", "qa"]
            .iter()
            .any(|env| truth.count(env, outcome) > 0);
        assert!(some, "no message is {outcome:?}: take another seed");
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let delivered = runtime.block_on(deliver(telling, &incident));
    let folder = folder(name);
    configure(telling, &incident, &folder);
    Staged {
        incident,
        truth,
        delivered,
        folder,
    }
}

impl Staged {
    /// What the program says of a window; some messages are lost in it.
    fn check(&self, window: Span) -> Ran {
        let (from, to) = (window.from.to_rfc3339(), window.to.to_rfc3339());
        let args = ["--config", "lastseen.toml", "--from", &from, "--to", &to];
        let ran = check(&self.folder, &KEYS, &args);
        assert_eq!(ran.code, 1, "{}", ran.err);
        ran
    }

    fn prove(&self) {
        let ran = self.check(self.incident.span());
        read_completely(&ran, &self.delivered.told);
        covered(&ran, self.incident.span());
        agree(&ran, &self.truth);
    }

    /// A window out of the middle: neither of its ends loses, doubts or makes up a message.
    fn prove_middle(&self) {
        let (whole, hour) = (self.incident.span(), 60 * 60_000);
        let window = Span::new(whole.from.plus(hour), whole.to.plus(-hour));
        let ran = self.check(window);
        covered(&ran, window);
        for env in ["dev", "qa"] {
            for word in ["pending", "blind", "unentered"] {
                assert_eq!(ran.environment(env)[word], 0, "{env} {word}");
            }
        }
        let (said, truth) = (losses(&ran), expected_losses(&self.truth));
        for (id, row) in &said {
            assert_eq!(truth.get(id), Some(row), "{id}");
        }
        for message in self.truth.messages.iter().filter(|m| lost(m)) {
            let (id, last) = (&message.ids[0], Timestamp(message.last_seen_ms));
            // One that was last seen within the window belongs to it; one last seen later does only
            // if it came in before the end.
            if window.contains(last) {
                assert!(said.contains_key(id), "{message:?}");
            } else if last < window.from || last > window.to.plus(ROOM_MS) {
                assert!(!said.contains_key(id), "{message:?}");
            }
        }
    }
}

#[test]
fn check_tells_the_truth_about_an_incident_in_two_accounts_and_three_regions() {
    let telling = Telling {
        behind_role: "qa",
        call: 1000,
    };
    let options = Options {
        seed: 2,
        messages: 300,
        end: an_hour_ago(),
        ..Options::default()
    };
    let staged = stage("proof", &telling, &options);
    staged.prove();
    staged.prove_middle();
}

/// The accounts are swapped, so that the two incidents do not mix; small calls, so that what is
/// late comes in another call than what is younger.
#[test]
fn it_tells_the_truth_where_events_arrived_late_and_out_of_order() {
    let telling = Telling {
        behind_role: "dev",
        call: 40,
    };
    let options = Options {
        seed: 9,
        messages: 500,
        end: an_hour_ago(),
        shuffle_late: true,
        ..Options::default()
    };
    let staged = stage("proof-late", &telling, &options);
    assert!(staged.delivered.overtaken > 100);
    staged.prove();
}
