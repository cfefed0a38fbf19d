//! The answer written down: whole, safe to open, and enough to send the lost messages again.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::alone::alone;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn lastseen(folder: &Path, args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command.args(args).current_dir(folder);
    let output = alone(&mut command, folder, &[]).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn export(folder: &Path, args: &[&str]) -> Ran {
    lastseen(folder, &[&["export", "--format"], args].concat())
}

/// A small day of the forgotten subscription.
fn incident() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ran = lastseen(
        folder.path(),
        &[
            "demo",
            "forgotten-subscription",
            "--messages",
            "3000",
            "--write",
            ".",
        ],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    folder
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_pack_makes_whole_what_was_lost_once_and_in_order() {
    let folder = incident();
    let checked: Value =
        serde_json::from_str(&lastseen(folder.path(), &["check", "--json"]).out).unwrap();
    let lost: BTreeSet<&str> = checked["lost"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["id"].as_str().unwrap())
        .collect();
    assert!(lost.len() > 100, "the incident loses messages");

    let ran = export(folder.path(), &["redrive", "--group-by", "topic"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.err.contains("without"), "{}", ran.err);
    let pack = lines(&ran.out);
    // A FIFO queue: it drops what it has had, and keeps the order of each group. Sent twice, as happens.
    let mut had = HashSet::new();
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for message in pack.iter().chain(&pack) {
        if had.insert(message["dedupe_id"].as_str().unwrap()) {
            let group = groups.entry(message["group"].to_string()).or_default();
            group.push(message["first_seen"].as_str().unwrap());
            let id = message["id"].as_str().unwrap();
            assert!(
                message["payload"].as_str().unwrap().contains(id),
                "the payload is that of the message: {message}"
            );
            assert_eq!(message["payload_state"], "as logged");
        }
    }
    assert_eq!(had.len(), pack.len(), "no message is in the pack twice");
    assert_eq!(had.into_iter().collect::<BTreeSet<_>>(), lost);
    assert!(groups.values().all(|times| times.is_sorted()));
}

#[test]
fn a_payload_that_is_not_there_is_said_and_not_invented() {
    let folder = incident();
    let ran = export(folder.path(), &["redrive", "--payload", "no.such"]);
    let pack = lines(&ran.out);
    assert!(pack.iter().all(|m| m["payload"].is_null()
        && m["payload_state"] == "its first log event has no field no.such"));
    let all = pack.len();
    let said = ran.err.replace(',', "");
    assert!(
        said.contains(&format!("{all} messages {all} without whole payload")),
        "{said}"
    );
}

#[test]
fn every_list_is_complete_and_one_finding_can_be_taken_alone() {
    let folder = incident();
    let ndjson = lines(&export(folder.path(), &["ndjson"]).out);
    let table = export(folder.path(), &["csv"]).out;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let id = reader
        .headers()
        .unwrap()
        .iter()
        .position(|h| h == "id")
        .unwrap();
    let ids: Vec<String> = reader
        .records()
        .map(|record| record.unwrap()[id].to_owned())
        .collect();
    let same: Vec<&str> = ndjson.iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(ids, same);

    let checked: Value = serde_json::from_str(&export(folder.path(), &["json"]).out).unwrap();
    let first = &checked["findings"][0];
    let alone = lines(&export(folder.path(), &["ndjson", "--finding", "1"]).out);
    assert_eq!(alone.len() as u64, first["lost"].as_u64().unwrap());
    let ran = export(folder.path(), &["ndjson", "--finding", "999"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no finding 999"), "{}", ran.err);
}

#[test]
fn a_file_is_for_its_owner_and_never_replaced_unasked() {
    let folder = incident();
    let path = folder.path().join("report.html");
    let args = ["html", "--output", "report.html"];
    assert_eq!(export(folder.path(), &args).code, 0);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    fs::write(&path, "mine").unwrap();
    let again = export(folder.path(), &args);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert_eq!(
        export(folder.path(), &[&args[..], &["--force"]].concat()).code,
        0
    );
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
}

#[test]
fn an_attribute_that_nobody_has_is_an_error_that_names_the_others() {
    let folder = incident();
    let ran = export(folder.path(), &["redrive", "--group-by", "topik"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.out.is_empty());
    let expected = "--group-by: there is no attribute `topik`";
    assert!(ran.err.contains(expected), "{}", ran.err);
    assert!(ran.err.contains("did you mean `topic`?"), "{}", ran.err);
}

#[test]
fn a_flag_without_effect_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (args, flag) in [
        (&["csv", "--payload", "body"][..], "--payload"),
        (&["markdown", "--finding", "1"], "--finding"),
        (&["json", "--group-by", "topic"], "--group-by"),
    ] {
        let ran = export(folder.path(), args);
        assert_eq!(ran.code, 2);
        let expected = format!("{flag} has no effect on this format");
        assert!(ran.err.contains(&expected), "{}", ran.err);
    }
}

/// A line that tries everything: to end a fence, to open a tag, to link, to be a formula.
const HOSTILE: &str = "=cmd|' /C calc'!A0 <script>alert(1)</script> ``` [x](http://evil.example) \u{1b}[31m \u{202e}x @team";

fn hostile() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"
[[files]]
path = "{env}.log"
[pipeline.orders]
id = ['id=(?<id>\S+)']
attributes = ['note=(?<note>.*)$']
[[pipeline.orders.stage]]
name = "in"
from = ["*"]
enter = 'came'
[[pipeline.orders.stage]]
name = "out"
from = ["*"]
enter = 'went'
within = "1s"
"#;
    fs::write(folder.path().join("lastseen.toml"), config).unwrap();
    let mut log = String::new();
    for second in 10..40 {
        writeln!(
            log,
            "2026-11-22T02:00:{second}Z came id==m{second} note={HOSTILE}"
        )
        .unwrap();
    }
    log.push_str("2026-11-22T03:00:00Z came id=late note=x\n");
    fs::write(folder.path().join("qa.log"), log).unwrap();
    folder
}

#[test]
fn log_text_neither_runs_nor_links_nor_formats() {
    let folder = hostile();
    let html = export(folder.path(), &["html"]).out;
    assert!(html.contains("default-src 'none'"));
    assert!(
        html.contains("&lt;script&gt;alert(1)"),
        "the line is quoted"
    );
    for forbidden in ["<script", "<a ", "href", "\u{1b}", "\u{202e}"] {
        assert!(!html.contains(forbidden), "{forbidden:?} in the HTML");
    }

    let markdown = export(folder.path(), &["markdown"]).out;
    for forbidden in ["\u{1b}", "\u{202e}"] {
        assert!(
            !markdown.contains(forbidden),
            "{forbidden:?} in the Markdown"
        );
    }
    // What stands in a fence is text; outside of it nothing opens a tag or a link.
    let mut fence = None;
    let mut quoted = 0;
    for line in markdown.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(open) if ticks >= open && line.trim_matches('`').is_empty() => fence = None,
            Some(_) => quoted += usize::from(line.contains("<script>")),
            None => {
                let outside = line.split('`').step_by(2).collect::<String>();
                assert!(
                    !outside.contains("<script") && !outside.contains("]("),
                    "{line}"
                );
            }
        }
    }
    assert!(
        fence.is_none() && quoted > 0,
        "the lines are quoted in fences"
    );

    let table = export(folder.path(), &["csv"]).out;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let cells: Vec<String> = reader
        .records()
        .flat_map(|record| {
            record
                .unwrap()
                .iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(cells.iter().any(|cell| cell.starts_with("'=")));
    assert!(
        !cells
            .iter()
            .any(|cell| cell.starts_with(['=', '+', '-', '@']))
    );
}
