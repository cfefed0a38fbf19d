//! Who we are and whose log groups these are: accounts, linked accounts, classes, regions.

use std::sync::atomic::{AtomicUsize, Ordering};

use lastseen::config::accounts::Accounts;
use lastseen::config::plan::EnvironmentPlan;
use lastseen::domain::feed::{End, FaultKind};
use lastseen::sources::cloudwatch::fault::{Class, Failure};
use lastseen::sources::cloudwatch::remedy::{Attempt, Caller};

use crate::support::fake_cloudwatch::{Event, FakeCloudWatch, Group, Trouble};
use crate::support::reading::{Reading, Told, environment, quick, read, request};

const FROM: i64 = 1_760_000_000_000;
const TO: i64 = FROM + 3_600_000;
const OWN: &str = "123456789012";
const LINKED: &str = "222233334444";
const OTHER: &str = "333344445555";

fn events(count: i64) -> Vec<Event> {
    let event = |n: i64| Event::new(FROM + n * 1000, &format!("{n:056}"), "text");
    (0..count).map(event).collect()
}

fn assert_refused(told: &Told, kind: FaultKind, message: &str, remedy: &str) {
    assert_eq!(told.kinds(), [kind], "{:?}", told.faults);
    let fault = &told.faults[0];
    assert!(fault.message.contains(message), "{}", fault.message);
    assert!(fault.remedy.contains(remedy), "{}", fault.remedy);
    assert_eq!((told.end, told.covered.len()), (Some(End::Nothing), 0));
}

/// Groups of every class, and one that is masked.
fn classes() -> (FakeCloudWatch, Reading) {
    let fake = FakeCloudWatch::start(10);
    let group = |name: &str| Group::new("us-east-1", &format!("/acme/{name}")).events(events(3));
    fake.add(group("standard"));
    fake.add(group("rare").class("INFREQUENT_ACCESS"));
    fake.add(group("cheap").class("ESSENTIALS"));
    fake.add(group("passed-on").class("DELIVERY"));
    fake.add(group("newer").class("SOMETHING_NEW"));
    fake.add(group("masked").masked());
    let plan = environment("qa", fake.url(), &["us-east-1"], &["/acme/*"]);
    let reading = read(&[plan], request(FROM, TO), quick());
    (fake, reading)
}

#[test]
fn what_its_class_forbids_is_not_even_tried() {
    let (fake, reading) = classes();
    for (name, class, remedy) in [
        ("rare", "of class INFREQUENT_ACCESS", "Logs Insights"),
        ("cheap", "of class ESSENTIALS", "Logs Insights"),
        ("passed-on", "of class DELIVERY", "S3 or Firehose"),
    ] {
        let told = reading.of(&format!("qa/us-east-1:/acme/{name}"));
        assert_refused(told, FaultKind::Denied, class, remedy);
        assert!(told.opened_before_any_coverage);
        let asked = fake.calls("FilterLogEvents");
        assert!(
            asked
                .iter()
                .all(|call| call.group != format!("/acme/{name}"))
        );
    }
    assert_eq!(reading.of("qa/us-east-1:/acme/standard").ids.len(), 3);
    // What is not known may well be readable: the service is asked, and says no.
    let told = reading.of("qa/us-east-1:/acme/newer");
    assert!(told.notes[0].contains("of class SOMETHING_NEW, which is not known here"));
    let message = "is of log-group-class SOMETHING_NEW";
    assert_refused(told, FaultKind::Denied, message, "Logs Insights");
}

#[test]
fn a_masked_group_is_read_and_says_so() {
    let (_, reading) = classes();
    let told = reading.of("qa/us-east-1:/acme/masked");
    assert_eq!((told.ids.len(), told.faults.len()), (3, 0));
    let note = &told.notes[0];
    assert!(note.contains("a masked ID cannot be followed"), "{note}");
    assert!(!reading.of("qa/us-east-1:/acme/standard").notes[0].contains("masked"));
}

/// The own account and two linked ones have a group of the same name.
fn linked() -> FakeCloudWatch {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/acme/x", events(20));
    for (account, count) in [(LINKED, 25), (OTHER, 13)] {
        let group = Group::new("us-east-1", "/acme/x").account(account);
        fake.add(group.events(events(count)));
        fake.link(OWN, account);
    }
    fake
}

fn with_accounts(fake: &FakeCloudWatch, accounts: Accounts) -> EnvironmentPlan {
    EnvironmentPlan {
        accounts,
        ..environment("qa", fake.url(), &["us-east-1"], &["/acme/*"])
    }
}

#[test]
fn a_group_of_the_same_name_in_every_linked_account_is_a_source_each() {
    let fake = linked();
    let plan = with_accounts(&fake, Accounts::Linked);
    let reading = read(&[plan], request(FROM, TO), quick());
    let counts: Vec<(&str, usize)> = reading
        .sources
        .iter()
        .map(|(name, told)| (name.as_str(), told.ids.len()))
        .collect();
    assert_eq!(
        counts,
        [
            ("qa/us-east-1/222233334444:/acme/x", 25),
            ("qa/us-east-1/333344445555:/acme/x", 13),
            ("qa/us-east-1:/acme/x", 20),
        ]
    );
    let told = reading.of("qa/us-east-1/222233334444:/acme/x");
    // Stages name groups as ever; who is asked, and for whose group, is said.
    assert_eq!(told.source.place(), "/acme/x");
    assert_eq!(told.coverage().len(), 1);
    let note = &told.notes[0];
    assert!(
        note.starts_with("linked account 222233334444, read by account 123456789012, as arn:"),
        "{note}"
    );
}

#[test]
fn without_the_key_linked_accounts_are_no_matter() {
    let fake = linked();
    let reading = read(
        &[with_accounts(&fake, Accounts::Own)],
        request(FROM, TO),
        quick(),
    );
    let names: Vec<&String> = reading.sources.keys().collect();
    assert_eq!(names, ["qa/us-east-1:/acme/x"]);
    assert_eq!(reading.of("qa/us-east-1:/acme/x").ids.len(), 20);
}

#[test]
fn accounts_that_are_listed_are_all_that_is_read() {
    let fake = linked();
    let only = |numbers: &[&str]| {
        let numbers = numbers.iter().map(ToString::to_string).collect();
        let plan = with_accounts(&fake, Accounts::Only(numbers));
        let reading = read(&[plan], request(FROM, TO), quick());
        reading.sources.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(only(&[OTHER]), ["qa/us-east-1/333344445555:/acme/x"]);
    assert_eq!(
        only(&[OTHER, OWN]),
        ["qa/us-east-1/333344445555:/acme/x", "qa/us-east-1:/acme/x"]
    );
}

#[test]
fn an_account_that_is_not_linked_is_named() {
    let fake = linked();
    let plan = with_accounts(&fake, Accounts::Only(vec!["444455556666".to_owned()]));
    let reading = read(&[plan], request(FROM, TO), quick());
    let told = reading.of("qa/us-east-1:/acme/*");
    let message = "account 444455556666, seen from account 123456789012";
    assert_refused(told, FaultKind::Absent, message, "check");
}

#[test]
fn a_linked_group_that_is_denied_names_its_arn() {
    let fake = linked();
    fake.script(|call| {
        let mine = call.owner != call.account && call.operation == "FilterLogEvents";
        mine.then_some(Trouble::Error(400, "AccessDeniedException", "no"))
    });
    let plan = with_accounts(&fake, Accounts::Linked);
    let reading = read(&[plan], request(FROM, TO), quick());
    assert_refused(
        reading.of("qa/us-east-1/222233334444:/acme/x"),
        FaultKind::Denied,
        "profile tester may not read arn:aws:logs:us-east-1:222233334444:log-group:/acme/x",
        "allow logs:FilterLogEvents on arn:aws:logs:us-east-1:222233334444:log-group:/acme/x:* to arn:aws:iam::123456789012:user/oncall",
    );
    assert_eq!(reading.of("qa/us-east-1:/acme/x").ids.len(), 20);
}

#[test]
fn another_account_than_configured_is_refused_whole() {
    let fake = linked();
    let mut plan = environment("qa", fake.url(), &["us-east-1", "eu-west-1"], &["/acme/*"]);
    plan.account = Some(OTHER.to_owned());
    let reading = read(&[plan.clone()], request(FROM, TO), quick());
    let message = "environment qa is account 333344445555, but profile tester leads to account 123456789012, as arn:aws:iam::123456789012:user/oncall";
    assert_refused(
        reading.of("qa:/acme/*"),
        FaultKind::Failed,
        message,
        "account of profile tester",
    );
    assert_eq!(fake.calls("DescribeLogGroups").len(), 0);
    plan.account = Some(OWN.to_owned());
    let reading = read(&[plan], request(FROM, TO), quick());
    assert_eq!(reading.of("qa/us-east-1:/acme/x").ids.len(), 20);
}

#[test]
fn where_nobody_says_who_we_are_the_groups_do() {
    let fake = linked();
    fake.script(|call| {
        let xml = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
        (call.operation == "GetCallerIdentity").then_some(Trouble::Xml(403, xml))
    });
    let mut plan = environment("qa", fake.url(), &["us-east-1"], &["/acme/*"]);
    plan.account = Some(OTHER.to_owned());
    let reading = read(&[plan], request(FROM, TO), quick());
    let message = "is account 333344445555, but profile tester leads to account 123456789012";
    assert_refused(
        reading.of("qa/us-east-1:/acme/x"),
        FaultKind::Failed,
        message,
        "correct `account`",
    );
}

#[test]
fn one_group_in_two_environments_is_read_in_the_first() {
    let fake = linked();
    fake.group("us-east-1", "/acme/qa/y", events(4));
    let first = environment("prod", fake.url(), &["us-east-1"], &["/acme/x"]);
    let mut second = environment(
        "qa",
        fake.url(),
        &["us-east-1"],
        &["/acme/x", "/acme/{env}/*"],
    );
    for accounts in [Accounts::Own, Accounts::Linked] {
        second.accounts = accounts;
        let both = [first.clone(), second.clone()];
        let reading = read(&both, request(FROM, TO), quick());
        assert_eq!(reading.of("prod/us-east-1:/acme/x").ids.len(), 20);
        assert_refused(
            reading.of("qa/us-east-1:/acme/x"),
            FaultKind::Failed,
            "the same as in environment prod",
            "globs of its own",
        );
        // Of the same account, but another group.
        assert_eq!(reading.of("qa/us-east-1:/acme/qa/y").ids.len(), 4);
    }
    // The same name in another account is another group.
    let reading = read(&[first, second], request(FROM, TO), quick());
    assert_eq!(
        reading.of("qa/us-east-1/222233334444:/acme/x").ids.len(),
        25
    );
}

#[test]
fn an_environment_that_cannot_be_read_claims_nothing() {
    let fake = linked();
    let mut first = environment("prod", fake.url(), &["us-east-1"], &["/acme/x"]);
    first.account = Some(OTHER.to_owned());
    let second = environment("qa", fake.url(), &["us-east-1"], &["/acme/x"]);
    let reading = read(&[first, second], request(FROM, TO), quick());
    assert_eq!(
        reading.of("prod/us-east-1:/acme/x").kinds(),
        [FaultKind::Failed]
    );
    assert_eq!(reading.of("qa/us-east-1:/acme/x").ids.len(), 20);
}

#[test]
fn a_region_that_is_not_enabled_is_told_as_that() {
    const INVALID: &str = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid</Message></Error></ErrorResponse>";
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/a", events(5));
    fake.script(|call| {
        let code = match call.region.as_str() {
            "ap-east-1" => "UnrecognizedClientException",
            "me-south-1" => "OptInRequired",
            _ => return None,
        };
        Some(match call.operation.as_str() {
            "GetCallerIdentity" => Trouble::Xml(403, INVALID),
            _ => Trouble::Error(
                400,
                code,
                "The security token included in the request is invalid.",
            ),
        })
    });
    let regions = ["ap-east-1", "me-south-1"];
    let alone = environment("qa", fake.url(), &regions, &["/a"]);
    let with_another = environment(
        "qa",
        fake.url(),
        &["ap-east-1", "us-east-1", "me-south-1"],
        &["/a"],
    );
    for plan in [alone, with_another] {
        let readable = plan.regions.len() > 2;
        let reading = read(&[plan], request(FROM, TO), quick());
        for region in regions {
            let message = format!("region {region} is not enabled for account 123456789012");
            let remedy = format!("take {region} out of `regions`");
            assert_refused(
                reading.of(&format!("qa/{region}:/a")),
                FaultKind::Failed,
                &message,
                &remedy,
            );
        }
        assert_eq!(reading.sources.contains_key("qa/us-east-1:/a"), readable);
    }
}

#[test]
fn keys_that_nobody_knows_are_not_a_matter_of_regions() {
    let fake = FakeCloudWatch::start(10);
    fake.script(|_| {
        let xml = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
        Some(Trouble::Xml(403, xml))
    });
    let plan = environment("qa", fake.url(), &["eu-west-1"], &["/a"]);
    let reading = read(&[plan], request(FROM, TO), quick());
    let message = "AWS does not accept the credentials of profile tester";
    assert_refused(
        reading.of("qa/eu-west-1:/a"),
        FaultKind::Failed,
        message,
        "check the keys",
    );
}

#[test]
fn a_wrong_clock_is_told_as_that() {
    let fake = FakeCloudWatch::start(10);
    fake.script(|_| {
        let xml = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired: 20261122T010000Z is now earlier than 20261122T015500Z (20261122T020000Z - 5 min.)</Message></Error></ErrorResponse>";
        Some(Trouble::Xml(403, xml))
    });
    let plan = environment("qa", fake.url(), &["eu-west-1"], &["/a"]);
    let reading = read(&[plan], request(FROM, TO), quick());
    assert_refused(
        reading.of("qa/eu-west-1:/a"),
        FaultKind::Failed,
        "the clock of this machine is wrong",
        "set the clock",
    );
}

#[test]
fn throttling_while_groups_are_listed_is_noted() {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/a", events(5));
    let listings = AtomicUsize::new(0);
    fake.script(move |call| {
        let listing = call.operation == "DescribeLogGroups";
        (listing && listings.fetch_add(1, Ordering::Relaxed) < 3).then_some(Trouble::Throttle)
    });
    let plan = environment("qa", fake.url(), &["us-east-1"], &["/a"]);
    let reading = read(&[plan], request(FROM, TO), quick());
    let told = reading.of("qa/us-east-1:/a");
    assert_eq!((told.ids.len(), told.notes.len()), (5, 1));
    assert!(
        told.notes[0].ends_with("listing the log groups was throttled 3 times"),
        "{}",
        told.notes[0]
    );
}

#[test]
fn a_region_that_does_not_exist_gets_the_nearest_name() {
    let mut caller = Caller {
        plan: EnvironmentPlan::default(),
        account: None,
        arn: None,
    };
    let failure = Failure::new(Class::Transient, "failed to lookup address information");
    let told = |caller: &Caller, region| {
        let attempt = Attempt {
            permission: "logs:DescribeLogGroups",
            region,
            group: "/a",
        };
        let fault = caller.fault(&failure, attempt, false);
        (fault.message, fault.remedy)
    };
    let (message, remedy) = told(&caller, "eu-centrl-1");
    assert_eq!(
        message,
        "eu-centrl-1 is no region that is known here, and nothing answers in it: failed to lookup address information"
    );
    assert_eq!(remedy, "did you mean eu-central-1?");
    for region in ["eu-central-1", "cn-north-1", "us-gov-west-1"] {
        let (message, _) = told(&caller, region);
        assert!(
            message.starts_with("CloudWatch Logs does not answer"),
            "{message}"
        );
    }
    caller.plan.endpoint_url = Some("http://localhost:1".to_owned());
    let (message, _) = told(&caller, "my-region");
    assert!(
        message.starts_with("http://localhost:1 does not answer"),
        "{message}"
    );
}
