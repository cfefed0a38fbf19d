//! Messages of a kind that never go on: whether that is planned no log says, so they are not called
//! lost; and what begins at some moment, or strikes where something runs, is.

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, mixed, salted};

const ORDERS: i64 = 600;

/// An order that is taken, paid and perhaps shipped; its first line says `what`.
fn order(log: &mut System, n: i64, what: &str, shipped: bool) -> String {
    let (order, start) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 4000);
    let mut say = |file, ms, said: String| {
        log.say(
            file,
            start + ms,
            format!("2026-03-14T{}Z INFO {said}", clock(start + ms)),
        );
    };
    say("api.log", 0, format!("order received id={order} {what}"));
    say("pay.log", 700, format!("paid id={order}"));
    if shipped {
        say(
            "ship.log",
            2000 + salted(n, 1).cast_signed() % 900,
            format!("shipped id={order}"),
        );
    }
    order
}

/// Which of three ways an order comes.
fn channel(n: i64) -> &'static str {
    // The last ones are seen to the end.
    if n > ORDERS - 5 {
        return "web";
    }
    ["web", "app", "pickup"][(salted(n, 2) % 3) as usize]
}

#[test]
fn a_kind_that_never_goes_on_is_blind_and_losses_of_the_others_are_found() {
    let mut log = System::default();
    for n in 0..ORDERS {
        let (channel, lost) = (channel(n), n % 90 == 17);
        let order = order(
            &mut log,
            n,
            &format!("channel={channel}"),
            channel != "pickup" && !lost,
        );
        if lost && channel != "pickup" {
            log.lost.insert(order);
        }
    }
    let pickups = (0..ORDERS).filter(|n| channel(*n) == "pickup").count();
    let (config, said) = log.prove("never-goes-on");
    assert_eq!(said.count(Verdict::Blind), pickups, "{config}");
    assert!(
        config.contains("may_end = [\"channel=pickup\"]"),
        "{config}"
    );
    assert!(config.contains("LOOK AT THIS: none of "), "{config}");
}

#[test]
fn a_kind_that_stops_going_on_is_lost() {
    let mut log = System::default();
    for n in 0..ORDERS {
        let channel = channel(n);
        let goes = channel != "pickup" || n < 200;
        let order = order(&mut log, n, &format!("channel={channel}"), goes);
        if !goes {
            log.lost.insert(order);
        }
    }
    let (config, _) = log.prove("stops-going-on");
    assert!(!config.contains("may_end"), "{config}");
}

#[test]
fn where_a_message_runs_is_no_plan() {
    let mut log = System::default();
    for n in 0..ORDERS {
        let partition = salted(n, 3) % 4;
        let order = order(
            &mut log,
            n,
            &format!("partition={partition}"),
            partition != 2,
        );
        if partition == 2 {
            log.lost.insert(order);
        }
    }
    let (config, _) = log.prove("dead-partition");
    assert!(!config.contains("may_end"), "{config}");
}

#[test]
fn pages_that_need_no_service_are_told_by_their_path() {
    let mut log = System::default();
    for n in 0..ORDERS {
        let (request, at) = (
            format!("{:032x}", u128::from(mixed(n as u64)) << 40),
            3_600_000 + n * 4000,
        );
        let page = salted(n, 4).is_multiple_of(3);
        let path = if page {
            "static/app.js"
        } else {
            "api/orders/7"
        };
        let time = clock(at);
        let (time, _) = time.split_once('.').unwrap();
        log.say(
            "access.log",
            at,
            format!("10.0.1.9 - - [14/Mar/2026:{time} +0000] \"GET /{path} HTTP/1.1\" 200 731 \"-\" \"curl/8\" {request}"),
        );
        if n % 80 == 9 && !page {
            log.lost.insert(request);
        } else if !page {
            let said = format!(
                "2026-03-14T{}Z INFO request_id={request} handled in 61 ms",
                clock(at + 300)
            );
            log.say("app.log", at + 300, said);
        }
    }
    let (config, _) = log.prove("static-pages");
    assert!(config.contains("may_end = [\"path=/static\"]"), "{config}");
}
