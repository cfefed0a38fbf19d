//! The time grammar, as a table: what is typed, seen from where, means when.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use chrono_tz::Tz;
use lastseen::config::overrides::Overrides;
use lastseen::config::period::window;
use lastseen::config::{duration, when, zone};
use lastseen::domain::show;
use lastseen::domain::time::{Span, Timestamp};
use proptest::prelude::*;

/// 2026-11-22T03:00:00Z, a Sunday: 04:00 in Berlin, 22:00 the day before in New York.
const NOW: &str = "2026-11-22T03:00:00Z";

fn at(rfc3339: &str) -> Timestamp {
    let time = chrono::DateTime::parse_from_rfc3339(rfc3339).unwrap();
    Timestamp(time.timestamp_millis())
}

fn check(now: &str, local: Tz, rows: &[(&str, &str)]) {
    for (typed, meant) in rows {
        let found = when::parse(typed, at(now), local);
        assert_eq!(found, Ok(at(meant)), "{typed:?} from {now} in {local}");
    }
}

#[test]
fn times_that_say_everything() {
    let rows = [
        ("2026-11-22T02:10:00Z", "2026-11-22T02:10:00Z"),
        ("2026-11-22t02:10:00z", "2026-11-22T02:10:00Z"),
        ("2026-11-22T02:10:00.123Z", "2026-11-22T02:10:00.123Z"),
        ("2026-11-22T02:10:00,123Z", "2026-11-22T02:10:00.123Z"),
        ("2026-11-22T02:10:00+01:00", "2026-11-22T01:10:00Z"),
        ("2026-11-22T02:10:00-0530", "2026-11-22T07:40:00Z"),
        ("2026-11-22T02:10+01", "2026-11-22T01:10:00Z"),
        ("2026-11-22 02:10:00 +01:00", "2026-11-22T01:10:00Z"),
        ("2026-11-22 02:10 UTC", "2026-11-22T02:10:00Z"),
        ("2026-11-22 02:10 gmt", "2026-11-22T02:10:00Z"),
        ("2026-11-22 02:10 Europe/Berlin", "2026-11-22T01:10:00Z"),
        ("2026-07-22 02:10 europe/berlin", "2026-07-22T00:10:00Z"),
        ("2026-11-22T02:10 America/New_York", "2026-11-22T07:10:00Z"),
        ("2026-11-22 Asia/Kolkata", "2026-11-21T18:30:00Z"),
        ("1773458400", "2026-03-14T03:20:00Z"),
        ("1773458400123", "2026-03-14T03:20:00.123Z"),
    ];
    // They mean the same wherever they are typed.
    for local in [Tz::UTC, Tz::Europe__Berlin, Tz::America__New_York] {
        check(NOW, local, &rows);
    }
}

#[test]
fn times_that_leave_the_zone_open() {
    check(
        NOW,
        Tz::Europe__Berlin,
        &[
            ("2026-11-22T02:10", "2026-11-22T01:10:00Z"),
            ("2026-11-22T02:10:05", "2026-11-22T01:10:05Z"),
            ("2026-11-22T02:10:05.5", "2026-11-22T01:10:05.500Z"),
            ("2026-11-22 02:10", "2026-11-22T01:10:00Z"),
            ("2026-11-22", "2026-11-21T23:00:00Z"),
            ("today", "2026-11-21T23:00:00Z"),
            ("today 02:00", "2026-11-22T01:00:00Z"),
            ("yesterday", "2026-11-20T23:00:00Z"),
            ("Yesterday 22:00", "2026-11-21T21:00:00Z"),
            ("yesterday 22:00 UTC", "2026-11-21T22:00:00Z"),
            ("  yesterday   22:00  ", "2026-11-21T21:00:00Z"),
        ],
    );
    // The day is the day over there: in New York it is still the 21st.
    check(
        NOW,
        Tz::UTC,
        &[
            ("today 02:00 America/New_York", "2026-11-21T07:00:00Z"),
            ("yesterday America/New_York", "2026-11-20T05:00:00Z"),
        ],
    );
}

#[test]
fn a_clock_alone_is_the_latest_that_is_not_in_the_future() {
    check(
        NOW,
        Tz::UTC,
        &[
            ("02:10", "2026-11-22T02:10:00Z"),
            ("2:10", "2026-11-22T02:10:00Z"),
            ("03:00", "2026-11-22T03:00:00Z"),
            ("03:00:00.001", "2026-11-21T03:00:00.001Z"),
            ("03:01", "2026-11-21T03:01:00Z"),
            ("23:59:59", "2026-11-21T23:59:59Z"),
            ("02:10Z", "2026-11-22T02:10:00Z"),
            ("03:30 +01:00", "2026-11-22T02:30:00Z"),
            ("04:30 Europe/Berlin", "2026-11-21T03:30:00Z"),
        ],
    );
}

#[test]
fn relative_times_look_back() {
    for local in [Tz::UTC, Tz::Pacific__Apia] {
        check(
            NOW,
            local,
            &[
                ("now", NOW),
                ("NOW", NOW),
                ("2h", "2026-11-22T01:00:00Z"),
                ("-2h", "2026-11-22T01:00:00Z"),
                ("2h ago", "2026-11-22T01:00:00Z"),
                ("90m", "2026-11-22T01:30:00Z"),
                ("-90m", "2026-11-22T01:30:00Z"),
                ("1h30m", "2026-11-22T01:30:00Z"),
                ("1h 30m ago", "2026-11-22T01:30:00Z"),
                ("2d", "2026-11-20T03:00:00Z"),
                ("45s", "2026-11-22T02:59:15Z"),
                ("now-15m", "2026-11-22T02:45:00Z"),
                ("now - 15m", "2026-11-22T02:45:00Z"),
                ("now+1h", "2026-11-22T04:00:00Z"),
            ],
        );
    }
}

#[test]
fn a_skipped_time_is_the_first_moment_after_the_gap() {
    // Berlin, 2026-03-29: 02:00 becomes 03:00 at 01:00Z.
    check(
        "2026-03-30T12:00:00Z",
        Tz::Europe__Berlin,
        &[
            ("2026-03-29 01:59", "2026-03-29T00:59:00Z"),
            ("2026-03-29 02:00", "2026-03-29T01:00:00Z"),
            ("2026-03-29 02:30", "2026-03-29T01:00:00Z"),
            ("2026-03-29 02:30:15.250", "2026-03-29T01:00:00Z"),
            ("2026-03-29 03:00", "2026-03-29T01:00:00Z"),
        ],
    );
    // Samoa left out the whole of 2011-12-30.
    check(
        "2012-01-02T12:00:00Z",
        Tz::Pacific__Apia,
        &[("2011-12-30 00:00", "2011-12-30T10:00:00Z")],
    );
}

#[test]
fn a_repeated_time_is_the_earlier() {
    // Berlin, 2026-10-25: 03:00 becomes 02:00 at 01:00Z.
    check(
        "2026-10-26T12:00:00Z",
        Tz::Europe__Berlin,
        &[
            ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
            ("2026-10-25 03:00", "2026-10-25T02:00:00Z"),
            ("2026-10-25 02:30 +01:00", "2026-10-25T01:30:00Z"),
        ],
    );
    // While it happens: the later 02:30 is still to come, the earlier has been.
    check(
        "2026-10-25T01:10:00Z",
        Tz::Europe__Berlin,
        &[("02:30", "2026-10-25T00:30:00Z")],
    );
}

#[test]
fn what_is_not_understood_to_the_end_is_refused() {
    let rows = [
        ("", "is not a time"),
        ("soon", "is not a time"),
        ("now now", "is not a time"),
        ("nowish", "is not a time"),
        ("now-", "is empty"),
        ("now-15", "has no unit"),
        ("2026", "number without a unit"),
        ("20261122", "number without a unit"),
        ("30", "number without a unit"),
        ("2026-13-01", "is not a time"),
        ("2026-02-30", "is not a time"),
        ("26-11-22", "is not a time"),
        ("2026-11-22 25:00", "is not a time"),
        ("2026-11-22 24:00", "is not a time"),
        ("2026-11-22 02:60", "is not a time"),
        ("2026-11-22 02:10:60", "is not a time"),
        ("2026-11-22 02:1", "is not a time"),
        ("2026-11-22 2", "is not a time"),
        ("02:10:00:00", "is not a time"),
        ("02:10 UTC UTC", "is not a time"),
        ("02:10Z UTC", "is not a time"),
        ("UTC", "is not a time"),
        ("2026-11-22T", "is not a time"),
        ("2026-11-22 02:10 CET", "abbreviation"),
        ("02:10 IST", "abbreviation"),
        ("02:10 Europe/Berln", "not a known time zone"),
        ("02:10 +25:00", "not an offset"),
        ("02:10 +1", "not an offset"),
        ("+2h", "in the future"),
        ("99999d", "outside the years"),
        ("1969-12-31", "outside the years"),
        ("2x", "is not a duration"),
        ("30m1h", "is not a duration"),
        ("99999999999999999999h", "is not a duration"),
        ("9999999999999999h", "is too long"),
        ("\u{1b}[31m", "is not a time"),
        ("２h", "is not a time"),
        ("2026-11-22T02:10é", "not a known time zone"),
    ];
    for (typed, why) in rows {
        let error = when::parse(typed, at(NOW), Tz::UTC).expect_err(typed);
        assert!(error.message.contains(why), "{typed:?}: {}", error.message);
        assert!(!error.help.is_empty(), "{typed:?} has no remedy");
    }
}

#[test]
fn zones_are_named_by_place() {
    assert_eq!(zone::parse("Europe/Berlin"), Ok(Tz::Europe__Berlin));
    assert_eq!(zone::parse("america/new_york"), Ok(Tz::America__New_York));
    assert_eq!(zone::parse("utc"), Ok(Tz::UTC));
    assert_eq!(
        zone::parse("New York").unwrap_err().1,
        "did you mean America/New_York?"
    );
    assert_eq!(
        zone::parse("Europe/Munich").unwrap_err().0,
        "`Europe/Munich` is not a known time zone"
    );
    assert!(zone::parse("EST").unwrap_err().0.contains("abbreviation"));
    assert!(zone::parse("").is_err());
}

#[test]
fn durations_are_read_and_shown() {
    let rows = [
        ("250ms", 250, "250ms"),
        ("30s", 30_000, "30s"),
        ("1s500ms", 1_500, "1.5s"),
        ("5m", 300_000, "5m"),
        ("5min", 300_000, "5m"),
        ("90m", 5_400_000, "1h30m"),
        ("1h30m", 5_400_000, "1h30m"),
        ("2d", 172_800_000, "2d"),
        ("1d1h", 90_000_000, "1d1h"),
        ("0s", 0, "0ms"),
    ];
    for (typed, millis, shown) in rows {
        assert_eq!(duration::parse(typed), Ok(millis), "{typed}");
        assert_eq!(show::duration(millis), shown, "{typed}");
    }
    for typed in [
        "", "s", "30", "-30s", "1.5h", "1h 30m", "30S", "1s1s", "1h2d",
    ] {
        assert!(duration::parse(typed).is_err(), "{typed:?}");
    }
    assert_eq!(show::count(0), "0");
    assert_eq!(show::count(999), "999");
    assert_eq!(show::count(1_000), "1,000");
    assert_eq!(show::count(10_240_312), "10,240,312");
    assert_eq!(show::percent(312, 10_240), "3.0 %");
    assert_eq!(show::percent(1, 100_000), "<0.1 %");
    assert_eq!(show::percent(99_999, 100_000), ">99.9 %");
    assert_eq!(show::percent(0, 0), "-");
}

fn typed(since: &str, from: &str, to: &str) -> Overrides {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Overrides {
        since: given(since),
        from: given(from),
        to: given(to),
        now: at(NOW),
        ..Overrides::default()
    }
}

#[test]
fn the_window_follows_from_the_flags() {
    let span = |from: &str, to: &str| {
        Some(Span {
            from: at(from),
            to: at(to),
        })
    };
    let window = |since, from, to, cloud| window(&typed(since, from, to), Tz::UTC, cloud).unwrap();
    assert_eq!(window("", "", "", false), None);
    assert_eq!(window("", "", "", true), span("2026-11-22T02:00:00Z", NOW));
    assert_eq!(
        window("2h", "", "", false),
        span("2026-11-22T01:00:00Z", NOW)
    );
    assert_eq!(
        window("", "yesterday 22:00", "02:00", true),
        span("2026-11-21T22:00:00Z", "2026-11-22T02:00:00Z")
    );
    assert_eq!(
        window("", "02:00", "", false),
        span("2026-11-22T02:00:00Z", NOW)
    );
    assert_eq!(
        window("", "", "02:00", true),
        span("2026-11-22T01:00:00Z", "2026-11-22T02:00:00Z")
    );
    let open = window("", "", "02:00", false).unwrap();
    assert_eq!(
        (open.from, open.to),
        (Timestamp::MIN, at("2026-11-22T02:00:00Z"))
    );
    // A moment is a window too.
    assert_eq!(
        window("", "02:00", "02:00", true),
        span("2026-11-22T02:00:00Z", "2026-11-22T02:00:00Z")
    );
}

#[test]
fn what_is_followed_has_no_end_but_the_one_that_is_asked_for() {
    let mut flags = typed("2h", "", "");
    flags.follow = true;
    for cloud in [false, true] {
        let open = window(&flags, Tz::UTC, cloud).unwrap().unwrap();
        assert_eq!(open.to, Timestamp::MAX);
    }
    flags.since = None;
    let hour = window(&flags, Tz::UTC, true).unwrap().unwrap();
    assert_eq!(
        (hour.from, hour.to),
        (at(NOW).plus(-3_600_000), Timestamp::MAX)
    );
    flags.to = Some("today 23:00".into());
    let ends = window(&flags, Tz::UTC, true).unwrap().unwrap();
    assert_eq!(ends.to, at("2026-11-22T23:00:00Z"));
    flags.to = Some("02:00".into());
    let over = window(&flags, Tz::UTC, true).unwrap_err();
    let said = over[0].to_string();
    assert!(
        said.contains("is over, and --follow goes on from now"),
        "{said}"
    );
}

#[test]
fn a_window_that_ends_before_it_begins_shows_both_ends() {
    let errors = window(&typed("", "02:50", "02:10"), Tz::Europe__Berlin, true).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(
        errors[0].to_string(),
        "--from: the window ends before it begins: --from is 2026-11-22 02:50:00 CET (+01:00), --to is 2026-11-22 02:10:00 CET (+01:00)"
    );
    assert!(errors[0].help.as_ref().unwrap().contains("yesterday 22:00"));
    let future = window(&typed("", "2026-12-01", ""), Tz::UTC, true).unwrap_err();
    assert!(
        future[0].message.contains("now is 2026-11-22 03:00:00 UTC"),
        "{}",
        future[0]
    );
}

#[test]
fn every_wrong_time_is_told() {
    let errors = window(&typed("soon", "later", "never"), Tz::UTC, true).unwrap_err();
    let flags: Vec<&str> = errors.iter().map(|e| e.key.as_str()).collect();
    assert_eq!(flags, ["--since", "--from", "--to", "--since"]);
    let both = window(&typed("2h", "02:00", ""), Tz::UTC, true).unwrap_err();
    assert_eq!(
        both[0].to_string(),
        "--since: cannot be used together with --from"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed is understood or refused, without a panic and with a remedy.
    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,24}", digits in "[-+0-9TZ:. hmsdnow/]{0,20}") {
        for typed in [text, digits] {
            for local in [Tz::UTC, Tz::Pacific__Apia] {
                if let Err(error) = when::parse(&typed, at(NOW), local) {
                    prop_assert!(!error.help.is_empty());
                }
            }
            let _either = duration::parse(&typed);
            let _either = zone::parse(&typed);
        }
    }
}
