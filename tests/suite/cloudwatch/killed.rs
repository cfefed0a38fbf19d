//! The real program killed at any request: the same command again goes on where it was, finds the
//! same, and has no page delivered twice but those that were on their way.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use lastseen::domain::time::Timestamp;
use lastseen::sources::cloudwatch::settings::Settings;

use crate::cases::program::{kept, lastseen};
use crate::support::alone::{alone, folder};
use crate::support::fake_cloudwatch::call::Hash;
use crate::support::fake_cloudwatch::{Call, Entry, FakeCloudWatch, Trouble};
use crate::support::fleet::{ENVIRONMENTS, FROM, Fleet, NOW, PIPELINE, REGIONS};
use crate::support::fleet_run::profiles;

/// How often it is killed.
const KILLS: u64 = 50;
const AT_ONCE: u64 = 4;
/// The case of every so manieth is opened again.
const REOPENED: u64 = 5;
/// How often is looked whether it ended of itself, which it must not.
const LOOK: Duration = Duration::from_millis(100);

fn service(fleet: &Fleet) -> FakeCloudWatch {
    let fake = FakeCloudWatch::start(16);
    fleet.move_into(&fake);
    fake
}

/// A home of its own for the program, with a configuration for the service.
fn home(name: &str, fake: &FakeCloudWatch) -> PathBuf {
    let home = folder(name);
    let mut config = PIPELINE.to_owned();
    for (env, _) in ENVIRONMENTS {
        let (url, regions) = (fake.url(), REGIONS);
        write!(
            config,
            "[[environment]]\nname = \"{env}\"\nprofile = \"fleet-{env}\"\nregions = {regions:?}\nendpoint_url = \"{url}\"\n"
        )
        .unwrap();
    }
    fs::write(home.join("lastseen.toml"), config).unwrap();
    home
}

/// The command, always the same; its answer goes into a file.
fn start(home: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    let time = |ms: i64| Timestamp(ms).to_rfc3339();
    command
        .args(["check", "--json", "--from", &time(FROM), "--to", &time(NOW)])
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(File::create(home.join("answer.json")).unwrap())
        .stderr(File::create(home.join("said.txt")).unwrap());
    let profiles = profiles();
    let vars = [("AWS_CONFIG_FILE", profiles.to_str().unwrap())];
    alone(&mut command, home, &vars).spawn().unwrap()
}

/// What was found: all of it but the words about how it was read.
fn found(home: &Path) -> String {
    let text = fs::read_to_string(home.join("answer.json")).unwrap();
    let said = fs::read_to_string(home.join("said.txt")).unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}{said}"));
    let mut sources = BTreeMap::new();
    for source in answer["sources"].as_array().unwrap() {
        let kept = ["state", "events", "bytes", "from", "to"].map(|key| &source[key]);
        sources.insert(source["name"].as_str().unwrap(), kept);
    }
    let found = json!({"window": answer["window"], "pipelines": answer["pipelines"],
                       "lost": answer["lost"], "sources": sources});
    found.to_string()
}

/// Runs the command until its `n`th call, at which the service kills it.
fn kill_at(n: usize, home: &Path, fake: &FakeCloudWatch) {
    let slot: Arc<Mutex<Option<Child>>> = Arc::default();
    let (killed, wait) = mpsc::channel();
    let victim = Arc::clone(&slot);
    fake.script(move |call| {
        if call.number < n {
            return None;
        }
        if let Some(mut child) = victim.lock().unwrap().take() {
            child.kill().unwrap();
            killed.send(child.wait().unwrap()).unwrap();
        }
        Some(Trouble::Hang)
    });
    {
        // It asks for nothing before the service knows whom to kill.
        let mut slot = slot.lock().unwrap();
        *slot = Some(start(home));
    }
    let status = loop {
        if let Ok(status) = wait.recv_timeout(LOOK) {
            break status;
        }
        let mut slot = slot.lock().unwrap();
        let ended = slot.as_mut().and_then(|child| child.try_wait().unwrap());
        assert!(ended.is_none(), "over before call {n}: {ended:?}");
    };
    assert!(!status.success());
    fake.script(|_| None);
}

/// An event: the account and region it is read in, its group, its place there.
type Event = ((String, String), String, usize);

/// The pages of log events that were delivered.
fn pages(log: &[Entry]) -> impl Iterator<Item = &Entry> {
    let pages = log.iter().filter(|entry| entry.is_page());
    pages.filter(|entry| entry.call.operation == "FilterLogEvents")
}

fn events(entry: &Entry) -> impl Iterator<Item = Event> {
    let call = &entry.call;
    let region = (call.account.clone(), call.region.clone());
    let group = call.group.clone();
    (entry.page.0..entry.page.1).map(move |event| (region.clone(), group.clone(), event))
}

/// What was delivered to a killed run: all of it, and what it certainly kept, because it asked on
/// from there.
fn delivered(log: &[Entry]) -> (HashSet<Event>, HashSet<Event>) {
    let chain = |call: &Call| {
        let region = (call.account.clone(), call.region.clone());
        (region, call.group.clone(), call.span)
    };
    let asked = log.iter().filter(|entry| entry.call.position.is_some());
    let asked: HashSet<_> = asked.map(|e| (chain(&e.call), e.call.position)).collect();
    let went_on = |entry: &&Entry| {
        let read = entry.call.position.unwrap_or(0) + entry.page.1 - entry.page.0;
        asked.contains(&(chain(&entry.call), Some(read)))
    };
    let all = pages(log).flat_map(events).collect();
    (all, pages(log).filter(went_on).flat_map(events).collect())
}

/// Checks that what was delivered before is not delivered again, but for pages on their way.
fn check_again(before: &[Entry], after: &[Entry]) -> Result<(), String> {
    let (all, kept) = delivered(before);
    let mut again: BTreeMap<_, usize> = BTreeMap::new();
    for page in pages(after) {
        if let Some(event) = events(page).find(|event| kept.contains(event)) {
            return Err(format!("kept, and delivered again: {event:?}"));
        }
        if let Some((region, ..)) = events(page).find(|event| all.contains(event)) {
            *again.entry(region).or_default() += 1;
        }
    }
    let in_flight = Settings::default().in_flight;
    match again.iter().find(|(_, pages)| **pages > in_flight) {
        Some(most) => Err(format!("more than were on their way: {most:?}")),
        None => Ok(()),
    }
}

/// The answer of the one case in `home`, opened again without a service and without credentials.
fn reopened(home: &Path) -> String {
    let [case] = &kept(home)[..] else {
        panic!("not one case: {:?}", kept(home));
    };
    let said = lastseen(home, &[], &["check", "--json", case.to_str().unwrap()]);
    assert!(said.out.starts_with('{'), "{said:?}");
    said.out
}

fn lost(answer: &str) -> HashSet<String> {
    let answer: Value = serde_json::from_str(answer).unwrap();
    let lost = answer["lost"].as_array().unwrap().iter();
    lost.map(|order| order["id"].to_string()).collect()
}

/// Kills one run and goes on with it; what is wrong with what came of it.
fn killed(seed: u64, n: usize, fleet: &Fleet, undisturbed: &str) -> Result<(), String> {
    let fake = service(fleet);
    let home = home(&format!("killed-{seed}"), &fake);
    kill_at(n, &home, &fake);
    let before = fake.log().len();
    let looked_at = seed.is_multiple_of(REOPENED) && !kept(&home).is_empty();
    if looked_at {
        // What was kept of it is no reason to call anything lost that is not.
        let (then, at_last) = (lost(&reopened(&home)), lost(undisturbed));
        if !then.is_subset(&at_last) {
            return Err(format!("killed at call {n}, its case finds {then:?}"));
        }
    }
    start(&home).wait().unwrap();
    let found = found(&home);
    if looked_at && reopened(&home) != fs::read_to_string(home.join("answer.json")).unwrap() {
        return Err(format!(
            "at call {n}: its case, opened again, says something else"
        ));
    }
    if found != undisturbed {
        return Err(format!("at call {n}: {found}\nand not {undisturbed}"));
    }
    let log = fake.log();
    check_again(&log[..before], &log[before..]).map_err(|why| format!("at call {n}: {why}"))?;
    fs::remove_dir_all(home).map_err(|e: io::Error| e.to_string())
}

#[test]
fn a_killed_run_goes_on_where_it_was_and_finds_the_same() {
    let fleet = Fleet::new(0).arrived();
    let fake = service(&fleet);
    let home = home("killed-never", &fake);
    assert_eq!(start(&home).wait().unwrap().code(), Some(1));
    let undisturbed = found(&home);
    // The last calls may not be made at all when pieces are shared in another way.
    let calls = fake.log().len() * 9 / 10;
    let seeds = Mutex::new(0..KILLS);
    thread::scope(|scope| {
        let runs = (0..AT_ONCE).map(|_| {
            scope.spawn(|| {
                let next = || seeds.lock().unwrap().next();
                while let Some(seed) = next() {
                    let n = 1 + Hash::new(seed).end() as usize % calls;
                    killed(seed, n, &fleet, &undisturbed).unwrap();
                }
            })
        });
        let runs: Vec<_> = runs.collect();
        for run in runs {
            run.join().unwrap();
        }
    });
}
