//! How exports and log libraries write what a system says: with tabs, over rotated files, with dotted
//! keys, and among lines of the platform's own.

use std::fmt::Write as _;

use super::systems::{System, clock, mixed, salted};

fn uuid(n: i64, salt: u64) -> String {
    let (a, b) = (salted(n, salt), salted(n, salt + 1));
    let mut out = String::new();
    let _infallible = write!(
        out,
        "{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    );
    out
}

/// Words apart by tabs, or by more than one space.
#[test]
fn tabs_and_double_spaces_are_matched_as_they_are() {
    for (name, blank) in [("tabs", "\t"), ("double-spaces", "  ")] {
        let mut log = System::default();
        for n in 0..400 {
            let (at, id) = (3_600_000 + n * 3000, uuid(n, 3));
            let mut say = |ms: i64, file: &'static str, words: [&str; 3]| {
                let line = format!(
                    "2026-03-14T{}Z {} msg={id}",
                    clock(at + ms),
                    words.join(" ")
                );
                log.say(file, at + ms, line.replace(' ', blank));
            };
            say(0, "in.log", ["INFO", "message", "accepted"]);
            if n % 40 == 3 {
                log.lost.insert(id);
                continue;
            }
            say(700, "out.log", ["INFO", "message", "taken"]);
            say(900, "out.log", ["INFO", "all", "done"]);
        }
        log.prove(name);
    }
}

/// One log that was cut into several files is one log.
#[test]
fn rotated_files_are_one_log() {
    let mut log = System::default();
    for n in 0..600 {
        let (at, id) = (3_600_000 + n * 3000, uuid(n, 5));
        let mut say = |ms: i64, service: &str, words: &str| {
            let file = match (service, (n * 3000 + ms) / 700_000) {
                ("api", 0) => "api.log.2",
                ("api", 1) => "api.log.1",
                ("api", _) => "api.log",
                (_, 0) => "worker.log.2",
                (_, 1) => "worker.log.1",
                _ => "worker.log",
            };
            let line = format!("2026-03-14T{}Z INFO {words} job={id}", clock(at + ms));
            log.say(file, at + ms, line);
        };
        say(0, "api", "job accepted");
        if n % 60 == 7 {
            log.lost.insert(id);
            continue;
        }
        say(9000, "worker", "job taken");
        say(9500, "worker", "job finished");
    }
    let (config, _) = log.prove("rotated");
    assert_eq!(config.matches("\n[pipeline.").count(), 1, "{config}");
}

/// `trace.id` as one key, as many log libraries write it.
#[test]
fn a_dotted_key_is_a_field() {
    let mut log = System::default();
    for n in 0..300 {
        let (at, trace) = (3_600_000 + n * 3000, format!("{:032x}", mixed(n as u64)));
        let mut say = |ms: i64, service: &'static str, message: &str| {
            let file = if service == "api" {
                "api.jsonl"
            } else {
                "worker.jsonl"
            };
            let line = format!(
                r#"{{"@timestamp":"2026-03-14T{}Z","log.level":"INFO","service.name":"{service}","trace.id":"{trace}","message":"{message}"}}"#,
                clock(at + ms)
            );
            log.say(file, at + ms, line);
        };
        say(0, "api", "order accepted");
        if n % 30 == 11 {
            log.lost.insert(trace);
            continue;
        }
        say(800, "worker", "order shipped");
    }
    let (config, _) = log.prove("dotted");
    assert!(config.contains(r#"id = ["trace.id"]"#), "{config}");
}

/// Invocations that carry nothing, to keep a function warm, are no messages.
#[test]
fn an_invocation_without_a_message_is_not_lost() {
    let mut log = System::default();
    for n in 0..300 {
        let (at, request, id) = (3_600_000 + n * 4000, uuid(n, 9), uuid(n, 11));
        let mut say = |ms: i64, text: &str| {
            let line = format!(
                "2026-03-14T{}+00:00 2026/03/14/[$LATEST]9ac {text}",
                clock(at + ms)
            );
            log.say("function.log", at + ms, line);
        };
        say(0, &format!("START RequestId: {request} Version: $LATEST"));
        let warm = n % 12 == 5;
        if !warm {
            say(
                10,
                &format!(
                    "2026-03-14T{}Z\t{request}\tINFO\thandling messageId={id}",
                    clock(at + 10)
                ),
            );
            say(
                90,
                &format!(
                    "2026-03-14T{}Z\t{request}\tINFO\tqueued messageId={id}",
                    clock(at + 90)
                ),
            );
        }
        say(100, &format!("END RequestId: {request}"));
        say(
            101,
            &format!(
                "REPORT RequestId: {request}\tDuration: 99.1 ms\tBilled Duration: 100 ms\tMemory Size: 128 MB"
            ),
        );
        if warm {
            continue;
        }
        if n % 25 == 2 {
            log.lost.insert(id);
            continue;
        }
        let line = format!("2026-03-14T{}Z INFO done messageId={id}", clock(at + 2000));
        log.say("processor.log", at + 2000, line);
    }
    log.prove("warm");
}

/// What three functions say of one order, which names its invocations too; one of twenty is tried again.
#[test]
fn an_order_goes_on_through_invocations() {
    for (name, files) in [
        ("invocations-merged", ["all.log"; 3]),
        (
            "invocations-exported",
            [
                "in/fa48fcac-3d50-4dc8-80af-4afee7504ba2/2026-03-14-[$LATEST]7db40bd1/000000",
                "enrich/fa48fcac-3d50-4dc8-80af-4afee7504ba2/2026-03-14-[$LATEST]30cc97a2/000000",
                "store/fa48fcac-3d50-4dc8-80af-4afee7504ba2/2026-03-14-[$LATEST]c0ffee11/000000",
            ],
        ),
    ] {
        let mut log = System::default();
        for n in 0..400 {
            let (at, id) = (3_600_000 + n * 3000, uuid(n, 21));
            let mut invoke = |ms: i64, function: usize, said: &[&str]| {
                let request = uuid(n * 8 + function as i64 + ms, 23);
                let start = format!("START RequestId: {request} Version: $LATEST");
                let told = said.iter().map(|words| {
                    format!(
                        "2026-03-14T{}Z\t{request}\tINFO\t{words} {id}",
                        clock(at + ms)
                    )
                });
                let mut lines = vec![start];
                lines.extend(told);
                lines.push(format!("END RequestId: {request}"));
                lines.push(format!(
                    "REPORT RequestId: {request}\tDuration: 99.1 ms\tBilled Duration: 100 ms"
                ));
                for (line, later) in lines.into_iter().zip(0..) {
                    let at = at + ms + later;
                    let line = format!("2026-03-14T{}Z {line}", clock(at));
                    log.say(files[function], at, line);
                }
            };
            invoke(0, 0, &["received"]);
            if n % 20 == 4 {
                invoke(900, 1, &["enriching", "timed out, retrying"]);
            }
            invoke(2000, 1, &["enriching", "enriched"]);
            if n % 40 == 7 {
                log.lost.insert(id);
                continue;
            }
            invoke(2600, 2, &["persisted"]);
        }
        let (config, _) = log.prove(name);
        assert_eq!(config.matches("\n[pipeline.").count(), 1, "{config}");
    }
}

/// A text below the top, as exports of clouds and shippers of logs wrap it: its field is named, since a
/// pattern alone could be forged by any other field. And lines of pairs in a field.
#[test]
fn texts_below_the_top_and_pairs_in_a_field_are_read() {
    for (name, field) in [
        ("jsonpayload", Some("jsonPayload.message")),
        ("event-original", Some("event.original")),
        ("pairs-in-a-field", None),
    ] {
        let mut log = System::default();
        for n in 0..400 {
            let (at, id) = (3_600_000 + n * 3000, uuid(n, 9));
            let mut say = |ms: i64, file: &'static str, words: &str| {
                let (time, text) = (clock(at + ms), format!("{words} order {id}"));
                let said = match field.and_then(|field| field.split_once('.')) {
                    Some((outer, inner)) => format!(r#""{outer}":{{"{inner}":"{text}"}}"#),
                    None => format!(r#""line":"level=info msg=\"{text}\"""#),
                };
                let line = format!(r#"{{"timestamp":"2026-03-14T{time}Z",{said}}}"#);
                log.say(file, at + ms, line);
            };
            say(0, "api.log", "accepted");
            if n % 40 == 3 {
                log.lost.insert(id);
                continue;
            }
            say(700, "stock.log", "reserving stock for");
            say(900, "stock.log", "stock reserved for");
            say(1900, "ship.log", "parcel created for");
        }
        let (config, _) = log.prove(name);
        let id = config.lines().find(|line| line.starts_with("id = "));
        let within = field.map(|field| format!("field = \"{field}\""));
        let named = within.is_none_or(|within| id.is_some_and(|id| id.contains(&within)));
        assert!(named, "{config}");
    }
}
