//! What each format of input becomes, and what hostile forms of it do not.

use lastseen::domain::feed::RejectReason;

use super::support::{Seen, decode, seen};

const T: i64 = 1_763_800_000_000;

#[test]
fn objects_of_cloudwatch() {
    let table: Vec<(&str, Vec<Seen>)> = vec![
        (
            r#"{"timestamp":1763800000000,"ingestionTime":1763800000500,"logStreamName":"a/b","message":"plain","eventId":"1"}"#,
            vec![seen(T, "plain", "a/b")],
        ),
        (
            r#"{ "eventId" : "1" , "message" : "{\"id\": \"x\"}" , "timestamp" : 1763800000000 , "logStreamName" : "s" }"#,
            vec![seen(T, r#"{"id": "x"}"#, "s")],
        ),
        (
            r#"{"timestamp":1763800000000,"message":"only these two"}"#,
            vec![seen(T, "only these two", "")],
        ),
        (
            r#"{"timestamp":5,"ingestionTime":6,"message":"milliseconds, however few"}"#,
            vec![seen(5, "milliseconds, however few", "")],
        ),
        (
            r#"{"timestamp":1763800000000,"ingestionTime":1,"message":"a\n\tb \\ \/ \u00e9 \ud83d\ude00 \ud83d."}"#,
            vec![seen(T, "a\n\tb \\ / é 😀 \u{FFFD}.", "")],
        ),
        (
            r#"{"timestamp":1763800000000,"logStreamName":"a\"b","message":"","region":"eu","nested":{"message":"no","timestamp":1}}"#,
            vec![seen(T, "", "a\"b")],
        ),
        (
            r#"{"m\u0065ssage":"an escaped key","timestamp":1763800000000}"#,
            vec![seen(T, "an escaped key", "")],
        ),
        (
            r#"{"timestamp":1763800000000,"message":"one"}{"timestamp":1763800000001,"message":"two"} {"timestamp":1763800000002,"message":"three"}"#,
            vec![
                seen(T, "one", ""),
                seen(T + 1, "two", ""),
                seen(T + 2, "three", ""),
            ],
        ),
    ];
    for (text, expected) in table {
        let outcome = decode(text);
        assert_eq!(outcome.events, expected, "{text}");
        assert_eq!(outcome.rejected(), 0, "{text}");
    }
}

#[test]
fn lines_of_services_keep_their_whole_text() {
    let table = [
        (r#"{"time":"2025-11-22T08:26:40Z","msg":"up"}"#, T),
        (
            r#"{"@timestamp":"2025-11-22T08:26:40.000Z","message":"up"}"#,
            T,
        ),
        (r#"{"ts":1763800000.5,"msg":"up"}"#, T + 500),
        (r#"{"ts":"1763800000123","msg":"up"}"#, T + 123),
        (r#"{"@t":"2025-11-22T08:26:40.0000000Z","@m":"up"}"#, T),
        (r#"{"eventTime":"2025-11-22T10:26:40+02:00","x":1}"#, T),
        (
            r#"{"event_timestamp":"2025-11-22T10:26:40+02:00","x":1}"#,
            T,
        ),
        (r#"{"time:timestamp":"2025-11-22T10:26:40+02:00","x":1}"#, T),
        (r#"{"asctime":"2025-11-22 08:26:40,007","x":1}"#, T + 7),
        (r#"{"level":"info","date":"2025-11-22 08:26:40"}"#, T),
        (r#"{"date":"2025-11-22","time":"soon","ts":1763800000}"#, T),
        (
            r#"{"timestamp":1763800000000,"message":"up","order":"x"}"#,
            T,
        ),
        (
            r#"{"timestamp":"2025-11-22T08:26:40Z","level":"info","message":"say \"hi\""}"#,
            T,
        ),
        (r#"{"timestamp":1763800000000000000,"level":"info"}"#, T),
        (
            r#"{"time":"2025-11-22T08:26:40Z","time":"2025-11-22T08:26:41Z"}"#,
            T,
        ),
    ];
    for (text, time) in table {
        assert_eq!(decode(text).events, vec![seen(time, text, "")], "{text}");
    }
}

#[test]
fn what_is_no_event_is_counted_with_its_reason() {
    let table = [
        ("{", RejectReason::BadJson),
        (
            r#"{"timestamp":1763800000000,"message":"cut"#,
            RejectReason::BadJson,
        ),
        (
            r#"{"timestamp":1763800000000,"message":"bad \x escape"}"#,
            RejectReason::BadJson,
        ),
        (
            r#"{"timestamp":1763800000000,"message":"more"} behind"#,
            RejectReason::BadJson,
        ),
        (
            r#"{"timestamp":1763800000000,"message":"x","a":[}]}"#,
            RejectReason::BadJson,
        ),
        (
            r#"{"timestamp":1763800000000 "message":"x"}"#,
            RejectReason::BadJson,
        ),
        ("{}", RejectReason::NotAnEvent),
        (r#"{"level":"info"}"#, RejectReason::NotAnEvent),
        (
            r#"{"message":"no time","logStreamName":"s"}"#,
            RejectReason::NotAnEvent,
        ),
        (
            r#"{"timestamp":"yesterday","message":"x"}"#,
            RejectReason::NotAnEvent,
        ),
        (
            r#"{"timestamp":1763800000000,"message":"a","message":"b"}"#,
            RejectReason::NotAnEvent,
        ),
        (
            r#"{"timestamp":1763800000000,"message":"a","timestamp":1,"eventId":"1"}"#,
            RejectReason::NotAnEvent,
        ),
        (
            r#"{"timestamp":-1,"message":"before 1970"}"#,
            RejectReason::BadTimestamp,
        ),
        (
            r#"{"timestamp":253402300800000,"ingestionTime":1,"message":"the year 10000"}"#,
            RejectReason::BadTimestamp,
        ),
        ("no timestamp at all", RejectReason::NoTimestamp),
        (
            "0001-01-01T00:00:00Z a zero time",
            RejectReason::BadTimestamp,
        ),
    ];
    for (text, reason) in table {
        // The line before it is an event; a bad line must not take it along.
        let before = r#"{"timestamp":1763800000000,"message":"good"}"#;
        let outcome = decode(format!("{before}\n{text}\n{before}\n"));
        assert_eq!(outcome.texts(), ["good", "good"], "{text}");
        assert_eq!(outcome.rejects.get(&reason), Some(&(1, 2)), "{text}");
        assert_eq!(outcome.rejected(), 1, "{text}");
    }
}

#[test]
fn nesting_cannot_forge_the_envelope() {
    let forged = r#"{"a":{"timestamp":1,"message":"forged"},"b":"\",\"message\":\"forged\"","timestamp":1763800000000,"message":"true","eventId":"1"}"#;
    assert_eq!(decode(forged).events, vec![seen(T, "true", "")]);
    let deep = format!(
        r#"{{"timestamp":1763800000000,"eventId":"1","message":"x","a":{}1{}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    // However deep: a payload is passed over, and does not cost its event.
    assert_eq!(decode(deep).events, vec![seen(T, "x", "")]);
}

#[test]
fn pages_of_events() {
    let pretty = r#"{
    "events": [
        {
            "logStreamName": "s1",
            "timestamp": 1763800000000,
            "message": "one {\"a\": 1}",
            "ingestionTime": 1763800000001,
            "eventId": "1"
        },
        {
            "logStreamName": "s2",
            "timestamp": 1763800000001,
            "message": "two",
            "ingestionTime": 1763800000001,
            "eventId": "2"
        }
    ],
    "searchedLogStreams": [],
    "nextToken": "x]}"
}
"#;
    let compact = r#"{"events":[{"timestamp":1763800000000,"message":"one {\"a\": 1}","logStreamName":"s1"},{"timestamp":1763800000001,"message":"two","logStreamName":"s2"}],"nextForwardToken":"f/1"}"#;
    let payload = r#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"/g","logStream":"s1","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1763800000000,"message":"one {\"a\": 1}"},{"id":"2","timestamp":1763800000001,"message":"two","logStreamName":"s2"}]}"#;
    let array = "[\n  {\"timestamp\":1763800000000,\"message\":\"one {\\\"a\\\": 1}\",\"logStreamName\":\"s1\"},\n  {\"timestamp\":1763800000001,\"message\":\"two\",\"logStreamName\":\"s2\"}\n]\n";
    let bare = "{\n \"timestamp\": 1763800000000,\n \"message\": \"one {\\\"a\\\": 1}\", \"logStreamName\":\"s1\"\n}\n{\n \"timestamp\": 1763800000001,\n \"message\": \"two\", \"logStreamName\":\"s2\"\n}\n";
    let expected = vec![seen(T, r#"one {"a": 1}"#, "s1"), seen(T + 1, "two", "s2")];
    for text in [pretty, compact, payload, array, bare] {
        let outcome = decode(text);
        assert_eq!(outcome.events, expected, "{text}");
        assert_eq!(outcome.rejected(), 0, "{text}");
    }
    // Several behind each other, with and without a line between, and other formats around.
    let mixed = format!(
        "{pretty}{pretty}{compact}\n{payload}{payload}\n2025-11-22T08:26:40Z\tplain\n{pretty}{}\n",
        r#"{"timestamp":1763800000000,"message":"last"}"#
    );
    let outcome = decode(mixed);
    let mut all: Vec<Seen> = (0..5).flat_map(|_| expected.clone()).collect();
    all.push(seen(T, "2025-11-22T08:26:40Z\tplain", ""));
    all.extend(expected.clone());
    all.push(seen(T, "last", ""));
    assert_eq!(outcome.events, all);
    assert_eq!(outcome.rejected(), 0);
}

#[test]
fn a_bad_element_of_a_page_goes_alone() {
    let good = r#"{"timestamp":1763800000000,"message":"good"}"#;
    let table = [
        (r#"{"timestamp":1,"message":"\x"}"#, RejectReason::BadJson),
        (r#"{"timestamp" 1,"message":"x"}"#, RejectReason::BadJson),
        ("5", RejectReason::NotAnEvent),
        (r#""text""#, RejectReason::NotAnEvent),
    ];
    for (bad, reason) in table {
        let compact = format!("{{\"events\":[{good},{bad},{good}]}}");
        let outcome = decode(&compact);
        assert_eq!(outcome.texts(), ["good", "good"], "{compact}");
        assert_eq!(outcome.rejects[&reason].0, 1, "{compact}");
        assert_eq!(outcome.rejected(), 1, "{compact}");
    }
    let tall = format!(
        "{{\n\"events\":[\n{good},\n{},\n{good}\n]\n}}\n",
        table[0].0
    );
    let outcome = decode(&tall);
    assert_eq!(outcome.texts(), ["good", "good"]);
    assert_eq!(outcome.rejects[&RejectReason::BadJson].0, 1);
}

#[test]
fn control_messages_and_empty_pages_are_nothing() {
    let outcome = decode("{\"events\": [],\n \"searchedLogStreams\": []\n}\n{\"events\":[]}\n");
    assert_eq!((outcome.events.len(), outcome.rejected()), (0, 0));
}

#[test]
fn an_event_that_bears_an_array_of_events_is_no_page() {
    let lines = [
        r#"{"time":"2025-11-22T08:26:40Z","event":"done","messageId":"X","events":[]}"#,
        r#"{"events":[{"timestamp":1,"message":"done job=B"}],"ts":1763800000}"#,
        r#"{"timestamp":1763800000000,"level":"info","logEvents":[{"timestamp":1,"message":"b"}]}"#,
        "{\n \"time\": \"2025-11-22T08:26:40Z\",\n \"events\": [{\"timestamp\":1,\"message\":\"b\"}]\n}",
    ];
    for line in lines {
        let outcome = decode(line);
        assert_eq!(outcome.events, vec![seen(T, line, "")], "{line}");
        assert_eq!(outcome.rejected(), 0, "{line}");
    }
    let outcome = decode(r#"{"message":"x","events":[{"timestamp":1,"message":"b"}]}"#);
    assert_eq!((outcome.events.len(), outcome.rejected()), (0, 1));
}

#[test]
fn exports_to_s3_lose_the_time_that_was_put_before_the_message() {
    let outcome = decode(
        "2025-11-22T08:26:40.000Z {\"id\":\"x\"}\n2025-11-22T08:26:40.001Z first\n  second\n\n",
    );
    assert_eq!(
        outcome.events,
        vec![
            seen(T, r#"{"id":"x"}"#, ""),
            seen(T + 1, "first\n  second", "")
        ]
    );
}

#[test]
fn several_formats_in_one_file() {
    let lines = [
        r#"{"timestamp":1763800000000,"message":"a"}"#,
        "2025-11-22 08:26:40,000 INFO b",
        "Nov 22 08:26:40 host c",
        "1763800000 d",
        r#"10.0.0.1 - - [22/Nov/2025:08:26:40 +0000] "GET /e""#,
        "time=2025-11-22T08:26:40Z msg=f",
        r#"{"ts":1763800000,"msg":"g"}"#,
        "2025/11/22 08:26:40.000000 h",
    ];
    let outcome = decode(lines.join("\n"));
    assert_eq!(outcome.events.len(), lines.len());
    assert!(outcome.events.iter().all(|event| event.time == T));
    assert_eq!(outcome.rejected() + outcome.continued, 0);
}

#[test]
fn what_a_container_wrote_may_bear_the_only_time() {
    let line = |log: &str| format!(r#"{{"container_name":"api","log":"{log}","source":"stdout"}}"#);
    let first = line("2025-11-22T08:26:40.000Z ERROR 1 --- [main] a.Api : quote 7 failed");
    let trace = line("java.lang.IllegalStateException: closed");
    let next = line("[2025-11-22 08:26:41,500] INFO quote 8 taken");
    let outcome = decode(format!("{trace}\n{first}\n{trace}\n{{\"a\":1}}\n{next}\n"));
    assert_eq!(
        outcome.events,
        vec![
            seen(T, &first, ""),
            // What has no time was written with what stands before it.
            seen(T, &trace, ""),
            seen(T + 1500, &next, ""),
        ]
    );
    assert_eq!(outcome.rejects[&RejectReason::NotAnEvent], (2, 1));
}
