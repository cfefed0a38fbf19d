//! The one place where the benchmark meets the product.

use std::fs;
use std::path::Path;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::{MessageQuery, Overview};
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;

use super::generate::END_MS;

/// What a run of the real path came to.
pub(crate) struct Measured {
    /// Log events read.
    pub(crate) events: u64,
    /// Messages that came out.
    pub(crate) completed: u64,
    /// Messages still on their way at the end.
    pub(crate) pending: u64,
    /// Every lost message as `id,last stage`, in any order.
    pub(crate) lost: Vec<String>,
}

/// Reads `dir/lastseen.toml` and the files it names, extracts, correlates and judges, as `check`
/// does.
///
/// # Errors
/// Says what went wrong.
pub(crate) fn run(dir: &Path) -> Result<Measured, String> {
    let name = dir.join("lastseen.toml");
    let text = fs::read_to_string(&name).map_err(|e| format!("{}: {e}", name.display()))?;
    let file = File::parse("lastseen.toml", dir, &text);
    let flags = Overrides {
        folder: dir.to_owned(),
        now: now(),
        ..Overrides::default()
    };
    let resolved = resolve(&file, &flags, &|path| dir.join(path).exists())
        .map_err(|errors| format!("{errors:?}"))?;
    let run = Investigation::start(&resolved.plan, now).map_err(|e| e.to_string())?;
    run.wait(Duration::from_hours(1), |_| {});
    let overview = run.overview();
    if overview.sources.is_empty() {
        return Err("not wired: the load opened none of the files".to_owned());
    }
    let page = run.messages(&MessageQuery {
        verdicts: vec![Verdict::Lost],
        limit: usize::MAX,
        ..MessageQuery::default()
    });
    let rows = page.rows.iter();
    Ok(Measured {
        events: overview.events,
        completed: count(&overview, Verdict::Completed),
        pending: count(&overview, Verdict::Pending),
        lost: rows
            .map(|row| format!("{},{}", row.id, row.last_stage))
            .collect(),
    })
}

const fn now() -> Timestamp {
    Timestamp(END_MS)
}

fn count(overview: &Overview, verdict: Verdict) -> u64 {
    let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
    environments.map(|e| e.counts.of(verdict)).sum()
}
