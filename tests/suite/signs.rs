//! What log lines tell beside the messages: troubles that surge, resources that climb to their limit,
//! somebody who falls silent. Each with the healthy case that looks like it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::diagnose;
use lastseen::diagnose::access::Access;
use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::diagnose::surge::{Cell, surge};
use lastseen::diagnose::trend::trend;
use lastseen::domain::buckets::Buckets;
use lastseen::domain::event::{OriginId, SourceId, TextRef};
use lastseen::domain::signals::view::{
    Activity, Amount, Range, Series, Severity, Signals, Template, TemplatePlace,
};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::view::{MessagePage, Overview, SourceState, SourceView};
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Options, incident};
use lastseen::sources::demo::variant::Variant;

use crate::fake::{at, source};

const MINUTE: i64 = 60_000;
/// Everything happens within four hours.
const HOURS: i64 = 240;

/// Lines of a stream: so many in this minute.
type Lines<'a> = &'a dyn Fn(i64) -> u64;

fn activity(id: u32, stream: Option<&str>, lines: Lines<'_>) -> Activity {
    let mut over_time = Buckets::new(512);
    let mut written = Vec::new();
    for minute in 0..HOURS {
        let number = lines(minute);
        if number > 0 {
            *over_time.at(at(minute * MINUTE)) += number;
            written.push((minute, number));
        }
    }
    Activity {
        source: SourceId(id),
        stream: stream.map(Into::into),
        events: written.iter().map(|w| w.1).sum(),
        first: at(written[0].0 * MINUTE),
        last: at(written[written.len() - 1].0 * MINUTE),
        over_time,
        last_line: Some(line(id)),
        started: 0,
        starts: Vec::new(),
    }
}

fn line(id: u32) -> TextRef {
    TextRef {
        origin: OriginId(id),
        offset: 0,
    }
}

fn template(id: u32, lines: Lines<'_>) -> Template {
    let all = activity(id, None, lines);
    Template {
        text: "not authorized to perform: kms:Decrypt on <*>".into(),
        severity: Severity::Error,
        places: vec![TemplatePlace {
            source: SourceId(id),
            count: all.events,
            named: 0,
            first: all.first,
            last: all.last,
            over_time: all.over_time,
            example: line(id),
        }],
    }
}

fn series(id: u32, figure: &dyn Fn(i64) -> f64) -> Series {
    let mut over_time: Buckets<Range> = Buckets::new(512);
    let mut peak = (Amount(i64::MIN), at(0), line(id));
    for minute in 0..HOURS {
        let amount = Amount((figure(minute) * 1000.0) as i64);
        let time = at(minute * MINUTE);
        *over_time.at(time) = Range {
            low: amount,
            high: amount,
            sum: i128::from(amount.0),
            count: 1,
        };
        if amount > peak.0 {
            peak = (amount, time, line(id));
        }
    }
    Series {
        source: SourceId(id),
        stream: None,
        key: "heap".into(),
        limit: Some(Amount(2_048_000)),
        count: HOURS as u64,
        first: at(0),
        last: at((HOURS - 1) * MINUTE),
        over_time,
        peak,
    }
}

/// Sources that serve no stage, read completely to the end.
fn sources(number: u32) -> Overview {
    let all = Span::new(at(0), at(HOURS * MINUTE));
    let view = |id: u32| SourceView {
        stages: Vec::new(),
        covered: vec![all],
        seen: Some(all),
        state: SourceState::Complete,
        ..source(id, &format!("/acme/qa/group-{id}"), "none")
    };
    Overview {
        window: Some(all),
        horizon: Some(all.to),
        settled: true,
        sources: (0..number).map(view).collect(),
        ..Overview::default()
    }
}

fn found(overview: &Overview, signals: &Signals) -> Vec<Finding> {
    let access = Access {
        messages: &|_| MessagePage::default(),
        lifecycle: &|_| None,
    };
    diagnose::findings(overview, &[], signals, access)
}

fn titles(overview: &Overview, signals: &Signals) -> Vec<String> {
    let findings = found(overview, signals);
    findings.iter().map(|f| f.title.to_string()).collect()
}

fn troubled(lines: Lines<'_>, trouble: Lines<'_>) -> Vec<String> {
    let signals = Signals {
        sources: vec![activity(0, None, lines)],
        templates: vec![template(0, trouble)],
        ..Signals::default()
    };
    titles(&sources(1), &signals)
}

#[test]
fn a_trouble_that_is_new_is_told_with_its_text_its_count_and_its_time() {
    let told = troubled(&|_| 100, &|minute| {
        u64::from((60..90).contains(&minute)) * 4
    });
    assert_eq!(
        told,
        [
            "qa: new at /acme/qa/group-0, 120 times from 03:00:00 to 03:29:00 UTC, tied to no loss: not authorized to perform: kms:Decrypt on <*>"
        ]
    );
    let told = troubled(&|_| 100, &|m| 1 + u64::from((60..90).contains(&m)) * 9);
    assert!(told[0].contains("more often at"), "{told:?}");
}

#[test]
fn a_trouble_that_was_always_there_or_grew_with_the_traffic_is_none() {
    let busy = |minute: i64| if minute < 100 { 10 } else { 200 };
    let healthy: [(&str, Lines<'_>, Lines<'_>); 6] = [
        ("always", &|_| 100, &|minute| u64::from(minute % 3 == 0)),
        ("from the first line on to the last", &|_| 100, &|_| 3),
        ("with the traffic", &busy, &|minute| busy(minute) / 10),
        ("by the clock, in a quiet night", &busy, &|minute| {
            u64::from(minute % 2 == 0)
        }),
        ("too few", &|_| 100, &|minute| u64::from(minute == 7) * 3),
        ("in clumps, now and then", &|_| 100, &|minute| {
            u64::from(minute % 37 == 0) * 9
        }),
    ];
    for (name, lines, trouble) in healthy {
        assert_eq!(troubled(lines, trouble), [""; 0], "{name}");
    }
}

#[test]
fn what_was_not_read_before_is_not_called_new() {
    // Only the hour with the trouble has been read so far.
    let hour = |minute: i64| u64::from((60..120).contains(&minute));
    assert_eq!(troubled(&|m| hour(m) * 100, &|m| hour(m) * 4), [""; 0]);
}

#[test]
fn a_surge_is_found_where_it_is() {
    let cells: Vec<Cell> = (0..100)
        .map(|number| Cell {
            from: Timestamp(number * MINUTE),
            said: if (40..60).contains(&number) { 10 } else { 0 },
            others: 90,
        })
        .collect();
    let found = surge(&cells).unwrap();
    assert_eq!(found.span, Span::new(cells[40].from, cells[59].from));
    assert_eq!((found.table.lost_with, found.table.lost), (200, 200));
    assert!(found.chance < 1e-9 && found.dispersion >= 1.0, "{found:?}");
    assert_eq!(surge(&[]), None);
}

/// Figures of a made-up day: by minute.
type Figure<'a> = &'a dyn Fn(i64) -> f64;

fn creeps(figure: Figure<'_>, starts: &[i64]) -> Vec<String> {
    let mut lines = activity(0, None, &|_| 10);
    lines.starts = starts.iter().map(|minute| at(minute * MINUTE)).collect();
    let signals = Signals {
        sources: vec![lines],
        series: vec![series(0, figure)],
        ..Signals::default()
    };
    titles(&sources(1), &signals)
}

#[test]
fn memory_that_climbs_to_its_limit_until_a_process_begins_anew_is_told() {
    let climbs = |minute: i64| 600.0 + 1_448.0 * (minute % 60) as f64 / 59.0;
    assert_eq!(
        creeps(&climbs, &[60, 120, 180]),
        [
            "qa: heap of /acme/qa/group-0 climbed to its limit of 2048 4 times, last by 05:59:01 UTC, and a process began anew after 3 of the climbs"
        ]
    );
    let leak = |minute: i64| 600.0 + 1_448.0 * minute as f64 / 239.0;
    let told = creeps(&leak, &[]);
    assert!(told[0].contains("has not fallen since"), "{told:?}");
}

#[test]
fn memory_of_a_healthy_process_is_no_creep() {
    let noise = |minute: i64| (minute * 7_919 % 97) as f64;
    let healthy: [(&str, Figure<'_>); 6] = [
        ("a saw-tooth that is collected", &|m| {
            600.0 + 1_400.0 * (m % 20) as f64 / 19.0
        }),
        ("warmed up and full", &|m| {
            (400.0 + 60.0 * m as f64).min(1_950.0) + noise(m) / 97.0
        }),
        ("flat", &|m| 900.0 + noise(m)),
        ("always near its limit", &|m| 1_940.0 + noise(m)),
        ("climbs, far from its limit", &|m| 400.0 + 4.0 * m as f64),
        ("a spike", &|m| if m == 100 { 2_048.0 } else { 700.0 }),
    ];
    for (name, figure) in healthy {
        assert_eq!(creeps(figure, &[]), [""; 0], "{name}");
    }
}

#[test]
fn the_trend_is_that_of_mann_kendall_and_theil_sen() {
    // Ten rising figures: S = 45, variance 125, Z = 44 / sqrt(125).
    let rising: Vec<(f64, f64)> = (0..10).map(|n| (f64::from(n), f64::from(3 * n))).collect();
    let found = trend(&[&rising]).unwrap();
    assert!(
        (found.z - 44.0 / 125.0_f64.sqrt()).abs() < 1e-9,
        "{found:?}"
    );
    assert!((found.slope - 3.0).abs() < 1e-9);
    // Twice the same: the sums add up.
    let twice = trend(&[&rising, &rising]).unwrap();
    assert!(
        (twice.z - 89.0 / 250.0_f64.sqrt()).abs() < 1e-9,
        "{twice:?}"
    );
    // Ties: 1, 1, 2 has S = 2 and variance (3*2*11 - 2*1*9) / 18.
    let tied = trend(&[&[(0.0, 1.0), (1.0, 1.0), (2.0, 2.0)]]).unwrap();
    assert!((tied.z - 1.0 / (48.0_f64 / 18.0).sqrt()).abs() < 1e-9);
    assert_eq!(trend(&[&[(0.0, 1.0)]]), None);
}

/// Streams of one source beside the others of the environment, which go on.
fn quiet(streams: &[(&str, Lines<'_>)], others: Lines<'_>) -> (Overview, Signals) {
    let streams: Vec<Activity> = streams
        .iter()
        .map(|(name, lines)| activity(0, Some(name), lines))
        .collect();
    let whole = |minute: i64| {
        let of = |a: &Activity| a.over_time.get(at(minute * MINUTE)).copied();
        streams.iter().filter_map(of).sum::<u64>()
    };
    let signals = Signals {
        sources: vec![activity(0, None, &whole), activity(1, None, others)],
        streams,
        ..Signals::default()
    };
    (sources(2), signals)
}

#[test]
fn somebody_who_stops_while_his_peers_go_on_is_told() {
    let (overview, signals) = quiet(
        &[
            ("a", &|_| 5),
            ("b", &|_| 5),
            ("c", &|minute| u64::from(minute <= 100) * 5),
        ],
        &|_| 20,
    );
    let findings = found(&overview, &signals);
    let [silent] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(
        silent.title,
        "qa: c at /acme/qa/group-0 fell silent at 03:40:00 UTC while 2 peers in its log went on logging"
    );
    assert_eq!((silent.kind, silent.lost), (FindingKind::SilentEmitter, 0));
    assert_eq!(silent.lines.len(), 1);
    // Of a whole source the others of the environment are the peers.
    let until = |minute: i64| u64::from(minute <= 100) * 5;
    let (overview, signals) = quiet(&[("a", &until), ("b", &until)], &|_| 20);
    let told = titles(&overview, &signals);
    assert!(told.len() == 1 && told[0].contains("group-0"), "{told:?}");
}

#[test]
fn who_is_quiet_for_a_good_reason_is_not_told() {
    type Streams<'a> = &'a [(&'a str, Lines<'a>)];
    let until = |minute: i64, end: i64| u64::from(minute <= end) * 5;
    let from = |minute: i64, start: i64| u64::from(minute >= start) * 5;
    let healthy: [(&str, Streams<'_>, Lines<'_>); 6] = [
        (
            "the end of the window",
            &[("a", &|_| 5), ("b", &|m| until(m, 237))],
            &|_| 20,
        ),
        (
            "night",
            &[("a", &|m| until(m, 101)), ("b", &|m| until(m, 100))],
            &|m| until(m, 102),
        ),
        (
            "a deploy",
            &[
                ("a", &|_| 5),
                ("old", &|m| until(m, 100)),
                ("new", &|m| from(m, 98)),
            ],
            &|_| 20,
        ),
        (
            "peers take over",
            &[("a", &|m| 5 + from(m, 100)), ("b", &|m| until(m, 100))],
            &|_| 20,
        ),
        (
            "there for a while only",
            &[
                ("a", &|_| 5),
                ("b", &|m| u64::from((90..110).contains(&m)) * 5),
            ],
            &|_| 20,
        ),
        (
            "once an hour",
            &[
                ("a", &|_| 5),
                ("b", &|m| u64::from(m % 60 == 0 && m < 150) * 30),
            ],
            &|_| 20,
        ),
    ];
    for (name, streams, others) in healthy {
        let (overview, signals) = quiet(streams, others);
        assert_eq!(titles(&overview, &signals), [""; 0], "{name}");
    }
}

#[test]
fn who_was_not_read_on_is_not_called_silent() {
    let until = |minute: i64| u64::from(minute <= 100) * 5;
    let (mut overview, signals) = quiet(&[("a", &|_| 5), ("b", &until)], &|_| 20);
    overview.sources[0].covered = vec![Span::new(at(0), at(102 * MINUTE))];
    let told = found(&overview, &signals);
    assert!(
        told.iter().all(|f| f.kind != FindingKind::SilentEmitter),
        "{told:?}"
    );
}

fn an_hour_later() -> Timestamp {
    Options::default().end.plus(60 * MINUTE)
}

fn of_incident(name: &str, messages: u64, variant: Variant) -> Arc<Vec<Finding>> {
    let options = Options {
        messages,
        variant,
        ..Options::default()
    };
    let incident = incident(name, &options).unwrap();
    let mut file = File::parse("lastseen.toml", Path::new("."), incident.config());
    file.files.clear();
    let plan = resolve(&file, &Overrides::default(), &|_| false)
        .unwrap()
        .plan;
    let run = Investigation::start_demo(&plan, incident, an_hour_later).unwrap();
    run.wait(Duration::from_hours(1), |_| {});
    run.findings()
}

fn only(findings: &[Finding], kind: FindingKind) -> Vec<&Finding> {
    findings.iter().filter(|f| f.kind == kind).collect()
}

#[test]
fn the_error_behind_a_loss_is_named_and_stands_beside_it() {
    let findings = of_incident("two-environments", 2_000, Variant::Usual);
    let clusters = only(&findings, FindingKind::ErrorCluster);
    let [denied] = clusters.as_slice() else {
        panic!("{clusters:?}")
    };
    assert!(
        denied.title.starts_with("qa: new at lambda, "),
        "{}",
        denied.title
    );
    assert!(denied.title.contains("kms:Decrypt") && denied.title.contains("(inferred"));
    assert!(!denied.lines.is_empty() && denied.lost > 0);
    for kind in [FindingKind::Gap, FindingKind::DeadEdge] {
        let beside = only(&findings, kind).into_iter().find(|f| {
            let edge = f.edge.as_ref();
            f.env.as_deref() == Some("qa") && edge.is_some_and(|(from, _)| &**from == "lambda")
        });
        let evidence = &beside.unwrap().evidence;
        assert!(
            evidence.iter().any(|e| e.contains("kms:Decrypt")),
            "{evidence:?}"
        );
    }
    let silent = only(&findings, FindingKind::SilentEmitter);
    assert_eq!(silent.len(), 1, "told once");
    assert!(
        silent[0]
            .evidence
            .iter()
            .any(|e| e.contains("fell silent at")),
        "{silent:?}"
    );
}

#[test]
fn memory_at_its_limit_stands_beside_what_was_lost_there() {
    let findings = of_incident("batch-other-region", 6_000, Variant::Usual);
    let creeps = only(&findings, FindingKind::ResourceCreep);
    let [heap] = creeps.as_slice() else {
        panic!("{creeps:?}")
    };
    assert!(
        heap.title
            .starts_with("prod: Heap of enricher climbed to its limit"),
        "{}",
        heap.title
    );
    assert!(
        heap.title.contains("begins anew (inferred)"),
        "{}",
        heap.title
    );
    assert!(heap.lost > 0 && heap.lost == heap.of);
}

#[test]
fn a_good_day_tells_nothing_of_it() {
    for name in ["two-environments", "ack-before-work", "batch-other-region"] {
        let findings = of_incident(name, 2_000, Variant::Healthy);
        let kinds = [
            FindingKind::ErrorCluster,
            FindingKind::ResourceCreep,
            FindingKind::SilentEmitter,
        ];
        for kind in kinds {
            assert!(only(&findings, kind).is_empty(), "{name}: {findings:?}");
        }
    }
}
