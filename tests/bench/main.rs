//! Speed, memory and correctness at size: `cargo bench --bench speed -- 1M 10M`.
//!
//! Generates logs with a known answer, runs the real path over them in a fresh process, runs the
//! peers beside it where they are installed, and prints what was measured and nothing else. Ends
//! with an error when an answer is wrong. `cargo bench --bench speed -- cloudwatch 1M` has the same
//! logs served as CloudWatch does, and a bare loop of the SDK as the peer.

mod bytes;
mod cloudwatch;
mod discover;
mod findings;
mod generate;
mod own;
mod peers;
mod process;
mod report;
mod wired;

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use generate::Data;
use peers::Peer;
use report::Round;

/// Every tool runs so often, and its fastest run counts.
const RUNS: usize = 3;

const USAGE: &str = "usage: cargo bench --bench speed -- [cloudwatch] [SIZE]...   \
                     SIZE: 500k, 1M, 10M; 1M if none\n       \
                     cargo bench --bench speed -- findings SEEDS [INCIDENT]...\n       \
                     cargo bench --bench speed -- discover SEEDS [FROM:] [INCIDENT]...\n       \
                     cargo bench --bench speed -- find|learn [SIZE]...";

fn main() -> ExitCode {
    // Cargo adds `--bench` of its own accord.
    let arguments: Vec<String> = env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [first, dir, scratch] = &arguments[..]
        && first == own::CHILD
    {
        return own::child(Path::new(dir), Path::new(scratch));
    }
    if let [first, dir, scratch] = &arguments[..]
        && first == discover::cost::CHILD
    {
        return discover::cost::child(Path::new(dir), Path::new(scratch));
    }
    if let Some(done) = cloudwatch::child(&arguments) {
        return done;
    }
    if let [first, seeds, names @ ..] = &arguments[..]
        && first == findings::NAME
        && let Ok(seeds) = seeds.parse()
    {
        return ended(findings::report(seeds, names));
    }
    if let [first, seeds, rest @ ..] = &arguments[..]
        && first == discover::NAME
        && let Ok(seeds) = seeds.parse()
    {
        return ended(discover::report(seeds, rest));
    }
    let timed = arguments.first().is_some_and(|a| a == findings::TIMES);
    let served = arguments.first().is_some_and(|a| a == cloudwatch::NAME);
    let learns = arguments.first().is_some_and(|a| a == discover::cost::NAME);
    let named = served || timed || learns;
    let sizes = arguments.iter().skip(usize::from(named));
    let sizes: Option<Vec<u64>> = sizes.map(|a| size(a)).collect();
    let Some(mut sizes) = sizes else {
        let _ = writeln!(io::stderr().lock(), "{USAGE}");
        return ExitCode::from(2);
    };
    if sizes.is_empty() {
        sizes.push(1_000_000);
    }
    sizes.sort_unstable();
    let compared = if timed {
        findings::times(&sizes)
    } else if learns {
        discover::cost::report(&sizes)
    } else if served {
        root().and_then(|root| cloudwatch::compare(&root, &sizes))
    } else {
        compare(&sizes)
    };
    ended(compared)
}

fn ended(right: io::Result<bool>) -> ExitCode {
    match right {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "{error}");
            ExitCode::from(2)
        }
    }
}

/// `500k`, `10M`, `1000000`.
fn size(text: &str) -> Option<u64> {
    let (digits, times) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 1_000),
        b'm' | b'M' => (&text[..text.len() - 1], 1_000_000),
        _ => (text, 1),
    };
    digits
        .parse::<u64>()
        .ok()?
        .checked_mul(times)
        .filter(|n| *n >= 1_000)
}

/// Below the target folder that this program was built into.
fn root() -> io::Result<PathBuf> {
    let own = env::current_exe()?;
    let target = own
        .ancestors()
        .find(|p| p.file_name().is_some_and(|n| n == "target"));
    let root = target.map_or_else(|| PathBuf::from("target/bench"), |t| t.join("bench"));
    fs::create_dir_all(&root)?;
    Ok(root)
}

/// Every size in its turn; whether no answer was wrong.
fn compare(sizes: &[u64]) -> io::Result<bool> {
    let root = root()?;
    let mut out = io::stdout().lock();
    let surroundings = surroundings();
    writeln!(
        out,
        "{surroundings}; files in the page cache, the fastest of {RUNS} runs\n"
    )?;
    let mut rounds = Vec::new();
    for events in sizes {
        let round = measure(&root, *events)?;
        writeln!(out, "{}", round.text())?;
        out.flush()?;
        rounds.push(round);
    }
    if let Some(growth) = report::growth(&rounds) {
        write!(out, "{growth}")?;
    }
    Ok(rounds.iter().all(|round| round.right() != Some(false)))
}

/// What it was measured on.
fn surroundings() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split_whitespace().take(2).collect();
    format!("{cores} cores, load before {}", load.join(" "))
}

fn measure(root: &Path, events: u64) -> io::Result<Round> {
    let scratch = root.join("answer.csv");
    let data = generate::data(root, events)?;
    let empty = generate::empty(root)?;
    // The first to read warms the page cache for all after it: once for nothing.
    for path in [&data.dir, &data.flat] {
        warm(path)?;
    }
    let baseline = own::measure(&empty, &scratch)
        .ok()
        .and_then(|a| a.cost.peak_bytes);
    let mut own = own::measure(&data.dir, &scratch);
    let mut peers = all_peers(&data, &scratch);
    // In turns, so that whatever else the machine does hits all alike.
    for _ in 1..RUNS {
        if own.is_ok() {
            own = own::better(own, own::measure(&data.dir, &scratch));
        }
        let again = all_peers(&data, &scratch);
        peers = peers
            .into_iter()
            .zip(again)
            .map(|(a, b)| a.better(b))
            .collect();
    }
    Ok(Round {
        data,
        own,
        baseline,
        peers,
    })
}

fn all_peers(data: &Data, scratch: &Path) -> Vec<Peer> {
    vec![
        peers::wc(data),
        peers::ripgrep(data),
        peers::duckdb(data, scratch),
    ]
}

fn warm(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            warm(&entry?.path())?;
        }
        return Ok(());
    }
    io::copy(&mut fs::File::open(path)?, &mut io::sink()).map(drop)
}
