//! The product measured in a process of its own, so that nothing else stands in its memory.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use super::process::{self, Cost};
use super::wired;

/// First argument of the child.
pub(crate) const CHILD: &str = "--child";

/// What a child reported.
pub(crate) struct Answer {
    pub(crate) cost: Cost,
    pub(crate) events: u64,
    pub(crate) completed: u64,
    pub(crate) pending: u64,
    pub(crate) lost: Vec<String>,
}

/// Runs the real path over `dir` in a fresh process. `scratch` is a file it may use.
pub(crate) fn measure(dir: &Path, scratch: &Path) -> Result<Answer, String> {
    let mut command = process::again(CHILD).map_err(|e| e.to_string())?;
    let figures = process::figures(command.arg(dir).arg(scratch))?;
    let [wall_s, cpu_s, peak, events, completed, pending] = figures[..] else {
        return Err(format!("the child said {figures:?}"));
    };
    let mut lost: Vec<String> = fs::read_to_string(scratch)
        .map_err(|e| e.to_string())?
        .lines()
        .map(str::to_owned)
        .collect();
    lost.sort_unstable();
    Ok(Answer {
        cost: Cost {
            wall_s,
            cpu_s,
            peak_bytes: (peak > 0.0).then_some(peak as u64),
        },
        events: events as u64,
        completed: completed as u64,
        pending: pending as u64,
        lost,
    })
}

/// The faster of two runs, with the larger memory of both. A failure is never passed over, and
/// answers that differ between runs are one.
pub(crate) fn better(
    one: Result<Answer, String>,
    other: Result<Answer, String>,
) -> Result<Answer, String> {
    let (one, other) = (one?, other?);
    if one.lost != other.lost || one.events != other.events {
        return Err("two runs over the same files gave different answers".to_owned());
    }
    let peak_bytes = one.cost.peak_bytes.max(other.cost.peak_bytes);
    let mut faster = if one.cost.wall_s <= other.cost.wall_s {
        one
    } else {
        other
    };
    faster.cost.peak_bytes = peak_bytes;
    Ok(faster)
}

/// The child: runs, and prints its figures.
pub(crate) fn child(dir: &Path, scratch: &Path) -> ExitCode {
    let began = Instant::now();
    let cpu = process::own_cpu_s();
    let told = wired::run(dir).and_then(|measured| {
        // Before the answer is written, which is not part of the job.
        let wall = began.elapsed().as_secs_f64();
        let cpu = process::own_cpu_s() - cpu;
        let peak = process::own_peak_bytes().unwrap_or(0);
        fs::write(scratch, measured.lost.join("\n")).map_err(|e| e.to_string())?;
        let (events, completed, pending) = (measured.events, measured.completed, measured.pending);
        writeln!(
            io::stdout().lock(),
            "{wall} {cpu} {peak} {events} {completed} {pending}"
        )
        .map_err(|e| e.to_string())
    });
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(io::stderr().lock(), "{why}");
            ExitCode::FAILURE
        }
    }
}
