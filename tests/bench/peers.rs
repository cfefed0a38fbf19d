//! The same work by tools of renown, where they are installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::generate::{ALLOWANCE_MS, Data, END_MS};
use super::process::{Cost, cost_of};

/// What a peer did.
pub(crate) struct Peer {
    pub(crate) name: String,
    /// Its cost and whether its answer was right (`None` where it answers nothing), or why it did
    /// not run.
    pub(crate) outcome: Result<(Cost, Option<bool>), String>,
}

impl Peer {
    /// The faster of two runs; one that failed or answered wrongly is never passed over.
    pub(crate) fn better(self, other: Self) -> Self {
        match (&self.outcome, &other.outcome) {
            (Err(_) | Ok((_, Some(false))), _) => self,
            (_, Err(_) | Ok((_, Some(false)))) => other,
            (Ok((a, _)), Ok((b, _))) if a.wall_s <= b.wall_s => self,
            _ => other,
        }
    }
}

const UUID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/// Asks which messages entered, did not come out, and are overdue, with their last stage: one
/// GROUP BY. Columns and types are given, so that nothing is spent on guessing them, and IDs stay
/// text, which was faster than as UUIDs.
const DUCKDB: &str = r#"
import resource, sys
flat, overdue, out = sys.argv[1:4]
import duckdb
if flat == "version":
    print(duckdb.__version__)
    sys.exit()
duckdb.sql("SET enable_progress_bar = false")
duckdb.sql(f"""
    COPY (
        SELECT id || ',' || CASE WHEN mask >= 4 THEN 'engine' WHEN mask >= 2 THEN 'queue' ELSE 'intake' END
        FROM (
            SELECT env, id, max(ts) AS newest,
                   bit_or(CASE WHEN stage = 'intake' AND event = 'accepted' THEN 1
                               WHEN stage = 'queue' THEN 2
                               WHEN stage = 'engine' THEN 4
                               WHEN stage = 'processor' AND event = 'done' THEN 8
                               ELSE 0 END) AS mask
            FROM read_json('{flat}/*.jsonl', format = 'newline_delimited', columns =
                {{ts: 'BIGINT', env: 'VARCHAR', stage: 'VARCHAR', event: 'VARCHAR', id: 'VARCHAR'}})
            GROUP BY env, id
        )
        WHERE mask & 1 = 1 AND mask & 8 = 0 AND newest < {overdue}
    ) TO '{out}' (HEADER false, QUOTE '')
""")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"#;

/// `wc -l`: what merely reading every byte costs.
pub(crate) fn wc(data: &Data) -> Peer {
    let mut command = Command::new("wc");
    command.arg("-l").args(files(&data.dir));
    ran("wc -l", &mut command)
}

/// ripgrep's count of lines with an ID.
pub(crate) fn ripgrep(data: &Data) -> Peer {
    let mut command = Command::new("rg");
    command
        .args(["--no-config", "-c", UUID])
        .args(files(&data.dir));
    ran("rg -c (lines with a UUID)", &mut command)
}

fn ran(name: &str, command: &mut Command) -> Peer {
    let outcome = match cost_of(command) {
        Ok((cost, output)) if output.status.success() => Ok((cost, None)),
        Ok((_, output)) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(_) => Err("not installed".to_owned()),
    };
    Peer {
        name: name.to_owned(),
        outcome,
    }
}

/// The files that hold log events, named one by one so that nothing is spent on looking.
fn files(dir: &Path) -> Vec<PathBuf> {
    let below = |dir: &Path| {
        let entries = fs::read_dir(dir).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    };
    below(dir)
        .iter()
        .filter(|p| p.is_dir())
        .flat_map(|p| below(p))
        .collect()
}

/// DuckDB over the flat files; its answer is held against the truth.
pub(crate) fn duckdb(data: &Data, scratch: &Path) -> Peer {
    let python = env::var("LASTSEEN_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let overdue = (END_MS - ALLOWANCE_MS).to_string();
    let script = |flat: &Path| {
        let mut command = Command::new(&python);
        command
            .args(["-c", DUCKDB])
            .arg(flat)
            .arg(&overdue)
            .arg(scratch);
        command
    };
    let version = match cost_of(&mut script(Path::new("version"))) {
        Ok((_, output)) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => {
            let why = format!("not installed for {python} (LASTSEEN_BENCH_PYTHON names another)");
            return Peer {
                name: "DuckDB, one GROUP BY".to_owned(),
                outcome: Err(why),
            };
        }
    };
    Peer {
        name: format!("DuckDB {version}, one GROUP BY"),
        outcome: answer(&mut script(&data.flat), data, scratch),
    }
}

fn answer(
    command: &mut Command,
    data: &Data,
    scratch: &Path,
) -> Result<(Cost, Option<bool>), String> {
    let (mut cost, output) = cost_of(command).map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    cost.peak_bytes = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
    let text = fs::read_to_string(scratch).map_err(|e| e.to_string())?;
    let mut lost: Vec<&str> = text.lines().collect();
    lost.sort_unstable();
    Ok((cost, Some(data.lost == lost)))
}
