//! What is looked at where there is more than can be looked at closely.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lastseen::config::learnt;
use lastseen::diagnose::discover::discover;
use lastseen::domain::kinds::{kind, kind_in_file};
use lastseen::domain::slices::Slices;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::load::look::look_at_files;

use super::running::plan_of;
use crate::support::alone::folder;

/// 2026-03-14T00:00:00Z.
const MIDNIGHT: i64 = 1_773_446_400_000;

/// So many messages through two stages; one in 100,000 is looked at by hand in between.
fn write(folder: &Path, messages: u64) -> Vec<String> {
    let (mut intake, mut shop) = (String::new(), String::new());
    let mut by_hand = Vec::new();
    for n in 0..messages {
        let id = format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let at = |ms: u64| Timestamp(MIDNIGHT + (n * 300 + ms) as i64).to_rfc3339();
        writeln!(intake, "{} INFO order taken order={id}", at(0)).unwrap();
        if n % 100_000 == 60_000 {
            writeln!(shop, "{} WARN order held for review order={id}", at(900)).unwrap();
            by_hand.push(id.clone());
        }
        writeln!(shop, "{} INFO order packed order={id}", at(4000)).unwrap();
    }
    fs::create_dir_all(folder.join("logs")).unwrap();
    fs::write(folder.join("logs/intake.log"), intake).unwrap();
    fs::write(folder.join("logs/shop.log"), shop).unwrap();
    by_hand
}

#[test]
fn a_kind_of_line_in_one_of_100_000_messages_is_found() {
    let folder = folder("sampled");
    let by_hand = write(&folder, 100_000);
    assert_eq!(by_hand.len(), 1);
    let corpus = look_at_files(&plan_of(&folder, "logs"), 20_000, &mut |_| {});
    assert_eq!(corpus.of, 200_001);
    assert!(corpus.events.len() < 32_000, "{}", corpus.events.len());
    let says = |what: &str| {
        let texts = corpus.events.iter().map(|event| corpus.text(event));
        let texts = texts.map(String::from_utf8_lossy);
        texts.filter(|text| text.contains(what)).count()
    };
    assert_eq!(says("held for review"), 1);
    // And the rest of the way of that message, which lies outside of what is looked at.
    for id in by_hand {
        assert_eq!(says(&id), 3);
    }
    let text = learnt::text(&discover(&corpus));
    assert!(
        text.contains("order taken") && text.contains("order packed"),
        "{text}"
    );
}

#[test]
fn a_word_counts_the_same_wherever_it_stands_and_however_long_it_is() {
    let long = "abcdefghij".repeat(13);
    let text = |before: usize, long: &str| {
        let text = format!("{} com.acme.Intake took {long} in", "7".repeat(before));
        kind(text.as_bytes())
    };
    for before in 1..200 {
        assert_eq!(text(before, &long), text(1, &long), "{before}");
        for at in [0, 63, 64, 129] {
            let mut other = long.clone();
            other.replace_range(at..=at, "x");
            assert_ne!(text(before, &other), text(1, &long), "{before} {at}");
            other.replace_range(at..=at, "5");
            assert_eq!(text(before, &other), text(1, "4f"), "{before} {at}");
        }
    }
}

#[test]
fn the_kind_of_a_line_is_in_its_words_and_not_in_its_values() {
    let one = b"2026-03-14T01:02:03Z INFO order taken order=4f00 by worker-7";
    let same = b"2026-03-15T21:12:59Z INFO order taken order=99ac by worker-12";
    let other = b"2026-03-14T01:02:03Z INFO order given order=4f00 by worker-7";
    assert_eq!(kind(one), kind(same));
    assert_ne!(kind(one), kind(other));
    let enveloped = |stream: &str, text: &str| {
        format!(r#"{{"timestamp":1,"logStreamName":"{stream}","message":"{text}"}}"#).into_bytes()
    };
    let (a, b) = (
        enveloped("one", "order taken"),
        enveloped("two", "order taken"),
    );
    assert_eq!(kind_in_file(&a), kind_in_file(&b));
    assert_ne!(
        kind_in_file(&a),
        kind_in_file(&enveloped("one", "order given"))
    );
}

#[test]
fn slices_hold_their_share_of_the_time_and_only_become_shorter() {
    let hour = Span::new(Timestamp(0), Timestamp(3_600_000));
    for share in [0.5, 0.1, 0.02] {
        let slices = Slices::new(hour, share);
        let held = |slices: &Slices| -> Vec<i64> {
            let times = (0..3600).map(|second| second * 1000);
            times
                .filter(|time| slices.contains(Timestamp(*time)))
                .collect()
        };
        let before = held(&slices);
        let expected = 3600.0 * share;
        assert!((before.len() as f64 - expected).abs() <= expected / 10.0 + 12.0);
        slices.halve();
        let after = held(&slices);
        assert!(after.len() * 2 <= before.len() + 24);
        assert!(after.iter().all(|time| before.contains(time)));
        for time in after {
            let around = Span::new(Timestamp(time - 60_000), Timestamp(time + 60_000));
            assert!(slices.meet(around));
        }
    }
}
