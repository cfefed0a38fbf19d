//! Logs of columns without names: the ID is found by where it stands.

use std::fs;

use super::learning::learn;
use super::systems::{System, clock, mixed, salted};
use crate::support::alone::folder;

/// One log event: which file it stands in, the time of day as digits, the message, what happens to it.
struct Row<'a> {
    file: &'a str,
    time: &'a str,
    number: i64,
    state: &'a str,
    says: &'a str,
    random: u64,
}

/// Messages that come in, and are worked on in another file; now and then one is not. What is learnt
/// finds these, and stands in the configuration as `id`.
fn found(name: &str, id: &str, row: &dyn Fn(&Row<'_>) -> String) {
    let mut log = System::default();
    for n in 0..400i64 {
        let start = 3_600_000 + n * 6000;
        let mut say = |file, ms: i64, state, says| {
            let at = start + ms + (salted(n, ms as u64) % 3000) as i64;
            let line = row(&Row {
                file,
                time: &clock(at),
                number: 4_711_000 + n,
                state,
                says,
                random: mixed((n * 10 + ms) as u64),
            });
            log.say(file, at, line);
        };
        say("in.txt", 0, "RECV", "taken in");
        say("in.txt", 3000, "CHECK", "checked; all well, it seems");
        if n % 40 == 7 && n < 360 {
            log.lost.insert((4_711_000 + n).to_string());
            continue;
        }
        say("work.txt", 9000, "WORK", "worked on");
        say("work.txt", 13000, "DONE", "written away");
    }
    let (config, _) = log.prove(&format!("columns-{name}"));
    assert!(config.contains(id), "{config}");
}

#[test]
fn the_number_of_a_message_is_found_by_its_column() {
    found("pipes", r"'^(?:[^|]*\|){2}(?<id>\d{7})(?:\||$)'", &|row| {
        let (time, host) = (&row.time[..8].replace(':', ""), row.random % 5);
        let (number, state, says) = (row.number, row.state, row.says);
        format!("20260314|{time}|{number}|{state}|HOST{host:03}|{says}")
    });
    found(
        "padded",
        r"'^(?:[^|]*\|){3} *(?<id>\d{7}) *(?:\||$)'",
        &|row| {
            let (time, number, says) = (row.time, row.number, row.says);
            let (file, took) = (&row.file[..2], row.random % 900);
            format!("2026-03-14T{time}Z | INFO  | {file} | {number} | {took} | {says}")
        },
    );
    found("tabs", r"'^(?:[^\t]*\t){2}(?<id>\d{7})(?:\t|$)'", &|row| {
        let (time, number, says) = (row.time, row.number, row.says);
        format!("2026-03-14T{time}Z\t{}\t{number}\t{says}", row.state)
    });
    found("commas", r"'^[^,]*,(?<id>\d{7})(?:,|$)'", &|row| {
        let (time, number, state) = (row.time, row.number, row.state);
        format!(
            "2026-03-14T{time}Z,{number},{state},{}",
            row.random % 90_000
        )
    });
    let quoted = r#"'^(?:(?:"[^"]*"|[^;]*);){2}"?(?<id>\d{7})"?(?:;|$)'"#;
    found("quoted", quoted, &|row| {
        let (time, number, says) = (row.time, row.number, row.says);
        format!(
            r#""2026-03-14T{time}Z";"{says}";"{number}";"{}""#,
            row.state
        )
    });
}

#[test]
fn an_id_may_stand_in_another_column_elsewhere() {
    found("moved", r"(?<id>\d{7})(?:\||$)'", &|row| {
        let (time, number, says) = (row.time, row.number, row.says);
        if row.file == "in.txt" {
            format!("2026-03-14T{time}Z|{number}|{}|{says}", row.state)
        } else {
            format!("2026-03-14T{time}Z|w{}|{says}|{number}", row.random % 5)
        }
    });
}

#[test]
fn columns_that_count_and_measure_are_no_ids() {
    let folder = folder("learnt-columns-none");
    for (file, pace) in [("a.txt", 2000i64), ("b.txt", 2100)] {
        let rows = (0..1500i64).map(|n| {
            let at = 3_600_000 + n * pace + (salted(n, 3) % 900) as i64;
            let time = &clock(at)[..8].replace(':', "");
            let (random, text) = (salted(n, pace as u64), ["read", "wrote"][n as usize % 2]);
            let (took, size) = (random % 2000, (random >> 20) % 900_000);
            format!("20260314|{time}|{}|{took}|{size}|{text} it\n", 1000 + n)
        });
        fs::write(folder.join(file), rows.collect::<String>()).unwrap();
    }
    let (found, config) = learn(&folder, ".");
    assert!(found.pipelines.is_empty(), "{config}");
}
