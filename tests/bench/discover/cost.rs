//! What learning costs beside the run with a configuration, on the data of the benchmark, in seconds of
//! the processor.
//!
//! `cargo bench --bench speed -- learn 1M 10M`

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use lastseen::config::file::File;
use lastseen::config::learnt;
use lastseen::config::overrides::Overrides;
use lastseen::config::plan::Plan;
use lastseen::config::resolve::resolve;
use lastseen::diagnose::discover::discover;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::load::look::look;

use crate::generate::{self, END_MS, ENVIRONMENTS};
use crate::{own, process, root, warm};

/// The first argument that asks for it.
pub(crate) const NAME: &str = "learn";
/// First argument of the child.
pub(crate) const CHILD: &str = "--learn-child";

/// Prints a row for each size; whether what was learnt finds what is lost.
///
/// # Errors
/// Those of the data, of standard output, and of a child.
pub(crate) fn report(sizes: &[u64]) -> io::Result<bool> {
    let root = root()?;
    let scratch = root.join("learnt.csv");
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:>10}{:>14}{:>8}{:>12}{:>7}{:>9}{:>9}{:>14}{:>14}",
        "events",
        "configured s",
        "look s",
        "discover s",
        "cost",
        "looked",
        "peak MB",
        "all learnt s",
        "lost differ"
    )?;
    let mut right = true;
    for size in sizes {
        let data = generate::data(&root, *size)?;
        warm(&data.dir)?;
        let configured = own::measure(&data.dir, &scratch).map_err(io::Error::other)?;
        let mut command = process::again(CHILD)?;
        let figures =
            process::figures(command.arg(&data.dir).arg(&scratch)).map_err(io::Error::other)?;
        let [look, discover, looked, peak, all] = figures[..] else {
            return Err(io::Error::other(format!("the child said {figures:?}")));
        };
        let ids = |text: &str| -> BTreeSet<String> {
            let ids = text
                .lines()
                .map(|line| line.split(',').next().unwrap_or_default().to_owned());
            ids.collect()
        };
        let (lost, found) = (
            ids(&data.lost.join("\n")),
            ids(&fs::read_to_string(&scratch)?),
        );
        let differ = lost.symmetric_difference(&found).count();
        right &= differ == 0;
        writeln!(
            out,
            "{:>10}{:>14.2}{look:>8.2}{discover:>12.2}{:>6.0}%{looked:>9}{:>9.0}{all:>14.2}{differ:>14}",
            data.events,
            configured.cost.cpu_s,
            (look + discover) * 100.0 / configured.cost.cpu_s,
            peak / 1e6,
        )?;
        out.flush()?;
    }
    Ok(right)
}

/// The child: learns, runs by what it learnt, and prints its figures.
pub(crate) fn child(dir: &Path, scratch: &Path) -> ExitCode {
    match measured(dir, scratch) {
        Ok(line) => {
            let _gone = writeln!(io::stdout().lock(), "{line}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            let _gone = writeln!(io::stderr().lock(), "{why}");
            ExitCode::FAILURE
        }
    }
}

fn measured(dir: &Path, scratch: &Path) -> Result<String, String> {
    let unknown = plan(&File::empty(dir), dir)?;
    let began = Instant::now();
    // Of the processor: what else the machine does changes less of it.
    let seen = look(&unknown, now, &mut |_| {}).map_err(|e| e.to_string())?;
    let corpus = seen.corpus;
    let looked = process::own_cpu_s();
    let found = discover(&corpus);
    let discovered = process::own_cpu_s() - looked;
    let (events, peak) = (corpus.events.len(), process::own_peak_bytes().unwrap_or(0));
    drop(corpus);
    let text = learnt::text(&found);
    let file = File::parse("lastseen.toml", dir, &text);
    let run = Investigation::start(&plan(&file, dir)?, now).map_err(|e| e.to_string())?;
    run.wait(Duration::from_hours(1), |_| {});
    let page = run.messages(&MessageQuery {
        verdicts: vec![Verdict::Lost],
        limit: usize::MAX,
        ..MessageQuery::default()
    });
    let all = began.elapsed().as_secs_f64();
    let ids: Vec<String> = page.rows.into_iter().map(|row| row.id).collect();
    fs::write(scratch, ids.join("\n")).map_err(|e| e.to_string())?;
    fs::write(scratch.with_extension("toml"), text).map_err(|e| e.to_string())?;
    Ok(format!("{looked} {discovered} {events} {peak} {all}"))
}

fn plan(file: &File, dir: &Path) -> Result<Plan, String> {
    let flags = Overrides {
        folder: dir.to_owned(),
        now: now(),
        sources: ENVIRONMENTS.map(str::to_owned).to_vec(),
        ..Overrides::default()
    };
    let resolved = resolve(file, &flags, &|path| dir.join(path).exists());
    Ok(resolved.map_err(|errors| format!("{errors:?}"))?.plan)
}

const fn now() -> Timestamp {
    Timestamp(END_MS)
}
