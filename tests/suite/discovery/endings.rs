//! Where messages may end and how long they may take: what never had to come is not lost, and what is
//! lost stays lost.

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, mixed, salted};

/// A share of numbers, in percent, spread evenly and without a pattern.
const fn one_in(n: i64, percent: u64) -> bool {
    salted(n, 0x5eed) % 100 < percent
}

/// An order that is taken and packed, and for which a receipt may be sent.
fn order(log: &mut System, n: i64, receipt: bool) -> String {
    let (order, start) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 4000);
    let host = salted(n, 77) % 3;
    for (file, ms, event) in [
        ("api.jsonl", 0, "order taken"),
        ("worker.jsonl", 900, "packed"),
        ("mailer.jsonl", 2300, "receipt sent"),
    ] {
        if file != "mailer.jsonl" || receipt {
            let time = clock(start + ms);
            log.say(
                file,
                start + ms,
                format!(
                    r#"{{"timestamp":"2026-03-14T{time}Z","event":"{event}","orderId":"{order}","host":"host-{host}"}}"#
                ),
            );
        }
    }
    order
}

#[test]
fn a_last_step_that_some_leave_out_at_all_times_is_optional_and_said_to_be() {
    let mut log = System::default();
    for n in 0..500 {
        order(&mut log, n, one_in(n, 70));
    }
    let (config, said) = log.prove("optional-last");
    assert_eq!(said.count(Verdict::Completed), 500, "{config}");
    assert!(config.contains("optional = true"), "{config}");
    assert!(
        config.contains("% end at worker, at all times alike"),
        "{config}"
    );
}

#[test]
fn what_would_make_a_last_step_optional_is_said_of_a_few_that_leave_it_out() {
    let mut log = System::default();
    for n in 0..800 {
        let came = !one_in(n, 6);
        let order = order(&mut log, n, came);
        if !came {
            log.lost.insert(order);
        }
    }
    let (config, _) = log.prove("optional-few");
    let told =
        "`optional = true` at mailer, if the 6 % that end at worker at all times alike are done";
    assert!(config.contains(told), "{config}");
}

#[test]
fn a_last_step_that_stops_coming_is_a_loss() {
    let mut log = System::default();
    for n in 0..500 {
        let came = !(300..=480).contains(&n) || one_in(n, 50);
        let order = order(&mut log, n, came);
        if !came {
            log.lost.insert(order);
        }
    }
    log.prove("stopped-last");
}

#[test]
fn a_last_step_that_one_host_never_leads_to_is_a_loss() {
    let mut log = System::default();
    for n in 0..500 {
        let came = salted(n, 77) % 3 != 2 || n > 480;
        let order = order(&mut log, n, came);
        if !came {
            log.lost.insert(order);
        }
    }
    log.prove("hosts-last");
}

#[test]
fn a_last_step_that_hardly_anybody_misses_is_a_loss() {
    let mut log = System::default();
    for n in 0..500 {
        let came = n > 480 || !one_in(n, 4);
        let order = order(&mut log, n, came);
        if !came {
            log.lost.insert(order);
        }
    }
    log.prove("seldom-last");
}

#[test]
fn sessions_that_are_hardly_ever_closed_are_not_lost() {
    let mut log = System::default();
    for n in 0..300i64 {
        let (session, start) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 5000);
        let mut say = |ms: i64, text: String| {
            let at = start + ms;
            let line = format!("2026-03-14T{}Z INFO session {session} {text}", clock(at));
            log.say("gate.log", at, line);
        };
        say(0, format!("opened by user u{}", n % 50));
        for request in 0..2 + n % 4 {
            say(2000 + request * 7000, format!("asked for /page/{request}"));
        }
        if one_in(n, 35) {
            say(60_000, "closed by client".to_owned());
        }
    }
    log.prove("sessions");
}

#[test]
fn what_takes_long_is_waited_for() {
    let mut log = System::default();
    for n in 0..120i64 {
        let (doc, start) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 60_000);
        let took = 60_000 + (salted(n, 3) % 2_340_000) as i64;
        let end = 3_600_000 + 120 * 60_000;
        let mut say = |file, at: i64, text: &str| {
            log.say(
                file,
                at,
                format!("2026-03-14T{}Z INFO {text} doc={doc}", clock(at)),
            );
        };
        say("in.log", start, "received");
        if n != 12 && start + took < end {
            say("out.log", start + took, "archived");
        }
        if n == 12 {
            log.lost.insert(doc);
        }
    }
    let (config, said) = log.prove("slow");
    assert!(config.contains("within = "), "{config}");
    assert!(said.count(Verdict::Pending) > 10, "{config}");
}

#[test]
fn a_last_step_that_one_lane_never_leads_to_is_a_loss_although_the_lane_is_told_late() {
    let mut log = System::default();
    for n in 0..500 {
        let lane = salted(n, 13) % 5;
        let came = lane != 3 || n > 480;
        let order = order(&mut log, n, came);
        let at = 3_600_000 + n * 4000 + 950;
        let time = clock(at);
        log.say("worker.jsonl", at, format!(
            r#"{{"timestamp":"2026-03-14T{time}Z","event":"laid out","orderId":"{order}","lane":"lane-{lane}"}}"#
        ));
        if !came {
            log.lost.insert(order);
        }
    }
    log.prove("late-lane");
}

#[test]
fn last_words_that_many_leave_out_are_no_way_out() {
    let mut log = System::default();
    for n in 0..500 {
        let order = order(&mut log, n, n % 50 != 20 || n > 470);
        if n % 50 == 20 && n <= 470 {
            log.lost.insert(order);
        } else if one_in(n, 40) {
            let at = 3_600_000 + n * 4000 + 9000;
            let time = clock(at);
            log.say("mailer.jsonl", at, format!(
                r#"{{"timestamp":"2026-03-14T{time}Z","event":"copy archived","orderId":"{order}"}}"#
            ));
        }
    }
    log.prove("last-words");
}

#[test]
fn connections_of_which_half_are_closed_are_not_lost() {
    let mut log = System::default();
    for n in 0..400i64 {
        let start = 3_600_000 + n * 5000;
        let mut say = |ms: i64, text: String| {
            let at = start + ms;
            log.say(
                "proxy.log",
                at,
                format!(
                    "2026-03-14T{}Z INFO connection {:016x} {text}",
                    clock(at),
                    mixed(n as u64)
                ),
            );
        };
        say(0, format!("open to host=h{}:443", n % 9));
        if salted(n, 5) % 10 < 8 {
            say(1000, "first byte".to_owned());
        }
        if salted(n, 6) % 100 < 55 {
            say(
                2000 + (salted(n, 7) % 90_000) as i64,
                format!("close after {} bytes", salted(n, 8) % 9999),
            );
        }
    }
    log.prove("connections");
}
