//! What a run over a folder of logs says, as plain data.

use std::collections::BTreeSet;
use std::path::Path;

use lastseen::diagnose::finding::Finding;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::answers::Answers as _;

pub(super) use super::running::learn;
use super::running::run;

/// Environment, verdict and IDs of a message.
pub(super) type Judged = (String, Verdict, Vec<String>);

/// What a run says.
pub(super) struct Said {
    pub(super) messages: Vec<Judged>,
    pub(super) findings: Vec<Finding>,
}

/// What a configuration makes of the logs in a folder.
pub(super) fn judge(folder: &Path, config: &str, sources: &[&str]) -> Said {
    let run = run(folder, config, sources).unwrap_or_else(|wrong| panic!("{wrong}\n{config}"));
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
