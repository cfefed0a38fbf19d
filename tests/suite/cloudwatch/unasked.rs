//! Log group patterns and no configuration: the look learns, the run goes on with its pages.

use std::fs;

use lastseen::domain::time::Timestamp;

use crate::support::alone::folder;
use crate::support::binary::{KEYS, Ran, check};
use crate::support::fake_cloudwatch::{Event, FakeCloudWatch};
use crate::support::shop::FROM;

const ORDERS: i64 = 240;

/// Two log groups; every 40th order never reaches the second.
fn service() -> (FakeCloudWatch, Vec<String>) {
    let fake = FakeCloudWatch::start(100);
    let (mut queue, mut engine, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..ORDERS {
        let id = format!(
            "{:012x}",
            (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a) % (1 << 48)
        );
        let time = FROM + n * 1000;
        let event = |at: i64, text: &str| Event::at(at, n as u64, &format!("{text} order={id}"));
        queue.push(event(time, "order received"));
        if n % 40 == 20 && n < 200 {
            lost.push(id);
            continue;
        }
        engine.push(event(time + 400, "picked up"));
        engine.push(event(time + 900, "order done"));
    }
    fake.group("us-east-1", "/shop/queue", queue);
    fake.group("us-east-1", "/shop/engine", engine);
    (fake, lost)
}

fn window() -> [String; 4] {
    let time = |ms: i64| Timestamp(FROM + ms).to_rfc3339();
    ["--from".into(), time(0), "--to".into(), time(60 * 60_000)]
}

fn ran(name: &std::path::Path, fake: &FakeCloudWatch, more: &[&str]) -> Ran {
    let window = window();
    let mut args = vec!["--region", "us-east-1", "--endpoint-url", fake.url()];
    args.extend(window.iter().map(String::as_str));
    args.extend(more);
    check(name, &KEYS, &args)
}

#[test]
fn patterns_alone_lead_to_an_answer_and_no_page_is_fetched_twice() {
    let (fake, lost) = service();
    let folder = folder("unasked-groups");
    let first = ran(&folder, &fake, &["/shop/*", "--save-config", "mine.toml"]);
    assert_eq!(first.code, 1, "{}", first.err);
    assert_eq!(first.lost(), lost, "{}", first.err);
    assert!(
        first.err.contains("learnt from 710 of 710 log events"),
        "{}",
        first.err
    );
    let calls = fake.calls("FilterLogEvents");
    assert!(calls.len() >= 8);
    let twice: Vec<_> = calls.iter().filter(|call| call.attempt > 0).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let written = fs::read_to_string(folder.join("mine.toml")).unwrap();
    assert!(
        written.contains("[[environment]]") && !written.contains("[[files]]"),
        "{written}"
    );
    // The same file alone, without naming the groups.
    let again = ran(&folder, &fake, &["--config", "mine.toml", "--fresh"]);
    assert_eq!(again.lost(), lost, "{written}\n{}", again.err);
}

#[test]
fn what_cannot_be_read_is_the_reason_why_nothing_is_learnt() {
    let fake = FakeCloudWatch::start(100);
    let folder = folder("unasked-nothing");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command
        .current_dir(&folder)
        .args(["check", "/shop/*", "--region", "us-east-1"]);
    command.args(["--endpoint-url", fake.url(), "--from", "1h"]);
    let output = crate::support::alone::alone(&mut command, &folder, &KEYS)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("/shop/*"), "{err}");
}
