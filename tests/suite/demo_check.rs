//! The built-in incident through the whole line, held against its truth message by message.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::domain::time::Timestamp;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Incident, Options, incident};

/// Environment, verdict, last stage and all IDs of a message, by the ID it entered with.
type Judged = BTreeMap<String, (String, &'static str, String, Vec<String>)>;

fn answered(incident: &Incident) -> Judged {
    let mut file = File::parse("lastseen.toml", Path::new("."), incident.config());
    file.files.clear();
    let resolved = resolve(&file, &Overrides::default(), &|_| false).unwrap();
    assert!(resolved.warnings.is_empty(), "{:?}", resolved.warnings);
    let run = Investigation::start_demo(&resolved.plan, incident.clone(), an_hour_later).unwrap();
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
        (row.id, (env, row.verdict.word(), stage, ids))
    });
    rows.collect()
}

fn an_hour_later() -> Timestamp {
    Options::default().end.plus(3_600_000)
}

fn agree(options: &Options) {
    let incident = incident("two-environments", options).unwrap();
    let answered = answered(&incident);
    let expected: Judged = incident
        .fates()
        .map(|message| {
            let mut ids = message.ids.clone();
            ids.sort();
            let verdict = message.outcome.verdict().word();
            let (env, stage) = (message.env.to_owned(), message.last_stage.to_owned());
            (message.ids[0].clone(), (env, verdict, stage, ids))
        })
        .collect();
    assert_eq!(answered.len(), expected.len());
    for (id, truth) in &expected {
        assert_eq!(answered.get(id), Some(truth), "{id}");
    }
}

#[test]
fn every_message_of_the_incident_gets_its_true_verdict() {
    agree(&Options {
        messages: 600,
        ..Options::default()
    });
}

#[test]
fn late_and_out_of_order_it_gets_the_same() {
    for seed in [1, 2] {
        agree(&Options {
            seed,
            messages: 300,
            shuffle_late: true,
            ..Options::default()
        });
    }
}
