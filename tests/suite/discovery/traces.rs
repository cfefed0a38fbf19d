//! Traces of services: several routes through one gateway, each with services of its own, and the ways in
//! which a trace is named.

use lastseen::domain::verdict::Verdict;

use super::learning::learn;
use super::systems::{System, clock, mixed, salted};
use crate::support::alone::folder;

/// What a request does: service, time since it came in, and what is said.
type Step = (&'static str, i64, String);

fn trace(n: i64) -> String {
    format!("{:016x}{:016x}", mixed(n as u64), salted(n, 77))
}

/// The steps of a request by its route, and whether it is lost.
fn request(n: i64) -> (Vec<Step>, bool) {
    let step = |service, at, text: &str| (service, at, text.to_owned());
    let answer = |what: &str, status: i64, at| {
        (
            "gate",
            at,
            format!("{what} -> {status} in {}ms", 3 + n % 90),
        )
    };
    // Near the end nobody can say yet.
    let lost = n % 60 == 17 && n < 700;
    let mut steps = match salted(n, 5) % 10 {
        0 => vec![
            step("gate", 0, "GET /health"),
            answer("GET /health", 200, 2),
        ],
        1 | 2 => {
            let asked = vec![
                step("gate", 0, "GET /products"),
                step("catalog", 12, "found 12 products"),
            ];
            if lost {
                return (asked, true);
            }
            let mut asked = asked;
            asked.push(answer("GET /products", 200, 60));
            asked
        }
        3 => vec![
            step("gate", 0, "POST /returns"),
            step("returns", 11, "return opened"),
            answer("POST /returns", 202, 40),
            step("refund", 2600, "refund paid"),
        ],
        4 => vec![
            step("gate", 0, "POST /orders"),
            step("orders", 10, "order placed"),
            step("payment", 30, "charging card"),
            ("payment", 200, "ERROR charge declined by issuer".to_owned()),
            answer("POST /orders", 402, 230),
        ],
        _ => vec![
            step("gate", 0, "POST /orders"),
            step("orders", 10, "order placed"),
            step("payment", 30, "charging card"),
            answer("POST /orders", 201, 130),
            step("shipping", 3300, "pick list written"),
            step("shipping", 8100, "parcel handed to carrier"),
        ],
    };
    let lost = lost && steps.len() != 5 && steps.len() != 2;
    if lost {
        let behind = steps.iter().position(|(_, at, _)| *at > 1000);
        steps.truncate(behind.unwrap_or(steps.len()));
    }
    (steps, lost)
}

/// All requests, each line as `write` puts it, with the file it stands in.
fn requests(write: &dyn Fn(i64, &Step, i64) -> (&'static str, String)) -> System {
    let mut log = System::default();
    for n in 0..900 {
        let (steps, lost) = request(n);
        let start = 3_600_000 + n * 2000 + salted(n, 8).cast_signed() % 900;
        for step in &steps {
            let at = start + step.1;
            let (file, line) = write(n, step, at);
            log.say(file, at, line);
        }
        if lost {
            log.lost.insert(trace(n));
        }
    }
    log
}

fn file(service: &str) -> &'static str {
    match service {
        "gate" => "gate.log",
        "catalog" => "catalog.log",
        "orders" => "orders.log",
        "payment" => "payment.log",
        "returns" => "returns.log",
        "refund" => "refund.log",
        _ => "shipping.log",
    }
}

/// A line as Spring Cloud Sleuth has it.
fn sleuth(n: i64, (service, ms, text): &Step, at: i64) -> String {
    let (level, text) = match text.strip_prefix("ERROR ") {
        Some(text) => ("ERROR", text),
        None => (" INFO", text.as_str()),
    };
    format!(
        "2026-03-14 {} {level} [{service},{},{:016x}] 1 --- [nio-8080-exec-{}] c.a.{service}.Main : {text}",
        clock(at),
        trace(n),
        salted(n, 900 + *ms as u64),
        n % 9
    )
}

#[test]
fn the_routes_through_one_gateway_each_have_their_own_end() {
    let log = requests(&|n, step, at| (file(step.0), sleuth(n, step, at)));
    let (config, said) = log.prove("routes");
    assert_eq!(said.count(Verdict::Unentered), 0, "{config}");
    assert!(said.count(Verdict::Failed) > 50, "{config}");
}

#[test]
fn services_that_share_a_log_are_told_apart_by_who_is_named_beside_the_trace() {
    let log = requests(&|n, step, at| ("all.log", sleuth(n, step, at)));
    let (config, _) = log.prove("routes-one-log");
    assert!(config.contains(r#"name  = "payment""#), "{config}");
}

#[test]
fn a_trace_is_known_within_the_headers_that_carry_it() {
    let log = requests(&|n, (service, ms, text), at| {
        let (trace, span) = (trace(n), salted(n, 900 + *ms as u64));
        let time = clock(at);
        let line = match *service {
            "gate" => format!(r#"2026-03-14T{time}Z INFO {text} "00-{trace}-{span:016x}-01""#),
            "orders" => format!("2026-03-14T{time}Z INFO {text} [b3={trace}-{span:016x}-1]"),
            _ => format!(
                r#"{{"time":"2026-03-14T{time}Z","msg":"{text}","traceparent":"00-{trace}-{span:016x}-01"}}"#
            ),
        };
        (file(service), line)
    });
    log.prove("headers");
}

/// Spans bear the name of the span before them, which is no message that goes from service to service; and
/// services that say the same of a failure are told apart.
#[test]
fn what_goes_through_spans_is_the_trace() {
    let mut log = System::default();
    for n in 0..900i64 {
        let (steps, lost) = request(n);
        let (start, root) = (3_600_000 + n * 2000, salted(n, 3));
        let bad = steps.iter().any(|(_, _, text)| text.starts_with("ERROR"));
        let mut span = |service: &str, name: &str, at: i64, id: u64, status: &str| {
            let parent = if id == root {
                String::new()
            } else {
                format!("{root:016x}")
            };
            let line = format!(
                r#"{{"start_time":"2026-03-14T{}Z","trace_id":"{}","span_id":"{id:016x}","parent_span_id":"{parent}","name":"{name}","status":"{status}","service.name":"{service}"}}"#,
                clock(at),
                trace(n)
            );
            log.say("spans.jsonl", at, line);
        };
        let asked = steps[0].2.clone();
        span(
            "gate",
            &asked,
            start,
            root,
            if bad { "ERROR" } else { "OK" },
        );
        for (at, (service, ms, text)) in steps.iter().enumerate().skip(1) {
            if *service != "gate" {
                let (name, status) = match text.strip_prefix("ERROR ") {
                    Some(_) => ("call", "ERROR"),
                    None => (text.as_str(), "OK"),
                };
                span(service, name, start + ms, salted(n, 40 + at as u64), status);
            }
        }
        // Who asked for products and got no answer has all the spans of one who did.
        if lost && steps.iter().all(|(service, ..)| *service != "catalog") {
            log.lost.insert(trace(n));
        }
    }
    let (config, _) = log.prove("spans");
    assert!(config.contains(r#"id = ["trace_id"]"#), "{config}");
}

/// Of those who were answered that it went wrong nobody goes on.
#[test]
fn an_answer_that_says_by_its_number_that_it_went_wrong_is_a_failure() {
    let (mut log, mut failed) = (System::default(), 0);
    for n in 0..600i64 {
        let (id, start) = (trace(n), 3_600_000 + n * 2000);
        let mut say = |file: &'static str, ms: i64, path: &str, status: i64| {
            let line = format!(
                r#"[2026-03-14T{}Z] "POST {path} HTTP/1.1" {status} - via_upstream - "-" 40 {} {} "okhttp/4.9" "{id}""#,
                clock(start + ms),
                100 + n % 800,
                3 + n % 40
            );
            log.say(file, start + ms, line);
        };
        let bad = n % 40 == 7;
        say("edge.log", 0, "/orders", if bad { 500 } else { 201 });
        say("payment.log", 30, "/charge", if bad { 503 } else { 200 });
        if bad {
            failed += 1;
        } else if n % 50 == 13 {
            log.lost.insert(id);
        } else {
            say("shipping.log", 4000, "/parcels", 200);
        }
    }
    let (config, said) = log.prove("traces-numbers");
    assert_eq!(said.count(Verdict::Failed), failed, "{config}");
}

/// Most requests only read and are answered at once, in the same words as those that go on.
#[test]
fn what_goes_on_is_no_option_for_being_the_lesser_part() {
    let mut log = System::default();
    for n in 0..900 {
        let (at, id) = (3_600_000 + n * 2000, format!("{:016x}", mixed(n as u64)));
        let mut say = |ms: i64, file: &'static str, what: &str, rest: &str| {
            let time = clock(at + ms);
            let line = format!(
                r#"time=2026-03-14T{time}Z level=INFO msg="{what}" request_id={id} {rest}"#
            );
            log.say(file, at + ms, line);
        };
        if salted(n, 31) % 5 < 3 {
            let route = format!("method=GET path={}", ["/products", "/cart"][n as usize % 2]);
            say(0, "gate.log", "request started", &route);
            say(
                80,
                "gate.log",
                "request finished",
                &format!("{route} status=200"),
            );
            continue;
        }
        let route = "method=POST path=/orders";
        say(0, "gate.log", "request started", route);
        say(50, "orders.log", "order stored", "items=2");
        say(
            90,
            "gate.log",
            "request finished",
            &format!("{route} status=202"),
        );
        if n % 40 == 6 {
            log.lost.insert(id);
            continue;
        }
        say(1800, "mailer.log", "confirmation mailed", "");
    }
    log.prove("lesser-part");
}

/// A step of a trace, and how it says that it went wrong.
fn span(shape: &str, trace: &str, service: &str, start_ms: i64, wrong: bool) -> String {
    let at = 1_773_446_400_000 + start_ms;
    let tag = match (shape, wrong) {
        (_, false) => "",
        ("jaeger", _) => r#",{"key":"error","type":"bool","value":true}"#,
        ("zipkin", _) => r#","error":"timeout""#,
        _ => r#","fault":true"#,
    };
    let id = format!("{:016x}", salted(start_ms, 3));
    match shape {
        "jaeger" => format!(
            r#"{{"traceID":"{trace}","spanID":"{id}","operationName":"{service} process","startTime":{at}000,"duration":900,"tags":[{{"key":"span.kind","type":"string","value":"server"}}{tag}]}}"#
        ),
        "zipkin" => format!(
            r#"{{"traceId":"{trace}","id":"{id}","kind":"CONSUMER","name":"process","timestamp":{at}000,"duration":900,"localEndpoint":{{"serviceName":"{service}"}},"tags":{{"component":"queue"{tag}}}}}"#
        ),
        _ => format!(
            r#"{{"trace_id":"1-{}-{}","id":"{id}","name":"{service}","start_time":{}.{:03},"end_time":{}.999{tag}}}"#,
            &trace[..8],
            &trace[8..],
            at / 1000,
            at % 1000,
            at / 1000
        ),
    }
}

#[test]
fn a_step_that_is_marked_as_wrong_is_a_failure() {
    for shape in ["jaeger", "zipkin", "segment"] {
        let mut log = System::default();
        let mut failed = 0;
        for n in 0..600 {
            let (trace, start) = (trace(n), 3_600_000 + n * 5000);
            let steps = ["orders", "payments", "shipping"];
            let (wrong, lost) = (n % 40 == 9, n % 60 == 17 && n < 580);
            failed += usize::from(wrong);
            for (step, service) in steps.iter().enumerate() {
                let at = start + step as i64 * 700 + salted(n, 9).cast_signed() % 90;
                let wrong = wrong && step == 1;
                let file = ["orders.json", "payments.json", "shipping.json"][step];
                log.say(file, at, span(shape, &trace, service, at, wrong));
                if wrong || lost && step == 1 {
                    break;
                }
            }
            if lost && !wrong {
                let name = format!("1-{}-{}", &trace[..8], &trace[8..]);
                log.lost
                    .insert(if shape == "segment" { name } else { trace });
            }
        }
        let (config, said) = log.prove(&format!("traces-wrong-{shape}"));
        assert_eq!(said.count(Verdict::Failed), failed, "{config}");
    }
}

#[test]
fn in_one_file_of_all_services_only_the_step_itself_went_wrong() {
    let mut log = System::default();
    for n in 0..600 {
        let (trace, start) = (trace(n), 3_600_000 + n * 5000);
        for (step, service) in ["orders", "payments", "shipping"].iter().enumerate() {
            let at = start + step as i64 * 700 + salted(n, 9).cast_signed() % 90;
            let wrong = n % 40 == 9 && step == 1;
            log.say("spans.json", at, span("zipkin", &trace, service, at, wrong));
            if wrong {
                break;
            }
        }
    }
    let folder = folder("learnt-traces-one-file");
    log.write(&folder);
    let (_, config) = learn(&folder, ".");
    let rule = r#"fail  = '"serviceName": ?"payments"(?s:.*)"tags": ?\{[^{}]*"error": ?"'"#;
    assert!(config.contains(rule), "{config}");
    assert_eq!(config.matches("fail").count(), 1, "{config}");
}
