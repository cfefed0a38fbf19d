//! The program itself without a configuration: standard input, what is saved, and what is refused.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::alone::alone;

/// Exit code, standard output, standard error.
type Ran = (i32, String, String);

fn lastseen(folder: &Path, args: &[&str], input: Option<&str>) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command.args(args).current_dir(folder);
    let command = alone(&mut command, folder, &[]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // What is refused early is not read.
    let _unread = stdin.write_all(input.unwrap_or_default().as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (code, text(output.stdout), text(output.stderr))
}

/// 300 orders through three steps; ten are never packed.
fn orders() -> String {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for n in 0..300_usize {
        let id = format!(
            "{:012x}",
            0x9e37_79b9_7f4a_usize.wrapping_mul(n + 1) & 0xffff_ffff_ffff
        );
        let mut say = |seconds: usize, what: &str| {
            let at = n * 5 + seconds;
            let clock = format!("{:02}:{:02}:{:02}", at / 3600, at / 60 % 60, at % 60);
            lines.push((at, format!("2026-03-14T{clock}Z INFO {what} order={id}")));
        };
        say(0, "order taken");
        say(2, "order picked");
        if n < 100 || n % 20 != 0 {
            say(6, "order packed");
        }
    }
    lines.sort();
    let mut text = String::new();
    for (_, line) in lines {
        writeln!(text, "{line}").unwrap();
    }
    text
}

#[test]
fn standard_input_is_learnt_from_and_judged_like_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = orders();
    fs::write(folder.path().join("orders.log"), &text).unwrap();
    let lost = |(code, out, err): Ran| {
        assert_eq!(code, 1, "{out}{err}");
        let said: serde_json::Value = serde_json::from_str(&out).unwrap();
        let events: u64 = said["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["events"].as_u64().unwrap())
            .sum();
        let lost = said["lost"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["id"].to_string());
        (events, lost.collect::<Vec<_>>())
    };
    let of_file = lost(lastseen(
        folder.path(),
        &["check", "orders.log", "--json"],
        None,
    ));
    let of_input = lost(lastseen(
        folder.path(),
        &["check", "-", "--json"],
        Some(&text),
    ));
    assert_eq!(of_file, of_input);
    assert_eq!((of_input.0, of_input.1.len()), (890, 10));
    let (code, out, err) = lastseen(folder.path(), &["-"], Some(&text));
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("learnt from 890 of 890 log events"), "{err}");
}

#[test]
fn what_cannot_be_saved_is_said_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orders.log"), orders()).unwrap();
    let saved = ["check", "orders.log", "--save-config", "mine.toml"];
    let (code, _, err) = lastseen(folder.path(), &saved, None);
    assert_eq!(code, 1, "{err}");
    let written = fs::read_to_string(folder.path().join("mine.toml")).unwrap();
    let (code, _, err) = lastseen(folder.path(), &saved, None);
    assert_eq!(code, 2);
    assert!(err.contains("mine.toml is there already"), "{err}");
    assert!(err.contains("--save-config FILE"), "{err}");
    assert!(
        !err.contains("--force") && !err.contains("learnt from"),
        "{err}"
    );

    fs::write(folder.path().join("lastseen.toml"), written).unwrap();
    let other = ["check", "orders.log", "--save-config", "other.toml"];
    let (code, _, err) = lastseen(folder.path(), &other, None);
    assert_eq!(code, 2);
    assert!(err.contains("--save-config has nothing to save"), "{err}");
    assert!(err.contains("lastseen.toml"), "{err}");
    assert!(!folder.path().join("other.toml").exists());
}

#[test]
fn a_configuration_is_not_written_for_readers() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orders.log"), orders()).unwrap();
    for args in [
        &["init", "orders.log", "--print", "--share"][..],
        &["init", "orders.log", "--share"],
        &[
            "check",
            "orders.log",
            "--save-config",
            "mine.toml",
            "--share",
        ],
    ] {
        let (code, out, err) = lastseen(folder.path(), args, None);
        assert_eq!(code, 2, "{out}{err}");
        assert!(
            err.contains("with --share: a configuration with masked names"),
            "{err}"
        );
        assert!(out.is_empty(), "{out}");
    }
    assert!(!folder.path().join("lastseen.toml").exists());
}

#[test]
fn what_is_learnt_tells_readers_nothing_of_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let text = orders().replace("order packed", "mailed to zebra.meier@example.org");
    fs::write(folder.path().join("orders.log"), text).unwrap();
    let (_, out, err) = lastseen(folder.path(), &["check", "orders.log", "--share"], None);
    let all = format!("{out}{err}").to_lowercase();
    assert!(all.contains("stages"), "{all}");
    assert!(!all.contains("zebra") && !all.contains("meier"), "{all}");
}
