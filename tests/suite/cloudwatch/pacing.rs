//! How fast calls are made, what a region that does not answer costs, whose clock is right: pure
//! state machines, run without waiting.

use std::time::Duration;

use lastseen::domain::event::SourceId;
use lastseen::domain::time::Timestamp;
use lastseen::sources::cloudwatch::circuit::{Line, Pass};
use lastseen::sources::cloudwatch::clock::Skew;
use lastseen::sources::cloudwatch::fault::{Class, Failure, Silence};
use lastseen::sources::cloudwatch::notes::{Notes, Topic};
use lastseen::sources::cloudwatch::pace::Paces;
use lastseen::sources::cloudwatch::rate::Rate;
use proptest::prelude::*;
use tokio::time::Instant;

const PAUSE: Duration = Duration::from_secs(2);

fn seconds(n: f64) -> Duration {
    Duration::from_secs_f64(n)
}

#[track_caller]
fn assert_rate(rate: &Rate, expected: f64) {
    let allowed = rate.allowed().unwrap();
    assert!((allowed - expected).abs() < 1e-6, "{allowed}");
}

#[test]
fn calls_of_one_account_region_and_api_share_sixty_percent_of_its_quota() {
    let paces = Paces::default();
    let start = Instant::now();
    let pace = paces.of("1", "eu-central-1", 4, true);
    // Two environments in the same account and region have one limiter.
    let same = paces.of("1", "eu-central-1", 4, true);
    let booked = [pace.book(start), same.book(start), pace.book(start)];
    assert_eq!(booked[2] - booked[0], seconds(1.0 / 3.0) * 2);
    let quicker = paces.of("1", "us-east-1", 4, true);
    let (first, second) = (quicker.book(start), quicker.book(start));
    assert_eq!(second - first, seconds(1.0 / 15.0));
    let listing = paces.listing("1", "eu-central-1", 4, true);
    let (first, second) = (listing.book(start), listing.book(start));
    assert_eq!(
        second - first,
        seconds(1.0 / 6.0),
        "listing has a quota of its own"
    );
    let late = start + Duration::from_mins(1);
    assert_eq!(pace.book(late), late, "what was not used is not saved up");
    let elsewhere = paces.of("1", "eu-central-1/local", 4, false);
    assert_eq!(
        elsewhere.book(start),
        elsewhere.book(start),
        "no quota is known"
    );
}

#[test]
fn throttling_halves_and_pauses_and_quiet_brings_it_back_up() {
    let start = Instant::now();
    let mut rate = Rate::new(Some(10.0), start);
    assert_rate(&rate, 6.0);
    // A second with many answers adds no more than a second with two.
    for n in 1..=20 {
        rate.answered(start + seconds(f64::from(n) * 0.05));
    }
    assert_rate(&rate, 6.2);
    let now = start + seconds(2.0);
    assert!(rate.throttled(now, now, PAUSE, 0.5).is_some());
    assert_rate(&rate, 3.1);
    assert_eq!(rate.pause(now), Some(now + PAUSE));
    // Calls that were under way with it say nothing new.
    let later = now + seconds(0.3);
    assert_eq!(rate.throttled(now, later, PAUSE, 0.5), None);
    assert_eq!(rate.book(later), now + PAUSE);
    let second = rate.book(later) - (now + PAUSE);
    assert!(second.abs_diff(seconds(1.0 / 3.1)) < seconds(1e-6));
    assert_eq!(rate.pause(now + PAUSE), None);
    let after = now + PAUSE + seconds(1.0);
    rate.answered(after);
    assert_rate(&rate, 3.3);
    for n in 1..100 {
        rate.answered(after + seconds(f64::from(n)));
    }
    assert_rate(&rate, 9.0);
    let mut now = after + seconds(200.0);
    for _ in 0..20 {
        rate.throttled(now, now, PAUSE, 0.5);
        now += PAUSE;
    }
    assert_rate(&rate, 0.5);
}

#[test]
fn an_endpoint_that_throttles_gets_half_of_what_it_got() {
    let start = Instant::now();
    let mut rate = Rate::new(None, start);
    for n in 0..80 {
        let now = start + seconds(f64::from(n) * 0.02);
        assert_eq!(rate.book(now), now);
        rate.answered(now);
    }
    assert_eq!(rate.allowed(), None);
    let now = start + seconds(1.6);
    // Fifty in the second before this one.
    assert_eq!(rate.throttled(now, now, PAUSE, 0.5), Some(25.0));
    rate.answered(now + PAUSE + seconds(1.0));
    assert_rate(&rate, 27.5);
}

proptest! {
    #[test]
    fn no_second_has_more_calls_than_the_quota(
        quota in 5.0_f64..25.0,
        steps in prop::collection::vec((0_u64..400, prop::bool::weighted(0.1)), 1..300),
    ) {
        let start = Instant::now();
        let mut rate = Rate::new(Some(quota), start);
        let mut now = start;
        let mut booked = Vec::new();
        for (ms, throttled) in steps {
            now += Duration::from_millis(ms);
            let at = rate.book(now);
            prop_assert!(at >= now);
            prop_assert!(rate.pause(now).is_none_or(|until| at >= until));
            booked.push(at);
            now = now.max(at);
            if throttled {
                rate.throttled(at, now, PAUSE, 0.5);
            } else {
                rate.answered(now);
            }
            let allowed = rate.allowed().unwrap();
            prop_assert!((0.5..=quota * 0.9 + 1e-9).contains(&allowed));
        }
        for (index, from) in booked.iter().enumerate() {
            let within = booked[index..].iter().take_while(|at| **at < *from + seconds(1.0));
            prop_assert!(within.count() as f64 <= quota + 1.0);
        }
    }
}

fn refused() -> Failure {
    Failure::new(Class::Transient, "connection refused").with_silence(Silence::Unreachable)
}

fn mute() -> Failure {
    Failure::new(Class::Transient, "no answer in time").with_silence(Silence::NoAnswer)
}

const HALF_A_MINUTE: Duration = Duration::from_secs(30);

#[test]
fn a_region_that_does_not_answer_is_asked_by_one_and_then_left_alone() {
    let now = Instant::now();
    let mut line = Line::default();
    for _ in 0..3 {
        assert_eq!(line.ask(now), Pass::Go);
        line.silent(Some(SourceId(1)), 3);
    }
    assert_eq!(line.ask(now), Pass::Probe);
    assert_eq!(line.ask(now), Pass::Wait, "one finds out");
    line.silent(Some(SourceId(1)), 3);
    line.spent(&refused(), now + HALF_A_MINUTE);
    assert_eq!(line.ask(now), Pass::Down(refused()));
    // Later it is worth another try, by one.
    let later = now + HALF_A_MINUTE;
    line.leave();
    assert_eq!(line.ask(later), Pass::Probe);
    assert_eq!(line.ask(later), Pass::Wait);
    line.answered();
    assert_eq!(line.ask(later), Pass::Go);
}

#[test]
fn any_answer_lets_all_go_on_and_who_leaves_makes_room() {
    let now = Instant::now();
    let mut line = Line::default();
    for _ in 0..2 {
        line.silent(None, 3);
    }
    assert!(!line.is_known());
    line.answered();
    assert!(line.is_known());
    line.silent(None, 3);
    assert_eq!(line.ask(now), Pass::Go, "three in a row, not in all");
    line.silent(None, 3);
    line.silent(None, 3);
    assert_eq!((line.ask(now), line.ask(now)), (Pass::Probe, Pass::Wait));
    line.leave();
    assert_eq!(line.ask(now), Pass::Probe);
}

#[test]
fn one_log_group_that_never_answers_does_not_close_its_region() {
    let now = Instant::now();
    let until = now + HALF_A_MINUTE;
    let mut line = Line::default();
    line.silent(Some(SourceId(1)), 3);
    line.spent(&refused(), until);
    assert_eq!(line.ask(now), Pass::Go, "others were answered in between");
    for _ in 0..5 {
        line.silent(Some(SourceId(1)), 3);
    }
    line.spent(&mute(), until);
    assert_eq!(line.ask(now), Pass::Go);
    line.silent(Some(SourceId(2)), 3);
    line.spent(&mute(), until);
    assert_eq!(line.ask(now), Pass::Down(mute()));
}

#[test]
fn a_fast_clock_is_told_and_set_right() {
    let now = Timestamp(1_760_000_000_000);
    let measured = |ahead: &[i64]| {
        let skew = Skew::new(now);
        for ms in ahead {
            skew.measured(*ms);
        }
        (skew.corrected(now).since(now), skew.note())
    };
    assert_eq!(measured(&[]), (0, None));
    assert_eq!(measured(&[1_900]), (0, None), "answers tell whole seconds");
    assert_eq!(measured(&[4_000]), (-4_000, None));
    let note = |text: &str| Some(format!("this machine's clock is {text} AWS"));
    // A slow answer makes the clock look faster than it is.
    assert_eq!(
        measured(&[300_000, 252_400, 260_000]),
        (-252_400, note("4 min 12 s ahead of"))
    );
    assert_eq!(measured(&[-7_000]), (0, note("7 s behind")));
}

#[test]
fn a_word_about_one_thing_leaves_the_others() {
    let notes = Notes::default();
    let say = |topic, text: &str| notes.say(topic, text.to_owned());
    assert_eq!(say(Topic::Pace, "slower"), Some("slower".to_owned()));
    assert_eq!(
        say(Topic::Caller, "as me"),
        Some("as me; slower".to_owned())
    );
    assert_eq!(say(Topic::Pace, "slower"), None, "nothing new");
    assert_eq!(say(Topic::Silence, ""), None);
    assert_eq!(say(Topic::Pace, ""), Some("as me".to_owned()));
}
