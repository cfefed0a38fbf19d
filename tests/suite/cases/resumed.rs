//! A run that was interrupted, gone on with by the next one: nothing is fetched twice, and the answer
//! is that of one run.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::alone::folder;
use crate::support::binary::KEYS;
use crate::support::fake_cloudwatch::{FakeCloudWatch, Group, Trouble};
use crate::support::shop::{self, ENGINE, QUEUE};

use super::program::{Said, kept, lastseen};

/// The shop's service, of which the engine's group gives three pages until the session is renewed.
fn expiring() -> (FakeCloudWatch, Arc<AtomicBool>) {
    let fake = shop::fake();
    let renewed: Arc<AtomicBool> = Arc::default();
    let is_renewed = Arc::clone(&renewed);
    fake.script(move |call| {
        let late = call.group == ENGINE && call.position.is_some_and(|read| read >= 30);
        let ended = late && !is_renewed.load(Ordering::Relaxed);
        ended.then_some(Trouble::Error(400, "ExpiredTokenException", "expired"))
    });
    (fake, renewed)
}

fn check(folder: &Path, more: &[&str]) -> Said {
    check_as(&KEYS, folder, more)
}

fn check_as(keys: &[(&str, &str)], folder: &Path, more: &[&str]) -> Said {
    let window = shop::window();
    let args = ["check", "--json"]
        .into_iter()
        .chain(window.iter().map(String::as_str));
    lastseen(
        folder,
        keys,
        &args.chain(more.iter().copied()).collect::<Vec<_>>(),
    )
}

fn pages(fake: &FakeCloudWatch) -> usize {
    fake.calls("FilterLogEvents").len()
}

/// All but what the run says of the run that it went on with.
fn verdicts(said: &Said) -> serde_json::Value {
    let mut answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    for source in answer["sources"].as_array_mut().unwrap() {
        source["note"] = serde_json::Value::Null;
    }
    answer
}

#[test]
fn an_interrupted_run_is_gone_on_with() {
    let (fake, renewed) = expiring();
    let home = folder("resumed");
    shop::configure(&home, fake.url(), "");
    let first = check(&home, &[]);
    assert_eq!(first.code, 3, "{first:?}");
    let failed = pages(&fake);
    renewed.store(true, Ordering::Relaxed);
    let second = check(&home, &[]);
    assert_eq!(second.code, 1);
    assert!(second.err.starts_with("note: resuming "), "{second:?}");
    assert!(second.err.contains("pages are there already"), "{second:?}");
    let cases = kept(&home);
    assert_eq!(cases.len(), 1);
    let resumed = pages(&fake) - failed;
    // What one run over everything says, and how much it asks.
    let fresh = check(&home, &["--fresh"]);
    assert_eq!(kept(&home).len(), 2);
    let all = pages(&fake) - failed - resumed;
    assert_eq!(verdicts(&second), verdicts(&fresh));
    assert!(resumed * 2 < all, "{resumed} of {all} pages");
    // Opened again, the case of two runs says what the second said.
    let again = lastseen(&home, &[], &["check", "--json", cases[0].to_str().unwrap()]);
    assert_eq!((again.code, again.out), (second.code, second.out));
    // Finished, it is not gone on with.
    assert_eq!(check(&home, &[]).err, "");
    assert_eq!(kept(&home).len(), 3);
}

/// The same question with other credentials: none of the first account's messages is lost here.
#[test]
fn another_account_is_given_nothing_of_the_first_ones() {
    let (fake, renewed) = expiring();
    for group in [QUEUE, ENGINE] {
        fake.add(Group::new("us-east-1", group).account("222233334444"));
    }
    let home = folder("resumed-account");
    shop::configure(&home, fake.url(), "");
    assert_eq!(check(&home, &[]).code, 3);
    renewed.store(true, Ordering::Relaxed);
    let other = [("AWS_ACCESS_KEY_ID", "AKIA222233334444"), KEYS[1]];
    let second = check_as(&other, &home, &[]);
    assert!(second.err.starts_with("note: resuming "), "{second:?}");
    let case = kept(&home)[0].clone();
    let fresh = check_as(&other, &home, &["--fresh"]);
    assert_eq!(second.code, fresh.code, "{second:?}");
    assert_eq!(verdicts(&second), verdicts(&fresh));
    assert_eq!(verdicts(&second)["lost"], serde_json::json!([]));
    let again = lastseen(&home, &[], &["check", "--json", case.to_str().unwrap()]);
    assert_eq!((again.code, again.out), (second.code, second.out));
}

/// What a kill left is cut, and told; a case that is damaged is left as it is.
#[test]
fn a_torn_case_is_gone_on_with_and_a_damaged_one_is_not() {
    let (fake, _) = expiring();
    let home = folder("resumed-torn");
    shop::configure(&home, fake.url(), "");
    check(&home, &[]);
    let case = kept(&home)[0].clone();
    let mut bytes = fs::read(&case).unwrap();
    bytes.truncate(bytes.len() - 10);
    fs::write(&case, &bytes).unwrap();
    let torn = check(&home, &[]);
    assert!(torn.err.contains("were incomplete, cut"), "{torn:?}");
    let mut bytes = fs::read(&case).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&case, &bytes).unwrap();
    let damaged = check(&home, &[]);
    assert!(damaged.err.contains("is damaged at byte "), "{damaged:?}");
    assert!(!damaged.err.contains("resuming"), "{damaged:?}");
    assert_eq!(fs::read(&case).unwrap(), bytes);
    let named = check(&home, &["--case", case.to_str().unwrap()]);
    assert_eq!(named.code, 2);
    assert!(named.err.contains("so nothing is added"), "{named:?}");
}

/// Another question must not end in this one's case.
#[test]
fn a_run_that_asks_something_else_has_a_case_of_its_own() {
    let (fake, _) = expiring();
    let home = folder("resumed-other");
    shop::configure(&home, fake.url(), "");
    check(&home, &[]);
    fake.group("eu-west-1", "/shop/queue", Vec::new());
    let other = check(&home, &["--region", "us-east-1,eu-west-1"]);
    assert!(!other.err.contains("resuming"), "{other:?}");
    let toml = fs::read_to_string(home.join("lastseen.toml")).unwrap();
    fs::write(
        home.join("lastseen.toml"),
        toml.replace("*engine", "*/engine"),
    )
    .unwrap();
    assert!(!check(&home, &[]).err.contains("resuming"));
    assert_eq!(kept(&home).len(), 3);
}

/// Only lines for the rules of then were fetched: other rules would miss some of them.
#[test]
fn narrowed_pages_serve_only_the_rules_they_were_narrowed_by() {
    let (fake, _) = expiring();
    let home = folder("resumed-narrow");
    shop::configure(&home, fake.url(), "narrow = true");
    check(&home, &[]);
    let toml = fs::read_to_string(home.join("lastseen.toml")).unwrap();
    let other = toml.replace("picked up", "picked");
    fs::write(home.join("lastseen.toml"), &other).unwrap();
    assert!(!check(&home, &[]).err.contains("resuming"));
    fs::write(home.join("lastseen.toml"), &toml).unwrap();
    assert!(check(&home, &[]).err.contains("resuming"));
    let case = kept(&home)[0].clone();
    let args = ["check", case.to_str().unwrap(), "--config", "lastseen.toml"];
    let refused = lastseen(&home, &[], &args);
    assert!(
        refused.code == 2 && refused.err.contains("leave out --config"),
        "{refused:?}"
    );
}

#[test]
fn a_named_case_takes_a_wider_window_and_loads_what_is_missing() {
    let fake = shop::fake();
    let home = folder("resumed-wider");
    shop::configure(&home, fake.url(), "");
    let [_, from, _, to] = shop::window();
    let ask = |to: &str, more: &[&str]| {
        let args = ["check", "--json", "--from", &from, "--to", to];
        lastseen(
            &home,
            &KEYS,
            &args
                .into_iter()
                .chain(more.iter().copied())
                .collect::<Vec<_>>(),
        )
    };
    let earlier = lastseen::domain::time::Timestamp(shop::FROM + 60_000).to_rfc3339();
    assert_eq!(ask(&earlier, &["--case", "mine.case"]).code, 0);
    let narrow = pages(&fake);
    let wide = ask(&to, &["--case", "mine.case"]);
    assert_eq!(wide.code, 1);
    assert!(wide.err.contains("resuming"), "{wide:?}");
    let added = pages(&fake) - narrow;
    let fresh = ask(&to, &["--no-case"]);
    let all = pages(&fake) - narrow - added;
    assert_eq!(verdicts(&wide), verdicts(&fresh));
    assert!(added < all, "{added} of {all} pages");
    let again = lastseen(&home, &[], &["check", "--json", "mine.case"]);
    assert_eq!(again.out, wide.out);
    let refused = ask(&to, &["--case", "mine.case", "--fresh"]);
    assert!(
        refused.err.contains("--fresh goes on with nothing"),
        "{refused:?}"
    );
}
