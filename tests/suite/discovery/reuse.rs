//! IDs that are used again within the hour: each use is a message of its own.

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, salted};

/// So many numbers there are.
const NUMBERS: i64 = 300;

/// A number is taken, worked on and done; `lost` says which uses vanish.
fn numbers(uses: i64, lost: &dyn Fn(i64) -> bool) -> System {
    let mut log = System::default();
    for n in 0..uses {
        let (number, at) = (1000 + n % NUMBERS, 3_600_000 + n * 4000);
        let mut say = |file: &'static str, ms: i64, said: &str| {
            let time = clock(at + ms);
            log.say(
                file,
                at + ms,
                format!("2026-03-14T{time}Z INFO {said} msg={number}"),
            );
        };
        say("in.log", 0, "accepted");
        say("mid.log", 500 + salted(n, 1).cast_signed() % 300, "handled");
        if lost(n) {
            log.lost.insert(number.to_string());
        } else {
            say(
                "out.log",
                1500 + salted(n, 2).cast_signed() % 300,
                "delivered",
            );
        }
    }
    log
}

#[test]
fn a_loss_is_not_hidden_by_the_next_use_of_its_number() {
    let (config, said) = numbers(1200, &|n| n % 97 == 11 && n < 1190).prove("used-again");
    assert!(config.contains("used again: 300 IDs"), "{config}");
    assert_eq!(said.count(Verdict::Completed), 1200 - 13, "{config}");
}

#[test]
fn who_is_delivered_twice_is_one_message() {
    let mut log = numbers(300, &|_| false);
    for n in (0..300).step_by(25) {
        let at = 3_600_000 + n * 4000 + 300_000;
        let (time, number) = (clock(at), 1000 + n);
        for (file, said) in [("in.log", "accepted"), ("out.log", "delivered")] {
            log.say(
                file,
                at,
                format!("2026-03-14T{time}Z INFO {said} msg={number}"),
            );
        }
    }
    let (config, said) = log.prove("delivered-twice");
    assert!(!config.contains("reuse_after"), "{config}");
    assert_eq!(said.count(Verdict::Completed), 300, "{config}");
}
