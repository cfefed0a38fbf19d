//! Every fault alone, then all of them mixed: what is delivered is the truth, each event once, and
//! coverage is complete exactly when everything was read.

use std::collections::HashMap;
use std::time::Duration;

use lastseen::domain::feed::{End, FaultKind};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::cloudwatch::settings::Settings;

use crate::support::fake_cloudwatch::{Call, Event, FakeCloudWatch, Trouble};
use crate::support::reading::{Reading, environment, quick, read, request};

const FROM: i64 = 1_760_000_000_000;
const HOUR: i64 = 3_600_000;
const GROUP: &str = "/acme/qa/engine";
const SOURCE: &str = "qa/eu-central-1:/acme/qa/engine";

/// Events over an hour, some of them in the same millisecond.
fn events(count: i64) -> Vec<Event> {
    let time = |n: i64| FROM + (n / 3) * 3 * HOUR / count;
    let event = |n| Event::new(time(n), &format!("{n:056}"), &format!("event {n}"));
    (0..count).map(event).collect()
}

fn ids(count: i64) -> Vec<String> {
    (0..count).map(|n| format!("{n:056}")).collect()
}

fn whole() -> Vec<Span> {
    vec![Span::new(Timestamp(FROM), Timestamp(FROM + HOUR))]
}

/// Reads 500 events in pages of 20 while `script` disturbs FilterLogEvents.
fn disturbed(
    settings: Settings,
    mut script: impl FnMut(&Call) -> Option<Trouble> + Send + 'static,
) -> (Reading, Vec<Call>) {
    let fake = FakeCloudWatch::start(20);
    fake.group("eu-central-1", GROUP, events(500));
    fake.script(move |call| {
        let filter = call.operation == "FilterLogEvents";
        filter.then(|| script(call)).flatten()
    });
    let plan = environment("qa", fake.url(), &["eu-central-1"], &["/acme/{env}/*"]);
    let reading = read(&[plan], request(FROM, FROM + HOUR), settings);
    (reading, fake.calls("FilterLogEvents"))
}

fn assert_complete(reading: &Reading) {
    let told = reading.of(SOURCE);
    assert_eq!(told.sorted_ids(), ids(500));
    assert_eq!(told.coverage(), whole());
    assert_eq!(told.faults, []);
    assert_eq!(told.end, Some(End::AsCovered));
}

/// A trouble for every call whose number of tries is below `times`.
fn each_call(
    times: usize,
    trouble: Trouble,
) -> impl FnMut(&Call) -> Option<Trouble> + Send + 'static {
    let mut tries: HashMap<((i64, i64), Option<usize>), usize> = HashMap::new();
    move |call| {
        let tries = tries.entry((call.span, call.position)).or_default();
        *tries += 1;
        (*tries <= times).then(|| trouble.clone())
    }
}

#[test]
fn without_a_fault_every_event_comes_once() {
    let (reading, calls) = disturbed(quick(), |_| None);
    assert_complete(&reading);
    let told = reading.of(SOURCE);
    assert_eq!(told.repeats, 0);
    assert_eq!(
        told.notes,
        ["account 123456789012, as arn:aws:iam::123456789012:user/oncall"]
    );
    assert!(calls.len() >= 25);
}

#[test]
fn the_newest_time_of_every_group_is_asked_for_first() {
    let fake = FakeCloudWatch::start(100);
    fake.group("eu-central-1", "/a", events(300));
    fake.group("eu-central-1", "/b", events(300));
    let mut plan = environment("qa", fake.url(), &["eu-central-1"], &["/*"]);
    plan.entries = vec!["/{env}".to_owned(), "/b*".to_owned()];
    let settings = Settings {
        in_flight: 1,
        ..quick()
    };
    read(&[plan], request(FROM, FROM + HOUR), settings);
    let calls = fake.calls("FilterLogEvents");
    let order: Vec<(&str, i64)> = calls
        .iter()
        .filter(|call| call.position.is_none())
        .map(|call| (call.group.as_str(), (call.span.1 - FROM) / (HOUR / 4)))
        .collect();
    // Of the same time, what comes in before what follows from it.
    assert_eq!(
        order,
        [
            ("/b", 4),
            ("/a", 4),
            ("/b", 3),
            ("/a", 3),
            ("/b", 1),
            ("/a", 1)
        ]
    );
}

#[test]
fn no_millisecond_falls_between_two_pieces() {
    let fake = FakeCloudWatch::start(3);
    let edges = (0..=4).flat_map(|piece| [-1, 0, 1].map(|ms| FROM + piece * HOUR / 4 + ms));
    let inside = |time: &i64| (FROM..=FROM + HOUR).contains(time);
    let edges: Vec<i64> = edges.collect();
    let event = |time: &i64| Event::new(*time, &format!("{time:056}"), "edge");
    fake.group("eu-central-1", GROUP, edges.iter().map(event).collect());
    let plan = environment("qa", fake.url(), &["eu-central-1"], &[GROUP]);
    let reading = read(&[plan], request(FROM, FROM + HOUR), quick());
    let truth = edges
        .iter()
        .filter(|t| inside(t))
        .map(|t| format!("{t:056}"));
    assert_eq!(reading.of(SOURCE).sorted_ids(), truth.collect::<Vec<_>>());
    assert_eq!(reading.of(SOURCE).coverage(), whole());
}

#[test]
fn throttling_is_waited_out_and_told() {
    let (reading, _) = disturbed(quick(), |call| {
        (call.number < 60).then_some(Trouble::Throttle)
    });
    assert_complete(&reading);
    let notes = reading.of(SOURCE).notes.join("\n");
    assert!(
        notes.contains("throttled by CloudWatch, slowing down"),
        "{notes}"
    );
    assert!(notes.contains("every page was asked for again"), "{notes}");
    let (reading, _) = disturbed(quick(), each_call(3, Trouble::Throttle));
    assert_complete(&reading);
}

#[test]
fn answers_that_fail_or_break_off_are_asked_for_again() {
    for trouble in [Trouble::Status(500), Trouble::Status(503), Trouble::CutBody] {
        let (reading, _) = disturbed(quick(), each_call(2, trouble));
        assert_complete(&reading);
        assert_eq!(
            reading.of(SOURCE).repeats,
            0,
            "the same token brings the same page"
        );
    }
}

#[test]
fn an_answer_that_never_comes_is_asked_for_again() {
    for trouble in [Trouble::Hang, Trouble::StallBody] {
        let settings = Settings {
            attempt_timeout: Duration::from_secs(2),
            ..quick()
        };
        let mut hung = 0;
        let (reading, _) = disturbed(settings, move |call| {
            hung += usize::from(call.position == Some(40));
            (call.position == Some(40) && hung == 1).then(|| trouble.clone())
        });
        assert_complete(&reading);
        assert_eq!(
            reading.of(SOURCE).repeats,
            0,
            "the same token brings the same page"
        );
    }
}

#[test]
fn empty_pages_with_a_token_end_nothing() {
    let (reading, calls) = disturbed(quick(), each_call(4, Trouble::EmptyPage));
    assert_complete(&reading);
    assert!(calls.len() >= 100);
}

#[test]
fn a_page_that_comes_again_is_counted_once() {
    let (reading, _) = disturbed(quick(), each_call(1, Trouble::PageAgain));
    assert_complete(&reading);
    assert!(reading.of(SOURCE).repeats > 0);
}

#[test]
fn an_expired_token_loses_nothing() {
    let (reading, _) = disturbed(quick(), each_call(1, Trouble::TokenExpired));
    assert_complete(&reading);
    assert!(
        reading.of(SOURCE).repeats > 0,
        "the last millisecond is read again"
    );
}

#[test]
fn a_token_that_comes_again_once_loses_nothing() {
    let mut injured = false;
    let (reading, _) = disturbed(quick(), move |call| {
        let now = call.position == Some(40) && !std::mem::replace(&mut injured, true);
        now.then_some(Trouble::TokenAgain)
    });
    assert_complete(&reading);
}

#[test]
fn a_token_that_keeps_coming_costs_calls_and_no_event() {
    let (reading, _) = disturbed(quick(), |call| {
        call.position.is_some().then_some(Trouble::TokenAgain)
    });
    assert_complete(&reading);
}

#[test]
fn a_chain_that_never_moves_on_leaves_the_rest_uncovered() {
    let (reading, _) = disturbed(quick(), |call| {
        let stuck = call.position.is_some_and(|read| read >= 40);
        stuck.then_some(Trouble::PageAgain)
    });
    let told = reading.of(SOURCE);
    assert_eq!(told.kinds(), [FaultKind::Partial]);
    let message = &told.faults[0].message;
    assert!(message.contains("the same page came again"), "{message}");
    assert!(message.contains("not read: "));
    assert_ne!(told.coverage(), whole());
    assert_covers_only_what_was_read(&reading);
}

/// No event of the truth that lies in a covered span is missing.
fn assert_covers_only_what_was_read(reading: &Reading) {
    let told = reading.of(SOURCE);
    for event in events(500) {
        let covered = told
            .covered
            .iter()
            .any(|s| s.contains(Timestamp(event.time)));
        assert!(
            !covered || told.ids.contains(&event.id),
            "{} is missing",
            event.id
        );
    }
    let mut ids = told.sorted_ids();
    ids.dedup();
    assert_eq!(ids.len(), told.ids.len(), "an event came twice");
}

#[test]
fn a_page_that_never_comes_leaves_its_piece_uncovered() {
    let lost = FROM + HOUR / 2;
    let (reading, _) = disturbed(quick(), move |call| {
        let there = call.span.0 <= lost && lost <= call.span.1 && call.position == Some(20);
        there.then_some(Trouble::Status(500))
    });
    let told = reading.of(SOURCE);
    assert_eq!(told.kinds(), [FaultKind::Partial]);
    assert!(!told.faults[0].remedy.is_empty());
    assert_eq!(told.end, Some(End::AsCovered));
    assert!(
        told.ids.len() > 250 && told.ids.len() < 500,
        "{}",
        told.ids.len()
    );
    assert_ne!(told.coverage(), whole());
    assert!(!told.covered.is_empty());
    assert_covers_only_what_was_read(&reading);
}

#[test]
fn nothing_but_errors_is_a_failure_and_not_an_absence() {
    let (reading, _) = disturbed(quick(), |_| Some(Trouble::Status(503)));
    let told = reading.of(SOURCE);
    assert_eq!(told.kinds(), [FaultKind::Failed]);
    assert_eq!((told.end, told.covered.len()), (Some(End::Nothing), 0));
    assert!(!told.faults[0].remedy.is_empty());
}

#[test]
fn events_that_arrive_late_shorten_what_is_covered() {
    let fake = FakeCloudWatch::start(100);
    let mut all = events(500);
    for event in &mut all {
        event.ingestion = event.time + 20_000;
    }
    fake.group("eu-central-1", GROUP, all);
    let plan = environment("qa", fake.url(), &["eu-central-1"], &[GROUP]);
    let mut ask = request(FROM, FROM + HOUR);
    ask.asked_at = Timestamp(FROM + HOUR);
    let reading = read(&[plan], ask, quick());
    let told = reading.of(SOURCE);
    assert_eq!(told.sorted_ids(), ids(500));
    assert_eq!(told.faults, []);
    let covered = Span::new(Timestamp(FROM), Timestamp(FROM + HOUR - 20_000));
    assert_eq!(
        told.coverage(),
        [covered],
        "nobody can say yet what the last 20 s held"
    );
}

#[test]
fn an_event_that_appears_behind_the_chain_is_not_claimed() {
    let fake = FakeCloudWatch::start(10);
    let mut all = events(90);
    // Happened 3 s before the end, readable only after everything else was read.
    let mut late = Event::new(FROM + HOUR - 3_000, "late", "late");
    late.visible_from = usize::MAX;
    all.push(late);
    fake.group("eu-central-1", GROUP, all);
    let plan = environment("qa", fake.url(), &["eu-central-1"], &[GROUP]);
    let mut ask = request(FROM, FROM + HOUR);
    ask.asked_at = Timestamp(FROM + HOUR);
    let reading = read(&[plan], ask, quick());
    let told = reading.of(SOURCE);
    assert_eq!(told.ids.len(), 90);
    let late = Timestamp(FROM + HOUR - 3_000);
    assert!(!told.covered.iter().any(|span| span.contains(late)));
}

#[test]
fn what_is_asked_for_is_the_window_with_its_margin_up_to_now() {
    let fake = FakeCloudWatch::start(100);
    fake.group("eu-central-1", GROUP, events(100));
    let plan = environment("qa", fake.url(), &["eu-central-1"], &[GROUP]);
    let mut ask = request(FROM + HOUR / 4, FROM + HOUR / 2);
    ask.margin_ms = HOUR / 8;
    let reading = read(std::slice::from_ref(&plan), ask, quick());
    let (from, to) = (FROM + HOUR / 8, FROM + HOUR / 2 + HOUR / 8);
    let expected = [Span::new(Timestamp(from), Timestamp(to))];
    assert_eq!(reading.of(SOURCE).coverage(), expected);
    let inside = events(100)
        .iter()
        .filter(|e| from <= e.time && e.time <= to)
        .count();
    assert_eq!(reading.of(SOURCE).ids.len(), inside);
    // All of it in the future: nothing is read and nothing is claimed.
    ask.asked_at = Timestamp(FROM);
    let reading = read(&[plan], ask, quick());
    assert_eq!(reading.of(SOURCE).coverage(), []);
    assert_eq!(reading.of(SOURCE).ids.len(), 0);
}

#[test]
fn a_retention_shorter_than_the_window_is_not_covered() {
    let fake = FakeCloudWatch::start(100);
    fake.group_kept_for("eu-central-1", GROUP, events(100), Some(1));
    let plan = environment("qa", fake.url(), &["eu-central-1"], &[GROUP]);
    let mut ask = request(FROM, FROM + HOUR);
    ask.asked_at = Timestamp(FROM + 24 * HOUR + HOUR / 2);
    let reading = read(&[plan], ask, quick());
    let told = reading.of(SOURCE);
    let kept = Span::new(Timestamp(FROM + HOUR / 2), Timestamp(FROM + HOUR));
    assert_eq!(told.coverage(), [kept]);
    assert_eq!(told.kinds(), [FaultKind::Partial]);
    assert!(told.faults[0].message.contains("keeps nothing this old"));
    assert_eq!(
        told.sorted_ids().len(),
        100,
        "what is still there is read all the same"
    );
}

/// A sequence of numbers that is the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // Knuth's MMIX multiplier; the high bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[test]
fn all_faults_at_once_lose_nothing_and_repeat_nothing() {
    for seed in 1..=6 {
        let mut dice = Dice(seed);
        // At most three at one place: a service that always fails is another test.
        let mut at: HashMap<((i64, i64), Option<usize>), u32> = HashMap::new();
        let (reading, calls) = disturbed(quick(), move |call| {
            let before = at.entry((call.span, call.position)).or_default();
            if *before == 3 || dice.roll(100) >= 45 {
                return None;
            }
            *before += 1;
            Some(match dice.roll(7) {
                0 => Trouble::Throttle,
                1 => Trouble::Status(500),
                2 => Trouble::Status(503),
                3 => Trouble::CutBody,
                4 => Trouble::EmptyPage,
                5 => Trouble::PageAgain,
                _ => Trouble::TokenExpired,
            })
        });
        assert_complete(&reading);
        assert!(calls.len() > 35, "seed {seed} disturbed nothing");
    }
}

#[test]
fn faults_that_stay_never_cover_what_was_not_read() {
    for seed in 1..=6 {
        let mut dice = Dice(seed);
        let settings = Settings {
            attempts: 2,
            ..quick()
        };
        let (reading, _) = disturbed(settings, move |_| {
            (dice.roll(100) < 30).then(|| match dice.roll(4) {
                0 => Trouble::Status(500),
                1 => Trouble::CutBody,
                2 => Trouble::TokenAgain,
                _ => Trouble::Throttle,
            })
        });
        assert_covers_only_what_was_read(&reading);
        let told = reading.of(SOURCE);
        let complete = told.sorted_ids() == ids(500) && told.faults.is_empty();
        assert_eq!(told.coverage() == whole(), complete, "seed {seed}");
    }
}
