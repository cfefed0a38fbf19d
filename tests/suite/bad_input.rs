//! Bad and hostile input through the real binary: each fault is told with its remedy, ends with 2,
//! and takes nothing else along.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fs;
use std::io::{Read as _, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use lastseen::domain::safe::is_safe;
use serde_json::Value;

const CONFIG: &str = r#"[pipeline.orders]
id = ["id"]
attributes = ["host"]

[[pipeline.orders.stage]]
name = "queue"
from = ["*queue*"]
enter = { field = "event", equals = "in" }
within = "5s"

[[pipeline.orders.stage]]
name = "engine"
from = ["*engine*"]
enter = { field = "event", equals = "picked" }
exit = { field = "event", equals = "done" }
within = "5s"
"#;

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    fn lost(&self) -> Vec<String> {
        ids(&self.json()["lost"])
    }
}

fn ids(list: &Value) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

fn binary(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("TZ", "UTC")
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Said {
    let output = binary(folder).args(args).output().unwrap();
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// One log event, so many seconds after one o'clock.
fn event(seconds: u32, event: &str, id: &str) -> String {
    let (minute, second) = (seconds / 60, seconds % 60);
    format!(
        r#"{{"timestamp":"2026-03-14T01:{minute:02}:{second:02}.000Z","event":"{event}","id":"{id}","host":"h1"}}"#
    ) + "\n"
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).unwrap();
}

/// `kept` comes out, `gone` does not; the last event proves that time went on.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, "lastseen.toml", CONFIG);
    write(
        path,
        "queue.jsonl",
        event(0, "in", "kept") + &event(1, "in", "gone"),
    );
    let engine = event(2, "picked", "kept") + &event(3, "done", "kept");
    write(path, "engine.jsonl", engine + &event(600, "tick", "clock"));
    folder
}

/// Checks the good files and a bad one: it fails with these words, and the rest is as it was.
fn spoilt(folder: &Path, bad: &str, words: &[&str]) {
    let said = run(
        folder,
        &["check", "--json", "queue.jsonl", "engine.jsonl", bad],
    );
    assert_eq!(said.code, Some(2), "{bad}: {}", said.err);
    for word in words {
        assert!(
            said.err.contains(word),
            "{bad}: no {word:?} in {}",
            said.err
        );
    }
    let told = said.err.lines().next().unwrap();
    assert!(told.starts_with("error: ") && told.contains(bad), "{told}");
    assert!(said.err.contains("\nhelp: "), "{}", said.err);
    assert_eq!(said.lost(), ["gone"], "{bad}");
    let value = said.json();
    for (name, events) in [("queue.jsonl", 2), ("engine.jsonl", 3)] {
        let sources = value["sources"].as_array().unwrap();
        let source = sources.iter().find(|s| s["name"] == name).unwrap();
        assert_eq!(source["state"], "complete", "{bad}: {source}");
        assert_eq!(source["events"], events, "{bad}: {source}");
    }
    // The same for people: the loss stands there too.
    let said = run(folder, &["check", "queue.jsonl", "engine.jsonl", bad]);
    assert_eq!(said.code, Some(2));
    assert!(said.out.starts_with("1 LOST of "), "{bad}: {}", said.out);
}

#[test]
fn a_missing_file_names_the_nearest_one() {
    let folder = folder();
    write(folder.path(), "audit-01.log", event(5, "in", "x"));
    spoilt(
        folder.path(),
        "audit-02.log",
        &["there is no file", "help: Did you mean audit-01.log?"],
    );
    spoilt(
        folder.path(),
        "far/away/from/all.log",
        &["there is no file", "the nearest folder that exists is"],
    );
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_an_error() {
    let folder = folder();
    // Whoever may read everything (root) is stopped by these as well.
    std::os::unix::fs::symlink("/nowhere", folder.path().join("dangling.log")).unwrap();
    spoilt(
        folder.path(),
        "dangling.log",
        &["help: It is a link to /nowhere, which is not there."],
    );
    #[cfg(target_os = "linux")]
    spoilt(
        folder.path(),
        "/proc/self/mem",
        &["cannot read", "Check that it is a readable file"],
    );
}

#[test]
fn a_file_that_may_not_be_read_or_holds_nothing_is_an_error() {
    let folder = folder();
    write(folder.path(), "empty.log", "");
    spoilt(folder.path(), "empty.log", &["empty.log is empty"]);
    let noise: Vec<u8> = (0..4_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    write(folder.path(), "core.log", noise);
    spoilt(folder.path(), "core.log", &["core.log is binary data"]);
}

#[test]
fn a_truncated_archive_is_an_error_and_its_beginning_is_kept() {
    let folder = folder();
    let many: String = (0..2_000)
        .map(|n| event(10 + n % 50, "note", &format!("n{}", n * 7_919 % 10_007)))
        .collect();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(many.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    write(folder.path(), "cut.gz", &packed[..packed.len() / 2]);
    spoilt(folder.path(), "cut.gz", &["breaks off in its gzip data"]);
    let said = run(folder.path(), &["check", "--json", "cut.gz"]);
    let source = &said.json()["sources"][0];
    let kept = source["events"].as_u64().unwrap();
    assert!(kept > 0 && kept < 2_000, "{source}");
    assert_eq!(source["state"], "partial");

    let packed = zstd::encode_all(many.as_bytes(), 1).unwrap();
    write(folder.path(), "cut.zst", &packed[..packed.len() / 2]);
    spoilt(folder.path(), "cut.zst", &["breaks off in its zstd data"]);
}

/// The greatest memory that a running process has had, in kilobytes.
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_of_64_megabytes_is_cut_in_bounded_memory() {
    let folder = folder();
    let path = folder.path();
    let mut long = fs::File::create(path.join("long.log")).unwrap();
    let begin = event(5, "note", "long");
    long.write_all(begin.trim_end_matches("}\n").as_bytes())
        .unwrap();
    long.write_all(b",\"pad\":\"").unwrap();
    for _ in 0..64 {
        long.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    let after = "\"}\n".to_owned() + &event(6, "note", "after");
    long.write_all(after.as_bytes()).unwrap();
    spoilt(
        path,
        "long.log",
        &["long.log:1: 1 log event over the size limit"],
    );
    // Enough losses that the answer does not fit into a pipe: the process waits for its reader.
    let many: String = (0..2_000)
        .map(|n| event(n % 60, "in", &format!("n{n}")))
        .collect();
    write(path, "more-queue.jsonl", many);
    let mut child = binary(path)
        .args(["check", "--json", "."])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut text = vec![0];
    out.read_exact(&mut text).unwrap();
    let peak = peak_memory(child.id());
    out.read_to_end(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let value: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(value["lost"].as_array().unwrap().len(), 2_001);
    assert!(peak < 60 * 1024, "{peak} kB for a line of 65,536 kB");
}

#[test]
fn a_wrong_configuration_names_file_line_and_remedy() {
    let folder = folder();
    let rows = [
        (
            "enter = { field = \"event\", equals = \"in\" }",
            "enter = 'in (?<id>[0-9'",
            "error: lastseen.toml:8:9: pipeline.orders.stage[1].enter: invalid pattern: unclosed character class\n  in (?<id>[0-9\n           ^\nhelp: ",
        ),
        (
            "id = [\"id\"]",
            "id = ['job=[0-9]+']",
            "error: lastseen.toml:2:7: pipeline.orders.id[1]: `job=[0-9]+`: looks like a pattern, but has no named group",
        ),
        (
            "attributes = [\"host\"]",
            "link = ['x (?<a>[0-9]+)']",
            "error: lastseen.toml:3:9: pipeline.orders.link[1]: the pattern has no group `b`",
        ),
        (
            "exit =",
            "exti =",
            "error: lastseen.toml:15:1: pipeline.orders.stage[2].exti: unknown key `exti`\nhelp: did you mean `exit`?",
        ),
        (
            "name = \"queue\"",
            "name = \"queue\"\nafter = [\"engine\"]",
            "the stages of pipeline `orders` go in a circle: queue -> engine -> queue\nhelp: ",
        ),
    ];
    for (right, wrong, words) in rows {
        assert!(CONFIG.contains(right));
        write(
            folder.path(),
            "lastseen.toml",
            CONFIG.replacen(right, wrong, 1),
        );
        let said = run(folder.path(), &["check", "queue.jsonl", "engine.jsonl"]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{wrong}");
        assert!(said.err.contains(words), "{wrong}: {}", said.err);
        assert!(
            said.err.starts_with("error: lastseen.toml:"),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_window_that_ends_before_it_begins_is_refused() {
    let folder = folder();
    let said = run(
        folder.path(),
        &["check", "queue.jsonl", "--from", "02:00", "--to", "01:00"],
    );
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert!(
        said.err
            .starts_with("error: --from: the window ends before it begins")
            && said.err.contains("\nhelp: swap them"),
        "{}",
        said.err
    );
}

/// Lines of the engine that would complete `gone` if they were read carelessly.
fn forgeries() -> Vec<String> {
    let at = r#""timestamp":"2026-03-14T01:00:04.000Z""#;
    vec![
        // A nested object says it, not the event.
        format!(r#"{{{at},"event":"note","copy":{{"event":"done","id":"gone"}}}}"#),
        format!(r#"{{{at},"copy":{{"event":"done","id":"gone"}},"id":"gone","event":"note"}}"#),
        // A key that stands twice says two things.
        format!(r#"{{{at},"event":"note","event":"done","id":"gone"}}"#),
        format!(r#"{{{at},"event":"done","id":"other","id":"gone"}}"#),
        // A quote inside a text ends nothing.
        format!(
            r#"{{{at},"text":"\",\"event\":\"done\",\"id\":\"gone\",\"x\":\"","event":"note"}}"#
        ),
        // An exit of another stage in the text of a log event.
        format!(r#"{{{at},"event":"note","id":"gone","text":"event=done id=gone"}}"#),
        // Broken JSON.
        format!(r#"{{{at},"event":"done","id":"gone""#),
        // The exit of a key that only looks like the right one.
        format!(r#"{{{at},"event\u200b":"done","id":"gone"}}"#),
    ]
}

#[test]
fn no_line_forges_an_exit() {
    for forged in forgeries() {
        let folder = folder();
        let engine = fs::read_to_string(folder.path().join("engine.jsonl")).unwrap();
        write(
            folder.path(),
            "engine.jsonl",
            forged.clone() + "\n" + &engine,
        );
        let said = run(
            folder.path(),
            &["check", "--json", "queue.jsonl", "engine.jsonl"],
        );
        assert_eq!(said.code, Some(1), "{forged}: {}", said.err);
        assert!(said.lost().contains(&"gone".to_owned()), "{forged}");
        assert!(!said.lost().contains(&"kept".to_owned()), "{forged}");
    }
    // The same words at the queue are no exit of the engine either.
    let folder = folder();
    let queue = fs::read_to_string(folder.path().join("queue.jsonl")).unwrap();
    write(
        folder.path(),
        "queue.jsonl",
        queue + &event(4, "done", "gone"),
    );
    let said = run(
        folder.path(),
        &["check", "--json", "queue.jsonl", "engine.jsonl"],
    );
    assert_eq!((said.code, said.lost()), (Some(1), vec!["gone".to_owned()]));
}

#[test]
fn a_key_written_with_escapes_is_that_key_and_hides_nothing() {
    let folder = folder();
    let escaped = r#"{"timestamp":"2026-03-14T01:00:05.000Z","\u0065vent":"\u0069n","\u0069d":"hid\u0064en"}"#;
    let queue = fs::read_to_string(folder.path().join("queue.jsonl")).unwrap();
    write(folder.path(), "queue.jsonl", queue + escaped + "\n");
    let said = run(
        folder.path(),
        &["check", "--json", "queue.jsonl", "engine.jsonl"],
    );
    assert_eq!(said.lost(), ["gone", "hidden"]);
}

/// An escape sequence, a title, a C1 control, a reversal and a character without width.
const EVIL: &str = "\u{1b}[2J\u{1b}]0;pwned\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}";

fn assert_tame(said: &Said) {
    for text in [&said.out, &said.err] {
        let raw = text.chars().find(|c| *c != '\n' && !is_safe(*c));
        assert_eq!(raw, None, "{text:?}");
    }
}

#[cfg(unix)]
#[test]
fn no_text_of_a_log_reaches_the_terminal_raw() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let config = format!(
        "[[files]]\npath = \"logs/{{env}}/{{group}}.jsonl\"\n{}",
        CONFIG.replace("[\"host\"]", r#"["host", 'note=(?<no>\S+)']"#)
    );
    write(path, "lastseen.toml", config);
    let logs = path.join("logs").join(format!("qa{EVIL}"));
    fs::create_dir_all(&logs).unwrap();
    let line = |seconds: u32, event: &str, id: &str| {
        let value = serde_json::json!({
            "timestamp": 1_773_450_000_000_u64 + u64::from(seconds) * 1_000,
            "logStreamName": format!("stream{EVIL}"),
            "message": serde_json::json!({
                "event": event, "id": id, "host": EVIL, "text": format!("note={EVIL}"),
            }).to_string(),
        });
        value.to_string() + "\n"
    };
    let id = format!("id{EVIL}");
    write(
        &logs,
        &format!("queue{EVIL}.jsonl"),
        line(0, "in", &id) + EVIL + "\n{bad\n",
    );
    write(&logs, "engine.jsonl", line(600, "tick", "clock"));
    // Raw controls in the bytes of a line, too.
    write(
        &logs,
        "broken.jsonl",
        format!("{EVIL} nothing\n{{\"a\":\"{EVIL}\n"),
    );
    let said = run(path, &["check"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert_tame(&said);
    assert!(said.out.contains("id\u{241b}[2J"), "{}", said.out);
    let said = run(path, &["check", "--json"]);
    assert_tame(&said);
    // A program gets the very ID.
    assert_eq!(said.lost(), [id]);
    let row = &said.json()["lost"][0];
    assert_eq!(row["attributes"]["host"], EVIL);
    assert_eq!(row["env"], format!("qa{EVIL}"));
    assert!(row["last_source"].as_str().unwrap().contains(EVIL));
    let text = said.json()["findings"][0]["log_events"][0]["text"].to_string();
    assert!(text.contains("pwned"), "{text}");
    // And on the way to a file that is not there.
    let said = run(path, &["check", &format!("no{EVIL}.log")]);
    assert_eq!(said.code, Some(2));
    assert_tame(&said);
}

#[test]
fn a_path_given_by_hand_is_read_as_the_configuration_says() {
    let folder = folder();
    let path = folder.path();
    let config = CONFIG
        .replace("*queue*", "queue")
        .replace("*engine*", "engine");
    let files = "[[files]]\npath = \"logs/{env}/{group}.jsonl\"\n";
    write(path, "lastseen.toml", files.to_owned() + &config);
    fs::create_dir_all(path.join("logs/qa")).unwrap();
    for name in ["queue.jsonl", "engine.jsonl"] {
        fs::rename(path.join(name), path.join("logs/qa").join(name)).unwrap();
    }
    for source in ["logs", "logs/qa", "logs/*/*.jsonl"] {
        let said = run(path, &["check", "--json", source]);
        assert_eq!((said.code, said.lost()), (Some(1), vec!["gone".to_owned()]));
        let value = said.json();
        assert_eq!(value["lost"][0]["env"], "qa", "{source}");
        assert_eq!(value["sources"][1]["group"], "queue", "{source}");
    }
}

/// Two messages an hour; the engine's log was cut each hour, and one of its files was not copied.
#[test]
fn what_a_missing_file_of_a_log_could_have_held_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, "lastseen.toml", CONFIG);
    let hour = |number: u32, text: String| text.replace("T01:", &format!("T0{number}:"));
    for number in 1..=3 {
        let (kept, gone) = (format!("kept{number}"), format!("gone{number}"));
        let queue = event(0, "in", &kept) + &event(1200, "in", &gone) + &event(3599, "tick", "-");
        let engine = event(2, "picked", &kept) + &event(3, "done", &kept);
        let engine = engine + &event(3598, "tick", "-");
        write(path, &format!("queue-0{number}.jsonl"), hour(number, queue));
        if number != 2 {
            write(
                path,
                &format!("engine-0{number}.jsonl"),
                hour(number, engine),
            );
        }
    }
    let said = run(path, &["check", "--json", "."]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert_eq!(said.lost(), ["gone1", "gone3"]);
    let words = "engine-02.jsonl: not there: what was logged from 2026-03-14T01:59:58.001Z";
    assert!(said.err.contains(words), "{}", said.err);
    assert!(
        said.err.contains("beside it, queue-02.jsonl, is there"),
        "{}",
        said.err
    );
    let value = said.json();
    let source = value["sources"].as_array().unwrap().iter();
    let missing = source.clone().find(|s| s["name"] == "engine-02.jsonl");
    assert_eq!(missing.unwrap()["state"], "absent");
    let counts = &value["pipelines"][0]["environments"][0];
    assert_eq!((&counts["lost"], &counts["blind"]), (&2.into(), &2.into()));
    // With the file everything is known again.
    let engine = event(2, "picked", "kept2") + &event(3, "done", "kept2");
    write(path, "engine-02.jsonl", hour(2, engine));
    let said = run(path, &["check", "--json", "."]);
    assert_eq!(said.lost(), ["gone1", "gone2", "gone3"]);
}

#[test]
fn every_exit_code_is_reached() {
    let folder = folder();
    let code = |args: &[&str]| run(folder.path(), args).code;
    write(folder.path(), "only-queue.jsonl", event(0, "in", "kept"));
    assert_eq!(
        code(&["check", "only-queue.jsonl", "engine.jsonl"]),
        Some(0)
    );
    assert_eq!(code(&["check", "queue.jsonl", "engine.jsonl"]), Some(1));
    assert_eq!(code(&["check", "queue.jsonl", "gone.jsonl"]), Some(2));
    // Nothing was read of the engine.
    let later = event(0, "in", "kept") + &event(600, "in", "later");
    write(folder.path(), "only-queue.jsonl", later);
    assert_eq!(code(&["check", "only-queue.jsonl"]), Some(3));
}

#[test]
fn standard_input_is_a_source_and_empty_it_is_an_error() {
    let folder = folder();
    let with = |input: &[u8]| {
        let mut child = binary(folder.path())
            .args(["check", "--json", "queue.jsonl", "engine.jsonl", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), err)
    };
    let (code, err) = with(event(5, "note", "x").as_bytes());
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let (code, err) = with(b"");
    assert_eq!(code, Some(2));
    assert!(err.starts_with("error: stdin is empty\nhelp: "), "{err}");
}

/// The keys of an object, in their order.
fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap_or_else(|| panic!("{value}"));
    object.keys().map(String::as_str).collect()
}

fn is_time(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() == 24 && text.ends_with('Z') && text.as_bytes()[19] == b'.'
}

#[test]
fn the_object_of_the_binary_has_every_key_of_schema_1() {
    let folder = folder();
    let args = ["check", "--json", "queue.jsonl", "engine.jsonl"];
    let said = run(folder.path(), &args);
    // Nothing is told of the progress where nobody watches.
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    let value = said.json();
    let top = [
        "schema",
        "window",
        "sources",
        "pipelines",
        "findings",
        "lost",
    ];
    assert_eq!(keys(&value), top);
    assert_eq!(value["schema"], 1);
    assert_eq!(keys(&value["window"]), ["from", "to"]);
    assert!(is_time(&value["window"]["from"]) && is_time(&value["window"]["to"]));
    let source = &value["sources"][0];
    let wanted = "name env region group state from to events bytes note";
    assert_eq!(keys(source).join(" "), wanted);
    assert!(source["events"].is_u64() && source["bytes"].is_u64() && is_time(&source["from"]));
    assert_eq!(keys(&value["pipelines"][0]), ["name", "environments"]);
    let env = &value["pipelines"][0]["environments"][0];
    let wanted = "name entered completed failed dead_lettered pending blind lost unentered duplicates late edges";
    assert_eq!(keys(env).join(" "), wanted);
    let counts = [&env["entered"], &env["completed"], &env["lost"]].map(Value::as_u64);
    assert_eq!(counts, [Some(2), Some(1), Some(1)]);
    let wanted = "from to entered passed lost p50_ms p99_ms allowance_ms";
    assert_eq!(keys(&env["edges"][0]).join(" "), wanted);
    assert_eq!(env["edges"][0]["allowance_ms"], 5_000);
    let finding = &value["findings"][0];
    let wanted = "rank kind title env pipeline edge lost of onset onset_low onset_high attributes messages log_events";
    assert_eq!(keys(finding).join(" "), wanted);
    assert_eq!(keys(&finding["edge"]), ["from", "to"]);
    assert_eq!(finding["messages"], serde_json::json!(["gone"]));
    let line = &finding["log_events"][0];
    assert_eq!(keys(line), ["source", "timestamp", "text"]);
    assert_eq!(line["source"], "queue.jsonl");
    assert_eq!(line["timestamp"], "2026-03-14T01:00:01.000Z");
    assert_eq!(line["text"], event(1, "in", "gone").trim_end());
    let lost = &value["lost"][0];
    let wanted = "id ids env pipeline last_stage last_seen last_source attributes";
    assert_eq!(keys(lost).join(" "), wanted);
    assert_eq!(lost["last_stage"], "queue");
    assert_eq!(lost["last_source"], "queue.jsonl");
    assert_eq!(lost["attributes"], serde_json::json!({ "host": "h1" }));
}

#[test]
fn a_long_log_event_is_quoted_in_part() {
    let folder = folder();
    let long = event(7, "in", "long").replace("h1", &"\u{fc}".repeat(2_000));
    write(folder.path(), "queue.jsonl", long);
    let said = run(
        folder.path(),
        &["check", "--json", "queue.jsonl", "engine.jsonl"],
    );
    let value = said.json();
    let text = &value["findings"][0]["log_events"][0]["text"];
    let text = text.as_str().unwrap();
    assert!(text.ends_with("\u{fc}..."), "{text}");
    assert_eq!(text.chars().count(), 403);
}

#[test]
fn a_reader_that_closes_early_is_no_error() {
    let folder = folder();
    let many: String = (0..3_000)
        .map(|n| event(n % 60, "in", &format!("n{n}")))
        .collect();
    write(folder.path(), "more-queue.jsonl", many);
    let mut child = binary(folder.path())
        .args(["check", "--json", "more-queue.jsonl", "engine.jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 10]).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    // Most of the answer was never written, and what it means was told all the same.
    assert_eq!((output.status.code(), err.as_str()), (Some(1), ""));
}
