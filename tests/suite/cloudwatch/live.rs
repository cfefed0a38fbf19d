//! Following log groups: nothing that arrives is lost, nothing is counted twice, and no verdict is
//! given before it is true. The clock goes on by what is reported, never by itself.

use std::sync::Arc;

use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::SourceState;

use crate::support::fake_cloudwatch::{Event, FakeCloudWatch, Trouble};
use crate::support::live::{Arrival, Asked, Kept, Live, REGION};

const FROM: i64 = 1_760_000_000_000;
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const QUEUE: &str = "/shop/queue";
const ENGINE: &str = "/shop/engine";
const NEW_ENGINE: &str = "/shop/engine-2";

const PIPELINE: &str = r#"
[pipeline.orders]
id = ['order=(?<id>o-\d+)']
[[pipeline.orders.stage]]
name = "queue"
from = ["*queue"]
enter = 'received'
[[pipeline.orders.stage]]
name = "engine"
from = ["*engine*"]
enter = 'picked up'
exit = 'done'
within = "5s"
"#;

/// An hour that began before now and goes on.
const ASKED: Asked = Asked {
    from: FROM - 60 * MINUTE,
    to: Timestamp::MAX,
    now: FROM,
    step: 5 * SECOND,
};

fn fake(page: usize) -> FakeCloudWatch {
    let fake = FakeCloudWatch::start(page);
    fake.group(REGION, QUEUE, Vec::new());
    fake.group(REGION, ENGINE, Vec::new());
    fake
}

fn arrival(group: &'static str, time: i64, late: i64, message: &str) -> Arrival {
    let mut event = Event::new(time, &format!("{group} {time} {message}"), message);
    event.ingestion = time + late;
    Arrival {
        at: time + late,
        group,
        event,
    }
}

/// How late an event of order `n` is: mostly seconds, sometimes as long as the overlap.
fn late(n: i64, salt: i64) -> i64 {
    match (n * 7 + salt) % 13 {
        0 => 10 * MINUTE,
        1 => 9 * MINUTE,
        2 => 4 * MINUTE,
        3 => 70 * SECOND,
        _ => 2 * SECOND + n % 3 * SECOND,
    }
}

/// Orders every six seconds over `minutes` around the beginning; every ninth is lost.
fn orders(from: i64, to: i64) -> (Vec<Arrival>, Vec<String>) {
    let (mut arrivals, mut lost) = (Vec::new(), Vec::new());
    for n in 0..(to - from) / (6 * SECOND) {
        let (time, id) = (from + n * 6 * SECOND, format!("o-{n:04}"));
        arrivals.push(arrival(
            QUEUE,
            time,
            late(n, 0),
            &format!("order={id} received"),
        ));
        if n % 9 == 4 {
            lost.push(id);
            continue;
        }
        for (after, what) in [(SECOND, "picked up"), (3 * SECOND, "done")] {
            let text = format!("order={id} {what}");
            arrivals.push(arrival(ENGINE, time + after, late(n, after), &text));
        }
    }
    (arrivals, lost)
}

/// Whatever is called lost is one of those, at every answer on the way to `end`.
fn watch(live: &mut Live, end: i64, lost: &[String]) {
    let mut before = 0;
    live.until(
        |live| live.now() >= end,
        |live| {
            let count = live.count(Verdict::Lost);
            if count != before {
                let wrong = live.with(Verdict::Lost);
                assert!(wrong.iter().all(|id| lost.contains(id)), "{wrong:?}");
                before = count;
            }
            assert_eq!(live.count(Verdict::Blind), 0);
        },
    );
}

/// Every order has the verdict that the truth gives it, and every event was counted once.
fn assert_true(live: &Live, events: u64, lost: &[String]) {
    assert_eq!(live.with(Verdict::Lost), lost);
    assert_eq!(live.with(Verdict::Pending), [""; 0]);
    let overview = live.ledger.overview();
    assert_eq!(overview.events, events, "every event once");
    for source in &overview.sources {
        assert_eq!(source.rejects, []);
        assert_eq!(source.covered.len(), 1, "{:?}", source.covered);
    }
}

#[test]
fn late_or_not_nothing_is_lost_or_counted_twice_and_nothing_is_called_lost_too_soon() {
    let (from, to) = (FROM - 12 * MINUTE, FROM + 8 * MINUTE);
    let (arrivals, lost) = orders(from, to);
    let all = arrivals.len() as u64;
    let mut live = Live::start(fake(40), PIPELINE, &["/shop/*"], &ASKED, arrivals);
    watch(&mut live, to + 22 * MINUTE, &lost);
    assert_true(&live, all, &lost);
    let overview = live.ledger.overview();
    assert!(overview.live && !overview.settled);
    assert!(overview.window.unwrap().to.0 >= live.now() - ASKED.step);
    for source in &overview.sources {
        assert_eq!(source.state, SourceState::Live);
    }
}

#[test]
fn faults_of_every_kind_on_the_way_change_nothing() {
    for seed in 1..=2 {
        let (from, to) = (FROM - 4 * MINUTE, FROM + 4 * MINUTE);
        let (arrivals, lost) = orders(from, to);
        let all = arrivals.len() as u64;
        let fake = fake(25);
        let mut dice = seed;
        fake.script(move |call| {
            // Knuth's MMIX multiplier.
            dice = u64::wrapping_mul(dice, 6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let roll = dice >> 40;
            (call.operation == "FilterLogEvents" && roll % 4 == 0).then_some(
                match (roll >> 4) % 7 {
                    0 => Trouble::Throttle,
                    1 => Trouble::Status(500),
                    2 => Trouble::CutBody,
                    3 => Trouble::EmptyPage,
                    4 => Trouble::PageAgain,
                    5 => Trouble::TokenAgain,
                    _ => Trouble::TokenExpired,
                },
            )
        });
        let mut live = Live::start(fake, PIPELINE, &["/shop/*"], &ASKED, arrivals);
        watch(&mut live, to + 25 * MINUTE, &lost);
        let told = live.ledger.overview();
        assert_eq!(told.events, all, "seed {seed}");
        assert_eq!(live.with(Verdict::Lost), lost);
    }
}

/// A source that does not answer proves nothing, says since when, and goes on by itself.
#[test]
fn a_source_that_falls_silent_keeps_its_messages_pending_and_comes_back() {
    let (from, to) = (FROM, FROM + 4 * MINUTE);
    let (arrivals, lost) = orders(from, to);
    let all = arrivals.len() as u64;
    let fake = fake(500);
    let mut live = Live::start(fake, PIPELINE, &["/shop/*"], &ASKED, arrivals);
    live.until(|live| live.now() >= FROM + MINUTE, |_| {});
    let covered = live.source(ENGINE).unwrap().covered;
    live.fake.script(|call| {
        let silent = call.group == ENGINE && call.operation == "FilterLogEvents";
        silent.then_some(Trouble::Error(400, "ExpiredTokenException", "expired"))
    });
    live.until(
        |live| {
            live.source(ENGINE)
                .unwrap()
                .pulse
                .unwrap()
                .silent_since
                .is_some()
        },
        |_| {},
    );
    let silent_since = live.now();
    live.until(
        |live| live.now() >= FROM + 25 * MINUTE,
        |live| {
            assert_eq!(live.count(Verdict::Lost), 0);
            assert_eq!(live.with(Verdict::Blind), [""; 0]);
        },
    );
    let engine = live.source(ENGINE).unwrap();
    let end = |covered: &[Span]| covered.last().unwrap().to.0;
    assert!(
        end(&engine.covered) - end(&covered) < MINUTE,
        "it stands still"
    );
    assert_eq!(engine.state, SourceState::Live);
    let pulse = engine.pulse.unwrap();
    let since = pulse.silent_since.unwrap().0;
    assert!((silent_since - since).abs() <= 30 * SECOND, "{since}");
    assert!(pulse.words.contains("have expired"), "{}", pulse.words);
    assert_eq!(
        live.source(QUEUE).unwrap().pulse.unwrap().silent_since,
        None
    );
    let pending = live.with(Verdict::Pending);
    assert!(lost.iter().all(|id| pending.contains(id)));
    live.fake.script(|_| None);
    watch(&mut live, FROM + 42 * MINUTE, &lost);
    assert_true(&live, all, &lost);
    assert_eq!(
        live.source(ENGINE).unwrap().pulse.unwrap().silent_since,
        None
    );
}

/// A deploy makes a log group, and the orders go there from then on.
#[test]
fn a_log_group_that_comes_into_being_is_read_before_anything_is_called_lost() {
    let (mut arrivals, lost) = orders(FROM, FROM + 10 * MINUTE);
    let all = arrivals.len() as u64;
    let deployed = FROM + 5 * MINUTE;
    for arrival in &mut arrivals {
        if arrival.group == ENGINE && arrival.event.time >= deployed {
            arrival.group = NEW_ENGINE;
        }
    }
    let fake = fake(500);
    let mut live = Live::start(fake, PIPELINE, &["/shop/*"], &ASKED, arrivals);
    watch(&mut live, deployed - 10 * SECOND, &lost);
    live.fake.group(REGION, NEW_ENGINE, Vec::new());
    watch(&mut live, FROM + 35 * MINUTE, &lost);
    assert_true(&live, all, &lost);
    let new = live.source(NEW_ENGINE).unwrap();
    assert_eq!(new.state, SourceState::Live);
    assert_eq!(new.covered[0].from.0, ASKED.from, "its backfill too");
}

#[test]
fn without_a_fresh_listing_nothing_is_proved() {
    let (arrivals, lost) = orders(FROM, FROM + 2 * MINUTE);
    let all = arrivals.len() as u64;
    let fake = fake(500);
    let mut live = Live::start(fake, PIPELINE, &["/shop/*"], &ASKED, arrivals);
    live.fake.script(|call| {
        let listing = call.operation == "DescribeLogGroups" && call.number > 3;
        listing.then_some(Trouble::Status(503))
    });
    live.until(
        |live| live.now() >= FROM + 30 * MINUTE,
        |live| {
            assert_eq!(live.count(Verdict::Lost), 0);
        },
    );
    live.fake.script(|_| None);
    let end = FROM + 40 * MINUTE;
    watch(&mut live, end, &lost);
    assert_true(&live, all, &lost);
}

/// Nobody waits for an event that comes half an hour late; but it is found.
#[test]
fn what_arrives_later_than_anybody_waits_is_still_found() {
    let mut arrivals = vec![
        arrival(QUEUE, FROM, SECOND, "order=o-1 received"),
        arrival(ENGINE, FROM + SECOND, SECOND, "order=o-1 picked up"),
        arrival(ENGINE, FROM + 2 * SECOND, 30 * MINUTE, "order=o-1 done"),
    ];
    // Without them the lag of the one event would be all that is known.
    for n in 0..2000 {
        let time = FROM + n * SECOND;
        arrivals.push(arrival(ENGINE, time, 2 * SECOND, &format!("tick {n}")));
    }
    let fake = fake(1000);
    let asked = Asked {
        step: 10 * SECOND,
        ..ASKED
    };
    let mut live = Live::start(fake, PIPELINE, &["/shop/*"], &asked, arrivals);
    live.until(|live| live.now() >= FROM + 20 * MINUTE, |_| {});
    assert_eq!(live.with(Verdict::Lost), ["o-1"]);
    live.until(|live| live.now() >= FROM + 45 * MINUTE, |_| {});
    assert_eq!(live.with(Verdict::Completed), ["o-1"]);
    assert_eq!(live.ledger.overview().events, 2003);
}

#[test]
fn an_end_that_was_asked_for_ends_it() {
    let (arrivals, lost) = orders(FROM - 5 * MINUTE, FROM + 4 * MINUTE);
    let to = Timestamp(FROM + 5 * MINUTE);
    let asked = Asked { to, ..ASKED };
    let mut live = Live::start(fake(500), PIPELINE, &["/shop/*"], &asked, arrivals);
    live.until(
        |live| live.ledger.overview().settled,
        |live| {
            assert!(live.with(Verdict::Lost).iter().all(|id| lost.contains(id)));
        },
    );
    assert_eq!(live.with(Verdict::Lost), lost);
    for source in &live.ledger.overview().sources {
        assert_eq!(source.state, SourceState::Complete);
        assert_eq!(source.covered, [Span::new(Timestamp(ASKED.from), to)]);
    }
    let late = live.fake.calls("FilterLogEvents");
    assert!(late.iter().all(|call| call.span.1 <= to.0));
}

#[test]
fn a_group_that_may_not_be_read_is_not_followed() {
    let (arrivals, _) = orders(FROM - 2 * MINUTE, FROM);
    let fake = fake(500);
    fake.script(|call| {
        let denied = call.group == ENGINE && call.operation == "FilterLogEvents";
        denied.then_some(Trouble::Error(400, "AccessDeniedException", "no"))
    });
    let mut live = Live::start(fake, PIPELINE, &["/shop/*"], &ASKED, arrivals);
    live.until(
        |live| live.now() >= FROM + 20 * MINUTE,
        |live| {
            assert_eq!(live.count(Verdict::Lost), 0);
        },
    );
    assert_eq!(live.source(ENGINE).unwrap().state, SourceState::Denied);
    assert!(live.ledger.overview().live);
    assert_eq!(live.with(Verdict::Blind).len(), 20);
}

/// Whoever stops following keeps what was proved; the rest stays pending.
#[test]
fn a_stop_leaves_complete_what_was_followed() {
    let (arrivals, lost) = orders(FROM - 5 * MINUTE, FROM + 12 * MINUTE);
    let mut live = Live::start(fake(500), PIPELINE, &["/shop/*"], &ASKED, arrivals);
    watch(&mut live, FROM + 12 * MINUTE, &lost);
    let before = (live.with(Verdict::Lost), live.with(Verdict::Pending));
    assert!(!before.0.is_empty() && !before.1.is_empty());
    live.ledger.close();
    live.ledger.refresh(Timestamp(live.now()));
    assert_eq!(
        (live.with(Verdict::Lost), live.with(Verdict::Pending)),
        before
    );
    let overview = live.ledger.overview();
    assert!(overview.settled && !overview.live);
    for source in &overview.sources {
        assert_eq!(
            (source.state, source.faults.len()),
            (SourceState::Complete, 0)
        );
    }
}

/// A case is gone on with: what was kept is told again, and only what is new or may still arrive is
/// asked for.
#[test]
fn a_later_run_goes_on_behind_what_was_followed() {
    let to = FROM + 20 * MINUTE;
    let (arrivals, lost) = orders(FROM - 12 * MINUTE, to);
    let all = arrivals.len() as u64;
    let (case, globs) = (Kept::default(), ["/shop/*"]);
    let first = Asked {
        step: 10 * SECOND,
        ..ASKED
    };
    let fake = Arc::new(fake(60));
    let mut live = Live::kept(fake, PIPELINE, &globs, &first, arrivals, &case);
    watch(&mut live, FROM + MINUTE, &lost);
    // Rounds that break off in the middle leave pieces behind.
    let mut calls = 0;
    live.fake.script(move |call| {
        calls += usize::from(call.position.is_some());
        (call.position.is_some() && calls % 7 == 0).then_some(Trouble::Error(
            400,
            "InvalidParameterException",
            "not now",
        ))
    });
    watch(&mut live, FROM + 13 * MINUTE, &lost);
    live.fake.script(|_| None);
    let later = Asked {
        now: FROM + 16 * MINUTE,
        ..first
    };
    let before = live.fake.calls("FilterLogEvents").len();
    let mut live = live.again(PIPELINE, &globs, &later, &case);
    watch(&mut live, to + 22 * MINUTE, &lost);
    assert_true(&live, all, &lost);
    let calls = live.fake.calls("FilterLogEvents");
    // Before anything is looked back for: what may still arrive, and what is new.
    for call in calls[before..].iter().take(10) {
        let (from, to) = (call.span.0 - FROM, call.span.1 - FROM);
        assert!(from >= -30 * MINUTE, "{from} to {to}");
    }
}
