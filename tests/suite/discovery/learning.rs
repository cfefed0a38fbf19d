//! Runs over a folder of logs: as configured, and as learnt.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::learnt;
use lastseen::config::overrides::Overrides;
use lastseen::config::plan::Plan;
use lastseen::config::resolve::resolve;
use lastseen::diagnose::discover::discover;
use lastseen::diagnose::finding::Finding;
use lastseen::domain::discovery::Discovery;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::load::look::look;

/// Environment, verdict and IDs of a message.
pub(super) type Judged = (String, Verdict, Vec<String>);

/// What a run says.
pub(super) struct Said {
    pub(super) messages: Vec<Judged>,
    pub(super) findings: Vec<Finding>,
}

fn plan(file: &File, folder: &Path, sources: &[&str]) -> Plan {
    let overrides = Overrides {
        folder: folder.to_owned(),
        sources: sources.iter().map(|s| (*s).to_owned()).collect(),
        ..Overrides::default()
    };
    let resolved = resolve(file, &overrides, &|path| folder.join(path).exists());
    let resolved = resolved.unwrap();
    assert!(resolved.warnings.is_empty(), "{:?}", resolved.warnings);
    resolved.plan
}

/// What is learnt of the logs in a folder, and the file that says so.
pub(super) fn learn(folder: &Path, source: &str) -> (Discovery, String) {
    let found = discover(&look(
        &plan(&File::empty(folder), folder, &[source]),
        &mut |_| {},
    ));
    let text = learnt::text(&found);
    (found, text)
}

/// What a configuration makes of the logs in a folder.
pub(super) fn judge(folder: &Path, config: &str, sources: &[&str]) -> Said {
    let file = File::parse("lastseen.toml", folder, config);
    assert!(file.errors.is_empty(), "{:?}\n{config}", file.errors);
    let run = Investigation::start(&plan(&file, folder, sources), later).unwrap();
    run.wait(Duration::from_hours(1), |_| {});
    let page = run.messages(&MessageQuery {
        limit: usize::MAX,
        ..MessageQuery::default()
    });
    let rows = page.rows.into_iter().map(|row| {
        let mut ids = row.ids;
        ids.sort();
        (row.env.to_string(), row.verdict, ids)
    });
    Said {
        messages: rows.collect(),
        findings: run.findings().to_vec(),
    }
}

/// Long after everything that is read: 2027.
const fn later() -> Timestamp {
    Timestamp(1_800_000_000_000)
}

impl Said {
    /// The IDs of all messages of a verdict.
    pub(super) fn ids(&self, verdict: Verdict) -> BTreeSet<(String, String)> {
        let of = self.messages.iter().filter(|m| m.1 == verdict);
        of.flat_map(|(env, _, ids)| ids.iter().map(|id| (env.clone(), id.clone())))
            .collect()
    }

    /// How many messages have a verdict.
    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.messages.iter().filter(|m| m.1 == verdict).count()
    }
}
