//! Following log groups: nothing that arrives is lost, nothing is counted twice, and no verdict is
//! given before it is true. The clock goes on by what is reported, never by itself.

use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::SourceState;

use crate::support::fake_cloudwatch::{Event, FakeCloudWatch};
use crate::support::live::{Arrival, Asked, Live, REGION};

const FROM: i64 = 1_760_000_000_000;
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const QUEUE: &str = "/shop/queue";
const ENGINE: &str = "/shop/engine";

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
        arrivals.push(arrival(QUEUE, time, late(n, 0), &format!("order={id} received")));
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

#[test]
fn late_or_not_nothing_is_lost_or_counted_twice_and_nothing_is_called_lost_too_soon() {
    let (from, to) = (FROM - 15 * MINUTE, FROM + 15 * MINUTE);
    let (arrivals, lost) = orders(from, to);
    let all = arrivals.len() as u64;
    let mut live = Live::start(fake(40), PIPELINE, &["/shop/*"], &ASKED, arrivals);
    let end = to + 22 * MINUTE;
    live.until(
        |live| live.now() >= end,
        |live| {
            let wrong: Vec<_> = live.with(Verdict::Lost);
            assert!(wrong.iter().all(|id| lost.contains(id)), "{wrong:?}");
            assert!(live.with(Verdict::Blind).is_empty());
        },
    );
    assert_eq!(live.with(Verdict::Lost), lost);
    assert_eq!(live.with(Verdict::Pending), [""; 0]);
    let overview = live.ledger.overview();
    assert_eq!(overview.events, all, "every event once");
    assert!(overview.live && !overview.settled);
    for source in &overview.sources {
        assert_eq!(source.state, SourceState::Live);
        assert_eq!(source.rejects, []);
        assert_eq!(source.covered.len(), 1);
    }
}
