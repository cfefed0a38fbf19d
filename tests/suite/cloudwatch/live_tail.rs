//! Live Tail against ministack, which really pushes: it wakes the poll, and proves nothing.

use std::sync::Arc;
use std::time::Duration;

use async_channel::Receiver;
use lastseen::domain::feed::{End, FeedEvent};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::settings::{Clock, Follow, Settings};
use lastseen::sources::cloudwatch::tail::Tempo;
use lastseen::sources::cloudwatch::{Request, spawn};
use lastseen::sources::spool::Spool;
use tokio::runtime::Runtime;

use crate::support::emulator::{ministack, now, seed};
use crate::support::fake_cloudwatch::{FakeCloudWatch, Trouble};
use crate::support::reading::{environment, quick, read};

const HOUR: i64 = 3_600_000;
/// Nothing is waited for as long as this, unless it never comes.
const NEVER: Duration = Duration::from_mins(2);

/// Groups that are asked only when somebody rings.
struct Asleep {
    reports: Receiver<FeedEvent>,
    runtime: Runtime,
    feed: Feed,
}

impl Asleep {
    fn of(url: &str, region: &str, glob: &str) -> Self {
        let asked_at = now();
        let request = Request {
            window: Span::new(asked_at.plus(-HOUR), Timestamp::MAX),
            margin_ms: 0,
            asked_at,
        };
        let follow = Follow {
            tempo: Tempo {
                shortest: NEVER * 10,
                longest: NEVER * 10,
            },
            live_tail: true,
            ..Follow::new(Clock(Arc::new(now)), Timestamp::MAX)
        };
        let settings = Settings {
            follow: Some(follow),
            ..quick()
        };
        let runtime = Runtime::new().unwrap();
        let (feed, reports) = Feed::new(100);
        let keep = Spool::new(&feed).unwrap();
        let plan = environment("qa", url, &[region], &[glob]);
        spawn(&[plan], request, &feed, keep, runtime.handle(), settings);
        Self {
            reports,
            runtime,
            feed,
        }
    }

    /// The first report that is such a one.
    fn wait<T>(&self, such: impl Fn(FeedEvent) -> Option<T>) -> T {
        let found = async {
            loop {
                if let Some(found) = such(self.reports.recv().await.unwrap()) {
                    return found;
                }
            }
        };
        let found = async { tokio::time::timeout(NEVER, found).await };
        self.runtime.block_on(found).expect("it never came")
    }

    /// What following says once it says something with these words.
    fn says(&self, words: &str) -> String {
        self.wait(|report| match report {
            FeedEvent::Followed(_, pulse) => Some(pulse.words).filter(|all| all.contains(words)),
            _ => None,
        })
    }
}

impl Drop for Asleep {
    fn drop(&mut self) {
        self.feed.stop();
    }
}

#[test]
fn an_event_wakes_the_poll_of_its_group() {
    let client = ministack().client("eu-west-1");
    let event = |text: &str| vec![("one", now().plus(-1_000), text.to_owned())];
    let seeding = Runtime::new().unwrap();
    seeding.block_on(seed(&client, "/tail/engine", &event("before")));
    let live = Asleep::of(ministack().url(), "eu-west-1", "/tail/*");
    live.says("Live Tail on");
    let put = client
        .put_log_events()
        .log_group_name("/tail/engine")
        .log_stream_name("one")
        .log_events(
            aws_sdk_cloudwatchlogs::types::InputLogEvent::builder()
                .timestamp(now().0)
                .message("rings")
                .build()
                .unwrap(),
        );
    seeding.block_on(put.send()).unwrap();
    // By the poll, from where all events come: with its id, and kept.
    live.wait(|report| match report {
        FeedEvent::Batch(batch) => {
            let mut texts = batch.events.iter().map(|event| batch.text_of(event));
            texts.any(|text| text == b"rings").then_some(())
        }
        _ => None,
    });
}

#[test]
fn where_it_may_not_be_used_polling_goes_on_and_says_so() {
    let fake = FakeCloudWatch::start(10);
    fake.group("eu-west-1", "/tail/engine", Vec::new());
    fake.script(|call| {
        let tail = call.operation == "StartLiveTail";
        tail.then_some(Trouble::Error(400, "AccessDeniedException", "not allowed"))
    });
    let live = Asleep::of(fake.url(), "eu-west-1", "/tail/*");
    let said = live.says("Live Tail off");
    assert!(said.starts_with("asked every"), "{said}");
    assert!(said.contains("AccessDenied"), "{said}");
    assert_eq!(fake.calls("StartLiveTail").len(), 1, "not asked again");
}

#[test]
fn a_second_service_gives_the_same_backfill() {
    let asked_at = now();
    let window = Span::new(asked_at.plus(-3 * HOUR), asked_at.plus(-2 * HOUR));
    let events: Vec<_> = (0..3_000_i64)
        .map(|n| {
            let stream = if n % 3 == 0 { "one" } else { "two" };
            (
                stream,
                window.from.plus(n / 2 * 2_400),
                format!("event {n}"),
            )
        })
        .collect();
    let runtime = Runtime::new().unwrap();
    for region in ["us-east-1", "eu-central-1"] {
        let client = ministack().client(region);
        runtime.block_on(seed(&client, "/second/engine", &events));
    }
    let regions = ["us-east-1", "eu-central-1"];
    let plan = environment("qa", ministack().url(), &regions, &["/second/*"]);
    let ask = Request {
        window,
        margin_ms: 0,
        asked_at,
    };
    let reading = read(&[plan], ask, quick());
    assert_eq!(reading.sources.len(), 2);
    for told in reading.sources.values() {
        let mut texts = told.messages.clone();
        let mut truth: Vec<_> = events.iter().map(|(_, _, text)| text.clone()).collect();
        texts.sort_unstable();
        truth.sort_unstable();
        assert_eq!(texts, truth);
        assert_eq!(told.coverage(), [window]);
        assert_eq!((told.faults.len(), told.end), (0, Some(End::AsCovered)));
    }
}
