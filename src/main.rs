//! The binary: an exit code, nothing else.

use std::io;
use std::process::ExitCode;

use lastseen::cli;
use lastseen::cli::exit::ExitStatus;
use lastseen::cli::process::Process;
use lastseen::cli::streams::Streams;
use lastseen::cli::surroundings::Surroundings;
use lastseen::clock;

fn main() -> ExitCode {
    let (mut out, mut err) = (io::BufWriter::new(io::stdout()), io::stderr());
    let mut streams = Streams {
        out: &mut out,
        err: &mut err,
    };
    let status = match Surroundings::of_process(clock::now()) {
        Ok(around) => cli::run(std::env::args_os(), &around, &Process, &mut streams),
        Err(_gone) => ExitStatus::Error,
    };
    // A reader that went away has had what it wanted.
    let _ = io::Write::flush(&mut out);
    status.into()
}
