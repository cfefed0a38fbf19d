//! Every notation of time, and numbers that are none.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono_tz::Tz;
use lastseen::domain::time::Timestamp;
use lastseen::sources::files::calendar::Assumed;
use lastseen::sources::files::stamp::{Stamp, Stamps};

use super::support::WRITTEN;

fn stamps(timezone: Option<Tz>, year: Option<i32>) -> Stamps {
    Stamps::new(Assumed {
        timezone,
        year,
        written: Some(Timestamp(WRITTEN)),
        ..Assumed::default()
    })
}

fn millis(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text)
        .unwrap()
        .timestamp_millis()
}

#[test]
fn notations_of_lines() {
    let table = [
        ("2024-01-01T10:00:00Z up", "2024-01-01T10:00:00Z"),
        ("2024-01-01T10:00:00.123Z up", "2024-01-01T10:00:00.123Z"),
        ("2024-01-01T10:00:00.123456789Z", "2024-01-01T10:00:00.123Z"),
        ("2024-01-01T10:00:00+02:00 up", "2024-01-01T08:00:00Z"),
        ("2024-01-01T10:00:00-0330 up", "2024-01-01T13:30:00Z"),
        ("2024-01-01 10:00:00 up", "2024-01-01T10:00:00Z"),
        (
            "2024-01-01 10:00:00,123 INFO up",
            "2024-01-01T10:00:00.123Z",
        ),
        ("2024-01-01 10:00:00.5 INFO up", "2024-01-01T10:00:00.500Z"),
        ("2024-01-01 10:00:00 +0200 up", "2024-01-01T08:00:00Z"),
        (
            "2024-01-01 10:00:00.25 UTC [1] LOG",
            "2024-01-01T10:00:00.250Z",
        ),
        ("2024-01-01 10:00:00 -5 is low", "2024-01-01T10:00:00Z"),
        ("[2024-01-01T10:00:00.123Z] up", "2024-01-01T10:00:00.123Z"),
        ("(2024-01-01 10:00:00) up", "2024-01-01T10:00:00Z"),
        ("INFO 2024-01-01 10:00:00 up", "2024-01-01T10:00:00Z"),
        // multilog, as qmail writes: 2^62 + 10 seconds stand for 1970.
        (
            "@4000000065928d2a1dcd6500 new msg 1",
            "2024-01-01T10:00:00.500Z",
        ),
        (
            "[INFO]\t2024-01-01T10:00:00.123Z\tid",
            "2024-01-01T10:00:00.123Z",
        ),
        (
            "WARN [main] 2024-01-01 10:00:00,001 up",
            "2024-01-01T10:00:00.001Z",
        ),
        ("ERROR: 2024-01-01 10:00:00 up", "2024-01-01T10:00:00Z"),
        (
            "2024/01/01 10:00:00.123456 main.go:1: up",
            "2024-01-01T10:00:00.123Z",
        ),
        ("2024/01/01 10:00:00 up", "2024-01-01T10:00:00Z"),
        ("20240101T100000Z up", "2024-01-01T10:00:00Z"),
        ("Nov  5 10:00:00 host sshd[1]: up", "2025-11-05T10:00:00Z"),
        ("Nov 22 10:00:00 host up", "2025-11-22T10:00:00Z"),
        ("Dec 31 23:59:59 host up", "2024-12-31T23:59:59Z"),
        ("Nov 24 10:00:00 host up", "2024-11-24T10:00:00Z"),
        ("Feb 29 10:00:00 host up", "2024-02-29T10:00:00Z"),
        ("Nov  5 2023 10:00:00 host up", "2023-11-05T10:00:00Z"),
        ("<34>Oct 11 22:14:15 host su: up", "2025-10-11T22:14:15Z"),
        (
            "<165>1 2003-10-11T22:14:15.003Z host app - - up",
            "2003-10-11T22:14:15.003Z",
        ),
        (
            r#"127.0.0.1 - bob [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1"#,
            "2000-10-10T20:55:36Z",
        ),
        (
            "[Wed Oct 11 14:32:52.123456 2000] [core:error] up",
            "2000-10-11T14:32:52.123Z",
        ),
        ("Tue, 05 Nov 2024 10:00:00 GMT up", "2024-11-05T10:00:00Z"),
        (
            "05-Nov-2024 10:00:00.123 INFO [main] up",
            "2024-11-05T10:00:00.123Z",
        ),
        ("1704103200 up", "2024-01-01T10:00:00Z"),
        ("1704103200.123 up", "2024-01-01T10:00:00.123Z"),
        ("1704103200123 up", "2024-01-01T10:00:00.123Z"),
        ("1704103200123456 up", "2024-01-01T10:00:00.123Z"),
        ("1704103200123456789 up", "2024-01-01T10:00:00.123Z"),
        (
            "081109 203615 148 INFO dfs.DataNode: up",
            "2008-11-09T20:36:15Z",
        ),
        (
            "I1105 10:00:00.123456 1 main.go:1] up",
            "2025-11-05T10:00:00.123Z",
        ),
        (
            "time=2024-01-01T10:00:00Z level=info msg=up",
            "2024-01-01T10:00:00Z",
        ),
        (
            r#"level=info ts="2024-01-01 10:00:00" msg=up"#,
            "2024-01-01T10:00:00Z",
        ),
        (
            "level=info ts=1704103200.123 msg=up",
            "2024-01-01T10:00:00.123Z",
        ),
        (
            "9999-12-31T23:59:59.999Z the last",
            "9999-12-31T23:59:59.999Z",
        ),
        ("1970-01-01T00:00:00.000Z the first", "1970-01-01T00:00:00Z"),
    ];
    let mut stamps = stamps(None, None);
    for (line, expected) in table {
        let Stamp::At { time, .. } = stamps.line(line.as_bytes()) else {
            panic!("no timestamp in {line}");
        };
        assert_eq!(
            time.to_rfc3339(),
            Timestamp(millis(expected)).to_rfc3339(),
            "{line}"
        );
    }
}

#[test]
fn lines_without_a_timestamp() {
    let table = [
        "",
        "    at com.acme.Order.run(Order.java:2024)",
        "  2024-01-01 10:00:00 indented",
        "Caused by: java.io.IOException: 2024",
        "2024-01-01 only a date",
        "2024-13-01 10:00:00 no such month",
        "2023-02-29 10:00:00 no such day",
        "2024-01-01 25:00:00 no such hour",
        "1704103200items",
        "170410320 is nine digits",
        "9999999999999 is the year 2286",
        "8304-line dump",
        "@4000000065928d2a1dcd65 too short",
        "@4000000065928d2affffffff no such nanosecond",
        "@00000000650000000dcd6500 before all time",
        "12345678 10:00:00",
        "May the force",
        "timeout=30 retries=2",
        "Monday is here",
        "INFO starting",
        "time=soon",
        "userActivity: eventTime=261850718 flags=0x0",
        "D PowerManager: acquire time=1704103200",
        "level=info ts=261850718 msg=up",
    ];
    let mut stamps = stamps(None, None);
    for line in table {
        assert_eq!(stamps.line(line.as_bytes()), Stamp::None, "{line}");
    }
}

#[test]
fn times_out_of_range_are_bad_and_not_unread() {
    let mut stamps = stamps(None, None);
    assert_eq!(stamps.line(b"0001-01-01T00:00:00Z zero"), Stamp::Bad);
    assert_eq!(stamps.line(b"1969-12-31 23:59:59 before"), Stamp::Bad);
    assert_eq!(stamps.value(b"-1704103200"), Stamp::Bad);
}

#[test]
fn values() {
    let table = [
        ("1704103200", Some("2024-01-01T10:00:00Z")),
        ("1704103200.123", Some("2024-01-01T10:00:00.123Z")),
        ("1.704103200123e9", Some("2024-01-01T10:00:00.123Z")),
        ("1704103200123", Some("2024-01-01T10:00:00.123Z")),
        ("1704103200123456", Some("2024-01-01T10:00:00.123Z")),
        ("1704103200123456789", Some("2024-01-01T10:00:00.123Z")),
        ("2024-01-01T10:00:00Z", Some("2024-01-01T10:00:00Z")),
        ("2024-01-01 10:00:00,123", Some("2024-01-01T10:00:00.123Z")),
        ("2024-01-01", None),
        ("20240101", None),
        ("0.25", None),
        ("soon", None),
        ("2024-01-01T10:00:00Z and more", None),
        ("true", None),
    ];
    let mut stamps = stamps(None, None);
    for (value, expected) in table {
        let time = match stamps.value(value.as_bytes()) {
            Stamp::At { time, .. } => Some(time.0),
            _ => None,
        };
        assert_eq!(time, expected.map(millis), "{value}");
    }
}

#[test]
fn zone_year_and_the_turns_of_the_clock() {
    let berlin = Some(Tz::Europe__Berlin);
    let table = [
        (
            berlin,
            None,
            "2024-01-01 10:00:00 winter",
            "2024-01-01T09:00:00Z",
        ),
        (
            berlin,
            None,
            "2024-07-01 10:00:00 summer",
            "2024-07-01T08:00:00Z",
        ),
        (
            berlin,
            None,
            "2024-10-27 02:30:00 twice: the earlier",
            "2024-10-27T00:30:00Z",
        ),
        (
            berlin,
            None,
            "2024-03-31 02:30:00 never",
            "2024-03-31T01:30:00Z",
        ),
        (
            berlin,
            None,
            "2024-07-01 10:00:00Z says so itself",
            "2024-07-01T10:00:00Z",
        ),
        (
            berlin,
            None,
            "Nov  5 10:00:00 host up",
            "2025-11-05T09:00:00Z",
        ),
        (
            None,
            Some(2019),
            "Nov  5 10:00:00 host up",
            "2019-11-05T10:00:00Z",
        ),
        (
            None,
            Some(2019),
            "2024-01-01 10:00:00 has its year",
            "2024-01-01T10:00:00Z",
        ),
    ];
    for (zone, year, line, expected) in table {
        let found = stamps(zone, year).line(line.as_bytes());
        let Stamp::At { time, .. } = found else {
            panic!("no timestamp in {line}");
        };
        assert_eq!(time.0, millis(expected), "{line}");
    }
}

#[test]
fn the_new_year_is_between_the_lines() {
    let mut stamps = Stamps::new(Assumed {
        written: Some(Timestamp(millis("2025-01-02T00:00:00Z"))),
        ..Assumed::default()
    });
    let table = [
        ("Dec 31 23:59:59 host old", "2024-12-31T23:59:59Z"),
        ("Jan  1 00:00:01 host new", "2025-01-01T00:00:01Z"),
        ("Jan  3 00:00:00 host within a day", "2025-01-03T00:00:00Z"),
        ("Jan  3 00:00:01 host beyond it", "2024-01-03T00:00:01Z"),
    ];
    for (line, expected) in table {
        let Stamp::At { time, .. } = stamps.line(line.as_bytes()) else {
            panic!("no timestamp in {line}");
        };
        assert_eq!(time.0, millis(expected), "{line}");
    }
}

#[test]
fn what_is_appended_days_later_is_of_this_year() {
    let grown = Arc::new(AtomicI64::new(0));
    let mut stamps = Stamps::new(Assumed {
        written: Some(Timestamp(WRITTEN)),
        grown: Some(Arc::clone(&grown)),
        ..Assumed::default()
    });
    let mut year = || match stamps.line(b"Nov 25 10:00:00 host up") {
        Stamp::At { time, .. } => time.to_rfc3339(),
        other => panic!("{other:?}"),
    };
    assert_eq!(year(), "2024-11-25T10:00:00.000Z");
    grown.store(millis("2025-11-25T10:00:01Z"), Ordering::Relaxed);
    assert_eq!(year(), "2025-11-25T10:00:00.000Z");
}
