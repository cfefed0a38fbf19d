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
pub(super) struct System {
    files: Vec<(&'static str, Vec<(i64, String)>)>,
    pub(super) lost: BTreeSet<String>,
}

impl System {
    /// A line of a file at a time, in milliseconds after midnight.
    pub(super) fn say(&mut self, file: &'static str, at: i64, line: String) {
        match self.files.iter_mut().find(|(name, _)| *name == file) {
            Some((_, lines)) => lines.push((at, line)),
            None => self.files.push((file, vec![(at, line)])),
        }
    }

    pub(super) fn write(&mut self, folder: &Path) {
        for (name, lines) in &mut self.files {
            lines.sort_by_key(|(at, _)| *at);
            let mut text = String::new();
            for (_, line) in lines {
                writeln!(text, "{line}").unwrap();
            }
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// What is learnt finds exactly what is lost.
    pub(super) fn prove(mut self, name: &str) -> (String, Said) {
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
pub(super) const fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Another such number of the same.
pub(super) const fn salted(number: i64, salt: u64) -> u64 {
    mixed(mixed(number as u64) ^ salt)
}

pub(super) fn clock(at: i64) -> String {
    let (s, ms) = (at / 1000, at % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", s / 3600, s / 60 % 60, s % 60)
}

/// What a mail server says of one message that a filter gives back under another queue ID.
fn mail(log: &mut System, n: i64) {
    let random = mixed(n as u64);
    let (first, second) = (
        format!("{:010X}", random >> 24),
        format!("{:010X}", mixed(random) >> 24),
    );
    let mut say = |seconds: i64, program: &str, text: String| {
        let at = 3_600_000 + n * 7000 + seconds * 1000;
        let pid = 1000 + mixed((n * 100 + seconds) as u64) % 8000;
        let time = &clock(at)[..8];
        let line = format!("Mar 14 {time} mail postfix/{program}[{pid}]: {text}");
        log.say("mail.log", at, line);
    };
    let (from, size) = (n % 40, 500 + random % 9000);
    let queued = format!("from=<u{from}@example.org>, size={size}, nrcpt=1 (queue active)");
    let to = format!("to=<v{}@example.net>", n % 60);
    say(
        0,
        "smtpd",
        format!("{first}: client=host{}.example.org[10.0.0.7]", n % 90),
    );
    say(
        1,
        "cleanup",
        format!("{first}: message-id=<{random:x}@example.org>"),
    );
    say(2, "qmgr", format!("{first}: {queued}"));
    if (100..120).contains(&n) && n % 2 == 0 {
        log.lost.insert(first);
        return;
    }
    let relay = "relay=127.0.0.1[127.0.0.1]:10024, delay=1.2, status=sent";
    say(
        4,
        "smtp",
        format!("{first}: {to}, {relay} (250 2.0.0 Ok: queued as {second})"),
    );
    say(4, "qmgr", format!("{first}: removed"));
    say(4, "smtpd", format!("{second}: client=localhost[127.0.0.1]"));
    say(
        5,
        "cleanup",
        format!("{second}: message-id=<{random:x}@example.org>"),
    );
    say(5, "qmgr", format!("{second}: {queued}"));
    let end = if n % 40 == 3 {
        "status=bounced (host mx.example.net said: 550 no such user)"
    } else {
        "status=sent (250 ok)"
    };
    let relay = "relay=mx.example.net[192.0.2.7]:25, delay=3.1";
    say(7, "smtp", format!("{second}: {to}, {relay}, {end}"));
    say(8, "qmgr", format!("{second}: removed"));
}

#[test]
fn a_mail_queue_that_takes_messages_in_again_is_learnt() {
    let mut log = System::default();
    (0..300).for_each(|n| mail(&mut log, n));
    let (config, said) = log.prove("mail");
    assert_eq!(said.count(Verdict::Failed), 8, "{config}");
    assert_eq!(said.count(Verdict::Completed), 282, "{config}");
}

#[test]
fn a_field_that_is_an_id_in_one_place_only_is_learnt() {
    let mut orders = System::default();
    for n in 0..300i64 {
        let (order, start) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 5000);
        let mut say = |file, ms: i64, rest: String| {
            let time = clock(start + ms);
            orders.say(
                file,
                start + ms,
                format!(r#"{{"timestamp":"2026-03-14T{time}Z",{rest}}}"#),
            );
        };
        say(
            "api.jsonl",
            0,
            format!(r#""event":"order taken","id":"{order}""#),
        );
        say(
            "worker.jsonl",
            700,
            format!(
                r#""id":{},"event":"picked","order":{{"ref":"{order}"}}"#,
                n % 7
            ),
        );
        if n % 40 == 9 && n < 280 {
            orders.lost.insert(order);
            continue;
        }
        say(
            "worker.jsonl",
            1900,
            format!(
                r#""id":{},"event":"packed","order":{{"ref":"{order}"}}"#,
                n % 7
            ),
        );
        say(
            "carrier.jsonl",
            2600,
            format!(r#""event":"sent off","order_id":"{order}""#),
        );
    }
    orders.prove("two-meanings");
}

#[test]
fn a_request_that_is_answered_where_it_came_in_is_learnt() {
    let mut traces = System::default();
    for n in 0..300i64 {
        let (trace, start) = (
            format!("{:016x}{:016x}", mixed(n as u64), mixed(n as u64 + 7)),
            3_600_000 + n * 5000,
        );
        let mut say = |step: i64, service: &str, text: &str| {
            let at = start + step * 90;
            let time = clock(at);
            traces.say("all.jsonl", at, format!(
                r#"{{"ts":"2026-03-14T{time}Z","service":"{service}","traceId":"{trace}","msg":"{text}"}}"#
            ));
        };
        say(0, "frontend", "request received");
        say(1, "cart", "cart loaded");
        say(2, "payment", "charging card");
        if n % 20 == 7 && n < 200 {
            traces.lost.insert(trace);
            continue;
        }
        say(3, "payment", "card charged");
        say(4, "shipping", "shipment scheduled");
        say(5, "frontend", "request completed");
    }
    traces.prove("traces");
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
