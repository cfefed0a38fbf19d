//! Files of a log that are missing among those that were given.

use std::sync::Arc;

use lastseen::domain::event::{Source, SourceKind};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::files::holes::{Missing, missing};
use lastseen::sources::files::series::File;

const MINUTE: i64 = 60_000;

/// A file with events from one minute to another; of a file without events both are 0.
fn file(name: &str, from: i64, to: i64) -> File {
    let source = Source {
        name: name.into(),
        env: "local".into(),
        region: "".into(),
        group: "".into(),
        kind: SourceKind::File,
    };
    File {
        source: Arc::new(source),
        span: (to > 0).then(|| Span {
            from: Timestamp(from * MINUTE),
            to: Timestamp(to * MINUTE),
        }),
    }
}

/// What is missing, as `name from-to` in minutes, `-` where an end is open; and logs that end early.
fn holes(files: &[(&str, i64, i64)]) -> Vec<String> {
    let files: Vec<File> = files
        .iter()
        .map(|(n, from, to)| file(n, *from, *to))
        .collect();
    let minute = |time: Timestamp| match time {
        Timestamp::MIN | Timestamp::MAX => String::new(),
        Timestamp(millis) => ((millis + 1) / MINUTE).to_string(),
    };
    let mut told: Vec<String> = missing(&files)
        .into_iter()
        .map(|missing| match missing {
            Missing::Hole { source, span, .. } => {
                format!("{} {}-{}", source.name, minute(span.from), minute(span.to))
            }
            Missing::End { file, .. } => format!("{} ends", files[file].source.name),
        })
        .collect();
    told.sort();
    told
}

#[test]
fn numbers_that_are_passed_over() {
    let counted = [("a/store.log.2.gz", 0, 60), ("a/store.log", 120, 180)];
    assert_eq!(holes(&counted), ["a/store.log.1 60-120"]);
    let parts = [
        ("p-0001", 0, 9),
        ("p-0002", 10, 19),
        ("p-0003", 20, 29),
        ("p-0005", 40, 49),
    ];
    assert_eq!(holes(&parts), ["p-0004 29-40"]);
    let hours = [
        ("s-2026-10-05T08.log", 1, 60),
        ("s-2026-10-05T09.log", 60, 120),
        ("s-2026-10-05T10.log", 120, 180),
        ("s-2026-10-05T13.log", 301, 360),
    ];
    assert_eq!(holes(&hours), ["s-2026-10-05T11.log 180-301"]);
}

#[test]
fn a_file_that_other_logs_have() {
    let hours = [
        ("api-2026100509.log", 1, 60),
        ("api-2026100510.log", 60, 120),
        ("api-2026100511.log", 120, 180),
        ("store-2026100509.log.gz", 1, 60),
        ("store-2026100511.log", 121, 180),
    ];
    assert_eq!(holes(&hours), ["store-2026100510.log 60-121"]);
    let folders = [
        ("x/2026/10/05/api.log", 1, 60),
        ("x/2026/10/06/api.log", 60, 120),
        ("x/2026/10/07/api.log", 120, 180),
        ("x/2026/10/05/store.log", 1, 60),
        ("x/2026/10/07/store.log", 121, 180),
    ];
    assert_eq!(holes(&folders), ["x/2026/10/06/store.log 60-121"]);
}

#[test]
fn the_first_and_the_file_that_is_written() {
    let first = [
        ("api.log.2", 1, 60),
        ("api.log.1", 60, 120),
        ("api.log", 120, 180),
        ("store.log.1", 60, 120),
        ("store.log", 120, 180),
    ];
    assert_eq!(holes(&first), ["store.log.2 -60"]);
    let last = [
        ("api.log.2", 1, 60),
        ("api.log.1", 60, 120),
        ("api.log", 120, 180),
        ("store.log.2", 1, 60),
        ("store.log.1", 60, 120),
    ];
    assert_eq!(holes(&last), ["store.log 120-"]);
    let only = [
        ("api.log.1", 1, 60),
        ("api.log", 60, 120),
        ("store.log", 60, 120),
    ];
    assert_eq!(holes(&only), ["store.log.1 -60"]);
}

#[test]
fn a_service_that_stopped_writes_no_more_files() {
    let hours = [
        ("api-09.log", 1, 60),
        ("api-10.log", 60, 120),
        ("api-11.log", 120, 180),
        ("store-09.log", 1, 60),
        ("store-10.log", 60, 90),
    ];
    assert_eq!(holes(&hours), ["store-10.log ends"]);
    // Written to the last moment of its hour: it went on, and the next file was not copied.
    let hours = [
        ("api-09.log", 1, 600),
        ("api-10.log", 600, 1200),
        ("api-11.log", 1200, 1800),
        ("store-09.log", 1, 600),
        ("store-10.log", 600, 1199),
    ];
    assert_eq!(holes(&hours), ["store-11.log 1199-"]);
}

#[test]
fn nothing_is_missing() {
    // A log that says less is cut less often.
    let quiet = [
        ("api.log.2", 1, 60),
        ("api.log.1", 60, 120),
        ("api.log", 120, 180),
        ("store.log.1", 1, 110),
        ("store.log", 110, 180),
    ];
    assert_eq!(holes(&quiet), Vec::<String>::new());
    let whole = [
        ("api.log.1", 1, 60),
        ("api.log", 60, 120),
        ("store.log", 1, 120),
    ];
    assert_eq!(holes(&whole), Vec::<String>::new());
    // Instances beside each other, not files after each other.
    let instances = [("w-1.log", 1, 60), ("w-2.log", 2, 61), ("w-4.log", 1, 59)];
    assert_eq!(holes(&instances), Vec::<String>::new());
    // Runs now and then: others ran elsewhere.
    let runs = [
        ("job-101.log", 1, 9),
        ("job-102.log", 60, 69),
        ("job-104.log", 190, 199),
    ];
    assert_eq!(holes(&runs), Vec::<String>::new());
    // Instances of several services, by the hour.
    let both = [
        ("svc1-09.log", 1, 60),
        ("svc1-10.log", 60, 120),
        ("svc2-09.log", 1, 60),
        ("svc2-10.log", 61, 120),
    ];
    assert_eq!(holes(&both), Vec::<String>::new());
    // Days over the end of a month.
    let days = [
        ("a-20261030.log", 1, 60),
        ("a-20261031.log", 60, 120),
        ("a-20261101.log", 120, 180),
        ("a-20261102.log", 180, 240),
    ];
    assert_eq!(holes(&days), Vec::<String>::new());
}

#[test]
fn files_without_events_tell_nothing() {
    let empty = [
        ("store.log.2", 1, 60),
        ("store.log.1", 0, 0),
        ("store.log", 120, 180),
    ];
    assert_eq!(holes(&empty), Vec::<String>::new());
}
