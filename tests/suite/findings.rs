//! Gaps and blind spots are found where they are, and nowhere else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::SourceState;
use lastseen::load::answers::Answers;

use crate::fake::{Still, counts, picture, source};

fn found(answers: &Still) -> Vec<Finding> {
    answers.findings().to_vec()
}

fn titles(answers: &Still) -> Vec<String> {
    found(answers)
        .iter()
        .map(|finding| finding.title.to_string())
        .collect()
}

#[test]
fn where_nothing_is_lost_and_everything_seen_there_is_no_finding() {
    assert_eq!(found(&picture(0, 0)), []);
}

#[test]
fn a_gap_says_how_many_between_where_and_when() {
    let findings = found(&picture(312, 0));
    let [gap] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(
        gap.title,
        "qa: 312 of 10,240 messages entered queue and never reached engine, first 02:11:04, last 03:40:12 UTC (3.0 %)"
    );
    assert_eq!(
        (gap.kind, gap.lost, gap.of, gap.messages.len()),
        (FindingKind::Gap, 312, 10_240, 20)
    );
    assert_eq!(gap.messages[0], "lost-0000");
    let (from, to) = gap.edge.as_ref().unwrap();
    assert_eq!((&**from, &**to), ("queue", "engine"));
}

#[test]
fn a_message_may_get_stuck_in_the_last_stage() {
    let mut answers = picture(0, 0);
    let edge = &mut answers.overview.pipelines[0].environments[0].edges[1];
    edge.stuck = counts(&[(Verdict::Lost, 5)]);
    assert_eq!(
        titles(&answers),
        ["qa: 5 of 10,240 messages entered engine and never came out of it (<0.1 %)"]
    );
}

#[test]
fn the_gap_with_most_losses_comes_first_and_blind_spots_after_all_gaps() {
    let mut answers = picture(3, 40);
    let env = &mut answers.overview.pipelines[0].environments[0];
    env.edges[1].stuck = counts(&[(Verdict::Lost, 5)]);
    env.stages[1].sources.clear();
    let findings = found(&answers);
    let told: Vec<(FindingKind, u64)> = findings.iter().map(|f| (f.kind, f.lost)).collect();
    assert_eq!(
        told,
        [
            (FindingKind::Gap, 5),
            (FindingKind::Gap, 3),
            (FindingKind::BlindSpot, 0)
        ]
    );
}

#[test]
fn a_stage_without_a_source_is_a_blind_spot() {
    let mut answers = picture(0, 4);
    answers.overview.pipelines[0].environments[0].stages[1]
        .sources
        .clear();
    let findings = found(&answers);
    let [spot] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(
        spot.title,
        "qa: no source covers stage engine of orders; 4 messages may have gone there unseen"
    );
    assert_eq!(
        (spot.kind, spot.lost, spot.of, spot.messages.len()),
        (FindingKind::BlindSpot, 0, 4, 4)
    );

    // Messages pass by an optional stage: no word, unless somebody may be in there.
    let optional = |blind| {
        let mut answers = picture(0, blind);
        let stage = &mut answers.overview.pipelines[0].environments[0].stages[1];
        stage.sources.clear();
        stage.optional = true;
        found(&answers).len()
    };
    assert_eq!((optional(0), optional(1)), (0, 1));
}

#[test]
fn a_pipeline_that_does_not_run_somewhere_is_no_blind_spot() {
    let mut answers = picture(0, 0);
    let env = &mut answers.overview.pipelines[0].environments[0];
    env.counts = counts(&[]);
    for stage in &mut env.stages {
        stage.sources.clear();
    }
    assert_eq!(found(&answers), []);
}

#[test]
fn sources_that_were_not_read_are_blind_spots_if_somebody_needs_them() {
    let rows = [
        (
            SourceState::Denied,
            "qa: /acme/qa/engine may not be read (serves orders/engine); 4 messages may have gone there unseen",
        ),
        (
            SourceState::Partial,
            "qa: /acme/qa/engine was read only in part (serves orders/engine); 4 messages may have gone there unseen",
        ),
        (
            SourceState::Absent,
            "qa: /acme/qa/engine does not exist (serves orders/engine); 4 messages may have gone there unseen",
        ),
        (
            SourceState::Failed,
            "qa: /acme/qa/engine could not be read (serves orders/engine); 4 messages may have gone there unseen",
        ),
    ];
    for (state, title) in rows {
        let mut answers = picture(0, 4);
        answers.overview.sources[1].state = state;
        assert_eq!(titles(&answers), [title]);
    }
    for state in [SourceState::Loading, SourceState::Complete] {
        let mut answers = picture(0, 4);
        answers.overview.sources[1].state = state;
        assert_eq!(titles(&answers), [""; 0]);
    }
    // Nobody needs it and it was never there; but what is denied might have been needed.
    let mut answers = picture(0, 0);
    let mut stray = source(7, "/acme/qa/other", "none");
    stray.stages.clear();
    stray.state = SourceState::Absent;
    answers.overview.sources.push(stray.clone());
    assert_eq!(titles(&answers), [""; 0]);
    stray.state = SourceState::Denied;
    answers.overview.sources[2] = stray;
    assert_eq!(titles(&answers), ["qa: /acme/qa/other may not be read"]);
}

#[test]
fn one_blind_message_is_one_message() {
    let mut answers = picture(0, 1);
    answers.overview.sources[1].state = SourceState::Denied;
    assert!(titles(&answers)[0].ends_with("; 1 message may have gone there unseen"));
}
