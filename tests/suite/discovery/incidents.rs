//! The built-in incidents as files, without their configuration.

use lastseen::domain::verdict::Verdict;
use lastseen::sources::demo::incident::{Options, incident};

use super::learning::{judge, learn};
use crate::support::alone::folder;

/// Holds what is learnt of an incident against its own configuration.
fn learnt_as_configured(name: &str, messages: u64) {
    let options = Options {
        messages,
        ..Options::usual(name)
    };
    let incident = incident(name, &options).unwrap();
    let folder = folder(&format!("learnt-{name}"));
    incident.write(&folder).unwrap();
    let (found, config) = learn(&folder, "logs");
    let configured = judge(&folder, incident.config(), &[]);
    let learnt = judge(&folder, &config, &["logs"]);
    for verdict in Verdict::ALL {
        assert_eq!(
            learnt.count(verdict),
            configured.count(verdict),
            "{name} {verdict:?}\n{config}"
        );
    }
    assert!(
        configured.count(Verdict::Lost) > 0,
        "{name}: take more messages"
    );
    // The names of a message may differ, but they name the same one.
    let (said, expected) = (learnt.ids(Verdict::Lost), configured.ids(Verdict::Lost));
    let of = |env: &String, ids: &[String]| {
        ids.iter()
            .any(|id| said.contains(&(env.clone(), id.clone())))
    };
    for (env, _, ids) in configured.messages.iter().filter(|m| m.1 == Verdict::Lost) {
        assert!(
            of(env, ids),
            "{name}: {ids:?} is not among the lost\n{config}"
        );
    }
    assert!(said.iter().any(|id| expected.contains(id)));
    let first = |said: &super::learning::Said| {
        said.findings
            .first()
            .map(|f| (f.kind, f.env.clone(), f.lost))
    };
    assert_eq!(first(&learnt), first(&configured), "{name}\n{config}");
    // The same file without naming the sources gives the same.
    let again = judge(&folder, &config, &[]);
    assert_eq!(again.ids(Verdict::Lost), said, "{name}\n{config}");
    assert!(found.missing.is_empty(), "{:?}", found.missing);
}

#[test]
fn two_environments_are_learnt() {
    learnt_as_configured("two-environments", 2500);
}

#[test]
fn an_early_acknowledgement_is_learnt() {
    learnt_as_configured("ack-before-work", 12_000);
}

#[test]
fn a_silent_skip_is_learnt() {
    learnt_as_configured("silent-skip", 4000);
}

#[test]
fn a_forgotten_subscription_is_learnt() {
    learnt_as_configured("forgotten-subscription", 8000);
}

#[test]
fn a_batch_in_another_region_is_learnt() {
    learnt_as_configured("batch-other-region", 8000);
}
