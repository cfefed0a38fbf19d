//! Numbers: behind a word that says what they are, behind any other, of all lengths; and those that are
//! no IDs at all.

use std::fmt::Write as _;
use std::fs;

use super::learning::learn;
use super::systems::{System, clock, mixed, salted};
use crate::support::alone::folder;

/// A source that takes in and one that handles, each of which names a number in its own words.
fn handed_on(name: &str, texts: [&str; 2], number: &dyn Fn(u64) -> u64) -> String {
    let mut log = System::default();
    for n in 0..400u64 {
        let (number, start) = (number(n).to_string(), 3_600_000 + n as i64 * 4000);
        let mut say = |file, ms: i64, text: &str| {
            let text = text.replace("{}", &number);
            let line = format!("2026-03-14T{}Z INFO {text}", clock(start + ms));
            log.say(file, start + ms, line);
        };
        say("intake.log", 0, texts[0]);
        if n % 40 == 7 {
            log.lost.insert(number);
            continue;
        }
        say("handler.log", 600 + (mixed(n) % 900) as i64, texts[1]);
    }
    log.prove(&format!("number-{name}")).0
}

#[test]
fn numbers_of_all_lengths_are_found() {
    let texts: [(&str, [&str; 2], u64); 3] = [
        ("order", ["took order {} in", "packed order {} well"], 800),
        (
            "tid",
            [
                "Starting task (TID {}) here",
                "Finished task (TID {}) there",
            ],
            1,
        ),
        ("message", ["got message {}", "sent message {}"], 9800),
    ];
    for (name, texts, first) in texts {
        let config = handed_on(name, texts, &|n| first + n);
        assert!(config.contains("\\d+"), "{name}\n{config}");
    }
}

#[test]
fn numbers_behind_an_ordinary_word_are_found() {
    let random = |n: u64| 100_000_000 + mixed(n) % 900_000_000;
    handed_on(
        "upload",
        ["stored upload {} whole", "coded upload {} again"],
        &random,
    );
    let texts = [
        ("word", "policy {} changed"),
        ("pair", "changed policy={} by=bob"),
        ("hash", "policy #{} changed"),
    ];
    for (name, text) in texts {
        handed_on(name, [text, text], &|n| 7_000_000 + n);
    }
}

#[test]
fn numbers_that_begin_and_end_in_one_source_are_found() {
    let mut log = System::default();
    for n in 0..400i64 {
        let (number, start) = (
            (1_000_000_000 + salted(n, 3) % 8_000_000_000).to_string(),
            3_600_000 + n * 4000,
        );
        let mut say = |ms: i64, text: String| {
            let line = format!("2026-03-14T{}Z INFO sms {number} {text}", clock(start + ms));
            log.say("sms.log", start + ms, line);
        };
        say(
            0,
            format!("queued to=+4915{:08}", salted(n, 4) % 100_000_000),
        );
        if n % 40 == 7 {
            log.lost.insert(number);
        } else {
            say(900 + n % 7 * 100, "delivered".to_owned());
        }
    }
    log.prove("number-alone");
}

/// One process serves a connection, and says several lines of it.
#[test]
fn the_number_of_a_process_is_no_id() {
    let mut log = System::default();
    for n in 0..400i64 {
        let (id, at) = (format!("{:015X}", salted(n, 8) >> 4), 3_600_000 + n * 4000);
        let process = 10_000 + n * 3;
        let mut say = |ms: i64, text: String| {
            let time = clock(at + ms);
            log.say(
                "mail.log",
                at + ms,
                format!("2026-03-14T{time}Z relay {text}"),
            );
        };
        say(0, format!("mail/smtpd[{process}]: connect from unknown"));
        say(200, format!("mail/smtpd[{process}]: {id}: client=unknown"));
        say(
            400,
            format!("mail/smtpd[{process}]: disconnect from unknown"),
        );
        if n % 40 == 7 {
            log.lost.insert(id);
        } else {
            say(900, format!("mail/smtp[77]: {id}: status=sent"));
        }
    }
    let (config, _) = log.prove("number-process");
    assert!(!config.contains("smtpd\\["), "{config}");
}

/// Two orders of one price are two orders.
#[test]
fn an_amount_beside_an_id_joins_nothing() {
    let mut log = System::default();
    for n in 0..400i64 {
        let (id, start) = (format!("{:016x}", salted(n, 5)), 3_600_000 + n * 4000);
        let paid = 1000 + salted(n, 6) % 600;
        let mut say = |file, ms: i64, text: &str| {
            let time = clock(start + ms);
            let line = format!("2026-03-14T{time}Z INFO {text} orderId={id} paid {paid} cents");
            log.say(file, start + ms, line);
        };
        say("shop.log", 0, "ordered");
        if n % 40 == 7 {
            log.lost.insert(id);
            continue;
        }
        say("bank.log", 900, "settled");
    }
    let (config, _) = log.prove("number-beside");
    assert!(!config.contains("paid"), "{config}");
}

/// What two sources count by themselves meets by chance.
#[test]
fn numbers_that_meet_by_chance_are_no_ids() {
    let folder = folder("learnt-chance");
    for (salt, file) in [(1, "east.log"), (2, "west.log")] {
        let mut text = String::new();
        for n in 0..900i64 {
            let (held, left) = (
                5000 + salted(n, salt) % 1200,
                10_000 + salted(n, salt + 7) % 900,
            );
            let time = clock(3_600_000 + n * 4000);
            writeln!(
                text,
                "2026-03-14T{time}Z INFO cache holds {held} entries, free={left}"
            )
            .unwrap();
        }
        fs::write(folder.join(file), text).unwrap();
    }
    let (found, _) = learn(&folder, ".");
    assert!(found.pipelines.is_empty(), "{:?}", found.pipelines);
}

/// A field of two values on the last line, and an ID of a customer on the first, decide nothing.
#[test]
fn the_id_that_goes_from_source_to_source_wins() {
    let mut log = System::default();
    for n in 0..600i64 {
        let (order, start) = (4_000_000 + salted(n, 8) % 900_000, 3_600_000 + n * 4000);
        let mut say = |file, ms: i64, text: &str, more: String| {
            let time = clock(start + ms);
            let line =
                format!(r#"{{"@t":"2026-03-14T{time}Z","@mt":"{text}","OrderId":{order}{more}}}"#);
            log.say(file, start + ms, line);
        };
        let customer = format!(r#","CustomerId":{}"#, salted(n, 9) % 400);
        say(
            "web.clef",
            0,
            "Order {OrderId} placed by {CustomerId}",
            customer,
        );
        if n % 50 == 7 {
            log.lost.insert(order.to_string());
            continue;
        }
        say(
            "fulfil.clef",
            800,
            "Reserving stock for {OrderId}",
            String::new(),
        );
        let carrier = ["DHL", "UPS"][(salted(n, 10) % 2) as usize];
        let carrier = format!(r#","Carrier":"{carrier}""#);
        say(
            "fulfil.clef",
            2900,
            "Dispatched {OrderId} via {Carrier}",
            carrier,
        );
    }
    let (config, _) = log.prove("number-carrier");
    assert!(config.contains("id = [\"OrderId\"]"), "{config}");
}
