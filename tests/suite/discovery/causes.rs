//! What the lost are said to have in common was known of them before: what comes of being lost is no cause.

use lastseen::diagnose::finding::FindingKind;
use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, mixed};

/// Orders that hang at the worker for a time, for one kind: tried again and again, never packed.
fn orders() -> System {
    let mut log = System::default();
    for n in 0..600i64 {
        let (order, start) = (format!("{:016x}", mixed(n as u64)), 3_600_000 + n * 4000);
        let kind = ["gift", "plain", "bulk"][n as usize % 3];
        let mut say = |file, ms: i64, rest: String| {
            let time = clock(start + ms);
            log.say(
                file,
                start + ms,
                format!(
                    r#"{{"timestamp":"2026-03-14T{time}Z","orderId":"{order}","kind":"{kind}",{rest}}}"#
                ),
            );
        };
        say("api.jsonl", 0, r#""event":"taken""#.to_owned());
        say("worker.jsonl", 700, r#""event":"picked""#.to_owned());
        if kind == "gift" && (200..500).contains(&n) {
            for attempt in 2..4 {
                say(
                    "worker.jsonl",
                    attempt * 900,
                    format!(r#""event":"retrying","attempt":{attempt},"hint":"engine busy""#),
                );
            }
            log.lost.insert(order);
            continue;
        }
        say(
            "worker.jsonl",
            1900,
            format!(r#""event":"packed","lineItems":{}"#, 1 + n % 5),
        );
        say("carrier.jsonl", 2600, r#""event":"sent off""#.to_owned());
    }
    log
}

#[test]
fn what_was_said_after_a_message_came_is_not_what_the_lost_have_in_common() {
    let (config, said) = orders().prove("after-words");
    assert_eq!(said.count(Verdict::Lost), 100, "{config}");
    let of_losses = [
        FindingKind::CommonCause,
        FindingKind::DeadEdge,
        FindingKind::UnknownConsumer,
        FindingKind::SilentEmitter,
    ];
    let causes: Vec<_> = said
        .findings
        .iter()
        .filter(|f| of_losses.contains(&f.kind))
        .collect();
    assert_eq!(causes.len(), 1, "{causes:#?}\n{config}");
    assert!(causes[0].title.contains("kind=gift"), "{causes:#?}");
    for word in ["attempt", "lineItems", "hint"] {
        assert!(!causes[0].title.contains(word), "{causes:#?}");
        assert!(
            causes[0].attributes.iter().all(|a| a.name != word),
            "{causes:#?}"
        );
    }
}
