//! What cannot be read: the right kind of fault, a remedy, the rest read on, no secret shown.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use lastseen::domain::feed::{End, FaultKind, FeedEvent};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::spawn;
use lastseen::sources::spool::Spool;

use crate::support::emulator::SECRET;
use crate::support::fake_cloudwatch::{Event, FakeCloudWatch, Trouble};
use crate::support::reading::{Told, environment, quick, read, request};

const FROM: i64 = 1_760_000_000_000;
const TO: i64 = FROM + 3_600_000;

fn some_events() -> Vec<Event> {
    let event = |n: i64| Event::new(FROM + n * 1000, &format!("{n:056}"), "text");
    (0..30).map(event).collect()
}

/// Two groups, of which `/acme/qa/a` is refused with this error.
fn refused(status: u16, code: &'static str, message: &'static str) -> (Told, Told) {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/acme/qa/a", some_events());
    fake.group("us-east-1", "/acme/qa/b", some_events());
    fake.script(move |call| {
        let mine = call.operation == "FilterLogEvents" && call.group == "/acme/qa/a";
        mine.then_some(Trouble::Error(status, code, message))
    });
    let plan = environment("qa", fake.url(), &["us-east-1"], &["/acme/{env}/*"]);
    let mut reading = read(&[plan], request(FROM, TO), quick());
    let mut take = |group| {
        reading
            .sources
            .remove(&format!("qa/us-east-1:/acme/qa/{group}"))
    };
    (take("a").unwrap(), take("b").unwrap())
}

fn assert_refused(told: &Told, kind: FaultKind, message: &str, remedy: &str) {
    assert_eq!(told.kinds(), [kind]);
    let fault = &told.faults[0];
    assert!(fault.message.contains(message), "{}", fault.message);
    assert!(fault.remedy.contains(remedy), "{}", fault.remedy);
    assert_eq!((told.end, told.covered.len()), (Some(End::Nothing), 0));
}

#[test]
fn a_denied_group_is_denied_and_the_rest_is_read() {
    let said = "User: arn:aws:iam::123456789012:user/oncall is not authorized to perform: logs:FilterLogEvents";
    let (a, b) = refused(400, "AccessDeniedException", said);
    assert_refused(
        &a,
        FaultKind::Denied,
        "may not read /acme/qa/a in us-east-1",
        "allow logs:FilterLogEvents on arn:aws:logs:us-east-1:123456789012:log-group:/acme/qa/a:*",
    );
    assert_eq!(b.ids.len(), 30);
    assert_eq!(b.faults, []);
}

#[test]
fn an_infrequent_access_group_is_denied_with_another_way() {
    let said = "The log group /acme/qa/a is of log-group-class INFREQUENT_ACCESS. FilterLogEvents is not supported for this log class.";
    let (a, b) = refused(400, "InvalidOperationException", said);
    assert_refused(
        &a,
        FaultKind::Denied,
        "log-group-class INFREQUENT_ACCESS",
        "Logs Insights",
    );
    assert_eq!(b.ids.len(), 30);
}

#[test]
fn a_group_that_was_listed_and_vanished_leaves_a_hole() {
    let said = "The specified log group does not exist.";
    let (a, _) = refused(400, "ResourceNotFoundException", said);
    assert_refused(
        &a,
        FaultKind::Failed,
        "does not exist",
        "check the group's name",
    );
}

#[test]
fn credentials_that_expire_on_the_way_say_how_to_renew_them() {
    let (a, _) = refused(400, "ExpiredTokenException", "expired");
    assert_refused(
        &a,
        FaultKind::Failed,
        "have expired",
        "aws sso login --profile tester",
    );
}

#[test]
fn what_the_service_quotes_of_a_signature_is_not_shown() {
    let said = "The Canonical String should have been x-amz-security-token:TOKEN-OF-A-SESSION";
    let (a, _) = refused(403, "SignatureDoesNotMatch", said);
    assert_refused(
        &a,
        FaultKind::Failed,
        "does not accept the credentials of profile tester",
        "check the keys",
    );
    assert!(!format!("{a:?}").contains("TOKEN-OF-A-SESSION"));
}

#[test]
fn a_region_that_may_not_be_listed_is_denied_by_pattern() {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/acme/qa/a", some_events());
    fake.script(|call| {
        let mine = call.operation == "DescribeLogGroups" && call.region == "eu-west-1";
        mine.then_some(Trouble::Error(400, "AccessDeniedException", "no"))
    });
    let regions = ["us-east-1", "eu-west-1"];
    let plan = environment(
        "qa",
        fake.url(),
        &regions,
        &["/acme/{env}/a", "/acme/{env}/z*"],
    );
    let reading = read(&[plan], request(FROM, TO), quick());
    assert_eq!(reading.of("qa/us-east-1:/acme/qa/a").ids.len(), 30);
    for pattern in ["/acme/qa/a", "/acme/qa/z*"] {
        let told = reading.of(&format!("qa/eu-west-1:{pattern}"));
        assert_eq!(told.source.place(), pattern);
        assert_refused(
            told,
            FaultKind::Denied,
            "eu-west-1",
            "allow logs:DescribeLogGroups",
        );
    }
    let told = |name: &str| reading.of(name).opened_before_any_coverage;
    assert!(reading.sources.keys().all(|name| told(name)));
    assert_eq!(
        reading.sources.len(),
        3,
        "z may well exist in eu-west-1: it is not absent"
    );
}

#[test]
fn a_pattern_without_a_group_is_absent_once() {
    let fake = FakeCloudWatch::start(10);
    for name in [
        "/acme/qa/a",
        "/acme/qa/engine",
        "/acme/qa/x1",
        "/acme/qa/x2",
        "/acme/qa/x3",
    ] {
        fake.group("us-east-1", name, some_events());
    }
    let regions = ["us-east-1", "eu-west-1", "eu-central-1"];
    let globs = ["/acme/qa/a", "/acme/qa/engin", "/acme/qa/x*", "/acme/qa/x2"];
    let plan = environment("qa", fake.url(), &regions, &globs);
    let reading = read(&[plan], request(FROM, TO), quick());
    let told = reading.of("qa:/acme/qa/engin");
    assert_refused(
        told,
        FaultKind::Absent,
        "us-east-1, eu-west-1, eu-central-1",
        "the nearest that exists is /acme/qa/engine",
    );
    assert!(told.faults[0].message.contains("account 123456789012"));
    let names: Vec<&String> = reading.sources.keys().collect();
    // Groups of one region only are no matter; a group that two globs mean is read once.
    assert_eq!(
        names,
        [
            "qa/us-east-1:/acme/qa/a",
            "qa/us-east-1:/acme/qa/x1",
            "qa/us-east-1:/acme/qa/x2",
            "qa/us-east-1:/acme/qa/x3",
            "qa:/acme/qa/engin"
        ]
    );
}

#[test]
fn an_unknown_profile_is_named_once_per_pattern() {
    let mut plan = environment(
        "qa",
        "http://127.0.0.1:9",
        &["us-east-1", "eu-west-1"],
        &["/a", "/b"],
    );
    plan.profile = Some("nobody".to_owned());
    let reading = read(&[plan.clone()], request(FROM, TO), quick());
    assert_eq!(reading.sources.len(), 2);
    for name in ["qa:/a", "qa:/b"] {
        let told = reading.of(name);
        assert_refused(
            told,
            FaultKind::Failed,
            "there is no profile nobody on this machine",
            "there are tester",
        );
    }
    plan.profile = Some("testr".to_owned());
    let reading = read(&[plan], request(FROM, TO), quick());
    let remedy = &reading.of("qa:/a").faults[0].remedy;
    assert!(remedy.starts_with("did you mean tester?"), "{remedy}");
}

#[test]
fn expired_credentials_are_told_before_anything_is_read() {
    let fake = FakeCloudWatch::start(10);
    fake.script(|call| {
        let mine = call.operation == "GetCallerIdentity";
        let xml = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>";
        mine.then_some(Trouble::Xml(403, xml))
    });
    let plan = environment("qa", fake.url(), &["us-east-1"], &["/a"]);
    let reading = read(&[plan], request(FROM, TO), quick());
    let told = reading.of("qa/us-east-1:/a");
    assert_refused(
        told,
        FaultKind::Failed,
        "have expired",
        "aws sso login --profile tester",
    );
    assert_eq!(fake.calls("DescribeLogGroups").len(), 0);
}

#[test]
fn not_to_be_told_who_one_is_does_no_harm() {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/a", some_events());
    fake.script(|call| {
        let xml = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
        (call.operation == "GetCallerIdentity").then_some(Trouble::Xml(403, xml))
    });
    let plan = environment("qa", fake.url(), &["us-east-1"], &["/a"]);
    let reading = read(&[plan], request(FROM, TO), quick());
    let told = reading.of("qa/us-east-1:/a");
    assert_eq!((told.ids.len(), told.faults.len()), (30, 0));
    assert_eq!(told.notes, ["account not known; as profile tester"]);
}

#[test]
fn an_endpoint_that_refuses_is_named_without_its_password() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://user:{SECRET}@{free}/path");
    let plan = environment("qa", &url, &["us-east-1", "eu-west-1"], &["/a"]);
    let reading = read(&[plan], request(FROM, TO), quick());
    assert_eq!(reading.sources.len(), 1);
    let told = reading.of("qa:/a");
    let message = format!("http://{free} does not answer");
    assert_refused(told, FaultKind::Failed, &message, "check the endpoint");
    assert!(
        told.faults[0].message.contains("refused"),
        "{}",
        told.faults[0].message
    );
}

#[test]
fn an_endpoint_that_is_no_address_is_told() {
    for url in ["nonsense", "http://", "ftp://x", "http://host:port"] {
        let plan = environment("qa", url, &["us-east-1"], &["/a"]);
        let reading = read(&[plan], request(FROM, TO), quick());
        let told = reading.of("qa/us-east-1:/a");
        assert_eq!(
            (told.kinds(), told.end),
            (vec![FaultKind::Failed], Some(End::Nothing))
        );
        let fault = &told.faults[0];
        let named = fault.message.starts_with(&format!("{url} does not answer"));
        assert!(named, "{}", fault.message);
        assert!(fault.remedy.contains("check the endpoint"));
    }
}

#[test]
fn what_is_no_glob_is_told_and_the_rest_is_read() {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/a", some_events());
    let plan = environment("qa", fake.url(), &["us-east-1"], &["/a", "/b["]);
    let reading = read(&[plan], request(FROM, TO), quick());
    assert_eq!(reading.of("qa/us-east-1:/a").ids.len(), 30);
    assert_refused(
        reading.of("qa/us-east-1:/b["),
        FaultKind::Failed,
        "is not a pattern",
        "correct it",
    );
}

#[test]
fn one_bad_environment_does_not_disturb_another() {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/a", some_events());
    let good = environment("qa", fake.url(), &["us-east-1"], &["/a"]);
    let mut bad = environment("prod", fake.url(), &["us-east-1"], &["/a"]);
    bad.profile = Some("nobody".to_owned());
    let reading = read(&[bad, good], request(FROM, TO), quick());
    assert_eq!(reading.of("qa/us-east-1:/a").ids.len(), 30);
    assert_eq!(reading.of("prod/us-east-1:/a").kinds(), [FaultKind::Failed]);
}

#[test]
fn a_run_that_is_cancelled_ends_whatever_it_waits_for() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/a", some_events());
    // Throttled for ever, with waits far longer than any test.
    fake.script(|call| (call.operation == "FilterLogEvents").then_some(Trouble::Throttle));
    let settings = lastseen::sources::cloudwatch::settings::Settings {
        backoff: Duration::from_hours(1),
        longest_backoff: Duration::from_hours(1),
        ..quick()
    };
    let plan = environment("qa", fake.url(), &["us-east-1"], &["/a"]);
    let (feed, reports) = Feed::new(8);
    let tasks = spawn(
        &[plan],
        request(FROM, TO),
        &feed,
        Spool::new(&feed).unwrap(),
        runtime.handle(),
        settings,
    );
    let mut said: Vec<Arc<str>> = Vec::new();
    while let Ok(report) = reports.recv_blocking() {
        if let FeedEvent::Note(_, note) = report {
            said.push(note.as_str().into());
            if note.contains("throttled") {
                break;
            }
        }
    }
    feed.stop();
    for task in tasks {
        runtime.block_on(task).unwrap();
    }
    assert_eq!(said.len(), 2);
}
