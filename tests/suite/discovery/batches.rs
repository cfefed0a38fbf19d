//! Log events that name several messages: a function that is called with a batch and prints it, a list of what
//! was written together. What one record of it names is of one message, and no more.

use super::systems::{System, clock, mixed, salted};

/// Looks like the ID that a queue or a platform gives.
fn uuid(n: i64, salt: u64) -> String {
    let (a, b) = (salted(n, salt), mixed(salted(n, salt)));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xfff,
        b >> 48 & 0xfff,
        b & 0xffff_ffff_ffff
    )
}

/// Says something in an invocation, in milliseconds after midnight.
fn say(log: &mut System, file: &'static str, at: i64, of: &str, text: &str) {
    log.say(
        file,
        at,
        format!("2026-03-14T{}Z\t{of}\tINFO\t{text}", clock(at)),
    );
}

/// Which messages are handed over together: from one to five.
fn batches(all: i64) -> Vec<Vec<i64>> {
    let mut batches: Vec<Vec<i64>> = Vec::new();
    let mut left = 0;
    for n in 0..all {
        if left == 0 {
            batches.push(Vec::new());
            left = 1 + salted(n, 9) % 5;
        }
        left -= 1;
        batches.last_mut().unwrap().push(n);
    }
    batches
}

/// What a function prints that is called with a batch of records.
fn called(batch: &[i64], body: &dyn Fn(i64) -> String) -> String {
    let record = |n: &i64| {
        format!(
            "{{messageId: {}, body: {}, count: 1}}",
            uuid(*n, 1),
            body(*n)
        )
    };
    let records: Vec<String> = batch.iter().map(record).collect();
    format!("EVENT {{records: [{}]}}", records.join(", "))
}

#[test]
fn a_record_of_a_batch_is_linked_within_itself() {
    let mut log = System::default();
    let booking = |n: i64| format!("A{}", 710_000_000 + salted(n, 3) % 9_000_000);
    let is_lost = |n: i64| n % 29 == 7 && n < 420;
    for batch in batches(450) {
        let taken: Vec<i64> = batch
            .iter()
            .copied()
            .filter(|n| !(is_lost(*n) && n % 2 == 0))
            .collect();
        let at = |n: i64| 3_600_000 + n * 4000;
        for n in &batch {
            let (run, id) = (uuid(*n, 5), booking(*n));
            let text = format!("booking created bookingRef={id}");
            say(&mut log, "api.log", at(*n), &run, &text);
            let text = format!("publish ok bookingRef={id} MessageId={}", uuid(*n, 2));
            say(&mut log, "api.log", at(*n) + 40, &run, &text);
            if is_lost(*n) {
                log.lost.insert(id);
            }
        }
        let Some(last) = taken.last() else { continue };
        let (mut now, run) = (at(*last) + 900, uuid(*last, 6));
        let body = |n: i64| {
            let (topic, booking) = (uuid(n, 2), booking(n));
            format!("{{topicId: {topic}, message: {{booking: {booking}}}}}")
        };
        say(&mut log, "issuer.log", now, &run, &called(&taken, &body));
        for n in taken {
            let text = format!("handling sqs message {}", uuid(n, 1));
            say(&mut log, "issuer.log", now + 20, &run, &text);
            now += 100;
            if is_lost(n) {
                continue;
            }
            let text = format!("ticket issued for booking {}", booking(n));
            say(&mut log, "issuer.log", now, &run, &text);
            let text = format!("confirmation sent for booking {}", booking(n));
            say(&mut log, "mailer.log", now + 700, &uuid(n, 7), &text);
        }
    }
    let _ = log.prove("batches-wrapped");
}

#[test]
fn a_batch_makes_no_one_message_of_what_it_carries() {
    let mut log = System::default();
    let invoice = |n: i64| format!("INV-{}", 4_100_000 + n * 13);
    let is_lost = |n: i64| n % 31 == 11 && n < 420;
    for batch in batches(450) {
        let at = |n: i64| 3_600_000 + n * 4000;
        for n in &batch {
            let (run, id) = (uuid(*n, 5), invoice(*n));
            let text = format!("invoice {id} submitted");
            say(&mut log, "api.log", at(*n), &run, &text);
            let text = format!("sent invoice {id} to queue MessageId {}", uuid(*n, 1));
            say(&mut log, "api.log", at(*n) + 40, &run, &text);
            if is_lost(*n) {
                log.lost.insert(id);
            }
        }
        let last = batch[batch.len() - 1];
        let (mut now, run) = (at(last) + 900, uuid(last, 6));
        let body = |n: i64| format!("{{invoice: {}}}", invoice(n));
        say(&mut log, "worker.log", now, &run, &called(&batch, &body));
        for n in batch {
            let (sqs, id) = (uuid(n, 1), invoice(n));
            let text = format!("processing record {sqs}: invoice {id}");
            say(&mut log, "worker.log", now + 20, &run, &text);
            now += 100;
            if is_lost(n) {
                continue;
            }
            let text = format!("rendered pdf for invoice {id}");
            say(&mut log, "worker.log", now, &run, &text);
            let text = format!("invoice {id} mailed to customer");
            say(&mut log, "mailer.log", now + 700, &uuid(n, 7), &text);
        }
    }
    let _ = log.prove("batches-merged");
}

#[test]
fn a_list_of_any_length_says_the_same() {
    let mut log = System::default();
    let event = |n: i64| format!("evt_{:014x}", mixed(n as u64) >> 8);
    let say = |log: &mut System, file, at: i64, text: String| {
        log.say(file, at, format!("2026-03-14T{}Z INFO {text}", clock(at)));
    };
    let is_lost = |n: i64| n % 37 == 5 && n < 420;
    for batch in batches(450) {
        let at = |n: i64| 3_600_000 + n * 4000;
        let mut taken = Vec::new();
        for n in &batch {
            say(
                &mut log,
                "collector.log",
                at(*n),
                format!("event {} accepted", event(*n)),
            );
            if is_lost(*n) {
                log.lost.insert(event(*n));
                continue;
            }
            say(
                &mut log,
                "buffer.log",
                at(*n) + 300,
                format!("event {} buffered", event(*n)),
            );
            taken.push(event(*n));
        }
        if taken.is_empty() {
            continue;
        }
        let (now, part) = (at(batch[0]) + 40_000, mixed(batch[0] as u64) >> 16);
        let text = format!("flushing batch part-{part:012x}: {}", taken.join(", "));
        say(&mut log, "flusher.log", now, text);
        let text = format!(
            "batch part-{part:012x} committed with {} events",
            taken.len()
        );
        say(&mut log, "flusher.log", now + 1500, text);
    }
    let (config, _) = log.prove("batches-listed");
    assert!(!config.contains(r"\S+,\s+\S+"), "{config}");
}
