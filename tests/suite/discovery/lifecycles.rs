//! Cases, blocks, machines and traces: lifecycles with several ends, loops and branches, whose lost are
//! known.

use std::fmt::Write as _;

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, mixed, salted};

/// Until when cases are logged.
const UNTIL: i64 = 12 * 3_600_000;

/// The activities of a case, with their times. `None` where it vanishes in the middle.
fn case(n: i64) -> (Vec<(i64, &'static str)>, bool) {
    let random = |salt: u64| salted(n, salt);
    let mut at = 3_600_000 + n * 45_000;
    let mut said = Vec::new();
    let mut step = |activity, salt: u64, seconds: u64| {
        at += 500 + (random(salt) % (seconds * 1000)) as i64;
        said.push((at, activity));
    };
    step("submitted", 1, 2);
    if random(2) % 100 < 15 {
        step("declined", 3, 40);
        return (said, false);
    }
    if random(4) % 2 == 0 {
        step("handle lead", 5, 60);
    }
    step("preaccepted", 6, 60);
    if n % 60 == 17 && n < 560 {
        return (said, true);
    }
    if random(7) % 100 < 12 {
        step("cancelled", 8, 90);
        return (said, false);
    }
    let checks = ["check credit", "check income"];
    let first = (random(9) % 2) as usize;
    step(checks[first], 10, 60);
    step(checks[1 - first], 11, 60);
    for round in 0..=random(12) % 3 {
        step("offer created", 13 + round, 60);
        step("offer sent", 17 + round, 20);
    }
    step("validate", 21, 90);
    if n % 150 == 5 {
        step("fraud review", 22, 60);
    }
    let end = ["accepted", "accepted", "declined", "cancelled"][(random(23) % 4) as usize];
    step(end, 24, 60);
    (said, false)
}

/// Cases in one file, as a line says an activity.
fn cases(name: &str, file: &'static str, line: &dyn Fn(&str, &str, &str) -> String) {
    let mut log = System::default();
    for n in 0..850 {
        let id = format!("A{:06}", 173_000 + n * 3 + (mixed(n as u64) % 3) as i64);
        let (said, lost) = case(n);
        for (at, activity) in said.into_iter().filter(|(at, _)| *at < UNTIL) {
            let time = format!("2026-03-14T{}Z", clock(at));
            log.say(file, at, line(&time, &id, activity));
        }
        if lost {
            log.lost.insert(id);
        }
    }
    let (config, said) = log.prove(name);
    assert_eq!(said.count(Verdict::Failed), 0, "{config}");
    assert!(said.count(Verdict::Completed) > 800, "{config}");
    for activity in [
        "handle-lead",
        "validate",
        "declined",
        "cancelled",
        "accepted",
    ] {
        assert!(
            config.contains(&format!("\"{activity}\"")),
            "{activity}\n{config}"
        );
    }
}

#[test]
fn cases_in_json_are_learnt_with_all_their_ends() {
    cases("cases-json", "cases.jsonl", &|time, id, activity| {
        format!(r#"{{"timestamp":"{time}","case_id":"{id}","activity":"{activity}"}}"#)
    });
}

#[test]
fn cases_in_pairs_are_learnt_with_all_their_ends() {
    cases("cases-pairs", "cases.log", &|time, id, activity| {
        format!(r#"time={time} case_id={id} activity="{activity}""#)
    });
}

#[test]
fn a_rare_step_that_leads_on_is_a_stage() {
    let mut log = System::default();
    for n in 0..2000i64 {
        let (case, start) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 4000);
        let rare = n % 700 == 200;
        let steps = ["opened", "audited", "checked", "closed"];
        for (at, state) in steps
            .into_iter()
            .enumerate()
            .filter(|(at, _)| *at != 1 || rare)
        {
            // One of those that are audited never comes back.
            if n == 900 && at > 1 {
                log.lost.insert(case.clone());
                break;
            }
            let at = start + at as i64 * 800;
            let time = clock(at);
            log.say(
                "cases.jsonl",
                at,
                format!(
                    r#"{{"timestamp":"2026-03-14T{time}Z","caseId":"{case}","state":"{state}"}}"#
                ),
            );
        }
    }
    let (config, _) = log.prove("rare-step");
    assert!(config.contains("\"audited\""), "{config}");
}

/// What a file system says of one block; `None` where it is never stored.
fn block(log: &mut System, n: i64) -> Option<(i64, String)> {
    let sign = if n % 2 == 0 { "-" } else { "" };
    let (block, start) = (
        format!("blk_{sign}{}", mixed(n as u64) / 2),
        3_600_000 + n * 5000,
    );
    let random = |salt: u64| salted(n, salt);
    let mut say = |ms: i64, text: String| {
        let at = start + ms;
        let line = format!("2026-03-14T{}Z {} INFO dfs.{text}", clock(at), 20 + n % 900);
        log.say("hdfs.log", at, line);
    };
    say(
        0,
        format!("FSNamesystem: BLOCK* NameSystem.allocateBlock: /user/root/part-{n:05}. {block}"),
    );
    for k in 0..3 {
        say(
            1000 + k * 100,
            format!(
                "DataNode$DataXceiver: Receiving block {block} src: /10.251.7.{k}:54106 dest: /10.251.9.{k}:50010"
            ),
        );
    }
    if n % 25 == 7 && n < 380 {
        log.lost.insert(block);
        return None;
    }
    for k in 0..3 {
        let at = 30_000 + k * 200;
        say(
            at + (random(k as u64) % 900) as i64,
            format!("DataNode$PacketResponder: PacketResponder {k} for block {block} terminating"),
        );
        say(
            at + (random(k as u64 + 9) % 900) as i64,
            format!(
                "DataNode$PacketResponder: Received block {block} of size 67108864 from /10.251.7.{k}"
            ),
        );
        say(
            at + (random(k as u64 + 19) % 900) as i64,
            format!(
                "FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.251.7.{k}:50010 is added to {block} size 67108864"
            ),
        );
    }
    if random(30) % 100 < 20 {
        say(
            200_000,
            format!("DataNode$DataXceiver: 10.250.1.7:50010 Served block {block} to /10.251.6.4"),
        );
    }
    if random(31) % 100 < 30 {
        say(
            400_000 + (random(32) % 90_000) as i64,
            format!("DataBlockScanner: Verification succeeded for {block}"),
        );
    }
    Some((start, block))
}

#[test]
fn blocks_are_stored_whether_or_not_they_are_read_checked_or_deleted() {
    let mut log = System::default();
    let stored: Vec<(i64, String)> = (0..400).filter_map(|n| block(&mut log, n)).collect();
    for group in stored.chunks(40).take(9) {
        let at = group[group.len() - 1].0 + 600_000;
        let time = clock(at);
        let mut line = format!(
            "2026-03-14T{time}Z 19 INFO dfs.FSNamesystem: BLOCK* ask 10.250.14.7:50010 to delete"
        );
        for (n, (start, block)) in group.iter().enumerate() {
            if mixed(*start as u64).is_multiple_of(2) {
                write!(line, " {block}").unwrap();
                let at = at + 3000 + n as i64;
                let time = clock(at);
                log.say("hdfs.log", at, format!("2026-03-14T{time}Z 19 INFO dfs.FSDataset: Deleting block {block} file /mnt/hadoop/dfs/data/subdir7/{block}"));
            }
        }
        log.say("hdfs.log", at, line);
    }
    log.prove("stored-blocks");
}

/// 8-4-4-4-12 hex digits.
fn uuid(n: i64, salt: u64) -> String {
    let (a, b) = (salted(n, salt), salted(n, salt + 5));
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xffff,
        b >> 48,
        b & 0xffff_ffff_ffff
    )
}

#[test]
fn machines_that_live_on_are_not_lost() {
    let mut log = System::default();
    for n in 0..250i64 {
        let (machine, start) = (uuid(n, 1), 3_600_000 + n * 40_000);
        let mut say = |ms: i64, request: &str, text: &str| {
            let at = start + ms;
            log.say("nova-compute.log", at, format!(
                "2026-03-14T{}Z 2931 INFO nova.compute.manager [{request}] [instance: {machine}] {text}",
                clock(at)
            ));
        };
        let request = format!("req-{} 113d3a99 54fadb41 - - -", uuid(n, 2));
        say(
            0,
            &request,
            "Attempting claim: memory 2048 MB, disk 20 GB, vcpus 1 CPU",
        );
        say(100, &request, "Claim successful");
        say(1000, &request, "Creating image");
        if n % 30 == 11 && n < 230 {
            log.lost.insert(machine);
            continue;
        }
        let events = format!("req-{} - - - - -", uuid(n, 3));
        say(12_000, &events, "VM Started (Lifecycle Event)");
        say(12_200, &events, "VM Paused (Lifecycle Event)");
        say(18_000, &events, "VM Resumed (Lifecycle Event)");
        say(18_200, "-", "Instance spawned successfully.");
        if !salted(n, 99).is_multiple_of(10) {
            let request = format!("req-{} 113d3a99 54fadb41 - - -", uuid(n, 4));
            say(40_000, &request, "Terminating instance");
            say(41_000, "-", "Instance destroyed successfully.");
        }
    }
    log.prove("machines");
}

#[test]
fn a_trace_is_complete_without_the_services_that_it_did_not_need() {
    let mut log = System::default();
    for n in 0..400i64 {
        let random = |salt: u64| salted(n, salt);
        let trace = format!("{:016x}{:016x}", random(1), random(2));
        let start = 3_600_000 + n * 3000;
        let mut say = |ms: i64, file: &'static str, level: &str, text: &str| {
            let at = start + ms;
            let (time, span) = (clock(at), format!("{:016x}", random(at as u64)));
            let service = file.trim_end_matches(".log");
            log.say(file, at, format!(
                r#"{{"ts":"2026-03-14T{time}Z","level":"{level}","service":"{service}","trace_id":"{trace}","span_id":"{span}","msg":"{text}"}}"#
            ));
        };
        say(0, "gateway.log", "info", "request received");
        say(50, "orders.log", "info", "order created");
        let (a, b) = if random(3) % 2 == 0 {
            (100, 200)
        } else {
            (200, 100)
        };
        say(a, "inventory.log", "info", "stock reserved");
        say(b, "pricing.log", "info", "price computed");
        if random(4) % 10 < 3 {
            say(250, "coupons.log", "info", "coupon applied");
        }
        if random(5) % 10 == 0 {
            say(260, "payment.log", "warn", "gateway busy, retrying");
        }
        if random(6) % 100 < 3 {
            say(300, "payment.log", "error", "payment declined");
            say(600, "gateway.log", "info", "request completed status=402");
            continue;
        }
        say(300, "payment.log", "info", "payment captured");
        say(400, "shipping.log", "info", "shipment scheduled");
        if random(7) % 2 == 0 {
            say(500, "mailer.log", "info", "mail sent");
        }
        say(700, "gateway.log", "info", "request completed status=200");
    }
    log.prove("optional-services");
}

/// A queue gives every document a name of its own, and only that says that one of them failed.
#[test]
fn a_failure_is_known_by_a_second_name() {
    let mut log = System::default();
    let mut failed = 0;
    for n in 0..500 {
        let at = 3_600_000 + n * 3000;
        let (id, name) = (
            format!("{:032x}", mixed(n as u64)),
            format!("{:032x}", mixed(n as u64 + 90_000)),
        );
        let mut say = |ms: i64, file: &'static str, what: &str| {
            let line = format!(
                r#"{{"time":"2026-03-14T{}Z","msg":{what}}}"#,
                clock(at + ms)
            );
            log.say(file, at + ms, line);
        };
        let uploaded = format!(r#""document uploaded","detail":{{"documentId":"{id}"}}"#);
        say(0, "api.jsonl", &uploaded);
        if n % 50 == 9 {
            log.lost.insert(id);
            continue;
        }
        let record = format!(
            r#""record taken","record":{{"messageId":"{name}","body":{{"documentId":"{id}"}}}}"#
        );
        say(900, "ocr.jsonl", &record);
        if n % 25 == 3 {
            let what = format!(r#""ocr failed: unsupported format","messageId":"{name}""#);
            say(2000, "ocr.jsonl", &what);
            failed += 1;
            continue;
        }
        let read = format!(r#""ocr finished","messageId":"{name}","pages":{}"#, n % 9);
        say(2400, "ocr.jsonl", &read);
        say(
            9000,
            "index.jsonl",
            &format!(r#""indexed","documentId":"{id}""#),
        );
    }
    let (config, said) = log.prove("second-name");
    assert_eq!(said.count(Verdict::Failed), failed, "{config}");
}
