//! The same log events behind a service that answers at once, read by the real path and by a bare
//! loop of the SDK over the very same pages.
//!
//! Server, product and loop each have a process of their own. The product runs first; the server
//! writes down what it was asked for, and the loop asks for just that, with as many calls in flight.

mod bare;
mod server;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitCode, Stdio};

use lastseen::sources::cloudwatch::settings::Settings;

use super::RUNS;
use super::generate::{self, Data};
use super::own::{self, Answer};
use super::process::{self, Cost};

/// The word on the command line.
pub(crate) const NAME: &str = "cloudwatch";
const SERVER: &str = "--cloudwatch-server";
const BARE: &str = "--cloudwatch-bare";

/// Each environment in a region of its own.
const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];
/// What the product has to reach of the bare loop.
const TARGET: f64 = 0.9;

/// Runs as one of the processes, if that is what the arguments say.
pub(crate) fn child(arguments: &[String]) -> Option<ExitCode> {
    let done = match arguments {
        [job, dir] if job == SERVER => server::run(Path::new(dir)),
        [job, url, asked, at_once] if job == BARE => {
            bare::run(url, Path::new(asked), at_once.parse().unwrap_or(1))
        }
        _ => return None,
    };
    Some(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(io::stderr().lock(), "{why}");
            ExitCode::FAILURE
        }
    })
}

/// A server that runs; ends with its standard input.
struct Served {
    child: Child,
    url: String,
    /// Log events, each counted once.
    events: u64,
    dir: PathBuf,
}

impl Served {
    fn start(root: &Path, data: &Data) -> io::Result<Self> {
        let mut command = process::again(SERVER)?;
        let piped = command
            .arg(&data.dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = piped.spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let Some((url, events)) = line.trim().split_once(' ') else {
            return Err(io::Error::other("the server did not start"));
        };
        let mut sources = String::new();
        for (env, region) in generate::ENVIRONMENTS.iter().zip(REGIONS) {
            let _ = write!(
                sources,
                "[[environment]]\nname = \"{env}\"\nregions = [\"{region}\"]\nendpoint_url = \"{url}\"\n"
            );
        }
        let served = Self {
            url: url.to_owned(),
            events: events.parse().map_err(io::Error::other)?,
            dir: root.join("served"),
            child,
        };
        fs::create_dir_all(&served.dir)?;
        fs::write(
            served.dir.join("lastseen.toml"),
            generate::config_with(&sources),
        )?;
        Ok(served)
    }

    /// Has the server write down what it was asked for since the last time; says how many pages.
    fn asked(&self, path: &Path) -> io::Result<usize> {
        let asked = server::get(&self.url)?;
        fs::write(path, &asked)?;
        Ok(asked.lines().count())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// What was measured at one size.
struct Round {
    data: Data,
    events: u64,
    pages: usize,
    own: Answer,
    /// From the files of the same log events.
    files: Answer,
    bare: Bare,
    /// The same loop with one call after the other.
    serial: Bare,
}

/// What a bare loop cost, and how many log events it counted, repeated ones included.
struct Bare(Cost, u64);

impl Bare {
    fn rate(&self) -> f64 {
        self.1 as f64 / self.0.wall_s
    }
}

/// Every size in its turn; whether no answer was wrong.
pub(crate) fn compare(root: &Path, sizes: &[u64]) -> io::Result<bool> {
    let surroundings = super::surroundings();
    writeln!(
        io::stdout().lock(),
        "{surroundings}; the fastest of {RUNS} runs\n"
    )?;
    let mut rounds = Vec::new();
    for events in sizes {
        let round = measure(root, *events).map_err(io::Error::other)?;
        write!(io::stdout().lock(), "{}", round.text())?;
        rounds.push(round);
    }
    if let [first, .., last] = &rounds[..] {
        let more = (last.events - first.events) as f64;
        let grown = |cost: fn(&Round) -> &Cost| {
            let peak = |round| cost(round).peak_bytes.unwrap_or(0) as f64;
            (peak(last) - peak(first)) / more
        };
        writeln!(
            io::stdout().lock(),
            "memory from {} to {} log events: {:.0} bytes an event, {:.0} from files, {:.0} the bare loop",
            first.events,
            last.events,
            grown(|round| &round.own.cost),
            grown(|round| &round.files.cost),
            grown(|round| &round.bare.0),
        )?;
    }
    Ok(rounds.iter().all(Round::right))
}

fn measure(root: &Path, events: u64) -> Result<Round, String> {
    let told = |error: io::Error| error.to_string();
    let (asked, scratch) = (root.join("asked.jsonl"), root.join("answer.csv"));
    let data = generate::data(root, events).map_err(told)?;
    let served = Served::start(root, &data).map_err(told)?;
    let files = own::measure(&data.dir, &scratch)?;
    let mut own = own::measure(&served.dir, &scratch);
    let pages = served.asked(&asked).map_err(told)?;
    let in_flight = Settings::default().in_flight;
    let mut bare = bare_loop(&served.url, &asked, in_flight)?;
    // In turns, so that whatever else the machine does hits both alike.
    for _ in 1..RUNS {
        own = own::better(own, own::measure(&served.dir, &scratch));
        let again = bare_loop(&served.url, &asked, in_flight)?;
        if again.0.wall_s < bare.0.wall_s {
            bare = again;
        }
    }
    Ok(Round {
        events: served.events,
        pages,
        own: own?,
        files,
        bare,
        serial: bare_loop(&served.url, &asked, 1)?,
        data,
    })
}

/// Asks for the pages again, `at_once` in each region.
fn bare_loop(url: &str, asked: &Path, at_once: usize) -> Result<Bare, String> {
    let mut command = process::again(BARE).map_err(|e| e.to_string())?;
    let figures = process::figures(command.arg(url).arg(asked).arg(at_once.to_string()))?;
    let [wall_s, cpu_s, peak, events] = figures[..] else {
        return Err(format!("the bare loop said {figures:?}"));
    };
    let cost = Cost {
        wall_s,
        cpu_s,
        peak_bytes: (peak > 0.0).then_some(peak as u64),
    };
    Ok(Bare(cost, events as u64))
}

impl Round {
    fn right(&self) -> bool {
        self.own.lost == self.data.lost && self.own.events == self.events
    }

    fn text(&self) -> String {
        let row = |name: &str, cost: &Cost, events: u64, answer: &str| {
            format!(
                "  {name:<28} {:>8.2} {:>8.2} {:>10.0} {:>8.1}  {answer}\n",
                cost.wall_s,
                cost.cpu_s,
                events as f64 / cost.wall_s,
                cost.peak_bytes.unwrap_or(0) as f64 / 1e6,
            )
        };
        let rate = self.own.events as f64 / self.own.cost.wall_s;
        let ratio = rate / self.bare.rate();
        let answer = if self.right() { "right" } else { "WRONG" };
        let mut text = format!(
            "{} log events in {} pages from a service that answers at once, {} lost\n  {:<28} {:>8} {:>8} {:>10} {:>8}  answer\n",
            self.events,
            self.pages,
            self.data.lost.len(),
            "",
            "wall s",
            "CPU s",
            "events/s",
            "peak MB"
        );
        text += &row("lastseen", &self.own.cost, self.own.events, answer);
        for (name, Bare(cost, events)) in [
            ("bare SDK loop, same pages", &self.bare),
            ("the same, one at a time", &self.serial),
        ] {
            text += &row(name, cost, *events, "");
        }
        text += &row(
            "lastseen, from files",
            &self.files.cost,
            self.files.events,
            "",
        );
        let passed = if ratio >= TARGET { "passed" } else { "MISSED" };
        text + &format!("  {ratio:.2} of the bare loop's events/s (target {TARGET}: {passed})\n\n")
    }
}
