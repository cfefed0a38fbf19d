//! The ledger against the brute-force oracle: whatever the order, the number and the grouping of
//! arrivals, and however a stage's log is spread over sources, each message is judged the same.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lastseen::domain::event::SourceId;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageRow;
use proptest::prelude::*;

use crate::support::engine::{Engine, Line};
use crate::support::oracle::{self, Judged};
use crate::support::world::{self, LineFact, Says, SourceFact, StageFact, Standing, World};

/// How the lines of a world reach the ledger.
#[derive(Clone, Copy, Debug)]
struct Delivery {
    shuffled: bool,
    twice: bool,
    /// At most so many lines a batch.
    batch: usize,
    /// Judge again after every so many batches.
    refresh_every: Option<usize>,
    /// Over so many sources each source is spread.
    parts: usize,
    /// Coverage is told before the lines.
    covered_first: bool,
    seed: u64,
}

const PLAIN: Delivery = Delivery {
    shuffled: false,
    twice: false,
    batch: 1000,
    refresh_every: None,
    parts: 1,
    covered_first: false,
    seed: 1,
};

/// Numbers that look random and are the same for the same seed (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }
}

/// A line with the part of its source it goes to and its place there.
type Placed = (SourceId, usize, Line);

fn place(world: &World, delivery: Delivery, numbers: &mut Numbers) -> Vec<Placed> {
    let mut lengths: BTreeMap<SourceId, usize> = BTreeMap::new();
    let mut placed: Vec<Placed> = Vec::new();
    for fact in &world.lines {
        let part = fact.source * delivery.parts + numbers.below(delivery.parts);
        let id = SourceId(part as u32);
        let place = lengths.entry(id).or_default();
        placed.push((id, *place, fact.line()));
        *place += 1;
    }
    if delivery.twice {
        placed.extend(placed.clone());
    }
    if delivery.shuffled {
        for last in (1..placed.len()).rev() {
            placed.swap(last, numbers.below(last + 1));
        }
    } else {
        placed.sort_by_key(|(id, place, _)| (*id, *place));
    }
    placed
}

fn deliver(world: &World, delivery: Delivery) -> Engine {
    let mut numbers = Numbers(delivery.seed | 1);
    let placed = place(world, delivery, &mut numbers);
    let mut engine = Engine::new(vec![world.pipeline()], None);
    let parts: Vec<(usize, SourceId)> = (0..world.sources.len() * delivery.parts)
        .map(|part| (part / delivery.parts, SourceId(part as u32)))
        .collect();
    for (source, id) in &parts {
        engine.open(*id, world.source(*source, id.0 as usize % delivery.parts));
    }
    let tell_coverage = |engine: &mut Engine| {
        for (source, id) in &parts {
            engine.report_all(world.coverage(*source, *id));
        }
    };
    if delivery.covered_first {
        tell_coverage(&mut engine);
    }
    let mut rest = placed.as_slice();
    let mut batches = 0;
    while let Some((id, ..)) = rest.first() {
        let same = rest.iter().take_while(|(other, ..)| other == id).count();
        let most = if delivery.batch > 100 {
            same
        } else {
            1 + numbers.below(delivery.batch)
        };
        let (batch, others) = rest.split_at(same.min(most));
        let lines: Vec<(usize, &Line)> = batch
            .iter()
            .map(|(_, place, line)| (*place, line))
            .collect();
        engine.feed(*id, &lines);
        rest = others;
        batches += 1;
        if delivery
            .refresh_every
            .is_some_and(|every| batches % every == 0)
        {
            engine.refresh();
        }
    }
    if !delivery.covered_first {
        tell_coverage(&mut engine);
    }
    for (source, id) in &parts {
        engine.report_all(world.end(*source, *id));
    }
    engine.refresh();
    engine
}

/// Every difference between the ledger and the oracle, one a line; empty if there is none.
fn differences(world: &World, engine: &Engine) -> String {
    let expected = oracle::judge(world);
    let mut got: Vec<MessageRow> = engine.messages();
    for row in &mut got {
        row.ids.sort();
    }
    got.sort_by(|a, b| (&a.ids, a.first_seen).cmp(&(&b.ids, b.first_seen)));
    let mut text = String::new();
    if expected.len() != got.len() {
        let ids: Vec<_> = got.iter().map(|row| (&row.ids, row.first_seen)).collect();
        let _ = writeln!(
            text,
            "{} lifecycles expected, {} found: {ids:?}; expected {expected:?}",
            expected.len(),
            got.len()
        );
        return text;
    }
    for (expected, row) in expected.iter().zip(&got) {
        compare(expected, row, &mut text);
    }
    text
}

fn compare(expected: &Judged, row: &MessageRow, text: &mut String) {
    let ids: Vec<&String> = expected.ids.iter().collect();
    let name = ids[0];
    if ids != row.ids.iter().collect::<Vec<_>>() {
        let _ = writeln!(text, "{name}: IDs {ids:?} expected, got {:?}", row.ids);
    }
    if !expected.verdicts.contains(&row.verdict) {
        let (wanted, got) = (&expected.verdicts, row.verdict);
        let _ = writeln!(
            text,
            "{name}: {wanted:?} expected, got {got:?}: {expected:?}"
        );
    }
    let stage = format!("s{}", expected.last_stage);
    if stage != *row.last_stage {
        let _ = writeln!(
            text,
            "{name}: last stage {stage:?} expected, got {:?}",
            row.last_stage
        );
    }
    let seen = (
        Timestamp(expected.first_seen),
        Timestamp(expected.last_seen),
    );
    if seen != (row.first_seen, row.last_seen) {
        let got = (row.first_seen, row.last_seen);
        let _ = writeln!(text, "{name}: seen {seen:?} expected, got {got:?}");
    }
}

fn holds(world: &World, delivery: Delivery) -> Result<(), TestCaseError> {
    let engine = deliver(world, delivery);
    let text = differences(world, &engine);
    prop_assert!(text.is_empty(), "{text}");
    Ok(())
}

fn cases(default: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    ProptestConfig {
        cases: wanted.unwrap_or(default),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn in_order(world in world::any_world()) {
        holds(&world, PLAIN)?;
    }

    #[test]
    fn shuffled(world in world::any_world(), seed: u64) {
        holds(&world, Delivery { shuffled: true, batch: 5, seed, ..PLAIN })?;
    }

    #[test]
    fn duplicated(world in world::any_world(), seed: u64, shuffled: bool) {
        holds(&world, Delivery { twice: true, shuffled, seed, ..PLAIN })?;
    }

    #[test]
    fn batched_anew(world in world::any_world(), seed: u64, batch in 1_usize..9) {
        holds(&world, Delivery { batch, seed, ..PLAIN })?;
    }

    #[test]
    fn judged_in_between(world in world::any_world(), seed: u64, every in 1_usize..4) {
        let refresh_every = Some(every);
        holds(&world, Delivery { refresh_every, batch: 4, shuffled: true, covered_first: seed & 4 == 4, seed, ..PLAIN })?;
    }

    #[test]
    fn split_over_sources(world in world::any_world(), seed: u64, parts in 2_usize..5) {
        holds(&world, Delivery { parts, seed, ..PLAIN })?;
    }

    #[test]
    fn all_at_once(world in world::any_world(), seed: u64, parts in 1_usize..4, every in 1_usize..4) {
        holds(&world, Delivery {
            shuffled: true,
            twice: true,
            batch: 3,
            refresh_every: Some(every),
            parts,
            covered_first: true,
            seed,
        })?;
    }

    #[test]
    fn hubs_tie_nothing_together(spokes in 1_usize..20, chained: bool, seed: u64) {
        holds(&hub_world(spokes, chained), Delivery { shuffled: true, batch: 4, refresh_every: Some(2), seed, ..PLAIN })?;
    }
}

fn stage(after: Vec<usize>, within_ms: Option<i64>) -> StageFact {
    StageFact {
        after,
        within_ms,
        exists: true,
        optional: false,
        dead_letter: false,
        enter_rule: true,
        exit_rule: false,
    }
}

fn source(stage: usize) -> SourceFact {
    SourceFact {
        stages: vec![stage],
        spans: vec![],
        standing: Standing::Whole,
    }
}

fn says(source: usize, time: i64, says: Says) -> LineFact {
    LineFact {
        source,
        time: world::START + time,
        json: time % 2 == 0,
        says,
    }
}

fn enters(stage: usize, time: i64, id: &str) -> LineFact {
    let mark = lastseen::domain::verdict::Mark::Enter;
    says(stage, time, Says::Sighting(stage, mark, id.to_owned()))
}

/// Messages that each name the same tenant; every other one comes out.
fn hub_world(spokes: usize, chained: bool) -> World {
    let mut lines = vec![says(0, world::HOUR, Says::Nothing)];
    for number in 0..spokes {
        let (time, id) = (number as i64 * 1001, format!("m{number}"));
        lines.push(enters(0, time, &id));
        lines.push(says(
            0,
            time + 3,
            Says::Link(id.clone(), "tenant".to_owned()),
        ));
        let mut last = id.clone();
        if chained {
            last = format!("j{number}");
            lines.push(says(0, time + 4, Says::Link(id, last.clone())));
        }
        if number % 2 == 1 {
            lines.push(enters(1, time + 2000, &last));
        }
    }
    World {
        files: true,
        stages: vec![stage(vec![], None), stage(vec![0], Some(60_000))],
        sources: vec![source(0), source(1)],
        lines,
    }
}

proptest! {
    #![proptest_config(cases(8))]

    /// 200 to 400 messages that passed, and some that did not, on an edge that must be learnt.
    #[test]
    fn learnt_allowances(
        passed in proptest::collection::vec(0_i64..20_000, 200..400),
        stuck in proptest::collection::vec(0_i64..200_000, 1..30),
        seed: u64,
        shuffled: bool,
    ) {
        let (world, allowance) = learnt_world(&passed, &stuck);
        let engine = deliver(&world, Delivery { shuffled, batch: 50, refresh_every: Some(3), seed, ..PLAIN });
        let horizon = world.lines.iter().map(|l| l.time).max().unwrap();
        let mut close = 0;
        for row in engine.messages().iter().filter(|row| row.id.starts_with("stuck")) {
            let left = horizon - (row.last_seen.0 + allowance);
            // The histogram's buckets are 3 % wide.
            if left.abs() * 100 <= allowance * 3 {
                close += 1;
                continue;
            }
            let expected = if left < 0 { Verdict::Pending } else { Verdict::Lost };
            prop_assert_eq!(row.verdict, expected, "{}: allowance {}, left {}", row.id, allowance, left);
        }
        prop_assert!(close * 2 <= stuck.len() + 2, "{} of {} too close to tell", close, stuck.len());
    }
}

/// The world, and the exact allowance: twice the 99.9th percentile by nearest rank, at least 5 s.
fn learnt_world(passed: &[i64], stuck: &[i64]) -> (World, i64) {
    let mut lines = vec![says(1, 250_000, Says::Nothing)];
    for (number, latency) in passed.iter().enumerate() {
        let time = number as i64 * 100;
        lines.push(enters(0, time, &format!("p{number}")));
        lines.push(enters(1, time + latency, &format!("p{number}")));
    }
    for (number, time) in stuck.iter().enumerate() {
        lines.push(enters(0, *time, &format!("stuck{number}")));
    }
    let mut sorted = passed.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * 999).div_ceil(1000);
    let allowance = (2 * sorted[rank - 1]).max(5_000);
    let world = World {
        files: true,
        stages: vec![stage(vec![], None), stage(vec![0], None)],
        sources: vec![source(0), source(1)],
        lines,
    };
    (world, allowance)
}

/// Guards the properties: a generator that only made easy cases would prove nothing.
#[test]
fn the_generator_reaches_every_verdict() {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut counts: BTreeMap<Verdict, u32> = BTreeMap::new();
    let (mut messages, mut undecided, mut reused, mut linked) = (0, 0, 0, 0);
    for _ in 0..600 {
        let world = world::any_world().new_tree(&mut runner).unwrap().current();
        let judged = oracle::judge(&world);
        for pair in judged.windows(2) {
            reused += u32::from(pair[0].ids == pair[1].ids);
        }
        for message in judged {
            messages += 1;
            linked += u32::from(message.ids.len() > 1);
            match message.verdicts.as_slice() {
                [one] => *counts.entry(*one).or_default() += 1,
                _ => undecided += 1,
            }
        }
    }
    println!(
        "{messages} messages, {linked} linked, {reused} reused, {undecided} undecided: {counts:?}"
    );
    for verdict in Verdict::ALL {
        let count = counts.get(&verdict).copied().unwrap_or_default();
        assert!(count >= 15, "{verdict} only {count} times: {counts:?}");
    }
    assert!(
        undecided * 20 < messages,
        "{undecided} of {messages} undecided"
    );
    assert!(reused >= 10, "{reused} IDs used twice");
    assert!(linked * 4 > messages, "{linked} of {messages} linked");
}
