//! Which files are found, under which names, and what is said of those that are not.

use lastseen::domain::event::SourceKind;
use lastseen::domain::feed::{End, FaultKind};

use super::support::{Folder, read};

const LINE: &str = "{\"timestamp\":1763800000000,\"message\":\"a\"}\n";

#[test]
fn captures_name_environment_region_and_group() {
    let folder = Folder::new();
    folder.write("logs/qa/eu-central-1/engine.jsonl", LINE);
    folder.write("logs/prod/us-east-1/acme.intake.jsonl", LINE);
    folder.write("logs/prod/us-east-1/other.txt", LINE);
    folder.write("logs/prod/us-east-1/deeper/down.jsonl", LINE);
    folder.write("logs/prod/us-east-1/.hidden.jsonl", LINE);
    let (report, _) = read(&[folder.plan("logs/{env}/{region}/{group}.jsonl")]);
    assert_eq!(
        report.names(),
        [
            "logs/prod/us-east-1/acme.intake.jsonl",
            "logs/qa/eu-central-1/engine.jsonl"
        ]
    );
    let source = report.source("logs/prod/us-east-1/acme.intake.jsonl");
    assert_eq!(
        (&*source.env, &*source.region, &*source.group, source.kind),
        ("prod", "us-east-1", "acme.intake", SourceKind::File)
    );
    assert_eq!(
        report.end("logs/qa/eu-central-1/engine.jsonl"),
        End::WholeInput
    );
}

#[test]
fn patterns_and_what_they_match() {
    let table: [(&str, &[&str]); 9] = [
        ("*.log", &["a.log", "b.log"]),
        ("?.log", &["a.log", "b.log"]),
        ("[a]*.log", &["a.log"]),
        ("{a,b}.log", &["a.log", "b.log"]),
        ("**/*.log", &["a.log", "b.log", "d/c.log", "d/e/f.log"]),
        ("d/**", &["d/c.log", "d/e/f.log"]),
        ("{env}-{region}.txt", &["qa-eu-central-1.txt"]),
        ("d", &["d/c.log", "d/e/f.log"]),
        ("./a.log", &["a.log"]),
    ];
    let folder = Folder::new();
    for name in [
        "a.log",
        "b.log",
        "d/c.log",
        "d/e/f.log",
        "qa-eu-central-1.txt",
    ] {
        folder.write(name, LINE);
    }
    for (pattern, expected) in table {
        let (report, _) = read(&[folder.plan(pattern)]);
        assert_eq!(report.names(), expected, "{pattern}");
        assert!(report.faults.is_empty(), "{pattern}");
    }
    let (report, _) = read(&[folder.plan("{env}-{region}.txt")]);
    let source = report.source("qa-eu-central-1.txt");
    assert_eq!((&*source.env, &*source.region), ("qa", "eu-central-1"));
}

#[test]
fn a_file_is_read_once_whoever_asks_for_it() {
    let folder = Folder::new();
    let path = folder.write("a.log", LINE);
    std::os::unix::fs::symlink(&path, folder.path().join("link.log")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    let whole = folder.plan(path.to_str().unwrap());
    let (report, _) = read(&[folder.plan("a.log"), folder.plan("."), whole]);
    assert_eq!(report.names(), ["a.log"]);
    assert_eq!(report.of("a.log").events.len(), 1);
}

#[test]
fn what_is_missing_is_a_source_too() {
    let folder = Folder::new();
    folder.write("logs/a.log", LINE);
    for (path, explicit, kind) in [
        ("logs/{env}/*.jsonl", false, FaultKind::Absent),
        ("logs/{env}/*.jsonl", true, FaultKind::Failed),
        ("logs/none.log", true, FaultKind::Failed),
        ("logs/[", false, FaultKind::Failed),
    ] {
        let mut plan = folder.plan(path);
        plan.explicit = explicit;
        let (report, _) = read(&[plan, folder.plan("logs/a.log")]);
        let (found, message, remedy) = report.fault(path);
        assert_eq!(found, kind, "{path}");
        assert!(
            message.contains(path) && !remedy.is_empty(),
            "{message}: {remedy}"
        );
        assert_eq!(report.end(path), End::Nothing);
        // Everything else is still read.
        assert_eq!(report.of("logs/a.log").events.len(), 1);
    }
    let (report, _) = read(&[folder.plan("logs/b/c/{group}.log")]);
    let remedy = report.fault("logs/b/c/{group}.log").2;
    let near = folder.path().join("logs");
    assert!(remedy.contains(&format!("{}.", near.display())), "{remedy}");
}

#[test]
fn a_pipe_is_read_and_can_be_shown_again() {
    let folder = Folder::new();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    let writer = std::thread::spawn({
        let path = path.clone();
        move || std::fs::write(path, LINE.repeat(5_000) + "1763800000 text\n  more\n")
    });
    let mut plan = folder.plan("pipe");
    plan.explicit = true;
    let (report, feed) = read(&[plan]);
    writer.join().unwrap().unwrap();
    assert_eq!(report.of("pipe").events.len(), 5_001);
    assert_eq!(report.end("pipe"), End::WholeInput);
    let mut sample = report;
    sample.references = sample.references.into_iter().rev().step_by(97).collect();
    super::support::assert_readable(&sample, &feed);
}

#[test]
fn a_live_pipe_shows_its_lines_before_it_ends() {
    use std::io::Write;

    use lastseen::domain::feed::FeedEvent;
    use lastseen::sources::channel::Feed;

    let folder = Folder::new();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    let (feed, receiver) = Feed::new(8);
    let handles =
        lastseen::sources::files::pool::spawn(&[folder.plan("pipe")], None, true, 1, &feed);
    let mut writer = std::fs::File::create(&path).unwrap();
    writer.write_all(LINE.as_bytes()).unwrap();
    // The writer stays open: only what is live can answer.
    let text = loop {
        if let FeedEvent::Batch(batch) = receiver.recv_blocking().unwrap() {
            break batch.text_of(&batch.events[0]).to_vec();
        }
    };
    assert_eq!(text, b"a");
    feed.stop();
    for handle in handles {
        handle.join().unwrap();
    }
}
