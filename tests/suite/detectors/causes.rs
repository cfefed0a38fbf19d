//! Common cause, dead edge, silent emitter, unknown consumer.

use lastseen::diagnose::finding::FindingKind::{
    CommonCause, DeadEdge, Onset, SilentEmitter, UnknownConsumer,
};

use super::{ENGINE, ONSET, QUEUE, found, kinds, one_of};
use crate::support::sheets::Chance;

const TOPICS: [&str; 4] = ["prices", "stock", "returns", "customers"];

#[test]
fn a_flow_that_was_there_and_then_was_not_is_a_dead_edge() {
    let findings = found(|index, message| {
        let topic = one_of(index, &TOPICS);
        let lost = topic == "returns" && index >= ONSET;
        message.says(QUEUE, "topic", topic).lost_after(QUEUE, lost)
    });
    assert_eq!(kinds(&findings), [DeadEdge]);
    assert_eq!(
        findings[0].title,
        "qa: messages with topic=returns stopped coming through after queue: 150 never reached engine, 150 had passed before"
    );
}

#[test]
fn one_that_never_was_there_or_lives_on_in_part_is_none() {
    let never = found(|index, message| {
        let topic = one_of(index, &TOPICS);
        let lost = topic == "returns";
        message.says(QUEUE, "topic", topic).lost_after(QUEUE, lost)
    });
    assert_eq!(kinds(&never), [CommonCause]);
    let in_part = found(|index, message| {
        let topic = one_of(index, &TOPICS);
        let lost = topic == "returns" && index >= ONSET && index % 8 == 2;
        message.says(QUEUE, "topic", topic).lost_after(QUEUE, lost)
    });
    assert_eq!(kinds(&in_part), [CommonCause]);
    // Nobody sends any more: nothing is lost.
    let quiet = found(|index, message| {
        let topic = one_of(index, if index < ONSET { &TOPICS } else { &TOPICS[..2] });
        message.says(QUEUE, "topic", topic)
    });
    assert_eq!(kinds(&quiet), []);
}

/// Lane 1 is served by one processor, which falls silent when its messages begin to vanish; or logs on.
fn lane(logs_on: bool, lost: bool) -> Vec<lastseen::diagnose::finding::Finding> {
    found(|index, message| {
        let lane = one_of(index, &["1", "2", "3"]);
        let stopped = lane == "1" && index >= ONSET;
        // One that logs on serves lane 2 as well.
        let server = match lane {
            "2" if logs_on && index % 2 == 0 => "1",
            "1" if stopped => "3",
            lane => lane,
        };
        message
            .says(ENGINE, "swimlane", lane)
            .says(2, "stream", &format!("processor-{server}"))
            .lost_after(ENGINE, stopped && lost)
    })
}

#[test]
fn who_falls_silent_when_his_messages_vanish_is_told() {
    let findings = lane(false, true);
    assert_eq!(kinds(&findings), [SilentEmitter]);
    assert!(
        findings[0].title.starts_with(
            "qa: processor-1 at processor fell silent while its 2 peers went on logging: 200 messages"
        ),
        "{}",
        findings[0].title
    );
}

#[test]
fn who_logs_on_or_leaves_and_loses_nothing_is_not() {
    assert_eq!(kinds(&lane(true, true)), [DeadEdge]);
    // Scaled in: others take over.
    assert_eq!(kinds(&lane(false, false)), []);
}

#[test]
fn who_takes_and_passes_on_nothing_is_an_unknown_consumer() {
    let findings = found(|index, message| {
        let old = index >= ONSET && index % 9 == 0;
        let host = if old {
            "ip-old"
        } else {
            one_of(index, &["ip-1", "ip-2"])
        };
        message
            .says(ENGINE, "host", host)
            .says(ENGINE, "version", if old { "2.9" } else { "2.14" })
            .lost_after(ENGINE, old)
    });
    assert_eq!(kinds(&findings), [UnknownConsumer]);
    assert!(
        findings[0]
            .title
            .contains("host=ip-old (version=2.9) at engine took 67 messages and passed on none"),
        "{}",
        findings[0].title
    );
}

#[test]
fn a_new_host_that_passes_on_is_none_nor_one_that_passes_on_some() {
    let deployed = found(|index, message| {
        let host = if index < ONSET { "ip-1" } else { "ip-2" };
        message.says(ENGINE, "host", host)
    });
    assert_eq!(kinds(&deployed), []);
    let some = found(|index, message| {
        let host = one_of(index, &["ip-1", "ip-2", "ip-3"]);
        let lost = host == "ip-3" && index % 2 == 0;
        message.says(ENGINE, "host", host).lost_after(ENGINE, lost)
    });
    assert_eq!(kinds(&some), [CommonCause]);
}

#[test]
fn a_place_where_some_vanish_for_a_while_has_a_consumer_that_is_inferred() {
    let place = |share: f64, from: i64| {
        let chance = std::cell::RefCell::new(Chance(5));
        found(|index, message| {
            let region = one_of(index, &["eu-1", "us-1"]);
            let taken = region == "eu-1" && index >= from;
            let lost = taken && chance.borrow_mut().happens(share);
            message
                .says(QUEUE, "region", region)
                .lost_after(QUEUE, lost)
        })
    };
    let findings = place(0.25, ONSET);
    assert_eq!(kinds(&findings), [UnknownConsumer]);
    assert!(
        findings[0].title.ends_with("(inferred)"),
        "{}",
        findings[0].title
    );
    // All along: no consumer that came; and all of them: none that takes its part.
    assert_eq!(kinds(&place(0.25, 0)), [CommonCause]);
    assert_eq!(kinds(&place(1.0, ONSET)), [DeadEdge]);
}

/// A good day with losses by lot: deploys and new hosts come and go, and none is to blame.
#[test]
fn deploys_and_new_hosts_are_not_blamed_for_losses_by_lot() {
    for seed in 0..20 {
        let chance = std::cell::RefCell::new(Chance(700 + seed));
        let findings = found(|index, message| {
            let mut chance = chance.borrow_mut();
            let hosts: &[&str] = match index {
                0..300 => &["ip-1", "ip-2"],
                300..800 => &["ip-1", "ip-2", "ip-3", "ip-4"],
                _ => &["ip-5", "ip-6"],
            };
            let host = hosts[chance.below(hosts.len() as u64) as usize];
            message
                .says(ENGINE, "host", host)
                .says(ENGINE, "version", if index < 800 { "1" } else { "2" })
                .lost_after(ENGINE, chance.happens(0.03))
        });
        let blamed = findings.iter().any(|f| f.kind != Onset);
        assert!(!blamed, "{seed}: {}", findings[0].title);
    }
}

#[test]
fn beside_a_bound_the_value_that_all_of_them_have_is_named() {
    let of = |batches: i64| {
        found(|index, message| {
            let lost = index % 100 == 50;
            let heap = if lost { 2_000 + index } else { index % 1_900 };
            let batch = if lost || index % batches == 0 {
                "nightly"
            } else {
                "hourly"
            };
            message
                .says(QUEUE, "heap", &heap.to_string())
                .says(QUEUE, "batch", batch)
                .lost_after(QUEUE, lost)
        })
    };
    let findings = of(4);
    assert_eq!(kinds(&findings), [CommonCause]);
    assert!(
        findings[0]
            .title
            .ends_with("never reached engine; also: batch=nightly"),
        "{}",
        findings[0].title
    );
    let named: Vec<&str> = findings[0].attributes.iter().map(|a| &*a.name).collect();
    assert_eq!(named, ["heap", "batch"]);
    // What nearly everybody has is nothing to name.
    assert!(!of(1)[0].title.contains("also"));
}
