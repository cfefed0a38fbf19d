//! How often a system is learnt right from its logs alone: every built-in incident over many seeds with
//! names, fields, forms and IDs drawn by lot, without a configuration, held against the run with one.
//!
//! `cargo bench --bench speed -- discover 30` takes 30 seeds an incident; names of incidents behind it
//! take only those, and a number with a colon (`7:`) the seeds from there on. What is wrong is told on
//! standard error, and its logs are kept below `target/bench/discover`.

use std::io::{self, Write};

use lastseen::sources::demo::incident::{LISTED, Options};

use trial::Trial;

pub(crate) mod cost;
mod disguise;
mod forms;
mod ids;
mod lots;
#[allow(clippy::unwrap_used, reason = "shared with the tests")]
#[path = "../suite/discovery/running.rs"]
mod running;
#[allow(clippy::unwrap_used, reason = "shared with the tests")]
mod trial;

/// The first argument that asks for it.
pub(crate) const NAME: &str = "discover";

/// How many messages show what goes wrong in each incident.
fn messages(name: &str) -> u64 {
    match name {
        "two-environments" => 2_500,
        "ack-before-work" => 30_000,
        "silent-skip" => 4_000,
        _ => 8_000,
    }
}

/// What was counted over the seeds of one incident.
#[derive(Default)]
struct Score {
    runs: usize,
    equal: usize,
    near: usize,
    first: usize,
    pairs: u64,
    right: u64,
}

/// Prints the shares, of these incidents or of all; whether they reach the bar.
///
/// # Errors
/// Those of standard output.
pub(crate) fn report(seeds: u64, rest: &[String]) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    let from = rest
        .iter()
        .find_map(|word| word.strip_suffix(':')?.parse().ok());
    let from: u64 = from.unwrap_or(1);
    let names: Vec<&String> = rest.iter().filter(|word| !word.ends_with(':')).collect();
    let root = super::root()?.join("discover");
    writeln!(
        out,
        "{:<24}{:>6}{:>10}{:>10}{:>11}{:>10}",
        "incident", "runs", "lost set", "within 1%", "precision", "first"
    )?;
    let mut reached = true;
    for listed in &LISTED {
        if !names.is_empty() && !names.iter().any(|name| *name == listed.name) {
            continue;
        }
        let mut score = Score::default();
        for seed in from..from + seeds {
            let folder = root.join(format!("{}-{seed}", listed.name));
            let options = Options {
                seed,
                messages: messages(listed.name),
                vary: true,
                ..Options::default()
            };
            let trial = Trial::of(listed.name, &options, &folder);
            if score.count(seed, &trial, listed.name)? {
                let _none_kept = std::fs::remove_dir_all(&folder);
            }
        }
        writeln!(out, "{:<24}{}", listed.name, score.row())?;
        out.flush()?;
        reached &= score.reached();
    }
    Ok(reached)
}

impl Score {
    /// Counts, and tells on standard error what is wrong; whether all is right.
    fn count(&mut self, seed: u64, trial: &Trial, name: &str) -> io::Result<bool> {
        let mut err = io::stderr().lock();
        let (equal, near) = (trial.differ == 0, trial.differ * 100 < trial.messages);
        self.runs += 1;
        self.equal += usize::from(equal);
        self.near += usize::from(near);
        self.first += usize::from(trial.same_first);
        self.pairs += trial.pairs;
        self.right += trial.right;
        let precise = trial.right * 100 >= trial.pairs * 99;
        if equal && trial.same_first && precise {
            return Ok(true);
        }
        writeln!(
            err,
            "{name} seed {seed}: {} of {} lost differ, {} of {} pairs right, first finding {}",
            trial.differ,
            trial.lost,
            trial.right,
            trial.pairs,
            if trial.same_first {
                "the same"
            } else {
                "another"
            }
        )?;
        writeln!(err, "  {}", trial.system)?;
        for way in &trial.ways {
            writeln!(err, "  {way}")?;
        }
        if !trial.same_first {
            let [configured, learnt] = &trial.first;
            writeln!(err, "  configured: {configured}\n  learnt:     {learnt}")?;
        }
        writeln!(err, "    {}", trial.config.replace('\n', "\n    "))?;
        Ok(false)
    }

    fn precision(&self) -> f64 {
        self.right as f64 / self.pairs.max(1) as f64
    }

    fn reached(&self) -> bool {
        self.equal * 10 >= self.runs * 9
            && self.near * 100 >= self.runs * 99
            && self.first * 10 >= self.runs * 9
            && self.precision() >= 0.99
    }

    fn row(&self) -> String {
        let share = |part: usize| format!("{:.1}%", part as f64 * 100.0 / self.runs.max(1) as f64);
        format!(
            "{:>6}{:>10}{:>10}{:>11.4}{:>10}",
            self.runs,
            share(self.equal),
            share(self.near),
            self.precision(),
            share(self.first)
        )
    }
}
