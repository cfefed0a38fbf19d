//! How a region is read as a whole: what it costs, who is asked when nobody answers, what is known
//! on the way, and what is left of a run that was cancelled.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lastseen::config::file::File;
use lastseen::domain::event::Source;
use lastseen::domain::feed::{End, FaultKind, FeedEvent};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::settings::Settings;
use lastseen::sources::cloudwatch::spawn;
use lastseen::sources::spool::Spool;

use crate::support::fake_cloudwatch::{Call, Event, FakeCloudWatch, Gate, Trouble};
use crate::support::reading::{Reading, environment, quick, read, request};

const FROM: i64 = 1_760_000_000_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const REGION: &str = "eu-central-1";
const GROUP: &str = "/acme/qa/engine";

/// So many events over this time, each in its own millisecond.
fn events(count: i64, length: i64) -> Vec<Event> {
    let event = |n| Event::at(FROM + n * length / count, 0, &format!("event {n}"));
    (0..count).map(event).collect()
}

fn filters(fake: &FakeCloudWatch) -> Vec<Call> {
    fake.calls("FilterLogEvents")
}

/// The spans that chains were begun over.
fn chains(fake: &FakeCloudWatch) -> Vec<(i64, i64)> {
    let calls = filters(fake).into_iter();
    calls
        .filter(|c| c.position.is_none())
        .map(|c| c.span)
        .collect()
}

fn read_hour(fake: &FakeCloudWatch, settings: Settings) -> Reading {
    let plan = environment("qa", fake.url(), &[REGION], &["/acme/{env}/*"]);
    read(&[plan], request(FROM, FROM + HOUR), settings)
}

fn told(reading: &Reading) -> &crate::support::reading::Told {
    reading.of("qa/eu-central-1:/acme/qa/engine")
}

#[test]
fn an_empty_day_costs_seven_calls() {
    let fake = FakeCloudWatch::start(10);
    fake.group(REGION, GROUP, Vec::new());
    let plan = environment("qa", fake.url(), &[REGION], &[GROUP]);
    let day = request(FROM, FROM + 24 * HOUR - 1);
    let reading = read(&[plan], day, quick());
    assert_eq!(told(&reading).coverage(), [day.window]);
    assert_eq!(filters(&fake).len(), 7);
}

#[test]
fn a_long_piece_is_shared_and_costs_little_more() {
    let fake = FakeCloudWatch::start(20);
    // All of them in the newest piece.
    let busy: Vec<Event> = events(2000, 10 * MINUTE)
        .into_iter()
        .map(|event| Event::at(event.time + HOUR - 12 * MINUTE, 0, &event.message))
        .collect();
    fake.group(REGION, GROUP, busy);
    let reading = read_hour(&fake, quick());
    assert_eq!(told(&reading).ids.len(), 2000);
    assert_eq!(
        (told(&reading).repeats, &*told(&reading).faults),
        (0, &[][..])
    );
    assert_eq!(
        told(&reading).coverage(),
        [request(FROM, FROM + HOUR).window]
    );
    let (calls, chains) = (filters(&fake).len(), chains(&fake).len());
    assert!(chains > 3 + 2, "{chains} chains");
    // Each chain may end with a page that is not full, and a cut may cost one.
    assert!(calls <= 100 + 2 * chains, "{calls} calls, {chains} chains");
    println!("busy: 100 full pages, {calls} calls, {chains} chains");
}

#[test]
fn a_piece_ends_where_too_much_would_have_to_be_remembered() {
    let fake = FakeCloudWatch::start(20);
    fake.group(REGION, GROUP, events(500, HOUR));
    let settings = Settings {
        in_flight: 1,
        piece_events: 60,
        ..quick()
    };
    let reading = read_hour(&fake, settings);
    assert_eq!(told(&reading).ids.len(), 500);
    assert_eq!(told(&reading).repeats, 0);
    assert_eq!(
        told(&reading).coverage(),
        [request(FROM, FROM + HOUR).window]
    );
    assert!(chains(&fake).len() >= 500 / 80, "{:?}", chains(&fake));
}

#[test]
fn a_region_that_does_not_answer_costs_few_calls_and_no_other_region() {
    let fake = FakeCloudWatch::start(10);
    for region in [REGION, "us-east-1"] {
        for n in 0..12 {
            fake.group(region, &format!("/acme/qa/{n:02}"), events(10, HOUR));
        }
    }
    fake.script(|call| {
        let mute = call.operation == "FilterLogEvents" && call.region == REGION;
        mute.then_some(Trouble::Hang)
    });
    let plan = environment("qa", fake.url(), &[REGION, "us-east-1"], &["/acme/{env}/*"]);
    let settings = Settings {
        attempt_timeout: Duration::from_secs(1),
        ..quick()
    };
    // Those under way, those made before it was clear, and those of the one who finds out.
    let tries = settings.silent_in_a_row - 1 + settings.silent_attempts - 1;
    let most = settings.in_flight + tries as usize;
    let reading = read(&[plan], request(FROM, FROM + HOUR), settings);
    for n in 0..12 {
        let silent = reading.of(&format!("qa/{REGION}:/acme/qa/{n:02}"));
        assert_eq!(
            (silent.kinds(), silent.end),
            (vec![FaultKind::Failed], Some(End::Nothing))
        );
        let message = &silent.faults[0].message;
        assert!(message.contains("does not answer"), "{message}");
        let other = reading.of(&format!("qa/us-east-1:/acme/qa/{n:02}"));
        assert_eq!((other.ids.len(), other.faults.len()), (10, 0));
    }
    let asked = filters(&fake).iter().filter(|c| c.region == REGION).count();
    assert!(asked <= most, "{asked} calls");
}

#[test]
fn a_region_that_answers_again_is_read_completely() {
    let fake = FakeCloudWatch::start(10);
    fake.group(REGION, GROUP, events(100, HOUR));
    fake.group(REGION, "/acme/qa/queue", events(100, HOUR));
    let mut mute = 7;
    fake.script(move |call| {
        let now = call.operation == "FilterLogEvents" && mute > 0;
        mute -= i32::from(now);
        now.then_some(Trouble::Hang)
    });
    let settings = Settings {
        attempt_timeout: Duration::from_secs(2),
        ..quick()
    };
    let reading = read_hour(&fake, settings);
    for told in reading.sources.values() {
        assert_eq!((told.ids.len(), &*told.faults), (100, &[][..]));
        assert_eq!(told.coverage(), [request(FROM, FROM + HOUR).window]);
        let last = told.notes.last().unwrap();
        assert!(!last.contains("asking again"), "{last}");
    }
}

/// Writes a profile with this key.
fn profile(path: &PathBuf, key: &str) {
    let text = format!("[profile tester]\naws_access_key_id = {key}\naws_secret_access_key = x\n");
    std::fs::write(path, text).unwrap();
}

#[test]
fn credentials_that_are_renewed_on_the_way_are_used() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("renewed-profile");
    profile(&path, "AKIAFIRST");
    let fake = FakeCloudWatch::start(20);
    fake.group(REGION, GROUP, events(500, HOUR));
    let (new, mut calls, mut renewed) = (path.clone(), 0, false);
    fake.script(move |call| {
        calls += i32::from(call.operation == "FilterLogEvents");
        let expired = call.key == "AKIAFIRST" && calls > 10;
        expired.then(|| {
            if !std::mem::replace(&mut renewed, true) {
                // Somebody logs in again.
                profile(&new, "AKIASECOND");
            }
            Trouble::Error(400, "ExpiredTokenException", "expired")
        })
    });
    let settings = Settings {
        profiles: Some(path),
        ..quick()
    };
    let reading = read_hour(&fake, settings);
    assert_eq!(
        (told(&reading).ids.len(), &*told(&reading).faults),
        (500, &[][..])
    );
    assert_eq!(
        told(&reading).coverage(),
        [request(FROM, FROM + HOUR).window]
    );
    assert!(filters(&fake).iter().any(|call| call.key == "AKIASECOND"));
}

#[test]
fn credentials_that_are_not_renewed_leave_what_was_read() {
    let fake = FakeCloudWatch::start(20);
    fake.group(REGION, GROUP, events(500, HOUR));
    let mut calls = 0;
    fake.script(move |call| {
        calls += i32::from(call.operation == "FilterLogEvents");
        (calls > 10).then_some(Trouble::Error(400, "ExpiredTokenException", "expired"))
    });
    let settings = Settings {
        in_flight: 2,
        ..quick()
    };
    let reading = read_hour(&fake, settings);
    let told = told(&reading);
    assert_eq!(
        (told.ids.len(), told.kinds()),
        (200, vec![FaultKind::Partial])
    );
    let fault = &told.faults[0];
    assert!(
        fault.remedy.contains("aws sso login --profile tester"),
        "{}",
        fault.remedy
    );
    // Also what was not tried any more is not read.
    let from = Timestamp(FROM);
    assert!(
        fault.message.contains(&format!("not read: {from}")),
        "{}",
        fault.message
    );
    assert!(!told.coverage().is_empty());
    assert_covers_only_what_was_read(told, &events(500, HOUR));
}

fn assert_covers_only_what_was_read(told: &crate::support::reading::Told, truth: &[Event]) {
    for event in truth {
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
}

#[test]
fn a_clock_that_is_fast_claims_nothing_that_has_not_come_yet() {
    let fake = FakeCloudWatch::start(100);
    fake.group(REGION, GROUP, events(500, HOUR - 5 * MINUTE));
    let mut ask = request(FROM, FROM + HOUR);
    ask.asked_at = Timestamp(FROM + HOUR);
    let ahead = 4 * MINUTE + 12_000;
    fake.clock_at(FROM + HOUR - ahead);
    let plan = environment("qa", fake.url(), &[REGION], &[GROUP]);
    let reading = read(&[plan], ask, quick());
    let told = told(&reading);
    assert_eq!(told.ids.len(), 500);
    let note = told.notes.last().unwrap();
    assert!(note.contains("account 123456789012"), "{note}");
    assert!(note.contains("this machine's clock is 4 min 1"), "{note}");
    let covered = told.coverage();
    let right = FROM + HOUR - ahead - 5_000;
    let end = covered[0].to.0;
    // As much as the first answer took to come is taken for fast, too.
    assert!((right - MINUTE..=right).contains(&end), "{covered:?}");
}

/// Reads the hour with a single worker until enough was said, as `on` decides; then to the end.
fn listen(
    fake: &FakeCloudWatch,
    settings: Settings,
    mut on: impl FnMut(&FeedEvent, &Feed),
) -> Duration {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (feed, reports) = Feed::new(8);
    let plan = environment("qa", fake.url(), &[REGION], &[GROUP]);
    let spool = Spool::new(&feed).unwrap();
    let ask = request(FROM, FROM + HOUR);
    let tasks = spawn(&[plan], ask, &feed, spool, runtime.handle(), settings);
    let listening = std::thread::spawn(move || {
        for task in tasks {
            runtime.block_on(task).unwrap();
        }
    });
    let mut stopped = None;
    while !listening.is_finished() || !reports.is_empty() {
        if let Ok(report) = reports.try_recv() {
            on(&report, &feed);
            if feed.is_stopped() && stopped.is_none() {
                stopped = Some(Instant::now());
            }
        } else {
            std::thread::yield_now();
        }
    }
    listening.join().unwrap();
    stopped.map_or(Duration::ZERO, |at| at.elapsed())
}

#[test]
fn a_long_piece_tells_what_is_covered_while_it_goes_on() {
    let fake = FakeCloudWatch::start(20);
    fake.group(REGION, GROUP, events(500, HOUR));
    let gate = Gate::default();
    let held = gate.clone();
    fake.script(move |call| {
        let late = call.position.is_some_and(|read| read >= 100);
        late.then(|| Trouble::Wait(held.clone()))
    });
    let settings = Settings {
        in_flight: 1,
        ..quick()
    };
    let (mut covered, mut ended) = (Vec::new(), false);
    listen(&fake, settings, |report, _| match report {
        FeedEvent::Covered(_, span) => {
            // The rest of the piece comes only after this.
            gate.open();
            covered.push(*span);
        }
        FeedEvent::Ended(..) => ended = true,
        _ => {}
    });
    assert!(ended && covered.len() > 3);
    let newest = Span::new(Timestamp(FROM + 45 * MINUTE + 1), Timestamp(FROM + HOUR));
    assert_eq!(covered[0].from, newest.from);
    assert!(covered[0].to < newest.to);
    let grown = covered
        .windows(2)
        .take_while(|pair| pair[1].from == newest.from);
    assert!(grown.clone().count() > 1 && grown.clone().all(|pair| pair[0].to < pair[1].to));
}

#[test]
fn a_cancelled_run_ends_at_once_and_keeps_what_was_read() {
    let fake = FakeCloudWatch::start(20);
    fake.group(REGION, GROUP, events(500, HOUR));
    fake.script(|call| {
        let late = call.operation == "FilterLogEvents" && call.position.is_some_and(|p| p >= 60);
        late.then_some(Trouble::Hang)
    });
    let settings = Settings {
        attempt_timeout: Duration::from_hours(1),
        ..quick()
    };
    let (mut events_read, mut covered, mut ended) = (0, Vec::new(), false);
    let took = listen(&fake, settings, |report, feed| match report {
        FeedEvent::Batch(batch) => {
            events_read += batch.events.len();
            if events_read == 3 * 60 {
                feed.stop();
            }
        }
        FeedEvent::Covered(_, span) => covered.push(*span),
        FeedEvent::Ended(..) => ended = true,
        _ => {}
    });
    // Which is a hundredth of a second and not an hour; nobody knows how busy this machine is.
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(!ended, "it did not come to its end");
    // Three pieces, of each at least what came before its last page.
    for begin in [FROM, FROM + 15 * MINUTE + 1, FROM + 45 * MINUTE + 1] {
        let known = covered.iter().filter(|span| span.from.0 == begin);
        let newest = known.map(|span| span.to.0).max().unwrap_or(begin);
        assert!(newest >= begin + 39 * HOUR / 500, "{covered:?}");
        assert!(newest < begin + 61 * HOUR / 500, "{covered:?}");
    }
}

#[test]
fn what_is_narrowed_keeps_what_counts_and_says_so() {
    let config = r#"
[pipeline.orders]
id = ['order=(?<id>o-\d+)']
[[pipeline.orders.stage]]
name = "engine"
from = ["/acme/{env}/engine"]
enter = 'picked up'
"#;
    let file = File::parse("x", &PathBuf::from("/"), config);
    assert!(file.errors.is_empty());
    let fake = FakeCloudWatch::start(20);
    let line = |n: i64| match n % 3 {
        0 => format!("picked up order=o-{n}"),
        _ => format!("heartbeat {n}"),
    };
    let event = |n| Event::at(FROM + n * 1000, 0, &line(n));
    fake.group(REGION, GROUP, (0..300).map(event).collect());
    fake.group(REGION, "/acme/qa/other", (0..300).map(event).collect());
    let mut plan = environment("qa", fake.url(), &[REGION], &["/acme/{env}/*"]);
    plan.narrow.clone_from(&file.pipelines);
    let ask = request(FROM, FROM + HOUR);
    let reading = read(&[plan], ask, quick());
    let narrowed = told(&reading);
    assert_eq!(narrowed.messages.len(), 100);
    assert!(narrowed.messages.iter().all(|m| m.contains("order=")));
    assert_eq!(narrowed.coverage(), [ask.window]);
    let note = &narrowed.notes[0];
    assert!(
        note.contains("narrowed to the lines that match %u00|order=%"),
        "{note}"
    );
    let other = reading.of("qa/eu-central-1:/acme/qa/other");
    assert_eq!(other.messages.len(), 300, "no rule says anything of it");
    assert!(!other.notes[0].contains("narrowed"));
    let _: &Arc<Source> = &other.source;
}
