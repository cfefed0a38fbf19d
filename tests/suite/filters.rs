//! The language of filters: what it means, what is told where something is wrong, and that the ledger's
//! quick way comes to what the plainest way does.

use std::sync::Arc;

use lastseen::domain::event::{Source, SourceId, SourceKind};
use lastseen::domain::seek::{Round, Seek, Step};
use lastseen::domain::terms::{Terms, Test};
use lastseen::domain::terms_text::{Names, parse, written};
use lastseen::domain::time::Timestamp;
use lastseen::domain::view::{MessageQuery, MessageRow, Sort};
use proptest::prelude::*;

use crate::support::brute::Facts;
use crate::support::engine::{Engine, Line, pipelines};

fn names() -> Names {
    let list = |names: &[&str]| names.iter().map(|name| Arc::from(*name)).collect();
    Names {
        attributes: list(&["host", "items"]),
        stages: list(&["a", "engine"]),
        envs: list(&["qa"]),
        pipelines: list(&["orders"]),
    }
}

/// Times are seconds here.
fn read(text: &str) -> Result<Terms, String> {
    let seconds = |text: &str| {
        let number = text.parse::<i64>();
        number
            .map(|s| Timestamp(s * 1000))
            .map_err(|_| (format!("`{text}` is not a time"), "write 02:10".to_owned()))
    };
    parse(text, &names(), &seconds).map_err(|e| format!("{}: {}; {}", e.at, e.message, e.help))
}

/// Texts, and what is told of them.
const WRONG: [(&str, &str); 24] = [
    (
        "verdict:lst",
        "8: no verdict is called `lst`; did you mean lost?",
    ),
    ("x verdict:l", "10: verdict l…; lost"),
    (
        "verdict:",
        "8: which verdict?; lost, blind, failed, dead_lettered, pending, unentered, completed",
    ),
    ("stage:engin", "6: stage engin…; engine"),
    (
        "stage:enjine",
        "6: no stage is called `enjine`; did you mean engine?",
    ),
    ("env:prod", "4: no env is called `prod`; qa"),
    (
        "hots=a",
        "0: no attribute is called `hots`; did you mean host?",
    ),
    (
        "verdct:lost",
        "0: no attribute is called `verdct`; did you mean verdict?",
    ),
    (
        "colour=red",
        "0: no attribute is called `colour`; there is host, items",
    ),
    (
        "items>many",
        "6: a number is expected here; for example items>10",
    ),
    ("verdict>3", "0: verdict is not compared; write verdict:…"),
    (
        "a !",
        "2: nothing follows the !; write !term, without a space",
    ),
    (
        "x host=\"eng 3",
        "7: this quote is not closed; end it with \"",
    ),
    (
        "/eng",
        "0: this pattern is not closed; end it with /, or put quotes around a text that begins with one",
    ),
    (
        "/eng/x",
        "5: something follows the closing /; leave a space behind it, or put quotes around a text that begins with /",
    ),
    (
        "x re:/a(b/",
        "7: not a regular expression: unclosed group; a \\ before a sign takes it as it is",
    ),
    ("//", "1: an empty pattern; write for example /timed? out/"),
    ("x >7s", "3: `7s` is not a time; write 02:10"),
    (
        "9..7",
        "0: the range ends before it begins; write time=01:46..01:50, after:01:46, before:01:50 or last_seen>01:46",
    ),
    (
        "time=7",
        "5: a range of time is expected here; write time=01:46..01:50, after:01:46, before:01:50 or last_seen>01:46",
    ),
    ("after:soon", "6: `soon` is not a time; write 02:10"),
    (
        "flag:slow",
        "5: no flag is called `slow`; duplicate, retried, late, out_of_order, skewed, truncated",
    ),
    (
        "host:",
        "5: nothing to look for; host:part; host= keeps those without it",
    ),
    ("id=", "3: nothing to look for; id:part"),
];

#[test]
fn what_is_wrong_is_told_with_its_place_and_a_remedy() {
    for (text, told) in WRONG {
        assert_eq!(read(text).unwrap_err(), told, "{text}");
    }
    let many = "x ".repeat(40);
    assert!(
        read(&many)
            .unwrap_err()
            .starts_with("64: more than 32 terms")
    );
}

#[test]
fn what_a_text_means() {
    for (text, meant) in [
        ("", "Terms([])"),
        ("urn:x:1", r#"Any(Has("urn:x:1"))"#),
        ("\"host=a b\"", r#"Any(Has("host=a b"))"#),
        ("re:e.g", "Any(Matches(/e.g/))"),
        ("/a b\\/c/", "Any(Matches(/a b/c/))"),
        ("HOST=Eng", r#"Attribute("host", Is("Eng"))"#),
        ("host:eng", r#"Attribute("host", Has("eng"))"#),
        ("host=/e|f/", r#"Attribute("host", Matches(/e|f/))"#),
        ("host=\"\"", r#"Attribute("host", Is(""))"#),
        (
            "items<=3",
            r#"Attribute("items", Number(AtMost, Number(3.0)))"#,
        ),
        ("stage=Engine", r#"Stage("engine")"#),
        (
            "before:7",
            "which: Any, from: None, to: Some(Timestamp(7000))",
        ),
        (
            "after=7",
            "which: Any, from: Some(Timestamp(7000)), to: None",
        ),
        (">7", "which: Any, from: Some(Timestamp(7001)), to: None"),
        (
            "7..9",
            "from: Some(Timestamp(7000)), to: Some(Timestamp(9000))",
        ),
        (
            "time=7..",
            "which: Any, from: Some(Timestamp(7000)), to: None",
        ),
        (
            "last_seen<=7",
            "which: Last, from: None, to: Some(Timestamp(7001))",
        ),
        (
            "first_seen:7..8",
            "which: First, from: Some(Timestamp(7000))",
        ),
        ("region=eu", r#"Region(Is("eu"))"#),
        // What is no time is a text, and so is what is quoted.
        ("<html>", r#"Any(Has("<html>"))"#),
        ("a..b", r#"Any(Has("a..b"))"#),
        ("\"7..9\"", r#"Any(Has("7..9"))"#),
    ] {
        let shown = format!("{:?}", read(text).unwrap());
        assert!(shown.contains(meant), "{text}: {shown}");
    }
    let not = |text: &str| read(text).unwrap().0[0].not;
    assert!(not("!x") && not("host!=a") && not("!verdict:lost") && not("host="));
    assert!(!not("x") && !not("!host!=a") && !not("host!=") && not("!host!="));
}

#[test]
fn a_value_as_it_is_written_down_is_read_again() {
    for value in [
        "eng-3", "a b", "\"", "\\", "a\\ \"b", "/x/", "", "é=ü:!", "!x", "a=b",
    ] {
        let text = written(true, "host", value);
        let terms = read(&text).unwrap_or_else(|told| panic!("{text}: {told}"));
        assert_eq!(terms.0.len(), 1, "{text}");
        let is = lastseen::domain::terms::Value::Is(value.to_owned());
        assert_eq!(
            terms.0[0].test,
            Test::Attribute("host".into(), is),
            "{text}"
        );
        assert!(terms.0[0].not);
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,40}") {
        if let Err(error) = parse(&text, &names(), &|_| Err((String::new(), String::new()))) {
            prop_assert!(error.at <= text.chars().count());
            prop_assert!(!error.message.is_empty());
        }
    }
}

const CONFIG: &str = r#"
[pipeline.orders]
id = ["id"]
link = [{ from = ["/logs/a"], pattern = 'alias=(?<a>\w+)-of-(?<b>\w+)' }]
attributes = ["host", "items"]
[[pipeline.orders.stage]]
name = "a"
from = ["/logs/a"]
[[pipeline.orders.stage]]
name = "engine"
from = ["/logs/engine"]
exit = 'done'
within = "10s"
"#;

const HOSTS: [&str; 5] = ["eng-1", "eng-2", "Eng-3", "web", ""];

/// One line: message, stage, host, items, second, stream.
type Raw = (u8, bool, u8, u8, u16, bool);

/// A ledger with these lines, and everything a filter may ask about each of its messages.
fn world(lines: &[Raw]) -> (Engine, Vec<Raw>) {
    let mut engine = Engine::new(pipelines(CONFIG).unwrap(), None);
    for (number, group) in ["/logs/a", "/logs/engine"].into_iter().enumerate() {
        let source = Source {
            name: format!("source {group}").into(),
            env: "qa".into(),
            region: ["us-east-1", "eu-west-1"][number].into(),
            group: group.into(),
            kind: SourceKind::File,
        };
        engine.open(SourceId(number as u32), Arc::new(source));
    }
    for source in 0..2_u32 {
        let of_source = lines.iter().filter(|line| u32::from(line.1) == source);
        let texts: Vec<Line> = of_source
            .map(|(message, _, host, items, second, stream)| {
                let host = HOSTS[usize::from(*host) % 5];
                let host = if host.is_empty() {
                    String::new()
                } else {
                    format!(r#","host":"{host}""#)
                };
                let text = format!(
                    r#"{{"id":"m{}"{host},"items":"{}","s":"{}"}}"#,
                    message % 12,
                    if items % 7 == 0 {
                        "many".to_owned()
                    } else {
                        (items % 7).to_string()
                    },
                    if second % 2 == 0 { "done" } else { "seen" },
                );
                Line {
                    time: Timestamp(1_795_312_800_000 + i64::from(*second % 600) * 1000),
                    stream: if *stream {
                        "s-one".into()
                    } else {
                        "s-two".into()
                    },
                    text: text.into_bytes(),
                }
            })
            .collect();
        let placed: Vec<_> = texts.iter().enumerate().collect();
        engine.feed(SourceId(source), &placed);
    }
    engine.close();
    engine.refresh();
    (engine, lines.to_vec())
}

fn facts<'a>(row: &'a MessageRow, lines: &[Raw]) -> Facts<'a> {
    let mut facts = Facts {
        row,
        attributes: Vec::new(),
        sources: Vec::new(),
        streams: Vec::new(),
        regions: Vec::new(),
    };
    for (message, stage, host, items, _, stream) in lines {
        if row.id != format!("m{}", message % 12) {
            continue;
        }
        let host = HOSTS[usize::from(*host) % 5];
        if !host.is_empty() {
            facts.attributes.push(("host".into(), host.into()));
        }
        let items = if items % 7 == 0 {
            "many".to_owned()
        } else {
            (items % 7).to_string()
        };
        facts.attributes.push(("items".into(), items));
        let group = if *stage {
            "source /logs/engine"
        } else {
            "source /logs/a"
        };
        facts.sources.push(group.into());
        let region = ["us-east-1", "eu-west-1"][usize::from(*stage)];
        facts.regions.push(region.into());
        facts
            .streams
            .push(if *stream { "s-one" } else { "s-two" }.into());
    }
    facts
}

const TERMS: [&str; 30] = [
    "m1",
    "ENG",
    "verdict:lost",
    "!verdict:completed",
    "stage:engine",
    "env:qa",
    "host=eng-1",
    "host!=eng-2",
    "host=",
    "host!=",
    "host:eng",
    "host=/^eng-[13]$/",
    "items>3",
    "items<=2",
    "!items>=1",
    "items=many",
    "source:engine",
    "!source:engine",
    "stream=s-one",
    "!stream:two",
    "id=m7",
    "/m1?1/",
    "after:1795313000",
    "before:1795313100",
    "region=eu-west-1",
    "region!=us-east-1",
    "1795313000..1795313100",
    "!>1795313000",
    "last_seen<=1795313100",
    "first_seen=1795313000..1795313200",
];

proptest! {
    #[test]
    fn a_filter_keeps_what_the_plainest_way_keeps(
        lines in prop::collection::vec(any::<Raw>(), 1..60),
        chosen in prop::collection::vec(0..TERMS.len(), 0..4),
        from in 0..12_usize,
    ) {
        let (engine, lines) = world(&lines);
        let text: Vec<&str> = chosen.iter().map(|term| TERMS[*term]).collect();
        let terms = read(&text.join(" ")).unwrap();
        let all = engine.list(&MessageQuery { sort: Sort::Id, limit: 1000, ..MessageQuery::default() });
        let kept: Vec<String> = all.rows.iter()
            .filter(|row| facts(row, &lines).hold(&terms))
            .map(|row| row.id.clone())
            .collect();
        let query = MessageQuery { terms: terms.clone(), sort: Sort::Id, limit: 1000, ..MessageQuery::default() };
        let page = engine.list(&query);
        let found: Vec<String> = page.rows.iter().map(|row| row.id.clone()).collect();
        prop_assert_eq!(&found, &kept, "{}", text.join(" "));
        prop_assert_eq!(page.total, kept.len());

        // The same as a search in the whole list: the next match behind a row, round the end.
        let from = from.min(all.rows.len().saturating_sub(1));
        let seek = Seek::Match { terms, from, step: Step::Forward(1, Round::Yes) };
        let query = MessageQuery { seek: Some(Box::new(seek)), sort: Sort::Id, limit: 3, ..MessageQuery::default() };
        let sought = engine.list(&query).sought.unwrap();
        let rows: Vec<usize> = (0..all.rows.len()).filter(|i| kept.contains(&all.rows[*i].id)).collect();
        let next = rows.iter().find(|row| **row > from).or(rows.first());
        prop_assert_eq!(sought.row, next.copied());
        prop_assert_eq!(sought.matches, rows.len());
    }
}

#[test]
fn an_answer_nobody_waits_for_is_given_up() {
    let lines: Vec<Raw> = (0..50).map(|n| (n, false, n, n, 1, true)).collect();
    let (engine, _) = world(&lines);
    assert!(
        engine
            .list_unless(&MessageQuery::default(), &|| true)
            .is_none()
    );
    assert!(
        engine
            .list_unless(&MessageQuery::default(), &|| false)
            .is_some()
    );
}

/// Not a test: how long a filter takes over a million messages.
/// `cargo test --test suite a_million -- --ignored --nocapture`, with `--release` for the real figure.
#[test]
#[ignore = "a measurement, to be read"]
fn a_million_messages() {
    let engine = million();
    for text in [
        "",
        "verdict:lost",
        "eng-3",
        "host=eng-3",
        "host!=eng-3 items>40",
        "/f0[0-9]f/",
        "1a2b",
        "nothing-like-it",
    ] {
        let terms = read(text).unwrap();
        let query = MessageQuery {
            terms,
            limit: 120,
            ..MessageQuery::default()
        };
        let started = std::time::Instant::now();
        let page = engine.list(&query);
        eprintln!(
            "{:>9} kept in {:>7.1?} by {text:?}",
            page.total,
            started.elapsed()
        );
    }
    let looks = std::cell::Cell::new(0);
    let given_up = || {
        looks.set(looks.get() + 1);
        looks.get() > 1
    };
    let started = std::time::Instant::now();
    assert!(
        engine
            .list_unless(&MessageQuery::default(), &given_up)
            .is_none()
    );
    eprintln!("given up after {:.1?}", started.elapsed());
}

fn million() -> Engine {
    let mut engine = Engine::new(pipelines(CONFIG).unwrap(), None);
    for (number, group) in ["/logs/a", "/logs/engine"].into_iter().enumerate() {
        let source = Source {
            name: group.into(),
            env: "qa".into(),
            region: "".into(),
            group: group.into(),
            kind: SourceKind::File,
        };
        engine.open(SourceId(number as u32), Arc::new(source));
    }
    let line = |source: u32, n: usize| Line {
        time: Timestamp(1_795_312_800_000 + n as i64 * 3 + i64::from(source) * 500),
        stream: "s".into(),
        text: format!(
            r#"{{"id":"{n:032x}","host":"eng-{}","items":"{}","s":"{}"}}"#,
            n % 16,
            n % 50,
            if n.is_multiple_of(97) { "seen" } else { "done" }
        )
        .into_bytes(),
    };
    for start in (0..1_000_000).step_by(4_000) {
        for source in 0..2 {
            let lines: Vec<Line> = (start..start + 4_000).map(|n| line(source, n)).collect();
            let placed: Vec<_> = lines
                .iter()
                .enumerate()
                .map(|(i, l)| (start % 4_000_000 + i, l))
                .collect();
            engine.feed(SourceId(source), &placed);
        }
    }
    engine.close();
    engine.refresh();
    engine
}
