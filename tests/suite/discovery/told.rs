//! What a line says finally of its message, in whichever words and language: a failure that is told is
//! no loss, and who ends without a word stays one.

use std::panic::Location;

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, mixed, salted};

/// A share of numbers, in percent, spread evenly and without a pattern.
const fn one_in(n: i64, percent: u64) -> bool {
    salted(n, 0x5eed) % 100 < percent
}

/// Who comes later may still go on.
const LATE: i64 = 230;

/// Orders of which some are lost on the way to stock, and some end there with these words.
fn orders(level: &str, words: &str) -> (System, usize) {
    let (mut log, mut told) = (System::default(), 0);
    for n in 0..300i64 {
        let (order, start) = (
            format!("{:012x}", mixed(n as u64) >> 16),
            3_600_000 + n * 5000,
        );
        let mut say = |file, ms: i64, level: &str, words: &str| {
            let time = clock(start + ms);
            let line = format!("2026-03-14T{time}Z {level} order={order} {words}");
            log.say(file, start + ms, line);
        };
        say("api.log", 0, "INFO", "accepted");
        if n % 60 == 31 && n < LATE {
            log.lost.insert(order);
            continue;
        }
        say("stock.log", 400, "INFO", "reserving");
        if n < LATE && one_in(n, 6) {
            say("stock.log", 900, level, words);
            told += 1;
            continue;
        }
        say("ship.log", 1400, "INFO", "parcel created");
    }
    (log, told)
}

/// How many of those who end with these words have this verdict: all.
#[track_caller]
fn ends_as(verdict: Verdict, all: &[(&str, &str)]) {
    // Of each test, for they run at the same time.
    let test = Location::caller().line();
    for (at, (level, words)) in all.iter().enumerate() {
        let (mut log, told) = orders(level, words);
        if verdict == Verdict::Lost {
            // Who is to be tried again and never is, is lost.
            let stopped = (0..LATE).filter(|n| n % 60 != 31 && one_in(*n, 6));
            log.lost
                .extend(stopped.map(|n| format!("{:012x}", mixed(n as u64) >> 16)));
        }
        let (config, said) = log.prove(&format!("told-{test}-{at}"));
        if verdict != Verdict::Lost {
            assert_eq!(said.count(verdict), told, "{level} {words}\n{config}");
        }
    }
}

#[test]
fn what_was_tried_before_it_failed_or_is_not_tried_again_has_failed() {
    ends_as(
        Verdict::Failed,
        &[
            ("ERROR", "failed after 3 retries: SocketTimeoutException"),
            ("ERROR", "rejected: out of stock, basic.nack requeue=false"),
            ("ERROR", "retry failed: 503"),
            ("INFO", "rejected, will not be retried"),
            ("ERROR", "non-retryable problem"),
            ("INFO", "no more attempts"),
        ],
    );
}

#[test]
fn an_error_that_went_wrong_was_not_left_out() {
    ends_as(
        Verdict::Failed,
        &[
            (
                "ERROR",
                "error: duplicate key value violates unique constraint",
            ),
            ("ERROR", "ignored exception while parsing, aborting"),
        ],
    );
}

#[test]
fn what_is_to_be_tried_again_and_never_is_is_lost() {
    ends_as(
        Verdict::Lost,
        &[
            ("WARN", "failed, will retry"),
            ("INFO", "taken redelivered=False"),
            ("ERROR", "timeout, retrying in 5s"),
            ("ERROR", "failed after 3 attempts, requeued"),
        ],
    );
}

#[test]
fn a_failure_in_words_that_nobody_knows_is_told_by_who_ends_with_it() {
    ends_as(
        Verdict::Failed,
        &[
            ("WARN", "out of stock"),
            ("FEHLER", "abgelehnt: Adresse ungültig"),
            ("AVERT", "annulée : article épuisé"),
            ("ERRO", "rejeitado pelo banco"),
        ],
    );
}

#[test]
fn a_warning_that_others_survive_hides_no_loss() {
    let mut log = System::default();
    for n in 0..300i64 {
        let (order, start) = (
            format!("{:012x}", mixed(n as u64) >> 16),
            3_600_000 + n * 5000,
        );
        let mut say = |file, ms: i64, words: &str| {
            let line = format!("2026-03-14T{}Z {words} order={order}", clock(start + ms));
            log.say(file, start + ms, line);
        };
        say("api.log", 0, "INFO accepted");
        if one_in(n, 30) {
            say("api.log", 100, "WARN address looks odd");
        }
        if n % 20 == 7 && n < LATE {
            log.lost.insert(order);
            continue;
        }
        say("ship.log", 1400, "INFO parcel created");
    }
    log.prove("odd-address");
}

#[test]
fn blocks_of_a_name_with_and_without_a_digit_are_one_id() {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNPQRSTUVWXYZ0123456789";
    let mut log = System::default();
    for n in 0..300i64 {
        let start = 3_600_000 + n * 5000;
        let sign = |at: u64| {
            let random = salted(n, at) as usize;
            char::from(SIGNS[random % SIGNS.len()])
        };
        let block: String = (0..4).map(sign).collect();
        let order = format!("ORD-{block}-{:06}", salted(n, 9) % 1_000_000);
        for (file, ms, words) in [("api.log", 0, "taken"), ("ship.log", 900, "shipped")] {
            if ms > 0 && n % 60 == 31 && n < LATE {
                log.lost.insert(order.clone());
                continue;
            }
            let time = clock(start + ms);
            log.say(
                file,
                start + ms,
                format!("2026-03-14T{time}Z INFO {words} {order}"),
            );
        }
    }
    let (config, _) = log.prove("random-blocks");
    let pipelines = config.lines().filter(|line| line.starts_with("[pipeline."));
    assert_eq!(pipelines.count(), 1, "{config}");
}
