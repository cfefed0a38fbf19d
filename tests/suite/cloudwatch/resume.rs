//! A run that ends after some page is gone on with by the next: nothing kept is asked for again, and
//! the answer is that of a run nobody disturbed.

use std::sync::{Arc, Mutex};

use lastseen::domain::feed::End;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::Request;
use lastseen::sources::cloudwatch::settings::Settings;

use crate::support::fake_cloudwatch::{Event, FakeCloudWatch, Trouble};
use crate::support::keeping::{Case, Memory};
use crate::support::reading::{Reading, environment, hear, quick, read, request};

const FROM: i64 = 1_760_000_000_000;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
const GROUPS: [&str; 2] = ["/acme/qa/engine", "/acme/qa/queue"];

fn events(count: i64, prefix: &str) -> Vec<Event> {
    let time = |n: i64| FROM + (n / 3) * 3 * HOUR / count;
    let event = |n| {
        Event::new(
            time(n),
            &format!("{prefix}{n:055}"),
            &format!("event \"{n}\"\n"),
        )
    };
    (0..count).map(event).collect()
}

fn service() -> FakeCloudWatch {
    let fake = FakeCloudWatch::start(20);
    for (number, group) in GROUPS.iter().enumerate() {
        fake.group("eu-central-1", group, events(150, &number.to_string()));
    }
    fake
}

/// One run over the case; stopped after `pages` of them, if given.
fn run(
    fake: &FakeCloudWatch,
    case: &Arc<Mutex<Case>>,
    ask: Request,
    pages: Option<usize>,
) -> Reading {
    let plan = environment("qa", fake.url(), &["eu-central-1"], &["/acme/{env}/*"]);
    let settings = Settings {
        in_flight: 2,
        pages_alone: 2,
        ..quick()
    };
    let (feed, reports) = Feed::new(8);
    let keep = Memory::new(&feed, case, pages);
    hear(&[plan], ask, settings, (feed, reports), keep)
}

fn name(group: &str) -> String {
    format!("qa/eu-central-1:{group}")
}

fn filters(fake: &FakeCloudWatch) -> usize {
    fake.calls("FilterLogEvents").len()
}

/// Ids and coverage of both groups.
fn answer(reading: &Reading) -> Vec<(Vec<String>, Vec<Span>)> {
    let told = GROUPS.map(|group| reading.of(&name(group)));
    for told in told {
        assert_eq!((&*told.faults, told.end), (&[][..], Some(End::AsCovered)));
        assert_eq!(told.repeats, 0, "what was kept was asked for again");
    }
    let answer = told.map(|told| (told.sorted_ids(), told.coverage()));
    answer.into()
}

#[test]
fn a_run_stopped_again_and_again_is_gone_on_with() {
    let ask = request(FROM, FROM + HOUR);
    let fake = service();
    let plan = environment("qa", fake.url(), &["eu-central-1"], &["/acme/{env}/*"]);
    let undisturbed = answer(&read(&[plan], ask, quick()));
    let needed = filters(&fake);
    for every in [1, 4, 9] {
        let (fake, case) = (service(), Arc::default());
        let mut runs = 0;
        let reading = loop {
            runs += 1;
            // The last run is left alone.
            let pages = (runs * every < 2 * needed).then_some(every);
            let reading = run(&fake, &case, ask, pages);
            if reading
                .sources
                .values()
                .all(|told| told.end == Some(End::AsCovered))
            {
                break reading;
            }
        };
        assert_eq!(
            answer(&reading),
            undisturbed,
            "stopped after every {every} pages"
        );
        // A stopped run may lose the pages that were under way, and a cut costs one.
        let most = needed + runs * 2 + needed / 2;
        assert!(
            filters(&fake) <= most,
            "{} calls, {runs} runs",
            filters(&fake)
        );
        // What is complete costs no call.
        let before = filters(&fake);
        assert_eq!(answer(&run(&fake, &case, ask, None)), undisturbed);
        assert_eq!(filters(&fake), before);
    }
}

#[test]
fn a_token_that_expired_in_between_brings_nothing_twice() {
    let (fake, case) = (service(), Arc::default());
    let ask = request(FROM, FROM + HOUR);
    run(&fake, &case, ask, Some(9));
    let mut left = 4;
    fake.script(move |call| {
        let now = call.position.is_some() && left > 0;
        left -= i32::from(now);
        now.then_some(Trouble::TokenExpired)
    });
    let reading = run(&fake, &case, ask, None);
    for (number, group) in GROUPS.iter().enumerate() {
        let told = reading.of(&name(group));
        let truth: Vec<String> = (0..150).map(|n| format!("{number}{n:055}")).collect();
        assert_eq!(told.sorted_ids(), truth);
        assert_eq!(told.coverage(), [ask.window]);
        assert_eq!(told.end, Some(End::AsCovered));
    }
}

/// What was not settled when it was asked for is asked for again, and what comes twice is told once.
#[test]
fn a_later_run_asks_for_the_unsettled_end_and_for_what_is_new() {
    let fake = FakeCloudWatch::start(20);
    let all = events(300, "e");
    fake.group("eu-central-1", GROUPS[0], all);
    let case = Arc::default();
    let ask = |to: i64| Request {
        window: Span::new(Timestamp(FROM), Timestamp(to)),
        margin_ms: 0,
        asked_at: Timestamp(to),
    };
    let first = run(&fake, &case, ask(FROM + HOUR), None);
    let told = first.of(&name(GROUPS[0]));
    assert_eq!(told.ids.len(), 300);
    let sure = Span::new(Timestamp(FROM), Timestamp(FROM + HOUR - 5_000));
    assert_eq!(told.coverage(), [sure]);
    // It happened 30 s before the first run ended, and could not be read yet.
    let late = Event::new(FROM + HOUR - 30_000, "late", "late");
    let new = Event::new(FROM + HOUR + 5 * MINUTE, "new", "new");
    fake.append("eu-central-1", GROUPS[0], vec![late, new]);
    let before = filters(&fake);
    let end = FROM + HOUR + 10 * MINUTE;
    let second = run(&fake, &case, ask(end), None);
    let told = second.of(&name(GROUPS[0]));
    let mut truth: Vec<String> = (0..300).map(|n| format!("e{n:055}")).collect();
    truth.extend(["late".to_owned(), "new".to_owned()]);
    assert_eq!(told.sorted_ids(), truth);
    let sure = Span::new(Timestamp(FROM), Timestamp(end - 5_000));
    assert_eq!(told.coverage(), [sure]);
    assert_eq!(told.repeats, 0);
    for call in &fake.calls("FilterLogEvents")[before..] {
        assert!(call.span.0 >= FROM + HOUR - MINUTE, "{call:?}");
    }
    assert!(
        told.notes
            .iter()
            .any(|note| note.contains("300 log events were kept")),
        "{:?}",
        told.notes
    );
}

#[test]
fn a_kept_page_that_cannot_be_read_is_fetched_again() {
    let (fake, case) = (service(), Arc::<Mutex<Case>>::default());
    let ask = request(FROM, FROM + HOUR);
    let whole = answer(&run(&fake, &case, ask, None));
    {
        let mut case = case.lock().unwrap();
        let (_, kept) = &mut case.pieces[0];
        kept.pages.last_mut().unwrap().len += 1 << 24;
    }
    let before = filters(&fake);
    let reading = run(&fake, &case, ask, None);
    for (number, group) in GROUPS.iter().enumerate() {
        let told = reading.of(&name(group));
        assert_eq!((told.sorted_ids(), told.coverage()), whole[number]);
    }
    assert!(filters(&fake) > before);
}
