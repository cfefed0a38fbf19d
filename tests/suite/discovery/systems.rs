//! Small systems of other shapes, written by hand: what is lost in them is known, and is found without
//! any configuration.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lastseen::domain::verdict::Verdict;

use super::learning::{Said, judge, learn};
use crate::support::alone::folder;

/// Logs by file, and the IDs of what is lost in them.
#[derive(Default)]
struct System {
    files: Vec<(&'static str, Vec<(i64, String)>)>,
    lost: BTreeSet<String>,
}

impl System {
    /// A line of a file at a time, in milliseconds after midnight.
    fn say(&mut self, file: &'static str, at: i64, line: String) {
        match self.files.iter_mut().find(|(name, _)| *name == file) {
            Some((_, lines)) => lines.push((at, line)),
            None => self.files.push((file, vec![(at, line)])),
        }
    }

    fn write(&mut self, folder: &Path) {
        for (name, lines) in &mut self.files {
            lines.sort_by_key(|(at, _)| *at);
            let mut text = String::new();
            for (_, line) in lines {
                writeln!(text, "{line}").unwrap();
            }
            fs::write(folder.join(name), text).unwrap();
        }
    }

    /// What is learnt finds exactly what is lost.
    fn prove(mut self, name: &str) -> (String, Said) {
        let folder = folder(&format!("learnt-{name}"));
        let logs = folder.join("logs");
        fs::create_dir_all(&logs).unwrap();
        self.write(&logs);
        let (_, config) = learn(&folder, "logs");
        let said = judge(&folder, &config, &["logs"]);
        let lost: BTreeSet<String> = said
            .ids(Verdict::Lost)
            .into_iter()
            .map(|(_, id)| id)
            .collect();
        assert_eq!(said.count(Verdict::Lost), self.lost.len(), "{config}");
        assert!(
            self.lost.is_subset(&lost),
            "{:?}\n{config}",
            self.lost.difference(&lost)
        );
        (config, said)
    }
}

/// A number that looks random, the same on every run.
const fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn clock(at: i64) -> String {
    let (s, ms) = (at / 1000, at % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", s / 3600, s / 60 % 60, s % 60)
}

#[test]
fn a_mail_queue_that_takes_messages_in_again_is_learnt() {
    let mut mail = System::default();
    for n in 0..300i64 {
        let random = mixed(n as u64);
        let (first, second) = (
            format!("{:010X}", random >> 24),
            format!("{:010X}", mixed(random) >> 24),
        );
        let start = 3_600_000 + n * 7000;
        let mut say = |at: i64, program: &str, text: String| {
            let at = start + at * 1000;
            let pid = 1000 + mixed((n * 100 + at) as u64) % 8000;
            let line = format!(
                "Mar 14 {} mail postfix/{program}[{pid}]: {text}",
                &clock(at)[..8]
            );
            mail.say("mail.log", at, line);
        };
        say(
            0,
            "smtpd",
            format!(
                "{first}: client=host{}.example.org[10.0.0.{}]",
                n % 90,
                n % 250
            ),
        );
        say(
            1,
            "cleanup",
            format!("{first}: message-id=<{random:x}@example.org>"),
        );
        say(
            2,
            "qmgr",
            format!(
                "{first}: from=<u{}@example.org>, size={}, nrcpt=1 (queue active)",
                n % 40,
                500 + random % 9000
            ),
        );
        if (100..120).contains(&n) && n % 2 == 0 {
            mail.lost.insert(first);
            continue;
        }
        say(
            4,
            "smtp",
            format!(
                "{first}: to=<v{}@example.net>, relay=127.0.0.1[127.0.0.1]:10024, delay=1.2, status=sent (250 2.0.0 Ok: queued as {second})",
                n % 60
            ),
        );
        say(4, "qmgr", format!("{first}: removed"));
        say(4, "smtpd", format!("{second}: client=localhost[127.0.0.1]"));
        say(
            5,
            "cleanup",
            format!("{second}: message-id=<{random:x}@example.org>"),
        );
        say(
            5,
            "qmgr",
            format!(
                "{second}: from=<u{}@example.org>, size={}, nrcpt=1 (queue active)",
                n % 40,
                500 + random % 9000
            ),
        );
        let end = if n % 40 == 3 {
            "status=bounced (host mx.example.net said: 550 no such user)"
        } else {
            "status=sent (250 ok)"
        };
        say(
            7,
            "smtp",
            format!(
                "{second}: to=<v{}@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=3.1, {end}",
                n % 60
            ),
        );
        say(8, "qmgr", format!("{second}: removed"));
    }
    let (_, said) = mail.prove("mail");
    assert_eq!(
        said.count(Verdict::Failed) + said.count(Verdict::Completed),
        290
    );
}

#[test]
fn blocks_of_a_file_system_are_learnt() {
    let mut blocks = System::default();
    for n in 0..300i64 {
        let sign = if n % 2 == 0 { "-" } else { "" };
        let block = format!("blk_{sign}{}", mixed(n as u64) / 2);
        let start = 3_600_000 + n * 5000;
        let mut say = |at: i64, text: String| {
            let at = start + at * 1000;
            let line = format!(
                "080314 {} {} INFO dfs.{text}",
                clock(at)[..8].replace(':', ""),
                20 + n % 900
            );
            blocks.say("hdfs.log", at, line);
        };
        say(
            0,
            format!(
                "FSNamesystem: BLOCK* NameSystem.allocateBlock: /user/root/part-{n:05}. {block}"
            ),
        );
        for node in 0..3 {
            say(
                1,
                format!(
                    "DataNode$DataXceiver: Receiving block {block} src: /10.251.7.{node}:54106 dest: /10.251.9.{node}:50010"
                ),
            );
        }
        if n % 25 == 7 && n < 280 {
            blocks.lost.insert(block);
            continue;
        }
        for node in 0..3 {
            say(
                3,
                format!(
                    "DataNode$PacketResponder: PacketResponder {node} for block {block} terminating"
                ),
            );
            say(
                3,
                format!(
                    "DataNode$PacketResponder: Received block {block} of size 67108864 from /10.251.7.{node}"
                ),
            );
        }
    }
    blocks.prove("blocks");
}

#[test]
fn numbers_as_ids_are_learnt() {
    let mut jobs = System::default();
    for n in 0..400i64 {
        let (job, start) = (410_000 + n, 3_600_000 + n * 4000);
        let at = |ms: i64| format!("2026-03-14T{}Z", clock(start + ms));
        let client = ["alpha", "beta", "gamma"][n as usize % 3];
        jobs.say(
            "submit.log",
            start,
            format!(
                "{} INFO accepted job {job} from client {client} priority={}",
                at(0),
                n % 3
            ),
        );
        jobs.say(
            "worker.log",
            start + 900,
            format!("{} INFO [w-{}] start job #{job} attempt 1", at(900), n % 8),
        );
        if (150..160).contains(&n) || n % 90 == 11 {
            jobs.lost.insert(job.to_string());
            continue;
        }
        jobs.say(
            "worker.log",
            start + 2900,
            format!(
                "{} INFO [w-{}] finished job #{job} in {} ms",
                at(2900),
                n % 8,
                mixed(n as u64) % 5000
            ),
        );
        jobs.say(
            "store.log",
            start + 3300,
            format!(
                "{} result stored for job={job} rows={}",
                at(3300),
                mixed(n as u64) % 9000
            ),
        );
    }
    jobs.prove("numbers");
}

#[test]
fn executions_in_one_stream_of_events_are_learnt() {
    let mut steps = System::default();
    for n in 0..300i64 {
        let start = 3_600_000 + n * 6000;
        let random = mixed(n as u64);
        let arn =
            format!("arn:aws:states:eu-west-1:111122223333:execution:order-flow:{random:016x}");
        let mut say = |at: i64, kind: &str| {
            let at = start + at * 500;
            let line = format!(
                r#"{{"timestamp":"2026-03-14T{}Z","id":"{}","type":"{kind}","execution_arn":"{arn}"}}"#,
                clock(at),
                at % 9
            );
            steps.say("events.jsonl", at, line);
        };
        say(0, "ExecutionStarted");
        say(1, "TaskStateEntered");
        say(2, "LambdaFunctionScheduled");
        say(3, "LambdaFunctionSucceeded");
        if n % 30 == 11 && n < 280 {
            steps.lost.insert(arn);
            continue;
        }
        say(4, "ChoiceStateEntered");
        say(
            5,
            if n % 40 == 5 {
                "ExecutionFailed"
            } else {
                "ExecutionSucceeded"
            },
        );
    }
    let (config, said) = steps.prove("steps");
    assert_eq!(said.count(Verdict::Failed), 8, "{config}");
}

#[test]
fn logs_without_any_id_are_said_to_have_none() {
    let folder = folder("learnt-nothing");
    let mut text = String::new();
    for n in 0..500i64 {
        writeln!(
            text,
            "2026-03-14T{}Z INFO heartbeat host=web-{} load={}",
            clock(n * 1000),
            n % 4,
            n % 17
        )
        .unwrap();
    }
    fs::write(folder.join("app.log"), text).unwrap();
    let (found, _) = learn(&folder, "app.log");
    assert!(found.pipelines.is_empty(), "{:?}", found.pipelines);
    assert_eq!(found.missing.len(), 1, "{:?}", found.missing);
}
