//! Order anomaly, repeat, environment difference.

use std::sync::Arc;

use lastseen::diagnose::finding::FindingKind::{EnvironmentDifference, Gap, OrderAnomaly, Repeat};
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::Overview;

use super::{ENGINE, ONSET, found, kinds};
use crate::fake::{counts, picture};
use crate::support::sheets::findings;

/// Now and then one vanishes in the engine, which acknowledges so.
fn acknowledged(early: bool, of_lost: bool) -> Vec<lastseen::diagnose::finding::Finding> {
    found(|index, message| {
        let lost = index % 200 == 7;
        let message = message.lost_after(ENGINE, lost);
        if lost && !of_lost {
            message
        } else {
            message.acked_by(ENGINE, early)
        }
    })
}

#[test]
fn what_is_acknowledged_before_the_work_and_lost_is_told() {
    let findings = acknowledged(true, true);
    assert_eq!(kinds(&findings), [OrderAnomaly]);
    assert_eq!((findings[0].lost, findings[0].of), (6, 6));
}

#[test]
fn after_the_work_or_where_the_lost_were_not_acknowledged_there_is_no_anomaly() {
    assert_eq!(kinds(&acknowledged(false, true)), []);
    assert_eq!(kinds(&acknowledged(true, false)), []);
    // As early, and nothing lost.
    let none = found(|_, message| message.acked_by(ENGINE, true));
    assert_eq!(kinds(&none), []);
}

#[test]
fn what_goes_through_twice_in_one_stretch_is_told_and_now_and_then_is_not() {
    let stretch = found(|index, message| {
        message.twice((ONSET..ONSET + 60).contains(&index) && index % 2 == 0)
    });
    assert_eq!(kinds(&stretch), [Repeat]);
    assert_eq!((stretch[0].of, stretch[0].lost), (30, 0));
    // At least once is how queues deliver.
    let scattered = found(|index, message| message.twice(index % 97 == 3));
    assert_eq!(kinds(&scattered), []);
    let few = found(|index, message| message.twice((ONSET..ONSET + 4).contains(&index)));
    assert_eq!(kinds(&few), []);
}

/// qa loses so many, and dev, which is as large, so many.
fn two(qa: u64, dev: u64) -> Overview {
    let mut overview = picture(qa, 0).overview;
    let mut other = overview.pipelines[0].environments[0].clone();
    other.name = Arc::from("dev");
    other.edges[0].stuck = counts(&[(Verdict::Lost, dev)]);
    other.edges[0].passed = 10_240 - dev;
    overview.pipelines[0].environments.push(other);
    overview
}

#[test]
fn an_edge_that_loses_in_one_environment_alone_is_a_difference() {
    let findings = findings(&two(312, 0), &[]);
    assert_eq!(kinds(&findings), [Gap, EnvironmentDifference]);
    assert_eq!(
        findings[1].title,
        "qa: queue to engine loses 3.0 %, in dev 0.0 %"
    );
}

#[test]
fn where_both_lose_alike_or_hardly_any_there_is_no_difference() {
    assert_eq!(kinds(&findings(&two(312, 290), &[])), [Gap, Gap]);
    assert_eq!(kinds(&findings(&two(4, 1), &[])), [Gap, Gap]);
    assert_eq!(kinds(&findings(&two(0, 0), &[])), []);
}
