//! Fronts that write a line when a request is answered, with how long it took: the message entered there,
//! before all that the line stands behind.

use std::collections::BTreeSet;

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, mixed, salted};

/// How a front writes that it answered at a time, after so many milliseconds.
type Front = fn(at: i64, took: i64, status: u16, id: &str) -> String;

/// In whole seconds.
fn combined(at: i64, took: i64, status: u16, id: &str) -> String {
    let (time, took) = (&clock(at)[..8], took as f64 / 1000.0);
    format!(
        r#"10.0.0.9 - - [14/Mar/2026:{time} +0000] "POST /orders HTTP/1.1" {status} 180 "-" "okhttp/4" {took:.3} {id}"#
    )
}

fn json(at: i64, took: i64, status: u16, id: &str) -> String {
    let (time, took) = (clock(at), took as f64 / 1000.0);
    format!(
        r#"{{"time":"2026-03-14T{time}Z","request_method":"POST","uri":"/orders","status":{status},"request_time":{took},"request_id":"{id}"}}"#
    )
}

fn server(at: i64, took: i64, status: u16, id: &str) -> String {
    let time = clock(at);
    format!(r#"2026-03-14T{time}Z INFO access: "POST /orders HTTP/1.1" {status} {took}ms rid={id}"#)
}

/// Requests through a front and an application, and where there is one a worker afterwards.
fn requests(name: &str, front: Front, worker: bool) {
    let mut log = System::default();
    let (mut refused, mut silent) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..600i64 {
        let id = format!("{:016x}{:016x}", mixed(n as u64), salted(n, 1));
        let (start, took) = (3_600_000 + n * 5_000, 30 + (salted(n, 2) % 900) as i64);
        let mut answer = |ms: i64, status: u16| {
            log.say("front.log", start + ms, front(start + ms, ms, status, &id));
        };
        // Refused at once, by the application, or given up waiting for.
        match n % 40 {
            7 => {
                answer(8, 502);
                refused.insert(id);
                continue;
            }
            21 => answer(5_000, 500),
            27 if n < 500 => answer(9_000, 504),
            // What the application did is never answered.
            33 if !worker && n < 500 => {}
            _ => answer(took, 200),
        }
        let mut say = |ms: i64, file: &'static str, what: &str| {
            let time = clock(start + ms);
            log.say(file, start + ms, format!(
                r#"{{"ts":"2026-03-14T{time}Z","level":"info","msg":"{what}","request_id":"{id}"}}"#
            ));
        };
        say(4, "app.log", "request received");
        if n % 40 == 21 {
            refused.insert(id);
            continue;
        }
        if n % 40 == 27 && n < 500 {
            log.lost.insert(id);
            continue;
        }
        let lost = n % 30 == 19 && n < 500;
        if lost && !worker {
            log.lost.insert(id);
            continue;
        }
        say(took - 10, "app.log", "order stored");
        if worker && !lost {
            say(took + 2_000, "worker.log", "job picked up");
            say(took + 4_000, "worker.log", "job done");
        } else if worker {
            log.lost.insert(id);
        } else if n % 40 == 33 && n < 500 {
            silent.insert(id);
        }
    }
    let (config, said) = log.prove(name);
    let of =
        |verdict| -> BTreeSet<String> { said.ids(verdict).into_iter().map(|(_, id)| id).collect() };
    assert_eq!(of(Verdict::Failed), refused, "{config}");
    assert_eq!(of(Verdict::Unentered), silent, "{config}");
}

#[test]
fn what_a_front_writes_at_the_end_tells_where_requests_entered() {
    requests("front-combined", combined, false);
    requests("front-json", json, false);
    requests("front-server", server, false);
}

#[test]
fn work_that_goes_on_after_the_answer_is_missed_where_it_was_to_be_done() {
    requests("front-combined-worker", combined, true);
    requests("front-json-worker", json, true);
    requests("front-server-worker", server, true);
}

/// What a last step says of the whole way is no request: it stays where it was said.
#[test]
fn how_long_a_message_took_in_all_does_not_move_the_end_to_the_beginning() {
    let mut log = System::default();
    for n in 0..400i64 {
        let id = format!("{:016x}", mixed(n as u64));
        let start = 3_600_000 + n * 5_000;
        let mut say = |ms: i64, file: &'static str, what: &str| {
            let time = clock(start + ms);
            log.say(file, start + ms, format!(
                r#"{{"ts":"2026-03-14T{time}Z","level":"info","msg":"{what}","order_id":"{id}","duration_ms":{ms}}}"#
            ));
        };
        say(4, "intake.log", "order taken");
        say(300, "store.log", "order stored");
        if n % 30 == 19 && n < 300 {
            log.lost.insert(id);
            continue;
        }
        say(900, "billing.log", "order billed");
    }
    log.prove("took-in-all");
}
