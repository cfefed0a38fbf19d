//! The scripted service itself, called by the SDK: what other tests conclude rests on it.

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata;
use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::{
    DataProtectionStatus, LogGroup, LogGroupClass, LogStream, OrderBy,
};
use aws_sdk_cloudwatchlogs::{Client, config};
use tokio::runtime::Runtime;

use crate::support::fake_cloudwatch::log::Tally;
use crate::support::fake_cloudwatch::schedule::{Schedule, passing};
use crate::support::fake_cloudwatch::{Call, Event, FakeCloudWatch, Gate, Group, Trouble};

const FROM: i64 = 1_760_000_000_000;
const GROUP: &str = "/a";
const REGION: &str = "eu-central-1";
const OTHER: &str = "222233334444";

/// A caller without retries.
struct Caller {
    runtime: Runtime,
    client: Client,
}

/// Id, or the code of the refusal.
type Ids = Result<(Vec<String>, Option<String>), String>;

impl Caller {
    fn new(fake: &FakeCloudWatch, key: &str) -> Self {
        let conf = config::Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(fake.url())
            .credentials_provider(Credentials::new(key, "secret", None, None, "test"))
            .retry_config(config::retry::RetryConfig::disabled())
            .build();
        Self {
            runtime: Runtime::new().unwrap(),
            client: Client::from_conf(conf),
        }
    }

    fn wait<T, E: ProvideErrorMetadata>(
        &self,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, String> {
        let answer = self.runtime.block_on(call);
        answer.map_err(|error| error.code().unwrap_or("no answer").to_owned())
    }

    fn page(&self, group: &str, pattern: &str, token: Option<&str>) -> Ids {
        let call = self.client.filter_log_events();
        let call = call.log_group_name(group).start_time(FROM);
        let call = call.end_time(FROM + 1000).filter_pattern(pattern);
        let answer = self.wait(call.set_next_token(token.map(str::to_owned)).send())?;
        Ok(ids(answer))
    }

    /// All pages, by the ids in each.
    fn pages(&self, pattern: &str) -> Vec<Vec<String>> {
        let (mut pages, mut token) = (Vec::new(), None);
        loop {
            let (ids, next) = self.page(GROUP, pattern, token.as_deref()).unwrap();
            pages.push(ids);
            if next.is_none() {
                return pages;
            }
            token = next;
        }
    }

    fn groups(&self, linked: bool, class: Option<&LogGroupClass>) -> Vec<LogGroup> {
        let (mut groups, mut token) = (Vec::new(), None);
        loop {
            let call = self.client.describe_log_groups().set_next_token(token);
            let call = call.include_linked_accounts(linked);
            let answer = self.wait(call.set_log_group_class(class.cloned()).send());
            let answer = answer.unwrap();
            groups.extend(answer.log_groups.unwrap_or_default());
            token = answer.next_token;
            if token.is_none() {
                return groups;
            }
        }
    }
}

fn ids(answer: FilterLogEventsOutput) -> (Vec<String>, Option<String>) {
    let events = answer.events.unwrap_or_default();
    let ids = events.into_iter().filter_map(|event| event.event_id);
    (ids.collect(), answer.next_token)
}

/// One event each 100 ms, of ten bytes and 26 more.
fn service(count: i64) -> FakeCloudWatch {
    let fake = FakeCloudWatch::start(4);
    let event = |n: i64| Event::new(FROM + n * 100, &format!("e{n}"), &format!("message-{n:02}"));
    fake.group(REGION, GROUP, (0..count).map(event).collect());
    fake
}

fn lengths(pages: &[Vec<String>]) -> Vec<usize> {
    pages.iter().map(Vec::len).collect()
}

#[test]
fn pages_end_by_events_by_bytes_and_by_what_was_looked_at() {
    let fake = service(12);
    let caller = Caller::new(&fake, "AKIATEST");
    // Eleven lie within the second: both of its ends belong to it.
    assert_eq!(lengths(&caller.pages("")), [4, 4, 3]);
    fake.page_ends_at(3 * 36, usize::MAX);
    assert_eq!(lengths(&caller.pages("")), [3, 3, 3, 2]);
    fake.page_ends_at(1, usize::MAX);
    assert_eq!(lengths(&caller.pages("")), [1; 11]);
    fake.page_ends_at(1 << 20, 3);
    assert_eq!(lengths(&caller.pages("message-10")), [0, 0, 0, 1]);
    let (calls, events) = (3 + 4 + 11 + 4, 11 + 11 + 11 + 1);
    let expected = Tally {
        calls,
        pages: calls,
        events,
        // The first pages of 4, 3 and 1 events were other pages, though the same was asked.
        again: 0,
        faults: 0,
    };
    assert_eq!(fake.summary().operation("FilterLogEvents"), expected);
    fake.forget_calls();
    caller.pages("");
    assert_eq!(fake.summary().all().again, 0);
    caller.pages("");
    assert_eq!(fake.summary().all().again, fake.summary().all().pages / 2);
}

#[test]
fn filter_patterns_mean_what_they_mean_to_the_service() {
    let caller = |messages: &[&str]| {
        let fake = FakeCloudWatch::start(10);
        let event = |(n, m): (usize, &&str)| Event::new(FROM, &n.to_string(), m);
        fake.group(
            REGION,
            GROUP,
            messages.iter().enumerate().map(event).collect(),
        );
        let caller = Caller::new(&fake, "AKIATEST");
        (fake, caller)
    };
    let (_fake, caller) = caller(&["job=a-1 done", "job=b-2 done", "job=A-1", "other"]);
    for (pattern, found) in [
        (r#"?"a-1" ?"b-2""#, "01"),
        (r#""a-1" "done""#, "0"),
        ("done -b-2", "0"),
        (r#"?"nobody""#, ""),
        ("", "0123"),
    ] {
        let (ids, _) = caller.page(GROUP, pattern, None).unwrap();
        assert_eq!(ids.concat(), found, "{pattern}");
    }
    let long = "x".repeat(1025);
    for pattern in ["{ $.a = 1 }", r#"?"open"#, &long] {
        let refused = caller.page(GROUP, pattern, None);
        assert_eq!(refused, Err("InvalidParameterException".to_owned()));
    }
}

#[test]
fn a_token_belongs_to_its_query_and_may_expire() {
    let fake = service(12);
    fake.group(REGION, "/b", Vec::new());
    let caller = Caller::new(&fake, "AKIATEST");
    let (_, token) = caller.page(GROUP, "", None).unwrap();
    let token = token.as_deref();
    let refused = Err("InvalidParameterException".to_owned());
    assert_eq!(caller.page("/b", "", token), refused);
    assert_eq!(caller.page(GROUP, "message", token), refused);
    let again = caller.page(GROUP, "", token).unwrap().0;
    assert_eq!(again, caller.page(GROUP, "", token).unwrap().0);
    fake.script(|_| Some(Trouble::TokenExpired));
    assert_eq!(caller.page(GROUP, "", token), refused);
    fake.script(|_| None);
    assert_eq!(caller.page(GROUP, "", token), refused, "it stays expired");
}

#[test]
fn accounts_see_their_own_groups_and_linked_ones_when_asked_to() {
    let fake = FakeCloudWatch::start(10);
    let event = |id: &str| vec![Event::new(FROM, id, "text")];
    fake.group_kept_for(REGION, "/a", event("own"), Some(7));
    fake.add(Group::new(REGION, "/ia").class("INFREQUENT_ACCESS"));
    fake.add(Group::new(REGION, "/masked").masked());
    fake.add(
        Group::new(REGION, "/a")
            .account(OTHER)
            .events(event("theirs")),
    );
    fake.add(Group::new("us-east-1", "/elsewhere"));
    let own = Caller::new(&fake, "AKIATEST");
    let other = Caller::new(&fake, &format!("AKIA{OTHER}"));
    let names = |groups: &[LogGroup]| -> Vec<String> {
        let names = groups
            .iter()
            .map(|g| g.log_group_name().unwrap_or_default());
        names.map(str::to_owned).collect()
    };
    let mine = own.groups(true, None);
    assert_eq!(names(&mine), ["/a", "/ia", "/masked"]);
    assert_eq!(mine[0].retention_in_days(), Some(7));
    assert_eq!(mine[0].stored_bytes(), Some(30));
    assert_eq!(
        mine[2]
            .data_protection_status()
            .map(DataProtectionStatus::as_str),
        Some("ACTIVATED")
    );
    let rare = own.groups(false, Some(&LogGroupClass::InfrequentAccess));
    assert_eq!(names(&rare), ["/ia"]);
    let page = |caller: &Caller, group: &str| caller.page(group, "", None);
    assert_eq!(
        page(&own, "/ia"),
        Err("InvalidOperationException".to_owned())
    );
    assert_eq!(
        page(&own, "/none"),
        Err("ResourceNotFoundException".to_owned())
    );
    assert_eq!(page(&own, "/a").unwrap().0, ["own"]);
    assert_eq!(page(&other, "/a").unwrap().0, ["theirs"]);
    let arn = format!("arn:aws:logs:{REGION}:{OTHER}:log-group:/a");
    let by_arn = || {
        let call = own.client.filter_log_events().log_group_identifier(&arn);
        own.wait(call.send()).map(|answer| ids(answer).0)
    };
    assert_eq!(by_arn(), Err("ResourceNotFoundException".to_owned()));
    fake.link("123456789012", OTHER);
    assert_eq!(by_arn().unwrap(), ["theirs"]);
    let all = own.groups(true, None);
    assert_eq!(names(&all), ["/a", "/ia", "/masked", "/a"]);
    assert_eq!(all[3].log_group_arn(), Some(&*arn));
    assert_eq!(own.groups(false, None).len(), 3);
}

#[test]
fn a_role_has_keys_of_its_account() {
    let fake = FakeCloudWatch::start(10);
    let caller = Caller::new(&fake, "AKIATEST");
    let conf = aws_sdk_sts::config::Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(fake.url())
        .credentials_provider(Credentials::new("AKIATEST", "secret", None, None, "test"))
        .build();
    let sts = aws_sdk_sts::Client::from_conf(conf);
    let role = format!("arn:aws:iam::{OTHER}:role/reader");
    let call = sts.assume_role().role_arn(role).role_session_name("x");
    let given = caller.wait(call.send()).unwrap().credentials.unwrap();
    assert!(given.access_key_id.ends_with(OTHER));
    fake.script(|_| Some(Trouble::Error(403, "AccessDenied", "no")));
    let refused = caller.wait(sts.get_caller_identity().send());
    assert_eq!(refused.map(|_| ()), Err("AccessDenied".to_owned()));
}

#[test]
fn streams_are_listed_by_name_or_by_their_last_event() {
    let fake = FakeCloudWatch::start(10);
    let event = |stream: &str, ms: i64| Event {
        stream: stream.to_owned(),
        ..Event::new(FROM + ms, &ms.to_string(), "text")
    };
    let events = [event("a", 1), event("b", 3), event("b", 0), event("c", 2)];
    fake.group(REGION, GROUP, events.to_vec());
    fake.list_in_pages_of(2);
    let caller = Caller::new(&fake, "AKIATEST");
    let call = caller.client.describe_log_streams().log_group_name(GROUP);
    let newest = call
        .clone()
        .order_by(OrderBy::LastEventTime)
        .descending(true);
    let page = caller.wait(newest.clone().send()).unwrap();
    let last: Vec<_> = page
        .log_streams()
        .iter()
        .map(LogStream::last_event_timestamp)
        .collect();
    assert_eq!(last, [Some(FROM + 3), Some(FROM + 2)]);
    let rest = caller
        .wait(newest.set_next_token(page.next_token).send())
        .unwrap();
    assert_eq!(rest.log_streams()[0].log_stream_name(), Some("a"));
    assert_eq!(rest.next_token, None);
    let of_b = caller
        .wait(call.log_stream_name_prefix("b").send())
        .unwrap();
    assert_eq!(of_b.log_streams()[0].first_event_timestamp(), Some(FROM));
}

#[test]
fn an_event_id_is_its_time_and_what_tells_it_apart() {
    let id = Event::at(1_760_000_000_123, 7, "").id;
    assert_eq!(
        id,
        "39249311552156888388522130806270009598061280625235591175"
    );
    assert_eq!(Event::at(0, 65_536, "").id, format!("{:056}", 65_536));
}

#[test]
fn what_arrives_late_is_seen_ahead_of_a_page_and_missed_behind_it() {
    let fake = service(8);
    let caller = Caller::new(&fake, "AKIATEST");
    let late = |ms: i64, id: &str| Event {
        visible_from: 1,
        ..Event::new(FROM + ms, id, "late")
    };
    fake.append(REGION, GROUP, vec![late(50, "behind"), late(650, "ahead")]);
    assert_eq!(lengths(&caller.pages("")), [4, 4, 1]);
    let ids = caller.pages("").concat();
    assert_eq!(ids.len(), 10, "the second time both are there");
    assert_eq!((&*ids[1], &*ids[8]), ("behind", "ahead"));
}

/// What a schedule does to these questions, asked in this order.
fn drawn(order: impl Iterator<Item = usize>) -> Vec<Vec<Option<String>>> {
    let schedule = Schedule::new(7, 50, 3, passing());
    let fake = service(1);
    let caller = Caller::new(&fake, "AKIATEST");
    caller.page(GROUP, "", None).unwrap();
    let call = fake.calls("FilterLogEvents").remove(0);
    let mut drawn = vec![Vec::new(); 40];
    for question in order {
        let call = Call {
            position: Some(question),
            attempt: drawn[question].len(),
            ..call.clone()
        };
        drawn[question].push(schedule.trouble(&call).map(|t| format!("{t:?}")));
    }
    drawn
}

#[test]
fn what_a_schedule_does_depends_on_the_question_alone_and_ends() {
    let in_turn = drawn((0..40).flat_map(|question| [question; 5]));
    let mixed = drawn((0..200).map(|n| 39 - n % 40));
    assert_eq!(in_turn, mixed);
    let disturbed = in_turn.iter().filter(|tries| tries[0].is_some()).count();
    assert!((10..30).contains(&disturbed), "{disturbed} of 40");
    assert!(
        in_turn
            .iter()
            .all(|tries| tries[3].is_none() && tries[4].is_none())
    );
    assert!(in_turn.iter().any(|tries| tries[2].is_some()));
}

#[test]
fn a_quota_is_of_one_account_region_and_operation() {
    let fake = service(1);
    fake.add(Group::new(REGION, GROUP).account(OTHER));
    // Nobody waits for the second call of 12 days.
    fake.quota("FilterLogEvents", 1e-6);
    let own = Caller::new(&fake, "AKIATEST");
    let other = Caller::new(&fake, &format!("AKIA{OTHER}"));
    assert!(own.page(GROUP, "", None).is_ok());
    assert_eq!(
        own.page(GROUP, "", None),
        Err("ThrottlingException".to_owned())
    );
    assert!(other.page(GROUP, "", None).is_ok());
    assert_eq!(own.groups(false, None).len(), 1);
    assert_eq!(fake.summary().all().faults, 1);
}

#[test]
fn a_gate_holds_answers_back_and_a_broken_answer_is_no_page() {
    let fake = service(8);
    let gate = Gate::default();
    let held = gate.clone();
    fake.script(move |call| match call.position {
        None => Some(Trouble::Wait(held.clone())),
        Some(_) => Some(Trouble::CutBody),
    });
    let caller = Caller::new(&fake, "AKIATEST");
    let token = std::thread::scope(|scope| {
        let asked = scope.spawn(|| caller.page(GROUP, "", None).unwrap().1);
        while fake.log().is_empty() {
            std::thread::yield_now();
        }
        assert!(!fake.log()[0].is_page());
        gate.open();
        asked.join().unwrap()
    });
    assert!(caller.page(GROUP, "", token.as_deref()).is_err());
    let log = fake.log();
    assert_eq!(
        log.iter()
            .map(|e| (e.is_page(), e.is_fault()))
            .collect::<Vec<_>>(),
        [(true, false), (false, true)]
    );
    assert_eq!((log[0].page, log[0].events), ((0, 4), 4));
}

#[test]
fn the_service_has_a_clock_of_its_own() {
    let fake = service(1);
    let ask = || {
        let mut stream = TcpStream::connect(fake.url().trim_start_matches("http://")).unwrap();
        let request = "POST / HTTP/1.1\r\nX-Amz-Target: Logs_20140328.DescribeLogGroups\r\nContent-Length: 2\r\n\r\n{}";
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(!ask().contains("Date:"));
    fake.clock_at(FROM);
    let answer = ask();
    assert!(
        answer.contains("Date: Thu, 09 Oct 2025 08:53:20 GMT\r\n"),
        "{answer}"
    );
}
