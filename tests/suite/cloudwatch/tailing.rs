//! What is asked for while following, how often, and what of it proves what: without a service.

use std::time::Duration;

use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::cloudwatch::seen::Seen;
use lastseen::sources::cloudwatch::tail::{
    Aim, LONGEST_OVERLAP_MS, OVERLAP_MS, Tail, Tempo, Trace,
};

const NOW: Timestamp = Timestamp(1_760_000_000_000);
const MINUTE: i64 = 60_000;
const TEMPO: Tempo = Tempo {
    shortest: Duration::from_secs(5),
    longest: Duration::from_secs(30),
};

fn tail() -> Tail {
    Tail::new(NOW.plus(-60 * MINUTE), NOW, Timestamp::MAX)
}

/// Events that arrived so late.
fn traces(count: u64, lag: i64) -> Vec<Trace> {
    let trace = |hash| Trace {
        time: NOW,
        hash,
        lag: Some(lag),
    };
    (0..count).map(trace).collect()
}

#[test]
fn everything_is_asked_for_until_nothing_can_arrive_there_any_more() {
    let mut tail = tail();
    assert_eq!(
        tail.claim(Timestamp::MAX),
        None,
        "the rest was covered before"
    );
    let mut asked_from = NOW;
    let mut covered = NOW.plus(-LONGEST_OVERLAP_MS);
    for step in 1..200 {
        let now = NOW.plus(step * 7_000);
        let round = tail.next(now).unwrap();
        assert_eq!((round.aim, round.span.to), (Aim::Overlap, now));
        assert_eq!(round.span.from, covered.plus(1), "nothing is left out");
        asked_from = asked_from.min(round.span.from);
        tail.read(round, 1, 0);
        let claim = tail.claim(Timestamp::MAX).unwrap();
        assert_eq!(claim.from, covered.plus(1));
        assert_eq!(claim.to, now.plus(-OVERLAP_MS));
        covered = claim.to;
    }
}

#[test]
fn a_source_that_is_always_late_is_waited_for() {
    let mut tail = tail();
    tail.passed_on(&traces(500, 17 * MINUTE));
    let round = tail.next(NOW.plus(20 * MINUTE)).unwrap();
    tail.read(round, 1, 1);
    let claim = tail.claim(Timestamp::MAX).unwrap();
    assert_eq!(claim.to, NOW.plus(3 * MINUTE));
    assert_eq!(tail.reads_to(), NOW.plus(3 * MINUTE));
    // But not for hours.
    tail.passed_on(&traces(500, 300 * MINUTE));
    let round = tail.next(NOW.plus(60 * MINUTE)).unwrap();
    tail.read(round, 1, 1);
    assert_eq!(
        tail.claim(Timestamp::MAX).unwrap().to,
        NOW.plus(30 * MINUTE)
    );
}

#[test]
fn the_horizon_trails_what_was_measured_and_what_was_listed_bounds_what_is_proved() {
    let mut tail = tail();
    tail.passed_on(&traces(2000, 12_300));
    let round = tail.next(NOW.plus(20 * MINUTE)).unwrap();
    tail.read(round, 1, 5);
    assert_eq!(tail.reads_to(), NOW.plus(20 * MINUTE - 13_000));
    let listed = NOW.plus(4 * MINUTE);
    assert_eq!(tail.claim(listed).unwrap().to, listed);
    assert_eq!(tail.claim(listed), None);
    assert_eq!(tail.claim(Timestamp::MAX).unwrap().from, listed.plus(1));
}

#[test]
fn where_the_overlap_takes_many_pages_its_newest_part_is_asked_for_more_often() {
    let mut tail = tail();
    let mut aims = Vec::new();
    for step in 1..=30 {
        let now = NOW.plus(step * 5_000);
        let round = tail.next(now).unwrap();
        aims.push(round.aim);
        if round.aim == Aim::Newest {
            assert_eq!(
                round.span.from,
                now.plus(-5_000 - MINUTE),
                "behind the last"
            );
        }
        tail.read(round, 6, 3);
    }
    let whole: Vec<usize> = (0..30).filter(|n| aims[*n] == Aim::Overlap).collect();
    assert_eq!(whole, [0, 12, 24], "six pages, every minute");
}

#[test]
fn quiet_groups_are_asked_less_often_and_all_say_how_often() {
    let mut tail = tail();
    let mut intervals = Vec::new();
    for step in 1..20 {
        let round = tail.next(NOW.plus(step * 5_000)).unwrap();
        tail.read(round, 1, 0);
        intervals.push(tail.interval(TEMPO, false).as_secs());
    }
    assert_eq!(intervals[..8], [5, 5, 10, 10, 10, 20, 20, 20]);
    assert_eq!(intervals[18], 30);
    assert_eq!(tail.interval(TEMPO, true).as_secs(), 10, "an entry");
    let words = tail.pulse(tail.interval(TEMPO, false)).words;
    assert_eq!(words, "asked every 30s; log events arrive up to 1m late");
    let round = tail.next(NOW.plus(100_000)).unwrap();
    tail.read(round, 1, 1);
    assert_eq!(
        tail.interval(TEMPO, false).as_secs(),
        5,
        "something happened"
    );
    // Many share the calls of the region.
    let round = tail.next(NOW.plus(167_500)).unwrap();
    tail.read(round, 1, 1);
    let words = tail.pulse(tail.interval(TEMPO, false)).words;
    assert!(words.starts_with("asked every 1m7s;"), "{words}");
    tail.failed(NOW, "no answer".to_owned());
    tail.failed(NOW.plus(1), "still none".to_owned());
    let pulse = tail.pulse(tail.interval(TEMPO, true));
    assert_eq!(pulse.silent_since, Some(NOW));
    assert!(
        pulse.words.starts_with("still none; asked again every"),
        "{}",
        pulse.words
    );
    assert!(tail.woken(true, "Live Tail on") && !tail.woken(true, "Live Tail on"));
}

#[test]
fn a_look_back_reaches_as_far_as_what_was_passed_on_is_known() {
    let mut tail = tail();
    assert_eq!(tail.look_back(NOW.plus(5 * MINUTE)), None);
    let round = tail.next(NOW.plus(15 * MINUTE)).unwrap();
    tail.read(round, 1, 0);
    let back = tail.look_back(NOW.plus(15 * MINUTE)).unwrap();
    assert_eq!(back.aim, Aim::LookBack);
    assert_eq!(
        back.span,
        Span::new(NOW.plus(-45 * MINUTE), NOW.plus(5 * MINUTE))
    );
    assert_eq!(
        tail.look_back(NOW.plus(20 * MINUTE)),
        None,
        "every ten minutes"
    );
}

#[test]
fn what_is_known_of_passed_events_stays_within_bounds() {
    let at = |minute: i64| NOW.plus(minute * MINUTE);
    let mut seen = Seen::from(at(0));
    seen.add(at(-1), 1);
    assert!(seen.is_empty(), "before its time");
    for minute in 0..60 {
        (0..5_000).for_each(|n| seen.add(at(minute), n));
    }
    seen.shrink(at(-10), at(50));
    assert!(seen.len() <= 105_000, "{}", seen.len());
    assert!(
        !seen.has(at(2), 7) && seen.since() > at(2),
        "forgotten, and known to be"
    );
    assert!(seen.has(at(51), 7));
    // What is needed is never forgotten, however much it is.
    seen.shrink(at(58), at(45));
    assert!(seen.has(at(46), 7));
    seen.shrink(at(58), at(59));
    assert!(!seen.has(at(46), 7) && seen.has(at(59), 7));
}
