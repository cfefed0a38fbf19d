//! What a file tells as a whole: where its lines bear their time, in which order the numbers of a
//! date stand, and which year it was.

use std::time::{Duration, UNIX_EPOCH};

use lastseen::config::date_order::DateOrder;
use lastseen::config::plan::FilesPlan;
use lastseen::domain::feed::{End, FaultKind};
use lastseen::domain::time::Timestamp;

use super::support::{Folder, Report, assert_readable, read};

fn millis(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text)
        .unwrap()
        .timestamp_millis()
}

/// Reads a file that was last written at this time.
fn read_file(text: &str, written: &str, change: impl Fn(&mut FilesPlan)) -> Report {
    let folder = Folder::new();
    let path = folder.write("a.log", text);
    let file = std::fs::File::options().append(true).open(path).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_millis(millis(written) as u64))
        .unwrap();
    let mut plan = folder.plan("a.log");
    change(&mut plan);
    let (report, feed) = read(&[plan]);
    if !report.references.is_empty() {
        assert_readable(&report, &feed);
    }
    report
}

fn times(report: &Report) -> Vec<String> {
    let events = report.of("a.log").events;
    events
        .iter()
        .map(|event| Timestamp(event.time).to_rfc3339())
        .collect()
}

const JUNE: &str = "2024-06-01T00:00:00Z";

#[test]
fn where_the_lines_of_a_file_bear_their_time() {
    let table: &[(&str, &str)] = &[
        (
            "20240516|092605|0000004711|50|ORDERS05",
            "2024-05-16T09:26:05.000Z",
        ),
        // A name in front.
        (
            "api.log.1.2024-05-15_13:53:08 2024-05-16 09:26:05.008 25746 INFO up [req-1]",
            "2024-05-16T09:26:05.008Z",
        ),
        (
            "api-1     | 2024-05-16T09:26:05Z up",
            "2024-05-16T09:26:05.000Z",
        ),
        (
            "api-5d9c-x0 api 2024-05-16T09:26:05Z up",
            "2024-05-16T09:26:05.000Z",
        ),
        (
            "o-17|2024-05-16 09:26:05|app|up",
            "2024-05-16T09:26:05.000Z",
        ),
        (
            "1:M 16 May 2024 09:26:05.123 * up",
            "2024-05-16T09:26:05.123Z",
        ),
        (
            "I, [2024-05-16T09:26:05.123456 #7]  INFO -- : up",
            "2024-05-16T09:26:05.123Z",
        ),
        (
            "https 2024-05-16T09:26:05.123456Z app/lb 1 2",
            "2024-05-16T09:26:05.123Z",
        ),
        (
            "root 2024-05-16 09:26:05,123 INFO up",
            "2024-05-16T09:26:05.123Z",
        ),
        // Told by the line itself, but rarely thought of.
        (
            "Thu 2024-05-16 09:26:05 UTC host app[1]: up",
            "2024-05-16T09:26:05.000Z",
        ),
        ("INFO[2024-05-16T09:26:05Z] up", "2024-05-16T09:26:05.000Z"),
        ("2024-05-16\t09:26:05\tLHR62\t1", "2024-05-16T09:26:05.000Z"),
        ("May 16, 2024 @ 09:26:05.123 up", "2024-05-16T09:26:05.123Z"),
        // Numbers alone.
        ("16/05/2024 09:26:05 INFO up", "2024-05-16T09:26:05.000Z"),
        ("05/16/2024 09:26:05 INFO up", "2024-05-16T09:26:05.000Z"),
        (
            "16.05.2024 09:26:05,123 INFO up",
            "2024-05-16T09:26:05.123Z",
        ),
        ("5/16/2024 9:26:05 PM up", "2024-05-16T21:26:05.000Z"),
        ("5/16/2024, 12:26:05 AM - up", "2024-05-16T00:26:05.000Z"),
        ("16-05-24 09:26 up", "2024-05-16T09:26:00.000Z"),
        ("2024.5.16 9:26:05 up", "2024-05-16T09:26:05.000Z"),
        ("[05.16 09:26:05] app.exe - up", "2024-05-16T09:26:05.000Z"),
        (
            "05-16 09:26:05.811  1702  2395 D Tag: eventTime=261850718",
            "2024-05-16T09:26:05.811Z",
        ),
        ("20240516-9:26:5:44|Step|300|up", "2024-05-16T09:26:05.044Z"),
        ("20240516 09:26:05 up", "2024-05-16T09:26:05.000Z"),
        ("20240516092605123 up", "2024-05-16T09:26:05.123Z"),
        ("240516 09:26:05 12 [Note] up", "2024-05-16T09:26:05.000Z"),
    ];
    for (line, expected) in table {
        let report = read_file(&format!("{line}\n{line}\n"), JUNE, |_| {});
        assert_eq!(times(&report), [*expected, *expected], "{line}");
    }
}

#[test]
fn counted_seconds_need_company() {
    let lines = |begin: &str, from: i64, step: i64| -> String {
        let line = |n: i64| format!("{n} {begin} {} 1 up\n", from + n * step);
        (0..20).map(line).collect()
    };
    let report = read_file(&lines("node-7 unix.hw", 1_715_851_565, 60), JUNE, |_| {});
    assert_eq!(times(&report)[0], "2024-05-16T09:26:05.000Z");
    assert!(report.notes[0].contains("column 4"), "{:?}", report.notes);
    // In the future, or all of history at once, or only a few: they count something else.
    for text in [
        lines("order", 1_815_851_565, 60),
        lines("order", 1_015_851_565, 90_000_000),
        "a order 1715851565 1 up\nb order 1715851566 1 up\n".to_owned(),
    ] {
        assert_eq!(times(&read_file(&text, JUNE, |_| {})).len(), 0, "{text}");
    }
}

#[test]
fn a_layout_holds_for_nearly_all_lines_or_not_at_all() {
    let lines = |n| format!("order {n} 2024-05-16 09:26:05 is late\norder {n} is there\n");
    let text: String = (0..20).map(lines).collect();
    assert_eq!(times(&read_file(&text, JUNE, |_| {})).len(), 0);
    // What goes on in a line that begins with no time belongs to the line before.
    let text = "16.05.2024 09:26:05 ERROR x\njava.lang.E: y\n\tat Z\nCaused by: w\n";
    let report = read_file(text, JUNE, |_| {});
    assert_eq!(report.of("a.log").texts(), [text.trim_end()]);
}

#[test]
fn the_whole_file_settles_the_order_of_a_date() {
    let may = |n: u32| format!("{:02}/05/2024", 1 + n);
    let table: &[(&str, String, &str, &str)] = &[
        // A day above twelve, at the very end.
        (
            JUNE,
            format!("01/05/2024 01:00:00 a\n{} 01:00:00 b\n", may(12)),
            "2024-05-01T01:00:00.000Z",
            "",
        ),
        // The day runs on at midnight, not the month.
        (
            JUNE,
            [0, 1, 2]
                .map(|n| format!("{} 23:59:00 a\n{} 00:01:00 b\n", may(n), may(n + 1)))
                .concat(),
            "2024-05-01T23:59:00.000Z",
            "its lines follow each other",
        ),
        // The other order lies in the future.
        (
            "2024-05-20T12:00:00Z",
            "05/06/2024 01:00:00 a\n05/06/2024 02:00:00 b\n".to_owned(),
            "2024-05-06T01:00:00.000Z",
            "",
        ),
        // Nothing but custom tells.
        (
            "2024-12-01T12:00:00Z",
            "05/06/2024 01:00:00 a\n05/06/2024 02:00:00 b\n".to_owned(),
            "2024-05-06T01:00:00.000Z",
            "nothing in it tells",
        ),
        // It was written on that very day.
        (
            "2024-05-07T12:00:00Z",
            "06/05/2024 01:00:00 a\n06/05/2024 02:00:00 b\n".to_owned(),
            "2024-05-06T01:00:00.000Z",
            "",
        ),
        (
            JUNE,
            "05/05/2024 01:00:00 a\n05/05/2024 02:00:00 b\n".to_owned(),
            "2024-05-05T01:00:00.000Z",
            "",
        ),
        (
            JUNE,
            "24/05/16 01:00:00 a\n24/05/17 02:00:00 b\n".to_owned(),
            "2024-05-16T01:00:00.000Z",
            "its lines follow each other",
        ),
    ];
    for (written, text, first, note) in table {
        let report = read_file(text, written, |_| {});
        assert_eq!(times(&report)[0], *first, "{text}");
        let said = report.notes.join("; ");
        assert_eq!(note.is_empty(), said.is_empty(), "{said}: {text}");
        assert!(said.contains(note), "{said}: {text}");
    }
}

#[test]
fn the_configuration_has_the_last_word_on_the_order_of_a_date() {
    let text = "05/06/2024 01:00:00 a\n05/06/2024 02:00:00 b\n";
    for (order, expected) in [
        (DateOrder::Day, "2024-06-05T01:00:00.000Z"),
        (DateOrder::Month, "2024-05-06T01:00:00.000Z"),
    ] {
        let report = read_file(text, "2024-07-01T00:00:00Z", |p| p.dates = Some(order));
        assert_eq!(times(&report)[0], expected);
        assert_eq!(report.notes.len(), 0);
    }
    // A day that does not exist is no other day.
    let text = "05/06/2024 01:00:00 a\n25/06/2024 02:00:00 b\n";
    let report = read_file(text, JUNE, |plan| plan.dates = Some(DateOrder::Month));
    assert_eq!(times(&report), ["2024-05-06T01:00:00.000Z"]);
    assert_eq!(report.of("a.log").rejected(), 1);
}

#[test]
fn the_last_line_anchors_the_year() {
    // Copied a year later, between the days of the log.
    let text = "Dec 30 10:00:00 host a\nJan  2 10:00:00 host b\n";
    let report = read_file(text, "2026-12-31T12:00:00Z", |_| {});
    assert_eq!(
        times(&report),
        ["2025-12-30T10:00:00.000Z", "2026-01-02T10:00:00.000Z"]
    );
    let text = "Jun 14 10:00:00 host a\nJul 27 10:00:00 host b\n";
    let report = read_file(text, "2025-06-14T00:00:00Z", |_| {});
    assert_eq!(
        times(&report),
        ["2024-06-14T10:00:00.000Z", "2024-07-27T10:00:00.000Z"]
    );
}

#[test]
fn a_file_without_a_log_event_says_so_and_proves_nothing() {
    let text = "09:26:05 [main] INFO up\nno time here\n";
    let report = read_file(text, JUNE, |plan| plan.explicit = true);
    let (kind, message, remedy) = report.fault("a.log");
    assert_eq!(kind, FaultKind::Failed);
    assert!(
        message.contains("a.log:1: no timestamp: `09:26:05 [main] INFO up`"),
        "{message}"
    );
    assert!(remedy.contains("date and time"), "{remedy}");
    assert_eq!(report.end("a.log"), End::Nothing);
    // Among others it need not be a log; absence rests on it neither way.
    let report = read_file(text, JUNE, |_| {});
    assert!(
        report.notes[0].contains("a.log:1: no timestamp"),
        "{:?}",
        report.notes
    );
    assert_eq!(report.end("a.log"), End::UpTo(None));
}
