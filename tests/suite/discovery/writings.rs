//! Ways to write an ID down: behind an equals sign among other pairs, in quotes, at the end of a path. What is
//! learnt from each is found by the run.

use super::systems::{System, clock, mixed};

/// What a receiver and a worker write of one ID.
type Ways<'a> = (&'a str, &'a dyn Fn(&str) -> [String; 2]);

/// Both write it the same way.
fn alike(text: &str, id: &str) -> [String; 2] {
    let text = text.replace("{}", id);
    [text.clone(), text]
}

fn uuid(n: u64) -> String {
    let (high, low) = (mixed(n), mixed(n + 1_000_000));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high & 0xffff,
        low & 0xfff,
        (low >> 12) & 0xfff,
        low >> 16
    )
}

/// A receiver and a worker that write an ID in some way; now and then the worker never gets it.
fn found(name: &str, id: &dyn Fn(u64) -> String, ways: &dyn Fn(&str) -> [String; 2]) -> String {
    let mut log = System::default();
    for n in 0..150u64 {
        let (id, start) = (id(n), 3_600_000 + n as i64 * 20_000);
        let [first, second] = ways(&id);
        let mut say = |file, ms: i64, text: String| {
            let at = start + ms;
            let line = format!(
                "2026-03-14 {},{:03} INFO {text}",
                &clock(at)[..8],
                at % 1000
            );
            log.say(file, at, line);
        };
        say("receiver.log", 0, format!("took in {first} from the web"));
        if n % 30 == 7 {
            log.lost.insert(id);
            continue;
        }
        let late = 700 + (mixed(n) % 900) as i64;
        say("worker.log", late, format!("handled {second} in full"));
    }
    log.prove(&format!("writing-{name}")).0
}

#[test]
fn an_id_among_other_pairs_is_found() {
    let ways: [Ways<'_>; 9] = [
        ("commas", &|id| alike("[tenant=acme,orderId={}]", id)),
        ("first", &|id| alike("[orderId={},tenant=acme]", id)),
        ("braces", &|id| alike("{tenant=acme, orderId={}}", id)),
        ("semicolon", &|id| alike("a=1;orderId={}", id)),
        ("query", &|id| alike("a=1&orderId={}", id)),
        ("bars", &|id| alike("a=1|orderId={}|b=2", id)),
        ("double", &|id| {
            alike("Order(a=\"1\", orderId=\"{}\", b=2)", id)
        }),
        ("single", &|id| alike("Order(a='1', orderId='{}', b=2)", id)),
        ("nested", &|id| alike("mdc={a=1,orderId={}}", id)),
    ];
    for (name, ways) in ways {
        let config = found(name, &uuid, ways);
        assert!(config.contains("\"orderId\""), "{name}\n{config}");
    }
}

#[test]
fn quotes_and_none_write_the_same_id() {
    let run = |n: u64| {
        format!(
            "manual__2026-03-14T10:35:02.{:06}+00:00",
            mixed(n) % 1_000_000
        )
    };
    found("quotes", &run, &|id| {
        [
            format!("Key(dag_id='etl', run_id='{id}', try_number=1)"),
            format!("dag_id=etl, run_id={id}"),
        ]
    });
}

#[test]
fn the_end_of_a_path_is_found_behind_an_equals_sign_too() {
    found("path", &|n| format!("{}.jpg", uuid(n)), &|id| {
        [format!("key=img/{id}"), format!("img/{id}")]
    });
}

#[test]
fn a_value_with_an_equals_sign_stays_whole() {
    let config = found("whole", &|n| format!("{:016x}", mixed(n)), &|id| {
        alike("id={} dn=CN=anna,OU=mail url=/a?b=1&id=7", id)
    });
    assert!(config.contains("\"id\""), "{config}");
}

/// The same where every line of the receiver and of the worker is written by `line`, from a time and a text.
fn found_in(name: &str, id: &dyn Fn(u64) -> String, line: &dyn Fn(&str, &str) -> String) {
    let mut log = System::default();
    for n in 0..150u64 {
        let (id, start) = (id(n), 3_600_000 + n as i64 * 20_000);
        let mut say = |file, at: i64, text: &str| {
            let time = format!("2026-03-14T{}", clock(at));
            log.say(file, at, line(&time, text));
        };
        say("receiver.log", start, &format!("taken in order {id}"));
        if n % 30 == 7 {
            log.lost.insert(id);
            continue;
        }
        let end = start + 700 + (mixed(n) % 900) as i64;
        say("worker.log", start + 300, &format!("working on order {id}"));
        say("worker.log", end, &format!("handled order {id} in full"));
    }
    log.prove(&format!("writing-{name}"));
}

#[test]
fn the_words_of_a_quoted_pair_are_read() {
    found_in("quoted-pair", &uuid, &|time, text| {
        format!(r#"time={time}Z level=info msg="{text}""#)
    });
    found_in("quoted-pair-within", &uuid, &|time, text| {
        format!(r#"{{"timestamp":"{time}Z","line":"level=info msg=\"{text}\""}}"#)
    });
}

#[test]
fn what_a_device_counts_is_told_by_both() {
    let id = |n: u64| format!("meter{:02}:{}", n % 30, 4000 + n / 30 + 90 * (n % 30));
    found_in("counted", &id, &|time, text| format!("{time}Z INFO {text}"));
}

#[test]
fn a_logger_that_writes_its_time_within_and_frames_below_is_read() {
    found_in("ruby", &uuid, &|time, text| {
        let frames =
            "Net::ReadTimeout (execution expired)\napp/jobs/base.rb:12:in 'perform'\nlib/run.rb:7";
        let first = format!("I, [{time}791 #81]   INFO -- : {text}");
        if text.starts_with("working") {
            format!("{first}\n{frames}")
        } else {
            first
        }
    });
}
