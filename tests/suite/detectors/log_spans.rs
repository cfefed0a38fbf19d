//! A log that begins too late or ends too early for most of the lost, told in plain words.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::alone::{alone, folder};

const CONFIG: &str = r#"
[[files]]
path = "{group}.log"

[pipeline.uploads]
id = ['upload (?<id>\d+)']

[[pipeline.uploads.stage]]
name = "receiver"
from = ["receiver"]

[[pipeline.uploads.stage]]
name = "transcoder"
from = ["transcoder"]
within = "10s"
"#;

/// One upload every ten seconds, for an hour; those that `reaches` says come to the transcoder.
fn text_of(name: &str, came: impl Fn(u32) -> bool, reaches: impl Fn(u32) -> bool) -> String {
    let folder = folder(name);
    fs::write(folder.join("lastseen.toml"), CONFIG).unwrap();
    let (mut receiver, mut transcoder) = (String::new(), String::new());
    for upload in (0..360).filter(|upload| came(*upload)) {
        let at = |second: u32| {
            let second = upload * 10 + second;
            format!("2026-03-14T06:{:02}:{:02}Z", second / 60, second % 60)
        };
        writeln!(receiver, "{} stored upload {upload:05}", at(0)).unwrap();
        if reaches(upload) {
            writeln!(transcoder, "{} transcoding upload {upload:05}", at(2)).unwrap();
        }
    }
    fs::write(folder.join("receiver.log"), receiver).unwrap();
    fs::write(folder.join("transcoder.log"), transcoder).unwrap();
    said(&folder)
}

fn said(folder: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command.args(["check", "."]).current_dir(folder);
    let output = alone(&mut command, folder, &[]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_log_that_begins_late_is_told_first() {
    let text = text_of("late-log", |_| true, |n| n >= 120 && n % 50 != 0);
    let why = text.split("Why\n").nth(1).unwrap_or_default();
    assert!(
        why.starts_with(
            "  silent emitter: local: nothing is logged by transcoder before 06:20:02 UTC: 120 of 125 \
             lost after receiver were last seen before that and never reached transcoder: either it did \
             not run until then, or the earlier part of its log is not here\n"
        ),
        "{text}"
    );
}

#[test]
fn a_log_that_ends_early_says_that_the_rest_may_be_missing() {
    let text = text_of("early-log", |_| true, |n| n < 200 && n % 50 != 7);
    assert!(text.contains("06:33:12 UTC"), "{text}");
    let rest = "either it stopped, or the rest of its log is not here";
    assert_eq!(text.matches(rest).count(), 1, "{text}");
}

#[test]
fn neither_is_told_where_nothing_was_sent_before_or_few_were_lost() {
    for (name, text) in [
        ("unsent", text_of("unsent", |n| n >= 120, |n| n % 10 != 0)),
        ("few", text_of("few", |_| true, |n| n >= 4)),
        ("diffuse", text_of("diffuse", |_| true, |n| n % 5 != 0)),
    ] {
        assert!(!text.contains("log is not here"), "{name}: {text}");
    }
}
