//! The built-in incidents through the whole line, held against their truth message by message.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::plan::Plan;
use lastseen::config::resolve::resolve;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Incident, Options};
use lastseen::sources::demo::truth::Outcome;
use lastseen::sources::demo::variant::Variant;

use crate::support::incidents::{Case, OTHERS, USUAL};

/// Environment, verdict, last stage and all IDs of a message, by the ID it entered with.
type Judged = BTreeMap<String, (String, &'static str, String, Vec<String>)>;

fn plan(incident: &Incident, folder: &Path, files: bool) -> Plan {
    let mut file = File::parse("lastseen.toml", folder, incident.config());
    if !files {
        file.files.clear();
    }
    let overrides = Overrides {
        folder: folder.to_owned(),
        ..Overrides::default()
    };
    let resolved = resolve(&file, &overrides, &|_| false).unwrap();
    assert!(resolved.warnings.is_empty(), "{:?}", resolved.warnings);
    resolved.plan
}

/// What the ledger says; each message under the one of its IDs that `first` knows.
fn answered(run: &Investigation, first: &BTreeMap<String, String>) -> Judged {
    run.wait(Duration::from_hours(1), |_| {});
    assert!(run.overview().settled);
    let page = run.messages(&MessageQuery {
        limit: usize::MAX,
        ..MessageQuery::default()
    });
    let rows = page.rows.into_iter().map(|row| {
        let mut ids = row.ids;
        ids.sort();
        let (env, stage) = (row.env.to_string(), row.last_stage.to_string());
        let id = ids.iter().find_map(|id| first.get(id)).unwrap_or(&row.id);
        (id.clone(), (env, row.verdict.word(), stage, ids))
    });
    rows.collect()
}

fn an_hour_later() -> Timestamp {
    Options::default().end.plus(3_600_000)
}

fn expected(incident: &Incident, variant: Variant) -> (Judged, BTreeMap<String, String>) {
    let mut first = BTreeMap::new();
    let judged = incident.fates().map(|message| {
        let mut ids = message.ids.clone();
        ids.sort();
        for id in &ids {
            first.insert(id.clone(), message.ids[0].clone());
        }
        let (env, mut stage) = (message.env.to_owned(), message.last_stage.to_owned());
        let mut verdict = message.outcome.verdict();
        // Nobody can say of a message that it is lost who does not look where it went.
        if variant == Variant::Unlisted && message.outcome == Outcome::Lost {
            verdict = Verdict::Blind;
            "importer".clone_into(&mut stage);
        }
        (message.ids[0].clone(), (env, verdict.word(), stage, ids))
    });
    (judged.collect(), first)
}

fn compare(answered: &Judged, expected: &Judged) {
    for (id, truth) in expected {
        assert_eq!(answered.get(id), Some(truth), "{id}");
    }
    assert_eq!(answered.len(), expected.len());
}

fn agree(case: &Case, options: &Options) {
    let incident = case.with(options);
    let (expected, first) = expected(&incident, case.variant);
    let plan = plan(&incident, Path::new("."), false);
    let run = Investigation::start_demo(&plan, incident, an_hour_later).unwrap();
    compare(&answered(&run, &first), &expected);
}

#[test]
fn every_message_of_every_incident_gets_its_true_verdict() {
    for case in USUAL {
        agree(&case, &case.options());
    }
}

#[test]
fn where_an_incident_goes_another_way_too() {
    for case in OTHERS {
        agree(&case, &case.options());
    }
}

#[test]
fn late_and_out_of_order_and_by_other_names_it_gets_the_same() {
    for (number, case) in USUAL.iter().enumerate() {
        let options = Options {
            seed: 30 + number as u64,
            messages: 150,
            shuffle_late: true,
            vary: true,
            ..Options::default()
        };
        agree(case, &options);
    }
}

#[test]
fn read_from_files_it_gets_the_same() {
    for case in &USUAL[1..] {
        let incident = case.told();
        let (expected, first) = expected(&incident, case.variant);
        let folder = tempfile::tempdir().unwrap();
        incident.write(folder.path()).unwrap();
        let plan = plan(&incident, folder.path(), true);
        let run = Investigation::start(&plan, an_hour_later).unwrap();
        compare(&answered(&run, &first), &expected);
    }
}
