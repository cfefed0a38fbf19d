//! What is taken for a pipeline and what is not: nothing is invented, nothing is passed over in silence.

use std::fmt::Write as _;
use std::fs;

use lastseen::domain::verdict::Verdict;

use super::learning::{judge, learn};
use super::systems::{System, clock, mixed, salted};
use crate::support::alone::folder;

#[test]
fn two_kinds_of_messages_in_one_file_are_both_learnt() {
    let mut log = System::default();
    for n in 0..300i64 {
        let start = 3_600_000 + n * 5000;
        for (field, salt, steps) in [
            ("orderId", 1, ["order taken", "order packed", "order sent"]),
            (
                "invoiceId",
                2,
                ["invoice drafted", "invoice signed", "invoice mailed"],
            ),
        ] {
            let id = format!("{:016x}", salted(n, salt));
            let lost = n % 40 == 9 + 10 * salt as i64 && n < 280;
            for (at, text) in
                steps
                    .iter()
                    .enumerate()
                    .take(if lost { 1 + salt as usize % 2 } else { 3 })
            {
                let at = start + at as i64 * 700 + salt as i64 * 40;
                let time = clock(at);
                log.say(
                    "app.jsonl",
                    at,
                    format!(r#"{{"ts":"2026-03-14T{time}Z","msg":"{text}","{field}":"{id}"}}"#),
                );
            }
            if lost {
                log.lost.insert(id);
            }
        }
    }
    let (config, _) = log.prove("two-in-one");
    assert!(
        config.contains("[pipeline.orders]") && config.contains("[pipeline.invoices]"),
        "{config}"
    );
}

#[test]
fn five_messages_are_enough_where_their_ids_are_sure() {
    let mut log = System::default();
    for n in 0..5i64 {
        let random = mixed(n as u64);
        let id = format!(
            "{:08x}-1111-4222-8333-{:012x}",
            random >> 32,
            random & 0xffff_ffff_ffff
        );
        let start = 3_600_000 + n * 400_000;
        log.say(
            "a.log",
            start,
            format!("2026-03-14T{}Z INFO accepted {id}", clock(start)),
        );
        if n == 2 {
            log.lost.insert(id);
        } else {
            log.say(
                "b.log",
                start + 900,
                format!("2026-03-14T{}Z INFO delivered {id}", clock(start + 900)),
            );
        }
    }
    log.prove("five");
}

/// A resource manager that counts down, with numbers that return by chance.
fn noise() -> String {
    let mut text = String::new();
    for n in 0..400i64 {
        let time = clock(3_600_000 + n * 2000);
        let memory = 1024 * (3 + mixed(n as u64) % 2000);
        let line = match n {
            150..156 => format!(
                "finished containers: 1, headroom=<memory:{}, vCores:-27>",
                1024 * (n - 120)
            ),
            n if n % 40 == 7 => format!(
                "Recalculating schedule, headroom=<memory:{}, vCores:-27>",
                1024 * (30 + n / 40)
            ),
            _ => format!("allocator woke up, {memory} MB left"),
        };
        writeln!(text, "2026-03-14T{time}Z INFO [Allocator] {line}").unwrap();
    }
    text
}

#[test]
fn a_few_values_that_return_are_no_pipeline() {
    let folder = folder("learnt-noise");
    fs::write(folder.join("app.log"), noise()).unwrap();
    let (found, config) = learn(&folder, "app.log");
    assert!(found.pipelines.is_empty(), "{config}");
    assert!(!found.missing.is_empty());
}

#[test]
fn what_is_not_taken_can_be_taken_all_the_same() {
    let folder = folder("learnt-doubtful");
    let mut text = String::new();
    for n in 0..9i64 {
        let start = 3_600_000 + n * 300_000;
        let part = format!("px-{}", 40_000 + mixed(n as u64) % 50_000);
        for (ms, said) in [(0, "loaded onto"), (900, "welded on"), (1800, "taken off")] {
            if n != 3 || ms < 900 {
                let time = clock(start + ms);
                writeln!(text, "2026-03-14T{time}Z INFO {said} line four: {part}").unwrap();
            }
        }
    }
    fs::write(folder.join("plant.log"), text).unwrap();
    let (found, config) = learn(&folder, "plant.log");
    assert!(found.pipelines.is_empty(), "{config}");
    assert!(config.contains("# NOT TAKEN: "), "{config}");
    let taken = config.replace("#| ", "");
    let said = judge(&folder, &taken, &["plant.log"]);
    assert_eq!(said.count(Verdict::Lost), 1, "{taken}");
}

/// Orders that are accepted and packed, and that a bus hands on in a line of its own making.
fn on_a_bus(log: &mut System, say: &dyn Fn(i64, &str) -> String) {
    for n in 0..300i64 {
        let random = mixed(n as u64);
        let id = format!(
            "{:08x}-1111-4222-8333-{:012x}",
            random >> 32,
            random & 0xffff_ffff_ffff
        );
        let start = 3_600_000 + n * 5000;
        let mut line = |file, ms: i64, text: String| {
            let at = start + ms;
            log.say(file, at, format!("2026-03-14T{}Z {text}", clock(at)));
        };
        line("api.log", 0, format!("INFO accepted order={id}"));
        line("worker.log", 900, format!("INFO packed order={id}"));
        if n % 40 != 9 || n > 280 {
            line("bus.log", 1800, say(n, &id));
        } else {
            log.lost.insert(id);
        }
    }
}

#[test]
fn ids_within_other_words_are_read() {
    let mut log = System::default();
    on_a_bus(&mut log, &|_, id| {
        format!("[x] PUBLISH orders.v2/{id}.json;ok")
    });
    let (config, _) = log.prove("within-words");
    assert!(config.contains("orders\\.v2/(?<id>"), "{config}");
}

/// An ID that is of no message.
fn other(n: i64) -> String {
    format!(
        "{:08x}-2222-4222-8333-{:012x}",
        n * 7,
        mixed(n as u64 + 9000) >> 16
    )
}

/// What is learnt of orders on a bus whose lines cannot be read.
fn on_an_unread_bus(
    name: &str,
    say: &dyn Fn(i64, &str) -> String,
) -> (String, super::learning::Said) {
    let mut log = System::default();
    on_a_bus(&mut log, say);
    let folder = folder(name);
    log.write(&folder);
    let (_, config) = learn(&folder, ".");
    assert!(config.contains("but no stage reads it"), "{config}");
    let said = judge(&folder, &config, &["."]);
    assert_eq!(said.count(Verdict::Lost), 0, "{config}");
    (config, said)
}

#[test]
fn a_log_full_of_ids_that_cannot_be_read_leaves_messages_blind_and_not_complete() {
    let (config, said) = on_an_unread_bus("learnt-unread", &|n, id| match n % 3 {
        0 => format!("[x] job-{}_{id} PUBLISH", other(n)),
        1 => format!("[x] PUBLISH {id}_{}", other(n)),
        _ => format!("{}_{}_{id}", other(n), other(n + 3)),
    });
    assert_eq!(said.count(Verdict::Completed), 0, "{config}");
    assert!(said.count(Verdict::Blind) > 200, "{config}");
}

#[test]
fn a_log_of_which_half_cannot_be_read_leaves_nobody_lost() {
    let (config, said) = on_an_unread_bus("learnt-half-read", &|n, id| match n % 4 {
        0 => format!("[x] job-{}_{id} PUBLISH", other(n)),
        1 => format!("[x] PUBLISH {id}_{}", other(n)),
        _ => format!("[x] PUBLISH order={id}"),
    });
    assert!(said.count(Verdict::Completed) > 140, "{config}");
}
