//! A hunt in CloudWatch: the forgotten region, and everything that can stand in its way.

use std::sync::Arc;
use std::time::Instant;

use chrono_tz::Tz;

use lastseen::config::accounts::Accounts;
use lastseen::config::plan::{EnvironmentPlan, Plan};
use lastseen::diagnose::suggest::suggestions;
use lastseen::domain::hunt::{Budget, Cause, Hunt, LastSeen, Standing, Target};
use lastseen::domain::safe::is_safe;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::load::hunt::{HuntRequest, Hunting};
use lastseen::report;

use crate::support::emulator::{OTHER_ACCOUNT, emulator, now, seed};
use crate::support::fake_cloudwatch::{Call, Event, FakeCloudWatch, Group, Trouble};
use crate::support::reading::{environment, quick};

const FROM: i64 = 1_760_000_000_000;
const TO: i64 = FROM + 3_600_000;

fn asked_at() -> Timestamp {
    Timestamp(TO + 3_600_000)
}

/// Events that name these, one second apart, from `FROM` on.
fn naming(group: &str, ids: &[&str]) -> Vec<Event> {
    let event = |(n, id): (usize, &&str)| {
        let time = FROM + n as i64 * 1000;
        Event::new(
            time,
            &format!("{group}-{n}"),
            &format!("settling order={id}"),
        )
    };
    ids.iter().enumerate().map(event).collect()
}

fn prod(fake: &FakeCloudWatch) -> EnvironmentPlan {
    environment("prod", fake.url(), &["us-east-1"], &["/acme/{env}/queue*"])
}

fn request(ids: &[&str]) -> HuntRequest {
    HuntRequest {
        targets: ids.iter().map(|id| Target::of_id(id)).collect(),
        window: Some(Span::new(Timestamp(FROM), Timestamp(TO))),
        ..HuntRequest::default()
    }
}

fn start(environments: &[EnvironmentPlan], request: &HuntRequest) -> Hunting {
    let plan = Plan {
        environments: environments.to_vec(),
        ..Plan::default()
    };
    Hunting::start_with(&plan, request, asked_at, quick()).unwrap()
}

fn hunt(environments: &[EnvironmentPlan], request: &HuntRequest) -> Hunt {
    let hunting = start(environments, request);
    hunting.wait();
    hunting.snapshot()
}

/// Region, group and how many messages were found there.
fn places(hunt: &Hunt) -> Vec<(&str, &str, usize)> {
    let place = hunt.places.iter();
    place
        .map(|p| (&*p.region, &*p.group, p.targets().len()))
        .collect()
}

/// Cause, region and groups of what was not searched.
fn missed(hunt: &Hunt) -> Vec<(Cause, &str, Vec<&str>)> {
    let missed = hunt.unsearched.iter();
    missed
        .map(|u| {
            let groups = u.groups.iter().map(String::as_str).collect();
            (u.cause, &*u.region, groups)
        })
        .collect()
}

fn text(hunt: &Hunt) -> String {
    let mut out = Vec::new();
    report::hunt::write(&mut out, hunt, Tz::UTC, false).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(hunt: &Hunt) -> serde_json::Value {
    let mut out = Vec::new();
    report::hunt_json::write(&mut out, hunt).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// The true story: orders left the queue and were never seen again, because the service that takes
/// them runs a second time, in a region that nobody thought of. Twenty are lost, and twelve of them
/// are mentioned there.
fn forgotten() -> Hunt {
    let fake = FakeCloudWatch::start(5);
    let ids: Vec<String> = (0..20).map(|n| format!("order-{n:012}")).collect();
    let twelve: Vec<&str> = ids.iter().take(12).map(String::as_str).collect();
    fake.group("us-east-1", "/acme/prod/queue", naming("queue", &twelve));
    fake.group(
        "us-east-1",
        "/acme/prod/other",
        naming("other", &["nobody"]),
    );
    let (one, another) = twelve.split_at(6);
    fake.group("eu-west-1", "/acme/prod/settle-7f9c2b", naming("a", one));
    fake.group(
        "eu-west-1",
        "/acme/prod/settle-81d04e",
        naming("b", another),
    );
    let target = |(n, id): (usize, &String)| Target {
        last: Some(LastSeen {
            env: "prod".into(),
            pipeline: "orders".into(),
            stage: "queue".into(),
            time: Timestamp(FROM + n as i64 % 6 * 1000 - 3_100),
        }),
        ..Target::of_id(id)
    };
    let read = ("prod".into(), "us-east-1".into(), "/acme/prod/queue".into());
    let request = HuntRequest {
        targets: ids.iter().enumerate().map(target).collect(),
        loaded: Some(vec![read]),
        ..request(&[])
    };
    hunt(&[prod(&fake)], &request)
}

#[test]
fn the_service_in_the_forgotten_region_is_found() {
    let hunt = forgotten();
    assert_eq!(
        places(&hunt),
        [
            ("eu-west-1", "/acme/prod/settle-7f9c2b", 6),
            ("eu-west-1", "/acme/prod/settle-81d04e", 6)
        ]
    );
    assert!(hunt.complete(), "{:?}", hunt.unsearched);
    assert!(hunt.places.iter().all(|p| p.standing == Standing::New));
    assert_eq!(hunt.places[0].account.as_deref(), Some("123456789012"));
    assert_eq!(
        (hunt.searched, hunt.total),
        (3, 3),
        "the queue was read before"
    );
    let text = text(&hunt);
    assert!(
        text.starts_with("FOUND in 2 places: 12 of 20 lost messages\n"),
        "{text}"
    );
    assert!(text.contains("\nNot found anywhere: 8\n"), "{text}");
    let json = json(&hunt);
    assert_eq!(json["places"][0]["ids"][0]["target"], 0);
    assert_eq!(json["targets"][19]["places"], 0);
    assert_eq!(json["suggestions"][0]["glob"], "/acme/{env}/settle*");
}

#[test]
fn what_is_found_is_suggested_with_its_lines() {
    let hunt = forgotten();
    let suggestion = &suggestions(&hunt)[0];
    assert_eq!(
        suggestion.sentence,
        "/acme/{env}/settle* in eu-west-1: mentions 12 of 20 lost messages, on average 3.1s after they were last seen at queue -> likely a stage after `queue`"
    );
    assert_eq!(
        suggestion.lines,
        [
            "[[environment]]",
            "name    = \"prod\"",
            "regions = [\"us-east-1\", \"eu-west-1\"]",
            "",
            "[[pipeline.orders.stage]]",
            "name  = \"settle\"",
            "after = [\"queue\"]",
            "from  = [\"/acme/{env}/settle*\"]",
        ]
    );
}

#[test]
fn a_known_pattern_in_a_forgotten_region_needs_only_the_region() {
    let fake = FakeCloudWatch::start(5);
    fake.group(
        "ap-southeast-2",
        "/acme/prod/queue-b",
        naming("q", &["o-1"]),
    );
    let hunt = hunt(&[prod(&fake)], &request(&["o-1"]));
    let suggestion = &suggestions(&hunt)[0];
    assert_eq!(
        suggestion.sentence,
        "/acme/{env}/queue-b in ap-southeast-2: mentions 1 of 1 IDs; its pattern is configured, its region is not"
    );
    assert_eq!(suggestion.lines.len(), 3);
}

/// The service's filter is only a hint; and a page may be empty and still go on.
#[test]
fn every_page_is_followed_and_every_event_is_checked() {
    let fake = FakeCloudWatch::start(2);
    let ids = ["o-10", "o-100", "foo-1", "o-1-2", "o-1", "O-1", "o-1"];
    fake.group("us-east-1", "/other", naming("other", &ids));
    let mut empty = 2;
    fake.script(move |call| {
        let first = call.operation == "FilterLogEvents" && empty > 0;
        empty -= i32::from(first);
        first.then_some(Trouble::EmptyPage)
    });
    let hunt = hunt(&[prod(&fake)], &request(&["o-1"]));
    assert_eq!(places(&hunt), [("us-east-1", "/other", 1)]);
    let find = &hunt.places[0].finds[0];
    assert_eq!(
        (find.hits, find.first.0, find.last.0),
        (2, FROM + 4000, FROM + 6000)
    );
    assert_eq!(find.samples[0].text, "settling order=o-1");
    assert_eq!(find.samples[0].stream, "stream-1");
    assert!(hunt.complete());
}

#[test]
fn three_mentions_are_evidence_enough_unless_all_are_asked_for() {
    let fake = FakeCloudWatch::start(2);
    fake.group("us-east-1", "/other", naming("other", &["o-1"; 40]));
    let mut request = request(&["o-1"]);
    let few = hunt(&[prod(&fake)], &request);
    let place = &few.places[0];
    assert!(
        place.early && place.hits("o-1") < 10,
        "{}",
        place.hits("o-1")
    );
    assert!(few.complete() && text(&few).contains("at least "));
    let before = fake.calls("FilterLogEvents").len();
    assert_eq!(before, 2, "two pages held four mentions");
    request.all_hits = true;
    let all = hunt(&[prod(&fake)], &request);
    let find = &all.places[0].finds[0];
    assert_eq!((find.hits, find.samples.len()), (40, 3));
}

#[test]
fn the_budget_is_kept_and_what_it_left_out_is_told() {
    let fake = FakeCloudWatch::start(2);
    for n in 0..30 {
        let group = format!("/other/{n:02}");
        fake.group("us-east-1", &group, naming(&group, &["x-o-1"]));
    }
    fake.group("us-east-1", "/acme/prod/queue", naming("q", &["o-1"]));
    let mut request = request(&["o-1"]);
    request.regions = vec!["us-east-1".to_owned()];
    // One to know who calls, eleven to list thirty-one groups by three.
    request.budget = Budget {
        calls: 12 + 5,
        bytes: 1_000_000,
    };
    let by_calls = hunt(&[prod(&fake)], &request);
    assert_eq!(by_calls.calls, 17);
    let asked = ["GetCallerIdentity", "DescribeLogGroups", "FilterLogEvents"];
    let made: usize = asked.iter().map(|op| fake.calls(op).len()).sum();
    assert_eq!(made, 17, "what is booked is what was made");
    assert_eq!(
        places(&by_calls),
        [("us-east-1", "/acme/prod/queue", 1)],
        "first things first"
    );
    assert!(!by_calls.complete());
    let (cause, region, groups) = &missed(&by_calls)[0];
    assert_eq!(
        (*cause, *region, groups.len()),
        (Cause::Budget, "us-east-1", 26)
    );
    assert!(
        text(&by_calls).contains("17 of 17 calls"),
        "{}",
        text(&by_calls)
    );

    request.budget = Budget {
        calls: 1_000,
        bytes: 40,
    };
    let by_bytes = hunt(&[prod(&fake)], &request);
    assert!(
        !by_bytes.complete() && by_bytes.calls < 30,
        "{}",
        by_bytes.calls
    );
    request.budget = Budget {
        calls: 3,
        bytes: 1_000_000,
    };
    let unlisted = hunt(&[prod(&fake)], &request);
    assert_eq!(missed(&unlisted), [(Cause::Budget, "us-east-1", vec![])]);
    request.budget.calls = 0;
    let nothing = hunt(&[prod(&fake)], &request);
    assert_eq!((nothing.calls, nothing.complete()), (0, false));
}

fn filters(call: &Call, group: &str) -> bool {
    call.operation == "FilterLogEvents" && call.group == group
}

#[test]
fn what_may_not_be_searched_is_told_and_the_rest_is_searched() {
    let fake = FakeCloudWatch::start(5);
    for group in ["/denied", "/rare", "/broken", "/slow", "/good"] {
        fake.group("us-east-1", group, naming(group, &["o-1"]));
    }
    fake.group_kept_for("us-east-1", "/gone", naming("gone", &["o-1"]), Some(0));
    fake.group("eu-west-1", "/good", naming("good", &["o-1"]));
    fake.group("eu-west-2", "/good", naming("good", &["o-1"]));
    let mut throttled = 3;
    fake.script(move |call| {
        let denied = Trouble::Error(400, "AccessDeniedException", "not authorized");
        let listing = call.operation == "DescribeLogGroups";
        match call.region.as_str() {
            "eu-west-1" if listing => return Some(denied),
            "ap-east-1" if listing => {
                let said = "The security token included in the request is invalid.";
                return Some(Trouble::Error(400, "UnrecognizedClientException", said));
            }
            "sa-east-1" if listing => return Some(Trouble::Status(503)),
            _ => {}
        }
        if filters(call, "/slow") && throttled > 0 {
            throttled -= 1;
            return Some(Trouble::Throttle);
        }
        let rare = "The log group /rare is of log-group-class INFREQUENT_ACCESS. FilterLogEvents is not supported for this log class.";
        match call.group.as_str() {
            _ if listing => None,
            "/denied" => Some(denied),
            "/rare" => Some(Trouble::Error(400, "InvalidOperationException", rare)),
            "/broken" => Some(Trouble::Status(500)),
            _ => None,
        }
    });
    let hunt = hunt(&[prod(&fake)], &request(&["o-1"]));
    assert_eq!(
        places(&hunt),
        [
            ("eu-west-2", "/good", 1),
            ("us-east-1", "/good", 1),
            ("us-east-1", "/slow", 1)
        ]
    );
    assert_eq!(
        missed(&hunt),
        [
            (Cause::Denied, "eu-west-1", vec![]),
            (Cause::Denied, "us-east-1", vec!["/denied"]),
            (Cause::Class, "us-east-1", vec!["/rare"]),
            (Cause::Retention, "us-east-1", vec!["/gone"]),
            (Cause::Failed, "us-east-1", vec!["/broken"]),
            (Cause::Failed, "sa-east-1", vec![]),
            (Cause::NotEnabled, "ap-east-1", vec![]),
        ]
    );
    let text = text(&hunt);
    for line in [
        "  logs:DescribeLogGroups is not allowed\n    eu-west-1 (prod)\n",
        "  class INFREQUENT_ACCESS\n    1 log group in us-east-1 (prod):\n      /rare\n",
        "    help: allow logs:FilterLogEvents on arn:aws:logs:us-east-1:123456789012:log-group:/denied:* to",
        "\nNothing to search\n  not enabled for the account\n    ap-east-1 (prod)\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn without_credentials_nothing_is_searched_and_the_remedy_is_told() {
    let fake = FakeCloudWatch::start(5);
    let mut plan = prod(&fake);
    plan.profile = Some("nobody-has-this".to_owned());
    let hunt = hunt(&[plan], &request(&["o-1"]));
    assert_eq!((hunt.total, hunt.complete(), hunt.calls), (0, false, 0));
    let told = &hunt.unsearched[0];
    assert!(told.why.contains("profile nobody-has-this"), "{}", told.why);
    assert!(!told.remedy.is_empty());
}

#[test]
fn two_environments_of_one_account_are_searched_once() {
    let fake = FakeCloudWatch::start(5);
    for group in ["/acme/qa/settle", "/acme/prod/settle"] {
        fake.group("us-east-1", group, naming(group, &["o-1"]));
    }
    let qa = environment("qa", fake.url(), &["us-east-1"], &["/acme/{env}/queue*"]);
    let hunt = hunt(&[prod(&fake), qa], &request(&["o-1"]));
    let envs: Vec<(&str, &str)> = hunt.places.iter().map(|p| (&*p.env, &*p.group)).collect();
    assert_eq!(
        envs,
        [("prod", "/acme/prod/settle"), ("qa", "/acme/qa/settle")]
    );
    assert_eq!(fake.calls("FilterLogEvents").len(), 2);
}

/// A monitoring account sees the log groups of others, if the configuration asks for them.
#[test]
fn the_groups_of_linked_accounts_are_searched() {
    let fake = FakeCloudWatch::start(5);
    fake.group("us-east-1", "/acme/settle", naming("own", &["o-1"]));
    let theirs = Group::new("us-east-1", "/acme/settle").account(OTHER_ACCOUNT);
    fake.add(theirs.events(naming("theirs", &["o-1"])));
    fake.link("123456789012", OTHER_ACCOUNT);
    let mut plan = prod(&fake);
    assert_eq!(hunt(&[plan.clone()], &request(&["o-1"])).places.len(), 1);
    plan.accounts = Accounts::Linked;
    let hunt = hunt(&[plan.clone()], &request(&["o-1"]));
    let found: Vec<(&str, Option<&str>)> = hunt
        .places
        .iter()
        .map(|place| (&*place.name, place.account.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            ("/acme/settle", Some("123456789012")),
            ("222233334444:/acme/settle", Some(OTHER_ACCOUNT)),
        ]
    );
    assert!(hunt.complete());
    let mut read = request(&["o-1"]);
    let theirs = (
        "prod".into(),
        "us-east-1".into(),
        "222233334444:/acme/settle".into(),
    );
    read.loaded = Some(vec![theirs]);
    let hunt = self::hunt(&[plan], &read);
    assert_eq!(hunt.places.len(), 1);
    assert_eq!(&*hunt.places[0].name, "/acme/settle");
}

#[test]
fn what_the_run_has_read_is_searched_only_when_asked_for() {
    let fake = FakeCloudWatch::start(5);
    fake.group("us-east-1", "/acme/prod/queue", naming("q", &["o-1"]));
    let loaded = ("prod".into(), "us-east-1".into(), "/acme/prod/queue".into());
    let mut request = request(&["o-1"]);
    request.loaded = Some(vec![loaded]);
    let new = hunt(&[prod(&fake)], &request);
    assert_eq!(
        (places(&new).len(), new.total, new.complete()),
        (0, 0, true)
    );
    assert!(text(&new).contains("nothing in reach that was not read"));
    request.again = true;
    let all = hunt(&[prod(&fake)], &request);
    assert_eq!(all.places[0].standing, Standing::Loaded);
    assert!(suggestions(&all).is_empty());
}

#[test]
fn hostile_log_text_cannot_command_the_reader() {
    let fake = FakeCloudWatch::start(5);
    let said = "\x1b]0;owned\x07 order=o-1 \u{202e}gnp.exe\u{202c}\r\nfake \x1b[2J\u{200b}";
    let mut event = Event::new(FROM, "1", said);
    event.stream = "\x1b[31mstream".to_owned();
    fake.group("us-east-1", "/other", vec![event]);
    let hunt = hunt(&[prod(&fake)], &request(&["o-1"]));
    let text = text(&hunt);
    assert!(text.contains("␛]0;owned␇ order=o-1 <U+202E>"), "{text}");
    assert!(text.chars().all(|c| c == '\n' || is_safe(c)), "{text:?}");
    let mut json = Vec::new();
    report::hunt_json::write(&mut json, &hunt).unwrap();
    let json = String::from_utf8(json).unwrap();
    assert!(json.chars().all(|c| c == '\n' || is_safe(c)), "{json:?}");
}

/// The server never answers; whoever cancels does not wait for it.
#[test]
fn cancelling_keeps_what_was_found() {
    let fake = FakeCloudWatch::start(5);
    fake.group("us-east-1", "/acme/prod/queue", naming("q", &["o-1"]));
    fake.group("us-east-1", "/hangs", naming("h", &["o-1"]));
    fake.script(|call| filters(call, "/hangs").then_some(Trouble::Hang));
    let hunting = start(&[prod(&fake)], &request(&["o-1"]));
    while fake.calls("FilterLogEvents").len() < 2 || hunting.snapshot().searched == 0 {
        std::thread::yield_now();
    }
    let began = Instant::now();
    hunting.cancel();
    hunting.wait();
    assert!(began.elapsed() < quick().attempt_timeout / 2);
    let hunt = hunting.snapshot();
    assert!(hunt.done && hunt.cancelled && !hunt.complete());
    assert_eq!(places(&hunt), [("us-east-1", "/acme/prod/queue", 1)]);
    assert_eq!(
        missed(&hunt),
        [(Cause::Cancelled, "us-east-1", vec!["/hangs"])]
    );
    assert!(text(&hunt).contains("\nCANCELLED: "));
}

#[test]
fn a_snapshot_tells_how_far_it_is() {
    let fake = FakeCloudWatch::start(5);
    fake.group("us-east-1", "/other", naming("q", &["o-1"]));
    let hunting = start(&[prod(&fake)], &request(&["o-1"]));
    let before = hunting.version();
    hunting.wait();
    assert!(hunting.version() > before || hunting.snapshot().done);
    let hunt = hunting.snapshot();
    assert_eq!(
        (hunt.searched, hunt.total, hunt.regions.0),
        (1, 1, hunt.regions.1)
    );
    assert!(hunt.regions.1 > 30, "every region there is");
    assert!(hunt.bytes > 10 && hunt.calls > 30);
}

#[test]
fn the_emulator_is_hunted_too() {
    let id = "5f0f2a3e-1111-4e08-94e4-fd7098eafc16";
    let time = now().plus(-60_000);
    let lines: Vec<(&str, Timestamp, String)> = vec![
        ("one", time, format!("order {id} settled")),
        ("one", time.plus(1), "somebody else".to_owned()),
    ];
    let client = emulator().client("eu-north-1");
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(seed(&client, "/hunted/settle", &lines));
    let plan = Plan {
        environments: vec![environment("qa", emulator().url(), &["us-east-1"], &[])],
        ..Plan::default()
    };
    let request = HuntRequest {
        targets: vec![Target::of_id(id)],
        ..HuntRequest::default()
    };
    let hunting = Hunting::start_with(&plan, &request, now, quick()).unwrap();
    hunting.wait();
    let hunt = hunting.snapshot();
    assert_eq!(places(&hunt), [("eu-north-1", "/hunted/settle", 1)]);
    assert_eq!(hunt.places[0].finds[0].hits, 1);
    let known: Arc<str> = "qa".into();
    assert_eq!(hunt.places[0].env, known);
}
