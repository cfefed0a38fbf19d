//! `lastseen hunt` as it is typed: the real program, its answer and its exit code.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::alone::{alone, folder};
use crate::support::binary::KEYS;
use crate::support::emulator::SECRET;
use crate::support::fake_cloudwatch::{Event, Trouble};
use crate::support::shop;

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command.arg("hunt").args(args).current_dir(folder);
    alone(&mut command, folder, &KEYS);
    command
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!(out.clone() + &err).contains(SECRET), "a secret was shown");
    (output.status.code().unwrap(), out, err)
}

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    said(&command(folder, args).output().unwrap())
}

fn with_window<'a>(args: &[&'a str], window: &'a [String; 4]) -> Vec<&'a str> {
    let window = window.iter().map(String::as_str);
    args.iter().copied().chain(window).collect()
}

/// Order 30 never reached the engine that is configured: another one took it, elsewhere.
#[test]
fn the_lost_ones_are_loaded_and_hunted() {
    let fake = shop::fake();
    let taken = Event::new(shop::FROM + 303_000, "1", "order=o-30 picked up");
    fake.group("ap-south-1", "/shop/second-engine", vec![taken]);
    let folder = folder("hunt-lost");
    shop::configure(&folder, fake.url(), "");
    let window = shop::window();
    let (code, out, err) = run(&folder, &with_window(&["--lost"], &window));
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for line in [
        "FOUND in 1 place: 1 of 2 lost messages\n",
        "\n/shop/second-engine\n  qa, ap-south-1, account 123456789012, NEW, in no configuration,\n",
        "regions = [\"us-east-1\", \"ap-south-1\"]\n",
    ] {
        assert!(out.contains(line), "{line} in {out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let asked = fake.calls("FilterLogEvents");
    let hunted = asked.iter().filter(|call| !call.pattern.is_empty());
    let hunted: Vec<&str> = hunted.map(|call| call.group.as_str()).collect();
    // What the load has read is not searched again.
    assert_eq!(hunted, ["/shop/second-engine"]);

    let (code, out, _) = run(&folder, &with_window(&["--json"], &window));
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &answer["places"][0]["region"]),
        (0, &"ap-south-1".into())
    );
    assert_eq!(answer["targets"][0]["last_stage"], "queue");
}

#[test]
fn the_exit_code_tells_nowhere_from_not_known() {
    let fake = shop::fake();
    let folder = folder("hunt-codes");
    shop::configure(&folder, fake.url(), "");
    let window = shop::window();
    let hunt = |args: &[&str]| run(&folder, &with_window(args, &window));
    assert_eq!(hunt(&["o-30"]).0, 0);
    assert_eq!(hunt(&["o-31415"]).0, 1);
    let (code, out, _) = hunt(&["o-31415", "--max-calls", "20"]);
    assert_eq!(code, 3, "{out}");
    assert!(
        out.contains("the budget is spent") && out.contains("20 of 20 calls"),
        "{out}"
    );
    fake.script(|call| {
        let denied = call.operation == "DescribeLogGroups" && call.region == "us-east-1";
        denied.then_some(Trouble::Error(400, "AccessDeniedException", "no"))
    });
    assert_eq!(
        hunt(&["o-30", "--region", "us-east-1"]).0,
        2,
        "nothing could be searched"
    );
    assert_eq!(hunt(&["o-30", "--region", "us-east-1,eu-west-1"]).0, 2);
    let regions = fake.calls("DescribeLogGroups");
    assert!(regions.iter().any(|call| call.region == "eu-west-1"));
}

#[test]
fn files_need_no_cloud() {
    let folder = folder("hunt-files-command");
    fs::write(
        folder.join("app.log"),
        "2026-03-14T02:00:00Z order=o-1 in\n",
    )
    .unwrap();
    let (code, out, err) = run(&folder, &["o-1", "--in", "app.log"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(
        out.contains("\napp.log\n  local, configured\n  o-1\n    1 log event, "),
        "{out}"
    );
    assert_eq!(run(&folder, &["o-2", "--in", "app.log"]).0, 1);
    assert_eq!(run(&folder, &["o-2", "--in", "missing.log"]).0, 2);
    let wrong: [(&[&str], &str); 5] = [
        (&["o-1"], "nothing to read"),
        (&["--in", "app.log"], "no ID is given"),
        (&[" ", "--in", "app.log"], "an empty ID"),
        (&["o-1", "--lost"], "cannot be used with"),
        (&["o-1", "--max-bytes", "many"], "500MB"),
    ];
    for (args, why) in wrong {
        let (code, _, err) = run(&folder, args);
        assert!(code == 2 && err.contains(why), "{args:?}: {code} {err}");
    }
}

/// Without any configuration the credentials alone decide where to look.
#[test]
fn credentials_and_a_region_are_enough() {
    let fake = shop::fake();
    let folder = folder("hunt-bare");
    let window = shop::window();
    let args = ["o-30", "--endpoint-url", fake.url(), "--json"];
    let (code, out, err) = run(&folder, &with_window(&args, &window));
    assert_eq!((code, err.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["places"][0]["group"], shop::QUEUE);
    assert_eq!(answer["places"][0]["env"], "aws");
}

#[test]
fn an_interrupt_prints_what_was_found() {
    let fake = shop::fake();
    fake.script(|call| {
        let hangs = call.operation == "FilterLogEvents" && call.group == shop::ENGINE;
        hangs.then_some(Trouble::Hang)
    });
    let folder = folder("hunt-interrupt");
    shop::configure(&folder, fake.url(), "");
    let window = shop::window();
    let child = command(&folder, &with_window(&["o-30", "--json"], &window))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let asked = |group: &str| {
        fake.calls("FilterLogEvents")
            .iter()
            .any(|c| c.group == group)
    };
    while !asked(shop::ENGINE) || !asked(shop::QUEUE) {
        std::thread::yield_now();
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let (code, out, _) = said(&child.wait_with_output().unwrap());
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&answer["cancelled"], &answer["complete"]),
        (&true.into(), &false.into())
    );
    assert_eq!(answer["not_searched"][0]["cause"], "cancelled");
    let found = answer["found"] == true;
    assert_eq!(code, if found { 0 } else { 3 });
}
