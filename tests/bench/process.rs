//! What a process cost: time from the clock, CPU and memory from /proc (Linux).

use std::env;
use std::fs;
use std::io;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

/// The cost of one run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) wall_s: f64,
    /// User and system, all threads.
    pub(crate) cpu_s: f64,
    /// The most memory that was resident at once (with mapped files); `None` where nobody can tell.
    pub(crate) peak_bytes: Option<u64>,
}

/// Ticks a second in /proc/*/stat: fixed at 100 for programs on Linux.
const TICKS: f64 = 100.0;

/// Fields 14 to 17 of /proc/self/stat (`man 5 proc`): own user and system time, then that of
/// children that ended.
fn times() -> Option<[f64; 4]> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold blanks.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut next = || Some(fields.next()?.parse::<f64>().ok()? / TICKS);
    Some([next()?, next()?, next()?, next()?])
}

/// CPU of this process so far.
pub(crate) fn own_cpu_s() -> f64 {
    times().map_or(0.0, |t| t[0] + t[1])
}

/// The most memory of this process so far.
pub(crate) fn own_peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Runs a command to its end and says what it cost; its memory is unknown from here.
pub(crate) fn cost_of(command: &mut Command) -> io::Result<(Cost, Output)> {
    let before = times().map_or(0.0, |t| t[2] + t[3]);
    let began = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let cost = Cost {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: times().map_or(0.0, |t| t[2] + t[3]) - before,
        peak_bytes: None,
    };
    Ok((cost, output))
}

/// This program once more, in a process of its own, with nothing of Amazon's in its environment but
/// keys that mean nothing.
pub(crate) fn again(job: &str) -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .arg(job)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIABENCH")
        .env("AWS_SECRET_ACCESS_KEY", "bench");
    Ok(command)
}

/// Runs a command that prints figures, to its end.
pub(crate) fn figures(command: &mut Command) -> Result<Vec<f64>, String> {
    let output = command.output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(why.trim().to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .split_whitespace()
        .filter_map(|f| f.parse().ok())
        .collect())
}
