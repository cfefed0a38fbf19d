//! Logs of one system in several time zones, of which only some say so.

use super::systems::{System, clock, mixed, salted};

const ORDERS: i64 = 500;

/// Orders every twelve seconds; `later` is how much later the worker says that it has one, and how far
/// its clock is ahead, both in minutes.
fn orders(said: &dyn Fn(i64) -> String, delay: i64, ahead: i64) -> System {
    let mut log = System::default();
    for n in 0..ORDERS {
        let (order, at) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 12_000);
        log.say(
            "api.log",
            at,
            format!("2026-03-14T{}Z INFO received order={order}", clock(at)),
        );
        let worked = at + delay * 60_000 + 300 + salted(n, 1).cast_signed() % 900;
        // Both logs were copied at the same time.
        let copied = worked <= 3_600_000 + ORDERS * 12_000;
        if copied {
            let line = format!(
                "{} INFO picked up order {order}",
                said(worked + ahead * 60_000)
            );
            log.say("worker.log", worked, line);
        }
        if n % 70 == 13 && n < ORDERS - 10 {
            log.lost.insert(order);
        } else if copied {
            let done = worked + 500 + salted(n, 2).cast_signed() % 900;
            log.say(
                "store.log",
                done,
                format!("2026-03-14T{}Z INFO stored order={order}", clock(done)),
            );
        }
    }
    log
}

fn local(at: i64) -> String {
    format!("2026-03-14 {}", clock(at).replace('.', ","))
}

#[test]
fn a_log_in_another_zone_is_put_right() {
    let (config, _) = orders(&local, 0, 120).prove("two-hours-ahead");
    assert!(config.contains("timezone = \"Etc/GMT-2\""), "{config}");
    assert!(
        config.contains("logs/api.log"),
        "all files are read: {config}"
    );
    assert!(
        config.contains("stand in logs/api.log too, 2h earlier"),
        "{config}"
    );
}

#[test]
fn half_hours_are_zones_too() {
    let (config, _) = orders(&local, 0, 330).prove("half-hours");
    assert!(config.contains("timezone = \"Asia/Kolkata\""), "{config}");
}

#[test]
fn what_says_its_zone_or_agrees_is_left_alone() {
    let zoned = |at: i64| format!("2026-03-14T{}+00:00", clock(at));
    for said in [&zoned as &dyn Fn(i64) -> String, &local] {
        let (config, _) = orders(said, 0, 0).prove("no-other-zone");
        assert!(!config.contains("timezone"), "{config}");
    }
}

#[test]
fn a_delay_of_an_hour_is_no_zone() {
    let mut log = orders(&local, 60, 0);
    log.lost.clear();
    let folder = crate::support::alone::folder("learnt-delay");
    std::fs::create_dir_all(folder.join("logs")).unwrap();
    log.write(&folder.join("logs"));
    let (_, config) = super::learning::learn(&folder, "logs");
    assert!(!config.contains("timezone"), "{config}");
}
