//! Onset: when it began, as exactly as clocks and counts allow, and "diffuse" where it did not begin.

use std::cell::RefCell;

use lastseen::diagnose::finding::{Finding, FindingKind, Onset};
use lastseen::diagnose::sentence::Sentence;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::view::Overview;

use super::{ALL, ENGINE, ONSET, QUEUE, STAGES, found, kinds, one_of};
use crate::fake::picture;
use crate::support::sheets::{Chance, Message, SECOND, findings, sheet};

fn holds(onset: Option<Onset>, truth: i64) -> bool {
    onset.is_some_and(|o| o.low <= Timestamp(truth) && Timestamp(truth) <= o.high)
}

fn by_lot(seed: u64, rate: impl Fn(i64) -> f64) -> Vec<Finding> {
    let chance = RefCell::new(Chance(seed));
    found(|index, message| {
        let lost = chance.borrow_mut().happens(rate(index));
        message.lost_after(QUEUE, lost)
    })
}

#[test]
fn a_rate_that_changes_has_an_onset_and_says_that_nothing_else_is_known() {
    let findings = by_lot(3, |index| if index < ONSET { 0.0 } else { 0.2 });
    assert_eq!(kinds(&findings), [FindingKind::Onset]);
    assert!(holds(findings[0].onset, ONSET * SECOND));
    assert_eq!(
        findings[0].evidence,
        ["nothing that was logged of them separates the lost from those that went on"]
    );
}

#[test]
fn a_rate_that_does_not_change_is_diffuse_and_its_gap_says_so() {
    assert_eq!(kinds(&by_lot(4, |_| 0.05)), []);
    let mut chance = Chance(8);
    let messages: Vec<Message> = (0..ALL)
        .map(|index| {
            let message =
                Message::at(index * SECOND).says(QUEUE, "kind", one_of(index, &["a", "b"]));
            message.lost_after(QUEUE, chance.happens(0.05))
        })
        .collect();
    let stages = &STAGES[..2];
    let gaps = findings(&picture(60, 0).overview, &[sheet("qa", stages, &messages)]);
    assert_eq!(kinds(&gaps), [FindingKind::Gap]);
    let [nothing, diffuse] = &*gaps[0].evidence else {
        panic!("{:?}", gaps[0].evidence)
    };
    assert!(nothing.ends_with(
        "lost: nothing that was logged of them separates the lost from those that went on"
    ));
    assert_eq!(diffuse, "diffuse, no onset: the loss rate did not change");
}

/// Hosts whose clocks are up to 3 s off read a stop at another time; the interval allows for it, and
/// for no more than that.
#[test]
fn the_interval_allows_for_clocks_that_are_measured_to_differ() {
    let width = |skew: i64| {
        let (mut held, mut widest) = (0, 0);
        for seed in 0..20 {
            let chance = RefCell::new(Chance(40 + seed));
            let findings = found(|index, message| {
                let host = chance.borrow_mut().below(4) as i64;
                let lane = one_of(index, &["1", "2"]);
                message
                    .says(ENGINE, "stream", &format!("ip-{host}"))
                    .says(ENGINE, "swimlane", lane)
                    .clock_ahead(ENGINE, (host * 2 - 3) * skew / 3)
                    .lost_after(ENGINE, lane == "1" && index >= ONSET)
            });
            let onset = findings[0].onset;
            // What came to the engine a second before it is the first that is stopped.
            held += usize::from(holds(onset, ONSET * SECOND + 2 * SECOND));
            widest = widest.max(onset.map_or(0, |o| o.high.since(o.low)));
        }
        assert_eq!(held, 20);
        widest
    };
    assert!(width(0) <= 6_000, "{}", width(0));
    assert!((6_000..=20_000).contains(&width(3_000)), "{}", width(3_000));
}

/// A version that is rolled out machine by machine, and drops one kind that is rare.
fn rolled_out(seed: u64, names_version: bool) -> Finding {
    let chance = RefCell::new(Chance(seed));
    let mut findings = found(|index, message| {
        let mut chance = chance.borrow_mut();
        let machine = chance.below(4) as i64;
        let new = index >= ONSET + machine * 45;
        let kind = ["a", "b", "c", "rare"][chance.below(7).min(3) as usize];
        let kind = if kind == "rare" { "d" } else { kind };
        let message = message.says(QUEUE, "kind", kind);
        let version = if new { "2.4" } else { "2.3" };
        let version = if names_version { version } else { "2.3" };
        message
            .says(QUEUE, "version", version)
            .lost_after(QUEUE, kind == "a" && new)
    });
    findings.remove(0)
}

#[test]
fn what_came_up_with_the_losses_is_told_and_bounds_their_beginning() {
    let mut held = 0;
    for seed in 0..20 {
        let finding = rolled_out(seed, true);
        assert_eq!(finding.attributes[0].value, "a");
        let told = finding.evidence.iter();
        let mut told = told.filter(|e| e.starts_with("version=2.4 was first seen at 00:10:"));
        assert!(told.next().is_some(), "{:?}", finding.evidence);
        held += usize::from(holds(finding.onset, ONSET * SECOND));
    }
    assert!(held >= 19, "{held} of 20");
}

#[test]
fn what_was_there_long_before_came_not_up_with_them() {
    let finding = rolled_out(1, false);
    assert!(!finding.evidence.iter().any(|e| e.contains("first seen")));
    // Nobody with so full a heap ever went on: a batch that came up before it began nothing.
    let findings = found(|index, message| {
        let heap = if index < ONSET + 200 {
            index % 80
        } else {
            index % 100
        };
        message
            .says(QUEUE, "heap", &heap.to_string())
            .says(QUEUE, "batch", if index < ONSET { "1" } else { "2" })
            .lost_after(QUEUE, heap >= 97)
    });
    let told = &findings[0].evidence;
    assert!(!told.iter().any(|e| e.contains("first seen")), "{told:?}");
    assert!(holds(findings[0].onset, (ONSET + 297) * SECOND));
    // Deployed long before: messages of the kind went on with it.
    let findings = found(|index, message| {
        let kind = one_of(index, &["a", "b", "c"]);
        message
            .says(QUEUE, "kind", kind)
            .says(QUEUE, "version", if index < 200 { "1" } else { "2" })
            .lost_after(QUEUE, kind == "a" && index >= ONSET)
    });
    let told = &findings[0].evidence;
    assert!(!told.iter().any(|e| e.contains("first seen")), "{told:?}");
}

#[test]
fn an_overview_without_losses_has_no_words() {
    let quiet = found(|_, message| message);
    assert_eq!(quiet, []);
    assert_eq!(findings(&Overview::default(), &[]), []);
}

#[test]
fn what_was_lost_long_before_the_beginning_is_counted_apart() {
    let findings = found(|index, message| {
        let lost = index == 30 || (index >= ONSET && index % 2 == 0);
        message.lost_after(QUEUE, lost)
    });
    assert_eq!(kinds(&findings), [FindingKind::Onset]);
    assert_eq!(findings[0].onset.unwrap().at, Timestamp(ONSET * SECOND));
    let last = findings[0].evidence.last().unwrap();
    assert_eq!(
        last,
        "1 earlier, from 00:00:30 UTC on, too few to be the beginning"
    );
}

/// A count of losses that a cause explains began when that did; only what was looked for and not found is
/// diffuse.
#[test]
fn a_gap_that_a_cause_explains_began_as_its_cause_did() {
    let messages: Vec<Message> = (0..ALL)
        .map(|index| {
            let kind = if index % 10 == 1 { "b" } else { "a" };
            let message = Message::at(index * SECOND).says(QUEUE, "kind", kind);
            message.lost_after(QUEUE, kind == "b" && index >= ONSET)
        })
        .collect();
    let stages = &STAGES[..2];
    let found = findings(&picture(60, 0).overview, &[sheet("qa", stages, &messages)]);
    let [cause, gap] = &*found else {
        panic!("{found:?}")
    };
    assert_eq!(gap.kind, FindingKind::Gap);
    assert!(gap.onset.is_some() && gap.onset == cause.onset, "{gap:?}");
    let said: Vec<&str> = gap.evidence.iter().map(|said| &**said).collect();
    assert_eq!(said, ["it began as its cause did, which is told above"]);
    let lasted = cause
        .evidence
        .iter()
        .find(|s| s.starts_with("while it lasted"));
    assert_eq!(
        lasted.map(|said| &**said),
        Some(
            "while it lasted 100.0 % of those with kind=b were lost, 0.00 % of them before and after"
        )
    );
}

/// Where a window is more than one day its times bear theirs, in the zone that they are told in.
#[test]
fn a_sentence_about_two_days_tells_them() {
    let time = |text: &str| {
        Timestamp(
            text.parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
                .timestamp_millis(),
        )
    };
    let (from, to) = (time("2026-03-13T14:20:01Z"), time("2026-03-14T00:19:08Z"));
    let plain = Sentence::from("first ")
        .clock(from)
        .say(", last ")
        .clock_in_zone(to);
    assert_eq!(plain, "first 14:20:01, last 00:19:08 UTC");
    let dated = plain.dated(Span::new(from, to));
    assert_eq!(dated, "first 03-13 14:20:01, last 03-14 00:19:08 UTC");
    let west = chrono::FixedOffset::west_opt(10 * 3_600).unwrap();
    let there = dated.written(str::to_owned, |time, form| {
        let utc = time.to_utc().unwrap();
        utc.with_timezone(&west).format(form).to_string()
    });
    assert_eq!(there, "first 04:20:01, last 14:19:08 -10:00");
    let once = Sentence::from("at ")
        .clock(from)
        .say(" and ")
        .clock(from.plus(1_000));
    assert_eq!(
        once.dated(Span::new(from, to)),
        "at 03-13 14:20:01 and 14:20:02"
    );
    assert_eq!(
        once.dated(Span::new(from, from)),
        "at 14:20:01 and 14:20:02"
    );
}
