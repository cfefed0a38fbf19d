//! Errors and warnings on standard error: `error: ...` and `help: ...`, safe to show.
//!
//! A standard error that is gone is nothing that can be told to anyone, so writing to it never fails.

use std::io::Write;

use super::exit::ExitStatus;
use super::streams::Streams;
use crate::config::error::{ConfigError, ConfigErrors};
use crate::domain::safe::safe;

/// Why a run cannot go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Complaint(ConfigErrors);

impl Complaint {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        let (error, help) = (ConfigError::of_flag("", message), help.into());
        let error = if help.is_empty() {
            error
        } else {
            error.help(help)
        };
        Self(error.into())
    }

    /// Tells it.
    pub fn write(&self, err: &mut dyn Write) {
        write_safely(&self.0.to_string(), err);
    }
}

impl From<ConfigErrors> for Complaint {
    fn from(errors: ConfigErrors) -> Self {
        Self(errors)
    }
}

/// One line: `word: message`, and one for the remedy, if there is one.
pub fn say(word: &str, message: &str, help: &str, err: &mut dyn Write) {
    let _gone = writeln!(err, "{word}: {}", safe(message));
    if !help.is_empty() {
        let _gone = writeln!(err, "help: {}", safe(help));
    }
}

/// Something that is allowed but probably not meant.
pub fn warning(warning: &ConfigError, err: &mut dyn Write) {
    let help = warning.help.as_deref().unwrap_or_default();
    say("warning", &warning.to_string(), help, err);
}

/// What is wrong with the arguments; or help and version, which were asked for.
pub fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> ExitStatus {
    let text = error.render().to_string();
    if error.use_stderr() {
        write_safely(text.trim_end(), streams.err);
        return ExitStatus::Error;
    }
    let _gone = streams.out.write_all(text.as_bytes());
    ExitStatus::NothingLost
}

fn write_safely(text: &str, err: &mut dyn Write) {
    for line in text.lines() {
        let _gone = writeln!(err, "{}", safe(line));
    }
}
