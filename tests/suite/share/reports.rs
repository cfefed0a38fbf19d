//! What is written: every report and every complaint, as the program itself writes them.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::super::support::alone::alone;
use super::SECRETS;

const CONFIG: &str = r#"
[[files]]
path = "{group}.log"
env = "qa"
[share]
mask = ['customer (\w+)']
[pipeline.orders]
id = ['job=(?<id>\d+)']
attributes = ['note=\[(?<note>.*?)\]']
[[pipeline.orders.stage]]
name = "queue"
from = ["queue*"]
enter = 'queued'
[[pipeline.orders.stage]]
name = "engine"
from = ["engine*"]
enter = 'picked'
within = "5s"
"#;

fn case(folder: &Path) {
    fs::write(folder.join("lastseen.toml"), CONFIG).unwrap();
    let (mut queue, mut engine) = (String::new(), String::new());
    for (i, (_, text, _)) in SECRETS.iter().enumerate() {
        let text = text.replace('\n', "\\n");
        let time = format!("2026-11-22T02:00:{i:02}Z");
        let line = format!("{time} queued job={} note=[{text}] {text}\n", 1000 + i);
        queue.push_str(&line);
        let kept = format!("{time} picked job={}\n", 5000 + i);
        queue.push_str(&kept.replace("picked", "queued"));
        engine.push_str(&kept);
    }
    queue.push_str("2026-11-22T02:00:40Z queued job=2000 note=[x] customer Zebra\n");
    engine.push_str("2026-11-22T03:00:00Z other\n");
    fs::write(folder.join("queue.log"), queue).unwrap();
    fs::write(folder.join("engine.log"), engine).unwrap();
}

/// What it writes, and what it complains of.
fn ran(folder: &Path, line: &str) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
    command.args(line.split(' ')).current_dir(folder);
    let output = alone(&mut command, folder, &[]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn no_report_bears_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    case(folder.path());
    let mut shown = 0;
    for line in [
        "check",
        "check --json",
        "check --json --verdict completed",
        "export --format json",
        "export --format ndjson",
        "export --format csv",
        "export --format markdown",
        "export --format html",
        "hunt 1007 --json",
        "hunt 1007",
    ] {
        let (open, _) = ran(folder.path(), line);
        let (shared, err) = ran(folder.path(), &format!("{line} --share"));
        assert_eq!(open.lines().count(), shared.lines().count(), "{line}");
        shown += usize::from(open.contains("hunter2"));
        for (_, text, secret) in SECRETS.iter().filter(|(_, _, s)| s.len() > 4) {
            assert!(!shared.contains(secret), "{line}: {text}\n{shared}");
            assert!(!err.contains(secret), "{line}: {text}\n{err}");
        }
        assert!(!shared.contains("Zebra"), "{line}\n{shared}");
        if line.contains("json") && !line.contains("ndjson") {
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(&shared);
            assert!(parsed.is_ok(), "{line}: {parsed:?}\n{shared}");
        }
    }
    assert!(shown > 4, "what is not shared shows them");
    let (_, said) = ran(folder.path(), "export --format redrive --share");
    assert!(
        said.contains("--share masks what would be sent again"),
        "{said}"
    );
}

#[test]
fn a_written_file_is_masked_too() {
    let folder = tempfile::tempdir().unwrap();
    case(folder.path());
    for format in ["json", "csv", "html", "markdown", "ndjson"] {
        let line = format!("export --format {format} --output out.{format} --share");
        ran(folder.path(), &line);
        let text = fs::read_to_string(folder.path().join(format!("out.{format}"))).unwrap();
        assert!(text.contains("1007"), "{text}");
        for (_, _, secret) in SECRETS.iter().filter(|(_, _, s)| s.len() > 4) {
            assert!(!text.contains(secret), "{format}: {secret}\n{text}");
        }
    }
}
