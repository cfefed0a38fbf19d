//! Asks where messages end although others go on, and says what only somebody else can know of that.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::early_ends::Kind;
use super::ends::Ends;
use super::flow::{Flow, Passage};
use super::marks;
use super::rules::Material;
use super::seen::Seen;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Mark;

/// Where messages end: kinds of them, and shares of the others, by stage.
pub(super) struct Ending {
    pub(super) early: Vec<Vec<Kind>>,
    /// The messages of those kinds.
    pub(super) aside: Vec<BTreeSet<usize>>,
    /// Where they do so evenly and are many.
    pub(super) steady: Vec<Option<f64>>,
    /// Where they do so evenly and are few.
    pub(super) unexplained: Vec<Option<f64>>,
}

/// Where messages end.
pub(super) fn ending(ends: &Ends<'_>, until: Timestamp) -> Ending {
    let mut members = ends.everywhere(until);
    let early = ends.early(&members);
    let of = |kinds: &Vec<Kind>| {
        kinds
            .iter()
            .flat_map(|kind| kind.messages.clone())
            .collect()
    };
    let aside: Vec<BTreeSet<usize>> = early.iter().map(of).collect();
    // Who ends for a reason of his own says nothing of the others.
    for (members, aside) in members.iter_mut().zip(&aside) {
        members.retain(|member| !aside.contains(&member.message));
    }
    let steady = ends.steady(&members);
    Ending {
        unexplained: ends.unexplained(&members, &steady),
        early,
        aside,
        steady,
    }
}

/// What the logs do not tell: whether those that end somewhere without a reason are done.
pub(super) fn open(flow: &Flow, names: &[String], unexplained: &[Option<f64>]) -> Vec<String> {
    let unexplained = unexplained.iter().enumerate();
    let told = unexplained.filter_map(|(stage, share)| {
        let (share, from) = ((*share)? * 100.0, &names[stage]);
        let next = (0..names.len()).filter(|to| flow.before[*to].contains(&stage));
        let next: Vec<&str> = next.map(|to| names[to].as_str()).collect();
        let next = next.join(" and ");
        (!next.is_empty()).then(|| {
            format!(
                "`optional = true` at {next}, if the {share:.0} % that end at {from} at all times alike are done"
            )
        })
    });
    told.collect()
}

/// Asks where messages end evenly.
pub(super) fn ask<T>(
    seen: &Seen<'_>,
    material: &Material<'_>,
    (messages, passages): (&[Vec<u32>], &[Passage]),
    (flow, names, stage): (&Flow, &[String], &dyn Fn(u32) -> usize),
    question: impl FnOnce(&Ends<'_>) -> T,
) -> T {
    let templates = material.templates;
    // What each kind of line says, found out once.
    let known = vec![OnceCell::new(); templates.all.len()];
    let said = |line: &u32| {
        let template = *templates.of.get(line)?;
        let said = known[template as usize].get_or_init(|| {
            let done = marks::is_done(&material.words(template));
            (material.mark(template), done)
        });
        Some(*said)
    };
    question(&Ends {
        seen,
        messages,
        passages,
        flow,
        stage,
        explained: &|message| {
            // What went wrong at the furthest stage may be answered at the first.
            let rank = |line: &&u32| flow.order.iter().position(|at| *at == stage(**line));
            let furthest = message.iter().max_by_key(rank);
            let lines = [message.last(), furthest].into_iter().flatten();
            let mut marks = lines.filter_map(|line| said(line).and_then(|(mark, _)| mark));
            marks.any(|mark| matches!(mark, Mark::Fail | Mark::DeadLetter | Mark::Skip))
        },
        takes_down: &|stage| marks::takes_down(&names[stage]),
        done: &|message| {
            let mut said = message.iter().filter_map(said);
            said.any(|(_, done)| done)
        },
    })
}
