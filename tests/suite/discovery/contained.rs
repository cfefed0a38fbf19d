//! Names that stand within others: a task and the attempts at it are one message, an order and its parcels
//! are not.

use super::systems::{System, clock, salted};

const JOB: &str = "1445144423722_0020";

#[test]
fn a_task_and_the_attempts_at_it_are_one_message() {
    let mut log = System::default();
    for n in 0..400i64 {
        let start = 3_600_000 + n * 6000;
        let task = format!("task_{JOB}_m_{n:06}");
        // A few are tried twice.
        let tries = 1 + i64::from(n % 20 == 3);
        let attempt = |k: i64| format!("attempt_{JOB}_m_{n:06}_{k}");
        let mut say = |ms: i64, text: String| {
            let time = clock(start + ms).replace('.', ",");
            let line = format!("2026-03-14 {time} INFO [dispatcher] app.job: {text}");
            log.say("job.log", start + ms, line);
        };
        say(0, format!("{task} Task moved from NEW to SCHEDULED"));
        if n % 50 == 7 && n < 360 {
            log.lost.insert(format!("{JOB}_m_{n:06}"));
            continue;
        }
        for k in 0..tries {
            let one = attempt(k);
            say(200 + k * 900, format!("{one} assigned to a container"));
            say(500 + k * 900, format!("Launching {one}"));
        }
        if n % 50 == 23 && n < 360 {
            log.lost.insert(format!("{JOB}_m_{n:06}"));
            continue;
        }
        let (one, took) = (attempt(tries - 1), (salted(n, 5) % 900) as i64);
        say(2500 + took, format!("Done acknowledgement from {one}"));
        say(
            2600 + took,
            format!("{task} Task moved from RUNNING to SUCCEEDED"),
        );
    }
    let (config, _) = log.prove("contained-attempts");
    assert_eq!(config.matches("\n[pipeline.").count(), 1, "{config}");
    assert!(config.contains(r"\b(?:task_|attempt_)(?<id>"), "{config}");
}

#[test]
fn the_parcels_of_an_order_are_messages_of_their_own() {
    let mut log = System::default();
    for n in 0..300i64 {
        let start = 3_600_000 + n * 6000;
        let order = 710_000 + n * 3;
        let mut say = |file, ms: i64, text: String| {
            let time = clock(start + ms);
            log.say(file, start + ms, format!("2026-03-14T{time}Z INFO {text}"));
        };
        say("shop.log", 0, format!("released order-{order}"));
        let mut lost = Vec::new();
        for k in 0..=n % 3 {
            let parcel = format!("parcel-{order}-{k}");
            say("store.log", 700 + k * 90, format!("packed {parcel}"));
            if n % 60 == 11 && n < 280 && k == 1 {
                lost.push(parcel);
                continue;
            }
            say(
                "carrier.log",
                1900 + k * 90,
                format!("handed over {parcel}"),
            );
        }
        log.lost.extend(lost);
    }
    let (config, _) = log.prove("contained-parcels");
    assert!(!config.contains("order-|"), "{config}");
}

#[test]
fn a_field_that_holds_the_whole_name_is_read_too() {
    let mut log = System::default();
    for n in 1..=300i64 {
        let start = 3_600_000 + n * 60_000;
        let id = format!("1700000000000_{n:04}");
        let mut say = |ms: i64, class: &str, text: String| {
            let time = clock(start + ms).replace('.', ",");
            let line = format!("2026-03-14 {time} INFO org.acme.manager.{class}: {text}");
            log.say("manager.log", start + ms, line);
        };
        let app = format!("application_{id}");
        let attempt = format!("appattempt_{id}_000001");
        say(
            0,
            "AppImpl",
            format!("{app} State change from NEW to ACCEPTED"),
        );
        say(
            60,
            "AttemptImpl",
            format!("{attempt} State change from NEW to SUBMITTED"),
        );
        let took = (salted(n, 5) % 9000) as i64;
        say(
            2000,
            "AttemptImpl",
            format!("{attempt} State change from SUBMITTED to RUNNING"),
        );
        say(
            3000 + took,
            "AppImpl",
            format!("{app} State change from ACCEPTED to FINISHED"),
        );
        if n % 50 == 7 && n < 290 {
            log.lost.insert(id);
            continue;
        }
        let text = format!("USER=etl\tTARGET=Manager\tRESULT=SUCCESS\tAPPID={app}");
        say(3100 + took, "AuditLogger", text);
    }
    let (config, _) = log.prove("contained-field");
    assert!(!config.contains("unread"), "{config}");
}
