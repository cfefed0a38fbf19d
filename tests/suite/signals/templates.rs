//! Troubles: which lines count, what they have in common, and that they cannot flood the memory.

use std::fmt::Write as _;

use lastseen::domain::event::SourceId;
use lastseen::domain::signals::view::{Severity, Signals, Template};
use proptest::prelude::*;

use super::{TWO, line, source, told, told_in};
use crate::support::engine::{Engine, Line, pipelines};

/// The templates of these texts, one line each.
fn templates(texts: &[&str]) -> Vec<Template> {
    let lines: Vec<(u32, Line)> = texts
        .iter()
        .zip(0..)
        .map(|(text, n)| (0, line(n * 1_000, "s", text)))
        .collect();
    told(&lines).templates
}

/// The one template that these texts share.
fn one(texts: &[&str]) -> Template {
    let found = templates(texts);
    assert_eq!(found.len(), 1, "{:#?}", texts_of(&found));
    assert_eq!(found[0].count(), texts.len() as u64);
    found[0].clone()
}

fn texts_of(templates: &[Template]) -> Vec<&str> {
    templates.iter().map(|t| &*t.text).collect()
}

#[test]
fn what_differs_is_masked() {
    for (texts, template) in [
        (
            [
                "2026-03-14 02:00:00,123 ERROR [worker-3] c.a.Engine job=910a2dec-8902-4cc1-beeb-8da1658eec67 failed after 3 of 5 tries",
                "2026-03-15 23:59:59,999 ERROR [worker-12] c.a.Engine job=aaaa2dec-bbbb-cccc-beeb-8da1658eec67 failed after 5 of 5 tries",
            ],
            "<*> ERROR [<*>] c.a.Engine job=<*> failed after <*> of <*> tries",
        ),
        (
            [
                "2020-06-09T15:02:26.150Z 3f1c2d4e-0000-4000-8000-000000000001 Task timed out after 3.00 seconds",
                "2020-06-09T15:07:26.150Z 3f1c2d4e-0000-4000-8000-00000000ffff Task timed out after 15.03 seconds",
            ],
            "<*> Task timed out after <*> seconds",
        ),
        (
            [
                "connect to 10.3.7.4:5432 refused: FATAL: role 'app_1' is not permitted",
                "connect to 10.3.7.45:5432 refused: FATAL: role 'ops' is not permitted",
            ],
            "connect to <*> refused: FATAL: role '<*>' is not permitted",
        ),
        (
            [
                "GET /v1/orders/8812/items status=503 took 12ms",
                "GET /v1/orders/9/items status=503 took 3021ms",
            ],
            "GET /<*>/orders/<*>/items status=503 took <*>",
        ),
        (
            [
                r#"level=error msg="could not store job" err="deadline exceeded" job=77 bytes=0x7ffe12"#,
                r#"level=error msg="could not store job" err="deadline exceeded" job=8123 bytes=0x10"#,
            ],
            r#"level=error msg="could not store job" err="deadline exceeded" job=<*> bytes=<*>"#,
        ),
        (
            [
                "S3Exception: Access Denied (Service: S3, Status Code: 403, Request ID: 4442587FB7D0A2F9)",
                "S3Exception: Access Denied (Service: S3, Status Code: 403, Request ID: 00A2587FB7D0A2F9)",
            ],
            "S3Exception: Access Denied (Service: S3, Status Code: 403, Request ID: <*>)",
        ),
    ] {
        assert_eq!(&*one(&texts).text, template);
    }
}

#[test]
fn of_json_the_message_and_the_codes_are_read() {
    for (text, template) in [
        (
            r#"{"level":"ERROR","location":"parameters:88","message":"GetParameter /acme/qa/router/refunds failed: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/r/r is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-central-1:123456789012:key/5d0c6a1e","timestamp":"2026-03-14T02:00:00Z"}"#,
            "GetParameter /acme/qa/router/refunds failed: AccessDeniedException: User: arn:aws:sts::<*>:assumed-role/r/r is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:<*>:key/<*>",
        ),
        (
            r#"{"@timestamp":"2026-03-14T02:00:00Z","level":"ERROR","event":"failed","node":"p-1","job":{"id":"x1"},"error":{"type":"TimeoutError","message":"ledger did not answer","tookMs":4021}}"#,
            "failed: TimeoutError: ledger did not answer",
        ),
        (
            r#"{"level":50,"time":1773453600000,"pid":17,"msg":"queue gone","err":{"type":"Error","message":"connect ECONNREFUSED 10.0.0.1:6379","stack":"Error: x\n at y"}}"#,
            "queue gone: Error: connect ECONNREFUSED <*>",
        ),
        (
            r#"{"time":"2026-03-14T02:00:00Z","type":"platform.report","message":"{\"errorCode\":\"AccessDenied\",\"errorMessage\":\"no\"}"}"#,
            "AccessDenied: no",
        ),
        (
            r#"2026-03-14T02:00:00Z	3f1c2d4e-0000-4000-8000-000000000001	ERROR	Invoke Error 	{"errorType":"Error","errorMessage":"boom 17","stack":["Error: boom 17"]}"#,
            "<*> ERROR Invoke Error: Error: boom <*>",
        ),
        (
            r#"{"msg":"upstream answered","statusCode":503,"ms":12}"#,
            "upstream answered: statusCode=503",
        ),
    ] {
        assert_eq!(&*one(&[text]).text, template, "{text}");
    }
}

#[test]
fn every_form_of_trouble_is_seen() {
    for (text, severity) in [
        ("2026-03-14 02:00:00 WARN x", Severity::Warning),
        ("[ERROR]\t2026-03-14T02:00:00Z\treq\tno", Severity::Error),
        ("level=fatal msg=over", Severity::Fatal),
        (r#"{"severity":"CRITICAL","message":"x"}"#, Severity::Fatal),
        (r#"{"level":"warn","msg":"x"}"#, Severity::Warning),
        (r#"{"level":40,"msg":"x"}"#, Severity::Warning),
        (
            "RequestId: 1 Error: Runtime exited with error: signal: killed",
            Severity::Unstated,
        ),
        ("Error: connect ECONNREFUSED", Severity::Unstated),
        (
            "java.lang.OutOfMemoryError: Java heap space",
            Severity::Unstated,
        ),
        (
            "thread 'main' panicked at src/main.rs:3",
            Severity::Unstated,
        ),
        ("process exited with code 137", Severity::Unstated),
        ("Rate exceeded (ThrottlingException)", Severity::Unstated),
        (
            "User is not authorized to perform: kms:Decrypt",
            Severity::Unstated,
        ),
        ("Method completed with status: 502", Severity::Unstated),
        (r#"{"path":"/v1","status":500}"#, Severity::Unstated),
        ("INFO the request failed, trying again", Severity::Unstated),
        ("3 errors", Severity::Unstated),
        ("errors=3", Severity::Unstated),
        ("error: null pointer", Severity::Unstated),
        ("error: 0x80070005", Severity::Unstated),
        ("request timeout", Severity::Unstated),
    ] {
        assert_eq!(one(&[text]).severity, severity, "{text}");
    }
}

#[test]
fn what_is_no_trouble_is_not_seen() {
    for text in [
        "2026-03-14 02:00:00 INFO all is well",
        "done, 0 errors, no failures",
        "batch finished failed=0 errors=0 rejected: 0",
        r#"{"level":"info","error":null,"errors":[],"failed":false,"msg":"ok"}"#,
        r#"{"level":"info","error":"","exception":{}}"#,
        "INFO ErrorHandler registered for error pages",
        "connect timeout=30s readTimeoutMs=5000",
        "process exited with code 0",
        "error=none job=7",
        "exit status: 0",
        r#"{"path":"/v1","status":200,"took":500}"#,
        "status=5 code=50",
        "swarms of skilled sailors mailed a catalog of terror to the mirror",
        "\tat com.acme.Failed.run(Failed.java:3)",
        "Caused by: java.io.IOException: refused",
        "Traceback (most recent call last):",
        "  File \"/app/error.py\", line 3, in failed",
    ] {
        assert_eq!(texts_of(&templates(&[text])), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn a_stack_trace_counts_once() {
    let java = "2026-03-14 02:00:00,000 WARN  [w-1] engine retrying job=17\n\
        java.util.concurrent.TimeoutException: no answer from pricing within 5000 ms\n\
        \tat com.acme.engine.Pricing.quote(Pricing.java:141)\n\
        Caused by: java.io.IOException: refused\n\t... 12 more";
    assert_eq!(
        &*one(&[java]).text,
        "<*> WARN [<*>] engine retrying job=<*>: java.util.concurrent.TimeoutException: no answer from pricing within <*> ms"
    );
    let python = "Traceback (most recent call last):\n  File \"/var/task/app.py\", line 7, in handler\n    x()\nKeyError: 'orderId'";
    assert_eq!(&*one(&[python]).text, "KeyError: '<*>'");
    // Each line a log event of its own, as custom runtimes write them.
    let apart: Vec<&str> = java.lines().chain(python.lines()).collect();
    let found = templates(&apart);
    assert_eq!(found.len(), 3, "{:?}", texts_of(&found));
}

#[test]
fn a_template_tells_where_when_and_what() {
    let mut lines: Vec<(u32, Line)> = (0..100)
        .map(|n| (0, line(n * 60_000, "a", format!("ERROR lost row {n}"))))
        .collect();
    lines.push((1, line(-5_000, "b", "ERROR lost row 7")));
    lines.push((1, line(-5_000, "b", "ERROR lost row 8")));
    let signals = told(&lines);
    let template = &signals.templates[0];
    assert_eq!(&*template.text, "ERROR lost row <*>");
    assert_eq!((template.count(), template.named()), (102, 0));
    let [a, b] = &*template.places else {
        panic!("{:?}", template.places)
    };
    assert_eq!((a.source.0, a.count, b.source.0, b.count), (0, 100, 1, 2));
    assert_eq!((a.first.0, a.last.0), (TWO, TWO + 99 * 60_000));
    assert_eq!(a.over_time.iter().map(|(_, n)| *n).sum::<u64>(), 100);
    assert_eq!(template.earliest(), Some(b));
    // Of two at the same time, the one that stands first in its source.
    assert_eq!(b.example.offset, 100 << 10);
}

#[test]
fn lines_that_name_a_message_are_told_apart() {
    let config = r"
        [pipeline.jobs]
        id = ['job=(?<id>\w+)']
        [[pipeline.jobs.stage]]
        name = 'engine'
        from = ['*']
        enter = 'picked up'
    ";
    let mut engine = Engine::new(pipelines(config).unwrap(), None);
    engine.open(SourceId(0), source(0));
    let lines: Vec<Line> = ["job=J1", "job=J2", "of someone"]
        .iter()
        .map(|what| line(0, "s", format!("ERROR could not do {what}")))
        .collect();
    let placed: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
    engine.feed(SourceId(0), &placed);
    let signals = engine.signals();
    let told: Vec<_> = signals
        .templates
        .iter()
        .map(|t| (&*t.text, t.count(), t.named()))
        .collect();
    let expected = [
        ("ERROR could not do job=<*>", 2, 2),
        ("ERROR could not do of someone", 1, 0),
    ];
    assert_eq!(told, expected);
}

proptest! {
    #[test]
    fn no_line_is_too_odd(
        parts in prop::collection::vec(prop_oneof![
            prop::sample::select(FRAGMENTS.to_vec()).prop_map(|f| f.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..6),
        ], 0..30),
    ) {
        let text = parts.concat();
        let signals = told(&[(0, line(0, "s", &text))]);
        prop_assert_eq!(signals.sources[0].events, 1);
        prop_assert!(signals.templates.len() <= 1);
        prop_assert!(signals.templates.iter().all(|t| t.count() == 1 && t.text.len() <= 600));
        prop_assert!(signals.series.iter().all(|s| s.key.len() <= 48 && s.count <= 64));
    }
}

/// What the readers of lines stop at.
const FRAGMENTS: [&str; 30] = [
    "ERROR",
    "error",
    "failed",
    "timeout",
    "exit code ",
    "status=5",
    "\"code\":503",
    "level",
    ":",
    "=",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "\\",
    " ",
    "\n",
    "\t",
    "0",
    "12",
    "1.5",
    "MB",
    "/",
    "mem=",
    "heap",
    "inflight=64/64",
    "REPORT RequestId",
    "Started ",
    "Max Memory Used: ",
];

#[test]
fn a_flood_of_templates_is_bounded_and_told() {
    let letters = |mut n: u64| {
        let mut word = String::new();
        for _ in 0..6 {
            n = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
            word.push(char::from(b'a' + (n % 26) as u8));
        }
        word
    };
    let mut lines = Vec::new();
    for n in 0..60_000 {
        lines.push((0, line(n, "", format!("ERROR {} broke", letters(n as u64)))));
        if n % 10 == 0 {
            lines.push((0, line(n, "", format!("ERROR denied {n}"))));
        }
    }
    let signals = told_in(&lines, 1_000);
    assert!(
        signals.templates.len() <= 8_192,
        "{}",
        signals.templates.len()
    );
    let kept: u64 = signals.templates.iter().map(Template::count).sum();
    assert_eq!(kept + signals.left_out.templates.lines, 66_000);
    assert!(signals.left_out.templates.entries > 50_000);
    let first = &signals.templates[0];
    assert_eq!((&*first.text, first.count()), ("ERROR denied <*>", 6_000));
}

#[test]
fn hostile_lines_are_read_and_bounded() {
    let mut deep = String::from(r#"{"level":"error","error":"#);
    deep.push_str(&r#"{"error":"#.repeat(50_000));
    let long = format!("ERROR {}", "x y ".repeat(2_500_000));
    let quotes = format!("ERROR {}", "\"'".repeat(5_000_000));
    let braces = format!("ERROR {{\"a\":{}", "{\"a\":".repeat(100_000));
    let mut many = String::new();
    for n in 0..100_000 {
        write!(many, "error_{n} failed=0 ").unwrap();
    }
    let binary: Vec<u8> = (0..=255_u8)
        .cycle()
        .take(1 << 16)
        .chain(*b" failed")
        .collect();
    let texts: [&[u8]; 8] = [
        deep.as_bytes(),
        long.as_bytes(),
        quotes.as_bytes(),
        braces.as_bytes(),
        many.as_bytes(),
        &binary,
        b"\xff\xfe failed \x1b[31m\xe2\x80\xae\0",
        b"{\"error\": {\"message\": \"\\ud800 \\u0000 failed",
    ];
    let lines: Vec<(u32, Line)> = texts.iter().map(|t| (0, line(0, "", t))).collect();
    let signals: Signals = told(&lines);
    assert!(
        signals.templates.iter().all(|t| t.text.len() <= 600),
        "lossy, and yet short"
    );
    let texts = texts_of(&signals.templates);
    assert!(
        texts.iter().any(|t| t.starts_with("ERROR x y x y")),
        "{texts:?}"
    );
    assert!(texts.iter().any(|t| t.contains("failed")), "{texts:?}");
    let control = |t: &&str| t.contains(|c: char| c.is_ascii_control());
    assert_eq!(texts.iter().find(|t| control(t)), None);
}
