//! Against moto's server: real pages, regions and accounts.

use aws_sdk_cloudwatchlogs::Client;

use lastseen::config::plan::EnvironmentPlan;
use lastseen::domain::feed::{End, FaultKind};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::cloudwatch::Request;

use crate::support::emulator::{OTHER_ACCOUNT, OTHER_ROLE, emulator, now, seed};
use crate::support::reading::{environment, quick, read};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

/// An hour that ended two hours ago.
fn an_hour() -> Request {
    let asked_at = now();
    let to = asked_at.plus(-2 * 3_600_000);
    Request {
        window: Span::new(to.plus(-3_600_000), to),
        margin_ms: 0,
        asked_at,
    }
}

/// Messages `name 0 ...` over the window of `request`, on two streams.
fn messages(
    request: Request,
    name: &str,
    count: i64,
    pad: usize,
) -> Vec<(&'static str, Timestamp, String)> {
    let length = request.window.to.since(request.window.from);
    let pad = "x".repeat(pad);
    (0..count)
        .map(|n| {
            let stream = if n % 2 == 0 { "one" } else { "two" };
            let time = request.window.from.plus(n * length / count);
            (stream, time, format!("{name} {n} {pad}"))
        })
        .collect()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts
}

#[test]
fn more_than_one_page_of_ten_thousand_and_of_a_megabyte() {
    let ask = an_hour();
    let events = messages(ask, "big", 24_000, 150);
    let client: Client = emulator().client("us-west-2");
    block_on(seed(&client, "/paging/big", &events));
    let plan = environment("qa", emulator().url(), &["us-west-2"], &["/paging/*"]);
    let mut settings = quick();
    // One piece of time would need three full pages; small pages make chains of many.
    for page in [None, Some(700)] {
        settings.page_events = page;
        let reading = read(std::slice::from_ref(&plan), ask, settings.clone());
        let told = reading.of("qa/us-west-2:/paging/big");
        let truth = events.iter().map(|(_, _, text)| text.clone()).collect();
        assert_eq!(sorted(told.messages.clone()), sorted(truth));
        assert_eq!(told.coverage(), [ask.window]);
        assert_eq!((told.faults.len(), told.repeats), (0, 0));
        assert_eq!(told.end, Some(End::AsCovered));
    }
}

#[test]
fn two_environments_in_three_regions_are_six_places() {
    let ask = an_hour();
    let regions = ["us-east-1", "eu-central-1", "ap-southeast-2"];
    for (number, region) in regions.iter().enumerate() {
        let count = 40 + number as i64;
        block_on(async {
            let qa = emulator().client(region);
            seed(
                &qa,
                "/six/qa/engine",
                &messages(ask, &format!("qa {region}"), count, 0),
            )
            .await;
            let prod = emulator().other_client(region).await;
            // Only two regions of prod have the group: that is no fault.
            if number > 0 {
                seed(
                    &prod,
                    "/six/prod/engine",
                    &messages(ask, &format!("prod {region}"), count, 0),
                )
                .await;
            }
        });
    }
    let qa = environment("qa", emulator().url(), &regions, &["/six/{env}/*"]);
    let prod = EnvironmentPlan {
        role_arn: Some(OTHER_ROLE.to_owned()),
        ..environment("prod", emulator().url(), &regions, &["/six/{env}/*"])
    };
    let reading = read(&[qa, prod], ask, quick());
    assert_eq!(reading.sources.len(), 5);
    for (number, region) in regions.iter().enumerate() {
        for env in ["qa", "prod"] {
            if env == "prod" && number == 0 {
                continue;
            }
            let told = reading.of(&format!("{env}/{region}:/six/{env}/engine"));
            assert_eq!(told.ids.len(), 40 + number);
            assert!(
                told.messages
                    .iter()
                    .all(|m| m.starts_with(&format!("{env} {region} ")))
            );
            assert_eq!(told.coverage(), [ask.window]);
            assert_eq!(told.faults, []);
        }
    }
    let note = &reading.of("prod/eu-central-1:/six/prod/engine").notes[0];
    assert!(note.contains(OTHER_ACCOUNT), "{note}");
}

#[test]
fn moto_lists_and_keeps_as_amazon_does() {
    let ask = an_hour();
    let client = emulator().client("eu-west-3");
    block_on(async {
        // More groups than one page of a listing.
        for number in 0..60 {
            let name = format!("/many/svc-{number:02}");
            client
                .create_log_group()
                .log_group_name(name)
                .send()
                .await
                .unwrap();
        }
        seed(&client, "/kept/day", &messages(ask, "kept", 10, 0)).await;
        let kept = client.put_retention_policy().log_group_name("/kept/day");
        kept.retention_in_days(1).send().await.unwrap();
    });
    let globs = ["/many/*", "/kept/day", "/kept/dya"];
    let plan = environment("qa", emulator().url(), &["eu-west-3"], &globs);
    let mut long = ask;
    long.window.from = ask.asked_at.plus(-36 * 3_600_000);
    let reading = read(&[plan], long, quick());
    assert_eq!(reading.sources.len(), 62);
    let empty = reading.of("qa/eu-west-3:/many/svc-59");
    assert_eq!(
        empty.coverage(),
        [long.window],
        "nothing was logged, and that is known"
    );
    let kept = reading.of("qa/eu-west-3:/kept/day");
    assert_eq!(kept.ids.len(), 10);
    let day = Span::new(ask.asked_at.plus(-24 * 3_600_000), long.window.to);
    assert_eq!(kept.coverage(), [day]);
    assert_eq!(kept.kinds(), [FaultKind::Partial]);
    let absent = reading.of("qa/eu-west-3:/kept/dya");
    assert_eq!(absent.kinds(), [FaultKind::Absent]);
    assert!(
        absent.faults[0].remedy.contains("/kept/day"),
        "{}",
        absent.faults[0].remedy
    );
}
