//! Things that are worked on again: an invoice that is sent at two times is two messages, an order that is
//! tried again is one.

use super::systems::{System, clock, mixed, salted};

fn job(n: i64) -> String {
    format!("{:016x}", mixed(n as u64))
}

/// Says something at a time, in milliseconds after midnight.
fn say(log: &mut System, file: &'static str, at: i64, text: &str) {
    log.say(file, at, format!("2026-03-14T{}Z INFO {text}", clock(at)));
}

#[test]
fn an_invoice_that_is_sent_at_two_times_is_two_messages() {
    let mut log = System::default();
    for n in 0..900i64 {
        let (job, at) = (job(n), 3_600_000 + n * 8000);
        // One in thirty is of an invoice that was sent before.
        let first = if n % 30 == 17 {
            (salted(n, 7) % n as u64) as i64
        } else {
            n
        };
        let invoice = 40_000 + first * 7;
        let both = format!("job {job} for invoice {invoice}");
        say(&mut log, "web.log", at, &format!("enqueued {both}"));
        if n % 60 == 17 && n < 860 {
            log.lost.insert(job);
            continue;
        }
        say(
            &mut log,
            "worker.log",
            at + 900,
            &format!("performing {both}"),
        );
        let done = format!("performed {both}");
        say(&mut log, "worker.log", at + 1500, &done);
    }
    let (config, _) = log.prove("again-invoices");
    let why = "come again with other messages";
    assert!(config.contains(why), "{config}");
}

#[test]
fn an_order_that_is_tried_again_is_one_message() {
    let mut log = System::default();
    for n in 0..900i64 {
        let (order, at) = (40_000 + n * 7, 3_600_000 + n * 8000);
        let both = |again: i64| format!("job {} for order {order}", job(n * 2 + again));
        say(&mut log, "web.log", at, &format!("enqueued {}", both(0)));
        if n % 60 == 17 && n < 860 {
            log.lost.insert(order.to_string());
            continue;
        }
        let (mut at, mut again) = (at + 900, 0);
        say(
            &mut log,
            "worker.log",
            at,
            &format!("performing {}", both(0)),
        );
        // One in thirty is given up, and enqueued once more by whoever looks for such.
        if n % 30 == 3 {
            (at, again) = (at + 600_000 + (salted(n, 3) % 900_000) as i64, 1);
            say(&mut log, "worker.log", at, &format!("enqueued {}", both(1)));
            at += 2000;
            let text = format!("performing {}", both(1));
            say(&mut log, "worker.log", at, &text);
        }
        let done = format!("performed {}", both(again));
        say(&mut log, "worker.log", at + 1500, &done);
    }
    let (config, _) = log.prove("again-orders");
    let why = "come again with other messages";
    assert!(!config.contains(why), "{config}");
}
