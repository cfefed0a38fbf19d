//! Why a verdict holds, in one or two sentences a person can check.
//!
//! Says again what `judge` decided, from the same evidence; it decides nothing itself.

use super::graph::{Graph, StageSet, bit, stages_in};
use super::judge::{Standing, Waiting};
use super::ledger::Ledger;
use super::lifecycle::{Course, Fact, Outcome};
use super::show::duration;
use super::time::{Span, Timestamp};
use super::verdict::Verdict;

/// The stages where a message should have come next and did not.
pub(super) fn missing(graph: &Graph, outcome: &Outcome) -> StageSet {
    if outcome.course != Course::Open {
        return 0;
    }
    let last = usize::from(outcome.last_stage);
    graph.nodes[last].next & !graph.dead_letter & !outcome.seen
}

/// See the module.
pub(super) fn sentence(ledger: &Ledger, node: u32, outcome: &Outcome) -> String {
    let scope = ledger.scope_of(node);
    let stages = &ledger.pipelines[scope.pipeline].stages;
    let last = usize::from(outcome.last_stage);
    let last_name = stages.get(last).map_or("no stage", |s| &*s.name);
    let (furthest, seen) = seen(ledger, node, outcome, last_name);
    match outcome.verdict {
        Verdict::Completed => match early_end(ledger, node, outcome) {
            Some(end) => format!("Done: {end} goes no further than {last_name}, where it was last seen at {furthest}."),
            None => format!("It came out; last seen {seen}."),
        },
        Verdict::Blind if outcome.may_end => format!(
            "Last seen {seen}. No message with {} was ever seen to go on from there, so nobody \
             can say whether this one should have: `ends` in the configuration says that they are done; without \
             `may_end` they are lost.",
            early_end(ledger, node, outcome).unwrap_or_default()
        ),
        Verdict::Unentered => "It came out, but was never seen to come in, although the entry was read over the time before.".to_owned(),
        Verdict::DeadLettered => format!("It was put aside; last seen {seen}."),
        Verdict::Failed => format!("It failed at {last_name}, and nothing moved after that."),
        Verdict::Lost | Verdict::Blind | Verdict::Pending => {
            let number = usize::from(ledger.identities.scope(node));
            let waiting = &ledger.survey.courts[number].waiting[last];
            let next = next_names(ledger, node, outcome);
            let until = clock(outcome.last.plus(waiting.allowance_ms));
            let end = absence(ledger, waiting, outcome);
            format!(
                "Last seen {seen}; expected {next} within {}, by {until}. {end}",
                duration(waiting.allowance_ms)
            )
        }
    }
}

/// When it was seen at its furthest stage, and where and when it was seen last: a stage before that may
/// speak of it afterwards.
fn seen(ledger: &Ledger, node: u32, outcome: &Outcome, name: &str) -> (String, String) {
    let mut facts = Vec::new();
    ledger.facts(node, &mut facts);
    let own = |fact: &&Fact| fact.time >= outcome.first && fact.time <= outcome.last;
    let there = |fact: &&Fact| fact.stage == outcome.last_stage;
    let furthest = facts.iter().filter(own).filter(there).map(|fact| fact.time);
    let furthest = furthest.max().unwrap_or(outcome.last);
    let (reached, last) = (clock(furthest), clock(outcome.last));
    let newest = facts.iter().filter(|fact| fact.time == outcome.last);
    let newest = newest.max_by_key(|fact| fact.stage);
    let said = match newest.filter(|_| furthest < outcome.last) {
        None => format!("at {name} at {last}"),
        Some(fact) => {
            let stages = &ledger.scope_of(node).pipeline;
            let stages = &ledger.pipelines[*stages].stages;
            let stage = stages.get(usize::from(fact.stage));
            let place = stage.map_or_else(
                || "outside the stages".to_owned(),
                |stage| format!("at {}", stage.name),
            );
            format!("{place} at {last}, furthest at {name} at {reached}")
        }
    };
    (reached, said)
}

/// What tells that a message goes no further, where something does.
fn early_end(ledger: &Ledger, node: u32, outcome: &Outcome) -> Option<String> {
    let scope = ledger.scope_of(node);
    let last = usize::from(outcome.last_stage);
    if scope.graph.nodes.get(last)?.next == 0 {
        return None;
    }
    let mut facts = Vec::new();
    ledger.facts(node, &mut facts);
    let end = ledger.early_end(scope, &facts, last)?;
    Some(format!("{}={}", end.attribute, end.value))
}

fn next_names(ledger: &Ledger, node: u32, outcome: &Outcome) -> String {
    let scope = ledger.scope_of(node);
    let stages = &ledger.pipelines[scope.pipeline].stages;
    let names: Vec<&str> = stages_in(missing(&scope.graph, outcome))
        .map(|s| &*stages[s].name)
        .collect();
    let ends = scope.graph.terminals & bit(usize::from(outcome.last_stage)) != 0;
    match (names.is_empty(), ends) {
        (true, _) => "to be done".to_owned(),
        (false, true) => format!("to be done, or at {}", names.join(" or ")),
        (false, false) => format!("at {}", names.join(" or ")),
    }
}

fn absence(ledger: &Ledger, waiting: &Waiting, outcome: &Outcome) -> String {
    let span = Span {
        from: outcome.last,
        to: outcome.last.plus(waiting.allowance_ms),
    };
    let mut gaps = waiting.sources.iter().filter_map(|index| {
        let evidence = ledger.survey.evidence.get(*index)?;
        if evidence.coverage.covers(span) {
            return None;
        }
        let name = &ledger
            .register
            .source(super::event::SourceId(*index as u32))?
            .name;
        Some(match evidence.standing {
            Standing::Loading => format!("{name} is still being read"),
            Standing::Complete
                if outcome.verdict == Verdict::Pending && ledger.register.is_followed(*index) =>
            {
                format!("{name} is being followed, and log events may still arrive late")
            }
            Standing::Complete | Standing::Dead => match evidence.coverage.end() {
                Some(end) => format!("{name} was read until {}", clock(end)),
                None => format!("{name} could not be read"),
            },
        })
    });
    match outcome.verdict {
        Verdict::Lost => match waiting.sources.len() {
            1 => "The source that would show it was read completely over that time: nothing."
                .to_owned(),
            n => format!(
                "All {n} sources that would show it were read completely over that time: nothing."
            ),
        },
        _ => match gaps.next() {
            Some(gap) => format!("Nothing so far, but {gap}."),
            None if waiting.unwatched => {
                "No source is known for a stage where it should have come, so nothing can be said."
                    .to_owned()
            }
            None => "That is later than anything that was read.".to_owned(),
        },
    }
}

fn clock(time: Timestamp) -> String {
    time.to_utc().map_or_else(
        || time.to_string(),
        |t| t.format("%Y-%m-%d %H:%M:%S%.3f UTC").to_string(),
    )
}
