//! The built-in incidents as other systems would have logged them: a few seeds of what the benchmark
//! tries with many.

use lastseen::sources::demo::incident::Options;

use super::trial::Trial;
use crate::support::alone::folder;

fn learnt_in_disguise(name: &str, messages: u64, seed: u64) {
    let options = Options {
        seed,
        messages,
        vary: true,
        ..Options::default()
    };
    let trial = Trial::of(name, &options, &folder(&format!("disguised-{name}-{seed}")));
    let (system, config) = (&trial.system, &trial.config);
    assert!(trial.messages > 1000 && trial.lost > 0, "{system}");
    assert_eq!(trial.differ, 0, "{:?}\n{system}\n{config}", trial.ways);
    assert_eq!(trial.right, trial.pairs, "{system}\n{config}");
    assert!(trial.pairs > 1000, "{system}");
    assert!(trial.same_first, "{:?}\n{system}\n{config}", trial.first);
}

#[test]
fn two_environments_are_learnt_in_disguise() {
    learnt_in_disguise("two-environments", 1500, 24);
}

#[test]
fn an_early_acknowledgement_is_learnt_in_disguise() {
    learnt_in_disguise("ack-before-work", 12_000, 5);
}

#[test]
fn a_silent_skip_is_learnt_in_disguise() {
    learnt_in_disguise("silent-skip", 3000, 2);
}

#[test]
fn a_forgotten_subscription_is_learnt_in_disguise() {
    learnt_in_disguise("forgotten-subscription", 5000, 1);
}

#[test]
fn a_batch_in_another_region_is_learnt_in_disguise() {
    learnt_in_disguise("batch-other-region", 5000, 2);
}
