//! How a run ends, for scripts.

use std::io;
use std::process::ExitCode;

/// The outcome of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum ExitStatus {
    /// Nothing lost; a hunt found something; also a run that was asked for something else and did it.
    NothingLost = 0,
    /// Messages are lost; a hunt searched everything and found nothing.
    Lost = 1,
    /// Something was wrong: an argument, the configuration, or a source that could not be read.
    Error = 2,
    /// Nothing lost was seen, or nothing found, but not everything could be looked at.
    CannotTell = 3,
}

/// How a run ends that has only to write its answer: a reader that went away has had what it wanted.
#[must_use]
pub fn written(result: io::Result<()>) -> ExitStatus {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitStatus::Error,
        _ => ExitStatus::NothingLost,
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}
