//! What the lost are compared with where nobody went on meanwhile: those before, else those of another
//! environment.

use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::domain::view::Overview;

use super::{ALL, ONSET, QUEUE, STAGES, found, kinds, one_of};
use crate::fake::picture;
use crate::support::sheets::{Message, SECOND, findings, sheet};

/// From the onset on everything is lost.
fn all_lost(message: impl Fn(i64, Message) -> Message) -> Vec<Finding> {
    found(|index, blank| message(index, blank).lost_after(QUEUE, index >= ONSET))
}

#[test]
fn where_everything_is_lost_those_before_are_the_baseline() {
    let findings = all_lost(|index, message| {
        let version = if index < ONSET { "1.0" } else { "1.1" };
        message
            .says(QUEUE, "version", version)
            .says(QUEUE, "kind", one_of(index, &["a", "b", "c"]))
    });
    assert_eq!(findings[0].attributes[0].value, "1.1");
    assert_eq!(findings[0].lost, (ALL - ONSET) as u64);
    let told = &findings[0].evidence;
    let meanwhile = "nobody else went on meanwhile: compared with those before and after";
    assert!(told.iter().any(|e| e == meanwhile), "{told:?}");
}

#[test]
fn what_only_some_of_them_share_is_not_why_everything_is_lost() {
    // A host that joined for the busy hours.
    let findings = all_lost(|index, message| {
        let hosts: &[&str] = if index < ONSET {
            &["ip-1"]
        } else {
            &["ip-1", "ip-2"]
        };
        message.says(QUEUE, "host", hosts[index as usize % hosts.len()])
    });
    assert_eq!(kinds(&findings), [FindingKind::Onset]);
}

/// Everything is lost in qa from the first message on; staging loses nothing.
fn beside(version: &str, staging: i64) -> Vec<Finding> {
    let said = |index: i64, version: &str, host: &str| {
        Message::at(index * SECOND)
            .says(QUEUE, "version", version)
            .says(QUEUE, "host", host)
            .says(QUEUE, "kind", one_of(index, &["a", "b", "c"]))
    };
    let qa = (0..300).map(|index| said(index, "1.1", "ip-1").lost_after(QUEUE, true));
    let qa: Vec<Message> = qa.collect();
    let other: Vec<Message> = (0..staging)
        .map(|index| said(index, version, "ip-9"))
        .collect();
    let stages = &STAGES[..2];
    let sheets = [sheet("qa", stages, &qa), sheet("staging", stages, &other)];
    findings(&picture(300, 0).overview, &sheets)
}

#[test]
fn where_nobody_ever_went_on_another_environment_is_the_baseline() {
    let findings = beside("1.0", 200);
    assert_eq!(
        kinds(&findings),
        [FindingKind::CommonCause, FindingKind::Gap]
    );
    assert_eq!(
        findings[0].title,
        "qa: all 300 messages lost after queue have version=1.1; of those that went on in staging hardly any has"
    );
    assert!(findings[0].evidence[1].ends_with("(inferred)"));
    assert_eq!((findings[0].lost, findings[0].onset), (300, None));
}

#[test]
fn where_the_other_is_alike_or_says_too_little_nothing_is_made_up() {
    for findings in [beside("1.1", 200), beside("1.0", 5)] {
        assert_eq!(kinds(&findings), [FindingKind::Gap]);
        assert_eq!(
            findings[0].evidence,
            ["nobody went on: there is nothing to compare the lost with"]
        );
    }
    let none = findings(&Overview::default(), &[]);
    assert_eq!(kinds(&none), []);
}
