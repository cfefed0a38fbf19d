//! Three causes at once, in two environments: three findings, and each does without the others.

use std::collections::BTreeMap;

use lastseen::diagnose::finding::Finding;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Options, incident};
use lastseen::sources::demo::truth::CauseCount;

use crate::support::incidents::read;

const MESSAGES: u64 = 1_000;

fn findings(without: &[&'static str]) -> Vec<Finding> {
    let options = Options {
        messages: MESSAGES,
        without: without.to_vec(),
        ..Options::default()
    };
    let told = incident("two-environments", &options).unwrap();
    read(&told).findings().to_vec()
}

/// Its environment, its edge, and one of its properties.
fn names(finding: &Finding, sign: &CauseCount) -> bool {
    let edge = finding.edge.as_ref();
    let mut told = finding.attributes.iter();
    finding.env.as_deref() == Some(sign.env)
        && edge.is_some_and(|(from, _)| **from == *sign.last_stage)
        && told.any(|t| {
            let mut culprit = sign.culprit.iter();
            culprit.any(|c| c.name == t.name && c.value == t.value)
        })
}

/// How many messages the findings give each cause, and the place of the first that names it.
fn told(findings: &[Finding], signs: &[CauseCount]) -> BTreeMap<&'static str, (u64, usize)> {
    let mut told = BTreeMap::new();
    for sign in signs {
        if let Some(place) = findings.iter().position(|f| names(f, sign)) {
            let (lost, first) = told.entry(sign.cause).or_insert((0, place));
            *lost += findings[place].lost;
            *first = place.min(*first);
        }
    }
    told
}

#[test]
fn three_causes_are_told_apart_and_removing_one_leaves_the_others() {
    let options = Options {
        messages: MESSAGES,
        ..Options::default()
    };
    let truth = incident("two-environments", &options).unwrap().truth();
    let all = told(&findings(&[]), &truth.causes);
    assert_eq!(all.len(), 3, "{all:?}");
    for (cause, (lost, place)) in &all {
        let signs = truth.causes.iter().filter(|sign| sign.cause == *cause);
        let really: u64 = signs.map(|sign| sign.lost).sum();
        assert!(
            lost.abs_diff(really) * 50 <= really,
            "{cause}: {lost} of {really}"
        );
        assert!(*place < 3, "{cause} is number {place}");
    }
    for removed in all.keys() {
        let fewer = told(&findings(&[removed]), &truth.causes);
        for (cause, (lost, _)) in &all {
            let now = fewer.get(cause).map(|(lost, _)| lost);
            let expected = (cause != removed).then_some(lost);
            assert_eq!(now, expected, "{cause} without {removed}");
        }
    }
}
