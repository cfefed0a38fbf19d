//! Numbers that tell of resources, and processes that start.

use lastseen::domain::signals::view::{Amount, Series, Signals};

use super::{TWO, line, told, told_in};
use crate::support::engine::Line;

/// Key, first figure and limit of every series that one line gives.
fn measured(text: &str) -> Vec<(String, f64, Option<f64>)> {
    let series = told(&[(0, line(0, "", text))]).series;
    let of = |s: &Series| {
        let (_, range) = s.over_time.iter().next().unwrap();
        assert_eq!((range.low, range.count), (range.high, 1));
        (
            s.key.to_string(),
            range.low.value(),
            s.limit.map(Amount::value),
        )
    };
    series.iter().map(of).collect()
}

#[test]
fn resources_are_measured() {
    for (text, key, value, limit) in [
        (
            "picked up job=7 inflight=64/64",
            "inflight",
            64.0,
            Some(64.0),
        ),
        ("worker in_flight=3 of 64", "in_flight", 3.0, Some(64.0)),
        (
            r#"{"event":"x","queueDepth":812,"job":"1"}"#,
            "queueDepth",
            812.0,
            None,
        ),
        (
            r#"{"stats":{"heap_used_mb": 512.25}}"#,
            "heap_used_mb",
            512.25,
            None,
        ),
        (
            r#"{"message":"{\"heapUsed\":84377600}"}"#,
            "heapUsed",
            84_377_600.0,
            None,
        ),
        ("GC heap=812MB/1024MB", "heap", 812.0, Some(1024.0)),
        ("mem=1.5GB/2GB", "mem", 1536.0, Some(2048.0)),
        ("memory: 812 MB", "memory", 812.0, None),
        ("consumer-lag=12s", "consumer-lag", 12_000.0, None),
        ("cpu=97.5% load", "cpu", 97.5, None),
        (r#"pool.active="10/10""#, "pool.active", 10.0, Some(10.0)),
        ("backlog=-1,", "backlog", -1.0, None),
        ("free=0.", "free", 0.0, None),
    ] {
        let expected = (key.to_owned(), value, limit);
        assert_eq!(measured(text), [expected], "{text}");
    }
}

#[test]
fn what_is_no_measurement_is_none() {
    for text in [
        "flag=3 drag=4 class=5 process=6",
        "queue=orders-dlq",
        "queue=2026-03-14 pool=10.3.7.4 mem=12abc",
        "queue_id=17 pool.port=80",
        "[pool-1-thread-3] memory is fine",
        "pool-1-thread-3: 5",
        "com.acme.queue.Worker queued job=17",
        "free as in speech",
        "depth",
        "mem=",
        "memory: ",
        "queue=99999999999999999999",
    ] {
        assert_eq!(measured(text), [], "{text}");
    }
}

#[test]
fn lambda_tells_of_each_invocation_in_both_forms() {
    let text = "REPORT RequestId: 3f1c2d4e-0000\tDuration: 3003.16 ms\tBilled Duration: 3004 ms\tMemory Size: 128 MB\tMax Memory Used: 48 MB\tInit Duration: 127.02 ms\t";
    let json = r#"{"time":"2026-03-14T02:00:00Z","type":"platform.report","record":{"requestId":"x","metrics":{"durationMs":3003.16,"billedDurationMs":3004,"memorySizeMB":128,"maxMemoryUsedMB":48,"initDurationMs":127.02},"status":"success"}}"#;
    let expected = [
        ("duration_ms".to_owned(), 3003.16, None),
        ("init_duration_ms".to_owned(), 127.02, None),
        ("max_memory_used_mb".to_owned(), 48.0, Some(128.0)),
    ];
    assert_eq!(measured(text), expected);
    assert_eq!(measured(json), expected);
    assert_eq!(measured("REPORT RequestId: cut"), []);
}

fn of<'a>(signals: &'a Signals, key: &str, stream: Option<&str>) -> &'a Series {
    let found = signals.series.iter();
    found
        .clone()
        .find(|s| &*s.key == key && s.stream.as_deref() == stream)
        .unwrap_or_else(|| panic!("no {key} of {stream:?}"))
}

#[test]
fn a_climb_to_the_limit_and_the_fall_are_seen() {
    // Twice from 100 to 1,000 in 10 minutes, in one stream; the other stays.
    let mut lines: Vec<(u32, Line)> = Vec::new();
    for n in 0..1_200_i64 {
        let heap = 100 + (n % 600) * 900 / 599;
        lines.push((0, line(n * 1_000, "a", format!("heap={heap}MB/1GB"))));
        lines.push((0, line(n * 1_000, "b", "heap=200MB/1GB")));
    }
    let signals = told_in(&lines, 500);
    let a = of(&signals, "heap", Some("a"));
    assert_eq!(a.limit.map(Amount::value), Some(1024.0));
    assert_eq!(
        (a.count, a.first.0, a.last.0),
        (1_200, TWO, TWO + 1_199_000)
    );
    let falls = a.falls(0.5);
    assert_eq!(falls.len(), 1, "{falls:?}");
    assert!((falls[0].0.0 - TWO - 600_000).abs() <= a.over_time.width_ms());
    assert!(of(&signals, "heap", Some("b")).falls(0.5).is_empty());
    let whole = of(&signals, "heap", None);
    let sum: u64 = whole.over_time.iter().map(|(_, r)| r.count).sum();
    assert_eq!((whole.count, sum), (2_400, 2_400));
    let (_, first) = whole.over_time.iter().next().unwrap();
    assert!(first.low.value() >= 100.0 && first.high.value() <= 250.0 && first.mean() > 150.0);
}

#[test]
fn series_beyond_the_bound_are_told() {
    let word = |n: i64| -> String {
        let letter = |place: u32| char::from(b'a' + (n / 26_i64.pow(place) % 26) as u8);
        (0..4).map(letter).collect()
    };
    let lines: Vec<(u32, Line)> = (0..10_000)
        .flat_map(|n| {
            let rare = line(n, "s", format!("{}_depth=1", word(n)));
            [(0, rare), (0, line(n, "s", "depth=1"))]
        })
        .collect();
    let signals = told(&lines);
    assert!(signals.series.len() <= 4_096, "{}", signals.series.len());
    assert!(signals.left_out.series.entries > 0);
    assert_eq!(of(&signals, "depth", Some("s")).count, 10_000);
    assert_eq!(of(&signals, "depth", None).count, 10_000);
}

#[test]
fn starts_are_counted_once_each() {
    let lines: Vec<(u32, Line)> = [
        (
            0,
            "a",
            "2026-03-14 INFO Starting Engine v2.14.1 using Java 21",
        ),
        (4_000, "a", "Tomcat listening on port 8080"),
        (
            5_000,
            "a",
            "Started Engine in 4.812 seconds (process running for 5.1)",
        ),
        (600_000, "a", "Starting Engine v2.14.2 using Java 21"),
        (1_000, "b", "INIT_START Runtime Version: python:3.12"),
        (2_000, "b", r#"{"type":"platform.initStart","record":{}}"#),
        (900_000, "", "Listening on :8080"),
        (100_000, "b", "Started processing job 17"),
        (200_000, "b", "Started the import in batches of 100"),
        (300_000, "b", "Starting the import"),
        (400_000, "b", "this is what INIT_START looks like"),
    ]
    .iter()
    .map(|(ms, stream, text)| (0, line(*ms, stream, text)))
    .collect();
    let signals = told(&lines);
    let starts = |times: &[lastseen::domain::time::Timestamp]| -> Vec<i64> {
        times.iter().map(|t| t.0 - TWO).collect()
    };
    let [a, b] = &*signals.streams else {
        panic!("{:?}", signals.streams)
    };
    assert_eq!((a.started, starts(&a.starts)), (2, vec![0, 600_000]));
    assert_eq!((b.started, starts(&b.starts)), (1, vec![1_000]));
    let whole = &signals.sources[0];
    let expected = vec![0, 1_000, 600_000, 900_000];
    assert_eq!((whole.started, starts(&whole.starts)), (4, expected));
}

#[test]
fn many_starts_are_bounded_and_the_earliest_kept() {
    let lines: Vec<(u32, Line)> = (0..200)
        .rev()
        .map(|n| (0, line(n * 60_000, "a", "listening on :80")))
        .collect();
    let signals = told_in(&lines, 7);
    let a = &signals.streams[0];
    assert_eq!((a.started, a.starts.len()), (200, 64));
    assert_eq!(a.starts[63].0, TWO + 63 * 60_000);
}

#[test]
fn a_line_of_many_numbers_is_bounded() {
    let text = "mem=1 ".repeat(1_000_000);
    let signals = told(&[(0, line(0, "", text))]);
    assert_eq!(of(&signals, "mem", None).count, 64);
    for text in [
        b"\xff=mem=\x00".as_slice(),
        b"mem=\xff",
        b"\"memory\":",
        b"heap",
    ] {
        told(&[(0, line(0, "", text))]);
    }
}
