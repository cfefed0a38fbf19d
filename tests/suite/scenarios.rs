//! Every rule and every trap as a readable file: `tests/scenarios/*.toml`, in the format of
//! `support/scenario.rs`.
//!
//! Each is played in three ways, since the order and the number of arrivals never change a verdict.
//! `SCENARIO=part-of-a-name cargo test --test suite scenarios` plays only some.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use lastseen::domain::buckets::Cell as _;
use lastseen::domain::event::SourceId;
use lastseen::domain::feed::RejectReason;
use lastseen::domain::flow::Flow;
use lastseen::domain::latency::Basis;
use lastseen::domain::pipeline::Pipeline;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::{AttributeValue, MessageRow, Overview};

use crate::support::engine::{Engine, Line};
use crate::support::scenario::{self, Expect, ExpectMessage, OneOrTwo, Scenario};

/// How the lines of a scenario arrive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Play {
    /// Source by source, as written.
    AsWritten,
    /// One line a batch, last line of the last source first, judged after each; coverage before.
    Backwards,
    /// Everything twice.
    Twice,
}

#[test]
fn every_scenario_holds() {
    let only = std::env::var("SCENARIO").unwrap_or_default();
    let mut wrong = Vec::new();
    for (name, scenario) in scenario::all() {
        if !name.contains(&only) {
            continue;
        }
        for play in [Play::AsWritten, Play::Backwards, Play::Twice] {
            let mut check = Check::default();
            let engine = run(&name, &scenario, play);
            check.all(&scenario.expect, &engine, play);
            let head = format!("{name} ({play:?}): {}", scenario.about);
            if !check.wrong.is_empty() {
                wrong.push(format!("{head}\n    {}", check.wrong.join("\n    ")));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn there_are_enough_scenarios_and_each_expects_something() {
    let all = scenario::all();
    assert!(all.len() >= 45, "only {} scenarios", all.len());
    for (name, scenario) in all {
        let e = &scenario.expect;
        let nothing = e.total.is_none() && e.counts.is_empty() && e.messages.is_empty();
        assert!(!nothing, "{name} expects nothing");
        assert!(
            !scenario.about.is_empty(),
            "{name} says nothing about itself"
        );
    }
}

fn pipelines(name: &str, config: &str) -> Vec<Arc<Pipeline>> {
    crate::support::engine::pipelines(config).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn run(name: &str, scenario: &Scenario, play: Play) -> Engine {
    let mut engine = Engine::new(pipelines(name, &scenario.config()), scenario.window());
    let mut sources: Vec<_> = scenario
        .sources
        .iter()
        .enumerate()
        .map(|(number, text)| (SourceId(number as u32), text, text.lines()))
        .collect();
    for (id, text, _) in &sources {
        engine.open(*id, text.source());
    }
    if play == Play::Backwards {
        sources.reverse();
        for (id, text, _) in &sources {
            engine.report_all(text.coverage(*id));
        }
    }
    for (id, text, lines) in &sources {
        let placed: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        match play {
            Play::Backwards => {
                for line in placed.iter().rev() {
                    engine.feed(*id, std::slice::from_ref(line));
                    engine.refresh();
                }
            }
            Play::AsWritten => placed.chunks(1000).for_each(|part| engine.feed(*id, part)),
            Play::Twice => {
                placed.chunks(7).for_each(|part| engine.feed(*id, part));
                placed.chunks(1000).for_each(|part| engine.feed(*id, part));
            }
        }
        if play != Play::Backwards {
            engine.report_all(text.coverage(*id));
        }
        engine.report_all(text.end(*id));
    }
    engine.refresh();
    engine
}

/// Collects what is not as expected.
#[derive(Default)]
struct Check {
    wrong: Vec<String>,
}

impl Check {
    fn same<T: PartialEq + Debug>(&mut self, what: &str, expected: &T, got: &T) {
        if expected != got {
            self.wrong
                .push(format!("{what}: expected {expected:?}, got {got:?}"));
        }
    }

    fn all(&mut self, expect: &Expect, engine: &Engine, play: Play) {
        let overview = engine.overview();
        let rows = engine.messages();
        if let Some(total) = expect.total {
            self.same("total", &total, &(rows.len() as u64));
            let counted: u64 = environments(&overview).map(|e| e.counts.total()).sum();
            self.same("total of the counts", &total, &counted);
        }
        for (env, counts) in &expect.counts {
            self.counts(env, counts, &overview);
        }
        if let Some(hubs) = &expect.hubs {
            let mut got: Vec<String> = environments(&overview)
                .flat_map(|e| e.hubs.clone())
                .collect();
            got.sort();
            self.same("hubs", hubs, &got);
        }
        if let (Some(ambiguous), true) = (expect.ambiguous, play != Play::Twice) {
            let got: u64 = overview
                .sources
                .iter()
                .map(|s| s.rejected(RejectReason::Ambiguous))
                .sum();
            self.same("ambiguous", &ambiguous, &got);
        }
        self.edges(expect, &overview);
        self.series(&overview);
        for (key, wanted) in &expect.messages {
            let (id, env) = key.split_once('@').unwrap_or((key, ""));
            let found: Vec<&MessageRow> = rows
                .iter()
                .filter(|row| row.ids.iter().any(|i| i == id))
                .filter(|row| env.is_empty() || &*row.env == env)
                .collect();
            let wanted = wanted.list();
            self.same(&format!("lifecycles of {key}"), &wanted.len(), &found.len());
            for (number, (expected, row)) in wanted.iter().zip(found).enumerate() {
                self.message(&format!("{key}[{number}]"), expected, row, engine);
            }
        }
    }

    fn counts(&mut self, env: &str, counts: &BTreeMap<String, u64>, overview: &Overview) {
        for (word, expected) in counts {
            let verdict = Verdict::from_word(word).unwrap_or_else(|| panic!("verdict {word:?}"));
            let got: u64 = environments(overview)
                .filter(|e| &*e.name == env)
                .map(|e| e.counts.of(verdict))
                .sum();
            self.same(&format!("{word} in {env}"), expected, &got);
        }
    }

    fn edges(&mut self, expect: &Expect, overview: &Overview) {
        for (key, wanted) in &expect.edges {
            let (from, to) = key.split_once('>').unwrap();
            let edge = environments(overview)
                .flat_map(|e| &e.edges)
                .find(|e| &*e.from == from && &*e.to == to);
            let Some(edge) = edge else {
                self.wrong.push(format!("edge {key}: not there"));
                continue;
            };
            if let Some(ms) = wanted.allowance_ms
                && (edge.allowance_ms - ms).abs() * 25 > ms
            {
                self.same(&format!("allowance of {key}"), &ms, &edge.allowance_ms);
            }
            if let Some(learnt) = wanted.learnt {
                self.same(
                    &format!("{key} learnt"),
                    &learnt,
                    &(edge.basis == Basis::Learnt),
                );
            }
            if let Some(lost) = wanted.lost {
                self.same(&format!("{key} lost"), &lost, &edge.stuck.of(Verdict::Lost));
            }
        }
    }

    /// The figures of an edge are those of its buckets together.
    fn series(&mut self, overview: &Overview) {
        for edge in environments(overview).flat_map(|e| &e.edges) {
            let mut sum = Flow::default();
            edge.series.iter().for_each(|(_, flow)| sum.absorb(flow));
            let whole = Flow {
                entered: edge.entered,
                passed: edge.passed,
                lost: edge.stuck.of(Verdict::Lost),
                blind: edge.stuck.of(Verdict::Blind),
            };
            self.same(
                &format!("{} > {} over time", edge.from, edge.to),
                &whole,
                &sum,
            );
        }
    }

    fn message(&mut self, key: &str, expected: &ExpectMessage, row: &MessageRow, engine: &Engine) {
        let mut word = |what: &str, expected: &Option<String>, got: &str| {
            if let Some(expected) = expected {
                self.same(&format!("{key} {what}"), &expected.as_str(), &got);
            }
        };
        word("verdict", &expected.verdict, row.verdict.word());
        word("last stage", &expected.last_stage, &row.last_stage);
        word("id", &expected.id, &row.id);
        word("env", &expected.env, &row.env);
        word("pipeline", &expected.pipeline, &row.pipeline);
        word("last source", &expected.last_source, &row.last_source);
        for (what, wanted, got) in [
            ("first seen", &expected.first_seen, row.first_seen),
            ("last seen", &expected.last_seen, row.last_seen),
        ] {
            if let Some(wanted) = wanted {
                self.same(&format!("{key} {what}"), &scenario::time(wanted), &got);
            }
        }
        if let Some(flags) = &expected.flags {
            let got: Vec<&str> = row.flags.words().collect();
            self.set(&format!("{key} flags"), flags, &got);
        }
        if let Some(ids) = &expected.ids {
            let got: Vec<&str> = row.ids.iter().map(String::as_str).collect();
            self.set(&format!("{key} ids"), ids, &got);
        }
        if let Some(attributes) = &expected.attributes {
            let wanted: BTreeMap<&str, String> = attributes
                .iter()
                .map(|(name, value)| (name.as_str(), shown(value)))
                .collect();
            let got: BTreeMap<&str, String> = row
                .attributes
                .iter()
                .map(|(name, value)| (&**name, shown_value(value)))
                .collect();
            self.same(&format!("{key} attributes"), &wanted, &got);
        }
        if expected.sightings.is_some() || expected.missing.is_some() {
            self.lifecycle(key, expected, row, engine);
        }
    }

    fn lifecycle(
        &mut self,
        key: &str,
        expected: &ExpectMessage,
        row: &MessageRow,
        engine: &Engine,
    ) {
        let Some(view) = engine.lifecycle(row.handle) else {
            self.wrong.push(format!("{key}: no lifecycle"));
            return;
        };
        if let Some(wanted) = &expected.sightings {
            let names = engine.stage_names(&row.pipeline);
            let got: Vec<String> = view
                .sightings
                .iter()
                .map(|s| {
                    let stage = s.stage.map_or("-", |number| &*names[number]);
                    format!("{stage} {}", s.mark.word())
                })
                .collect();
            self.same(&format!("{key} sightings"), wanted, &got);
        }
        if let Some(wanted) = &expected.missing {
            let missing = view.steps.iter().filter(|s| s.missing);
            let got: Vec<&str> = missing.map(|s| &*s.stage).collect();
            self.set(&format!("{key} missing"), wanted, &got);
        }
    }

    fn set(&mut self, what: &str, expected: &[String], got: &[&str]) {
        let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let mut got = got.to_vec();
        expected.sort_unstable();
        got.sort_unstable();
        self.same(what, &expected, &got);
    }
}

fn environments(
    overview: &Overview,
) -> impl Iterator<Item = &lastseen::domain::view::EnvironmentView> {
    overview.pipelines.iter().flat_map(|p| &p.environments)
}

fn shown(value: &OneOrTwo) -> String {
    match value {
        OneOrTwo::One(one) => one.clone(),
        OneOrTwo::Two([low, high]) => format!("{low}..{high}"),
    }
}

fn shown_value(value: &AttributeValue) -> String {
    match value {
        AttributeValue::One(one) => one.clone(),
        AttributeValue::Mixed(low, high) => format!("{low}..{high}"),
    }
}
